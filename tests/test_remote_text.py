import pytest

from assistant.prompts import Message
from assistant.remote_text import chat, plain, without_thoughts

TOKENS = [
    *("<|im_end|>", "<s>", "</s>", "[INST]", "[/INST]", "<start_of_turn>", "<|end of text|>"),
    *(
        "<\uff5cend\u2581of\u2581sentence\uff5c>",
        "<<SYS>>",
        "[gMASK]",
        "<think>",
        "</think>",
        "◁think▷",
    ),
]


@pytest.mark.parametrize("token", TOKENS)
def test_the_name_of_a_special_token_is_broken_and_mended(token):
    text = f"The marker {token} ends a turn."
    sent = plain(text)
    assert token not in sent and sent.replace("\u2060", "") == text
    assert without_thoughts(sent) == (text, False)


@pytest.mark.parametrize(
    "text", ["p < 0.05 and x > 3", "a [1] and [12, 13]", "if a<b then", "5 <= n", "{{x}} $a$"]
)
def test_other_signs_stay_as_they_are(text):
    assert plain(text) == text


def test_the_systems_words_stand_before_the_users_first():
    sent = chat([Message("system", "Be brief."), Message("user", "A?"), Message("assistant", "A.")])
    assert sent == [
        {"role": "user", "content": "Be brief.\n\nA?"},
        {"role": "assistant", "content": "A."},
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<think>Let me see.\n\nYes.</think>\n\nIt is blue.", "It is blue."),
        ("  <THINK>\nno</THINK>It is blue.", "It is blue."),
        ("Let me see. The beginning was in the prompt.</think>It is blue.", "It is blue."),
        ("<think>one</think><think>two</think>It is blue.", "It is blue."),
        ("[THINK]so[/THINK]It is blue.", "It is blue."),
        ("<reasoning>so</reasoning>\nIt is blue.", "It is blue."),
        ("◁think▷so◁/think▷It is blue.", "It is blue."),
        ("<think>It was cut off before", ""),
    ],
)
def test_thoughts_are_no_part_of_the_answer(text, answer):
    assert without_thoughts(text) == (answer, True)


def test_a_sentence_about_thinking_is_no_thought():
    text = "The model writes <think> before it answers."
    assert without_thoughts(text) == (text, False)
