"""What can be done with the papers that a screen points at: cite them, open their link."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import work
from textual.screen import Screen

from assistant.bibliography import bibtex, citation
from assistant.links import web_address
from assistant.papers import Paper
from assistant.tui.desktop import open_address
from assistant.tui.dialogs import LinkDialog

if TYPE_CHECKING:
    from assistant.tui.app import ChatApp


class PaperActions(Screen[None]):
    """A screen with a marker that can be pointed at."""

    @property
    def program(self) -> ChatApp:
        """The application, with its own attributes."""
        return cast("ChatApp", self.app)

    def papers_meant(self) -> list[Paper]:
        """The paper pointed at or, without one, those that were cited last; may say why none."""
        raise NotImplementedError

    def action_copy_citation(self) -> None:
        """Copy one line for each paper meant."""
        if papers := self.papers_meant():
            self.program.copy("\n".join(citation(paper) for paper in papers), "citation")

    def action_copy_bibtex(self) -> None:
        """Copy the BibTeX of each paper meant."""
        if papers := self.papers_meant():
            self.program.copy(bibtex(papers), "BibTeX", "bib")

    @work
    async def action_open_link(self) -> None:
        """Show the link of the paper pointed at, or the first one cited, and open it if wanted."""
        papers = self.papers_meant()
        links = [web_address(paper.link) for paper in papers if paper.link]
        link = next((link for link in links if link), None)
        if link is None:
            self.notify("No web address is known for this paper.")
        elif not await self.app.push_screen_wait(LinkDialog(link)):
            return
        elif self.app.is_web:
            self.app.open_url(link)
        elif not open_address(link):
            self.notify("No browser with a window was found here.")
            self.program.copy(link, "address")
