"""Asks which papers are to be summarized, and how."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Select, Static
from textual.widgets.option_list import Option

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


async def ask(app: ChatApp, set_name: str | None) -> Wanted | None:
    """What the user wants summarized: the marked papers or a set, this one first of the sets.

    ``None`` if that is nothing; to be called in a worker.
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
    if not choices:
        app.notify("Mark papers in the library (F2) with the space bar first, or make a set.")
        return None
    return await app.push_screen_wait(SummaryDialog(choices))


class SummaryDialog(ModalScreen[Wanted | None]):
    """Returns what was chosen, or ``None`` if it was closed."""

    BINDINGS = [Binding("escape", "close", "Close")]

    def __init__(self, choices: list[Wanted]) -> None:
        """``choices`` are the papers that can be summarized, at least one; the first is chosen."""
        super().__init__()
        self._choices = choices

    def compose(self) -> ComposeResult:
        """The papers, the styles, a hint."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Summarize"
            yield Select(
                [
                    (Content(safe(wanted.topic)), place)
                    for place, wanted in enumerate(self._choices)
                ],
                value=0,
                allow_blank=False,
                id="which",
            )
            yield OptionList(*(Option(Content(what)) for _, what in STYLES), id="style")
            yield Static("Enter begins, Tab goes to the papers, Esc closes.", classes="hint")

    def on_mount(self) -> None:
        """Begin at the style, with the first one chosen."""
        styles = self.query_one(OptionList)
        styles.highlighted = 0
        styles.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hand over the papers and the style."""
        place = self.query_one("#which", Select).value
        if event.option_list.id == "style" and isinstance(place, int):
            style, _ = STYLES[event.option_index]
            self.dismiss(replace(self._choices[place], style=style))

    def action_close(self) -> None:
        """Summarize nothing."""
        self.dismiss(None)
