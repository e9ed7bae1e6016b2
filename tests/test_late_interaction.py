import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assistant.late_interaction import (
    TITLE,
    EncodedText,
    Pieces,
    pieces_of,
    similarities,
    telling,
    unit,
)


@given(arrays(np.int8, st.tuples(st.integers(0, 9), st.integers(1, 9))), st.integers(0, 2**32 - 1))
def test_pieces_survive_storing(vectors, start):
    starts = np.full(len(vectors), start, dtype=np.uint32)
    read = Pieces.from_bytes(Pieces(vectors, starts).to_bytes())
    assert np.array_equal(read.vectors, vectors) and np.array_equal(read.starts, starts)


def test_stop_words_and_punctuation_carry_no_topic():
    text = "The theory, of it: (e.g. LoRA)!"
    spans = [(0, 3), (4, 7), (7, 10), (10, 11), (12, 14), (25, 29), (0, 0)]
    assert telling(text, spans) == [1, 2, 5]


def encoded(text, words):
    spans = [(text.index(word), text.index(word) + len(word)) for word in words]
    pieces = unit(np.arange(1, 1 + 2 * len(spans), dtype=np.float32).reshape(-1, 2))
    return EncodedText(np.ones(2, dtype=np.float32), pieces, spans)


def test_what_two_chunks_share_is_taken_once():
    title, abstract = "Bees", "Drones count. Hives grow. Orchards bloom."
    chunks = [(0, 25), (14, 41)]
    texts = [f"{title}\n{abstract[start:end]}" for start, end in chunks]
    words = [["Bees", "Drones", "Hives"], ["Bees", "Hives", "Orchards"]]
    made = pieces_of(
        title, chunks, [encoded(t, w) for t, w in zip(texts, words, strict=True)], texts
    )
    assert made.starts.tolist() == [TITLE, 0, abstract.index("Hives"), abstract.index("Orchards")]


def test_a_paper_without_pieces_has_none():
    made = pieces_of("T", [], [], [])
    assert made.starts.tolist() == []
    assert Pieces.from_bytes(made.to_bytes()).vectors.shape == (0, 0)


def test_cosines_survive_a_byte_a_number():
    numbers = np.random.default_rng(3)
    texts, question = unit(numbers.normal(size=(30, 64))), unit(numbers.normal(size=(4, 64)))
    stored = Pieces(np.round(texts * 127).astype(np.int8), np.zeros(30, dtype=np.uint32))
    assert similarities(question, stored) == pytest.approx(question @ texts.T, abs=0.01)
