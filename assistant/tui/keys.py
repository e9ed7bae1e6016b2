"""The key map, made from the bindings themselves: for the help screen, the palette and the shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.binding import Binding

from assistant.tui.chat_screen import ChatScreen
from assistant.tui.conversation_view import ConversationView
from assistant.tui.conversations_screen import ConversationsScreen
from assistant.tui.library_screen import LibraryScreen
from assistant.tui.paper_list import PaperList
from assistant.tui.question_input import QuestionInput

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


def key_map(everywhere: Sequence[Binding]) -> list[Section]:
    """All keys by place; ``everywhere`` are the bindings of the application."""
    places: list[tuple[str, Sequence[object]]] = [
        ("Everywhere", everywhere),
        ("Typing a question", QuestionInput.BINDINGS),
        ("Chat", ChatScreen.BINDINGS),
        ("Answers (Esc or Tab goes there)", ConversationView.BINDINGS),
        ("Library", LibraryScreen.BINDINGS),
        ("List of papers", PaperList.BINDINGS),
        ("Conversations", ConversationsScreen.BINDINGS),
    ]
    return [
        Section(title, tuple((shown(b.key), b.tooltip or b.description) for b in only(bindings)))
        for title, bindings in places
    ]


def key_map_text(everywhere: Sequence[Binding]) -> str:
    """The key map to be printed."""
    blocks = []
    for section in key_map(everywhere):
        width = max(len(keys) for keys, _ in section.keys)
        lines = [f"  {keys:<{width}}  {what}" for keys, what in section.keys]
        blocks.append("\n".join([section.title, *lines]))
    return "\n\n".join(blocks)


def only(bindings: Sequence[object]) -> Iterator[Binding]:
    """The bindings that are written out with a description."""
    for binding in bindings:
        if isinstance(binding, Binding) and binding.description:
            yield binding


def shown(keys: str) -> str:
    """``"ctrl+n,f5"`` -> ``"Ctrl+N, F5"``."""
    return ", ".join(_shown_key(key.strip()) for key in keys.split(","))


def _shown_key(key: str) -> str:
    *modifiers, last = key.split("+")
    last = _NAMES.get(last, last if len(last) == 1 and not modifiers else last.capitalize())
    return "+".join([*(modifier.capitalize() for modifier in modifiers), last])
