"""Papers -> BibTeX entries and plain one-line citations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from assistant.citation_keys import keys
from assistant.latex import keep_capitals, latex
from assistant.links import web_address
from assistant.papers import Paper
from assistant.terminal import safe

SYNOPSIS_NOTE = "The library holds a synopsis of this paper, not its abstract"
NAMED = 3
"""Authors that a plain citation names."""

_MEETING = re.compile(r"\b(conference|workshop|symposium|annual meeting)\b", re.IGNORECASE)
_JOURNAL = re.compile(
    r"\b(journal|transactions|letters|annals|magazine|bulletin|quarterly)\b", re.IGNORECASE
)
_OTHERS = frozenset(("et al", "et al.", "others", "and others"))


def bibtex(papers: Iterable[Paper]) -> str:
    """An entry for each paper in their order, equal ones once; empty without papers.

    What is not known of a paper is left out of its entry: a count of authors makes no author. Keys
    are those of ``citation_keys.keys``.
    """
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.middlewares.parsestack import default_unparse_stack
    from bibtexparser.model import Entry, Field
    from bibtexparser.writer import BibtexFormat

    wanted = list(dict.fromkeys(papers))
    library = Library()
    library.add(
        [
            Entry(_type(paper), key, [Field(name, value) for name, value in _fields(paper).items()])
            for paper, key in zip(wanted, keys(wanted), strict=True)
        ]
    )
    layout = BibtexFormat()  # type: ignore[no-untyped-call]
    layout.indent = "  "
    layout.block_separator = "\n"
    layout.trailing_comma = True
    stack = default_unparse_stack(allow_inplace_modification=True)
    return write_string(library, unparse_stack=stack, bibtex_format=layout)


def citation(paper: Paper) -> str:
    """``Authors (year). Title. Venue. link`` on one line, with what is known of it."""
    names = [name for name in map(safe, paper.authors) if name]
    people = ("; " if any("," in name for name in names) else ", ").join(names[:NAMED])
    if len(names) > NAMED:
        people += " et al."
    people = people or safe(paper.organisation or "")
    year = f" ({paper.year})" if paper.year else ""
    title = safe(paper.title)
    parts = [f"{people}{year}", title] if people else [f"{title}{year}"]
    parts.append(safe(paper.venue or ""))
    sentences = [part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part]
    return " ".join([*sentences, *filter(None, [safe(paper.link or "")])])


def _type(paper: Paper) -> str:
    """Only what the name of the venue says; most venues could be either."""
    if _JOURNAL.search(paper.venue or ""):
        return "article"
    return "inproceedings" if _MEETING.search(paper.venue or "") else "misc"


def _fields(paper: Paper) -> dict[str, str]:
    venue = {"inproceedings": "booktitle", "article": "journal"}.get(_type(paper), "howpublished")
    preprint = bool(paper.arxiv_id) and (paper.venue or "").casefold().startswith("arxiv")
    fields = {
        "title": keep_capitals(latex(paper.title)),
        "author": " and ".join(_author(name) for name in paper.authors if safe(name)),
        "organization": latex(paper.organisation or ""),
        "year": str(paper.year or ""),
        venue: "" if preprint else latex(paper.venue or ""),
        "doi": _verbatim(paper.doi),
        "eprint": _verbatim(paper.arxiv_id),
        "archivePrefix": "arXiv" if paper.arxiv_id else "",
        "url": _verbatim(web_address(paper.link)),
        "note": SYNOPSIS_NOTE if paper.kind == "synopsis" else "",
    }
    return {name: value for name, value in fields.items() if value}


def _author(name: str) -> str:
    """One name, in braces where BibTeX would take it for several or for parts of one."""
    if safe(name).casefold() in _OTHERS:
        return "others"
    name = latex(name)
    split = re.search(r"(^|\s)and(\s|$)", name, re.IGNORECASE) or name.count(",") > 2
    return f"{{{name}}}" if split or name.startswith(",") or name.endswith(",") else name


def _verbatim(identifier: str | None) -> str:
    """An identifier or address, which styles print as it is: only what breaks files is coded."""
    return re.sub(r"[{}\\ ]", lambda match: quote(match.group()), safe(identifier or ""))
