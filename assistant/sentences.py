"""Abstract -> sentences and chunks, always as offsets into the text as it is stored."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

Span = tuple[int, int]
"""Start and end (exclusive) of a piece of text, counted in characters."""

CHUNK_WORDS = 160
"""Words a chunk holds at most: with its title it stays within the encoder's 256 word pieces."""

_ABBREVIATIONS = """
a.k.a al approx ca cf ch chap def dept dr e.g eq eqn eqs esp est etc ex fig figs i.e i.i.d inc
jr lem mr mrs ms no nos op ph.d pp prof prop ref refs resp sec secs sect sp spp st tab thm u.k
u.s u.s.a v.s viz vol vs w.l.o.g w.r.t
""".split()


@lru_cache(maxsize=1)
def _splitter() -> PunktSentenceTokenizer:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)


def split_sentences(text: str) -> list[Span]:
    """Offsets of the sentences in reading order; they cover all but the space between them."""
    spans: list[Span] = []
    for start, end in _splitter().span_tokenize(text):
        end = start + len(text[start:end].rstrip())
        if spans and (end - start < 3 or text[start].islower()):
            spans[-1] = (spans[-1][0], end)
        elif end > start:
            spans.append((start, end))
    return spans


def chunk(text: str, sentences: list[Span]) -> list[Span]:
    """Runs of whole sentences of at most ``CHUNK_WORDS`` words, each sharing one with the last.

    A sentence that alone is longer makes a chunk of its own.
    """
    chunks: list[Span] = []
    first = 0
    while first < len(sentences):
        last, words = first, _words(text, sentences[first])
        while last + 1 < len(sentences):
            more = _words(text, sentences[last + 1])
            if words + more > CHUNK_WORDS:
                break
            last, words = last + 1, words + more
        chunks.append((sentences[first][0], sentences[last][1]))
        if last + 1 == len(sentences):
            break
        first = max(first + 1, last)
    return chunks


def _words(text: str, span: Span) -> int:
    return len(text[span[0] : span[1]].split())
