"""Chats in a model's own template; here without a model, with one in test_real_models.py."""

import pytest

from assistant.chat_template import prompt_tokens, thinking, without_thinking
from assistant.prompts import Message

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant{{ '\n' }}"
)
SWITCHED = CHATML + (
    "{% if enable_thinking is defined and enable_thinking is false %}"
    "<think>\n\n</think>\n\n{% endif %}"
)
ALWAYS = CHATML + "<think>\n"
DATED = "Today is {{ strftime_now('%d %B %Y') }}. " + CHATML
CHAT = [Message("user", "What is <think>?")]


class Letters:
    """Knows a template; each letter is a token."""

    def __init__(self, template):
        self.metadata = {"tokenizer.chat_template": template}

    def tokenize(self, text, add_bos, special):
        return list(text)

    def detokenize(self, tokens, special):
        return bytes(tokens)

    def token_eos(self):
        return 2

    token_bos = token_eos


def rendered(template):
    llama = Letters(template)
    if template is None:
        del llama.metadata["tokenizer.chat_template"]
    return bytes(prompt_tokens(llama, CHAT)).decode()


PLAIN = "<|im_start|>user\nWhat is <think>?<|im_end|>\n<|im_start|>assistant\n"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (CHATML, PLAIN),
        (None, PLAIN),
        (SWITCHED, f"{PLAIN}<think>\n\n</think>\n\n"),
        (ALWAYS, f"{PLAIN}<think>\n\n</think>\n\n"),
        (DATED, f"Today is 26 July 2024. {PLAIN}"),
    ],
)
def test_a_model_is_told_not_to_reason_and_no_date_of_today(template, expected):
    assert rendered(template) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (CHATML, "no"),
        (SWITCHED, "can be switched off"),
        (ALWAYS, "yes"),
        (CHATML + "{% if thinking %}<think>{% endif %}", "can be switched off"),
    ],
)
def test_templates_tell_whether_a_model_reasons(template, expected):
    assert thinking(template) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("It keeps 91%.", "It keeps 91%."),
        (" It keeps 91%.", " It keeps 91%."),
        ("<think>\nHm, 35%?\n</think>\n\nIt keeps 91%.", "It keeps 91%."),
        ("\n<think></think>It keeps 91%.", "It keeps 91%."),
        ("<think>It keeps 91% and", ""),
        ("<think>Hm.</think>\n", ""),
        ("It uses <think> and </think>.", "It uses <think> and </think>."),
        ("<think>a</think>b</think>c", "b</think>c"),
        ("<thi", "<thi"),
        ("<thin ice>", "<thin ice>"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_reasoning_never_reaches_the_answer(written, expected, size):
    pieces = [written[i : i + size] for i in range(0, len(written), size)]
    assert "".join(without_thinking(pieces)) == expected


def test_an_answer_is_passed_on_as_it_comes():
    def pieces():
        yield "<think>a</think>"
        for word in ("It ", "keeps ", "91%."):
            came.append(word)
            yield word

    came = []
    answer = without_thinking(pieces())
    assert (next(answer), came) == ("It ", ["It "])
