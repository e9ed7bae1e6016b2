"""The main screen: the conversation, the evidence beside it, and the question below."""

from __future__ import annotations

import gc
import time

from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Footer, Static

from assistant.answering import MAX_QUESTION
from assistant.answers import Answer
from assistant.papers import Paper
from assistant.protocol import Answered, Cancelled, Failed, Reply
from assistant.render import answer_text
from assistant.tui import bindings
from assistant.tui.chat import Chat, LiveExchange
from assistant.tui.conversation_view import ConversationView
from assistant.tui.dialogs import TextDialog
from assistant.tui.evidence_panel import EvidencePanel
from assistant.tui.paper_actions import PaperActions
from assistant.tui.question_input import QuestionInput
from assistant.tui.set_dialog import EVERYTHING, SetDialog
from assistant.tui.status_bar import StatusBar
from assistant.tui.welcome import Welcome

JUST_NOW = 0.4
"""Seconds after an answer in which Esc does nothing."""
COPIED_WIDTH = 100
"""Columns to which a copied answer is wrapped."""


class ChatScreen(PaperActions):
    """Asks, shows answers, and leads from each marker to its sentence."""

    BINDINGS = bindings.CHAT

    def __init__(self, chat: Chat) -> None:
        super().__init__()
        self.chat = chat
        self._editing: int | None = None
        """Position of the question that is being edited."""
        self._draft = ""
        """What was typed before."""
        self._answered_at = 0.0

    def compose(self) -> ComposeResult:
        """State above, conversation and evidence, question, keys below."""
        yield StatusBar(id="status")
        with Container(id="main"):
            yield ConversationView(Welcome())
            yield EvidencePanel()
        yield Static(id="editing", markup=False)
        yield QuestionInput()
        yield Footer(compact=True, show_command_palette=False)

    async def on_mount(self) -> None:
        """Show the conversation, which may be one that is resumed."""
        self._show_evidence(self.program.preferences.get("evidence", "shown") == "shown")
        self.query_one("#editing").display = False
        await self.show_chat(self.chat)
        self.query_one(QuestionInput).focus()

    async def show_chat(self, chat: Chat, pending: str = "") -> None:
        """Go over to a conversation; ``pending`` goes into the input."""
        chat.engine_is_ready = self.chat.engine_is_ready
        self.chat = chat
        self._edit(None)
        await self.query_one(ConversationView).show_all(chat.exchanges)
        field = self.query_one(QuestionInput)
        field.remember(chat.questions)
        if pending and not field.text:
            field.put(pending)
        self.query_one(EvidencePanel).show(None, None)
        # what is kept in memory from here on is not looked through again for garbage: with some
        # hundred answers that would stop the keys for a fifth of a second every now and then
        gc.collect()
        gc.freeze()

    async def receive(self, reply: Reply) -> None:
        """Take in what the engine says about the question in progress."""
        question = self.chat.question_in_progress
        answering = self.chat.is_answering
        position = self.chat.receive(reply)
        if position is None:
            return
        await self.query_one(ConversationView).show(position)
        if answering and not self.chat.is_answering:
            self._answered_at = time.monotonic()
            self.query_one(QuestionInput).remember(self.chat.questions)
        if isinstance(reply.event, Answered) and (lost := reply.event.finished.answer.lost):
            self.notify(
                f"The model was lost, the rest is quoted: {lost}. Your next question tries again.",
                severity="warning",
                timeout=15,
                markup=False,
            )
        if isinstance(reply.event, Failed):
            self.notify(
                f"{reply.event.message} ({reply.event.hint})", severity="error", markup=False
            )
            self._restore(question)
        elif isinstance(reply.event, Cancelled):
            self._restore(question)

    async def set_ready(self, ready: bool) -> None:
        """Take in whether the models are loaded."""
        position = self.chat.set_ready(ready)
        if position is not None:
            await self.query_one(ConversationView).show(position)

    async def on_question_input_sent(self, event: QuestionInput.Sent) -> None:
        """Ask what was typed or, of nothing at the beginning, the example."""
        question = event.text
        if not question and not self.chat.exchanges:
            question = self.query_one(Welcome).example
        if not question:
            return
        if len(question) > MAX_QUESTION:
            self.notify(f"A question has {MAX_QUESTION} characters at most; this: {len(question)}.")
            return
        if self.chat.is_answering:
            self.notify("The last answer is not finished yet. Esc cancels it.", markup=False)
            return
        field = self.query_one(QuestionInput)
        field.text = ""
        editing = self._editing
        if editing is not None and editing != len(self.chat.exchanges) - 1:
            editing = None  # a question that others follow is asked anew at the end
        self._edit(None)
        await self._ask(question, editing)

    async def _ask(self, question: str, replacing: int | None) -> None:
        view = self.query_one(ConversationView)
        view.select(None)
        position = self.chat.ask(question, replacing)
        view.following = replacing is None
        await view.show(position)

    def on_conversation_view_selected(self, event: ConversationView.Selected) -> None:
        """Show the evidence behind the marker pointed at."""
        self.query_one(EvidencePanel).show(event.target, self._answer_at(event.position))
        self.set_class(event.target is not None, "-pointing")

    async def action_leave(self) -> None:
        """Cancel the answer in progress; else go between the question and the answers."""
        cancelled = self.chat.cancel()
        view = self.query_one(ConversationView)
        field = self.query_one(QuestionInput)
        if cancelled is not None:
            await view.show(cancelled.position)
            self._restore(cancelled.question)
        elif self._editing is not None:
            self._edit(None)
            field.put(self._draft)
        elif time.monotonic() - self._answered_at < JUST_NOW:
            return  # it was meant to cancel the answer that has just been finished
        elif field.has_focus and self.chat.exchanges:
            view.focus()
            if view.selected is None:
                await view.action_step(-1)
        else:
            field.focus()
            view.select(None)

    def action_toggle_evidence(self) -> None:
        """Show or hide the evidence, and remember which."""
        shown = self.has_class("-no-evidence")
        self._show_evidence(shown)
        self.program.remember("evidence", "shown" if shown else "hidden")

    async def action_new(self) -> None:
        """Begin a new conversation."""
        await self.program.shelf.open(None)

    async def action_regenerate(self) -> None:
        """Answer the question pointed at, or the last one, again."""
        position = self._position()
        if position is not None and not self.chat.is_answering:
            await self._ask(self.chat.exchanges[position].question, position)

    def action_edit(self) -> None:
        """Put the question pointed at, or the last one, into the input."""
        position = self._position()
        if position is not None and not self.chat.is_answering:
            field = self.query_one(QuestionInput)
            self._draft = "" if self._editing is not None else field.text
            field.put(self.chat.exchanges[position].question)
            field.focus()
            self._edit(position)

    def action_copy_answer(self) -> None:
        """Copy the answer pointed at, or the last one, with its sources."""
        position = self._position()
        answer = None if position is None else self._answer_at(position)
        if answer is None:
            self.notify("There is no answer to copy yet.")
            return
        self.program.copy(f"{answer.question}\n\n{answer_text(answer, COPIED_WIDTH)}", "answer")

    @work
    async def action_choose_set(self) -> None:
        """Choose the set that answers come from."""
        sets = await self.program.read(self.program.sets)
        if sets is None:
            return
        if not sets and self.chat.set_name is None:
            self.notify("There are no sets yet. F2 opens the library, where papers are marked.")
            return
        chosen = await self.app.push_screen_wait(SetDialog(sets, self.chat.set_name))
        if chosen is not None:
            self.program.use_set(None if chosen == EVERYTHING else chosen)

    async def action_undo(self) -> None:
        """Bring back the answer that stood here before it was answered again or edited."""
        position = self._position()
        if position is None or not self.chat.bring_back(position):
            self.notify("This answer was not replaced since the conversation was opened.")
        else:
            await self.query_one(ConversationView).show(position)

    def action_scroll_evidence(self, by: int) -> None:
        """Scroll the evidence without leaving the answers."""
        self.query_one(EvidencePanel).scroll_relative(y=by, animate=False)

    @work
    async def action_rename(self) -> None:
        """Give the conversation another title."""
        title = await self.app.push_screen_wait(
            TextDialog("Title of this conversation", self.chat.title)
        )
        if title:
            self.chat.rename(title)

    @work
    async def action_export(self) -> None:
        """Write the conversation to a file; its ending chooses the format."""
        conversation = self.chat.snapshot()
        if not conversation.exchanges:
            self.notify("There is nothing to export yet.")
            return
        await self.program.shelf.export(conversation)

    def _answer_at(self, position: int) -> Answer | None:
        if 0 <= position < len(self.chat.exchanges):
            return self.chat.exchanges[position].answer
        return None

    def _position(self) -> int | None:
        """The exchange pointed at, or the last one."""
        position = self.query_one(ConversationView).position
        if position is not None:
            return position
        return len(self.chat.exchanges) - 1 if self.chat.exchanges else None

    def papers_meant(self) -> list[Paper]:
        """The paper pointed at or, without one, those the last answer cites."""
        target = self.query_one(ConversationView).selected
        if target is not None:
            return [target.stored.paper]
        position = self._position()
        exchange = self.chat.exchanges[position] if position is not None else LiveExchange("")
        if not exchange.sources:
            self.notify("Point at a marker first: Esc goes to the answers.")
        return [source.stored.paper for source in exchange.sources]

    def _restore(self, question: str) -> None:
        field = self.query_one(QuestionInput)
        if not field.text:
            field.put(question)
        field.remember(self.chat.questions)
        field.focus()

    def _edit(self, position: int | None) -> None:
        self._editing = position
        note = self.query_one("#editing", Static)
        note.display = position is not None
        if position is not None:
            last = position == len(self.chat.exchanges) - 1
            where = "in its place" if last else "at the end, as others follow it"
            note.update(
                Content(f"Editing question {position + 1}; sent again {where}. Esc leaves.")
            )

    def _show_evidence(self, shown: bool) -> None:
        self.set_class(not shown, "-no-evidence")
