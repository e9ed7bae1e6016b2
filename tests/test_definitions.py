import pytest

from assistant.definitions import calls_it_so, defining, may_define, mentions, term_of
from assistant.papers import Paper


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What is speculative decoding?", "speculative decoding"),
        ("what are scaling laws", "scaling laws"),
        ("What is a mixture of experts?", "mixture of experts"),
        ("What does PEFT stand for?", "PEFT"),
        ("What is meant by “grokking”?", "grokking"),
        ("Define intrinsic dimension.", "intrinsic dimension"),
        ("What exactly is LoRA?", "LoRA"),
        ("And what is LoRA?", "LoRA"),
        ("What is prompt tuning in language models?", "prompt tuning"),
        ("Give me a definition of model collapse.", "model collapse"),
        ("What is LoRA (low-rank adaptation)?", "LoRA"),
        ("What is (LoRA)?", "LoRA"),
        ("What is C++?", "C++"),
    ],
)
def test_a_question_for_a_meaning_names_its_term(question, term):
    assert term_of(question) == term


@pytest.mark.parametrize(
    "question",
    [
        "What is it?",
        "What is the best learning rate?",
        "What is there on adapters?",
        "What is the difference between LoRA and READ?",
        "What is known about sleep?",
        "What is HumanEval meant to measure?",
        "What are they?",
        "What is more accurate, A or B?",
        "How is speculative decoding done?",
    ],
)
def test_other_questions_have_no_term(question):
    assert term_of(question) is None


@pytest.mark.parametrize(
    ("term", "abstract"),
    [
        ("speculative decoding", "We study Speculative-Decoding."),
        ("scaling laws", "A scaling law is fitted."),
        ("LoRA", "We use low-rank adapters such as LoRA."),
        ("RAG", "Retrieval-augmented generation is tested."),
        ("stochastic gradient descent", "All models are trained by SGD."),
        ("chain-of-thought prompting", "A chain of thought helps."),
        ("finetuning", "Fine-tuning helps."),
        ("模型压缩", "本文研究模型压缩。"),
    ],
)
def test_a_term_is_mentioned_in_any_of_its_forms(term, abstract):
    assert mentions(Paper("A title", abstract), term)


def test_signs_of_a_name_belong_to_it():
    assert calls_it_so(Paper("A title", "It is written in C++."), "C++")
    assert not mentions(Paper("A title", "It is written in C."), "C++")
    assert not calls_it_so(Paper("A title", "It is written."), "s")
    assert defining("C++", ["C is a language.", "C++ is a language."]) == 1


def test_what_is_the_may_want_a_definition():
    assert may_define("What is the lottery ticket hypothesis?") == "lottery ticket hypothesis"
    assert may_define("What is grokking?") == "grokking"
    for question in ("What is the result?", "What is the best model?", "What is the cost of it?"):
        assert may_define(question) is None


def test_words_of_a_term_are_not_its_name():
    paper = Paper("Distillation", "A student learns from its teacher.")
    assert mentions(paper, "knowledge distillation")
    assert not calls_it_so(paper, "knowledge distillation")
    assert calls_it_so(Paper("Students", "Knowledge-distillation."), "knowledge distillation")


def test_half_of_a_term_is_no_mention():
    paper = Paper("List-Decodable Regression", "Decoding of lists with batches.")
    assert not mentions(paper, "speculative decoding")
    assert not mentions(paper, "RAG")


@pytest.mark.parametrize(
    ("term", "plainest"),
    [
        ("grokking", "Grokking is a late jump in generalization."),
        ("pyvene", "The library pyvene is an open-source package."),
        ("muTransfer", "This leads to muTransfer, in which a small model is tuned."),
        ("HumanEval", "We release HumanEval, an evaluation set for programs."),
        ("PEFT", "Parameter-efficient fine-tuning (PEFT) is cheap."),
        ("grokking", "Grokking means that a network first memorizes."),
        ("Pebble", "We present Pebble, a speech enhancer."),
    ],
)
def test_the_plainest_definition_is_found(term, plainest):
    others = [
        f"We compare with {term} on three tasks.",
        f"The results are described in terms of {term} scores.",
        f"With {term}, the error falls.",
    ]
    assert defining(term, [*others, plainest]) == 3


def test_words_of_an_acronym_are_plainer_than_what_follows_it():
    sentences = ["It runs under muP, a small model first.", "Maximal updates (muP) keep it stable."]
    assert defining("muP", sentences) == 1


def test_a_longer_name_or_a_mere_mention_defines_nothing():
    sentences = [
        "We design a LoRA-guided criterion.",
        "It does better than LoRA, or even full tuning.",
        "The suite, which they describe as the largest scaling law dataset, is open.",
    ]
    assert defining("LoRA", sentences) is None
    assert defining("scaling law", sentences) is None


@pytest.mark.parametrize("term", ["C++ (x [y", "((", "a|b c) d", "X" * 4000, "." * 50])
def test_any_text_may_be_asked_for(term):
    asked = term_of(f"What is {term}?")
    if asked:
        assert not mentions(Paper("Tides", "Harbours."), asked)
        assert defining(asked, ["Tides are high."]) is None
