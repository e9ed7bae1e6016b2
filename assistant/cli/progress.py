"""Progress on standard error: a bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Reporter:
    """Receives ``(what, done, total)``; the bar disappears when its work is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._what = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` is done; a total of zero is a line without a count."""
        if not self._stream.isatty() or total == 0:
            self._plain(what, done, total)
            return
        from rich.console import Console
        from rich.progress import Progress

        if self._bar is None or what != self._what:
            self.stop()
            self._bar = Progress(console=Console(file=self._stream), transient=True)
            self._task = self._bar.add_task(what, total=total)
            self._what = what
            self._bar.start()
        assert self._task is not None
        self._bar.update(self._task, completed=done, total=total)
        if done >= total:
            self.stop()
            self._stream.write(f"{what}: done\n")

    def stop(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = None

    def _plain(self, what: str, done: int, total: int) -> None:
        if total == 0 or done == 0:
            self._stream.write(f"{what}\n" if total <= 1 else f"{what}: {total}\n")
        elif done >= total:
            self._stream.write(f"{what}: done\n")
        self._stream.flush()
