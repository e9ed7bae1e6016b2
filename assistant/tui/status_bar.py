"""What is always visible: the library, the set, the model, and how far adding papers has come."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import ProgressBar, Static

from assistant.terminal import safe


@dataclass(frozen=True)
class Status:
    """The state of everything that is loaded or at work."""

    library: str = "opening the library"
    set_name: str | None = None
    model: str = "starting"
    ready: bool = False
    """Whether a question would be answered without delay."""
    adding: tuple[str, int, int] | None = None
    """What is being added, how much is done, of how much."""


class StatusBar(Horizontal):
    """One line, and a second one while papers are added."""

    def compose(self) -> ComposeResult:
        """The line, and the bar that is hidden until it has something to show."""
        yield Static(id="state", markup=False)
        with Horizontal(id="adding"):
            yield Static(id="adding-what", markup=False)
            yield ProgressBar(total=1, id="adding-bar", show_eta=False)

    def on_mount(self) -> None:
        """Follow the application's state."""
        self.watch(self.app, "status", self.show)

    def show(self, status: Status) -> None:
        """Show the new state."""
        self.query_one("#state", Static).update(_line(status))
        self.query_one("#adding").display = status.adding is not None
        # a bar without a total moves, and is drawn, while it is hidden too
        what, done, total = status.adding or ("", 0, 1)
        self.query_one("#adding-what", Static).update(Content(f"{safe(what)} "))
        self.query_one(ProgressBar).update(total=total or None, progress=done)


def _line(status: Status) -> Content:
    parts = [Content.styled(safe(status.library), "bold")]
    if status.set_name:
        parts.append(Content.styled(f"only the set “{safe(status.set_name)}”", "bold $accent"))
    mark = "●" if status.ready else "○"
    parts.append(Content(f"{mark} {safe(status.model)}"))
    return Content("  │  ").join(parts)
