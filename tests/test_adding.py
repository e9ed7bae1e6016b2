import io
import json
import os
import sys
import threading
from pathlib import Path

import pytest
from support import PAGES, no_progress

from assistant import adding
from assistant.errors import UsageError
from assistant.library import Library


@pytest.fixture
def empty(tmp_path):
    library = Library.create(tmp_path / "empty")
    yield library
    library.close()


def add(library, *paths, **options):
    return adding.add(library, [str(path) for path in paths], no_progress, **options)


def test_a_folder_is_read_and_strange_files_are_skipped(empty, tmp_path):
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    (folder / "page.txt").write_bytes(Path(PAGES[0]).read_bytes())
    (folder / ".hidden.jsonl").write_text('{"title": "x", "abstract": "y"}')
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    report = add(empty, tmp_path / "in")
    assert (report.added, report.files, report.rejected) == (2, 1, [])
    assert len(report.skipped) == 1 and "photo.png" in report.skipped[0]


def test_a_folder_without_papers_is_rejected(empty, tmp_path):
    (tmp_path / "none").mkdir()
    report = add(empty, tmp_path / "none")
    assert "no readable papers" in str(report.rejected[0])


def test_one_bad_file_does_not_stop_the_others(empty, tmp_path):
    report = add(empty, tmp_path / "missing.txt", PAGES[0])
    assert report.added == 2
    assert str(report.rejected[0]).startswith(f"{tmp_path / 'missing.txt'}: No such file")


def test_standard_input(empty, monkeypatch):
    data = io.BytesIO(json.dumps({"title": "Piped", "abstract": "From a pipe."}).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    assert add(empty, "-").added == 1


def test_a_format_can_be_forced_and_must_be_known(empty, tmp_path):
    file = tmp_path / "x"
    file.write_text("title\tabstract\nA, B\tText.\n")
    assert add(empty, file, format_name="tsv").added == 1
    with pytest.raises(UsageError, match="unknown format"):
        add(empty, file, format_name="docx")


def test_dates_without_year_are_counted(empty):
    assert add(empty, PAGES[1]).undated == 1
    assert next(p for p in empty.papers() if p.paper.date == "Mar 4").paper.year is None
    report = add(empty, PAGES[1], crawl_year=2025)
    assert (report.undated, report.filled_in) == (0, 1)
    assert next(p for p in empty.papers() if p.paper.date == "Mar 4").paper.year == 2025


def test_the_export_is_read_back_unchanged(library, tmp_path):
    from assistant.render import paper_json

    lines = [json.dumps(paper_json(p), ensure_ascii=False) for p in library.papers()]
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    copy = Library.create(tmp_path / "copy")
    add(copy, file)
    for one, two in zip(library.papers(), copy.papers(), strict=True):
        assert one.id == two.id and one.sentences == two.sentences
        assert (one.paper.title, one.paper.abstract) == (two.paper.title, two.paper.abstract)
        assert (one.paper.year, one.paper.numbers) == (two.paper.year, two.paper.numbers)
    copy.close()


def test_a_pipe_is_read_once_and_whole(empty, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    lines = [json.dumps({"title": f"T{i}", "abstract": "x" * 1000}) for i in range(200)]
    thread = threading.Thread(target=lambda: pipe.write_text("\n".join(lines)))
    thread.start()
    assert add(empty, pipe).added == 200
    thread.join()


def test_a_table_without_titles_is_named_by_what_it_lacks(empty, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("name of it,abstract\na,b\n")
    assert "no title column" in str(add(empty, file).rejected[0])
