"""A large library of made-up papers with its index, and a long conversation about them."""

from __future__ import annotations

import json
import random
import re
import sys
import time
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from made_papers import SEED, Writer, spans_of, write_file

from assistant import config
from assistant.answers import Answer, AnswerSentence, CitedSource, Timings
from assistant.api import Assistant
from assistant.conversations import ConversationStore, Exchange
from assistant.evidence import Evidence
from assistant.indexing import entries_of
from assistant.late_interaction import Pieces
from assistant.library import Library, StoredPaper
from assistant.retrieval import Hit
from assistant.vectors import VectorIndex

ASKED_ABOUT = 200
"""Papers whose vectors are really encoded, so that questions about them find sentences."""
PAPERS_A_TRANSACTION = 5000


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
                library.mark_indexed({paper.id: made_pieces(paper, pick) for paper in batch})
            stored += len(entries)
            tell(f"{stored} vectors, {time.perf_counter() - started:.0f} s")
    return stored


def made_pieces(stored: StoredPaper, pick: np.random.Generator) -> bytes:
    """A made-up word piece for every word of the abstract."""
    starts = [match.start() for match in re.finditer(r"\w+", stored.paper.abstract)]
    vectors = pick.integers(-20, 20, (len(starts), 384), dtype=np.int8)
    return Pieces(vectors, np.array(starts, dtype=np.uint32)).to_bytes()


def make_conversation(folder: Path, count: int) -> int:
    """A conversation of ``count`` answers that cite papers of the library; returns its number."""
    file = folder / "library" / "conversations.sqlite"
    file.unlink(missing_ok=True)
    pick = random.Random(SEED)
    library = Library.open(folder / "library")
    ids = [row[0] for row in library.rows("SELECT id FROM papers ORDER BY number")]
    store = ConversationStore(file)
    number = store.begin("A long conversation")
    for _ in range(count):
        papers = list(library.fetch(pick.sample(ids, 10)).values())
        store.append(number, made_up_answer(papers, pick))
    store.release(number)
    store.close()
    library.close()
    return number


def made_up_answer(papers: list[StoredPaper], pick: random.Random) -> Exchange:
    """An answer of two to four sentences, each from another paper."""
    cited = papers[: pick.randint(2, 4)]
    spans = [stored.sentences[pick.randrange(len(stored.sentences))] for stored in cited]
    sentences = [
        AnswerSentence(
            stored.paper.abstract[slice(*span)],
            (number,),
            pick.choice(("written", "quoted")),
            round(pick.uniform(0.6, 1), 2),
            spans=(span,),
        )
        for number, (stored, span) in enumerate(zip(cited, spans, strict=True), start=1)
    ]
    question = f"What is known about {papers[0].paper.title.split(': ')[1]}?"
    answer = Answer(
        question,
        sentences,
        [
            CitedSource(number, stored, [span])
            for number, (stored, span) in enumerate(zip(cited, spans, strict=True), start=1)
        ],
        retrieved=[
            Hit(stored, pick.uniform(1, 2), pick.uniform(0.3, 0.8), ()) for stored in papers
        ],
        considered=[Evidence(stored, 0, pick.uniform(0.2, 0.6)) for stored in papers[-8:]],
        timings=Timings(0.0, 0.1, 0.8, pick.uniform(1, 5)),
    )
    return Exchange(question, answer, "2025-03-01 12:00:00", "made-up")


def tell(text: str) -> None:
    """Say how far it is, beside the table."""
    print(text, file=sys.stderr, flush=True)
