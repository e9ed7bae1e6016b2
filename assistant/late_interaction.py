"""Late interaction: every word piece of a question against every word piece of an abstract.

The similarity of a question and a text is the mean, over the pieces of the question, of the best
cosine with any piece of the text (MaxSim; Khattab and Zaharia 2020, ColBERT), here with the pieces
of an encoder that was not trained for it. Pieces of stop words and of punctuation are left out.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.words import STOP_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.sentences import Span

TITLE = 0xFFFFFFFF
"""The start of a piece that belongs to the title, not to the abstract."""
_SCALE = 127.0
_HEADER = struct.Struct("<II")


@dataclass(frozen=True)
class EncodedText:
    """A text as the encoder sees it: as a whole, and word piece by word piece."""

    vector: NDArray[np.float32]
    """Unit vector of the whole, shape ``(dimension,)``."""
    pieces: NDArray[np.float32]
    """Unit vectors, shape ``(pieces, dimension)``; no rows if the encoder has none."""
    spans: Sequence[Span]
    """For each piece, the characters of the text that it stands for; empty for a special one."""


@dataclass(frozen=True)
class Pieces:
    """The telling word pieces of a title and an abstract, in reading order."""

    vectors: NDArray[np.int8]
    """Unit vectors times 127, rounded; shape ``(pieces, dimension)``."""
    starts: NDArray[np.uint32]
    """Where each piece begins in the abstract, or ``TITLE``; shape ``(pieces,)``."""

    def to_bytes(self) -> bytes:
        """The form in which they are stored: a byte a number and four a start."""
        count, dimension = self.vectors.shape
        return (
            _HEADER.pack(count, dimension)
            + self.vectors.tobytes()
            + self.starts.astype("<u4").tobytes()
        )

    @classmethod
    def none(cls, dimension: int) -> Pieces:
        """Those of a paper that is not indexed."""
        return cls.from_bytes(_HEADER.pack(0, dimension))

    @classmethod
    def from_bytes(cls, data: bytes) -> Pieces:
        """What ``to_bytes`` made."""
        import numpy as np

        count, dimension = _HEADER.unpack_from(data)
        vectors = np.frombuffer(data, np.int8, count * dimension, _HEADER.size)
        starts = np.frombuffer(data, "<u4", count, _HEADER.size + count * dimension)
        return cls(vectors.reshape(count, dimension), starts.astype(np.uint32))


def pieces_of(
    title: str, chunks: Sequence[Span], encoded: Sequence[EncodedText], texts: Sequence[str]
) -> Pieces:
    """The pieces of a paper from its encoded chunks.

    Each text is the title, a line break, and the slice of the abstract that its chunk names; what
    two chunks share is taken from the first.
    """
    import numpy as np

    vectors, starts, done = [], [], 0
    for number, ((start, end), item, text) in enumerate(zip(chunks, encoded, texts, strict=True)):
        shift = start - len(title) - 1
        for index in telling(text, item.spans):
            at = item.spans[index][0]
            if at <= len(title):
                place = TITLE if number == 0 else None
            else:
                place = at + shift if at + shift >= done else None
            if place is not None:
                vectors.append(item.pieces[index])
                starts.append(place)
        done = end
    dimension = encoded[0].pieces.shape[1] if encoded else 0
    matrix = np.array(vectors, dtype=np.float32).reshape(len(vectors), dimension)
    return Pieces(np.round(matrix * _SCALE).astype(np.int8), np.array(starts, dtype=np.uint32))


def telling(text: str, spans: Sequence[Span]) -> list[int]:
    """Which of the pieces with these spans belong to words that carry a topic."""
    found = []
    for index, (start, end) in enumerate(spans):
        piece = text[start:end]
        if not any(char.isalnum() for char in piece):
            continue
        whole = not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
        if not (whole and piece.lower() in STOP_WORDS):
            found.append(index)
    return found


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vectors along the last axis, divided by their length; zeros stay zeros."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return result


def similarities(question: NDArray[np.float32], pieces: Pieces) -> NDArray[np.float32]:
    """The cosine of each piece of the question with each of the text, shape ``(q, pieces)``."""
    import numpy as np

    return (question @ pieces.vectors.T.astype(np.float32)) / np.float32(_SCALE)
