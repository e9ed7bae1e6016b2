"""A summary, with the paper behind each marker beside it."""

from __future__ import annotations

from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Footer, Static

from assistant.export import SUMMARY_FORMATS
from assistant.papers import Paper
from assistant.summary import formats
from assistant.terminal import safe
from assistant.tui import bindings
from assistant.tui.conversation_view import ConversationView
from assistant.tui.evidence_panel import EvidencePanel
from assistant.tui.exporting import export
from assistant.tui.live_summary import LiveSummary
from assistant.tui.paper_actions import PaperActions
from assistant.tui.status_bar import StatusBar
from assistant.tui.summary_passages import passages

COPIED_WIDTH = 100
"""Columns to which a copied summary is wrapped."""
_NONE = "There is no summary yet. n makes one of marked papers or of a set; F2 is the library."


class SummaryScreen(PaperActions):
    """Shows the last summary, or how far the next one is."""

    BINDINGS = bindings.SUMMARY

    def __init__(self, live: LiveSummary) -> None:
        super().__init__()
        self._live = live
        self._shown: object = None
        """The summary on the screen."""

    def compose(self) -> ComposeResult:
        """State above, what is summarized, summary and evidence, keys."""
        yield StatusBar(id="status")
        yield Static(id="about", markup=False)
        with Container(id="main"):
            yield ConversationView(Static(id="no-summary", markup=False))
            yield EvidencePanel()
        yield Footer(compact=True, show_command_palette=False)

    async def on_mount(self) -> None:
        """Show what there is."""
        view = self.query_one(ConversationView)
        view.border_title = "Summary"
        view.focus()
        await self.show()

    async def show(self) -> None:
        """Show the state of the summary, and the summary once it is there."""
        if not self.query(EvidencePanel):  # not there yet, or left
            return
        made, wanted = self._live.made, self._live.wanted
        about = ""
        if made is not None:
            summary = made.summary
            about = f"{safe(summary.topic)} · {summary.style} · {summary.coverage}"
            if made.near_misses:
                about += f"; {len(made.near_misses)} nearly on topic"
        waiting = _NONE
        if wanted is not None and self._live.phase != "idle":
            waiting = f"{self._live.progress}…  Esc cancels"
            if self._live.phase == "failed":
                waiting = f"No summary: {self._live.message}"
            about = f"{safe(wanted.topic)} · {waiting}"
        self.query_one("#about", Static).update(Content(about))
        self.query_one("#no-summary", Static).update(Content(safe(waiting)))
        if made is not self._shown:
            self._shown = made
            view = self.query_one(ConversationView)
            shown = passages(made.summary, made.near_misses) if made is not None else []
            await view.show_all(shown)
            await view.action_first()
            view.select(None)

    def on_conversation_view_selected(self, event: ConversationView.Selected) -> None:
        """Show the paper behind the marker pointed at."""
        self.query_one(EvidencePanel).show(event.target, None)
        self.set_class(event.target is not None, "-pointing")

    async def action_leave(self) -> None:
        """Cancel the summary in progress; else go back."""
        if self._live.cancel():
            self.notify("The summary was cancelled.")
            await self.show()
        else:
            self.app.pop_screen()

    def action_new(self) -> None:
        """Choose papers and style for another summary."""
        self.program.ask_for_summary(again=self._live.wanted)

    def action_scroll_evidence(self, by: int) -> None:
        """Scroll the evidence without leaving the summary."""
        self.query_one(EvidencePanel).scroll_relative(y=by, animate=False)

    def action_copy(self) -> None:
        """Copy the summary with its sources."""
        if self._live.made is None:
            self.notify("There is no summary to copy yet.")
        else:
            self.program.copy(formats.text(self._live.made.summary, COPIED_WIDTH), "summary")

    @work
    async def action_export(self) -> None:
        """Write the summary to a file; its ending chooses the format."""
        made = self._live.made
        if made is None:
            self.notify("There is nothing to export yet.")
            return
        library = {"papers": made.papers, "snapshot": made.snapshot}
        make = {
            ending: partial(form, made.summary, library) for ending, form in SUMMARY_FORMATS.items()
        }
        await export(self.program, made.summary.topic, make)

    def papers_meant(self) -> list[Paper]:
        """The paper pointed at or, without one, all that are cited."""
        target = self.query_one(ConversationView).selected
        if target is not None:
            return [target.stored.paper]
        if self._live.made is None:
            self.notify(_NONE)
            return []
        return [source.stored.paper for source in self._live.made.summary.sources]
