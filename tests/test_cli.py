"""The command as a user runs it, in this process; nothing here loads a model."""

import json
import subprocess
import sys

import pytest
from support import PAGES

from assistant.library import Library


@pytest.fixture
def assistant(command_line):
    return command_line


COMMANDS = [
    ("ask",),
    ("add",),
    ("find",),
    ("show",),
    ("list",),
    ("remove",),
    ("cite",),
    ("doctor",),
    ("chat",),
    ("eval",),
    ("summarize",),
    ("verify",),
    ("replay",),
    *(("conversations", name) for name in ("list", "show", "rename", "delete")),
    *(("library", name) for name in ("status", "verify", "reindex", "export")),
    *(("models", name) for name in ("list", "pull", "add", "check", "use", "info", "remove")),
    *(("sets", name) for name in ("list", "show", "add", "remove", "rename", "delete")),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(assistant, command):
    code, out, err = assistant(*command, "--help")
    assert code == 0 and not err
    assert "Example: assistant" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ask", ""], 2, "the question is empty"),
        (["summarize"], 2, "say which papers"),
        (["summarize", "bees", "--papers", "p1"], 2, "--papers goes with no topic"),
        (["summarize", "--set", "none"], 2, "no set 'none'"),
        (["summarize", "-"], 2, "no ids were given"),
        (["summarize", "-", "--year", "2020"], 2, "--papers goes with no topic"),
        (["summarize", "--papers", "p1", "--explain"], 2, "go with a topic"),
        (["summarize", "bees", "--threshold", "2"], 2, "threshold"),
        (["verify", "nowhere.json"], 1, "cannot read nowhere.json"),
        (["verify", "-"], 2, "no answer or summary"),
        (["ask", " ?!"], 2, "the question is empty"),
        (["ask", "x" * 20_000], 2, "20000 characters"),
        (["ask", "-"], 2, "the question is empty"),
        (["--library", "nowhere", "ask", "What?", "--quotes-only"], 4, "no library at nowhere"),
        (["--library", "nowhere", "list"], 4, "no library at nowhere"),
        (["--config", "nowhere.toml", "list"], 2, "does not exist"),
        (["ask", "What?", "--model", "nowhere.gguf"], 1, "not a known name and not a file"),
        (["show", "zzz"], 2, "no paper has the id"),
        (["cite", "zzz"], 2, "no paper has the id"),
        (["cite", "-"], 2, "no ids were given"),
        (["models", "use", "nonsense"], 1, "nonsense"),
        (["find"], 2, "give a query"),
        (["remove", "p0"], 4, "no library"),
        (["ask", "What?", "--set", "none"], 2, "no set 'none'"),
        (["find", "What?", "--set", "none"], 2, "no set 'none'"),
        (["list", "--set", "none"], 2, "no set 'none'"),
        (["sets", "show", "none"], 2, "no set 'none'"),
        (["sets", "rename", "none", "x"], 2, "no set 'none'"),
        (["sets", "delete", "none"], 2, "no set 'none'"),
        (["sets", "remove", "none", "zzz"], 2, "no set 'none'"),
        (["sets", "add", "new", "zzz"], 2, "no paper has the id"),
        (["sets", "add", "new", "-"], 2, "no ids"),
        (["sets", "add", " ", "p00b293fb73"], 2, "name of the set is empty"),
    ],
)
def test_errors_are_one_line_with_a_hint_and_their_own_code(assistant, arguments, code, words):
    got, out, err = assistant(*arguments)
    assert (got, out) == (code, "")
    assert err.count("\n") == 1 and err.startswith("assistant: ") and words in err
    assert "(" in err


def test_a_file_that_is_no_gguf(assistant, tmp_path):
    file = tmp_path / "fake.gguf"
    file.write_text("not a model")
    for arguments in (["ask", "What?", "--model", file], ["models", "use", file]):
        code, _, err = assistant(*arguments)
        assert code == 1 and "not a GGUF model" in err


def test_status_and_list_before_anything_is_added(assistant):
    code, out, _ = assistant("library", "status")
    assert code == 0 and "synopses" in out and "not the papers' own abstracts" in out
    code, out, err = assistant("list", "--json")
    assert code == 0 and all(
        json.loads(line)["kind"] == "synopsis" for line in out.split("\n")[:-1]
    )
    assert "starter library" in err


@pytest.fixture
def filled(tmp_path):
    """A library whose papers wait to be indexed."""
    from support import no_progress

    from assistant import adding

    library = Library.create(tmp_path / "filled")
    adding.add(library, PAGES, no_progress)
    library.close()
    return tmp_path / "filled"


def test_export_show_and_status_without_any_model(assistant, filled):
    code, out, _ = assistant("--library", filled, "library", "export")
    papers = [json.loads(line) for line in out.split("\n")[:-1]]
    assert code == 0 and len(papers) == 6
    assert all({"id", "title", "abstract", "year"} <= paper.keys() for paper in papers)
    code, out, _ = assistant("--library", filled, "show", papers[0]["id"], "--json")
    assert json.loads(out) == papers[0]
    code, out, _ = assistant("--library", filled, "show", papers[2]["id"][:6])
    assert code == 0 and papers[2]["title"] in out and "3 authors" in out
    _, out, _ = assistant("--library", filled, "library", "status", "--json")
    assert json.loads(out)["waiting"] == 6
    assert assistant("show", papers[0]["id"])[0] == 2


def test_cite_as_bibtex_and_as_text(assistant, filled):
    listed = assistant("--library", filled, "list")[1]
    code, out, err = assistant("--library", filled, "cite", "-", stdin=f"{listed}\n{listed}")
    assert (code, err) == (0, "") and out.count("@misc{") == 6
    first, second = (line.split()[0] for line in listed.split("\n")[2:4])
    code, out, _ = assistant("--library", filled, "cite", second[:6], first, "--format", "text")
    assert code == 0 and out.count("\n") == 2
    assert [line.split(" (")[0] in listed for line in out.split("\n")[:-1]] == [True] * 2
    code, out, err = assistant("--library", filled, "cite", first, "zzz")
    assert (code, out) == (2, "") and "zzz" in err
    assert assistant("--library", filled, "cite", first, "--format", "ris")[0] == 2


def test_cite_says_when_it_cites_the_starter_library(assistant):
    code, out, err = assistant("cite", "p00b293fb73")
    assert code == 0 and "eprint = {1907.11692}" in out and "synopsis" in out
    assert "starter library" in err


def test_terminal_controls_never_reach_the_terminal(assistant, tmp_path):
    library = Library.create(tmp_path / "l")
    from assistant.papers import Paper

    with library.transaction():
        library.insert(Paper("A [/b] title\u202e", "Red \x1b[31m text \x07 [a] \x9b2J."), [(0, 5)])
    library.close()
    for command in (["list"], ["show", "p"], ["cite", "p"], ["cite", "p", "--format", "text"]):
        _, out, _ = assistant("--library", tmp_path / "l", *command)
        assert "[/b]" in out
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(out)


def test_add_reports_rejections_and_exits_with_one(assistant, tmp_path):
    lines = ['{"title": "x", "abstract"'] * 2
    (tmp_path / "bad.jsonl").write_text("\n".join(lines))
    code, out, err = assistant("--library", tmp_path / "l", "add", tmp_path / "bad.jsonl", "--json")
    report = json.loads(out)
    assert code == 1 and report["added"] == 0
    assert [item["line"] for item in report["rejected"]] == [1, 2]
    assert err.count("broken JSON") == 2


def test_a_locked_library_is_exit_code_5(assistant, filled):
    library = Library.open(filled)
    with library.writing():
        code, _, err = assistant("--library", filled, "add", PAGES[0])
    library.close()
    assert code == 5 and "another process" in err and err.count("\n") == 1


def test_a_newer_library_is_exit_code_4(assistant, filled):
    import sqlite3

    connection = sqlite3.connect(filled / "library.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    code, _, err = assistant("--library", filled, "list")
    assert code == 4 and "version 99" in err


def test_a_library_inside_a_file_cannot_be_made(assistant, tmp_path):
    (tmp_path / "file").write_text("x")
    code, _, err = assistant("--library", tmp_path / "file" / "l", "add", PAGES[0])
    assert code == 1 and "cannot use the library" in err and err.count("\n") == 1


def test_removing_without_a_terminal_needs_yes(assistant, filled):
    code, _, _ = assistant("--library", filled, "remove", "p")
    assert code == 2
    library = Library.open(filled)
    identifier = next(library.papers()).id
    library.close()
    assert assistant("--library", filled, "remove", identifier)[0] == 2
    assert assistant("--library", filled, "remove", identifier, "--yes")[:2] == (0, "1 removed.\n")


def test_models_use_is_remembered(assistant, tmp_path):
    file = tmp_path / "tiny.gguf"
    file.write_bytes(b"GGUF" + bytes(64))
    assert assistant("models", "use", file)[0] == 0
    _, out, _ = assistant("models", "info", "--json")
    assert json.loads(out)["path"] == str(file)
    assert str(file) in assistant("models", "list")[1]
    assert assistant("models", "use", "smollm2-135m-instruct")[0] == 0
    assert json.loads(assistant("models", "list", "--json")[1])[0]["in_use"]


def test_doctor_names_what_is_wrong_and_how_to_mend_it(assistant, tmp_path, monkeypatch):
    code, out, _ = assistant("doctor")
    assert code == 0 and "FAIL" not in out and "network" in out
    weights = tmp_path / "encoder"
    weights.mkdir()
    monkeypatch.setenv("ASSISTANT_ENCODER", str(tmp_path / "missing"))
    code, out, _ = assistant("doctor")
    (line,) = [line for line in out.split("\n") if line.startswith("FAIL")]
    assert code == 1 and "missing" in line and "->" in line


def test_completion_is_offered(assistant, monkeypatch):
    monkeypatch.setenv("_ASSISTANT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "assistant libr")
    monkeypatch.setenv("COMP_CWORD", "1")
    _, out, _ = assistant()
    assert "library" in out


def test_an_empty_library_is_no_damaged_one(assistant, tmp_path):
    Library.create(tmp_path / "l").close()
    code, out, _ = assistant("--library", tmp_path / "l", "ask", "What is it?", "--quotes-only")
    assert code == 3 and "holds no papers" in out
    code, _, err = assistant("--library", tmp_path / "l", "find", "anything")
    assert code == 3 and "nothing found" in err


def test_saving_into_a_broken_config_file_is_a_usage_error(assistant, tmp_path):
    (tmp_path / "c.toml").write_text("model = ")
    code, _, err = assistant(
        "--config", tmp_path / "c.toml", "models", "use", "smollm2-135m-instruct"
    )
    assert code == 2 and "cannot read the config file" in err
    assert (tmp_path / "c.toml").read_text() == "model = "


def test_a_question_and_a_batch_exclude_each_other(assistant, tmp_path):
    code, _, err = assistant("ask", "What?", "--batch", tmp_path / "x")
    assert code == 2 and "not both" in err


def test_an_unknown_option_is_a_usage_error(assistant):
    code, _, err = assistant("ask", "--bogus")
    assert code == 2 and "No such option" in err


def test_many_rejections_are_counted_not_listed(assistant, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"title"\n' * 500)
    code, _, err = assistant("--library", tmp_path / "l", "add", tmp_path / "bad.jsonl")
    assert code == 1 and "480 more" in err and err.count("\n") < 30


def test_the_same_paper_named_twice_is_removed_once(assistant, filled):
    library = Library.open(filled)
    identifier = next(library.papers()).id
    library.close()
    _, out, _ = assistant("--library", filled, "remove", identifier, identifier, "--yes")
    assert out == "1 removed.\n"


def test_sets_from_the_first_paper_to_the_last(assistant, filled):
    def sets(*arguments, **more):
        code, out, err = assistant("--library", filled, "sets", *arguments, **more)
        assert (code, err) == (0, "")
        return out

    ids = [line.split()[0] for line in assistant("--library", filled, "list")[1].split("\n")[:-1]]
    assert sets("add", "thesis", ids[3], ids[1][:6]) == "2 added; the set has 2 papers.\n"
    piped = sets("add", "Thesis", "-", "--json", stdin=f"{ids[0]}\n{ids[3]}\n")
    assert json.loads(piped) == {"name": "Thesis", "added": 1, "papers": 3}
    wanted = [ids[3], ids[1], ids[0]]
    shown = sets("show", "thesis")
    assert [line.split()[0] for line in shown.split("\n")[:-1]] == wanted
    assert json.loads(sets("show", "thesis", "--json")) == {"name": "thesis", "papers": wanted}
    assert assistant("--library", filled, "list", "--set", "thesis")[1] == shown
    code, out, _ = assistant("--library", filled, "list", "--set", "thesis", "--json")
    assert [json.loads(line)["id"] for line in out.split("\n")[:-1]] == wanted
    assert sets("remove", "thesis", ids[1]) == "1 taken out; the set has 2 papers.\n"
    assert sets("rename", "thesis", "chapter 2") == "Renamed to chapter 2.\n"
    assert sets("list") == "     2  chapter 2\n"
    assert json.loads(sets("list", "--json")) == [{"name": "chapter 2", "papers": 2}]
    deleted = json.loads(sets("delete", "chapter 2", "--json"))
    assert deleted == {"name": "chapter 2", "papers": [ids[3], ids[0]]}
    code, out, err = assistant("--library", filled, "sets", "list")
    assert (code, out) == (0, "") and "no sets" in err


def test_the_starter_library_can_have_sets(assistant):
    identifier = assistant("list")[1].split()[0]
    assert assistant("sets", "add", "first", identifier)[0] == 0
    code, out, err = assistant("sets", "list")
    assert (code, out) == (0, "     1  first\n") and "starter library" in err


def test_a_question_to_an_unknown_set_in_a_batch_is_one_error(assistant, filled, tmp_path):
    (tmp_path / "q.jsonl").write_text('{"question": "What is it?"}\n' * 3)
    batch = ("--batch", tmp_path / "q.jsonl", "--set", "none")
    for command in ("ask", "find"):
        code, out, err = assistant("--library", filled, command, *batch)
        assert (code, out) == (2, "") and err.count("\n") == 1 and "no set 'none'" in err


def test_a_name_of_a_set_is_printed_without_controls(assistant, filled):
    assert assistant("--library", filled, "sets", "add", "a\u202e[b]\x9b2J", "p", "-")[0] == 2
    identifier = assistant("--library", filled, "list")[1].split()[0]
    assistant("--library", filled, "sets", "add", "a\u202e[b]\x9b2J", identifier)
    assert assistant("--library", filled, "sets", "list")[1] == "     1  a[b]2J\n"


def test_without_a_command_and_without_a_terminal_help_is_printed(assistant):
    code, out, _ = assistant()
    assert code == 0 and "Usage: assistant" in out and "chat" in out


def test_the_chat_needs_a_terminal(assistant):
    code, _, err = assistant("chat")
    assert code == 2 and "the chat needs a terminal" in err and "assistant ask" in err


def test_the_key_map_can_be_printed(assistant):
    code, out, _ = assistant("chat", "--keys")
    assert code == 0
    assert "F2" in out and "Library" in out and "Copy the answer with its sources" in out


def test_conversations_are_listed_shown_renamed_and_deleted(assistant, library, tmp_path):
    from support import WORDS_IDENTITY, WordsEncoder, no_progress

    from assistant import indexing
    from assistant.answering import answer
    from assistant.conversations import ConversationStore, Exchange, utc_now
    from assistant.retrieval import Retriever
    from assistant.vectors import VectorIndex

    index = VectorIndex(library.path / "chroma", WORDS_IDENTITY)
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    *_, last = answer("What is Ladder Pruning?", Retriever(library, index, WordsEncoder()), None)
    store = ConversationStore(library.path / "conversations.sqlite")
    store.append(store.begin("What is \x1b[31mit?"), Exchange("Q?", last.answer, utc_now(), "m"))
    store.close()

    def conversations(*arguments):
        return assistant("--library", library.path, "conversations", *arguments)

    code, out, _ = conversations("list")
    assert code == 0 and "  1  What is [31mit?" in out and "\x1b" not in out
    assert conversations("list", "nowhere")[0] == 3
    assert json.loads(conversations("list", "--json")[1])["exchanges"] == 1
    assert "# What is" in conversations("show", "1")[1]
    assert json.loads(conversations("show", "1", "--format", "json")[1])["exchanges"]
    code, _, err = conversations("show", "1", "--format", "docx")
    assert code == 2 and "unknown format 'docx'" in err
    target = tmp_path / "talk.html"
    assert conversations("show", "1", "--format", "html", "--output", target)[1].strip() == str(
        target
    )
    assert conversations("show", "1", "--output", target)[1].strip() != str(target)
    assert conversations("rename", "1", "Better")[0] == 0
    assert "Better" in conversations("list")[1]
    assert "--undo" in conversations("delete", "1")[2]
    assert conversations("list")[0] == 3
    assert conversations("delete", "1", "--undo")[0] == 0
    assert "Better" in conversations("list")[1]
    assert conversations("show", "7")[0] == 2


def test_the_chat_refuses_what_it_could_only_fail_at(assistant, library, tmp_path, monkeypatch):
    monkeypatch.setenv("TEXTUAL_DRIVER", "none")
    code, _, err = assistant("--library", tmp_path / "nowhere", "chat")
    assert code == 4 and "there is no library" in err and not (tmp_path / "nowhere").exists()
    code, _, err = assistant("--library", library.path, "chat", "--resume", "99")
    assert code == 2 and "no conversation has the number 99" in err


def test_ctrl_c_while_a_class_is_made_is_an_interrupt_like_any_other():
    code = (
        "import os, signal, sys\n"
        "import assistant.cli.app as module\n"
        "class Named:\n"
        "    def __set_name__(self, owner, name):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        for _ in range(1000): pass\n"
        "def app(**_):\n"
        "    type('Owner', (), {'named': Named()})\n"
        "module.app = app\n"
        "from assistant.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=600
    )
    assert (done.returncode, done.stderr) == (130, "assistant: stopped\n")
