from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import FIXTURES

from assistant import sentences
from assistant.sentences import CHUNK_WORDS, chunk, split_sentences

MARKED = [
    pytest.param(line.replace("↵", "\n"), id=f"{file.stem}-{number}")
    for file in sorted((FIXTURES / "sentences").glob("*.txt"))
    for number, line in enumerate(file.read_text("utf-8").split("\n"), start=1)
    if line and not line.startswith("#")
]
WORDS = st.sampled_from("models learn slowly under noise while training costs energy".split())
MARKS = (
    '. ? ! ... … e.g. al. Fig. v. $ [3] 0.5 ( ) " ” 。 • - 1. (a) A. E. x A We mRNA word Methods:'
)
PIECES = st.lists(st.sampled_from([*MARKS.split(), " ", "\n", "\u2028"]), max_size=20)


def parts(text):
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize("marked", MARKED)
def test_the_hand_marked_sentences(marked):
    expected = [part.strip() for part in marked.split("⏎") if part.strip()]
    assert parts(marked.replace("⏎", "")) == expected


@pytest.mark.parametrize("text", ["", " ", "\n\t\u00a0 "])
def test_nothing_has_no_sentences(text):
    assert split_sentences(text) == []


@given(st.one_of(st.text(), PIECES.map("".join)))
@settings(deadline=None)
def test_sentences_cover_everything_but_space(text):
    spans = split_sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(part and part == part.strip() for part in parts(text))
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    assert all(text[a:b].strip() == "" for a, b in zip(ends, starts, strict=True))


@given(st.lists(st.tuples(st.lists(WORDS, min_size=2, max_size=9), st.sampled_from(".?!"))))
@settings(deadline=None)
def test_plain_sentences_are_found_together_and_alone(made):
    plain = [" ".join(words).capitalize() + end for words, end in made]
    assert parts(" ".join(plain)) == plain
    assert all(parts(sentence) == [sentence] for sentence in plain)


@given(PIECES.map(" ".join))
@settings(deadline=None, max_examples=30)
def test_the_size_of_the_blocks_that_punkt_sees_does_not_matter(text):
    text = f"{text} It ends here. " * 10
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentences, "BLOCK", 400)
        in_blocks = parts(text)
    assert in_blocks == parts(text)


@pytest.mark.parametrize(
    "piece", ["We try it, e.g. here. ", "a.)", "$a", " (", "\n1", "我。", "x…"]
)
def test_a_very_long_text_is_split(piece):
    text = piece * (100_000 // len(piece))
    spans = split_sentences(text)
    assert len(spans) == {"W": text.count("We"), "我": text.count("我")}.get(piece[0], 1)


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
