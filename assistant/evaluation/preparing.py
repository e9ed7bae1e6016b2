"""Papers made ready to be asked of: the user's own, or a throw-away library filled and indexed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from assistant import catalog
from assistant.api import Assistant
from assistant.config import Config
from assistant.encoder import weights_sha256
from assistant.errors import AssistantError, LibraryStale
from assistant.evaluation import collection, gold, papers
from assistant.evaluation.collection import Collection
from assistant.evaluation.gold import Names
from assistant.evaluation.report import shown
from assistant.evaluation.request import Notice, Request, corpus_sha256
from assistant.evaluation.workspace import Workspace
from assistant.indexing import Progress
from assistant.library import Library
from assistant.vectors import EncoderIdentity


@dataclass(frozen=True)
class Prepared:
    """Papers ready to be asked of."""

    assistant: Assistant
    workspace: Workspace
    names: Names
    origin: str
    indexed: bool
    """Whether their index was made just now."""


@contextmanager
def prepared(
    settings: Config, request: Request, found: Collection, progress: Progress, notice: Notice
) -> Iterator[Prepared]:
    """The papers, held until all is asked; then a throw-away library is removed."""
    if found.documents or request.papers:
        name = papers.library_key(corpus_sha256(request), _encoder(settings))
        workspace = Workspace(name, request.work)
        settings = replace(settings, library=str(workspace.library))
    else:
        workspace = _beside_own_library(settings, request)
    with workspace.held():
        assistant = Assistant(settings, progress)
        try:
            if not found.documents and not request.papers:
                _check_indexed(assistant)
                names = gold.by_title(assistant.library)
                yield Prepared(assistant, workspace, names, "own library", indexed=False)
            else:
                names = _fill(workspace, request, found, progress, notice)
                indexed = _index(assistant)
                origin = ", ".join(path.name for path in request.papers or (request.questions,))
                yield Prepared(assistant, workspace, names, origin, indexed)
        finally:
            assistant.close()
        if not request.keep:
            workspace.remove()
        elif workspace.library.is_dir():
            notice(f"The library is kept: assistant --library {workspace.library} ask …")


def _encoder(settings: Config) -> EncoderIdentity:
    path, known = catalog.find(settings.encoder, "encoder")
    return EncoderIdentity(known.name if known else path.name, weights_sha256(path))


def _beside_own_library(settings: Config, request: Request) -> Workspace:
    """Where results about the user's library are kept meanwhile: not in it."""
    assistant = Assistant(settings)
    try:
        return Workspace(f"own-{assistant.library.snapshot()}", request.work)
    finally:
        assistant.close()


def _fill(
    workspace: Workspace, request: Request, found: Collection, progress: Progress, notice: Notice
) -> Names:
    library = Library.create(workspace.library)
    try:
        if request.papers:
            filled = papers.fill_from_files(library, request.papers, progress)
            for reason in shown(filled.rejected):
                notice(f"rejected {reason}")
            return gold.by_title(library)
        papers.fill_from_documents(library, found.documents, collection.CORPUS, progress)
        return gold.by_document(library, [document.id for document in found.documents])
    finally:
        library.close()


def _index(assistant: Assistant) -> bool:
    """Finish the index of a throw-away library; tells whether there was something to do."""
    waits = bool(assistant.library.waiting_count()) or not assistant.index.exists
    if waits:
        assistant.reindex(only_waiting=True)
    return waits


def _check_indexed(assistant: Assistant) -> None:
    """Raises ``LibraryStale`` where asking would have to write to the user's library first."""
    if assistant.uses_starter:
        return
    if not assistant.library.count():
        raise AssistantError("the library holds no papers", "name some with --papers")
    if assistant.library.waiting_count() or not assistant.index.exists:
        raise LibraryStale(
            "not all papers of the library are indexed", "assistant library reindex --waiting"
        )
