"""Real listing pages, where a folder with them is named by ASSISTANT_EVAL_DATA."""

import os
import sys
from pathlib import Path

import pytest
from support import no_progress

from assistant import adding
from assistant.library import Library

FOLDER = Path(os.environ.get("ASSISTANT_EVAL_DATA", "/nonexistent"))
COUNTS = {"page-000.txt": 216, "page-001.txt": 82, "page-003.txt": 88}

pytestmark = pytest.mark.skipif(
    not (FOLDER / "pages").is_dir(), reason="ASSISTANT_EVAL_DATA names no folder with pages/"
)


def test_real_pages_are_read_whole_and_unchanged(tmp_path):
    library = Library.create(tmp_path / "library")
    for name, count in COUNTS.items():
        report = adding.add(library, [str(FOLDER / "pages" / name)], no_progress, crawl_year=2025)
        assert (report.read, report.rejected) == (count, [])
    assert library.count() == 366
    lines = {
        line.removeprefix("Subscribe")
        for name in COUNTS
        for line in (FOLDER / "pages" / name).read_text("utf-8").split("\n")
    }
    for stored in library.papers():
        assert stored.paper.title in lines and stored.paper.abstract in lines
    again = adding.add(library, [str(FOLDER / "pages")], no_progress)
    assert (again.read, again.added) == (386, 0)
    library.close()


def test_the_starter_synopses_hold_against_the_abstracts(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    import check_synopses

    assert check_synopses.main([str(path) for path in (FOLDER / "pages").glob("*.txt")]) == 0
    assert ", 0 faults" in capsys.readouterr().out
    sys.modules.pop("check_synopses")
