"""What the light commands may load, shown in fresh processes."""

import subprocess
import sys

import pytest

HEAVY = (
    "torch",
    "sentence_transformers",
    "chromadb",
    "llama_cpp",
    "textual",
    "onnxruntime",
    "nltk",
)


def loaded_by(*arguments):
    code = (
        "import sys\n"
        f"sys.argv = ['assistant', *{arguments!r}]\n"
        "from assistant.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    code = stop.code or 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], code, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stderr.strip().split("\n")[-1]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["ask", "--help"], ["models", "list"], ["list"]]
)
def test_light_commands_load_nothing_heavy(arguments):
    allowed = "['nltk'] 0" if arguments == ["list"] else "[] 0"
    assert loaded_by(*arguments) == allowed


def test_the_package_itself_is_light():
    code = f"import sys, assistant; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_chat_leaves_everything_native_to_the_engine():
    names = [*(name for name in HEAVY if name != "textual"), "numpy", "tokenizers"]
    code = f"import sys, assistant.tui.app; print([n for n in {names!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
