"""What decided an answer besides its question: kept in its JSON, so that it can be asked again."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from pathlib import Path
from typing import Any

from assistant.answers import Answer
from assistant.config import Config
from assistant.encoder import weights_sha256
from assistant.fingerprint import program, sha256
from assistant.library import StoredPaper
from assistant.render import paper_json
from assistant.vectors import EncoderIdentity

SETTINGS = (
    *("model", "endpoint", "endpoint_model", "encoder", "reranker", "entailment"),
    *("thesaurus", "threads", "context"),
    *("papers", "sentences", "least_confidence", "seed", "writing"),
)
"""The settings that decide an answer."""
PLACES = ("endpoint", "encoder", "reranker", "entailment", "thesaurus")
"""Those that name a server, a folder or a file."""
_PACKAGES = ("llama-cpp-python", "onnxruntime", "tokenizers", "chromadb")
"""Those whose other versions may reckon otherwise."""


def manifest(
    answer: Answer,
    settings: Config,
    encoder: EncoderIdentity,
    writes_freely: bool | None,
    writes_paragraphs: bool | None,
) -> dict[str, Any]:
    """The object under ``manifest`` in the answer's JSON, of an answer that was asked for.

    ``writes_freely`` and ``writes_paragraphs`` are the model's; ``None`` without one.
    """
    asked = answer.asked
    assert asked
    filters = asked.filters
    return {
        "program": program(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "settings": {name: getattr(settings, name) for name in SETTINGS} | {"seed": asked.seed},
        "writes_freely": writes_freely,
        "writes_paragraphs": writes_paragraphs,
        "encoder": vars(encoder),
        "reranker": _weights(settings.reranker),
        "entailment": _weights(settings.entailment),
        "thesaurus": sha256(Path(settings.thesaurus).expanduser()) if settings.thesaurus else None,
        "quotes_only": asked.quotes_only,
        "history": [vars(turn) for turn in asked.history],
        "filters": {
            "years": list(filters.years),
            "sources": list(filters.sources),
            "authors": list(filters.authors),
            "set": filters.set_name,
        },
        "without": list(asked.without),
        "papers": {hit.stored.id: paper_digest(hit.stored) for hit in answer.retrieved},
    }


def paper_digest(stored: StoredPaper) -> str:
    """Names what a paper says, wherever it was read from."""
    facts = paper_json(stored)
    said = {name: facts[name] for name in facts if name not in ("source", "line")}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _weights(folder: str) -> str | None:
    return weights_sha256(Path(folder).expanduser()) if folder else None
