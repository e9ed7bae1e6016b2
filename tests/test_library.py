import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import PAGES, no_progress

from assistant import adding
from assistant.errors import LibraryLocked, LibraryMissing, LibraryStale, UsageError
from assistant.library import Library
from assistant.papers import Paper
from assistant.retrieval import expression
from assistant.sentences import split_sentences
from assistant.words import telling_words


def insert(library, *papers):
    with library.transaction():
        return [library.insert(paper, split_sentences(paper.abstract)) for paper in papers]


def test_adding_twice_adds_nothing(library):
    before = library.snapshot()
    assert library.count() == 6 and library.waiting_count() == 6
    report = adding.add(library, PAGES, no_progress)
    assert (report.read, report.added, report.merged, report.rejected) == (6, 0, 6, [])
    assert library.count() == 6 and library.snapshot() != before


def test_papers_come_back_as_given(library):
    stored = next(library.papers())
    text = Path(PAGES[0]).read_text("utf-8")
    assert stored.paper.title in text and stored.paper.abstract in text
    assert stored.sentence(2).startswith("On the NoisyCafe set, Pebble raises the PESQ")
    assert library.get(stored.id[:5]).paper == stored.paper


def test_a_second_source_fills_in_what_is_missing(library):
    with library.transaction():
        identifier = library.duplicate_of(Paper("A paper whose BLOCK is missing!", "x"))
        assert library.fill_in(identifier, Paper("t", "x", year=2020, doi="10.1/x"))
        assert not library.fill_in(identifier, Paper("t", "x", year=1999))
    paper = library.get(identifier).paper
    assert (paper.year, paper.doi) == (2020, "10.1/x") and "careful reader" in paper.abstract


def test_same_title_with_other_identifiers_is_another_paper(library):
    one, two = (
        Paper("Editorial", "First.", doi="10.1/a"),
        Paper("Editorial", "Second.", doi="10.1/b"),
    )
    (first,) = insert(library, one)
    assert library.duplicate_of(two) is None
    assert library.duplicate_of(Paper("Other title", "x", doi="10.1/a")) == first
    assert library.duplicate_of(Paper("Editorial", "x")) == first
    insert(library, two)
    assert library.count() == 8


def test_ids_that_collide_are_told_apart(library):
    first, second = insert(
        library, Paper("Same", "a", doi="10.1/a"), Paper("Same2", "b", doi="10.1/a")
    )
    assert first != second and library.get(second).paper.abstract == "b"


def test_an_unclear_id_is_an_error(library):
    with pytest.raises(UsageError, match="several"):
        library.get("p")
    with pytest.raises(UsageError, match="no paper"):
        library.get("p_%")


def test_a_transaction_is_all_or_nothing(library):
    before = library.snapshot()
    with pytest.raises(KeyError), library.transaction():
        library.insert(Paper("New", "Text."), [(0, 5)])
        raise KeyError
    assert library.count() == 6 and library.snapshot() == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=40))
def test_any_question_is_a_valid_keyword_query(library, question):
    library.rank_by_words(expression(telling_words(question)), 5)


def test_words_are_stemmed_and_ranked(library):
    words = telling_words("Which paper counts a bee with drone flights?")
    best, *_ = library.rank_by_words(expression(words), 5)
    assert library.get(best[0]).paper.title.startswith("How Many Bees")


def test_removed_papers_are_not_found(library):
    (identifier, _), *_ = library.rank_by_words('"bees"', 1)
    with library.transaction():
        library.remove([identifier])
    assert library.rank_by_words('"bees"', 1) == [] and library.check() == []


def test_a_second_writer_is_refused_at_once(library):
    other = Library.open(library.path)
    with library.writing(), pytest.raises(LibraryLocked), other.writing():
        pass
    with other.writing():
        pass
    other.close()


def test_what_is_no_library_of_ours_is_refused(tmp_path, library):
    with pytest.raises(LibraryMissing):
        Library.open(tmp_path / "nowhere")
    library.close()
    connection = sqlite3.connect(library.path / "library.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryStale, match="version 99"):
        Library.open(library.path)
    (library.path / "library.sqlite").write_bytes(b"not a database at all, but long enough" * 50)
    with pytest.raises(LibraryStale, match="damaged"):
        Library.open(library.path)


def test_damage_is_named_wherever_it_is_met(library):
    """A good header and broken pages behind it: no sqlite3 error gets out."""
    library.close()
    file = library.path / "library.sqlite"
    data = bytearray(file.read_bytes())
    data[8192:] = b"\x55" * (len(data) - 8192)
    file.write_bytes(data)
    damaged = Library.open(library.path)
    for read in (lambda: list(damaged.papers()), damaged.count, damaged.kinds, damaged.snapshot):
        with pytest.raises(LibraryStale, match="damaged"):
            read()
    damaged.close()


def test_a_broken_keyword_index_is_made_anew(library):
    connection = sqlite3.connect(library.path / "library.sqlite")
    connection.execute("DELETE FROM words_data")
    connection.commit()
    connection.close()
    library.close()
    again = Library.open(library.path)
    assert again.check()
    again.rebuild_words()
    again.close()
    mended = Library.open(library.path)
    assert mended.check() == [] and mended.rank_by_words('"bees"', 3)
    with mended.transaction():
        mended.remove([next(mended.papers()).id])
    assert mended.check() == []
    mended.close()
