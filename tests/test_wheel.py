"""The wheel carries what the program reads, and works without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_prompts_catalogue_and_starter_papers_are_inside(unpacked):
    inside = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    for model in [ROOT / "models/catalog.toml", *(ROOT / "models").glob("*.onnx.gz")]:
        assert f"assistant/_data/models/{model.name}" in inside
    for prompt in (ROOT / "prompts").glob("*.md"):
        assert f"assistant/_data/prompts/{prompt.name}" in inside
    assert {"assistant/starter/synopses.toml", "assistant/trial_cases.toml"} <= inside
    assert not [name for name in inside if name.startswith(("tests", "benchmarks"))]


def test_it_runs_outside_the_checkout(unpacked, tmp_path):
    code = (
        "import assistant, assistant.catalog, assistant.prompts, assistant.starter\n"
        "print(assistant.__file__)\n"
        "assert len(assistant.catalog.known_models()) >= 6\n"
        "assert assistant.prompts.render('write_sentence', title='t', evidence='e', question='q')\n"
        "assert len(assistant.starter.starter_papers()) >= 100\n"
    )
    environment = os.environ | {"PYTHONPATH": str(unpacked)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(unpacked))
