"""What the user wants evaluated, and the files it names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UsageError
from assistant.evaluation import collection, papers
from assistant.evaluation.collection import Collection
from assistant.evaluation.questions import read_questions
from assistant.evaluation.record import Run
from assistant.evaluation.scoring import Part

Notice = Callable[[str], None]
"""Called with a sentence for the person."""


@dataclass(frozen=True)
class Request:
    """What the user wants evaluated."""

    questions: Path
    """A file of questions, or the folder of a collection."""
    papers: tuple[Path, ...] = ()
    """Files for a throw-away library; without any, the user's own library is asked."""
    only: frozenset[Part] = frozenset()
    quotes_only: bool = False
    take_away: bool = False
    kinds: tuple[str, ...] = ()
    limit: int | None = None
    seed: int | None = None
    work: Path | None = None
    keep: bool = False
    against: Run | None = None


def read(request: Request) -> Collection:
    """Questions, and documents if there are some; a file of questions has none."""
    if not request.questions.is_dir():
        return Collection((), read_questions(request.questions))
    if request.papers:
        raise UsageError(
            f"{request.questions} is a folder with papers of its own", "leave out --papers"
        )
    return collection.read_collection(request.questions)


def corpus_sha256(request: Request) -> str:
    """Digest of the files that a throw-away library is made of."""
    if request.papers:
        return papers.files_sha256(request.papers)
    return collection.corpus_sha256(request.questions)
