"""The value everybody passes around: one paper, and the keys that tell two papers apart."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")
_DOI = re.compile(r"10\.\d{4,9}/\S+", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv:\s*|(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/)?"
    r"(\d{4}\.\d{4,5}|(?:[a-z]+-[a-z]+|math|cs|physics|nlin|stat|econ|eess)(?:\.[a-z]{2})?/\d{7})"
    r"(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Paper:
    """One paper as its source gave it; unknown facts are ``None`` or empty, never guessed."""

    title: str
    abstract: str
    """Kept character for character, control characters aside; offsets elsewhere count into it."""
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    """Known even where names are not: listing pages print "4 authors"."""
    organisation: str | None = None
    year: int | None = None
    date: str | None = None
    """The date as printed in the source, e.g. ``"Mar 4"``."""
    doi: str | None = None
    """Lower case, without resolver or prefix."""
    arxiv_id: str | None = None
    """Without version."""
    url: str | None = None
    venue: str | None = None
    numbers: tuple[int, ...] = ()
    """Numbers that followed the date in a copied listing; the page gives them no label."""
    source: str = ""
    """Where it was read: a file name."""
    line: int | None = None
    """1-based line in ``source`` where the record starts."""
    kind: str = "abstract"
    """``"abstract"``, or ``"synopsis"`` for the starter library's own summaries."""

    @property
    def id(self) -> str:
        """Ten hexadecimal digits after a ``p``, made from DOI, else arXiv id, title, abstract."""
        key = self.doi or self.arxiv_id or title_key(self.title) or self.abstract
        return "p" + hashlib.sha256(key.encode()).hexdigest()[:10]

    @property
    def link(self) -> str | None:
        """The best address known for the paper, or ``None``."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.arxiv_id:
            return f"https://arxiv.org/abs/{self.arxiv_id}"
        return self.url


def clean_text(text: str) -> str:
    """Drop control characters (NUL, ESC, carriage return, C1); keep newline and tab.

    Half characters (lone surrogates), which no file can hold, become U+FFFD.
    """
    return _HALF.sub("\ufffd", _CONTROL.sub("", text))


def title_key(title: str) -> str:
    """The title as compared for duplicates: case, accents' form, spaces and punctuation folded."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    key = "".join(char for char in folded if char.isalnum() or char in "+#*")
    return key or folded.strip()


def normalise_doi(text: str | None) -> str | None:
    """``https://doi.org/10.1000/ABC`` -> ``10.1000/abc``; ``None`` if there is no DOI in it."""
    match = _DOI.search(text or "")
    return match.group(0).rstrip(".,;)").lower() if match else None


def normalise_arxiv_id(text: str | None) -> str | None:
    """``arXiv:2101.00001v2`` -> ``2101.00001``; ``None`` if it is not an arXiv identifier."""
    match = _ARXIV.fullmatch((text or "").strip())
    return match.group(1).lower() if match else None
