import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support import WORDS_IDENTITY, WordsEncoder, no_progress

from assistant import indexing
from assistant.answers import Finished
from assistant.api import Assistant
from assistant.config import Config
from assistant.errors import UsageError
from assistant.filters import Filters, fold, members, parse_years, why_none
from assistant.library import Library
from assistant.papers import Paper
from assistant.retrieval import Retriever
from assistant.sentences import split_sentences
from assistant.sets import PaperSets
from assistant.vectors import VectorIndex

SHELF = [
    ("Reefs", 2019, ("Müller, K.", "Adeyemi, Bola"), "sea.txt"),
    ("Kelp", 2021, ("Jørgen Sørensen",), "sea.txt"),
    ("Dunes", 2023, ("K. Muller", "Łukasz Weiß"), "land.csv"),
    ("Moss", None, ("Ito, Aya",), "land.csv"),
    ("Peat", 2023, (), "land.csv"),
]


@pytest.fixture
def shelf(tmp_path):
    """A library of five papers and a way to name those that fulfil filters."""
    library = Library.create(tmp_path / "library")
    with library.transaction():
        for title, year, authors, source in SHELF:
            paper = Paper(title, "It grows.", authors, year=year, source=source)
            library.insert(paper, [(0, 9)])
    yield library
    library.close()


def titles(library, filters):
    stored = library.fetch(members(library, filters))
    return [stored[identifier].paper.title for identifier in members(library, filters)]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2019", (2019, 2019)),
        ("2019-2023", (2019, 2023)),
        ("2019–2023", (2019, 2023)),
        (" 2019 - 2023 ", (2019, 2023)),
        ("2019-", (2019, None)),
        ("-2020", (None, 2020)),
        ("2020-2020", (2020, 2020)),
    ],
)
def test_years_are_read(text, years):
    assert parse_years(text) == years


@pytest.mark.parametrize("text", ["", "-", "20", "2019-20", "20192020", "soon", "2019-2020-2021"])
def test_what_is_no_span_of_years_is_refused_with_examples(text):
    with pytest.raises(UsageError, match="no year and no span") as caught:
        parse_years(text)
    assert "--year 2019-2023" in caught.value.hint


def test_years_that_run_backwards_are_refused():
    with pytest.raises(UsageError, match="end before they begin"):
        parse_years("2023-2019")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(years=(2023, 2023)), ["Dunes", "Peat"]),
        (Filters(years=(2021, None)), ["Kelp", "Dunes", "Peat"]),
        (Filters(years=(None, 2021)), ["Reefs", "Kelp"]),
        (Filters(sources=("sea.txt",)), ["Reefs", "Kelp"]),
        (Filters(sources=("SEA.TXT", "land.csv")), [title for title, *_ in SHELF]),
        (Filters(authors=("muller",)), ["Reefs", "Dunes"]),
        (Filters(authors=("MÜLL",)), ["Reefs", "Dunes"]),
        (Filters(authors=("k müller",)), ["Reefs", "Dunes"]),
        (Filters(authors=("uller",)), []),
        (Filters(authors=("sorensen",)), ["Kelp"]),
        (Filters(authors=("lukasz weiss",)), ["Dunes"]),
        (Filters(authors=("bola muller",)), []),
        (Filters(authors=("muller", "adeyemi")), ["Reefs"]),
        (Filters(authors=("muller",), years=(2020, None), sources=("land.csv",)), ["Dunes"]),
        (Filters(authors=('"], ["',)), ["Reefs", "Kelp", "Dunes", "Moss"]),
        (Filters(sources=("'); DROP TABLE papers; --",)), []),
    ],
)
def test_a_paper_fulfils_all_that_is_asked(shelf, filters, expected):
    assert titles(shelf, filters) == expected


def test_without_anything_asked_there_is_no_list(shelf):
    assert not Filters() and members(shelf, Filters()) is None


def test_a_set_keeps_its_order_and_is_narrowed_by_the_rest(shelf):
    ids = {stored.paper.title: stored.id for stored in shelf.papers()}
    PaperSets(shelf).add("thesis", [ids["Peat"], ids["Reefs"], ids["Dunes"]])
    assert titles(shelf, Filters(set_name="Thesis")) == ["Peat", "Reefs", "Dunes"]
    assert titles(shelf, Filters((2023, None), set_name="thesis")) == ["Peat", "Dunes"]
    assert titles(shelf, Filters(authors=("muller",), set_name="thesis")) == ["Reefs", "Dunes"]
    with pytest.raises(UsageError, match="no set 'thesos'"):
        members(shelf, Filters(years=(2023, None), set_name="thesos"))


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        (
            Filters(years=(2031, 2031)),
            "no paper in the library is from 2031; they are from 2019 to 2023",
        ),
        (
            Filters(years=(None, 1999)),
            "no paper in the library is from 1999 or before; they are from 2019 to 2023",
        ),
        (
            Filters(authors=("Muler",)),
            "no paper in the library is by “Muler”; did you mean “K. Muller”?",
        ),
        (Filters(authors=("Zz",)), "no paper in the library is by “Zz”"),
        (
            Filters(sources=("lend.csv",)),
            "no paper in the library is from the source “lend.csv”; did you mean “land.csv”?",
        ),
        (
            Filters((2019, 2020), ("land.csv",), ("Ito",)),
            "no paper in the library is from 2019 to 2020 by “Ito” from the source “land.csv”",
        ),
        (Filters(set_name="none"), "the set “none” is empty"),
        (Filters((2019, None), set_name="one"), "no paper in the set “one” is from 2019 on"),
    ],
)
def test_why_no_paper_is_left(shelf, filters, reason):
    moss = next(stored.id for stored in shelf.papers() if stored.paper.title == "Moss")
    PaperSets(shelf).add("none", [])
    PaperSets(shelf).add("one", [moss])
    assert members(shelf, filters) == []
    assert why_none(shelf, filters) == reason


def test_an_empty_library_is_why_no_paper_is_left(tmp_path):
    library = Library.create(tmp_path / "empty")
    assert why_none(library, Filters(years=(2019, 2019))) == "the library holds no papers"
    library.close()


@given(st.text(), st.text())
@example("𝐀", "K")  # mathematical capitals and the sign for kelvin become letters
def test_folding_is_done_once_and_word_by_word(left, right):
    assert fold(fold(left)) == fold(left)
    assert fold(f"{left} {right}") == f"{fold(left)} {fold(right)}"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    """An assistant over 50 made-up papers, which must do without models."""
    choose = random.Random(7)
    vocabulary = [f"word{i}" for i in range(40)]
    library = Library.create(tmp_path_factory.mktemp("filters") / "library")
    with library.transaction():
        for _ in range(50):
            text = " ".join(" ".join(choose.choices(vocabulary, k=8)) + "." for _ in range(4))
            paper = Paper(
                " ".join(choose.choices(vocabulary, k=5)),
                text,
                tuple(choose.sample(["Ito, A.", "Müller, K.", "Bola Adeyemi"], 2)),
                year=choose.choice([None, 2019, 2020, 2021]),
                source=choose.choice(["a.txt", "b.txt", "c.txt"]),
            )
            library.insert(paper, split_sentences(text))
    index = VectorIndex(library.path / "chroma", WORDS_IDENTITY)
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    made = Assistant(Config(library=str(library.path)))
    made.__dict__["library"] = library
    made.__dict__["retriever"] = Retriever(library, index, WordsEncoder())
    yield made
    library.close()


@pytest.mark.parametrize(
    ("filters", "fulfils"),
    [
        (Filters(years=(2020, None)), lambda paper: (paper.year or 0) >= 2020),
        (Filters(sources=("a.txt", "b.txt")), lambda paper: paper.source != "c.txt"),
        (Filters(authors=("muller",)), lambda paper: "Müller, K." in paper.authors),
        (
            Filters((2019, 2020), ("c.txt",), ("ito", "adeyemi")),
            lambda paper: (
                paper.year in (2019, 2020)
                and paper.source == "c.txt"
                and {"Ito, A.", "Bola Adeyemi"} <= {*paper.authors}
            ),
        ),
    ],
)
def test_filtering_is_searching_all_and_leaving_out_by_hand(assistant, filters, fulfils):
    for seed in range(4):
        choose = random.Random(seed)
        question = " ".join(f"word{choose.randrange(40)}" for _ in range(4))
        everything = assistant.find(question, 50)
        expected = [hit for hit in everything if fulfils(hit.stored.paper)]
        assert len(everything) == 50 and 0 < len(expected) < 50
        found = assistant.find(question, 50, filters=filters)
        assert [hit.stored.id for hit in found] == [hit.stored.id for hit in expected]
        assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected])
        best = assistant.find(question, 3, filters=filters)
        assert [hit.stored.id for hit in best] == [hit.stored.id for hit in expected[:3]]


def answer(assistant, question, **options):
    *_, finished = assistant.ask(question, quotes_only=True, **options)
    assert isinstance(finished, Finished)
    return finished.answer


def test_a_question_is_answered_from_what_the_filters_leave(assistant):
    title = assistant.find("word1 word2 word3", 1)[0].stored.paper.title
    plain = answer(assistant, title)
    year = plain.retrieved[0].stored.paper.year
    other = Filters(years=(2019, 2019) if year != 2019 else (2020, 2021))
    narrowed = answer(assistant, title, filters=other)
    assert plain.retrieved[0].stored.id not in {hit.stored.id for hit in narrowed.retrieved}
    assert {hit.stored.paper.year for hit in narrowed.retrieved} <= {2019, 2020, 2021}


def test_a_refusal_names_the_filters(assistant):
    nobody = answer(assistant, "word1 word2?", filters=Filters(years=(2031, 2031)))
    assert nobody.refused and nobody.reason.startswith("no paper in the library is from 2031")
    off = answer(assistant, "Who won?", filters=Filters((2019, None), authors=("Ito",)))
    assert off.refused and "in the library from 2019 on by “Ito”" in off.reason


def test_a_set_is_filtered_too(assistant):
    library = assistant.library
    year_of = {stored.id: stored.paper.year for stored in library.papers()}
    PaperSets(library).add("half", list(year_of)[::2])
    found = assistant.find("word1", 50, Filters((2020, 2020), set_name="half"))
    expected = {identifier for identifier in list(year_of)[::2] if year_of[identifier] == 2020}
    assert {hit.stored.id for hit in found} == expected
    PaperSets(library).take_out("half", expected)
    assert assistant.find("word1", 50, Filters((2020, 2020), set_name="half")) == []
