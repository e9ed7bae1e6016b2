"""Asks which papers are to be summarized, on which topic, and how."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Select, Static
from textual.widgets.option_list import Option

from assistant.errors import UsageError
from assistant.summary.choosing import THRESHOLD, check_threshold
from assistant.summary.summarizing import Style
from assistant.terminal import safe
from assistant.tui.live_summary import Wanted

if TYPE_CHECKING:
    from assistant.tui.app import ChatApp

STYLES: tuple[tuple[Style, str], ...] = (
    ("themes", "Themes: what every paper says, theme by theme"),
    ("brief", "Brief: what was done, and the plainest findings"),
    ("table", "Table: problem, method, data, finding and limits of every paper"),
)
_HINT = "Enter begins, Tab goes on to the papers, the topic and its limit, Esc closes."


async def ask(app: ChatApp, set_name: str | None, again: Wanted | None = None) -> Wanted | None:
    """What the user wants summarized: the marked papers, a set or the library, on a topic or not.

    This set comes first of the sets; topic and limit are at first those of ``again``. ``None`` if
    nothing is wanted; to be called in a worker.
    """
    sets = await app.read(app.sets)
    chosen = set(app.marked)
    marked = await app.read(lambda lib: tuple(i for i in lib.identifiers() if i in chosen))
    if isinstance(app.screen, ModalScreen):  # asked twice in a hurry
        return None
    choices = []
    if marked:
        noun = "paper" if len(marked) == 1 else "papers"
        choices.append(Wanted(f"{len(marked)} marked {noun}", "themes", marked))
    for name, _ in sorted(sets or [], key=lambda one: one[0] != set_name):
        choices.append(Wanted(f"The set “{name}”", "themes", set_name=name))
    choices.append(Wanted("The library", "themes"))
    return await app.push_screen_wait(SummaryDialog(choices, again))


class SummaryDialog(ModalScreen[Wanted | None]):
    """Returns what was chosen, or ``None`` if it was closed."""

    BINDINGS = [Binding("escape", "close", "Close")]

    def __init__(self, choices: list[Wanted], again: Wanted | None = None) -> None:
        """``choices`` are the papers that can be summarized, of which the last are the library.

        At first those of ``again``, with its topic, are chosen, or the first.
        """
        super().__init__()
        self._choices = choices
        self._again = again

    def compose(self) -> ComposeResult:
        """The papers, the topic with its limit, the styles, a hint."""
        again = self._again or self._choices[0]
        same = [place for place, one in enumerate(self._choices) if one.is_of_the_same(again)]
        topic, limit = "", THRESHOLD
        if again.threshold is not None:
            topic, limit = again.topic, again.threshold
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Summarize"
            yield Select(
                [
                    (Content(safe(wanted.topic)), place)
                    for place, wanted in enumerate(self._choices)
                ],
                value=(same or [0])[0],
                allow_blank=False,
                id="which",
            )
            with Horizontal():
                yield Input(topic, placeholder="Topic, if not all of them are meant", id="topic")
                yield Static("from relevance", markup=False)
                yield Input(f"{limit:g}", type="number", id="limit")
            yield OptionList(*(Option(Content(what)) for _, what in STYLES), id="style")
            yield Static(_HINT, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at the style, with the first one chosen; at the topic where one is needed."""
        styles = self.query_one(OptionList)
        styles.highlighted = 0
        needs_topic = len(self._choices) == 1
        (self.query_one("#topic", Input) if needs_topic else styles).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Begin in this style."""
        if event.option_list.id == "style":
            self._begin()

    def on_input_submitted(self) -> None:
        """Begin in the style that is chosen."""
        self._begin()

    def _begin(self) -> None:
        """Hand over what is wanted, or say what is missing."""
        place = self.query_one("#which", Select).value
        chosen = self.query_one(OptionList).highlighted
        if not isinstance(place, int) or chosen is None:
            return
        try:
            self.dismiss(self._wanted(self._choices[place], STYLES[chosen][0]))
        except UsageError as error:
            self.query_one(".hint", Static).update(Content(f"{error.message}: {error.hint}"))

    def _wanted(self, papers: Wanted, style: Style) -> Wanted:
        """The papers in this style, on the topic if one is given.

        Raises ``UsageError`` for a limit that is none, and where the topic is missing.
        """
        topic = self.query_one("#topic", Input).value.strip()
        if topic:
            typed = self.query_one("#limit", Input).value
            try:
                limit = float(typed or THRESHOLD)
            except ValueError:  # such as "-", from which a number may begin
                raise UsageError(f"the limit {typed} is no number", "0.5 is one") from None
            check_threshold(limit)
            return replace(papers, topic=topic, style=style, threshold=limit)
        if not (papers.papers or papers.set_name):
            raise UsageError(
                "the library needs a topic",
                "type one, or mark papers in the library (F2) with the space bar",
            )
        return replace(papers, style=style)

    def action_close(self) -> None:
        """Summarize nothing."""
        self.dismiss(None)
