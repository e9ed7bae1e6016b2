"""What the chat tells of a model that a server runs."""

from driving import PEBBLE, QUESTION, driven
from scripted_engine import OneSentenceModel, ScriptedEngine

from assistant.errors import ModelLost
from assistant.protocol import Ready

LABEL = "llama3.2 at 192.168.1.7:8000"
SENT = "The question is sent to 192.168.1.7:8000."


class LostModel(OneSentenceModel):
    """Words the first sentence; then its server is gone."""

    def stream(self, messages, **options):
        text = "".join(super().stream(messages, **options))
        if not text:
            raise ModelLost("the server [b]broke[/b] off", "see its log")
        yield text


class UnheldModel(OneSentenceModel):
    """Cannot be held to choices, as no model of a server can."""

    def stream(self, messages, **options):
        yield "Bananas are yellow."

    def choose(self, messages, choices, seed=0):
        return None


@driven()
async def test_where_questions_are_sent_is_said_once_and_always_seen(driver, monkeypatch):
    monkeypatch.setattr(ScriptedEngine, "loaded", Ready(LABEL, "", SENT))
    driver.app.backend.engine.refresh()
    await driver.shows(f"● {LABEL}", SENT)
    driver.app.clear_notifications()
    await driver.shows_not(SENT)
    driver.app.backend.engine.refresh()
    await driver.ask(QUESTION)
    await driver.shows(f"1 worded by {LABEL}")
    await driver.shows_not(SENT)


@driven()
async def test_an_answer_whose_server_is_lost_is_whole_and_says_so(driver, monkeypatch):
    monkeypatch.setattr(ScriptedEngine, "model", LostModel)
    await driver.ask(QUESTION)
    await driver.shows("The model was lost, the rest is quoted: the server [b]broke[/b] off")
    driver.app.clear_notifications()
    await driver.shows("1 worded by scripted and checked, 2 “quoted”", "the model was lost")
    (exchange,) = driver.app.chat.exchanges
    assert exchange.phase == "done" and exchange.answer.lost == "the server [b]broke[/b] off"
    await driver.press("escape")  # to the last marker
    await driver.shows("Quoted instead of worded: the server [b]broke[/b] off")
    monkeypatch.setattr(ScriptedEngine, "model", OneSentenceModel)
    await driver.press("escape")
    await driver.ask(QUESTION)
    assert driver.app.chat.exchanges[1].answer.lost == ""


@driven()
async def test_what_a_rule_shortened_is_told_from_what_the_model_worded(driver, monkeypatch):
    monkeypatch.setattr(ScriptedEngine, "model", UnheldModel)
    await driver.ask(PEBBLE)
    makers = [s.maker for s in driver.app.chat.exchanges[0].answer.sentences]
    assert "rule" in makers and "model" not in makers
    await driver.shows(f"{makers.count('rule')} shortened by rule")
    await driver.press("escape", *["left"] * (len(makers) - 1 - makers.index("rule")))
    await driver.shows("Shortened by rule, as the model's own sentence failed")
