"""The conversation on the screen: the latest exchanges are widgets, earlier ones come on demand."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from assistant.tui import bindings
from assistant.tui.exchange import ExchangeView, Target, targets_of

MOUNTED = 40
"""How many exchanges are widgets at first; laying out more would be felt at each sentence."""
MORE = 20
"""How many are added when one scrolls up to the first of them."""


class ConversationView(VerticalScroll):
    """Exchanges from top to bottom, and the marker pointed at."""

    BINDINGS = bindings.ANSWERS

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
        self._exchanges: Sequence[object] = []
        """What ``content_of`` can show: the exchanges, or the passages of something else."""
        self._first = 0
        """Position of the first exchange that is a widget."""
        self.position: int | None = None
        """The exchange with the marker pointed at."""

    def compose(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """The welcome stands where the answers will be."""
        yield self._welcome

    async def show_all(self, exchanges: Sequence[object]) -> None:
        """Show another conversation, from its end."""
        self._exchanges = exchanges
        self.position = None
        await self._mount_window(len(exchanges) - MOUNTED)
        self._welcome.display = not exchanges
        await self.action_last()

    async def show(self, position: int) -> None:
        """Show that the exchange at ``position`` has changed, is new or is gone."""
        views = list(self.query(ExchangeView))
        index = position - self._first
        self._welcome.display = not self._exchanges
        if position >= len(self._exchanges):
            if 0 <= index < len(views):
                await views[index].remove()
        elif index >= len(views) and not self.following:
            return  # one reads further up; scrolling down brings the answer
        elif index == len(views):
            await self.mount(ExchangeView(self._exchanges[position]))
            await self._trim(from_start=True)
        elif index > len(views):
            await self._mount_window(len(self._exchanges) - MOUNTED)
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
        chosen = None if position is None else self.view_at(position)
        if chosen is not None:
            chosen.select(target)
            if self.has_focus:
                self.following = False
            if not self._bring_into_view(chosen, target):  # not laid out yet
                self.call_after_refresh(self._bring_into_view, chosen, target)
        # the marker is drawn first, then what others make of it
        self.call_after_refresh(self.post_message, self.Selected(position or 0, self.selected))

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
        if self._first:
            await self._mount_window(0)
        self.following = False
        self.call_after_refresh(self.scroll_home, animate=False)

    async def action_last(self) -> None:
        """Show the end of the conversation and keep it in view."""
        if self._last < len(self._exchanges):
            await self._mount_window(len(self._exchanges) - MOUNTED)
        self.following = True
        self.call_after_refresh(self.scroll_end, animate=False)

    def action_page_up(self) -> None:
        """Scroll up by a screen, in one step."""
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll down by a screen, in one step."""
        self.scroll_page_down(animate=False)

    def on_exchange_view_pointed(self, event: ExchangeView.Pointed) -> None:
        """Point where the mouse points."""
        event.stop()
        views = list(self.query(ExchangeView))
        self.select(self._first + views.index(event.view), event.target)

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Bring exchanges when the first or last widget is reached, and note leaving the end."""
        super().watch_scroll_y(old, new)
        if new < old:
            self.following = False
            if new <= 0 and self._first:
                self.call_later(self._mount_earlier)
        elif new >= self.max_scroll_y:
            if self._last < len(self._exchanges):
                self.call_later(self._mount_later)
            else:
                self.following = True

    @property
    def _last(self) -> int:
        """Position after that of the last exchange that is a widget."""
        return self._first + len(self.query(ExchangeView))

    async def _mount_window(self, first: int) -> None:
        """Have ``MOUNTED`` exchanges as widgets, in place of those that are."""
        await self.query(ExchangeView).remove()
        self._first = max(0, first)
        shown = self._exchanges[self._first : self._first + MOUNTED]
        await self.mount_all(ExchangeView(exchange) for exchange in shown)

    async def _mount_earlier(self) -> None:
        views = list(self.query(ExchangeView))
        first = max(0, self._first - MORE)
        earlier = [ExchangeView(e) for e in self._exchanges[first : self._first]]
        self._first = first
        await self.mount_all(earlier, before=views[0] if views else None)
        await self._trim(from_start=False)
        if views:
            self.call_after_refresh(self.scroll_to_widget, views[0], animate=False, top=True)

    async def _mount_later(self) -> None:
        last = self._last
        views = list(self.query(ExchangeView))
        await self.mount_all(ExchangeView(e) for e in self._exchanges[last : last + MORE])
        await self._trim(from_start=True)
        if views:
            self.call_after_refresh(self.scroll_to_widget, views[-1], animate=False)

    async def _trim(self, *, from_start: bool) -> None:
        """Take away widgets at one end if there are many more than needed."""
        views = list(self.query(ExchangeView))
        if len(views) <= 2 * MOUNTED:
            return
        if from_start:
            self._first += len(views) - MOUNTED
            await self.remove_children(views[:-MOUNTED])
        else:
            await self.remove_children(views[MOUNTED:])

    async def _next_with_markers(self, by: int) -> int | None:
        if self.position is None:
            position = len(self._exchanges) - 1 if by < 0 else self._first_visible()
        else:
            position = self.position + by
        while 0 <= position < len(self._exchanges):
            if targets_of(self._exchanges[position]):
                if not self._first <= position < self._last:
                    await self._mount_window(position - MOUNTED // 2)
                return position
            position += by
        return None

    def _first_visible(self) -> int:
        for index, view in enumerate(self.query(ExchangeView)):
            if view.region.bottom > self.region.y:
                return self._first + index
        return self._first

    def _bring_into_view(self, view: ExchangeView, target: int) -> bool:
        region = view.region_of(target)
        if region is None or not view.is_attached:
            return False
        self.scroll_to_region(
            region.translate(view.virtual_region.offset), animate=False, force=True, immediate=True
        )
        return True
