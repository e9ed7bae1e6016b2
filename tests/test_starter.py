import re
import sys
from pathlib import Path

import pytest

from assistant.library import Library
from assistant.starter import fill, folder, remove_older, starter_papers


def test_there_are_enough_synopses_of_the_right_length():
    papers = starter_papers()
    assert len(papers) >= 100 and len({paper.id for paper in papers}) == len(papers)
    for paper in papers:
        assert paper.kind == "synopsis"
        assert 90 <= len(paper.abstract.split()) <= 180, paper.title
        assert not re.search(r"\b(we|our)\b", paper.abstract), paper.title


def test_filling_twice_adds_nothing(tmp_path):
    library = Library.create(tmp_path / "starter")
    assert fill(library) == len(starter_papers())
    assert fill(library) == 0
    assert library.kinds() == {"synopsis": len(starter_papers())}
    library.close()


def test_only_older_starter_libraries_are_deleted(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))
    (tmp_path / "starter" / "mine").mkdir(parents=True)
    (tmp_path / "starter-kit").mkdir()
    for name in ("old", folder().name):
        Library.create(tmp_path / "starter" / name).close()
    remove_older()
    left = {path.name for path in (tmp_path / "starter").iterdir()}
    assert left == {"mine", folder().name} and (tmp_path / "starter-kit").exists()


@pytest.fixture
def check_synopses(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    import check_synopses

    yield check_synopses
    sys.modules.pop("check_synopses")


def test_the_check_finds_copied_words_and_foreign_numbers(check_synopses):
    abstract = "The quick brown fox jumps over the lazy dog and reaches 78.3% on ImageNet."
    own = "Foxes of a brown kind reach 78.3% when they leap."
    assert check_synopses.faults(own, abstract, words=(1, 50)) == []
    copied = "It says the quick brown fox jumps over the lazy cat."
    assert "copied" in check_synopses.faults(copied, abstract, words=(1, 50))[0]
    seven = "It says quick brown fox jumps over the lazy cat."
    assert check_synopses.faults(seven, abstract, words=(1, 50)) == []
    assert "78.4" in check_synopses.faults("It reaches 78.4 percent.", abstract, words=(1, 50))[0]
    assert "words" in check_synopses.faults("Short.", abstract)[0]
