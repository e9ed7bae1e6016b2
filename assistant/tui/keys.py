"""The key map, made from the bindings: for the help screen, the palette and the shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text
from textual.binding import Binding, BindingType

from assistant.tui import bindings

_NAMES = {
    "slash": "/",
    "minus": "-",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
}


@dataclass(frozen=True)
class Section:
    """The keys of one place in the program."""

    title: str
    keys: tuple[tuple[str, str], ...]
    """Key and what it does."""


PLACES = (
    ("Everywhere", bindings.EVERYWHERE),
    ("Typing a question", bindings.QUESTION),
    ("Chat", bindings.CHAT),
    ("Answers, with Esc, and summaries", bindings.ANSWERS),
    ("Library", bindings.LIBRARY),
    ("Summary", bindings.SUMMARY),
    ("List of papers", bindings.PAPER_LIST),
    ("Conversations", bindings.CONVERSATIONS),
)


def key_map() -> list[Section]:
    """All keys by place."""
    return [
        Section(title, tuple((shown(b.key), b.tooltip or b.description) for b in only(place)))
        for title, place in PLACES
    ]


def key_map_text() -> str:
    """The key map to be printed."""
    blocks = []
    for section in key_map():
        width = max(len(keys) for keys, _ in section.keys)
        lines = [f"  {keys:<{width}}  {what}" for keys, what in section.keys]
        blocks.append("\n".join([section.title, *lines]))
    return "\n\n".join(blocks)


def key_table() -> Table:
    """The key map for the screen; what a key does wraps beside it."""
    table = Table.grid(padding=(0, 2))
    table.add_column(max_width=24)
    table.add_column()
    for number, section in enumerate(key_map()):
        if number:
            table.add_row()
        table.add_row(Text(section.title, style="bold underline"))
        for keys, what in section.keys:
            table.add_row(Text(f"  {keys}"), Text(what))
    return table


def only(place: Sequence[BindingType]) -> Iterator[Binding]:
    """The bindings that are written out with a description."""
    for binding in place:
        if isinstance(binding, Binding) and binding.description:
            yield binding


def shown(keys: str) -> str:
    """``"ctrl+n,f5"`` -> ``"Ctrl+N, F5"``."""
    return ", ".join(_shown_key(key.strip()) for key in keys.split(","))


def _shown_key(key: str) -> str:
    *modifiers, last = key.split("+")
    last = _NAMES.get(last, last if len(last) == 1 and not modifiers else last.capitalize())
    return "+".join([*(modifier.capitalize() for modifier in modifiers), last])
