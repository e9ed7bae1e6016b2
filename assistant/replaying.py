"""A saved answer: how to ask for it again, and item by item what is otherwise now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from assistant import catalog
from assistant.answers import Asked
from assistant.config import Config, checked_settings
from assistant.conversation import Turn
from assistant.errors import UsageError
from assistant.filters import Filters
from assistant.library import Library
from assistant.manifest import PLACES, SETTINGS, paper_digest
from assistant.render import QUOTES_ONLY

_LABELS = {"settings": "setting", "packages": "package", "filters": "filter"}
_TOLD = "settings, filters, conversation, encoder, and whether a paper was edited"
"""What a file without a manifest does not tell."""


@dataclass(frozen=True)
class Request:
    """How a saved answer was asked for."""

    settings: dict[str, Any]
    """Those that the file tells; today's stand in for the others."""
    asked: Asked


@dataclass(frozen=True)
class Change:
    """One thing that was so in the saved answer and is otherwise now."""

    what: str
    was: Any
    """``None`` for what was not there, as in ``now`` for what is not there any more."""
    now: Any

    def __str__(self) -> str:
        if self.was is None:
            return f"{self.what}: only now: {_shown(self.now)}"
        if self.now is None:
            return f"{self.what}: only then: {_shown(self.was)}"
        return f"{self.what}: {_shown(self.was)} -> {_shown(self.now)}"


@dataclass(frozen=True)
class Comparison:
    """A saved answer beside the one of now."""

    changed: list[Change]
    """What decides an answer: program, models, settings, library."""
    answer: list[Change]
    """The answer itself; its timings are not compared."""
    unknown: str
    """What the file does not tell, so that it was not compared; empty if it tells all."""

    @property
    def same(self) -> bool:
        """Whether nothing that was compared differs."""
        return not (self.changed or self.answer)


def request(record: Mapping[str, Any]) -> Request | None:
    """How to ask for a saved answer again; ``None`` for what was refused as no question.

    Raises ``UsageError`` if it is no answer, or if what it says of the asking cannot be read.
    """
    if not _is_answer(record):
        raise UsageError(
            "only answers can be asked again",
            'save one with: assistant ask "..." --json > answer.json',
        )
    if "manifest" not in record:
        name = record["model"]["name"]
        settings = {"model": name} if name in catalog.named_models() else {}
        return Request(settings, Asked(quotes_only=name == QUOTES_ONLY))
    if record["manifest"] is None:
        return None
    try:
        return _request(record["manifest"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"the manifest of the answer to {record['question'][:60]!r} cannot be read",
            "give the file as ask --json printed it",
        ) from error


def check_places(settings: Mapping[str, Any], own: Config) -> None:
    """Raise ``UsageError`` if a file names a server, folder or file that ``own`` settings do not.

    A file may come from anyone: where it points to, nothing is read and nothing is sent.
    """
    for name in PLACES:
        place = settings.get(name, "")
        if place not in ("", getattr(own, name), getattr(Config(), name)):
            raise UsageError(
                f"the file was asked with the {name} {place}, which is not among your settings",
                f"if you trust it, set ASSISTANT_{name.upper()}; or use --todays-settings",
            )


def compare(saved: Mapping[str, Any], now: Mapping[str, Any], library: Library) -> Comparison:
    """What is otherwise in ``now``, the answer to the same question from ``library``.

    Both are as ``ask --json`` prints them.
    """
    changed = [*_one("program version", saved["version"], now["version"])]
    told = "manifest" in saved
    if told:
        for key in dict.fromkeys((*saved["manifest"], *now["manifest"])):
            if key != "papers":
                was, is_now = saved["manifest"].get(key), now["manifest"].get(key)
                found = _each(_LABELS.get(key, key), was, is_now)
                changed += [change for change in found if change not in changed]
    changed += _each("model", saved["model"], now["model"])
    changed += _each("library", saved["library"], now["library"])
    changed += _papers(saved, library)
    return Comparison(changed, [*_answer(saved, now)], "" if told else _TOLD)


def _request(manifest: Mapping[str, Any]) -> Request:
    settings = checked_settings(
        {key: value for key, value in manifest["settings"].items() if key in SETTINGS},
        "the manifest",
    )
    filters = manifest["filters"]
    first, last = (None if year is None else int(year) for year in filters["years"])
    asked = Asked(
        history=tuple(_turn(**turn) for turn in manifest["history"]),
        quotes_only=bool(manifest["quotes_only"]),
        filters=Filters(
            (first, last),
            tuple(map(_text, filters["sources"])),
            tuple(map(_text, filters["authors"])),
            None if filters["set"] is None else _text(filters["set"]),
        ),
        without=tuple(map(_text, manifest["without"])),
    )
    if not isinstance(manifest["papers"], dict):
        raise TypeError("papers")
    return Request(settings, asked)


def _turn(role: Any, content: Any) -> Turn:
    if role not in ("user", "assistant"):
        raise ValueError(role)
    return Turn(role, _text(content))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _is_answer(record: Mapping[str, Any]) -> bool:
    """Whether the fields that are read here are there, beyond those of every saved object."""
    try:
        _ = record["question"] + "", record["version"] + "", record["sentences"]
        _ = record["model"]["name"] + "", record["library"]["snapshot"] + ""
        _ = [hit["id"] + hit["title"] for hit in record["retrieved"] if hit["score"] + 0]
        return isinstance(record.get("manifest", {}), dict | None)
    except (KeyError, TypeError):
        return False


def _papers(saved: Mapping[str, Any], library: Library) -> Iterator[Change]:
    """The papers found or cited then that the library has no more, or with other words."""
    digests = saved.get("manifest", {}).get("papers", {})
    titles = {paper["id"]: paper["title"] for paper in (*saved["retrieved"], *saved["sources"])}
    there = library.fetch(titles)
    for identifier, title in titles.items():
        what = f"paper {identifier} “{title}”"
        stored = there.get(identifier)
        if stored is None:
            yield Change(what, "in the library", None)
        elif (was := digests.get(identifier)) not in (None, paper_digest(stored)):
            yield Change(what, f"digest {was}", f"edited, digest {paper_digest(stored)}")


def _answer(saved: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for key in ("id", "question", "refused", "reason", "verdict", "confidence"):
        yield from _one(key, saved.get(key), now.get(key))
    yield from _sentences(saved, now)
    if saved["sentences"] == now["sentences"]:
        yield from _one("text", saved.get("answer"), now["answer"])
    yield from _sources(saved["sources"], now["sources"])
    yield from _retrieved(saved["retrieved"], now["retrieved"])
    yield from _each("explanation", saved.get("explanation"), now.get("explanation"))


def _sentences(saved: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """Sentences that are not in both, each with the papers that it cites."""
    then, today = _cited(saved), _cited(now)
    matcher = SequenceMatcher(None, then, today, autojunk=False)
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind != "equal":
            pairs = zip_longest(then[i:i_end], today[j:j_end])
            for number, (was, is_now) in enumerate(pairs, start=j + 1):
                yield Change(f"sentence {number}", was, is_now)


def _cited(record: Mapping[str, Any]) -> list[str]:
    papers = {source["number"]: source["id"] for source in record["sources"]}
    return [
        f"{sentence['text']} ({sentence['origin']},"
        f" {' '.join(str(papers.get(number, number)) for number in sentence['citations'])},"
        f" support {sentence.get('support')}"
        f"{f', introduced by {lead}' if (lead := sentence.get('lead')) else ''})"
        for sentence in record["sentences"]
    ]


def _sources(
    saved: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    then, today = ({source["id"]: dict(source) for source in each} for each in (saved, now))
    for identifier in dict.fromkeys((*then, *today)):
        was, is_now = then.get(identifier), today.get(identifier)
        if was is None or is_now is None:
            titles = (source and source["title"] for source in (was, is_now))
            yield Change(f"cited paper {identifier}", *titles)
        else:
            yield from _quotes(identifier, was.pop("quotes"), is_now.pop("quotes"))
            yield from _each(f"cited paper {identifier}", was, is_now)


def _quotes(identifier: str, saved: list[Any], now: list[Any]) -> Iterator[Change]:
    for quotes, others, is_old in ((saved, now, True), (now, saved, False)):
        for quote in quotes:
            if quote not in others:
                text = f"{quote['text']} (from {quote['start']} to {quote['end']})"
                yield Change(f"quote of {identifier}", *((text, None) if is_old else (None, text)))
    texts = ([q["text"] for q in each if q in saved and q in now] for each in (saved, now))
    yield from _one(f"order of quotes of {identifier}", *texts)


def _retrieved(
    saved: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    then, today = ({hit["id"]: hit for hit in each} for each in (saved, now))
    for identifier in dict.fromkeys((*then, *today)):
        if identifier not in today:
            yield Change(f"paper found {identifier}", then[identifier]["title"], None)
        elif identifier not in then:
            yield Change(f"paper found {identifier}", None, today[identifier]["title"])
    both = [identifier for identifier in then if identifier in today]
    yield from _one("order of papers found", both, [i for i in today if i in then])
    moved = [i for i in both if then[i]["score"] != today[i]["score"]]
    scores = ([each[i]["score"] for i in moved] for each in (then, today))
    yield from _one(f"scores of {len(moved)} papers found", *scores)


def _each(what: str, was: Any, now: Any) -> Iterator[Change]:
    """The fields in which two objects differ, or the values themselves."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*was, *now)):
            yield from _one(f"{what} {key}", was.get(key), now.get(key))
    else:
        yield from _one(what.replace("_", " "), was, now)


def _one(what: str, was: Any, now: Any) -> Iterator[Change]:
    if was != now:
        yield Change(what, was, now)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
