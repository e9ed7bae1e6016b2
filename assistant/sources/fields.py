"""Named fields of a record (JSON keys, table columns) -> a paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.papers import Paper, clean_text, normalise_arxiv_id, normalise_doi
from assistant.sources.base import Rejection, accept

_ALIASES: dict[str, tuple[str, ...]] = {
    "title": ("title", "primary_title", "paper_title", "article_title", "name"),
    "abstract": ("abstract", "abstract_text", "abstractnote", "abstract_note", "synopsis", "text"),
    "authors": ("authors", "author", "author_names", "creators"),
    "author_count": ("author_count",),
    "organisation": ("organisation", "organization"),
    "year": ("year", "publication_year", "pub_year"),
    "date": ("date", "published", "publication_date", "update_date", "created"),
    "doi": ("doi",),
    "arxiv_id": ("arxiv_id", "arxiv", "arxivid", "eprint", "id", "_id", "url", "link"),
    "url": ("url", "link", "urls"),
    "venue": ("venue", "journal", "journal_ref", "secondary_title", "publication_title"),
    "numbers": ("numbers",),
    "kind": ("kind",),
}
_LARGE = 10**9
"""No count or year is larger."""
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")


def canonical(name: str) -> str:
    """``"Publication Year"`` -> ``"publication_year"``: how column names are compared."""
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def has_column(names: list[str], field: str) -> bool:
    """Whether one of the column ``names`` stands for ``field``."""
    return any(canonical(name) in _ALIASES[field] for name in names)


def to_paper(record: Mapping[str, Any], source: str, line: int) -> Paper | Rejection:
    """One record under any of the usual field names."""
    fields = {canonical(key): value for key, value in record.items() if isinstance(key, str)}

    def text(field: str) -> str:
        for alias in _ALIASES[field]:
            value = fields.get(alias)
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGE:
                return str(value)
            if isinstance(value, str) and value.strip():
                return value
        return ""

    date = clean_text(text("date")) or None
    arxiv_ids = (
        normalise_arxiv_id(str(fields[alias]))
        for alias in _ALIASES["arxiv_id"]
        if isinstance(fields.get(alias), str)
    )
    authors = _authors(next((fields[a] for a in _ALIASES["authors"] if fields.get(a)), None))
    url = text("url")
    return accept(
        Paper(
            title=clean_text(text("title")),
            abstract=clean_text(text("abstract")),
            authors=authors,
            author_count=_integer(text("author_count")) or len(authors) or None,
            organisation=clean_text(text("organisation")) or None,
            year=_year(text("year")) or _year(date),
            date=date,
            doi=normalise_doi(clean_text(text("doi"))),
            arxiv_id=next(filter(None, arxiv_ids), None),
            url=clean_text(url) if url.startswith(("http://", "https://")) else None,
            venue=clean_text(text("venue")) or None,
            numbers=_numbers(fields.get("numbers")),
            source=source,
            line=line,
            kind="synopsis" if fields.get("kind") == "synopsis" else "abstract",
        )
    )


def _authors(value: Any) -> tuple[str, ...]:
    """Names from a list of strings or objects, or from one string with its usual separators."""
    if isinstance(value, str):
        parts = re.split(r"\s*;\s*|\s+and\s+|\s*\|\s*", value)
        if len(parts) == 1 and value.count(",") > 1:
            parts = value.split(",")
    elif isinstance(value, list):
        parts = [_name(item) for item in value]
    else:
        parts = []
    return tuple(name for part in parts if (name := " ".join(clean_text(part).split())))


def _name(item: Any) -> str:
    if isinstance(item, dict):
        whole = item.get("name") or item.get("display_name") or item.get("literal")
        return str(whole or " ".join(str(item[k]) for k in ("given", "family") if item.get(k)))
    return str(item) if isinstance(item, (str, int)) else ""


def _numbers(value: Any) -> tuple[int, ...]:
    items = value if isinstance(value, list) else []
    return tuple(item for item in items if type(item) is int and abs(item) < _LARGE)


def _integer(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < len(str(_LARGE)) else None


def _year(text: str | None) -> int | None:
    match = _YEAR.search(text or "")
    return int(match.group()) if match else None
