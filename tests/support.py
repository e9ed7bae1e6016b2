"""What the tests share: fixture pages, and stand-ins for the models in unit tests."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from assistant.late_interaction import EncodedText
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.retrieval import Hit
from assistant.signals import SentenceMatch
from assistant.vectors import EncoderIdentity

FIXTURES = Path(__file__).parent / "fixtures"
PAGES = [str(FIXTURES / "compact.txt"), str(FIXTURES / "spaced.txt")]
WORDS_IDENTITY = EncoderIdentity("words", "0" * 64)


def first_and(values):
    """Parameters of which all but the first are exhaustive."""
    first, *rest = values
    return [first, *(pytest.param(value, marks=pytest.mark.exhaustive) for value in rest)]


class WordsEncoder:
    """Unit vectors from hashed words: texts that share words are near; for unit tests only."""

    def encode(self, texts):
        single = isinstance(texts, str)
        vectors = np.zeros((1 if single else len(texts), 256), dtype=np.float32)
        for row, text in zip(vectors, [texts] if single else texts, strict=True):
            for word in text.lower().replace(".", " ").replace("?", " ").split():
                row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % 256] += 1.0
            row /= max(float(np.linalg.norm(row)), 1e-9)
        return vectors[0] if single else vectors

    def encode_chunks(self, texts):
        return [self.encode_question(text) for text in texts]

    def encode_question(self, question):
        spans = [match.span() for match in re.finditer(r"\w+", question)]
        pieces = self.encode([question[start:end] for start, end in spans])
        return EncodedText(self.encode(question), pieces, spans)


class ScriptedModel:
    """A language model that writes given replies and records what it was asked."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.prompts = []

    writes_freely = True
    writes_paragraphs = False

    def tokens(self, text):
        return list(text.encode())

    def choose(self, messages, choices, seed=0):
        self.prompts.append(messages)
        return choices[-1]

    def stream(self, messages, *, max_tokens, allowed=None, seed=0, form=None):
        self.prompts.append(messages)
        reply = self.replies.pop(0)
        if isinstance(reply, BaseException):
            raise reply
        yield reply


class ParagraphModel(ScriptedModel):
    """Says each reply in pieces of a few letters; a reply may be an error in mid-sentence."""

    writes_paragraphs = True

    def __init__(self, *replies):
        super().__init__(*replies)
        self.form = None
        self.is_open = False

    def stream(self, messages, *, max_tokens, allowed=None, seed=0, form=None):
        self.form, self.max_tokens, self.allowed = form, max_tokens, allowed
        self.is_open = True
        for reply in super().stream(messages, max_tokens=max_tokens):
            *begun, last = reply if isinstance(reply, list) else [reply]
            for text in (*begun, *([last] if isinstance(last, str) else [])):
                for start in range(0, len(text), 3):
                    yield text[start : start + 3]
            if isinstance(last, BaseException):
                raise last
        self.is_open = False


def no_progress(what, done, total):
    """Report nothing."""


def hit(name, score, *sentences):
    """A paper whose sentences, each with its nearness to the question, are its abstract."""
    text = " ".join(sentence for sentence, _ in sentences)
    spans, at = [], 0
    for sentence, _ in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    stored = StoredPaper(name, Paper(name, text), tuple(spans))
    matches = tuple(SentenceMatch(near, near, 0.0, 0.0) for _, near in sentences)
    return Hit(stored, score, 0.5, matches)
