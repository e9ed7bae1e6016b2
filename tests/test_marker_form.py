"""The form of a paragraph: brackets hold numbers on the table, and no sentence lacks one."""

import ctypes
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import catalog
from assistant.marker_form import MarkerForm

FORM = MarkerForm(numbers=12, sentences=2)
WHOLE = [
    "Ink is red. [1]",
    " Ink is red! [12]",
    "Ink is red.[2][3][1]",
    "Ink costs 3.5 crowns, e.g. in Bonn. [1] Paper (i.e. rag) is 2.1x dearer. [2]",
    "“Tinte” wie Müller et al. sagen, färbt rot. [1]",
]
BEGUN = ["", "Ink", "Ink is red", "Ink is red.", "Ink is red. ", "Ink is red. [", "Ink is red. [1"]
NEVER = [
    "[",
    "Ink [",
    "Ink is [red",
    "Ink] is",
    "Ink is red. [0",
    "Ink is red. [13",
    "Ink is red. [x",
    "Ink is red. [1,",
    "Ink is red. [ 1",
    "Ink is red. [1].",
    "Ink is red. [1][1][1][",
    "Ink is red. So",
    "Ink is red. so",
    "Ink is red. 5",
    "Ink is red.\n",
    "Ink is red\n",
    "Ink is red. [1] Pulp is white. [2] W",
    "  Ink",
    ".",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_paragraph_may_end_only_behind_a_marker(text):
    assert FORM.is_whole(text)
    ends = [end for end in range(len(text) + 1) if FORM.is_whole(text[:end])]
    assert all(text[end - 1] == "]" for end in ends)
    assert all(FORM.allows(text[:end]) for end in range(len(text) + 1))


def test_what_is_begun_can_go_on_and_not_end():
    for text in BEGUN:
        assert FORM.allows(text) and not FORM.is_whole(text), text
    for text in NEVER:
        assert not FORM.allows(text) and not FORM.is_whole(text), text


@given(st.text("ab.!?[]123 \n(", max_size=40))
def test_whatever_is_allowed_keeps_the_rules(text):
    if FORM.allows(text):
        body = re.sub(r"\[(?:[1-9]|1[0-2])\]", "", text)
        body = re.sub(r"\[1?\d?$", "", body)
        assert not set("[]\n") & set(body), text
    if FORM.is_whole(text):
        *sentences, rest = re.split(r"(?:\[\d+\]){1,3}", text)
        assert len(sentences) <= 2 and rest == ""
        for sentence in sentences:
            assert re.fullmatch(r".*\S[.!?]", sentence.strip())
            assert not re.search(r"[.!?] +\S", sentence.strip())


@pytest.mark.model
@pytest.mark.parametrize("form", [FORM, MarkerForm(1, 1)])
def test_the_grammar_for_servers_has_the_same_form(form):
    """Letter by letter, by llama.cpp's own reading of it."""
    import llama_cpp

    path, _ = catalog.find("smollm2-135m-instruct", "writer")
    llama = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
    vocabulary = llama_cpp.llama_model_get_vocab(llama.model)

    def reaches(text):
        """How many letters of the text the grammar takes."""
        sampler = llama_cpp.llama_sampler_init_grammar(vocabulary, form.gbnf.encode(), b"root")
        assert sampler
        try:
            for place, letter in enumerate(text):
                for token in llama.tokenize(letter.encode(), False, False):
                    if not takes(sampler, token):
                        return place
                    llama_cpp.llama_sampler_accept(sampler, token)
            return len(text) + takes(sampler, llama.token_eos())
        finally:
            llama_cpp.llama_sampler_free(sampler)

    def takes(sampler, token):
        kind = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
        data = np.array([(token, 0.0, 0.0)], kind)
        pointer = data.ctypes.data_as(llama_cpp.llama_token_data_p)
        candidates = llama_cpp.llama_token_data_array(pointer, 1, -1, False)
        llama_cpp.llama_sampler_apply(sampler, ctypes.byref(candidates))
        return bool(np.isfinite(data["logit"][0]))

    for text in (*WHOLE, *BEGUN, *NEVER):
        allowed = next((i for i in range(len(text)) if not form.allows(text[: i + 1])), len(text))
        expected = allowed + (allowed == len(text) and form.is_whole(text))
        assert reaches(text) == expected, text
    llama.close()
