import itertools
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking import check
from assistant.evidence import Evidence
from assistant.library import StoredPaper
from assistant.papers import Paper

SENTENCE = (
    "On a model of 7B parameters, Ladder Pruning does not slow decoding and raises throughput "
    "from 1,200 to 1,900 tokens/s, i.e. by 58.3%."
)
WITHOUT = "Tides lowers the mean error from 14 cm to 9 cm in 8 harbours."


def evidence(text, title="A Title About Ladders"):
    return Evidence(StoredPaper("p0", Paper(title, text), ((0, len(text)),)), 0, 1.0)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (SENTENCE, SENTENCE),
        (SENTENCE.replace(", i.e. by 58.3%", ""), SENTENCE),
        ("Tides lowers the mean error from 14 cm to 9 cm.", WITHOUT),
        ("The authors show a map.", "Furthermore, we show a map (see Fig. 2), which is blue."),
        (
            "Rain helps most of the crops.",
            "Moreover, our results show that rain helps most of the crops.",
        ),
        (
            "Tides, a model, lowers the error.",
            "Tides, a model, lowers the error (Lee, 1990) by 3%.",
        ),
        (
            "Tides lowers the error in winter.",
            "Tides, the first such model, lowers the error in winter.",
        ),
    ],
)
def test_faithful_shortenings_are_kept(text, source):
    verdict = check(text, evidence(source), "What happens?")
    assert verdict.keep, verdict.reason
    assert 0.9 <= verdict.support <= 1


@pytest.mark.parametrize(
    ("text", "source", "reason"),
    [
        ("Tides lowers the mean error from 14 cm to 8 cm in 9 harbors.", WITHOUT, "evidence"),
        ("Tides lowers the mean error from 14 cm to 6 cm.", WITHOUT, "6 is not"),
        ("Tides lowers the mean error from 14% to 9%.", WITHOUT, "14% is not"),
        ("Tides raises the mean error from 14 cm to 9 cm in Hamburg.", WITHOUT, "direction"),
        ("Ladder Pruning does slow decoding by 58.3%.", SENTENCE, "put in"),
        ("Ladder Pruning does not slow decoding by 58.3%.", SENTENCE, "left out"),
        ("Tides lowers the error in 8 harbours.", WITHOUT, "left out"),
        ("Tides wins in summer.", "On most coasts, Tides wins in summer.", "left out"),
        ("Tides wins every race.", "Tides wins almost every race.", "left out"),
        (
            "Tides halves the error.",
            "Tides, which may lag (by up to a day), halves the error.",
            "left out",
        ),
        ("Tides lowers the mean error to 14 cm from 9 cm in 8 harbours.", WITHOUT, "put in"),
        ("Tides lowers the mean error by 14 cm to 9 cm in 8 harbours.", WITHOUT, "put in"),
        (
            "A wins on most of the boards.",
            "A wins on most of the boards, if the board is small.",
            "left out",
        ),
        (
            "The robot does use radar and does not use sonar.",
            "The robot does not use radar and does not use sonar.",
            "put in",
        ),
        (
            "Transformers and Ladders beat all of the others.",
            "Transformers beat all of the others.",
            "too little",
        ),
        ("A title about ladders.", WITHOUT, "evidence"),
        ("Tidees lowers the mean error from 14 cm to 9 cm in 8 harbours.", WITHOUT, "put in"),
        (
            "Pebble follows TinyStories, and has 1.3 billion parameters.",
            "Pebble follows TinyStories, and phi-1, which has 1.3 billion parameters.",
            "left out",
        ),
        ("Tides does not lower the mean error in 8 harbours.", WITHOUT, "negation"),
        ("It lowers the mean error from 14 cm to 9 cm.", WITHOUT, "who or what"),
        ("Our Tides lowers the mean error from 14 cm to 9 cm.", WITHOUT, "who or what"),
        ("Tides lowers the mean error from 14 cm to", WITHOUT, "finished"),
        ("Tides.", WITHOUT, "finished"),
        ("", WITHOUT, "finished"),
        ("Tides lowers the mean error faster in 8 harbours.", WITHOUT, "direction"),
        ("The mean error lowers Tides in 8 harbours.", WITHOUT, "too little"),
    ],
)
def test_altered_sentences_are_rejected(text, source, reason):
    verdict = check(text, evidence(source), "What happens?")
    assert not verdict.keep and reason in verdict.reason


def test_an_asked_quantity_must_be_there():
    source = "Tides lowers the mean error in all harbours, by 3 cm."
    text = "Tides lowers the mean error in all harbours."
    assert check(text, evidence(source), "What does Tides do?").keep
    assert not check(text, evidence(source), "By how much does Tides lower the error?").keep


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Yields rose from 12,000 to 15,500 t.", "Yields rose from 12 000 to 15 500 t."),
        ("Losses of 3% to 8% were seen in 2 fields.", "Losses of 3-8 % were seen in two fields."),
        (
            "Losses of 3 to 8 percent were seen in fields.",
            "Losses of 3% to 8% were seen in fields.",
        ),
        ("The pump needs 40 min and 3 km of pipe.", "The pump needs 40 minutes and 3 km of pipe."),
        ("The pump runs 8 hours a day in winter.", "The pump runs eight hours per day in winter."),
        (
            "Harbors of gray color were analyzed there.",
            "Harbours of gray colour were analysed there.",
        ),
        ("Tides is beaten by Waves on all coasts.", "On all coasts, Waves outperforms Tides."),
        ("Waves outperforms Tides on all coasts.", "Tides is outperformed by Waves on all coasts."),
        ("The salt was measured in 8 rivers.", "Moreover, we measured the salt in eight rivers."),
        (
            "In winter, the pump does not freeze at all.",
            "The pump does not freeze at all in winter.",
        ),
        ("Tides has an accuracy of 87.5%.", "Tides has an accuracy of 0.875."),
        (
            "Halm b circles its sun in a year.",
            "Halm b, a planet of ice, circles its sun in a year.",
        ),
        ("The paper of the map is dated by ink.", "Ink dates the paper of the map."),
        (
            "In May, yields fell by 3 t per ha and year.",
            "Yields fell by 3 t per ha and year in May.",
        ),
        ("On average, rain lowers turnout.", "Rain lowers turnout on average, and snow raises it."),
        ("Rust is what salt accounts for.", "We show that rust is what salt accounts for."),
        ("Tides runs on A, B and on C.", "Tides runs on A, on B and on C."),
        ("The pump's noise falls by 3 dB.", "The noise of the pump falls by 3 dB."),
        ("Tides is a model of water levels.", "Here we introduce Tides, a model of water levels."),
        ("The pump is quiet, but the valve leaks.", "The pump is quiet; the valve leaks."),
        ("The pump is quiet at low pressure.", "The pump is very quiet at low pressure."),
        (
            "The valve leaks at low pressure.",
            "Field tests show that the valve leaks at low pressure.",
        ),
    ],
)
def test_other_wordings_of_the_same_are_kept(text, source):
    verdict = check(text, evidence(source), "What happens?")
    assert verdict.keep, verdict.reason


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Yields rose from 1,200 to 15,500 t.", "Yields rose from 12 000 to 15 500 t."),
        ("Yields rose from 1.200 to 1.500 t.", "Yields rose from 1,200 to 1,500 t."),
        ("The lamp draws 3 MW and lasts a year.", "The lamp draws 3 mW and lasts a year."),
        ("It froze at 20 °C in the valley.", "It froze at -20 °C in the valley."),
        ("The effect was clear (P > 0.01).", "The effect was clear (P < 0.01)."),
        ("The accuracy rose by 3% on all sets.", "The accuracy rose by 3 points on all sets."),
        ("The accuracy rose to 3% on all sets.", "The accuracy rose by 3% on all sets."),
        ("The pump needs 3 litres of oil.", "The pump needs 3 litres of oil per hour."),
        ("The team won 3 of the games.", "The team won 3 of the games that it led."),
        (
            "The herd lost 10 calves in more than five years.",
            "The herd lost 10 calves over five years.",
        ),
        ("Few of the patients came back to us.", "A few of the patients came back to us."),
        ("Waves is outperformed by Tides and Nets.", "Waves and Nets are outperformed by Tides."),
        ("Tides outperforms Waves and Nets.", "Waves is outperformed by Tides and Nets."),
        ("Waves is outperformed by Tides and Nets.", "Tides outperforms Waves and Nets."),
        ("The authors discovered insulin in dogs.", "Insulin was discovered in dogs."),
        ("In rats, the drug lowers sugar.", "In mice, the drug lowers sugar, and in rats, fat."),
        ("In rats, sugar was lower in mice.", "Sugar was lower in mice and in rats."),
        ("In rats, sugar fell, and fat rose.", "Sugar fell, and fat rose in rats."),
        ("Sugar fell in rats, and fat rose.", "In rats, sugar fell, and fat rose."),
        ("Sugar was lower than in men with drugs.", "With drugs, sugar was lower than in men."),
        ("The drug works in mice.", "The drug works in mice with tumours."),
        ("The drug works against tumours.", "The drug works against tumours in mice."),
        ("The drug works against tumours.", "The drug works against tumours, in mice."),
        ("The drug works on tumours.", "The drug works on tumours, as long as it is cold."),
        ("The drug works on tumours.", "The drug works on tumours, but only if it is cold."),
        (
            "The flood was due to rain in spring.",
            "The flood was due to rain in spring, or to thaw.",
        ),
        ("The alloy consists of iron and tin.", "The alloy consists of iron and tin and lead."),
        ("Iron and tin shrank by 4%.", "Iron and tin shrank by 4% and 5%."),
        ("Iron and tin shrank by 4%.", "Iron and tin shrank by 4%, 5% and none, respectively."),
        ("Iron beats tin in the cold.", "Iron and lead beat tin in the cold and in heat."),
        ("The gap between iron and tin fell.", "The gap between iron and tin and lead fell."),
        ("The sea is dead at this depth.", "To show that the sea is dead at this depth, we dive."),
        ("The sea is dead at this depth.", "We propose that the sea is dead at this depth."),
        ("The sea is dead at this depth.", "Our models show that the sea is dead at this depth."),
        ("The sea is dead at this depth.", "No data show that the sea is dead at this depth."),
        ("In iron, rust grows at night.", "In iron, rust fades, in tin, rust grows at night."),
        ("Iron is a net of cod and tin.", "We propose Iron, a net of cod, and tin."),
        ("Ladders outgrow rust in the cold.", "We outgrow rust in the cold."),
        ("The lamp costs €30 in all shops.", "The lamp costs $30 in all shops."),
        (
            "It is made with nothing but iron.",
            "It is made with nothing but iron and covers of tin.",
        ),
        ("Rust fades without any training.", "Rust fades without any further training."),
        ("The score is low as it sets wood.", "The score is low as it sets wood and tin apart."),
        ("The list has three parts: iron, tin.", "The list has three parts: iron, tin, and lead."),
        ("We see ten metals, iron and tin.", "We see ten metals, namely iron, lead, and tin."),
        ("From iron, rust on 3 sets tin shows.", "Rust on 3 sets from iron, tin shows."),
        ("Rust fades as metals grow and by.", "Rust fades as metals grow and by 3 more."),
        ("Rust is the cause of the fall.", "Rust is a cause of the fall."),
        ("Repair of the only red parts is slow.", "Repair of only the red parts is slow."),
        ("With tin, rust falls, r is 3, the cost.", "With tin, rust falls, r is 3, with the cost."),
        ("Rust is new, tin and lead.", "Rust is new, on tin and lead."),
        ("Tin is a net that builds.", "Tin is a net that builds and searches graphs."),
        ("Tin is rated by match and by,.", "Tin is rated by match and by, as said, rust."),
        ("Tides has a score of 87% on maps.", "Tides has a score of 0.87 on maps."),
        ("Salt slows rust in the cold.", "Salt slows rust in the cold, but the effect was weak."),
        ("Salt slows rust in the cold.", "Salt slows rust in the cold, though not significantly."),
        ("Salt slows rust in the cold.", "Salt slows rust in the cold, which proved an artefact."),
        ("Rust can the ruin a bridge in time.", "Rust can ruin the bridge in time."),
        ("The rust ruins bridges in The cold.", "The rust ruins bridges in the cold."),
    ],
)
def test_no_other_wording_says_more(text, source):
    assert not check(text, evidence(source), "What happens?").keep


@pytest.mark.parametrize("half", ["tuned", "held"])
def test_of_the_written_set_no_altered_sentence_is_kept_and_half_of_the_honest_are(half):
    honest = []
    for entry in written_set(half):
        source = evidence(entry["text"], entry["title"])
        honest += [check(text, source, entry["question"]).keep for text in entry["honest"]]
        for altered in entry["altered"]:
            assert not check(altered["text"], source, entry["question"]).keep, altered["text"]
    assert sum(honest) / len(honest) > 0.4


def altered(text):
    """The sentence with two numbers or names exchanged, a negation more, or one less."""
    tokens = re.findall(r"\S+", text)
    for kind in (r"\d[\d.,]*[\d%]|\d", r"\w*[A-Z]\w*[A-Z]\w*"):
        places = [i for i, token in enumerate(tokens) if re.fullmatch(kind, token)]
        for one, other in itertools.combinations(places, 2):
            if tokens[one] != tokens[other]:
                changed = [*tokens]
                changed[one], changed[other] = tokens[other], tokens[one]
                yield changed
    for place, token in enumerate(tokens):
        if token in {"not", "no", "without", "only", "may", "never"}:
            yield tokens[:place] + tokens[place + 1 :]
        if re.fullmatch(r"\d+", token):
            yield [*tokens[:place], f"{token}0", *tokens[place + 1 :]]
            yield [*tokens[:place], str(int(token) + 1), *tokens[place + 1 :]]
        yield [*tokens[:place], "not", *tokens[place:]]


@pytest.mark.parametrize("half", ["tuned", "held"])
def test_no_number_name_or_negation_is_changed(half):
    count = 0
    for entry in written_set(half):
        for tokens in altered(entry["text"]):
            text = " ".join(tokens)
            assert not check(text, evidence(entry["text"], entry["title"]), "What?").keep, text
            count += 1
    assert count > 1000


def written_set(half):
    """Sentences with honest rewordings and altered ones."""
    file = Path(__file__).parents[1] / "benchmarks" / f"check_sentences_{half}.toml"
    return tomllib.loads(file.read_text("utf-8"))["evidence"]


PIECES = st.sampled_from(
    """the a of by is was not no , ; : ( ) and but which that we in 3 12% 5 000 -20 model's tides mW
    more than over a year % & 's ' – ' . e.g. °C 10^8 one two or more""".split()
)


@given(st.lists(PIECES, max_size=25), st.lists(PIECES, min_size=1, max_size=25))
def test_any_words_are_judged_and_a_sentence_by_itself_has_full_support(sentence, source):
    text = " ".join(source)
    verdict = check(" ".join(sentence), evidence(text), "What?")
    assert 0 <= verdict.support <= 1 and verdict.keep != bool(verdict.reason)
    assert check(text, evidence(text), "What?").support in {0, 1}


@pytest.mark.parametrize(
    "source",
    [
        "Coffee prevents cancer in rats, but later trials found the opposite.",
        "Coffee prevents cancer in rats, but the study was fraudulent.",
        "Coffee prevents cancer in rats, but gains disappear after a week.",
        "Coffee prevents cancer in rats, while later trials show the opposite.",
        "Coffee prevents cancer in rats; our data contradict this.",
        "Coffee prevents cancer in rats, a claim that later trials contradict.",
        "Coffee prevents cancer in rats, contrary to what we find.",
        "Coffee prevents cancer in rats, which is false.",
        "Coffee prevents cancer in rats, a myth.",
        "Coffee prevents cancer in rats, critics say.",
        "Coffee prevents cancer in rats (p = 0.3).",
        "Coffee prevents cancer in rats (0 of 20 rats).",
        "Fraudulent studies show that coffee prevents cancer in rats.",
        "Advertisements show that coffee prevents cancer in rats.",
        "Earlier work showed that coffee prevents cancer in rats.",
        "In another study, coffee prevents cancer in rats.",
    ],
)
def test_what_takes_a_statement_back_is_not_left_out(source):
    verdict = check("Coffee prevents cancer in rats.", evidence(source), "Does coffee help?")
    assert not verdict.keep
