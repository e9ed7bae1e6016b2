from dataclasses import replace

import pytest
from support import hit

from assistant.answerability import confidence, features, unmentioned


def test_a_question_without_papers_has_no_chance():
    assert confidence("Anything?", []) == 0.0


def test_confidence_rises_with_what_the_best_paper_covers():
    far = hit("pa", 0.4, ("One.", 0.2))
    near = replace(hit("pa", 2.6, ("One.", 0.8)), similarity=0.8)
    assert 0 < confidence("Anything?", [far]) < confidence("Anything?", [near]) < 1


def test_features_name_what_the_question_has_and_the_paper_lacks():
    found = features("Does LISA need 8 GPUs?", [hit("LISA", 1, ("It freezes layers.", 0))])
    assert (found["names_missing"], found["numbers_missing"]) == (1.0, 1.0)
    found = features("Does LISA freeze 3?", [hit("LISA", 1, ("It freezes 3.", 0))])
    assert (found["names_missing"], found["numbers_missing"]) == (0.0, 0.0)


def test_whose_work_it_is_makes_an_answer_no_less_likely():
    near = [hit("Sizes", 1, ("Reported error bars are too small.", 0))]
    for question, missing in (("What did DeepMind find?", 0.0), ("What did LISA find?", 1.0)):
        assert features(question, near)["names_missing"] == missing


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Why does LoRA need 8 GPUs?", ["8", "GPUs"]),
        ("Does LoRA beat GPT-3 by 12.5% on GLUE?", ["GPT-3", "12.5%", "GLUE"]),
        ("Does lora or LORA adapt a 7B model of 2021?", []),
        ("Which LLMs does LoRA adapt?", []),
        ("DOES THIS WORK ON CPUS?", []),
        ("Do LoRA-style or LISA-style updates adapt GSM8K-trained models?", ["LISA-style"]),
        ("Is it used for 70B models in the OSCAR-4 run?", ["70B", "OSCAR-4"]),
    ],
)
def test_what_a_question_takes_for_granted_and_the_papers_do_not_mention(question, missing):
    paper = hit(
        "Lo-RA adapts", 1, ("Large language models of LLaMA-7B size reach 80 on GSM8K, up 8.0.", 0)
    ).stored
    assert unmentioned(question, [paper]) == missing


def test_an_acronym_of_hyphenated_words_is_mentioned():
    paper = hit("Search", 1, ("We study retrieval-augmented generation.", 0)).stored
    assert unmentioned("What is RAG?", [paper]) == []
