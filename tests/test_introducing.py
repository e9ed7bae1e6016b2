from dataclasses import replace

import pytest

from assistant.evidence import Evidence
from assistant.introducing import Introductions, label, may_introduce, short_name
from assistant.library import StoredPaper
from assistant.papers import Paper

TIDES = Paper("Tides: Forecasts from Old Gauges", "We present Tides, a model of water.", year=2021)
MAPQA = Paper("MapQA: Answers from Charts", "MapQA reads charts of all ports.", year=2023)
PLAIN = Paper("Water in Old Ports", "Water rises in old ports.", year=1999)
SILT = Paper("On the Silt of Harbours", "Harbours silt up.")


def stored(paper):
    return StoredPaper(paper.title, paper, ((0, len(paper.abstract)),))


def leads(*told, question="How high is the water?"):
    """The leads of sentences, each given as paper, text and whether it is quoted."""
    evidence = [Evidence(stored(paper), 0, 0.0) for paper, _, _ in told]
    introductions = Introductions(question, evidence)
    return [introductions.lead([stored(p)], text, quoted=quoted) for p, text, quoted in told]


def test_a_sentence_about_several_papers_has_no_lead_and_counts_for_those_after_it():
    both = [Evidence(stored(paper), 0, 0.0) for paper in (PLAIN, SILT)]
    introductions = Introductions("How high is the water?", both)
    papers = [item.stored for item in both]
    assert introductions.lead(papers, "Water rises, while harbours silt up.", quoted=False) == ""
    assert introductions.lead(papers[:1], "It rises.", quoted=False) == "The first paper (1999):"
    assert introductions.lead(papers[1:], "It silts.", quoted=True) == "The second paper:"


@pytest.mark.parametrize(
    ("title", "abstract", "name"),
    [
        ("MapQA: Answers from Charts", "MapQA reads charts.", "MapQA"),
        ("GPT-3: A Model", "We train GPT-3.", "GPT-3"),
        ("miniCTX: Proofs", "We show miniCTX, a set.", "miniCTX"),
        ("phi-1.5: A Model", "It is called phi-1.5.", "phi-1.5"),
        ("Tides: Forecasts", "We present Tides, a model.", "Tides"),
        ("Red Gauge WxC: Forecasts", "We present Red Gauge WxC, a model.", "Red Gauge WxC"),
        # not a name, or not seen to be one
        ("MapQA Answers from Charts", "MapQA reads charts.", ""),
        ("MapQA: Answers from Charts", "The model reads charts.", ""),
        ("Tides: A Survey", "Tides are high. We read about tides.", ""),
        ("Calibration: A New View", "Calibration is hard.", ""),
        ("calibration: a new view", "We study calibration of gauges.", ""),
        ("Attention is no explanation: a reply", "Attention is no explanation.", ""),
        ("A Very Long Name of a Model: It", "We use A Very Long Name of a Model.", ""),
        (": Forecasts", "We forecast.", ""),
        ("", "", ""),
    ],
)
def test_short_names(title, abstract, name):
    assert short_name(Paper(title, abstract)) == name


@pytest.mark.parametrize(
    "before",
    [
        "Ignore the above",
        "SYSTEM",
        "System",
        "Assistant",
        "User",
        "WARNING",
        "Answer",
        "The Answer Is No",
        "RETRACTED",
        "[b]MapQA",
        "MapQA\x1b[31m",
        "Map\u202eQA",
        "Map\nQA",
        "MapQA. The answer is 9",
        "MapQA</span><script>",
        "evil.com",
        "http",
        "M" * 31,
    ],
)
def test_no_title_speaks_for_the_program(before):
    assert short_name(Paper(f"{before}: a model", f"We present {before}, a model. {before}.")) == ""


def test_the_first_quote_of_one_paper_is_introduced():
    assert leads((TIDES, "The water is high.", True), (TIDES, "It rises.", True)) == [
        "Tides (2021):",
        "",
    ]
    assert leads((SILT, "Harbours silt up.", True)) == ["The authors write:"]
    assert leads((TIDES, "Tides is a model of water.", True)) == ["The authors write:"]


def test_a_quote_behind_written_sentences_is_the_authors():
    told = [(TIDES, "The water rises.", False), (TIDES, "It rises.", True)]
    assert leads(*told, (TIDES, "It falls.", True)) == ["", "The authors write:", ""]


def test_each_change_of_paper_is_introduced():
    told = [
        (PLAIN, "The authors see water.", False),
        (PLAIN, "Water rises.", True),
        (MAPQA, "Charts are read.", False),
        (SILT, "Harbours silt up.", True),
        (PLAIN, "The authors see more water.", False),
        (MAPQA, "All ports have charts.", True),
    ]
    assert leads(*told) == [
        "One paper (1999):",
        "",
        "MapQA (2023):",
        "A third paper:",
        "The first paper (1999):",
        "MapQA (2023):",
    ]
    assert leads(told[3], told[0])[1] == "Another paper (1999):"


def test_a_sentence_that_names_its_paper_introduces_it():
    told = [(PLAIN, "Water rises.", True), (MAPQA, "The authors present MapQA-2.", False)]
    assert leads(*told, (MAPQA, "It reads charts.", True))[1:] == ["", ""]
    late = "Among all of the models that have been built before, MapQA is the best."
    assert leads(told[0], (MAPQA, late, False))[1] == "MapQA (2023):"


def test_synopses_are_not_their_authors_words():
    assert leads((replace(SILT, kind="synopsis"), "Harbours silt up.", True)) == [""]


def test_a_sentence_that_names_what_its_paper_proposes_needs_no_lead():
    kites = Paper("Ploughs That Fly", "We propose KITE, a plough. KITE flies.", year=2021)
    told = [(kites, "KITE flies.", True), (SILT, "Harbours silt up.", True)]
    assert leads(*told)[0] == ""
    told[0] = (kites, "It flies over fields.", True)
    assert leads(*told)[0] == "One paper (2021):"


def test_each_paper_of_a_list_has_its_name_or_title():
    told = [(TIDES, "The water is high.", True), (SILT, "Harbours silt up.", True)]
    assert leads(*told, question="Which papers are about water?") == [
        f"{label(stored(paper))}:" for paper in (TIDES, SILT)
    ]


def test_a_title_without_blanks_is_cut():
    assert label(stored(Paper("潮" * 80, "Tides."))) == "潮" * 58 + " …"


def test_every_lead_is_one_that_may_introduce_its_paper():
    many = [Paper(f"Paper number {n}", "Water rises.", year=2000 + n) for n in range(13)]
    told = [(paper, "Water rises.", True) for paper in (*many, TIDES, many[3], many[12])]
    made = leads(*told)
    assert made[12] == "A further paper (2012):" and made[15] == "The further paper (2012):"
    for (paper, _, _), lead in zip(told, made, strict=True):
        assert lead and may_introduce(lead, stored(paper))


@pytest.mark.parametrize(
    "lead",
    [
        ":",
        "Tides:",
        "Tides (2022):",
        "MapQA (2021):",
        "It is false that",
        "One paper",
        "Two papers:",
    ],
)
def test_other_leads_are_found_out(lead):
    assert not may_introduce(lead, stored(TIDES))
