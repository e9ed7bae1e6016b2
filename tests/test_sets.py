import json
import subprocess
import sys

import pytest
from support import WordsEncoder, no_progress

from assistant import indexing
from assistant.answers import Finished
from assistant.api import Assistant
from assistant.config import Config
from assistant.errors import UsageError
from assistant.filters import Filters
from assistant.library import Library
from assistant.retrieval import Retriever
from assistant.sets import DeletedSet, PaperSet, PaperSets


@pytest.fixture
def sets(library):
    return PaperSets(library)


@pytest.fixture
def ids(library):
    return [stored.id for stored in library.papers()]


def test_members_come_in_the_order_of_adding(sets, ids):
    assert sets.add("thesis", [ids[3], ids[0]]) == 2
    assert sets.add("Thesis", [ids[0], ids[5], ids[5]]) == 1
    assert sets.members("THESIS") == [ids[3], ids[0], ids[5]]
    assert sets.take_out("thesis", [ids[0], ids[1], "unknown"]) == 1
    assert sets.add("thesis", [ids[0]]) == 1
    assert sets.members("thesis") == [ids[3], ids[5], ids[0]]
    assert sets.take_out("thesis", []) == 0


def test_sets_are_listed_by_name_whatever_its_case(sets, ids):
    for name, count in (("beta", 2), ("Élan", 1), ("Alpha", 0), ("gamma", 6)):
        sets.add(name, ids[:count])
    assert sets.overview() == [
        PaperSet("Alpha", 0),
        PaperSet("beta", 2),
        PaperSet("gamma", 6),
        PaperSet("Élan", 1),
    ]
    assert sets.members("e\u0301LAN") == ids[:1]


def test_every_change_changes_the_snapshot(library, sets, ids):
    seen = {library.snapshot()}
    for change in (
        lambda: sets.add("one", ids[:2]),
        lambda: sets.take_out("one", ids[:1]),
        lambda: sets.rename("one", "two"),
        lambda: sets.restore(sets.delete("two")),
    ):
        change()
        assert library.snapshot() not in seen
        seen.add(library.snapshot())


def test_a_deleted_set_can_be_brought_back(library, sets, ids):
    sets.add("mine", [ids[4], ids[2], ids[1]])
    deleted = sets.delete("MINE")
    assert deleted == DeletedSet("mine", (ids[4], ids[2], ids[1]))
    assert sets.overview() == [] and library.rows("SELECT * FROM set_papers") == []
    assert library.count() == 6
    with library.transaction():
        library.remove([ids[2]])
    sets.restore(deleted)
    assert sets.members("mine") == [ids[4], ids[1]]


def test_a_removed_paper_leaves_its_sets_and_its_number_means_nothing_there(library, sets, ids):
    sets.add("last", [ids[5]])
    paper = library.get(ids[5]).paper
    with library.transaction():
        library.remove([ids[5]])
    assert sets.members("last") == [] and sets.overview() == [PaperSet("last", 0)]
    with library.transaction():
        library.insert(paper, [])
    assert sets.members("last") == []


@pytest.mark.parametrize("name", ["", " \t\n", "\x1b\x00", "x" * 81])
def test_names_that_are_none_are_refused(library, sets, ids, name):
    sets.add("good", [])
    before = library.snapshot()
    for change in (lambda: sets.add(name, ids), lambda: sets.rename("good", name)):
        with pytest.raises(UsageError, match="name of the set") as caught:
            change()
        assert caught.value.hint
    assert library.snapshot() == before and sets.overview() == [PaperSet("good", 0)]


@pytest.mark.parametrize("name", ["x" * 80, "'; DROP TABLE sets; --", '%_*"', "🐝 عسل", "a  b"])
def test_any_other_name_is_kept(sets, ids, name):
    sets.add(name, ids[:1])
    assert sets.overview() == [PaperSet(" ".join(name.split()), 1)]
    assert sets.members(name) == ids[:1]


def test_an_unknown_set_is_named_with_the_nearest(sets):
    sets.add("Related work", [])
    for use in (sets.members, sets.delete, lambda n: sets.rename(n, "x")):
        with pytest.raises(UsageError, match="'related wrok'") as caught:
            use("related wrok")
        assert caught.value.hint == "did you mean Related work?"
    with pytest.raises(UsageError) as caught:
        sets.take_out("zzz", [])
    assert caught.value.hint == "assistant sets list prints the sets"


def test_a_taken_name_is_refused_but_another_case_of_its_own_is_not(sets, ids):
    sets.add("one", ids[:1])
    sets.add("two", ids[:2])
    with pytest.raises(UsageError, match="already"):
        sets.rename("one", "TWO")
    sets.rename("one", "One")
    assert sets.overview() == [PaperSet("One", 1), PaperSet("two", 2)]


def test_an_unknown_paper_changes_nothing(sets, ids):
    with pytest.raises(UsageError, match="no paper has the id 'pxyz'"):
        sets.add("new", [ids[0], "pxyz"])
    assert sets.overview() == []


def test_a_set_changes_while_another_process_holds_the_write_lock(library, sets, ids):
    code = (
        "import sys; from pathlib import Path; from assistant.library import Library\n"
        "library = Library.open(Path(sys.argv[1]))\n"
        "with library.writing():\n    print('held', flush=True); sys.stdin.readline()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(library.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "held\n"
        assert sets.add("while adding", ids[:2]) == 2
        process.communicate("\n", timeout=600)
    assert process.returncode == 0


@pytest.fixture
def assistant(library, index, monkeypatch):
    """An assistant that must do without models."""
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    made = Assistant(Config(library=str(library.path)))
    monkeypatch.setitem(made.__dict__, "library", library)
    monkeypatch.setitem(made.__dict__, "retriever", Retriever(library, index, WordsEncoder()))
    return made


QUESTION = "How many bees does the drone count in the orchards?"


def last(events):
    *_, finished = events
    assert isinstance(finished, Finished)
    return finished.answer


def test_a_question_to_a_set_is_answered_from_it_alone(assistant, sets, ids):
    answer = last(assistant.ask(QUESTION, quotes_only=True))
    best = answer.sources[0].stored.id
    sets.add("with", [best])
    sets.add("without", [identifier for identifier in ids if identifier != best])
    narrowed = last(assistant.ask(QUESTION, quotes_only=True, filters=Filters(set_name="with")))
    assert {hit.stored.id for hit in narrowed.retrieved} == {best} and not narrowed.refused
    assert narrowed.retrieved[0].score == pytest.approx(answer.retrieved[0].score)
    other = last(assistant.ask(QUESTION, quotes_only=True, filters=Filters(set_name="without")))
    assert best not in {hit.stored.id for hit in other.retrieved}
    assert [hit.stored.id for hit in assistant.find(QUESTION, 9, Filters(set_name="WITH"))] == [
        best
    ]


def test_an_empty_set_is_a_refusal_that_says_so(assistant, sets):
    sets.add("nothing", [])
    answer = last(assistant.ask(QUESTION, quotes_only=True, filters=Filters(set_name="nothing")))
    assert answer.refused and answer.reason == "the set “nothing” is empty"
    assert assistant.find(QUESTION, 5, Filters(set_name="nothing")) == []


def test_a_refusal_names_the_set(assistant, sets, ids):
    sets.add("few", ids[:2])
    answer = last(
        assistant.ask(
            "Who won the 1954 world cup?", quotes_only=True, filters=Filters(set_name="few")
        )
    )
    assert answer.refused and "the set “few”" in answer.reason and "library" not in answer.reason


def test_an_unknown_set_is_an_error_before_any_model_is_looked_for(library, monkeypatch):
    def fail(self):
        raise AssertionError

    for name in ("model", "retriever", "_encoders"):
        monkeypatch.setattr(Assistant, name, property(fail))
    assistant = Assistant(Config(library=str(library.path)))
    with pytest.raises(UsageError, match="no set 'nowhere'"):
        list(assistant.ask(QUESTION, filters=Filters(set_name="nowhere")))
    with pytest.raises(UsageError, match="no set 'nowhere'"):
        assistant.find(QUESTION, 5, filters=Filters(set_name="nowhere"))
    assistant.close()


def test_the_set_tables_survive_a_reopening(library, sets, ids):
    sets.add("kept", ids[:2])
    again = Library.open(library.path)
    assert PaperSets(again).members("kept") == ids[:2]
    assert json.dumps(again.check()) == "[]"
    again.close()
