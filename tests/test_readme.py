"""What the README shows is what the program does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks_after(heading):
    """The code blocks between a heading and the next one."""
    section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"```\w*\n(.*?)```", section, re.DOTALL)


def test_exactly_two_commands_do_all_the_set_up():
    commands = [
        line.removeprefix("$ ")
        for block in blocks_after("Start")
        for line in block.split("\n")
        if line.startswith("$ ")
    ]
    assert len(commands) == 2
    assert commands[0].startswith('pip install . && assistant ask "')
    assert commands[1] == "pip install '.[test]' && pytest"


@pytest.mark.model
@pytest.mark.exhaustive
def test_the_first_command_prints_what_the_readme_shows():
    block = blocks_after("Start")[0]
    first, shown = block.split("\n", 1)
    question = re.search(r'"(.+)"', first).group(1)
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", question],
        capture_output=True,
        text=True,
        check=True,
        timeout=1800,
    )
    assert "Indexing the starter papers" in done.stderr
    assert done.stdout.strip() == shown.strip()


def test_the_number_of_tests_is_the_one_shown(request):
    if request.config.option.file_or_dir or request.config.option.markexpr != "not exhaustive":
        pytest.skip("only part of the tests is running")
    shown = re.search(r"(\d+) passed(?:, (\d+) skipped)?", blocks_after("Start")[1])
    assert sum(int(number or 0) for number in shown.groups()) == request.session.testscollected


def test_every_command_is_in_the_readme():
    from assistant.cli.app import app

    for command in app.registered_commands:
        assert f"assistant {command.name}" in README, command.name
    for group in app.registered_groups:
        for command in group.typer_instance.registered_commands:
            name = command.name or command.callback.__name__
            assert f"assistant {group.name} {name}" in README or re.search(
                rf"`assistant {group.name} [a-z|]*\b{name}\b", README
            ), (group.name, name)
