"""Summaries: what is told of each paper, in which theme, and what is printed."""

import csv
import io
import json
import re

import numpy as np
import pytest
from support import WORDS_IDENTITY, WordsEncoder, no_progress

from assistant import indexing
from assistant.errors import UsageError
from assistant.export.summary_html import to_html
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.summary import formats, summarizing, themes
from assistant.summary.columns import check_columns
from assistant.summary.making import paper_vectors
from assistant.summary.notes import ROLES, read
from assistant.summary.records import dump_summary, load_summary
from assistant.summary.summarizing import OTHERS, summarize
from assistant.thesaurus import Thesaurus
from assistant.vectors import VectorIndex
from assistant.verifying import verify

LANTERN = (
    "Lanterns on ships are often expensive to keep lit. However, a cheap lantern that lasts is "
    "still lacking. We propose Glim, a lantern that burns waste oil. We evaluate it on a data set "
    "of 40 voyages. Glim reduces the oil burnt by 37% and outperforms all other lanterns. It does "
    "not work in storms, which remains future work. The code is available at example.org."
)


def stored(title, abstract, **facts):
    paper = Paper(title, abstract, **facts)
    return StoredPaper(paper.id, paper, tuple(split_sentences(abstract)))


def unit(*numbers):
    vector = np.array(numbers, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def test_each_sentence_of_an_abstract_gets_the_role_it_announces():
    note = read(stored("Glim", LANTERN))
    assert note.quote("problem").startswith("However, a cheap lantern")
    assert note.quote("method").startswith("We propose Glim")
    assert note.quote("data").startswith("We evaluate it on a data set")
    assert note.quote("finding").startswith("Glim reduces the oil burnt by 37%")
    assert note.quote("limits").startswith("It does not work in storms")


def test_what_is_not_said_has_no_sentence():
    note = read(stored("Glim", "Glim is a lantern. It is green."))
    assert note.sentences == {} and note.quote("finding") is None


def test_no_sentence_has_two_roles_where_each_role_has_its_own():
    note = read(stored("Glim", LANTERN))
    indexes = [index for found in note.sentences.values() for index in found]
    assert len(indexes) == len(set(indexes))


def test_one_sentence_may_tell_what_was_done_on_what_and_what_came_of_it():
    note = read(
        stored(
            "Naps",
            "We asked whether short naps improve recall. In 40 adults, a nap improved it by 9 "
            "percent over rest. Children were not studied.",
        )
    )
    assert note.sentences["problem"] == (0,) and note.sentences["limits"] == (2,)
    assert note.sentences["method"] == note.sentences["data"] == note.sentences["finding"] == (1,)


@pytest.mark.parametrize("style", ["themes", "table"])
def test_a_sentence_with_several_roles_is_quoted_once(style):
    naps = stored("Naps", "In 40 adults, a nap improved recall by 9 percent. It was not tested.")
    summary = summarize([naps], {naps.id: unit(1, 0)}, "sleep", style)
    texts = [s.text for section in summary.sections for s in section.sentences]
    assert len(texts) == len(set(texts)) == 2


@pytest.mark.parametrize(
    "finding",
    [
        "Yields were the same in both years.",
        "Growth fell by a third under drought.",
        "The smaller firms lost more staff than the larger ones.",
        "No link with age was seen.",
    ],
)
def test_findings_of_any_field_are_recognized(finding):
    note = read(stored("x", f"Fields are large. {finding}"))
    assert note.quote("finding") == finding


SHIPS = [
    stored(f"Ship lantern {i}", f"Ship lanterns burn oil at sea. We propose ship lantern {i}.")
    for i in range(3)
]
BEES = [
    stored(f"Bee hives {i}", f"Bee hives need care. We show that bee hives grow by {i}5%.")
    for i in range(3)
]
ALONE = stored("A comet", "A comet was seen. We find that it is 3 times brighter.")
VECTORS = (
    {p.id: unit(1, 0.01 * i, 0) for i, p in enumerate(SHIPS)}
    | {p.id: unit(0, 1, 0.01 * i) for i, p in enumerate(BEES)}
    | {ALONE.id: unit(0.1, 0, 1)}
)


@pytest.fixture
def three_themes(monkeypatch):
    monkeypatch.setattr(themes, "PAPERS_A_THEME", 7 / 3)


def test_papers_are_told_theme_by_theme_and_all_are_cited(three_themes):
    papers = [SHIPS[0], BEES[0], ALONE, SHIPS[1], BEES[1], SHIPS[2], BEES[2]]
    summary = summarize(papers, VECTORS, "things", "themes")
    headings = [section.heading for section in summary.sections]
    assert len(headings) == 3 and headings[-1] == OTHERS
    assert {h.split()[0] for h in headings[:2]} == {"Ship", "Bee"}
    for section in summary.sections[:2]:
        titles = {summary.sources[s.citations[0] - 1].stored.paper.title for s in section.sentences}
        assert len({title.split()[0] for title in titles}) == 1 and len(titles) == 3
    assert summary.coverage == "7 of 7 papers read, 7 cited"
    for section in summary.sections:
        for sentence in section.sentences:
            (start, end) = sentence.spans[0]
            source = summary.sources[sentence.citations[0] - 1]
            assert source.stored.paper.abstract[start:end] == sentence.text
            assert (start, end) in source.quotes


def papers(*abstracts):
    return [Paper("", abstract) for abstract in abstracts]


def test_a_heading_is_borne_out_by_half_of_its_papers():
    lamps = papers("red lamps glow", "red lamps shine", "green apples")
    assert themes.headings([lamps, papers("blue sky")])[0] == "Red lamps"
    assert themes.headings([papers("red lamps", "green apples", "blue sky"), []])[0] is None
    assert themes.headings([papers("red lamps"), []])[0] is None


def test_a_theme_takes_no_term_that_the_others_hold_as_often():
    assert themes.headings([papers("red. lamps", "red. lamps"), papers("red", "red")])[0] == "Lamps"


def test_terms_of_titles_are_preferred():
    lamps = [Paper("Lamps", "oil burns"), Paper("Lamps", "oil burns")]
    assert themes.headings([lamps, []])[0].startswith("Lamps")


def test_the_second_term_of_a_heading_is_one_of_a_title():
    lamps = [Paper("Lamps of brass", "fuel burns"), Paper("Lamps of tin", "fuel burns")]
    assert themes.headings([lamps, []])[0] == "Lamps"
    lamps = [Paper("Lamps of brass", "fuel burns"), Paper("Lamps and fuel", "fuel burns")]
    assert themes.headings([lamps, []])[0] == "Lamps, fuel"


def test_papers_that_are_not_alike_get_no_heading_from_a_word_they_share():
    assert themes.are_alike(np.array([unit(1, 0, 0), unit(1, 1, 0)]))
    assert not themes.are_alike(np.array([unit(1, 0, 0), unit(0, 1, 0)]))
    assert not themes.are_alike(np.array([unit(1, 0, 0)]))
    unlike = {paper.id: unit(*row) for paper, row in zip(SHIPS, np.eye(3), strict=True)}
    (section,) = summarize(SHIPS, unlike, "things", "themes").sections
    assert section.heading == "All papers"


def test_unlike_papers_stand_behind_a_theme_as_other_papers(monkeypatch):
    monkeypatch.setattr(summarizing, "group", lambda rows: [[0, 1, 2], [3, 4, 5]])
    vectors = {paper.id: unit(1, 0, 0, 0) for paper in SHIPS} | {
        paper.id: unit(*row) for paper, row in zip(BEES, np.eye(4)[1:], strict=True)
    }
    summary = summarize([*SHIPS, *BEES], vectors, "things", "themes")
    first, others = (section.heading for section in summary.sections)
    assert first.startswith("Ship") and others == OTHERS


def test_few_papers_are_one_theme():
    assert themes.group(np.array([unit(1, 0), unit(0, 1)])) == [[0, 1]]
    assert themes.group(np.zeros((0, 2), dtype=np.float32)) == []


def test_what_a_paper_says_is_a_line_of_its_own():
    shown = formats.text(summarize([SHIPS[0], BEES[0]], VECTORS, "things", "themes"), 200)
    assert "- Ship lantern 0: “We propose ship lantern 0.” [1]" in shown
    assert "- Bee hives 0: “We show that bee hives grow by 05%.” [2]" in shown
    assert shown.startswith("things\n2 of 2 papers read, 2 cited.\n")


def test_brief_has_at_most_five_findings_from_different_papers():
    summary = summarize([*SHIPS, *BEES, ALONE], VECTORS, "things", "brief")
    done, found = summary.sections
    assert [s.text.startswith("We propose") for s in done.sentences] == [True] * 3
    cited = [s.citations for s in found.sentences]
    assert 1 <= len(cited) <= 5 and len(set(cited)) == len(cited)


def test_a_paper_without_an_abstract_is_named_not_left_out():
    empty = stored("Only a title", "")
    summary = summarize([SHIPS[0], empty], VECTORS, "ships", "themes")
    assert summary.coverage == "1 of 2 papers read, 1 cited"
    for shown in (formats.text(summary, 80), formats.markdown(summary)):
        assert "no abstract" in shown and "Only a title" in shown
    assert formats.as_json(summary, {})["coverage"]["without_abstract"] == [empty.id]


def test_every_cell_of_the_table_is_a_quote_or_says_so():
    summary = summarize([stored("Glim", LANTERN), BEES[0]], {}, "lamps", "table")
    rows = list(csv.DictReader(io.StringIO(formats.as_csv(summary))))
    assert [row["title"] for row in rows] == ["Glim", "Bee hives 0"]
    for row, note in zip(rows, summary.notes, strict=True):
        for role in ROLES:
            assert row[role] == formats.NOT_STATED or row[role] in note.stored.paper.abstract
    assert rows[1]["limits"] == formats.NOT_STATED
    cells = [row["cells"] for row in formats.as_json(summary, {})["table"]["rows"]]
    assert cells[1]["limits"] is None and "37%" in cells[0]["finding"]


def test_no_cell_is_a_formula():
    summary = summarize([stored("=1+1", "-2 is less. We show that 2% is more.")], {}, "x", "table")
    (row,) = list(csv.DictReader(io.StringIO(formats.as_csv(summary))))
    assert row["title"] == "'=1+1"


def test_text_of_papers_has_no_effect_in_markdown():
    paper = stored("A | *b* <c>", "We propose `x` | y and show that it improves z by 3%.")
    shown = formats.markdown(summarize([paper], {}, "a|b", "table"))
    assert "A \\| \\*b\\* \\<c\\>" in shown and "\\`x\\` \\| y" in shown


def test_bibtex_holds_exactly_what_is_cited():
    summary = summarize([*SHIPS, *BEES, ALONE], VECTORS, "things", "brief")
    assert formats.as_bibtex(summary).count("title = ") == len(summary.sources) < 8


def test_vectors_of_papers_come_from_the_index(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    papers = list(library.papers())
    vectors = paper_vectors(index, papers)
    assert set(vectors) == {paper.id for paper in papers}
    assert np.linalg.norm(list(vectors.values()), axis=1) == pytest.approx(1, abs=1e-5)
    assert paper_vectors(VectorIndex(index.folder, WORDS_IDENTITY), []) == {}


def test_the_page_shows_every_quote_its_source_and_papers_by_year(three_themes):
    dated = [
        stored(f"Ship lantern {year}", f"Ship lanterns burn oil in {year}.", year=year)
        for year in (2019, 2021, 2020)
    ]
    vectors = {paper.id: unit(1, 0.01 * i, 0) for i, paper in enumerate(dated)} | VECTORS
    summary = summarize([*dated, *BEES, ALONE], vectors, "<b>things</b>", "themes")
    html = to_html(summary)
    assert "<b>" not in html and "&lt;b&gt;things&lt;/b&gt;" in html
    identifiers = set(re.findall(r' id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) == identifiers and len(identifiers) == 7
    for section in summary.sections:
        for sentence in section.sentences:
            (number,) = sentence.citations
            link = f'href="#summary-source{number}" title="{sentence.text}">[{number}]</a>'
            assert f'“{sentence.text}” <a class="marker" {link}' in html
    chart = html.split("<table", 1)[1].split("</table>")[0]
    assert re.findall('<th scope="col">(.+?)</th>', chart) == ["2019", "2020", "2021", "no year"]
    assert re.findall("<td>(.*?)</td>", chart) == [
        *("■ 1", "■ 1", "■ 1", ""),
        *("", "", "", "■■■ 3"),
        *("", "", "", "■ 1"),
    ]


def test_the_page_of_a_table_says_what_is_not_stated():
    html = to_html(summarize([stored("Glim", LANTERN), ALONE], {}, "lamps", "table"))
    rows = re.findall("<tr>(.*?)</tr>", html)
    assert len(rows) == 3 and rows[2].count("not stated") == 3
    assert "Glim reduces the oil burnt by 37%" in rows[1]


@pytest.mark.parametrize("style", ["themes", "brief", "table"])
def test_a_summary_is_the_same_after_the_way_through_json(three_themes, style):
    made = summarize([*SHIPS, *BEES, stored("Only a title", ""), ALONE], VECTORS, "things", style)
    loaded = load_summary(json.loads(json.dumps(dump_summary(made))))
    assert loaded == made and formats.markdown(loaded) == formats.markdown(made)


def test_progress_is_told_every_few_papers_and_at_the_end():
    told = []
    many = [stored(f"Ship {i}", LANTERN) for i in range(120)]
    summarize(many, {}, "ships", "table", lambda what, done, total: told.append((done, total)))
    assert told == [(n, 120) for n in (20, 40, 60, 80, 100, 120)]


def test_a_table_has_the_columns_that_are_asked_for():
    known = Thesaurus({"graphics card": ["GPU"]})
    papers = [
        stored(
            "One",
            "We train on eight GPUs. A batch is of no known, much disputed size. Batch sizes grew.",
        ),
        stored("Two", "We propose a pruner. It has no batch."),
    ]
    columns = ("method", "graphics card", "batch size")
    summary = summarize(papers, {}, "T", "table", columns=columns, synonyms=known)
    rows = [formats.cells(summary, note) for note in summary.notes]
    assert [tuple(row) for row in rows] == [columns, columns]
    assert rows[0]["graphics card"] == "We train on eight GPUs."
    assert rows[0]["batch size"] == "Batch sizes grew."
    assert rows[1]["batch size"] == rows[1]["graphics card"] == "not stated"
    assert "disputed" not in formats.text(summary, 80)
    assert formats.as_csv(summary).startswith("id,title,year,method,graphics card,batch size\n")
    assert '<th dir="auto">batch size</th>' in to_html(summary)


def test_roles_may_be_written_with_capitals():
    paper = stored("One", "We propose a pruner. It has no batch.")
    summary = summarize([paper], {}, "T", "table", columns=["METHOD"])
    assert formats.cells(summary, summary.notes[0]) == {"METHOD": "We propose a pruner."}


@pytest.mark.parametrize(
    "columns", [[], ["method", "Method"], ["?"], ["", "data"], ["of the"], [*map(str, range(13))]]
)
def test_columns_that_are_none_are_refused(columns):
    with pytest.raises(UsageError):
        check_columns(columns)


def test_what_points_back_to_a_sentence_that_is_not_told_is_left_out():
    dangling = stored(
        "Glim: A Lantern (of Oil)",
        "Lanterns are dear. This limitation remains. However, we propose Glim, a ship lantern. "
        "It burns oil. It was tested. Our experiments show that Glim saves 37% of the oil.",
        year=2020,
    )
    (section,) = summarize([dangling], {}, "lanterns", "themes").sections
    first, *others = section.sentences
    assert first.lead == "Glim (2020):" and not any(sentence.lead for sentence in others)
    texts = [sentence.text for sentence in section.sentences]
    assert texts == ["we propose Glim, a ship lantern.", "Glim saves 37% of the oil."]
    assert first.body == "“… we propose Glim, a ship lantern.”"
    alone = stored("Two", "Lanterns are dear. They show that 37% of oil is saved.")
    (section,) = summarize([alone], {}, "lanterns", "themes").sections
    assert [s.text for s in section.sentences] == ["They show that 37% of oil is saved."]


def test_a_saved_summary_with_cut_quotes_is_verified(library):
    text = (
        "Lanterns are dear. However, we propose Glim, a ship lantern. It does not work in storms."
    )
    with library.transaction():
        identifier = library.insert(Paper("Glim", text), split_sentences(text))
    summary = summarize([library.get(identifier)], {}, "lanterns", "themes")
    record = json.loads(json.dumps(formats.as_json(summary, {})))
    assert record["sections"][0]["sentences"][0]["text"].startswith("we propose")
    assert not any(finding.fault for finding in verify(record, library))
