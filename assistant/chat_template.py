"""A chat -> the model's tokens, in the model's own template; what is said stays plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.prompts import Message

_FALLBACK_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant\n"
)
_PLACE = "\ue000"
"""Stands around the number of a message in the template; a private character of Unicode."""


def prompt_tokens(llama: Any, messages: Sequence[Message]) -> list[int]:
    """The tokens of a chat that the model is to continue.

    Names of special tokens in a message, such as ``<|im_end|>`` in an abstract, are words like
    others: no message can end itself or begin another.
    """
    if all(_template_tokens(llama, m.content) == plain_tokens(llama, m.content) for m in messages):
        return _template_tokens(llama, _in_template(llama, messages))
    places = [Message(m.role, f"{_PLACE}{i}{_PLACE}") for i, m in enumerate(messages)]
    parts = re.split(rf"{_PLACE}(\d+){_PLACE}", _in_template(llama, places))
    tokens = _template_tokens(llama, parts[0])
    for place, after in zip(parts[1::2], parts[2::2], strict=True):
        tokens += plain_tokens(llama, messages[int(place)].content)
        tokens += _template_tokens(llama, after)
    return tokens


def plain_tokens(llama: Any, text: str) -> list[int]:
    """The tokens of a text without any special one."""
    tokens: list[int] = llama.tokenize(text.encode(), add_bos=False, special=False)
    return tokens


def _template_tokens(llama: Any, text: str) -> list[int]:
    tokens: list[int] = llama.tokenize(text.encode(), add_bos=False, special=True)
    return tokens


def _in_template(llama: Any, messages: Sequence[Message]) -> str:
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    formatter = Jinja2ChatFormatter(
        template=llama.metadata.get("tokenizer.chat_template", _FALLBACK_TEMPLATE),
        eos_token=llama.detokenize([llama.token_eos()], special=True).decode(),
        bos_token=llama.detokenize([llama.token_bos()], special=True).decode(),
    )
    chat: Any = [{"role": m.role, "content": m.content} for m in messages]
    try:
        text: str = formatter(messages=chat).prompt
    except ValueError:  # some templates know no system role
        system, *chat = chat
        chat[0] = chat[0] | {"content": f"{system['content']}\n\n{chat[0]['content']}"}
        text = formatter(messages=chat).prompt
    return text
