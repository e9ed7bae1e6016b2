"""Measures how soon the chat answers a key with a large library and a long conversation.

usage: python benchmarks/chat_latency.py [FOLDER] [--papers N] [--answers N] [--keys N] [--json]

Makes a library of made-up papers in FOLDER, once (50 000 papers take about ten minutes and 3 GB;
without FOLDER they are made anew and removed), and a conversation of 500 answers, each time. The
vectors are made up too, except those of the papers that the questions are about: these are encoded.
Then ``assistant chat`` runs in a terminal of this program's own, with the real engine and models.
Each key is timed from being written to the terminal until the output that shows its effect is read,
in three states: idle, while the model writes, while papers are added. Prints a table; each run adds
some hundred papers to the library. Needs a POSIX system, and memory of Linux for the last lines.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import fcntl
import json
import os
import pty
import queue
import random
import re
import shutil
import sqlite3
import statistics
import string
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import browsing, config
from assistant.answering import Answer, AnswerSentence, CitedSource, Timings
from assistant.api import Assistant
from assistant.conversations import ConversationStore, Exchange
from assistant.evidence import Evidence
from assistant.indexing import entries_of
from assistant.library import Library, StoredPaper
from assistant.papers import Paper
from assistant.retrieval import Hit
from assistant.vectors import VectorIndex

WIDTH, HEIGHT = 120, 40
LIMIT_MS = 50
"""How soon a key has to be answered."""
PATIENCE = 5.0
"""Seconds after which a key counts as lost."""
START_PATIENCE = 180.0
"""Seconds for the engine to load, and for the chat to end."""
QUIET = 0.06
"""Seconds without output after which the effects of the last key are taken to be over."""
ROUNDS = 40
"""How often a state is brought about again for one kind of key; then there are fewer keys."""
ASKED_ABOUT = 200
"""Papers whose vectors are really encoded, so that questions about them find sentences."""
PAPERS_A_TRANSACTION = 5000
SEED = 20


# --- made-up papers


ADJECTIVES = """sparse frozen gentle modular streaming causal compact layered robust silent joint
adaptive cyclic delayed noisy shared tiny multilingual coarse private""".split()
NOUNS = """attention retrieval translation parsing alignment pruning sampling routing memory caching
summaries dialogue captions speech graphs tables proteins satellites traffic weather recipes melodies
handwriting contracts tutoring fonts glaciers orchards ferries pottery""".split()
GAINS = """accuracy recall latency throughput calibration coverage faithfulness stability energy
bandwidth""".split()
FAMILY_NAMES = """Adebayo Brunner Castellano Dvorak Eriksen Fontaine Gupta Haruki Ivanova Jankowski
Kimathi Lindqvist Moreau Nakagawa Oyelaran Petrov Quispe Rahimi Sokolov Tanaka Ueda Varga Wekesa
Xanthos Yilmaz Zimmer""".split()
SOURCES = ("reading-list.jsonl", "export.csv", "proceedings.jsonl", "alerts.jsonl", "shared.csv")
VENUES = ("Workshop on Small Models", "Journal of Made-Up Results", "Autumn School Notes", None)
SENTENCES = (
    "Most systems for {noun} assume that {noun2} is cheap, which rarely holds for {term} in practice",
    "We present {name}, a {adjective} method that combines {noun} with {adjective2} {noun2} and needs"
    " no {term} at all",
    "{name} raises the {gain} of {adjective} {noun} from {low} to {high} points on the {term} benchmark",
    "On {count} examples of {term}, it is {factor} times faster than the best {adjective} baseline"
    " for {noun2}",
    "The key step replaces {adjective} {noun} by a learned {term} that is updated every {factor} steps",
    "An ablation shows that removing the {adjective} {term} costs {low} points of {gain} in {noun}",
    "We also find that {gain} and {gain2} trade off less sharply once {noun2} is treated as {noun}",
    "Training {name} takes {factor} hours on one machine with {count} samples of {adjective} {noun2}",
    "Errors that remain mostly stem from {adjective} {term} in long inputs with mixed {noun} and"
    " {noun2}",
    "Code, data and all {count} {adjective2} annotations for {noun} are released under a free licence",
    "A study with {factor} readers finds {name} easier to follow than {adjective} {noun2} with {term}",
)


class Writer:
    """Makes up papers; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        terms = random.Random(SEED)  # one vocabulary for all papers
        syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en")]
        self._terms = sorted({"".join(terms.choices(syllables, k=3)) for _ in range(6000)})
        self._weights = [1 / (rank + 20) for rank in range(len(self._terms))]
        terms.shuffle(self._terms)
        for place in range(1, len(self._weights)):
            self._weights[place] += self._weights[place - 1]

    def papers(self) -> Iterator[Paper]:
        """Papers without end, each with a name of its own in its title."""
        names: set[str] = set()
        while True:
            name = self._name()
            if name not in names:
                names.add(name)
                yield self._paper(name)

    def _paper(self, name: str) -> Paper:
        pick = self._random
        words = self._words(name)
        title = "{name}: {adjective} {term} {noun} for {adjective2} {noun2}".format(**words)
        title += pick.choice((" in {noun}", " without {term} {gain}", " under {adjective} {noun2}"))
        chosen = [1, *pick.sample([i for i in range(len(SENTENCES)) if i != 1], pick.randint(5, 8))]
        abstract = " ".join(
            SENTENCES[i].format(**self._words(name)) + "." for i in (chosen[1], 1, *chosen[2:])
        )
        people = pick.sample(FAMILY_NAMES, pick.randint(1, 5))
        authors = tuple(f"{pick.choice(string.ascii_uppercase)}. {person}" for person in people)
        year = pick.choices((*range(2008, 2026), None), range(4, 23))[0]
        return Paper(
            title=title.format(**self._words(name)),
            abstract=abstract,
            authors=authors,
            author_count=len(authors),
            year=year,
            venue=pick.choice(VENUES),
            url=f"https://papers.invalid/{name.lower()}",
            source=pick.choice(SOURCES),
            line=pick.randint(1, 9000),
        )

    def _words(self, name: str) -> dict[str, object]:
        pick = self._random
        adjective, adjective2 = pick.sample(ADJECTIVES, 2)
        noun, noun2 = pick.sample(NOUNS, 2)
        gain, gain2 = pick.sample(GAINS, 2)
        low, high = sorted(pick.sample(range(20, 96), 2))
        return {
            "name": name,
            "adjective": adjective,
            "adjective2": adjective2,
            "noun": noun,
            "noun2": noun2,
            "gain": gain,
            "gain2": gain2,
            "low": low,
            "high": high,
            "term": pick.choices(self._terms, cum_weights=self._weights)[0],
            "count": pick.randint(3, 900) * 100,
            "factor": pick.randint(2, 48),
        }

    def _name(self) -> str:
        first, second = self._random.choices(self._terms, k=2)
        return first.capitalize() + second[:4].capitalize()


def spans_of(abstract: str) -> list[tuple[int, int]]:
    """The sentences of a made-up abstract, which has no other full stops."""
    return [match.span() for match in re.finditer(r"[^. ][^.]*\.", abstract)]


def write_file(path: Path, papers: list[Paper]) -> None:
    """Papers as a file that can be added."""
    names = ("title", "abstract", "authors", "year", "url", "venue")
    lines = [json.dumps({name: getattr(paper, name) for name in names}) for paper in papers]
    path.write_text("\n".join(lines), "utf-8")


# --- the library and the conversation


@dataclass(frozen=True)
class Made:
    """What lies in the folder."""

    papers: int
    fill_seconds: float
    """For the record."""
    vector_seconds: float
    vectors: int


def make_library(folder: Path, count: int) -> Made:
    """The library in ``folder``, made if it is not there yet."""
    note = folder / "made.json"
    if note.exists():
        made = Made(**json.loads(note.read_text("utf-8")))
        if made.papers != count:
            sys.exit(f"{folder} holds a library made with --papers {made.papers}")
        return made
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} is not empty and holds no finished library")
    path = folder / "library"
    library = Library.create(path)
    papers = Writer(SEED).papers()
    asked = list(islice(papers, ASKED_ABOUT))
    started = time.perf_counter()
    for done in range(0, count, PAPERS_A_TRANSACTION):
        with library.transaction():
            for paper in islice(papers, min(PAPERS_A_TRANSACTION, count - done)):
                library.insert(paper, spans_of(paper.abstract))
    filled = time.perf_counter()
    tell(f"{count} papers stored in {filled - started:.0f} s")
    assistant = Assistant(config.Config(library=str(path)))
    vectors = fill_index(library, assistant.index)
    indexed = time.perf_counter()
    tell(f"{vectors} vectors stored in {indexed - filled:.0f} s")
    library.close()
    write_file(folder / "asked.jsonl", asked)
    assistant.add([str(folder / "asked.jsonl")])
    assistant.close()
    made = Made(count, filled - started, indexed - filled, vectors)
    note.write_text(json.dumps(asdict(made)), "utf-8")
    return made


def fill_index(library: Library, index: VectorIndex) -> int:
    """Made-up unit vectors for all chunks and sentences; those of one paper lie together."""
    pick = np.random.default_rng(SEED)
    index.create()
    stored = 0
    started = time.perf_counter()
    papers = library.papers()
    with index.session():
        while batch := list(islice(papers, 1000)):
            entries = [entry for paper in batch for entry in entries_of(paper)]
            sizes = [len(entries_of(paper)) for paper in batch]
            centres = np.repeat(pick.standard_normal((len(batch), 384)), sizes, axis=0)
            vectors = centres + pick.standard_normal((len(entries), 384))
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            index.add(entries, vectors.astype(np.float32))
            with library.transaction():
                library.mark_indexed(paper.id for paper in batch)
            stored += len(entries)
            tell(f"{stored} vectors, {time.perf_counter() - started:.0f} s")
    return stored


def tell(text: str) -> None:
    """Say how far it is, beside the table."""
    print(text, file=sys.stderr, flush=True)
