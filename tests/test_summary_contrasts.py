"""Contrasts: what two findings have to do with each other, and how a summary tells it."""

import json
import re

import numpy as np
import pytest

from assistant.api import Assistant
from assistant.claims.claims import claims
from assistant.config import Config
from assistant.export.summary_html import to_html
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.summary import formats, notes, themes
from assistant.summary.choosing import Candidate, Choice, off_topic
from assistant.summary.comparing import alone, contrasts, statements
from assistant.summary.contrasts import alike, compare, decide
from assistant.summary.making import sentence_vectors
from assistant.summary.quantities import quantities
from assistant.summary.readings import read
from assistant.summary.records import dump_summary, load_summary
from assistant.summary.summarizing import summarize
from assistant.tui.exchange import content_of, targets_of
from assistant.tui.summary_passages import passages

OPENING = "Boats are painted with red varnish in many harbours."


def paper(title, *sentences, year=None):
    made = Paper(title, " ".join((OPENING, *sentences)), year=year)
    return StoredPaper(made.id, made, tuple(split_sentences(made.abstract)))


def finding(sentence, title="Red varnish on boats", more=""):
    reading = read(notes.read(paper(title, sentence, more)))
    return next(found for found in reading.findings if found.index == 1)


def kind(first, second, **others):
    contrast = decide(finding(first), finding(second, **others))
    return contrast.kind if contrast else None


RAISES = "Red varnish raises the speed of boats by 4 percent."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RAISES, "Red varnish did not raise the speed of boats."),
        (RAISES, "Red varnish lowers the speed of boats."),
        (RAISES, "Red varnish had no effect on the speed of boats."),
        (RAISES, "The speed of boats was unchanged by red varnish."),
        (RAISES, "Boats with red varnish were slower, as their speed fell in every trial."),
        ("Red varnish helps old boats.", "Red varnish hurts old boats."),
        ("Red varnish is harmful for boats.", "Red varnish is beneficial for boats."),
        ("Red varnish is stable on boats.", "Red varnish is unstable on boats."),
        (
            "Red varnish suffices to keep boats dry.",
            "Red varnish does not suffice to keep boats dry.",
        ),
        ("Red varnish is sufficient for boats.", "Red varnish is insufficient for boats."),
        ("Red varnish is necessary for boats.", "Red varnish is unnecessary for boats."),
        ("Red varnish outperforms tar on boats.", "Tar outperforms red varnish on boats."),
        (
            "Red varnish leads to fewer leaks than tar.",
            "Tar leads to fewer leaks than red varnish.",
        ),
        ("Boats with red varnish had fewer leaks.", "Boats with red varnish had more leaks."),
        ("Leaks of boats grew with red varnish.", "Leaks of boats shrank with red varnish."),
        ("Red varnish cools wooden boats.", "Red varnish does not cool wooden boats."),
        ("Boats can be kept dry without varnish.", "Boats cannot be kept dry without varnish."),
        ("The age of varnish predicts leaks.", "The age of varnish did not predict leaks."),
        ("Varnish makes boats safer.", "Varnish makes boats more dangerous."),
        ("Leaks of boats became rarer.", "Leaks of boats became more frequent."),
        (
            "There is a positive relation between varnish and leaks of boats.",
            "There is a negative relation between varnish and leaks of boats.",
        ),
        (
            "Red varnish has a beneficial effect on the hulls of boats.",
            "Red varnish has a harmful effect on the hulls of boats.",
        ),
        ("Boats leak at half the rate of rafts.", "Boats leak at twice the rate of rafts."),
        (
            "Red varnish improved the accuracy of steering.",
            "Red varnish raised the error of steering.",
        ),
    ],
)
def test_findings_that_allow_no_common_direction_contradict_each_other(first, second):
    assert kind(first, second) == kind(second, first) == "contradict"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RAISES, "With red varnish the speed of boats rose in all harbours."),
        (
            "Red varnish did not raise the speed of boats.",
            "Red varnish failed to raise the speed of boats.",
        ),
        ("Red varnish is necessary for boats.", "For boats, red varnish is essential."),
        ("Red varnish outperforms tar on boats.", "On boats, red varnish outperforms tar."),
    ],
)
def test_findings_of_the_same_direction_agree(first, second):
    assert kind(first, second) == "agree"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RAISES, "Red varnish lowers the price of boats."),
        (RAISES, "Red varnish does not lower the speed of boats."),
        (RAISES, "Red varnish may lower the speed of boats."),
        ("Red varnish works well to reduce leaks.", "Red varnish increased leaks of boats."),
        ("GLIM raises the speed of boats.", "GLAM lowers the speed of boats."),
        (RAISES, "It lowers the speed of boats."),
    ],
)
def test_other_quantities_hedges_and_names_contradict_nothing(first, second):
    assert kind(first, second) in (None, "agree")
    assert kind(second, first) in (None, "agree")


@pytest.mark.parametrize(
    "sentence",
    [
        "We asked whether red varnish lowers the speed of boats.",
        "Red varnish is often thought to lower the speed of boats.",
        "Does red varnish lower the speed of boats?",
        "Our paint raises the speed of boats.",
        "However, red varnish is expensive and the problem of leaks remains.",
    ],
)
def test_what_is_asked_wanted_said_by_others_or_of_the_papers_own_is_no_finding(sentence):
    findings = read(notes.read(paper("Red varnish on boats", sentence))).findings
    assert findings == ()


def test_another_thing_that_acts_is_no_contradiction():
    other = finding("Late rain lowers the yield of plums.", title="Late rain and plums")
    assert (
        decide(finding("Deep ploughing raises the yield of plums.", title="Ploughing"), other)
        is None
    )


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("in rivers", "on the open sea", "rivers / sea"),
        ("of Finnish crews", "of Swahili crews", "Finnish / Swahili"),
        ("off Norvik", "off Sandhavn", "Norvik / Sandhavn"),
        ("with 3 layers", "with 12 layers", "other numbers of layers"),
        ("of crews aged 20 to 30", "of crews aged 60 to 70", "other ages"),
        ("on short voyages", "on long voyages", "short / long"),
        ("among fishers", "among ferrymen", ""),
    ],
)
def test_under_other_conditions_findings_differ(first, second, why):
    contrast = decide(
        finding(f"Red varnish raises the speed of boats {first}."),
        finding(f"Red varnish lowers the speed of boats {second}."),
    )
    assert (contrast.kind, contrast.why) == ("conditions", why)


def test_another_word_before_the_same_one_is_another_condition_where_a_title_has_it():
    contrast = decide(
        finding("Varnish raises plank strength.", title="Varnish and plank strength"),
        finding("Varnish lowers rope strength.", title="Varnish and rope strength"),
    )
    assert (contrast.kind, contrast.why) == ("conditions", "plank / rope")


def test_what_a_paper_says_it_did_not_study_is_another_condition():
    contrast = decide(
        finding("Red varnish raises the speed of boats.", more="Rowed barges were not studied."),
        finding("Red varnish lowers the speed of boats.", title="Red varnish on rowed barges"),
    )
    assert contrast.kind == "conditions"


def test_different_numbers_of_the_same_are_told_and_near_ones_agree():
    first = "The draught of the old varnished ferry is 3.1 metres."
    assert kind(first, "The draught of the old varnished ferry is 4.9 metres.") == "number"
    assert kind(first, "The draught of the old varnished ferry is 3.2 metres.") == "agree"
    assert kind(first, "The draught of the old varnished ferry is 4.9 feet.") is None
    assert kind(first, "The mast of a small tug is 4.9 metres.") is None


def test_numbers_of_changes_samples_and_years_are_not_compared():
    for sentence in (
        "Speed fell by 7 percent.",
        "We followed 90 crews.",
        "The ferry was built in 1990 harbours.",
        "Its length is from 7 to 9 metres.",
    ):
        assert quantities(sentence) == []


def test_a_negation_allows_the_other_directions():
    (claim,) = claims("Varnish did not raise speed.")
    assert claim.signs == {0, -1} and claim.heads == {"speed"}
    (claim,) = claims("Varnish left speed unchanged.")
    assert claim.signs == {0}


def test_sentences_are_alike_only_without_another_turn():
    first = finding("Red varnish keeps shipworms away from planks.")
    assert alike(first, finding("Shipworms keep away from planks under red varnish."))
    assert not alike(first, finding("Red varnish never keeps shipworms away from planks."))
    assert not alike(first, finding("Red varnish keeps 9 shipworms away from planks."))


def test_papers_with_few_words_in_common_are_not_compared():
    first = read(notes.read(paper("Varnish", RAISES)))
    other = StoredPaper("p1", Paper("Speed", "x"), ())
    assert compare(first, read(notes.read(other))) == []


def unit(*numbers):
    vector = np.array(numbers, dtype=np.float32)
    return vector / np.linalg.norm(vector)


FASTER = paper("Red varnish makes boats fast", RAISES, "We show that planks last.", year=2001)
SLOWER = paper("Red varnish on slow boats", "Red varnish lowers the speed of boats.", year=2005)
ALSO = paper("Varnish and boats", "Red varnish raises the speed of most boats.", year=2009)
EMPTY = StoredPaper("p0", Paper("Nothing", ""), ())
BOATS = [FASTER, SLOWER, ALSO]
NEAR = {stored.id: unit(1, 0.1 * i) for i, stored in enumerate(BOATS)}


def test_far_papers_are_not_compared():
    far = NEAR | {SLOWER.id: unit(0, 1)}
    read_notes = [notes.read(stored) for stored in (FASTER, SLOWER)]
    assert [c.kind for c in contrasts(read_notes, NEAR, {})] == ["contradict"]
    assert contrasts(read_notes, far, {}) == []


def test_each_finding_is_told_in_one_statement():
    found = contrasts([notes.read(stored) for stored in BOATS], NEAR, {})
    (made,) = statements(found)
    places = [place for side in made.sides for place in side]
    assert made.kind == "contradict" and len(places) == len(set(places)) == 3
    assert made.sides[0] == ((SLOWER.id, 1),)
    assert made.lead == "On speed, these findings contradict each other:"


def test_one_paper_says_what_no_sentence_of_the_others_is_near_to():
    together = paper("Varnish", "We find that varnish is glossy.")
    others = [paper(f"Varnish {i}", "We find that varnish is dull.") for i in range(3)]
    sentences = {p.id: np.array([unit(1, 0, 0), unit(1, 0.2, 0)]) for p in others}
    sentences[together.id] = np.array([unit(1, 0, 0), unit(0, 0, 1)])
    members = [notes.read(stored) for stored in (together, *others)]
    assert alone(members, sentences) == [(together.id, 1)]
    assert alone(members[:2], sentences) == []


def quoted_in(section):
    """All quotes of a section."""
    yield from section.sentences
    for part in section.parts:
        for statement in part.statements:
            for side in statement.sides:
                yield from side


@pytest.fixture
def summary():
    return summarize([*BOATS, EMPTY], NEAR, "boats", "themes")


def test_a_theme_has_only_the_parts_that_say_something(summary):
    (section,) = summary.sections
    assert [part.name for part in section.parts] == ["Contradict", "Over the years"]
    assert section.years == {2001: 1, 2005: 1, 2009: 1}
    (lonely,) = summarize([FASTER], NEAR, "boats", "themes").sections
    assert lonely.parts == []


def test_every_paper_stays_cited_and_no_quote_is_told_twice(summary):
    assert summary.coverage == "3 of 4 papers read, 3 cited"
    quotes = [(s.citations, s.text) for section in summary.sections for s in quoted_in(section)]
    assert len(quotes) == len(set(quotes))
    for section in summary.sections:
        for sentence in quoted_in(section):
            source = summary.sources[sentence.citations[0] - 1]
            ((start, end),) = sentence.spans
            assert source.stored.paper.abstract[start:end] == sentence.text
            assert (start, end) in source.quotes


def test_all_formats_show_both_sides_with_markers(summary):
    number = {source.stored.id: source.number for source in summary.sources}
    slower = f"“Red varnish lowers the speed of boats.” [{number[SLOWER.id]}]"
    faster = f"“{RAISES}” [{number[FASTER.id]}]"
    text, markdown = formats.text(summary, 400), formats.markdown(summary)
    for shown in (text, markdown):
        assert f"contradict each other: {slower} – {faster}" in shown
        assert "Papers per year: 2001: 1, 2005: 1, 2009: 1." in shown
    assert "\nContradict:\n" in text and "\n### Contradict\n" in markdown
    html = to_html(summary)
    assert "<h3>Contradict</h3>" in html and html.count(RAISES.rstrip(".")) >= 2
    assert "2005" in html.split("<table", 1)[1].split("</table>")[0]


TWO_THEMES = [
    paper("Red varnish in spring", RAISES, year=2001),
    paper("Red varnish in autumn", "We find that planks last.", year=2002),
    paper("Harbour boats in spring", "Red varnish lowers the speed of boats.", year=2005),
    paper("Harbour boats in autumn", "Red varnish had no effect on the speed of boats."),
]
NEAR_THEMES = {stored.id: unit(1, i // 2, 0.1 * (i % 2)) for i, stored in enumerate(TWO_THEMES)}


def test_the_chart_counts_each_paper_in_its_own_theme_though_another_quotes_it(monkeypatch):
    monkeypatch.setattr(themes, "PAPERS_A_THEME", 2)
    summary = summarize(TWO_THEMES, NEAR_THEMES, "boats", "themes")
    quoted = [{n for s in quoted_in(section) for n in s.citations} for section in summary.sections]
    assert len(quoted) == 2 and quoted[0] & quoted[1]
    chart = to_html(summary).split("<table", 1)[1].split("</table>")[0]
    columns = re.findall('<th scope="col">(.+?)</th>', chart)
    assert columns == ["2001", "2002", "2005", "no year"]
    cells = re.findall("<td>(.*?)</td>", chart)
    assert cells == ["■ 1", "■ 1", "", "", "", "", "■ 1", "■ 1"]
    sent = load_summary(json.loads(json.dumps(dump_summary(summary))))
    assert to_html(sent) == to_html(summary)


def test_the_json_has_kinds_leads_and_sides(summary):
    (section,) = json.loads(json.dumps(formats.as_json(summary, {})))["sections"]
    contradict, years = section["parts"]
    assert (contradict["name"], years["name"]) == ("Contradict", "Over the years")
    (statement,) = contradict["statements"]
    assert statement["kind"] == "contradict" and statement["lead"].endswith(":")
    first, second = statement["sides"]
    assert [sentence["text"] for sentence in first] == ["Red varnish lowers the speed of boats."]
    assert len(second) == 2
    assert section["years"] == {"2001": 1, "2005": 1, "2009": 1}
    assert [s["kind"] for s in years["statements"]] == ["years", "earliest", "latest"]


def test_what_is_quoted_already_is_pointed_to(summary):
    years = summary.sections[0].parts[-1]
    numbers = {source.stored.id: source.number for source in summary.sources}
    leads = [statement.lead for statement in years.statements[1:]]
    assert leads == [
        f"Earliest finding, 2001: see [{numbers[FASTER.id]}]",
        f"Latest finding, 2009: see [{numbers[ALSO.id]}]",
    ]
    assert all(statement.sides == () for statement in years.statements)


def test_brief_has_a_section_of_contradictions_only_if_there_are_some():
    brief = summarize(BOATS, NEAR, "boats", "brief")
    assert [section.heading for section in brief.sections][2:] == ["Contradictions"]
    assert "contradict each other" in formats.text(brief, 200)
    assert len(summarize([FASTER, ALSO], NEAR, "boats", "brief").sections) == 2


def test_papers_of_a_set_that_are_off_topic_are_named_with_the_reason():
    belonging = (Candidate(FASTER, 0.9, 1),)
    choice = Choice(0.5, belonging, (), 2, others={SLOWER.id: 0.214})
    left_out = off_topic(choice, [FASTER, SLOWER, ALSO])
    assert [item.stored for item in left_out] == [SLOWER, ALSO]
    assert left_out[0].reason == "its relevance is 0.21, under 0.5"
    assert left_out[1].reason == "it is not among the 2 papers nearest to the topic"
    nearer = Choice(0.5, belonging, (), 3, others={SLOWER.id: 0.1, ALSO.id: 0.4})
    assert [item.stored for item in off_topic(nearer, [SLOWER, ALSO])] == [ALSO, SLOWER]
    told = summarize(choice.papers, NEAR, "boats", "themes", off_topic=left_out)
    assert told.coverage == "1 of 1 papers read, 1 cited; 2 off topic"
    for shown in (formats.text(told, 200), formats.markdown(told), to_html(told)):
        assert SLOWER.paper.title in shown and "because its relevance is 0.21" in shown
    assert formats.as_json(told, {})["coverage"]["off_topic"][0]["id"] == SLOWER.id
    assert load_summary(json.loads(json.dumps(dump_summary(told)))) == told


def test_the_chat_gets_all_parts_with_their_quotes(summary):
    sent = load_summary(json.loads(json.dumps(dump_summary(summary))))
    assert sent == summary
    shown = "\n".join(content_of(passage, None).plain for passage in passages(sent))
    (statement,) = summary.sections[0].parts[0].statements
    assert formats.stated(statement).count(" – ") == 1 and formats.stated(statement) in shown
    assert "Papers per year: 2001: 1, 2005: 1, 2009: 1." in shown and "not stated" not in shown
    (opposed,) = [p for p in passages(sent) if getattr(p, "heading", "") == "Contradict"]
    said = [sentence for side in statement.sides for sentence in side]
    assert [target.sentence for target in targets_of(opposed)] == said


def test_parts_are_named_in_a_theme_whose_papers_have_no_other_sentences():
    said = [RAISES, "Red varnish lowers the speed of boats.", "We find that planks of boats last."]
    made = [Paper(f"Red varnish on boats {i}", sentence) for i, sentence in enumerate(said)]
    short = [StoredPaper(p.id, p, tuple(split_sentences(p.abstract))) for p in made]
    near = {stored.id: unit(1, 0.1 * i) for i, stored in enumerate(short)}
    directions = (unit(1, 0), unit(1, 0), unit(0, 1))
    sentences = {s.id: np.array([v]) for s, v in zip(short, directions, strict=True)}
    summary = summarize(short, near, "boats", "themes", sentences=sentences)
    (section,) = summary.sections
    assert section.sentences == []
    names = [part.name for part in section.parts]
    assert names == ["Contradict", "Only one paper says"]
    text, markdown, html = formats.text(summary, 99), formats.markdown(summary), to_html(summary)
    for name in names:
        assert f"\n{name}:\n" in text and f"\n### {name}\n" in markdown
        assert f"<h3>{name}</h3>" in html
    headings = [passage.heading for passage in passages(summary)]
    assert headings == [section.heading, *names, "Sources"]
    brief = summarize(short, near, "boats", "brief")
    assert "\nContradict:" not in formats.text(brief, 99) and "<h3>" not in to_html(brief)


@pytest.fixture
def assistant(tmp_path):
    """An assistant on a library of three papers, indexed in Chroma with the real encoder."""
    records = [
        {"title": stored.paper.title, "abstract": stored.paper.abstract, "year": stored.paper.year}
        for stored in (FASTER, SLOWER)
    ]
    records.append(
        {
            "title": "Grain of northern fields",
            "abstract": "Fields were sown in May. We find that barley ripens late.",
            "year": 2003,
        }
    )
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(map(json.dumps, records)), "utf-8")
    made = Assistant(Config(library=str(tmp_path / "library")))
    made.add([str(file)])
    yield made
    made.close()


@pytest.mark.model
def test_a_contradiction_is_told_from_chroma_with_the_real_encoder(assistant):
    papers = list(assistant.library.papers())
    sentences = sentence_vectors(assistant.index, papers)
    assert {len(rows) for rows in sentences.values()} == {2, 3}
    for stored in papers:
        assert len(sentences[stored.id]) == len(stored.sentences)
    summary = assistant.summarize(papers, "x")
    told = [s for section in summary.sections for part in section.parts for s in part.statements]
    (opposed,) = [statement for statement in told if statement.kind == "contradict"]
    titles = {
        summary.sources[sentence.citations[0] - 1].stored.paper.title
        for side in opposed.sides
        for sentence in side
    }
    assert titles == {FASTER.paper.title, SLOWER.paper.title}
    assert summary.coverage == "3 of 3 papers read, 3 cited"


@pytest.mark.model
def test_the_command_names_what_is_off_topic_in_a_file(tmp_path, assistant, command_line):
    file = tmp_path / "papers.jsonl"
    code, out, _ = command_line(
        "summarize", "red varnish on boats", "--from", file, "--format", "json"
    )
    summary = json.loads(out)
    assert code == 0
    (left_out,) = summary["coverage"]["off_topic"]
    assert left_out["reason"].startswith("its relevance is 0.")
    assert len(summary["papers"]) == summary["coverage"]["cited"] == 2
    kinds = [
        statement["kind"]
        for section in summary["sections"]
        for part in section["parts"]
        for statement in part["statements"]
    ]
    assert "contradict" in kinds
