from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import CHUNK_WORDS, chunk, split_sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Methods, e.g. LoRA, are cheap.",
        "As Smith et al. showed, it works (cf. Fig. 3 and Eq. (2)).",
        "Accuracy rises by 0.7% to 78.3% vs. the baseline.",
        "The code is at https://example.org/a.b?c=d. ",
        "We use i.i.d. samples, i.e. independent ones.",
    ],
)
def test_abbreviations_numbers_and_links_do_not_end_a_sentence(sentence):
    text = f"First one. {sentence.strip()} Last one."
    parts = [text[start:end] for start, end in split_sentences(text)]
    assert parts == ["First one.", sentence.strip(), "Last one."]


@given(st.text(alphabet=st.sampled_from("ab A.?!\n e.g1(")))
def test_sentences_cover_everything_but_space(text):
    spans = split_sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())


@given(st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_chunks_hold_every_sentence_and_stay_small(lengths):
    text = " ".join("w " * (n - 1) + "w." for n in lengths)
    sentences, at = [], 0
    for n in lengths:
        size = 2 * (n - 1) + 2
        sentences.append((at, at + size))
        at += size + 1
    chunks = chunk(text, sentences)
    for start, end in sentences:
        assert any(a <= start and end <= b for a, b in chunks)
    assert all(len(text[a:b].split()) <= CHUNK_WORDS for a, b in chunks)
    assert chunks == sorted(set(chunks))
