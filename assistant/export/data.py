"""A conversation for other programs: JSON and BibTeX."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from assistant import __version__
from assistant.export import parts
from assistant.render import source_json

if TYPE_CHECKING:
    from assistant.conversations import Conversation, Exchange


def to_json(conversation: Conversation) -> str:
    """One object; texts of papers are as stored, so that the offsets of quotes fit them.

    ``sources`` are those of ``ask --json``; ``nearest`` is empty unless the answer is a refusal.
    """
    value = {
        "title": conversation.title,
        "created_at": conversation.created_at,
        "changed_at": conversation.changed_at,
        "version": __version__,
        "exchanges": [_exchange(exchange) for exchange in conversation.exchanges],
        "bibtex": parts.bibliography(conversation),
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def to_bibtex(conversation: Conversation) -> str:
    """The cited papers, each once; empty if nothing is cited."""
    return parts.bibliography(conversation)


def _exchange(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer
    return {
        "question": exchange.question,
        "asked_at": exchange.asked_at,
        "model": exchange.model,
        "answer": answer.text,
        "refused": answer.refused,
        "reason": answer.reason,
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.cited),
                "origin": sentence.origin,
                "support": sentence.support,
                "note": sentence.note,
                "lead": sentence.lead,
                "shown": list(sentence.shown) if sentence.shown else None,
            }
            for sentence in answer.sentences
        ],
        "sources": [source_json(source) for source in answer.sources],
        "nearest": [
            {"id": hit.stored.id, "title": hit.stored.paper.title} for hit in parts.nearest(answer)
        ],
    }
