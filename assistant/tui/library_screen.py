"""The library: searched as one types, filtered, marked, gathered into sets, added to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, Select, Static

from assistant import browsing
from assistant.browsing import Row
from assistant.library import Library, StoredPaper
from assistant.sets import DeletedSet, PaperSets
from assistant.terminal import safe
from assistant.tui import bindings
from assistant.tui.dialogs import AddDialog, ReadDialog, TextDialog
from assistant.tui.evidence_panel import paper_content
from assistant.tui.paper_list import PaperList
from assistant.tui.status_bar import StatusBar

if TYPE_CHECKING:
    from assistant.tui.app import ChatApp

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Choices:
    """What the filters can be set to."""

    sources: list[tuple[str, int]]
    sets: list[tuple[str, int]]
    years: tuple[int, int] | None


class LibraryScreen(Screen[None]):
    """Browses the library that questions go to."""

    BINDINGS = bindings.LIBRARY

    def __init__(self, marked: set[str], deleted: list[DeletedSet]) -> None:
        """Ids of marked papers and deleted sets outlive the screen."""
        super().__init__()
        self._marked = marked
        self._deleted = deleted

    @property
    def program(self) -> ChatApp:
        """The application, with its own attributes."""
        return cast("ChatApp", self.app)

    def compose(self) -> ComposeResult:
        """State, search and filters, list and paper, keys."""
        yield StatusBar(id="status")
        with Horizontal(id="filters"):
            yield Input(placeholder="Search title, abstract, authors", id="search")
            yield Input(placeholder="Year from", id="year-from", restrict=r"\d{0,4}")
            yield Input(placeholder="to", id="year-to", restrict=r"\d{0,4}")
            yield Select([], prompt="Source", id="source")
            yield Select([], prompt="Set", id="set")
        yield Static(id="count", markup=False)
        with Horizontal(id="browse"):
            yield PaperList(self._marked)
            with VerticalScroll(id="paper"):
                yield Static(id="paper-text", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Show all papers."""
        self.query_one(PaperList).focus()
        self.reload()

    @work(exclusive=True, group="reload")
    async def reload(self) -> None:
        """Look anew at what the library holds."""
        choices = await self._read(_choices)
        if choices is None:
            return
        for name, found in (("source", choices.sources), ("set", choices.sets)):
            select = cast("Select[str]", self.query_one(f"#{name}", Select))
            before = select.value
            with self.prevent(Select.Changed):
                select.set_options(
                    (Content(f"{safe(value)} ({count})"), value) for value, count in found
                )
                if before in [value for value, _ in found]:
                    select.value = before
        self._search()

    def on_input_changed(self) -> None:
        """Search as one types."""
        self._search()

    def on_input_submitted(self) -> None:
        """From the search to the list."""
        self.query_one(PaperList).focus()

    def on_select_changed(self) -> None:
        """Filter anew."""
        self._search()

    @work(exclusive=True, group="search")
    async def _search(self) -> None:
        text = self.query_one("#search", Input).value
        source, set_name = self._chosen("source"), self._chosen("set")
        first = self._year("year-from")
        last = self._year("year-to")

        def search(library: Library) -> tuple[list[int], int]:
            numbers = browsing.matching(
                library, text, year_from=first, year_to=last, source=source, set_name=set_name
            )
            return numbers, library.count()

        found = await self._read(search)
        if found is None:
            return
        numbers, total = found
        self.query_one(PaperList).show(numbers)
        self._count(len(numbers), total)

    def _count(self, shown: int, total: int) -> None:
        marked = f" · {len(self._marked)} marked" if self._marked else ""
        noun = "paper" if total == 1 else "papers"
        what = f"{shown} of {total} {noun}" if shown != total else f"{total} {noun}"
        self.query_one("#count", Static).update(Content(what + marked))
        self._shown = (shown, total)

    @work(group="rows")
    async def on_paper_list_wanted(self, event: PaperList.Wanted) -> None:
        """Fetch rows that came into view."""
        rows = await self._read(lambda library: browsing.rows(library, event.numbers))
        if rows is not None:
            self.query_one(PaperList).put(rows)

    @work(exclusive=True, group="paper")
    async def on_paper_list_moved(self, event: PaperList.Moved) -> None:
        """Show the paper under the cursor."""
        row = self.query_one(PaperList).current
        shown = self.query_one("#paper-text", Static)
        if event.number is None:
            shown.update(Content("No paper fits."))
        elif row is not None:
            stored = await self._read(lambda library: library.get(row.id))
            if isinstance(stored, StoredPaper):
                shown.update(paper_content(stored))
                self.query_one("#paper").scroll_home(animate=False)

    async def _read(self, work: Callable[[Library], Result]) -> Result | None:
        """As ``ChatApp.read``, and ``None`` if the screen was left meanwhile."""
        result = await self.program.read(work)
        return result if self.query(PaperList) else None

    def action_leave(self) -> None:
        """From a field to the list, from the list to the chat."""
        papers = self.query_one(PaperList)
        if papers.has_focus:
            self.app.pop_screen()
        else:
            papers.focus()

    def action_search(self) -> None:
        """Go to the search field."""
        self.query_one("#search", Input).focus()

    def action_mark(self) -> None:
        """Mark the paper under the cursor and go on to the next."""
        papers = self.query_one(PaperList)
        row = papers.current
        if row is not None:
            self._marked.symmetric_difference_update({row.id})
            papers.action_move(1)
            self._count(*self._shown)

    @work
    async def action_mark_all(self) -> None:
        """Mark all papers of the list or, if all are, take the marks away."""
        papers = self.query_one(PaperList)
        numbers = list(papers.numbers)
        rows: list[Row] | None = await self._read(lambda library: browsing.rows(library, numbers))
        if rows:
            ids = {row.id for row in rows}
            if ids <= self._marked:
                self._marked.difference_update(ids)
            else:
                self._marked.update(ids)
            papers.refresh()
            self._count(*self._shown)

    @work
    async def action_save_set(self) -> None:
        """Put the marked papers into a set."""
        if not self._marked:
            self.notify("Mark papers first, with the space bar.")
            return
        name = await self.app.push_screen_wait(
            TextDialog(
                f"Name of the set for {len(self._marked)} papers",
                self._chosen("set") or "",
                hint="A set of that name is extended. Enter accepts, Esc closes.",
            )
        )
        if name:
            marked = sorted(self._marked)
            added = await self._read(lambda library: PaperSets(library).add(name, marked))
            if added is not None:
                self.notify(f"{added} papers added to the set “{name}”.", markup=False)
                self._marked.clear()
                self.query_one(PaperList).refresh()
                self.reload()

    def action_summarize(self) -> None:
        """Summarize the marked papers or a set, first of all the one that is chosen above."""
        self.program.ask_for_summary(self._chosen("set"))

    def action_use_set(self) -> None:
        """Restrict the chat to the set chosen above, or lift the restriction."""
        chosen = self._chosen("set")
        self.program.use_set(chosen)

    @work
    async def action_take_out(self) -> None:
        """Take the marked papers, or the one under the cursor, out of the set chosen above."""
        name = self._chosen_set()
        row = self.query_one(PaperList).current
        ids = sorted(self._marked) or ([row.id] if row else [])
        if name and ids:
            taken = await self._read(lambda library: PaperSets(library).take_out(name, ids))
            if taken is not None:
                self.notify(f"{taken} papers taken out of the set “{name}”.", markup=False)
                self.reload()

    @work
    async def action_rename_set(self) -> None:
        """Rename the set chosen above."""
        name = self._chosen_set()
        if not name:
            return
        new = await self.app.push_screen_wait(TextDialog("New name of the set", name))
        if new:

            def rename(library: Library) -> bool:
                PaperSets(library).rename(name, new)
                return True

            if await self._read(rename):
                if self.program.status.set_name == name:
                    self.program.use_set(new)
                self.reload()

    @work
    async def action_delete_set(self) -> None:
        """Delete the set chosen above; it can be brought back."""
        name = self._chosen_set()
        if not name:
            return
        deleted = await self._read(lambda library: PaperSets(library).delete(name))
        if deleted is not None:
            self._deleted.append(deleted)
            self.notify(f"Set “{name}” deleted; z brings it back.", markup=False)
            if self.program.status.set_name == name:
                self.program.use_set(None)
            self.reload()

    @work
    async def action_undo(self) -> None:
        """Bring back the set that was deleted last."""
        if not self._deleted:
            self.notify("No set was deleted since the program was started.")
        else:
            deleted = self._deleted.pop()
            await self._read(lambda library: PaperSets(library).restore(deleted))
            self.notify(f"Set “{deleted.name}” is back.", markup=False)
            self.reload()

    @work
    async def action_add(self) -> None:
        """Ask for files and add them while the chat goes on."""
        if self.program.status.adding is not None:
            self.notify("Papers are being added already; k stops that.")
            return
        wanted = await self.app.push_screen_wait(AddDialog())
        if wanted is not None:
            self.program.add_papers(wanted.paths, wanted.year)

    def action_stop_adding(self) -> None:
        """Stop adding papers."""
        self.program.stop_adding()

    def action_report(self) -> None:
        """Show what was rejected or skipped of the files that were added last."""
        if self.program.report is None:
            self.notify("There is nothing to report of the files that were added last.")
        else:
            self.app.push_screen(ReadDialog("Added papers", self.program.report))

    def _chosen(self, name: str) -> str | None:
        value = self.query_one(f"#{name}", Select).value
        return value if isinstance(value, str) else None

    def _chosen_set(self) -> str | None:
        name = self._chosen("set")
        if name is None:
            self.notify("Choose a set above first.")
        return name

    def _year(self, name: str) -> int | None:
        value = self.query_one(f"#{name}", Input).value
        return int(value) if len(value) == 4 else None


def _choices(library: Library) -> _Choices:
    return _Choices(
        browsing.sources(library),
        [(one.name, one.papers) for one in PaperSets(library).overview()],
        browsing.years(library),
    )
