"""A chat -> the model's tokens, in the model's own template; what is said stays plain text.

Models that reason before they answer are told not to, and what they reason nevertheless is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from assistant.prompts import Message

_FALLBACK_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant{{ '\n' }}"  # Jinja drops a newline at the very end
)
_NO_THINKING = "{% set enable_thinking = false %}{% set thinking = false %}"
"""Before a template, as not every version of llama-cpp-python hands such settings on."""
_DAY = datetime(2024, 7, 26)
"""Templates that tell the date tell this one: the same prompt tomorrow gives the same answer."""
_BEGIN, _END = "<think>", "</think>"
_OPEN = re.compile(rf"{_BEGIN}\s*$")
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


def thinking(template: str) -> Literal["no", "can be switched off", "yes"]:
    """Whether models of this template reason before they answer."""
    if "enable_thinking" in template or re.search(r"\bthinking\b", template):
        return "can be switched off"
    return "yes" if _BEGIN in template else "no"


def begins_to_think(pieces: Iterable[str]) -> bool:
    """Whether a message begins with reasoning."""
    return "".join(pieces).lstrip().startswith(_BEGIN)


def without_thinking(pieces: Iterable[str]) -> Iterator[str]:
    """A message without the reasoning that it begins with; if that never ends, nothing."""
    pieces = iter(pieces)
    held, inside = "", False
    for piece in pieces:
        held += piece
        if not inside:
            text = held.lstrip()
            if len(text) < len(_BEGIN) and _BEGIN.startswith(text):
                continue
            if not text.startswith(_BEGIN):
                yield held
                yield from pieces
                return
            inside = True
        answer = held.partition(_END)[2].lstrip()
        if answer:
            yield answer
            yield from pieces
            return
    if held and not inside:
        yield held


def plain_tokens(llama: Any, text: str) -> list[int]:
    """The tokens of a text without any special one."""
    tokens: list[int] = llama.tokenize(text.encode(), add_bos=False, special=False)
    return tokens


def _template_tokens(llama: Any, text: str) -> list[int]:
    tokens: list[int] = llama.tokenize(text.encode(), add_bos=False, special=True)
    return tokens


def _in_template(llama: Any, messages: Sequence[Message]) -> str:
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    template = llama.metadata.get("tokenizer.chat_template", _FALLBACK_TEMPLATE)
    formatter: Any = Jinja2ChatFormatter(
        template=f"{_NO_THINKING}{template}",
        eos_token=llama.detokenize([llama.token_eos()], special=True).decode(),
        bos_token=llama.detokenize([llama.token_bos()], special=True).decode(),
    )
    formatter.strftime_now = _DAY.strftime
    chat: Any = [{"role": m.role, "content": m.content} for m in messages]
    try:
        text: str = formatter(messages=chat).prompt
    except ValueError:  # some templates know no system role
        system, *chat = chat
        chat[0] = chat[0] | {"content": f"{system['content']}\n\n{chat[0]['content']}"}
        text = formatter(messages=chat).prompt
    return _OPEN.sub(f"{_BEGIN}\n\n{_END}\n\n", text)
