"""GGUF files of the user's own under short names: known everywhere, forgotten without a trace."""

import json

import pytest

from assistant import catalog, registering
from assistant.errors import ModelUnusable, UsageError

BUNDLED = catalog.find("smollm2-135m-instruct", "writer")[0]


@pytest.fixture
def file(tmp_path):
    """A whole GGUF file under another name."""
    path = tmp_path / "Big Model-Q4_1.gguf"
    path.symlink_to(BUNDLED)
    return path


def test_a_file_is_known_under_the_name_it_is_given(file):
    known, has_template = registering.register(str(file), "mine-1.5b")
    assert has_template and known.context == 8192 and known.size_mb == 98
    assert known.title.startswith("Smollm2 135M") and known.licence == "apache-2.0"
    path, found = catalog.find("mine-1.5b", "writer")
    assert path == file and found == known
    assert registering.register(str(file), "mine-1.5b")[0] == known
    with pytest.raises(ModelUnusable, match="no encoder model"):
        catalog.find("mine-1.5b", "encoder")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("smollm2-135m-instruct", "of the catalogue"),
        ("all-minilm-l6-v2", "of the catalogue"),
        ("x.gguf", "no name"),
        ("a/b", "no name"),
        ("-x", "no name"),
        ("Mine", "no name"),
        ("x" * 65, "no name"),
    ],
)
def test_such_a_name_is_refused(file, name, words):
    with pytest.raises(UsageError, match=words):
        registering.register(str(file), name)
    assert not catalog.registered_models()


def test_a_name_is_not_given_twice(file, tmp_path):
    registering.register(str(file), "mine")
    other = tmp_path / "other.gguf"
    other.symlink_to(BUNDLED)
    with pytest.raises(UsageError, match="already"):
        registering.register(str(other), "mine")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a GGUF model"),
        (b"a pdf", "is not a GGUF model"),
        (b"GGUF" + bytes(3000), "cannot be read: .*[a-z]"),
        (None, "not within the file bounds"),
    ],
)
def test_a_damaged_file_is_refused_with_the_reason(tmp_path, content, words, capfd):
    file = tmp_path / "damaged.gguf"
    file.write_bytes(BUNDLED.read_bytes()[:-1000] if content is None else content)
    with pytest.raises(ModelUnusable, match=words):
        registering.register(str(file))
    assert not catalog.registered_models() and capfd.readouterr() == ("", "")


def test_a_missing_file_is_refused():
    with pytest.raises(ModelUnusable, match="no file"):
        registering.register("nowhere.gguf")


def test_one_that_was_pulled_is_found_by_where_it_came_from():
    path = catalog.pulled_dir() / "sub" / "x.gguf"
    path.parent.mkdir(parents=True)
    path.symlink_to(BUNDLED)
    assert registering.register("lab/Tiny/sub/x.gguf", "tiny")[0].file == str(path)


def test_a_broken_file_of_names_is_said():
    catalog.registered_file().parent.mkdir(parents=True)
    for text in ("{", "x = 5", "[x]\nfile = 1", '[x]\nsurprise = ""'):
        catalog.registered_file().write_text(text)
        with pytest.raises(UsageError, match=r"registered\.toml"):
            catalog.find("x", "writer")


def test_the_commands_add_list_use_info_and_remove(file, command_line):
    code, out, _ = command_line("models", "add", file)
    assert code == 0 and "is known as big-model-q4_1" in out
    rows = {row["name"]: row for row in json.loads(command_line("models", "list", "--json")[1])}
    assert rows["big-model-q4_1"]["path"] == str(file) and not rows["big-model-q4_1"]["in_use"]
    assert "big-model-q4_1" in command_line("models", "list")[1]
    assert command_line("models", "use", "big-model-q4_1")[0] == 0
    assert str(file) in command_line("models", "info")[1]
    code, _, err = command_line("models", "remove", "big-model-q4_1")
    assert code == 2 and "in use" in err
    assert command_line("models", "use", "smollm2-135m-instruct")[0] == 0
    code, out, _ = command_line("models", "remove", "big-model-q4_1")
    assert code == 0 and "untouched" in out and BUNDLED.exists() and file.exists()
    assert "big-model-q4_1" not in command_line("models", "list")[1]
    assert command_line("models", "add", "smollm2-135m-instruct")[0] == 1


def test_a_file_that_has_gone_is_said_where_it_was(tmp_path, command_line):
    path = tmp_path / "gone.gguf"
    path.symlink_to(BUNDLED)
    registering.register(str(path))
    path.unlink()
    assert "not here" in command_line("models", "list")[1].split("gone ")[1].split("\n")[0]
    code, _, err = command_line("models", "use", "gone")
    assert code == 1 and f"put {path} back" in err
