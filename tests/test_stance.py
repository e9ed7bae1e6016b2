"""What one sentence says of a statement; the longer list of pairs is in benchmarks/stances.toml."""

import tomllib
from pathlib import Path

import pytest

from assistant.claims.stance import covers, stance
from assistant.papers import Paper

PAIRS = tomllib.loads(
    (Path(__file__).parents[1] / "benchmarks" / "stances.toml").read_text("utf-8")
)["pair"]


def of(statement, evidence, title="", abstract=""):
    return stance(statement, evidence, Paper(title, abstract or evidence))


@pytest.mark.parametrize("tuned", [True, False])
def test_verdicts_are_right_and_most_of_what_settles_a_statement_is_told(tuned):
    pairs = [pair for pair in PAIRS if pair.get("tuned", False) is tuned]
    told = [
        (pair, of(pair["statement"], pair["evidence"], pair.get("title", ""))) for pair in pairs
    ]
    wrong = [
        pair
        for pair, found in told
        if found not in ("", pair["stance"]) and pair["kind"] != "read wrongly"
    ]
    settling = [found for pair, found in told if pair["stance"]]
    assert len(wrong) <= (0 if tuned else 1)  # "improves the robustness of rankings"
    assert sum(map(bool, settling)) >= 0.85 * len(settling)


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("Exercise improves mood", "Music improved mood, and exercise improved sleep."),
        ("Exercise improves mood", "Compared with exercise, music improved mood."),
        ("Exercise improves mood", "Exercise improved mood less than music."),
        ("Exercise improves mood", "Few trials found that exercise improves mood."),
        ("Aspirin reduces stroke", "Stopping aspirin reduced stroke."),
        ("Aspirin reduces stroke", "Aspirin rarely reduces stroke."),
        ("Aspirin reduces stroke", "Aspirin reduces stroke in some patients."),
        ("Aspirin reduces stroke", "Not all aspirin reduces stroke."),
        ("Aspirin reduces stroke", "We doubt that aspirin reduces stroke."),
        ("Aspirin reduces stroke", "Our results challenge the view that aspirin reduces stroke."),
        ("Aspirin reduces stroke", "It is a common misconception that aspirin reduces stroke."),
        ("Aspirin reduces stroke", "Aspirin reduces stroke in men and raises it in women."),
        ("Trains are faster than ferries", "Trains are faster than ferries but slower in storms."),
        ("Trains outperform ferries", "Trains nearly outperform ferries."),
        ("Warmup stabilizes training", "Removing warmup stabilizes training."),
        ("Aspirin reduces stroke", "Patients off aspirin had reduced stroke."),
        ("Aspirin reduces stroke", "Clopidogrel added to aspirin reduced stroke."),
        ("Vaccines cause autism", "Claims that vaccines cause autism are false."),
        ("LoRA outperforms LISA", "LISA outperforms LoRA-FA."),
        ("Smoking is associated with lung cancer", "Radon was associated with lung cancer."),
        (
            "Smoking is associated with lung cancer",
            "Smoking was associated with death in patients with lung cancer.",
        ),
        ("Tea lowers blood pressure in women", "Tea lowers blood pressure in men, not in women."),
        ("Parrots live in cities", "Parrots live in forests close to cities."),
        ("Trains are faster than ferries", "Trains are smaller than ferries."),
        (
            "First-order solvers converge faster than second-order ones",
            "Second-order solvers converge faster than first-order ones.",
        ),
        ("Smoothing hurts distillation", "Smoothing hurts distillation when teachers are small."),
        ("The pump is safe for children", "The pump is safe for adults, and children like it."),
    ],
)
def test_another_thing_role_or_condition_settles_nothing(statement, evidence):
    assert of(statement, evidence) == ""


@pytest.mark.parametrize(
    ("statement", "evidence", "verdict"),
    [
        ("LISA outperforms LoRA", "LoRA is outperformed by LISA.", "supports"),
        ("LoRA outperforms LISA", "LoRA is outperformed by LISA.", "contradicts"),
        ("Trains are faster than ferries", "Ferries are faster than trains.", "contradicts"),
        ("LISA beats LoRA", "Measured by scores, LISA always beats LoRA by 11%.", "supports"),
        ("Age predicts survival", "Age was an independent predictor of survival.", "supports"),
        ("Age predicts survival", "Age did not predict survival.", "contradicts"),
        (
            "Smoking is associated with asthma",
            "There was no association between smoking and asthma.",
            "contradicts",
        ),
    ],
)
def test_comparisons_and_associations(statement, evidence, verdict):
    assert of(statement, evidence) == verdict


def test_our_method_is_the_one_that_the_title_names():
    evidence = "Our method reduces memory use by half."
    assert of("READ reduces memory use", evidence, "READ: Recurrent Adaptation") == "supports"
    assert of("LoRA reduces memory use", evidence, "READ: Recurrent Adaptation") == ""


def test_what_both_supports_and_contradicts_settles_nothing():
    evidence = "Tea raises alertness in one trial, whereas tea lowers alertness in the other."
    assert of("Tea raises alertness", evidence) == ""


def test_a_text_covers_a_statement_if_it_names_all_of_it_under_no_other_condition():
    paper = Paper("Aspirin", "Aspirin was given to men with headache.")
    assert covers("Aspirin relieves headache in men", "It relieved headache in men.", paper)
    assert not covers("Aspirin relieves headache in women", "It relieved headache in men.", paper)
    assert not covers("Ibuprofen relieves headache", "It relieved headache.", paper)


def test_a_clause_that_only_goes_on_is_no_condition():
    wins = "LISA surpasses LoRA on most tasks, where LISA outperforms LoRA by over 11%."
    assert of("LISA outperforms LoRA", wins) == "supports"
    assert of("LISA outperforms LoRA", "LISA outperforms LoRA where data are scarce.") == ""


def test_what_holds_in_some_of_several_cases_settles_nothing():
    assert of("LISA outperforms LoRA", "LISA outperforms LoRA in two of five tasks.") == ""
    assert of("LISA outperforms LoRA", "LISA outperforms LoRA in five tasks.") == "supports"


def test_an_acronym_that_both_use_is_not_spelled_out():
    wins = (
        "Our trials show that with the same or less diesel per field, KITE surpasses PLOW or even "
        "hand tilling on heavy soils, where KITE reliably outperforms PLOW by over 9 percent."
    )
    spelled = "Kinetic Inertial Tilling Equipment (KITE) is set beside Pulled Low Wedges (PLOW)."
    assert of("KITE outperforms PLOW", wins, "", f"{spelled} {wins}") == "supports"
    assert of("PLOW outperforms KITE", wins, "", f"{spelled} {wins}") == "contradicts"
