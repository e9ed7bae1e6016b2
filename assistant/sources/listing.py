"""Text copied from a paper-listing page, in its two layouts.

The compact layout alternates a line of title and a line of abstract. The spaced layout parts them
by empty lines and adds a block after most papers: an author count or organisation, a dot, a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.errors import SourceUnreadable
from assistant.papers import Paper, clean_text
from assistant.sources.base import Rejection, Source, accept, shorten

_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATE = re.compile(rf"((?:{_MONTH})[a-z]* +\d{{1,2}})(?:, +(\d{{4}}))?((?:\s+\d+)*)")
_COUNT = re.compile(r"(\d+) authors?")
_HEADER = re.compile(
    r"(new|Subscribe|Daily Papers|by.{0,20} ?and the research community|Trending Papers"
    r"|Get trending papers in your email inbox.*)"
)
_GLUED = re.compile(r"Subscribe(?=\S)(?!(?:d|r|rs|s)\b)")
_PARTS = re.compile(r"\s+[·•]\s+")
_HINT = "a listing has a line of title, then a line of abstract"


@dataclass(frozen=True)
class _Line:
    number: int
    text: str


@dataclass(frozen=True)
class _Block:
    """What stands below a paper in the spaced layout."""

    author_count: int | None
    organisation: str | None
    date: str | None
    year: int | None
    numbers: tuple[int, ...]


class ListingReader:
    """Pages copied from a listing of papers."""

    name = "listing"

    def recognises(self, sample: str) -> bool:
        """The page's own header, or lines that alternate between titles and abstracts."""
        lines = [line.strip() for line in sample.split("\n") if line.strip()][:40]
        if any(_HEADER.fullmatch(line) for line in lines[:4]) or any(map(_is_dot, lines)):
            return True
        pairs = sum(_fit(title, abstract) for title, abstract in pairwise(lines))
        return pairs > 0 and pairs >= 0.35 * len(lines)

    def read(self, source: Source) -> Iterator[Paper | Rejection]:
        """Raises ``SourceUnreadable`` if there is no pair of title and abstract at all."""
        lines = [
            _Line(number, text)
            for number, raw in enumerate(source.lines(), start=1)
            if (text := clean_text(raw)).strip()
        ]
        lines = _without_header(lines)
        found = False
        for pair, block in _records(lines):
            if isinstance(pair, _Line):
                reason = f"a line without its partner: {shorten(pair.text)!r}; {_HINT}"
                yield Rejection(source.name, pair.number, reason)
                continue
            found = True
            yield _paper(pair, block, source)
        if not found:
            raise SourceUnreadable(f"{source.name}: no papers found in the listing", _HINT)


def _paper(pair: tuple[_Line, _Line], block: _Block | None, source: Source) -> Paper | Rejection:
    title, abstract = pair
    date = block.date if block else None
    return accept(
        Paper(
            title=title.text.strip(),
            abstract=abstract.text.strip(),
            author_count=block.author_count if block else None,
            organisation=block.organisation if block else None,
            date=date,
            year=(block.year or (source.crawl_year if date else None)) if block else None,
            numbers=block.numbers if block else (),
            source=source.name,
            line=title.number,
        )
    )


def _without_header(lines: list[_Line]) -> list[_Line]:
    """Drop the page's own first lines, and its date if that is printed among them."""
    start = 0
    for index, line in enumerate(lines[:8]):
        text = line.text.strip()
        in_header = index == start
        if in_header and (_HEADER.fullmatch(text) or _DATE.fullmatch(text)):
            start = index + 1
        elif in_header and index and _GLUED.match(text):
            rest = _GLUED.sub("", text, count=1)
            return [_Line(line.number, rest), *lines[index + 1 :]]
    return lines[start:]


def _records(
    lines: list[_Line],
) -> Iterator[tuple[tuple[_Line, _Line] | _Line, _Block | None]]:
    """Pairs of title and abstract, each with the block that directly follows its abstract."""
    run: list[_Line] = []
    index = 0
    while index < len(lines):
        block, length = _block_at(lines, index)
        if not length:
            run.append(lines[index])
            index += 1
            continue
        pairs = _pairs(run)
        owner = _owner(pairs)
        for position, pair in enumerate(pairs):
            yield pair, block if position == owner else None
        run = []
        index += length
    for pair in _pairs(run):
        yield pair, None


def _owner(pairs: list[tuple[_Line, _Line] | _Line]) -> int | None:
    """Which of the pairs a block below them belongs to.

    The last one, unless a title without an abstract stands between: then the block is that title's.
    """
    for position in reversed(range(len(pairs))):
        pair = pairs[position]
        if isinstance(pair, tuple):
            return position
        if _is_title(pair.text):
            return None
    return None


def _block_at(lines: list[_Line], index: int) -> tuple[_Block | None, int]:
    """The block that starts at ``index`` and how many lines it has; zero if none starts there.

    A block is one or more lines of authors or organisation, each followed by a dot, then a date;
    lines that carry a bullet are part of a block even where the dot or date was lost.
    """
    labels: list[str] = []
    at = index
    while at < len(lines):
        parts = [part for part in _PARTS.split(lines[at].text.strip()) if part]
        text = parts[-1] if parts else ""
        following = lines[at + 1].text.strip() if at + 1 < len(lines) else ""
        dotted = _is_dot(following)
        if _DATE.fullmatch(text):
            return _block([*labels, *parts[:-1]], text), at + 1 - index
        before_more = len(text) <= 100 and (dotted or _DATE.fullmatch(following))
        if not (parts[0].startswith("•") or before_more) or len(labels) >= 3:
            break
        labels += parts
        at += 2 if dotted else 1
    return (_block(labels, ""), at - index) if labels else (None, 0)


def _block(labels: list[str], date_line: str) -> _Block:
    labels = [label.lstrip("•· ").strip() for label in labels]
    counts = [int(m.group(1)) for label in labels if (m := _COUNT.fullmatch(label))]
    names = [label for label in labels if label and not _COUNT.fullmatch(label)]
    match = _DATE.fullmatch(date_line)
    return _Block(
        author_count=counts[0] if counts else None,
        organisation=names[0] if names else None,
        date=(match.group(1) + (f", {match.group(2)}" if match.group(2) else ""))
        if match
        else None,
        year=int(match.group(2)) if match and match.group(2) else None,
        numbers=tuple(int(n) for n in match.group(3).split()) if match else (),
    )


def _pairs(run: list[_Line]) -> list[tuple[_Line, _Line] | _Line]:
    """Titles with their abstracts; a line that fits neither way is left alone.

    A pair that looks odd (a title with a full stop, an abstract without) is believed only where it
    cannot be anything else: alone between two blocks, or before a pair that looks right.
    """
    run = [line for line in run if not _is_dot(line.text)]
    pairs: list[tuple[_Line, _Line] | _Line] = []
    index = 0
    while index < len(run):
        one, *rest = run[index : index + 4]
        believed = bool(rest) and (
            _fit(one.text, rest[0].text)
            or (
                len(one.text) < len(rest[0].text)
                and (len(run) == 2 or (len(rest) == 3 and _fit(rest[1].text, rest[2].text)))
            )
        )
        if believed:
            pairs.append((one, rest[0]))
            index += 2
        else:
            pairs.append(run[index])
            index += 1
    return pairs


def _fit(title: str, abstract: str) -> bool:
    return _is_title(title) and not _is_title(abstract)


def _is_title(text: str) -> bool:
    return len(text) <= 300 and not text.rstrip().endswith((".", ":", ";", ","))


def _is_dot(text: str) -> bool:
    return text.strip() in {"·", "•"}
