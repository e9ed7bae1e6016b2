"""The conversation in the chat, driven by keys."""

import pytest
from driving import QUESTION, REFUSED, driven, flat
from scripted_engine import ScriptedEngine

from assistant.answers import AnswerSentence, CitedSource
from assistant.errors import ModelUnusable
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.tui.chat import LiveExchange
from assistant.tui.conversation_view import ConversationView
from assistant.tui.evidence_panel import evidence_content
from assistant.tui.exchange import content_of, targets_of
from assistant.tui.question_input import QuestionInput


def question(driver):
    return driver.app.screen.query_one(QuestionInput)


@driven()
async def test_enter_alone_asks_the_example(driver):
    await driver.shows("Ask your papers", "Press Enter to ask")
    await driver.press("enter")
    await driver.until(lambda: len(driver.app.chat.exchanges) == 1)
    await driver.shows(f"› {ScriptedEngine.asked[0].question[:30]}")


@driven()
async def test_a_typed_question_is_answered_with_markers_and_sources(driver):
    await driver.type("How many layers does Ladder Pruning remove?")
    await driver.press("enter")
    await driver.shows("› How many layers does Ladder Pruning remove?", "[1] ", "removes 30%")
    await driver.until(lambda: not driver.app.chat.is_answering)
    await driver.shows("worded by scripted and checked")
    assert question(driver).text == ""


@driven()
async def test_written_and_quoted_sentences_differ_without_colour(driver):
    await driver.ask()
    origins = {s.origin for s in driver.app.chat.exchanges[0].sentences}
    assert origins == {"written", "quoted"}
    for sentence in driver.app.chat.exchanges[0].sentences:
        quoted = f"“{' '.join(sentence.text.split())}”" in flat(driver.text)
        assert quoted == (sentence.origin == "quoted")


@driven()
@pytest.mark.parametrize("key", ["alt+enter", "shift+enter", "ctrl+enter"])
async def test_enter_with_a_modifier_breaks_the_line(driver, key):
    await driver.press("a", key, "b")
    assert question(driver).text == "a\nb"
    assert not driver.app.chat.exchanges


@driven()
async def test_up_and_down_go_through_the_questions_asked(driver):
    await driver.ask("What is Pebble?")
    await driver.ask(QUESTION)
    await driver.type("draft")
    await driver.press("up")
    assert question(driver).text == QUESTION
    await driver.press("up", "up")
    assert question(driver).text == "What is Pebble?"
    await driver.press("down", "down")
    assert question(driver).text == "draft"


@driven()
async def test_sentences_appear_one_by_one(driver):
    ScriptedEngine.gate.clear()
    question(driver).put(QUESTION)
    await driver.press("enter")
    await driver.shows("Searching the library", "Esc cancels")
    ScriptedEngine.gate.set()
    await driver.until(lambda: driver.app.chat.exchanges[0].phase == "done")


@driven()
async def test_escape_cancels_and_restores_the_question(driver):
    ScriptedEngine.gate.clear()
    question(driver).put(QUESTION)
    await driver.press("enter")
    await driver.shows("Searching the library")
    await driver.press("escape")
    assert question(driver).text == QUESTION
    assert not driver.app.chat.is_answering
    await driver.shows_not("Searching the library")
    ScriptedEngine.gate.set()
    await driver.press("enter")
    await driver.shows("worded by scripted")
    assert len(driver.app.chat.exchanges) == 1


@driven()
async def test_a_question_before_the_models_are_loaded_waits(driver):
    ScriptedEngine.ready.clear()
    driver.app.backend.engine.refresh()
    await driver.until(lambda: not driver.app.status.ready)
    question(driver).put(QUESTION)
    await driver.press("enter")
    await driver.shows("Answered as soon as everything is loaded")
    ScriptedEngine.ready.set()
    await driver.shows("worded by scripted")


@driven()
async def test_a_refusal_shows_the_nearest_papers_and_leads_to_them(driver):
    await driver.ask(REFUSED)
    await driver.shows("The library does not answer this question", "The nearest papers:", "[2]")
    await driver.press("escape")
    nearest = driver.app.chat.exchanges[0].answer.retrieved[4].stored
    await driver.shows(nearest.paper.abstract[:40])


@driven()
async def test_a_failure_is_shown_and_the_question_is_back(driver):
    ScriptedEngine.failure = ModelUnusable("the model [b]broke[/b]", "try [red]another[/]")
    await driver.ask(QUESTION)
    await driver.shows("the model [b]broke[/b]", "try [red]another[/]")
    assert question(driver).text == QUESTION
    ScriptedEngine.failure = None
    await driver.press("enter")
    await driver.shows("worded by scripted")


@driven()
async def test_follow_ups_carry_the_conversation(driver):
    await driver.ask(QUESTION)
    await driver.ask("And how much accuracy does it keep?")
    turns = ScriptedEngine.asked[1].history
    assert [turn.role for turn in turns] == ["user", "assistant"]
    assert turns[0].content == QUESTION


@driven()
async def test_again_answers_in_the_same_place_with_another_attempt(driver):
    await driver.ask("What is Pebble?")
    await driver.ask(QUESTION)
    await driver.press("escape", "r")
    await driver.until(lambda: len(ScriptedEngine.asked) == 3)
    await driver.until(lambda: not driver.app.chat.is_answering)
    assert [e.question for e in driver.app.chat.exchanges] == ["What is Pebble?", QUESTION]
    assert (ScriptedEngine.asked[2].question, ScriptedEngine.asked[2].attempt) == (QUESTION, 1)
    assert len(ScriptedEngine.asked[2].history) == 2


@pytest.mark.exhaustive
@driven()
async def test_escape_brings_back_what_was_to_be_replaced(driver):
    await driver.ask(QUESTION)
    before = flat(driver.text)
    ScriptedEngine.gate.clear()
    await driver.press("escape", "r")
    await driver.until(lambda: driver.app.chat.is_answering)
    await driver.press("escape")
    assert driver.app.chat.exchanges[0].answer is not None
    assert driver.app.chat.exchanges[0].sentences[0].text[:40] in before


@pytest.mark.exhaustive
@driven()
async def test_editing_the_last_question_replaces_it(driver):
    await driver.ask("What is Pebbel?")
    await driver.press("escape", "e")
    await driver.shows("Editing question 1", "in its place")
    question(driver).put("What is Pebble?")
    await driver.press("enter")
    await driver.until(lambda: len(ScriptedEngine.asked) == 2)
    await driver.until(lambda: not driver.app.chat.is_answering)
    assert [e.question for e in driver.app.chat.exchanges] == ["What is Pebble?"]
    await driver.shows_not("Pebbel?")


@driven()
async def test_editing_an_earlier_question_loses_nothing(driver):
    await driver.ask("What is Pebble?")
    await driver.ask(QUESTION)
    await driver.press("escape", "up", "up", "up", "up", "up", "up", "e")
    await driver.shows("Editing question 1", "at the end")
    await driver.press("enter")
    await driver.until(lambda: len(driver.app.chat.exchanges) == 3)
    assert driver.app.chat.questions == ["What is Pebble?", QUESTION, "What is Pebble?"]


@pytest.mark.exhaustive
@driven()
async def test_escape_leaves_editing(driver):
    await driver.ask()
    await driver.press("escape", "e", "escape")
    await driver.shows_not("Editing question")
    assert question(driver).text == ""


async def show_many(driver):
    """A conversation of 120 answers, all with the same text."""
    chat = driver.app.chat
    await driver.ask()
    done = chat.exchanges[0]
    chat.exchanges[:] = [
        LiveExchange(f"Question number {i}", "done", done.sentences, done.sources, done.answer)
        for i in range(120)
    ]
    view = driver.app.screen.query_one(ConversationView)
    await view.show_all(chat.exchanges)
    return view


@pytest.mark.exhaustive
@driven(size=(80, 24))
async def test_of_many_answers_only_some_are_widgets_and_all_can_be_reached(driver):
    view = await show_many(driver)
    await driver.shows("worded by")
    assert len(view.query("ExchangeView")) == 40
    await driver.press("escape")
    await driver.press("home")
    await driver.shows("Question number 0")
    await driver.press("end")
    await driver.until(lambda: view.scroll_y == view.max_scroll_y)
    await driver.press("escape")
    await driver.ask()
    await driver.shows("layers of a language model")
    assert len(view.query("ExchangeView")) < 90


@pytest.mark.exhaustive
@driven()
async def test_an_earlier_answer_that_is_not_replaced_after_all_is_shown_again(driver):
    await driver.ask(QUESTION)
    await driver.ask("What is Pebble?")
    await driver.pilot.pause(0.5)
    await driver.press("escape", "up", "up", "up", "up", "up", "up", "up")
    view = driver.app.screen.query_one(ConversationView)
    assert view.position == 0
    ScriptedEngine.gate.clear()
    await driver.press("r")
    await driver.shows("Searching the library")
    await driver.press("escape")
    await driver.shows_not("Searching the library")
    await driver.shows("worded by scripted")
    assert question(driver).text == QUESTION


@driven()
async def test_an_answer_that_was_replaced_can_be_brought_back(driver):
    await driver.ask("What is Pebbel?")
    await driver.pilot.pause(0.5)
    await driver.press("escape", "e")
    question(driver).put(QUESTION)
    await driver.press("enter")
    await driver.shows("worded by scripted")
    await driver.until(lambda: not driver.app.chat.is_answering)
    await driver.pilot.pause(0.5)
    await driver.press("escape", "z")
    await driver.shows("› What is Pebbel?")
    kept = await driver.app.keep(lambda store: store.load(driver.app.chat.identifier))
    assert [e.question for e in kept.exchanges] == ["What is Pebbel?"]
    await driver.press("z")
    await driver.shows(f"› {QUESTION[:40]}")


@pytest.mark.exhaustive
@driven()
async def test_a_draft_survives_editing_that_is_given_up(driver):
    await driver.ask()
    await driver.pilot.pause(0.5)
    await driver.type("my draft")
    await driver.press("escape", "e", "escape")
    assert question(driver).text == "my draft"


@driven()
async def test_a_question_too_long_to_be_one_stays_in_the_input(driver):
    question(driver).put("x" * 5000)
    await driver.press("enter")
    await driver.shows("A question has 4000 characters at most")
    assert len(question(driver).text) == 5000 and not driver.app.chat.exchanges


@driven()
async def test_escape_right_after_an_answer_does_not_leave_the_question(driver, monkeypatch):
    monkeypatch.setattr("assistant.tui.chat_screen.JUST_NOW", 60)
    await driver.ask_only()
    await driver.press("escape")
    assert question(driver).has_focus


@driven()
async def test_an_error_in_the_program_is_one_line_and_a_file(driver):
    from assistant.config import cache_dir

    try:
        raise RuntimeError("a bug with a secret 4711")
    except RuntimeError:
        driver.app._fatal_error()
    text = str(driver.app._exit_renderables[0])
    assert "an error in the program ended the chat" in text and "4711" not in text
    assert "4711" in (cache_dir() / "chat.log").read_text()
    driver.app._exit_renderables.clear()


@driven(size=(80, 24))
async def test_who_reads_further_up_is_left_there_while_an_answer_comes(driver):
    chat = driver.app.chat
    await show_many(driver)
    ScriptedEngine.gate.clear()
    question(driver).put(QUESTION)
    await driver.press("enter")
    await driver.shows("Searching the library")
    await driver.press("tab", "home")
    await driver.shows("Question number 0")
    ScriptedEngine.gate.set()
    await driver.until(lambda: not chat.is_answering)
    await driver.shows("Question number 0")
    await driver.press("end")
    await driver.shows("layers of a language model does Ladder Pruning")


def test_a_lead_is_plain_and_a_cut_quote_has_its_marks():
    abstract = "However, [b]it digs[/b] at low water, which is early."
    stored = StoredPaper("p", Paper("Dredging", abstract), ((0, len(abstract)),))
    sentence = AnswerSentence(
        abstract[9:36], (1,), "quoted", 1.0, spans=stored.sentences, lead="A [i] (2020):",
        shown=(9, 36),
    )  # fmt: skip
    source = CitedSource(1, stored, [stored.sentences[0]])
    content = content_of(LiveExchange("When?", "answering", [sentence], [source]), None)
    lead, quote = "A [i] (2020): ", "“… [b]it digs[/b] at low water …”"
    assert f"{lead}{quote} [1]" in content.plain
    (italic,) = [span for span in content.spans if "italic" in str(span.style)]
    assert content.plain[italic.start : italic.end] == quote
    panel = evidence_content(targets_of(LiveExchange("", "done", [sentence], [source]))[0], None)
    assert f"▶ {abstract} ◀" in panel.plain and "Quoted in part; support 1.00" in panel.plain
