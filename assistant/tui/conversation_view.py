"""The conversation on the screen: the latest exchanges are widgets, earlier ones come on demand."""

from __future__ import annotations

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from assistant.tui.chat import LiveExchange
from assistant.tui.exchange import ExchangeView, Target, targets_of

MOUNTED = 40
"""How many exchanges are widgets at first; laying out more would be felt at each sentence."""
MORE = 20
"""How many are added when one scrolls up to the first of them."""


class ConversationView(VerticalScroll):
    """Exchanges from top to bottom, and the marker pointed at."""

    BINDINGS = [
        Binding("down,right", "step(1)", "Next marker", show=False),
        Binding("up,left", "step(-1)", "Previous marker", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home", "first", "First answer", show=False),
        Binding("end", "last", "Last answer", show=False),
    ]

    following: reactive[bool] = reactive(True)
    """Whether the end is kept in view while an answer grows."""

    class Selected(Message):
        """Another marker is pointed at, or none."""

        def __init__(self, position: int, target: Target | None) -> None:
            super().__init__()
            self.position = position
            """Of the exchange in the conversation."""
            self.target = target

    def __init__(self, welcome: Widget) -> None:
        super().__init__(id="conversation")
        self._welcome = welcome
        self._exchanges: list[LiveExchange] = []
        self._first = 0
        """Position of the first exchange that is a widget."""
        self.position: int | None = None
        """The exchange with the marker pointed at."""

    def compose(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """The welcome stands where the answers will be."""
        yield self._welcome

    async def show_all(self, exchanges: list[LiveExchange]) -> None:
        """Show another conversation, from its end."""
        self._exchanges = exchanges
        self._first = max(0, len(exchanges) - MOUNTED)
        self.position = None
        await self.query(ExchangeView).remove()
        await self.mount_all(ExchangeView(exchange) for exchange in exchanges[self._first :])
        self._welcome.display = not exchanges
        self.following = True
        self.call_after_refresh(self.scroll_end, animate=False)

    async def show(self, position: int) -> None:
        """Show that the exchange at ``position`` has changed, is new or is gone."""
        views = list(self.query(ExchangeView))
        index = position - self._first
        self._welcome.display = not self._exchanges
        if position >= len(self._exchanges):
            if 0 <= index < len(views):
                await views[index].remove()
        elif index >= len(views):
            if len(views) > 2 * MOUNTED:
                self._first += len(views) - MOUNTED
                await self.remove_children(views[: len(views) - MOUNTED])
            await self.mount(ExchangeView(self._exchanges[position]))
            self.following = True
        elif index >= 0:
            views[index].exchange = self._exchanges[position]
            views[index].show()
        if self.following:
            self.call_after_refresh(self.scroll_end, animate=False)

    def view_at(self, position: int) -> ExchangeView | None:
        """The widget of an exchange, if it has one."""
        views = list(self.query(ExchangeView))
        index = position - self._first
        return views[index] if 0 <= index < len(views) else None

    @property
    def selected(self) -> Target | None:
        """What the marker pointed at leads to."""
        view = None if self.position is None else self.view_at(self.position)
        if view is None or view.selected is None:
            return None
        targets = targets_of(view.exchange)
        return targets[view.selected] if view.selected < len(targets) else None

    def select(self, position: int | None, target: int = 0) -> None:
        """Point at a marker of an exchange, or at none."""
        for view in self.query(ExchangeView):
            view.select(None)
        self.position = position
        view = None if position is None else self.view_at(position)
        if view is not None:
            view.select(target)
            if self.has_focus:
                self.following = False
            self.call_after_refresh(self._bring_into_view, view, target)
        self.post_message(self.Selected(position or 0, self.selected))

    async def action_step(self, by: int) -> None:
        """Point at the next marker, or the one before; scroll where there is none."""
        view = None if self.position is None else self.view_at(self.position)
        if view is not None and view.selected is not None:
            target = view.selected + by
            if 0 <= target < len(targets_of(view.exchange)):
                self.select(self.position, target)
                return
        position = await self._next_with_markers(by)
        if position is not None:
            last = len(targets_of(self._exchanges[position])) - 1
            self.select(position, 0 if by > 0 else last)
        elif by > 0:
            self.scroll_down(animate=False)
        else:
            self.scroll_up(animate=False)

    async def action_first(self) -> None:
        """Show the beginning of the conversation."""
        while self._first:
            await self._mount_earlier()
        self.following = False
        self.scroll_home(animate=False)

    def action_last(self) -> None:
        """Show the end of the conversation and keep it in view."""
        self.following = True
        self.scroll_end(animate=False)

    def on_exchange_view_pointed(self, event: ExchangeView.Pointed) -> None:
        """Point where the mouse points."""
        event.stop()
        views = list(self.query(ExchangeView))
        self.select(self._first + views.index(event.view), event.target)

    async def watch_scroll_y(self, old: float, new: float) -> None:
        """Bring earlier exchanges when the first one is reached, and note leaving the end."""
        super().watch_scroll_y(old, new)
        if new < old:
            self.following = False
        elif new >= self.max_scroll_y:
            self.following = True
        if new <= 0 and old > 0 and self._first:
            await self._mount_earlier()

    async def _mount_earlier(self) -> None:
        first = max(0, self._first - MORE)
        earlier = [ExchangeView(e) for e in self._exchanges[first : self._first]]
        self._first = first
        before = self.virtual_size.height
        views = list(self.query(ExchangeView))
        await self.mount_all(earlier, before=views[0] if views else None)

        def keep_place() -> None:
            self.scroll_to(y=self.scroll_y + self.virtual_size.height - before, animate=False)

        self.call_after_refresh(keep_place)

    async def _next_with_markers(self, by: int) -> int | None:
        if self.position is None:
            position = len(self._exchanges) - 1 if by < 0 else self._first_visible()
        else:
            position = self.position + by
        while 0 <= position < len(self._exchanges):
            if targets_of(self._exchanges[position]):
                while position < self._first:
                    await self._mount_earlier()
                return position
            position += by
        return None

    def _first_visible(self) -> int:
        for index, view in enumerate(self.query(ExchangeView)):
            if view.region.bottom > self.region.y:
                return self._first + index
        return self._first

    def _bring_into_view(self, view: ExchangeView, target: int) -> None:
        region = view.region_of(target)
        if region is not None and view.is_attached:
            self.scroll_to_region(
                region.translate(view.virtual_region.offset), animate=False, force=True
            )
