"""A theme's terms -> a heading in the words of a model that can, if its papers bear it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.checking import FUNCTION_WORDS
from assistant.claims.naming import GENERAL
from assistant.errors import ModelUnusable, PromptTooLong
from assistant.papers import Paper
from assistant.prompts import render
from assistant.summary.themes import LEAST_SHARE
from assistant.words import STOP_WORDS, stem, stems
from assistant.writing import LanguageModel, allowed_tokens

Phrase = Callable[[str, Sequence[Paper]], str | None]
"""Terms and papers of a theme -> its heading, or ``None`` for the terms themselves."""

TITLES = 12
"""Titles that the model reads."""
LONGEST_TITLE = 150
MOST_WORDS = 8
ROOM = 24
"""Tokens of a heading."""
_WORD = re.compile(r"[^\W\d_][\w-]*")
_PLAIN = re.compile(r"[\w ,'’/+-]+")


def phrasing(load_model: Callable[[], LanguageModel | None]) -> Phrase:
    """Headings by this model, which is asked for with the first; by none once it fails."""
    failed = False

    def phrase(terms: str, papers: Sequence[Paper]) -> str | None:
        nonlocal failed
        try:
            model = None if failed else load_model()
            failed = model is None
            return heading(model, terms, papers) if model else None
        except (ModelUnusable, PromptTooLong):
            failed = True
            return None

    return phrase


def heading(model: LanguageModel, terms: str, papers: Sequence[Paper]) -> str | None:
    """What the model calls the theme, on one line; ``None`` if its papers do not bear it out.

    Raises what the model raises.
    """
    titles = [" ".join(paper.title.split())[:LONGEST_TITLE] for paper in papers[:TITLES]]
    messages = render("name_theme", terms=terms, titles="\n".join(titles))
    allowed = allowed_tokens(model, " ".join([terms, *titles]))
    lines = "".join(model.stream(messages, max_tokens=ROOM, allowed=allowed)).splitlines()
    named = lines[0].strip(" .\"'“”*") if lines else ""
    return f"{named[:1].upper()}{named[1:]}" if is_borne_out(named, papers) else None


def is_borne_out(named: str, papers: Sequence[Paper]) -> bool:
    """Whether it is a name of a few words, each telling one of which most of the papers have."""
    words = [word.lower() for word in _WORD.findall(named)]
    telling = [word for word in words if word not in STOP_WORDS | {*FUNCTION_WORDS}]
    if not 1 <= len(words) <= MOST_WORDS or not _PLAIN.fullmatch(named):
        return False
    if all(word in GENERAL for word in telling) or len(set(telling)) < len(telling):
        return False
    held = [stems(f"{paper.title} {paper.abstract}") for paper in papers]
    return all(
        sum({stem(part) for part in re.split(r"[-_]", word) if part} <= has for has in held)
        >= LEAST_SHARE * len(papers)
        for word in telling
    )
