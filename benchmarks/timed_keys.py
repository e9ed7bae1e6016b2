"""The keys whose effects are timed: letters, markers, pages, rows, searches."""

from __future__ import annotations

import random
import re
import string

from chat_under_test import ChatUnderTest
from made_papers import SEED
from terminal_picture import CLEAR, DOWN, PAGE_UP, UP, Condition

from assistant import browsing

Effects = dict[str, Condition]


class Letters:
    """Letters typed as a question."""

    def __init__(self, chat: ChatUnderTest) -> None:
        self.chat = chat
        self._typed = ""
        self._random = random.Random(SEED)

    def enter(self) -> None:
        """Clear the field; a letter that came at once would be cleared with the rest."""
        self._typed = ""
        self.chat.terminal.press(CLEAR)
        self.chat.terminal.settle()
        self.chat.terminal.must(lambda: self.chat.question().startswith("Ask a"), "an empty field")

    leave = enter

    def next(self) -> tuple[str, Effects]:
        """One more letter."""
        if len(self._typed) == 40:
            self.enter()
        letter = self._random.choice(string.ascii_lowercase)
        self._typed = text = self._typed + letter
        return letter, {"letter in the question": lambda: self.chat.question() == text}


class Markers:
    """Up in the answers: the marker before, and its paper beside it."""

    def __init__(self, chat: ChatUnderTest) -> None:
        self.chat = chat

    def enter(self) -> None:
        """Go to the answers."""
        self.chat.to_answers()

    def leave(self) -> None:
        """Go back."""
        self.chat.to_question()

    def next(self) -> tuple[str, Effects]:
        """One marker up."""
        chat, marker, evidence = self.chat, self.chat.marker(), self.chat.evidence()
        return UP, {
            "marker up": lambda: chat.marker() not in ("", marker),
            " its evidence": lambda: chat.evidence() != evidence,
        }


class Pages(Markers):
    """PgUp in the answers."""

    def next(self) -> tuple[str, Effects]:
        """One page up; at the beginning, first to the end."""
        chat, answers = self.chat, self.chat.answers()
        return PAGE_UP, {"page up in the answers": lambda: chat.answers() != answers}


class Rows:
    """Down in the list of papers, and the abstract beside it."""

    def __init__(self, chat: ChatUnderTest) -> None:
        self.chat = chat

    def enter(self) -> None:
        """Go to the list."""
        self.chat.open_library()

    def leave(self) -> None:
        """Go back."""
        self.chat.leave_library()

    def next(self) -> tuple[str, Effects]:
        """One paper down."""
        chat, row, paper = self.chat, self.chat.cursor_row(), self.chat.evidence()
        return DOWN, {
            "paper down": lambda: chat.cursor_row() not in ("", row),
            " its abstract": lambda: chat.evidence() != paper,
        }


class Search(Rows):
    """Letters in the search field, and the new number of papers found."""

    def __init__(self, chat: ChatUnderTest) -> None:
        super().__init__(chat)
        self._random = random.Random(SEED)
        self._typed = self._word = ""

    def enter(self) -> None:
        """Go to the search field."""
        super().enter()
        self.chat.terminal.press("/")
        self.chat.terminal.must(lambda: not self.chat.cursor_row(), "the search field")
        self.chat.terminal.settle()
        self._typed = self._word = ""

    def next(self) -> tuple[str, Effects]:
        """One more letter of a word in some title."""
        chat = self.chat
        if self._typed == self._word:
            if self._typed:
                chat.terminal.press(CLEAR)
                chat.terminal.must(lambda: chat.searched().startswith("Search"), "an empty field")
                chat.terminal.settle(0.5, 3)
            self._typed, self._word = "", self._some_word()
        self._typed = text = self._word[: len(self._typed) + 1]
        return text[-1], {"letter in the search": lambda: chat.searched() == text, **self._found()}

    def _found(self) -> Effects:
        chat = self.chat
        found = str(len(browsing.matching(chat.library, self._typed)))
        return {} if chat.count() == found else {" its count": lambda: chat.count() == found}

    def _some_word(self) -> str:
        query = "SELECT title FROM papers WHERE number = ?"
        number = self._random.randint(1, self.chat.library.count())
        words = re.findall(r"[a-z]{5,}", self.chat.library.rows(query, (number,))[0][0])
        return str(self._random.choice(words)[:6])


class FastSearch(Search):
    """Letters typed while the search for the letters before is still going on."""

    def next(self) -> tuple[str, Effects]:
        """One more letter."""
        key, effects = super().next()
        return key, {"letter in the search, fast": next(iter(effects.values()))}

    def _found(self) -> Effects:
        return {}


KINDS = (Letters, Markers, Pages, Rows, Search, FastSearch)
