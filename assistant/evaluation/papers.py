"""The papers that questions are asked of: the user's own, or a throw-away library made for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import adding, indexing, sentences
from assistant.errors import AssistantError, UsageError
from assistant.evaluation.collection import Document
from assistant.fingerprint import write_atomically
from assistant.indexing import Progress
from assistant.library import Library
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.vectors import SCHEME, EncoderIdentity

FILLED = "filled.json"
"""Lies in the folder of a throw-away library once it holds all papers."""
_PAPERS_A_STEP = 500


@dataclass(frozen=True)
class Filled:
    """What a throw-away library was filled with."""

    papers: int
    rejected: tuple[str, ...]
    """What could not be read, and why."""


def files_sha256(paths: Sequence[Path]) -> str:
    """Digest of the contents of files and folders, in the order given.

    Raises ``UsageError`` if one cannot be read.
    """
    digest = hashlib.sha256()
    for path in paths:
        try:
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file() or file == path:
                    digest.update(f"{file.name}\0".encode())
                    digest.update(hashlib.sha256(file.read_bytes()).digest())
        except OSError as error:
            raise UsageError(
                f"cannot read {path}: {error.strerror}", "check the path after --papers"
            ) from error
    return digest.hexdigest()


def library_sha256(library: Library) -> str:
    """Digest of the titles and abstracts of a library, wherever they came from."""
    digest = hashlib.sha256()
    for stored in library.papers():
        digest.update(json.dumps([stored.paper.title, stored.paper.abstract]).encode())
    return digest.hexdigest()


def library_key(corpus_sha256: str, encoder: EncoderIdentity) -> str:
    """Names the throw-away library of a corpus: another encoder or way of cutting makes another."""
    ways = [Path(module.__file__ or "").read_bytes() for module in (sentences, indexing)]
    parts = [corpus_sha256, encoder.sha256, str(SCHEME)]
    parts += [hashlib.sha256(source).hexdigest() for source in ways]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]


def fill_from_files(library: Library, paths: Sequence[Path], progress: Progress) -> Filled:
    """Read the files as ``assistant add`` does; what was filled before is not read again.

    Raises ``AssistantError`` if they hold no paper.
    """
    if known := _filled(library):
        return known
    report = adding.add(library, [str(path) for path in paths], progress)
    rejected = (*map(str, report.rejected), *report.skipped)
    if not library.count():
        raise AssistantError(
            f"no papers in {', '.join(map(str, paths))}: {'; '.join(rejected[:1])}",
            "give files that assistant add reads",
        )
    return _note_filled(library, Filled(library.count(), rejected))


def fill_from_documents(
    library: Library, documents: Sequence[Document], source: str, progress: Progress
) -> Filled:
    """Store every document as a paper, in order and with its own sentences, all or none."""
    if known := _filled(library):
        return known
    with library.writing(), library.transaction():
        if not library.count():
            for number, document in enumerate(documents):
                if number % _PAPERS_A_STEP == 0:
                    progress("Storing documents", number, len(documents))
                library.insert(*_as_paper(document, source))
            progress("Storing documents", len(documents), len(documents))
    return _note_filled(library, Filled(library.count(), ()))


def _as_paper(document: Document, source: str) -> tuple[Paper, list[tuple[int, int]]]:
    paper = Paper(document.title, document.abstract, source=source, line=document.line)
    spans = document.spans
    return paper, list(split_sentences(document.abstract) if spans is None else spans)


def _filled(library: Library) -> Filled | None:
    try:
        values = json.loads((library.path / FILLED).read_text("utf-8"))
        return Filled(values["papers"], tuple(values["rejected"]))
    except (OSError, ValueError):
        return None


def _note_filled(library: Library, filled: Filled) -> Filled:
    write_atomically(library.path / FILLED, json.dumps(vars(filled)))
    return filled
