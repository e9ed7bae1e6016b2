import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import Evidence
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.trimming import trim, trims

BEFORE = "Harbours silt up. "


def evidence_of(sentence):
    """The sentence in the middle of an abstract."""
    abstract = f"{BEFORE}{sentence} Ships wait."
    span = (len(BEFORE), len(BEFORE) + len(sentence))
    stored = StoredPaper("p", Paper("Tides", abstract), ((0, 17), span))
    return Evidence(stored, 1, 0.0)


def shown(sentence, question="", follows=None):
    item = evidence_of(sentence)
    start, end = trim(question, item, follows)
    return item.stored.paper.abstract[start:end]


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        (
            "However, the dredger of the northern harbour digs only at low water.",
            "the dredger of the northern harbour digs only at low water.",
        ),
        (
            "Moreover, Tides predicts the water level of 8 harbours within 9 cm.",
            "Tides predicts the water level of 8 harbours within 9 cm.",
        ),
        (
            "(2) The second gauge was moved to the outer pier in 2011.",
            "The second gauge was moved to the outer pier in 2011.",
        ),
        (
            "In this paper, we propose a model of the water that learns from gauges.",
            "we propose a model of the water that learns from gauges.",
        ),
        (
            "To address this problem, we propose a model of the water in every harbour.",
            "we propose a model of the water in every harbour.",
        ),
        (
            "Experimental results show that Tides halves the error of all other models.",
            "Tides halves the error of all other models.",
        ),
        (
            "Finally, we find that small harbours silt up faster than large ones.",
            "small harbours silt up faster than large ones.",
        ),
        (
            "It is shown that the delay grows with the square of the distance.",
            "the delay grows with the square of the distance.",
        ),
        (
            "The present study reveals that both models err by less than 3 cm.",
            "both models err by less than 3 cm.",
        ),
        (
            "We show that these gauges can replace the tables if someone reads both.",
            "these gauges can replace the tables if someone reads both.",
        ),
        (
            "Tides learns from the gauges of all ports at once, enabling forecasts for new ones.",
            "Tides learns from the gauges of all ports at once",
        ),
        (
            "We publish the gauge readings of 40 years, paving the way for further models.",
            "We publish the gauge readings of 40 years",
        ),
        (
            "The model reads the chart before it answers, thereby improving its forecasts.",
            "The model reads the chart before it answers",
        ),
        (
            "Tides beats the tables in all 8 harbours, demonstrating the value of old readings.",
            "Tides beats the tables in all 8 harbours",
        ),
        (
            "The forecast of Tides needs one reading a day, which makes it attractive to ports.",
            "The forecast of Tides needs one reading a day",
        ),
        (
            "The model has 2 million weights and runs on a phone – allowing forecasts at sea.",
            "The model has 2 million weights and runs on a phone",
        ),
        (
            "All gauges report the level of the water; moreover, we read them with a new camera.",
            "All gauges report the level of the water",
        ),
        (
            "Furthermore, our results show that Tides beats the tables in all of 8 harbours, "
            "highlighting the potential of gauges.",
            "Tides beats the tables in all of 8 harbours",
        ),
    ],
)
def test_what_is_cut(sentence, part):
    assert shown(sentence) == part


@pytest.mark.parametrize(
    "sentence",
    [
        # hedges and reports by others
        "Our results suggest that small harbours silt up faster than large ones.",
        "We believe that small harbours silt up faster than large ones.",
        "We do not find that small harbours silt up faster than large ones.",
        "Experiments on two made-up harbours show that Tides halves the error.",
        # conditions
        "If the gauge is read daily, the model predicts the level within 9 cm.",
        "In calm weather, the model predicts the level of the water within 9 cm.",
        "The model predicts the level of the water, which holds only in calm weather.",
        "The model predicts the level well, provided that the gauges are read daily.",
        "The model predicts the level well, especially when the gauges are read daily.",
        "The model was better than the tables, which was tested in two harbours.",
        # the other half
        "The model is faster than the tables, but it errs more often at night.",
        "The model is faster than the tables, while they are right more often.",
        "Although the model is faster than the tables, they are right more often.",
        "The model is faster than the tables, although it errs more often at night.",
        # what it costs, or takes back
        "The new gauge reports the level every minute, resulting in higher costs.",
        "The model stores all readings in 4 bits, reducing the accuracy of the forecast.",
        "The model beats the tables in all harbours, which is due to leaked readings.",
        "The model beats the tables in all harbours, making the gain negligible in practice.",
        "The model beats the tables in all harbours, leaving the pilots ahead of both.",
        "Ports use the same tables for all ships, leading to poor forecasts in winter.",
        # findings
        "We compare ten models of the water, showing that most of them fail at night.",
        "The weight settles in the middle, indicating that wind and tide matter equally.",
        # who was beaten, and by how much
        "Tides predicts the level of all harbours, outperforming the tables of the pilots.",
        "Tides predicts the level of all harbours, making it better than the tables.",
        "Tides predicts the level of all harbours, leading to a gain of 12%.",
        "We train the model further on the gauges of the northern harbours, yielding NorthTides.",
        # lists
        "The merits of the model include saving time, improving forecasts.",
        "The model reads gauges, tables, and the charts of all harbours.",
        # no sentence would be left
        "In harbours with many old gauges and few ships, improving forecasts is hard.",
        "As the harbours of the north grow, ensuring safe passage becomes hard.",
        "The model, which is small, predicts the level of the water within 9 cm.",
        "Tides is new, enabling forecasts of all harbours in the north of the country.",
        # what would be left points to what is not shown
        "We show that they can replace the tables in all harbours of the north.",
        "We show that Tides works and that they can replace the tables in all harbours.",
        "For example, using the gauges of the other harbours in the north.",
        # other
        "(1) The gauges are read, (2) the level is predicted by the model of the port.",
        "Does the model predict the level in all harbours, enabling forecasts for ships?",
        "Moreover, it fails.",
        "",
    ],
)
def test_what_stays_whole(sentence):
    assert shown(sentence) == sentence


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("What does it do for new harbours?", "forecasts for new harbours."),
        ("What does it predict?", "of all ports at once"),
        ("What does it do to forecasts?", "forecasts for new harbours."),
    ],
)
def test_what_is_asked_about_stays(question, part):
    sentence = (
        "Tides learns from the gauges of all ports at once, enabling forecasts for new harbours."
    )
    assert shown(sentence, question).endswith(part)


def test_what_the_terms_for_the_question_name_stays():
    sentence = "The adapter is merged into the weights, allowing inference at the former latency."
    assert shown(sentence, "What is merged?") == sentence  # latency says more anyway
    sentence = "The adapter is merged into the weights, enabling quantization of all layers."
    assert shown(sentence, "What is merged?").endswith("weights")
    assert shown(sentence, "Can I round the numbers to fewer bits?") == sentence


def test_a_part_must_follow_where_that_is_asked_for():
    sentence = "However, the dredger of the northern harbour digs only at low water."
    heard = []

    def follows(evidence, part):
        heard.append((evidence, part))
        return False

    assert shown(sentence, follows=follows) == sentence
    assert heard == [(sentence, "The dredger of the northern harbour digs only at low water.")]


def test_a_sentence_that_is_none_stays_whole():
    long = f"Moreover, we read {'the gauge and ' * 120}the table."
    assert len(long) > 1500 and shown(long) == long


LEADS = ("", "However, ", "(2) ", "In this paper,\n", "Moreover,  we show that ", "We prove that ")
CORES = (
    "the model predicts the level of all harbours",
    "we read  the gauges\nof 8 harbours if it rains",
    "it does not predict the level – not even here",
    "\u202edéjà vu 🙂 is what the model predicts at night",
)
TAILS = (
    "",
    ", enabling forecasts for ships",
    ",\nwhich is not so at night",
    "; moreover, we count ships",
    " – thereby improving the forecast",
    ", making it 9% better",
)


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(
            st.tuples(*map(st.sampled_from, (LEADS, CORES, TAILS))).map("".join), max_size=4
        ).map(". ".join),
    ).map(lambda text: f"{text}."),
    st.sampled_from(["", "What does the model predict?", "How many ships?"]),
)
def test_what_is_shown_is_a_slice_of_its_sentence(abstract, question):
    spans = tuple(split_sentences(abstract))
    stored = StoredPaper("p", Paper("T", abstract), spans)
    for index, (start, end) in enumerate(spans):
        item = Evidence(stored, index, 0.0)
        for first, last in (trim(question, item), *trims(question, item)):
            assert start <= first < last <= end
            part = abstract[first:last]
            assert part in item.text and part == part.strip()
