"""The form of a paragraph: sentences that end with markers, whose numbers are on the table.

The same form is told twice: as a pattern that decoding is held to token by token, and as a grammar
in llama.cpp's notation for servers that take one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import regex

MOST_MARKERS = 3
"""How many markers a sentence may have."""
_ABBREVIATIONS = ("e.g.", "i.e.", "vs.", "cf.", "et al.")
"""After these a sentence may go on; after another full stop and a space only a marker can come."""


@dataclass(frozen=True)
class MarkerForm:
    """``Text. [1] Text. [2][3]``: at most so many sentences, markers up to a number.

    Brackets hold nothing but the number of a marker, and no sentence ends without one.
    """

    numbers: int
    """Markers are from 1 to this."""
    sentences: int

    def allows(self, text: str) -> bool:
        """Whether a paragraph of this form can begin with ``text``."""
        return self._pattern.fullmatch(text, partial=True) is not None

    def is_whole(self, text: str) -> bool:
        """Whether ``text`` may end here."""
        return self._pattern.fullmatch(text) is not None

    @property
    def gbnf(self) -> str:
        """The form as a grammar of llama.cpp."""
        abbreviations = " | ".join(f'"{text}"' for text in _ABBREVIATIONS)
        numbers = " | ".join(f'"{number}"' for number in range(1, self.numbers + 1))
        return (
            f'root ::= " "? sentence (" " sentence){{0,{self.sentences - 1}}}\n'
            f'sentence ::= [^ \\t\\r\\n\\[\\].!?] inside* [.!?] " "? marker{{1,{MOST_MARKERS}}}\n'
            "inside ::= [^\\t\\r\\n\\[\\].!?] | [.!?]+ [^ \\t\\r\\n\\[\\].!?]"
            f' | [ (] ({abbreviations}) " "\n'
            f'marker ::= "[" ({numbers}) "]"\n'
        )

    @cached_property
    def _pattern(self) -> Any:
        abbreviations = "|".join(map(regex.escape, _ABBREVIATIONS))
        numbers = "|".join(map(str, range(1, self.numbers + 1)))
        inside = rf"[^\t\r\n\[\].!?]|[.!?]+[^\s\[\].!?]|[ (](?:{abbreviations}) "
        markers = rf"(?:\[(?:{numbers})\]){{1,{MOST_MARKERS}}}"
        sentence = rf"[^\s\[\].!?](?:{inside})*[.!?] ?{markers}"
        return regex.compile(rf" ?{sentence}(?: {sentence}){{0,{self.sentences - 1}}}")
