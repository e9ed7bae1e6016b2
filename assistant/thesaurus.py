"""Everyday words of a question -> the terms that abstracts use for them, as further wordings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from assistant.errors import UsageError
from assistant.words import stem

ADDED = 2
"""How many terms the wording that keeps the question's own words adds to each."""

_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s\b")


class Thesaurus:
    """Phrases and the terms they stand for, the most usual first."""

    def __init__(self, entries: Mapping[str, Sequence[str]]) -> None:
        """Phrases are matched by the stems of their words; one without terms stands for nothing."""
        self._terms = {_key(phrase): tuple(terms) for phrase, terms in entries.items()}
        self._longest = max(map(len, self._terms), default=0)

    def wordings(self, question: str) -> list[str]:
        """The question as it is; with terms in place of its phrases; with terms behind them.

        Only the question if it has no phrase that is known.
        """
        found = self.matches(question)
        if not found:
            return [question]
        in_place, behind, done = "", "", 0
        for start, end, terms in found:
            in_place += question[done:start] + terms[0]
            behind += question[done:end] + " " + " ".join(terms[:ADDED])
            done = end
        return [question, in_place + question[done:], behind + question[done:]]

    def matches(self, question: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Start and end of each known phrase in the question, the longest ones, and its terms."""
        words = list(_WORD.finditer(_bare(question)))
        stems = [stem(word.group().lower()) for word in words]
        found = []
        at = 0
        while at < len(words):
            longest = min(self._longest, len(words) - at)
            for length in range(longest, 0, -1):
                if terms := self._terms.get(tuple(stems[at : at + length])):
                    found.append((words[at].start(), words[at + length - 1].end(), terms))
                    at += length
                    break
            else:
                at += 1
        return found


def thesaurus(own: Path | None = None) -> Thesaurus:
    """The one that comes with the program, with the user's own entries laid over it.

    ``own`` is a file like ``thesaurus.toml``; an empty list switches an entry off. Raises
    ``UsageError`` if it cannot be read as one.
    """
    return Thesaurus(_entries() | _read(own)) if own else _common()


@cache
def _common() -> Thesaurus:
    return Thesaurus(_entries())


@cache
def _entries() -> dict[str, list[str]]:
    return tomllib.loads(files("assistant").joinpath("thesaurus.toml").read_text("utf-8"))


def _read(path: Path) -> dict[str, list[str]]:
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"cannot read the thesaurus {path}: {error}", "mend it or remove the setting"
        ) from error
    for phrase, terms in entries.items():
        if not (isinstance(terms, list) and all(isinstance(term, str) for term in terms)):
            raise UsageError(
                f"the thesaurus {path} gives no list of terms for {phrase!r}",
                'a line looks like this: "graphics card" = ["GPU"]',
            )
    return entries


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word.lower()) for word in _WORD.findall(_bare(phrase)))


def _bare(text: str) -> str:
    """The text, as long as before, with blanks for the s of a possessive."""
    return _POSSESSIVE.sub("  ", text)
