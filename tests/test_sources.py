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


def test_an_unclosed_quotation_mark_is_reported_and_swallows_nothing_silently():
    papers, rejected, _ = read('title,abstract\nA0,fine\nA1,"never closed\nA2,two\nA3,three\n')
    assert [p.title for p in papers] == ["A0"]
    assert [(r.line, "never closed" in r.reason) for r in rejected] == [(3, True)]


@pytest.mark.parametrize(
    "record",
    [
        '{"title": "Half \\ud83d", "abstract": "Text.", "authors": ["\\ud800"]}',
        '{"title": "T", "abstract": "Text.", "author_count": 99999999999999999999999999}',
        '{"title": "T", "abstract": "Text.", "author_count": "' + "9" * 5000 + '"}',
        '{"title": "T", "abstract": "Text.", "numbers": [1, 9999999999999999999999, "x"]}',
    ],
)
def test_half_characters_and_huge_numbers_do_not_cost_the_record(record, tmp_path):
    (paper,), rejected, _ = read(record)
    assert not rejected and paper.abstract == "Text."
    (paper.title + "".join(paper.authors)).encode()
    assert (paper.author_count or 0) < 10**9


def test_a_number_too_long_to_read_costs_one_line():
    papers, rejected, _ = read(
        '{"title": "T", "abstract": "x", "year": 1' + "0" * 5000 + "}\n"
        '{"title": "U", "abstract": "y"}'
    )
    assert [p.title for p in papers] == ["U"] and [r.line for r in rejected] == [1]


LONG = "This abstract says at some length what was done, how it was done and what came of it. " * 5


@pytest.mark.parametrize("title", ["vLLM in Depth", "$\\alpha$ Tuning", "Étude", "[Re] It", "“So”"])
def test_subscribe_is_taken_off_any_title(title):
    page = f"Get trending papers in your email inbox!\nSubscribe{title}\n{LONG}\nNext One\n{LONG}\n"
    assert [p.title for p in read(page)[0]] == [title, "Next One"]


def test_a_word_that_begins_like_subscribe_stays():
    page = f"Daily Papers\nSubscribers of Journals\n{LONG}\nSubscribed\n{LONG}"
    assert [p.title for p in read(page)[0]] == ["Subscribers of Journals", "Subscribed"]


def test_a_missing_abstract_and_a_missing_title_do_not_shift_the_others():
    other = "A Title of the Third That Is Long Enough to Be Taken for More"
    lines = ["One", "A1 " + LONG, "Two", other, "A3 " + LONG, "A4 " + LONG, "Five", "A5 " + LONG]
    papers, rejected, _ = read("Daily Papers\n" + "\n".join(lines))
    assert [(p.title, p.abstract[:2]) for p in papers] == [
        ("One", "A1"),
        (other, "A3"),
        ("Five", "A5"),
    ]
    assert len(rejected) == 2


def test_paragraphs_of_an_abstract_never_become_papers():
    page = SPACED.decode().replace(
        "Retraining is not needed.", "It ends.\n\nSecond par.\n\n" + LONG
    )
    papers, rejected, _ = read(page)
    assert [p.title for p in papers][:1] == [
        "Ladder Pruning Removes Whole Layers Without Retraining"
    ]
    assert papers[0].author_count == 3 and len(papers) == 4 and len(rejected) == 2


def test_the_block_of_a_paper_without_abstract_is_not_its_neighbours():
    page = SPACED.decode().replace("  • 3 authors", "A Lonely Title\n\n  • 3 authors")
    papers, rejected, _ = read(page)
    assert papers[0].author_count is None and len(rejected) == 1


@pytest.mark.parametrize(
    "block", ["Lab · Jun 5, 2023 18", "  • Lab · 5 authors\n·\nJun 5, 2023  18"]
)
def test_blocks_on_one_line(block):
    page = SPACED.decode().replace("  • Harbour Institute\n·\nJun 5, 2023 18", block)
    tides = read(page)[0][2]
    assert (tides.organisation, tides.year, tides.numbers) == ("Lab", 2023, (18,))


def test_a_title_in_braces_is_not_json():
    assert read(f"{{Curly}} Title\n{LONG}\nOther\n{LONG}")[2] == "listing"
