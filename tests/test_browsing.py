import random
import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.browsing import Row, matching, rows, sources, years
from assistant.errors import UsageError
from assistant.library import Library
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.sets import PaperSets

VOCABULARY = """attention attentive network networks learning learned learner pruning prune bee bees
    beehive deep deeper transformer transformers graph graphs speech model modelling""".split()
NAMES = ["Ada Lovelace", "José Müller", "Bo Li", "Søren Deepak", "Q. O'Neil-Smith"]


def made_up(count):
    """Papers from a small vocabulary, so that most words are in many of them."""
    choose = random.Random(11)
    return [
        Paper(
            title=f"{' '.join(choose.choices(VOCABULARY, k=3)).title()} {number}",
            abstract=" ".join(choose.choices(VOCABULARY, k=12)) + ".",
            authors=tuple(choose.sample(NAMES, k=choose.randint(0, 3))),
            organisation=choose.choice([None, "Hive Laboratory"]),
            year=choose.choice([None, 1999, 2010, 2020, 2024]),
            source=choose.choice(["a.csv", "b.csv"]),
        )
        for number in range(count)
    ]


@pytest.fixture
def shelf(tmp_path):
    library = Library.create(tmp_path / "library")
    with library.transaction():
        for paper in made_up(150):
            library.insert(paper, split_sentences(paper.abstract))
    yield library
    library.close()


def words(text):
    plain = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.findall(r"[^\W_]+", plain)


def fits(paper, text):
    parts = [paper.title, paper.abstract, *paper.authors, paper.organisation or ""]
    there = [word for part in parts for word in words(part)]
    return all(any(word.startswith(wanted) for word in there) for wanted in words(text))


def by_hand(library, text="", keep=lambda paper: True):
    """Numbers of the papers that fit, in the order of adding."""
    return [
        number
        for number, stored in enumerate(library.papers(), start=1)
        if keep(stored.paper) and fits(stored.paper, text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("a", "attenti", "learnin", "network", "deep bee", "BEE Graph", "muller", "jose pru"),
        *("love bees learn", "hive lab", "sør", "smith", "zebra", "149", "bees, graphs!", "o neil"),
    ],
)
def test_a_typed_text_matches_as_by_hand(shelf, text):
    assert sorted(matching(shelf, text)) == by_hand(shelf, text)


def test_every_beginning_of_a_word_finds_its_paper(shelf):
    for number, paper in list(enumerate(made_up(150), start=1))[::30]:
        for word in words(f"{paper.title} {paper.abstract} {' '.join(paper.authors)}"):
            for end in range(1, len(word) + 1):
                assert number in matching(shelf, word[:end]), word[:end]


def test_filters_are_as_by_hand_alone_and_together(shelf):
    ids = [row.id for row in rows(shelf, [9, 3, 77, 120])]
    PaperSets(shelf).add("mine", ids)
    cases = [
        ({"year_from": 2010}, lambda p: p.year is not None and p.year >= 2010),
        ({"year_to": 2010}, lambda p: p.year is not None and p.year <= 2010),
        ({"year_from": 2010, "year_to": 2010}, lambda p: p.year == 2010),
        ({"year_from": 2011, "year_to": 2010}, lambda p: False),
        ({"source": "b.csv"}, lambda p: p.source == "b.csv"),
        ({"source": "b.csv", "year_to": 2000}, lambda p: p.source == "b.csv" and p.year == 1999),
        ({"set_name": "MINE"}, lambda p: p.id in ids),
        ({"set_name": "mine", "source": "a.csv"}, lambda p: p.id in ids and p.source == "a.csv"),
    ]
    for arguments, keep in cases:
        assert matching(shelf, **arguments) == by_hand(shelf, keep=keep)
        assert sorted(matching(shelf, "bee", **arguments)) == by_hand(shelf, "bee", keep)
    assert matching(shelf) == list(range(1, 151))
    assert matching(shelf, " \n") == list(range(1, 151))
    with pytest.raises(UsageError, match="no set"):
        matching(shelf, set_name="other")


def test_the_best_match_comes_first_and_a_single_letter_is_not_ranked(tmp_path):
    library = Library.create(tmp_path / "library")
    with library.transaction():
        for title, abstract in (
            ("Other", "One bee among many other things that are said at length here."),
            ("Bee", "The bee is a bee."),
            ("Other still", "Nothing."),
        ):
            library.insert(Paper(title, abstract), [])
    assert matching(library, "bee") == [2, 1]
    assert matching(library, "b") == [1, 2]
    library.close()


def test_an_id_finds_its_paper_first(shelf):
    (row,) = rows(shelf, [42])
    assert matching(shelf, row.id)[0] == 42
    assert matching(shelf, f" {row.id.upper()} ")[0] == 42
    assert 42 in matching(shelf, row.id, source=row.source)
    other = "a.csv" if row.source == "b.csv" else "b.csv"
    assert 42 not in matching(shelf, row.id, source=other)


HOSTILE = [
    *(
        '"',
        '""',
        "'",
        '"bee',
        "bee*",
        "*",
        "^bee",
        "-bee",
        "NEAR(",
        "NEAR(bee graph, 2)",
        "bee AND",
    ),
    *(
        "OR",
        "NOT bee",
        "title : bee",
        "{title abstract}: bee",
        "bee + graph",
        "(bee",
        "\\",
        "%",
        "_",
    ),
    *("🐝", "bee 🐝", "عسل النحل", "\u202ebee", "e\u0301", "\x00bee", "\ud800", "'; DROP TABLE x"),
    *("x" * 10_000, "bee " * 2_500, "b-" * 5_000, '"' * 10_000, "(" * 10_000, "é" * 10_000),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_an_error(shelf, text):
    assert set(matching(shelf, text)) <= set(range(1, 151))


def test_signs_around_words_mean_nothing(shelf):
    wanted = matching(shelf, "bee graph")
    assert wanted
    for text in (
        '"bee" "graph"',
        "bee* graph*",
        "(bee, graph)",
        "^bee 🐝 graph!",
        "\x00bee  graph",
    ):
        assert matching(shelf, text) == wanted
    assert matching(shelf, "bee " * 2_500) == matching(shelf, "bee")
    assert matching(shelf, "🐝") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(st.text(max_size=60))
def test_any_text_can_be_typed(shelf, text):
    matching(shelf, text)


def test_pasting_an_abstract_finds_its_paper(shelf):
    text = f"{next(shelf.papers()).paper.abstract} " * 20
    assert 1 in matching(shelf, text)


def test_changes_of_a_paper_are_found(shelf):
    (row,) = rows(shelf, [1])
    with shelf.transaction():
        shelf.change("UPDATE papers SET authors = ? WHERE number = 1", [('["Zoë Quill"]',)])
    assert matching(shelf, "zoe qui") == [1]
    with shelf.transaction():
        shelf.remove([row.id])
    assert matching(shelf, "zoe") == [] and 1 not in matching(shelf)
    assert rows(shelf, [2, 1, 3]) == rows(shelf, [2]) + rows(shelf, [3])
    assert shelf.check() == []


def test_rows_come_in_the_order_asked(shelf):
    papers = dict(enumerate(shelf.papers(), start=1))
    order = random.Random(2).sample(range(1, 151), k=150) * 8
    found = rows(shelf, order)
    assert [row.number for row in found] == order
    for row in found[:150]:
        stored = papers[row.number]
        paper = stored.paper
        author = paper.authors[0] if paper.authors else paper.organisation or ""
        assert row == Row(
            *(row.number, stored.id, paper.title, paper.year, author, paper.source, paper.kind)
        )
    assert rows(shelf, []) == [] and rows(shelf, [10**9]) == []


def test_sources_and_years(shelf, tmp_path):
    every = [stored.paper for stored in shelf.papers()]
    counts = [(name, sum(p.source == name for p in every)) for name in ("a.csv", "b.csv")]
    assert sources(shelf) == counts and years(shelf) == (1999, 2024)
    empty = Library.create(tmp_path / "empty")
    assert (sources(empty), years(empty), matching(empty), matching(empty, "x")) == (
        *([], None, []),
        [],
    )
    with empty.transaction():
        empty.insert(Paper("No year", "x"), [])
    assert years(empty) is None
    empty.close()
