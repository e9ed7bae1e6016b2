import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking import check
from assistant.compressing import SHORTEST, compress
from assistant.evidence import Evidence
from assistant.library import StoredPaper
from assistant.papers import Paper


@pytest.mark.parametrize(
    ("sentence", "shortest"),
    [
        (
            "Furthermore, we show that Tides lowers the error in every harbour.",
            "Tides lowers the error in every harbour.",
        ),
        (
            "In this paper, we propose Tides, a model (see Fig. 2) of water, which reads gauges.",
            "The authors propose Tides, a model of water, which reads gauges.",
        ),
        (
            "Our experiments demonstrate that our method halves the error of all others.",
            "The method halves the error of all others.",
        ),
        (
            "We hypothesize that tides slow the ships in every harbour.",
            "The authors hypothesize that tides slow the ships in every harbour.",
        ),
    ],
)
def test_what_is_left_out(sentence, shortest):
    assert compress(sentence)[-1] == shortest


@pytest.mark.parametrize(
    "sentence",
    [
        "Tides lowers the mean error from 14 cm to 9 cm in 8 harbours.",
        "MapQA, which reads the legend first, outperforms all of its rivals, as expected.",
        "Short one.",
        "",
    ],
)
def test_a_sentence_without_anything_to_spare_has_no_compression(sentence):
    assert compress(sentence) == []


@given(st.text(alphabet="We show,that (our) in; 12%.", max_size=80))
def test_compressions_are_whole_sentences(sentence):
    for text in compress(sentence):
        assert text[-1] in ".!?" and len(text.split()) >= SHORTEST
        assert text == " ".join(text.split()) != sentence


@pytest.mark.parametrize(
    ("sentence", "must_stay"),
    [
        (
            "We show that the bound holds for every convex loss, with the exception of one.",
            "except",
        ),
        ("We prove that it converges to the global minimum, with high probability.", "probab"),
        ("Our method finds the optimum on all graphs, which are assumed to be trees.", "assumed"),
        ("Our method runs in linear time; this claim was later refuted by Smith.", "refuted"),
        ("Our method doubles throughput on all devices, while accuracy drops by 20%.", "drops"),
        ("Our method solves every task of the suite -- or so we thought at first.", "thought"),
        ("Our method wins on all graphs of the suite, with fewer than ten nodes.", "fewer"),
        ("Our method wins on every graph, making it useful, but only for trees.", "only"),
        ("We report that GPT-4 wins on all tasks (except translation) of the suite.", "except"),
        ("Our attack breaks every model (if the attacker knows the weights) in a day.", "if the"),
        ("Our method raises the accuracy by 5% (in theory) on all of the tasks.", "theory"),
        ("Our method runs in O (n log n) time on all of the graphs.", "n log n"),
        ("Second language learners profit most from the longest of our courses.", "Second"),
        ("Overall survival improved by 3 months in the first of our trials.", "Overall"),
        ("However hard our model tries, it does not learn the rules.", "However hard"),
        ("Thus far, our model is not known to learn any of the rules.", "Thus far"),
    ],
)
def test_no_limit_is_lost_on_the_way(sentence, must_stay):
    for text in kept(sentence):
        assert must_stay in text


@pytest.mark.parametrize(
    "sentence",
    [
        "As humans, we perceive faces in clouds and in many other things.",
        "These models know what we see before the eyes move to it.",
        "Smith and Lee argue that we need more data for all of these.",
        "The authors of the rival did not release it, so we train our own model.",
        "Our network outperforms EpsilonSort, our previous work, by far.",
        "The paper is called “Attention is all we need” by its readers.",
        "How do we measure the progress of language models on such tasks?",
    ],
)
def test_we_is_turned_only_where_it_is_the_authors(sentence):
    assert compress(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "title", "longest"),
    [
        (
            "Finally, we demonstrate that DeltaSort sorts in linear time and apply it to genomes.",
            "",
            "The authors demonstrate that DeltaSort sorts in linear time and apply it to genomes.",
        ),
        (
            "We show that AlphaNet is accurate, and that BetaNet, its copy, is not.",
            "",
            "The authors show that AlphaNet is accurate, and that BetaNet, its copy, is not.",
        ),
        (
            "We find that the estimates differ, and that they rest on few runs.",
            "",
            "The authors find that the estimates differ, and that they rest on few runs.",
        ),
        ("Furthermore, our LoRAPrune runs on all of them.", "", "LoRAPrune runs on all of them."),
        ("However, vLLM serves ten models at once.", "", "vLLM serves ten models at once."),
        (
            "Moreover, cosmosage answers the questions of students.",
            "cosmosage: A Helper",
            "cosmosage answers the questions of students.",
        ),
        (
            "However, the tides of all harbours differ.",
            "Forecasting the Tides",
            "The tides of all harbours differ.",
        ),
        (
            "We compare our work to that of the others.",
            "",
            "The authors compare their work to that of the others.",
        ),
    ],
)
def test_subjects_and_names_stay_what_they_are(sentence, title, longest):
    assert compress(sentence, title)[0] == longest


def test_acronyms_are_not_people():
    assert compress("Furthermore, word embeddings (WE) of US hospitals differ in length.") == [
        "Word embeddings (WE) of US hospitals differ in length.",
        "Word embeddings of US hospitals differ in length.",
    ]


def kept(sentence):
    """The rewordings that the check lets stand."""
    stored = StoredPaper("p0", Paper("A title", sentence), ((0, len(sentence)),))
    evidence = Evidence(stored, 0, 1.0)
    return [text for text in compress(sentence) if check(text, evidence, "What?").keep]
