"""One answer's measures, and what counts as an invalid citation."""

import pytest

from assistant.answers import Answer, AnswerSentence, CitedSource
from assistant.conversation import Turn
from assistant.evaluation import scoring
from assistant.evaluation.questions import Question
from assistant.library import StoredPaper
from assistant.papers import Paper

ABSTRACT = "Pebble has 90k parameters. It needs 1.4 mW.  Nothing else is known."
STORED = StoredPaper("p1", Paper("Pebble 2", ABSTRACT), ((0, 26), (27, 43), (45, 67)))
FIRST, SECOND, THIRD = (STORED.sentence(i) for i in range(3))


def quote(index, number=1):
    return AnswerSentence(
        STORED.sentence(index), (number,), "quoted", 1.0, spans=(STORED.sentences[index],)
    )


def answer(*sentences, quotes=None):
    spans = quotes or [span for sentence in sentences for span in sentence.spans]
    return Answer("?", list(sentences), [CitedSource(1, STORED, spans)])


def test_gold_sentences_among_the_first_quoted():
    question = Question("a", "?", gold_sentences=("it needs  1.4 mw.",))
    assert scoring.quoted(question, answer(quote(0), quote(1))) == {"quoted@1": 0, "quoted@3": 1}
    assert scoring.quoted(question, answer(quote(1))) == {"quoted@1": 1, "quoted@3": 1}
    assert scoring.quoted(question, Answer("?")) == {"quoted@1": 0, "quoted@3": 0}
    longer = Question("a", "?", gold_sentences=("We note: It needs 1.4 mW. Surely.",))
    assert scoring.quoted(longer, answer(quote(1)))["quoted@1"] == 1
    assert scoring.quoted(Question("a", "?"), answer(quote(1))) == {}


def test_rationales_are_a_mean_over_papers():
    assert scoring.rationales([([2, 0, 1], [0]), ([1], [1])]) == {
        "rationale@1": 0.5,
        "rationale@3": 1.0,
    }
    assert scoring.rationales([]) == {}


@pytest.mark.parametrize(
    ("fact", "text", "there"),
    [
        ("90k", "it has 90K parameters", True),
        ("two  words", "these two\nwords", True),
        ("1.4", "needs 1.4 mW.", True),
        ("1.4", "needs 11.4 mW", False),
        ("1.4", "needs 1.45 mW", False),
        ("4", "in 1.4 mW", False),
        ("14", "14, then", True),
        ("14", "14,000", False),
        ("4.2%", "by 4.2% or so", True),
    ],
)
def test_facts(fact, text, there):
    assert scoring.facts([(fact,)], text) == float(there)
    assert scoring.facts([("nowhere", fact), ("nor here",)], text) == there / 2


def test_facts_citations_and_wording():
    written = AnswerSentence("Pebble needs 1.4 mW.", (1,), "written", 1.0, spans=((27, 43),))
    question = Question("a", "?", gold={"p1": 1, "p2": 1}, facts=(("90k",), ("1.4",)))
    found = scoring.answers(question, answer(written), question.gold, ["p1", "p9"])
    assert found == {
        **{"facts": 0.5, "+quotes": 0.5, "precision": 0.5, "recall": 0.5},
        **{"written": 1.0, "invented": 0.0},
    }
    refused = scoring.answers(question, Answer("?", refused=True), question.gold, [])
    assert refused == {"facts": 0.0, "+quotes": 0.0, "recall": 0.0}
    fine = Question("a", "?", gold={"p2": 1}, also_ok=("p1",))
    assert scoring.answers(fine, answer(quote(0)), fine.gold, ["p1"])["precision"] == 1.0


def test_invented_numbers():
    question = Question("a", "Are there 7?", history=(Turn("user", "And 8?"),))
    text = "Of 7 or 8, Pebble 2 needs 1.4 mW, not 1.5, of 90k."
    written = AnswerSentence(text, (1,), "written", 1.0, spans=((27, 43),))
    assert scoring.invented(written, answer(written), question) == ["1.5", "90"]


def test_valid_answers_have_no_problems():
    assert scoring.problems(answer(quote(0), quote(2)), {"p1": STORED}) == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (answer(quote(0, number=2)), "cites [2]"),
        (answer(AnswerSentence("So.", (), "written", 1.0)), "cites []"),
        (answer(AnswerSentence("So it is.", (1,), "quoted", 1.0)), "not in the abstract"),
        (answer(quote(0), quotes=[(0, 99)]), "no quote at 0 to 99"),
        (answer(quote(0), quotes=[(5, 5)]), "no quote at 5 to 5"),
    ],
)
def test_what_is_wrong_with_an_answer_is_named(given, problem):
    (found,) = scoring.problems(given, {"p1": STORED})
    assert problem in found


def test_a_quote_is_compared_with_what_the_library_holds():
    other = StoredPaper("p1", Paper("Pebble 2", "Another abstract of some length."), ())
    assert len(scoring.problems(answer(quote(0)), {"p1": other})) == 2
    assert len(scoring.problems(answer(quote(0)), {})) == 2
