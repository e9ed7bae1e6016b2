"""Abstract -> sentences and chunks, always as offsets into the text as it is stored.

Punkt finds the ends of sentences. Before it, what it would misread is hidden from it; after it, the
ends that it cannot see are added, and pieces that a stop inside a sentence has parted are joined.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.sentence_marks import ABBREVIATIONS, FIRST_WORDS, HIDDEN, JOINED, SEEN, UNSEEN

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

Span = tuple[int, int]
"""Start and end (exclusive) of a piece of text, counted in characters."""

CHUNK_WORDS = 160
"""Words a chunk holds at most: with its title it stays within the encoder's 256 word pieces."""
BLOCK = 10_000
"""Characters that Punkt is shown at once; nltk limits the seconds that one call may take."""
_STRAIGHT = str.maketrans("“”„«»‘’", '"""""\'\'')


@contextmanager
def _alone(*packages: str) -> Iterator[None]:
    """Modules of these packages are imported without the package's own ``__init__``, and forgotten.

    That of nltk imports all of nltk, and scipy and scikit-learn with it, for a second.
    """
    before = set(sys.modules)
    for name in packages:
        spec = find_spec(name)
        assert spec is not None
        sys.modules[name] = module_from_spec(ModuleSpec(name, None, is_package=True))
        sys.modules[name].__path__ = list(spec.submodule_search_locations or [])
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            if name.startswith(packages):
                del sys.modules[name]


@lru_cache(maxsize=1)
def _splitter() -> PunktSentenceTokenizer:
    with _alone("nltk", "nltk.tokenize"):
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(ABBREVIATIONS)
    parameters.sent_starters = set(FIRST_WORDS)
    return PunktSentenceTokenizer(parameters)


def split_sentences(text: str) -> list[Span]:
    """Offsets of the sentences in reading order; they cover all but the space between them."""
    shown = HIDDEN.sub(_hide, text)
    cuts = {0, len(text), *(match.end() for match in UNSEEN.finditer(shown))}
    cuts.update(_punkt_ends(shown.translate(_STRAIGHT)))
    spans: list[Span] = []
    for start, end in pairwise(sorted(cuts)):
        piece = text[start:end].strip()
        start = text.find(piece, start)
        begun, ended = spans[-1] if spans else (0, 0)
        if piece and spans and _goes_on(text[max(begun, ended - SEEN) : ended], piece):
            spans[-1] = (begun, start + len(piece))
        elif piece:
            spans.append((start, start + len(piece)))
    return spans


def _hide(match: re.Match[str]) -> str:
    """As many letters, the last one a full stop where a sentence may end."""
    ends = match["stop"] or (match["formula"] or "").rstrip("$\\)").endswith((".", "?", "!"))
    return "x" * (len(match[0]) - 1) + ("." if ends else "x")


def _punkt_ends(text: str) -> Iterator[int]:
    """Where Punkt sees a sentence end."""
    start = 0
    while start < len(text):
        ends = [start + end for _, end in _splitter().span_tokenize(text[start : start + BLOCK])]
        if start + BLOCK < len(text):
            ends = ends[:-1]  # the rest of that sentence is in the next block
        yield from ends
        start = ends[-1] if ends else start + BLOCK


def _goes_on(before: str, piece: str) -> bool:
    """Whether ``piece`` belongs to the sentence that ends with ``before``."""
    joint = f"{before}⏎{piece[:SEEN]}"
    return JOINED.search(joint) is not None or not any(map(str.isalnum, piece))


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
