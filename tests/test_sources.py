import json

import pytest
from support import FIXTURES

from assistant.errors import SourceUnreadable
from assistant.papers import Paper
from assistant.sources import READERS, Rejection, Source, choose


def read(data, name="input", year=None):
    """Papers and rejections of a file with these bytes, by whichever reader claims it."""
    import io

    data = data.encode() if isinstance(data, str) else data
    source = Source(name, lambda: io.BytesIO(data), year)
    reader = choose(source.sample())
    assert reader is not None, "no reader recognises it"
    items = list(reader.read(source))
    papers = [item for item in items if isinstance(item, Paper)]
    return papers, [item for item in items if isinstance(item, Rejection)], reader.name


COMPACT = (FIXTURES / "compact.txt").read_bytes()
SPACED = (FIXTURES / "spaced.txt").read_bytes()


def test_compact_listing_with_the_title_glued_to_the_header():
    papers, rejected, name = read(COMPACT)
    assert name == "listing" and not rejected
    assert [p.title for p in papers] == [
        "Pebble: Tiny Speech Models for Hearing Aids",
        "How Many Bees Does It Take? Counting Insects With Drones",
    ]
    assert papers[0].abstract == COMPACT.decode().split("\n")[3]
    assert [p.line for p in papers] == [3, 5]


def test_spaced_listing_keeps_each_block_with_its_paper():
    papers, rejected, _ = read(SPACED, year=2025)
    assert not rejected and len(papers) == 4
    pruning, bare, tides, note = papers
    assert (pruning.author_count, pruning.date, pruning.year, pruning.numbers) == (
        3,
        "Mar 4",
        2025,
        (2,),
    )
    assert (bare.author_count, bare.date, bare.year, bare.numbers) == (None, None, None, ())
    assert (tides.organisation, tides.author_count, tides.year) == ("Harbour Institute", None, 2023)
    assert tides.numbers == (18,)
    assert (note.author_count, note.date) == (1, "Dec 24, 2021")


def test_a_date_without_year_stays_open_without_a_crawl_year():
    papers, _, _ = read(SPACED)
    assert papers[0].date == "Mar 4" and papers[0].year is None


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b.replace(b"\n", b"\r\n"),
        lambda b: b"\xef\xbb\xbf" + b,
        lambda b: b + b"\n\n",
        lambda b: b.decode().encode("utf-16"),
        lambda b: b.rstrip(b"\n"),
    ],
)
@pytest.mark.parametrize("page", [COMPACT, SPACED])
def test_line_ends_marks_and_encodings_change_nothing(page, change):
    assert [(p.title, p.abstract, p.date) for p in read(change(page))[0]] == [
        (p.title, p.abstract, p.date) for p in read(page)[0]
    ]


@pytest.mark.parametrize("label", ["  • NVIDIA", "NVIDIA", "  • \nNVIDIA", " · NVIDIA"])
def test_an_organisation_may_stand_in_the_block(label):
    page = SPACED.replace("  • Harbour Institute".encode(), label.encode())
    tides = read(page)[0][2]
    assert tides.organisation == "NVIDIA" and tides.date == "Jun 5, 2023"


def test_organisation_and_count_together():
    page = SPACED.decode().replace(
        "  • Harbour Institute\n", "Harbour Institute\n·\n  • 5 authors\n"
    )
    tides = read(page)[0][2]
    assert (tides.organisation, tides.author_count, tides.year) == ("Harbour Institute", 5, 2023)


def test_a_title_without_abstract_is_rejected_and_its_neighbours_stay():
    page = SPACED.decode().replace("One Author Is Enough", "A Lonely Title\n\nOne Author Is Enough")
    papers, rejected, _ = read(page)
    assert len(papers) == 4 and len(rejected) == 1
    assert "A Lonely Title" in rejected[0].reason and rejected[0].line


def test_json_lines_keep_the_good_lines():
    lines = [json.dumps({"title": f"T{i}", "abstract": "Some text."}) for i in range(10)]
    lines[6] = '{"title": "T6", "abstract": '
    papers, rejected, name = read("\n".join(lines))
    assert name == "jsonl" and len(papers) == 9
    assert [(r.line, "broken JSON" in r.reason) for r in rejected] == [(7, True)]


def test_json_lines_take_the_usual_names():
    record = {
        "id": "2101.00001v3",
        "title": "Multi\n line",
        "abstract": " kept  as is\n",
        "authors": [{"name": "A. One"}, "B Two"],
        "update_date": "2021-05-06",
        "doi": "https://doi.org/10.1/ABC",
    }
    (paper,), _, _ = read(json.dumps(record))
    assert (paper.title, paper.abstract) == ("Multi\n line", " kept  as is\n")
    assert paper.arxiv_id == "2101.00001" and paper.doi is None
    assert paper.authors == ("A. One", "B Two") and paper.year == 2021


def test_json_lines_reject_what_is_no_paper():
    papers, rejected, _ = read('{"title": "x"}\n[1]\n{"abstract": "y"}\n' + "{" * 100000)
    assert not papers and [r.line for r in rejected] == [1, 2, 3, 4]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables(delimiter):
    rows = [
        ["Title", "Abstract Note", "Publication Year", "Authors"],
        ["One", f'"A text with a {delimiter} in it\nand ""two"" lines."', "1999", '"A B; C D"'],
        ["Two", "Plain.", "", ""],
        ["", "No title.", "", ""],
    ]
    papers, rejected, name = read("\n".join(delimiter.join(row) for row in rows))
    assert name == ("tsv" if delimiter == "\t" else "csv")
    assert papers[0].abstract == f'A text with a {delimiter} in it\nand "two" lines.'
    assert (papers[0].year, papers[0].authors) == (1999, ("A B", "C D"))
    assert papers[1].line == 4 and [r.reason for r in rejected] == ["no title"]


def test_a_table_without_abstracts_is_refused_as_a_whole():
    with pytest.raises(SourceUnreadable, match="no abstract column"):
        read("title,year\nx,1\n")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n0000", "PNG"),
        (bytes(range(256)) * 8, "binary"),
        (b"%PDF-1.7 text text", "PDF"),
    ],
)
def test_what_is_not_text_is_named(data, what):
    with pytest.raises(SourceUnreadable, match=what):
        read(data)


def test_names_are_distinct():
    assert len({reader.name for reader in READERS}) == len(READERS)
