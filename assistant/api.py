"""The assistant as one object: what the commands do, for Python programs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import adding, config, indexing, starter
from assistant.adding import AddReport
from assistant.answering import MAX_QUESTION, answer, standalone
from assistant.answers import Answer, Asked, Event, Finished
from assistant.config import Config
from assistant.conversation import Turn
from assistant.encoders import Encoders
from assistant.entailing import Entailment
from assistant.errors import UsageError
from assistant.filters import EVERY_PAPER, Filters, members, why_none
from assistant.indexing import Progress, Verification
from assistant.leftovers import index_leftovers
from assistant.library import RECORD, Library, StoredPaper
from assistant.manifest import manifest
from assistant.papers import clean_text
from assistant.render import QUOTES_ONLY, answer_json
from assistant.reranking import RerankedRetriever, Reranker
from assistant.retrieval import Hit, Retriever
from assistant.thesaurus import Thesaurus, thesaurus
from assistant.vectors import VectorIndex

if TYPE_CHECKING:
    from assistant.model_files import Writer
    from assistant.summary.choosing import Choice, OffTopic
    from assistant.summary.summarizing import Style, Summary

STARTER_WAIT = 300
"""Seconds to wait for another process that is making the starter library."""


def no_progress(what: str, done: int, total: int) -> None:
    """Report nothing."""


class Assistant:
    """A library, its index and the models, opened when first needed.

    Without ``Config.library`` the user's default library is meant; while that is empty, questions
    are answered from the starter library.
    """

    def __init__(self, settings: Config | None = None, progress: Progress = no_progress) -> None:
        """``progress`` hears what takes time: first indexing, preparing the model."""
        self.config = settings or config.load()
        self.progress = progress
        self._remembered: tuple[tuple[Filters, str], list[str] | None] | None = None

    @property
    def own_library(self) -> Path:
        """The folder of the library that ``add`` writes to."""
        return config.own_library(self.config)

    @cached_property
    def uses_starter(self) -> bool:
        """Whether questions go to the starter library because the default one is empty."""
        if self.config.library:
            return False
        if not (self.own_library / RECORD).is_file():
            return True
        library = Library.open(self.own_library)
        try:
            return library.count() == 0
        finally:
            library.close()

    @cached_property
    def library(self) -> Library:
        """The library that is read from.

        Raises ``LibraryMissing`` if ``Config.library`` names none, ``LibraryStale`` if it is newer.
        """
        if not self.uses_starter:
            return Library.open(self.own_library)
        library = Library.create(starter.folder())
        if library.count() == 0:
            with library.writing(wait_seconds=STARTER_WAIT):
                starter.fill(library)
            starter.remove_older()
        return library

    @cached_property
    def index(self) -> VectorIndex:
        """The vector index beside ``library``."""
        return VectorIndex(self.library.path / "chroma", self._encoders.identity)

    def add(
        self,
        paths: Sequence[str],
        *,
        format_name: str | None = None,
        crawl_year: int | None = None,
    ) -> AddReport:
        """Read files, folders or ``-`` into the own library and index what is new."""
        library = Library.create(self.own_library)
        index = VectorIndex(library.path / "chroma", self._encoders.identity)
        try:
            with library.writing():
                if index.exists:
                    index.check_encoder()
                report = adding.add(
                    library, paths, self.progress, format_name=format_name, crawl_year=crawl_year
                )
                if library.waiting_count() or (library.count() and not index.exists):
                    self._index_waiting(library, index, "Indexing papers")
        finally:
            library.close()
        self._forget_library()
        return report

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        quotes_only: bool = False,
        filters: Filters = EVERY_PAPER,
        without: Sequence[str] = (),
        seed: int | None = None,
    ) -> Iterator[Event]:
        """Answer a question from the papers that fulfil the filters.

        Papers with the ids ``without`` are left out. The last event is ``Finished``. Raises
        ``UsageError`` for an empty or over-long question or an unknown set, and what opening the
        library and the models can raise.
        """
        started = time.perf_counter()
        question = checked_question(question)
        seed = self.config.seed if seed is None else seed
        asked = Asked(tuple(history), quotes_only, filters, tuple(without), seed)
        found = self._members(filters)
        model = None if quotes_only else self.model
        retriever = self._retriever_of(found)
        if without:
            retriever = retriever.without(without)
        for event in answer(
            question,
            retriever,
            (lambda: model) if model else None,
            standalone=standalone(question, history, retriever),
            papers=self.config.papers,
            sentences=self.config.sentences,
            least_confidence=self.config.least_confidence,
            seed=seed,
            follows=self._entailment.follows if model and self._entailment else None,
            relates=self._entailment.relation if self._entailment else None,
            load_seconds=time.perf_counter() - started,
        ):
            if isinstance(event, Finished):
                event.answer.asked = asked
            if isinstance(event, Finished) and event.answer.refused:
                reason = event.answer.reason or ""
                if found == []:
                    reason = why_none(self.library, filters)
                elif found:
                    reason = reason.replace("the library", filters.place)
                event.answer.reason = self._with_waiting(reason)
            yield event

    def _with_waiting(self, reason: str) -> str:
        waiting = self.library.waiting_count()
        return f"{reason}; {waiting} papers are not indexed yet" if waiting else reason

    def find(self, query: str, k: int, filters: Filters = EVERY_PAPER) -> list[Hit]:
        """The ``k`` papers nearest to a query that fulfil the filters, best first.

        Raises ``UsageError`` for an unknown set and as ``ask`` does.
        """
        query = checked_question(query)
        return self._retriever_of(self._members(filters)).search(query, k)

    def on_topic(
        self,
        topic: str,
        threshold: float | None = None,
        filters: Filters = EVERY_PAPER,
        among: Sequence[str] | None = None,
    ) -> Choice:
        """The papers that fulfil the filters and belong to a topic, the nearest first.

        ``among`` are ids, if only these papers are meant whatever the filters say. Raises
        ``UsageError`` for a threshold that is not between 0 and 1, and as ``find`` does.
        """
        from assistant.summary.choosing import THRESHOLD, check_threshold
        from assistant.summary.making import papers_on_topic

        threshold = THRESHOLD if threshold is None else threshold
        check_threshold(threshold)
        topic = checked_question(topic)
        if among is None:
            among = self._members(filters)
        whole = self._plain_retriever
        return papers_on_topic(topic, threshold, among, self.library, self.index, whole)

    def summarize(
        self,
        papers: Sequence[StoredPaper],
        topic: str,
        style: Style = "themes",
        progress: Progress | None = None,
        off_topic: Sequence[OffTopic] = (),
        columns: Sequence[str] = (),
    ) -> Summary:
        """What the papers say, in quotes; ``progress`` hears how many of them are read.

        Without it, that is told of a long set. ``off_topic`` are papers that the summary names as
        left out, ``columns`` those of a table; none for the usual ones. Raises ``UsageError`` for
        more papers than a summary holds and for columns that are none.
        """
        from assistant.summary.making import LONG_SET, summary_of
        from assistant.summary.notes import ROLES
        from assistant.summary.phrasing import phrasing

        _ = self.retriever  # indexes what waits
        if progress is None and len(papers) >= LONG_SET:
            progress = self.progress
        told = progress, off_topic, columns or ROLES, self._synonyms, phrasing(self._phrasing_model)
        return summary_of(papers, topic, style, self.index, *told)

    def _phrasing_model(self) -> Writer | None:
        """What puts the headings of themes into words: a local model that writes freely."""
        from assistant.model_files import writes_own_sentences

        return self.model if writes_own_sentences(self.config) else None

    def _members(self, filters: Filters) -> list[str] | None:
        """``filters.members``, remembered until the filters or the library are others."""
        key = filters, self.library.snapshot()
        if self._remembered is None or self._remembered[0] != key:
            self._remembered = key, members(self.library, filters)
        return self._remembered[1]

    def _retriever_of(self, among: list[str] | None) -> Retriever | RerankedRetriever:
        return self.retriever if among is None else self.retriever.within(among)

    def remove(self, identifiers: Sequence[str]) -> list[str]:
        """Remove papers by id from the own library and return their titles."""
        library = Library.open(self.own_library)
        index = VectorIndex(library.path / "chroma", self._encoders.identity)
        try:
            found = [library.get(identifier) for identifier in dict.fromkeys(identifiers)]
            indexing.remove(library, index, [stored.id for stored in found])
            return [stored.paper.title for stored in found]
        finally:
            library.close()

    def verify(self) -> Verification:
        """Compare record and index."""
        return indexing.verify(self.library, self.index)

    def reindex(self, *, only_waiting: bool = False) -> int:
        """Build the index anew, or finish it, and return the number of papers indexed."""
        if only_waiting:
            return self._index_waiting(self.library, self.index, "Indexing papers")
        self._encoders.export(mending=True)
        encoder = self._encoders.for_papers(self.library.count())
        return indexing.reindex(self.library, self.index, encoder, self.progress)

    @cached_property
    def retriever(self) -> Retriever | RerankedRetriever:
        """Search over ``library``, indexed first if need be; with ``Config.reranker`` reranked."""
        found = self._plain_retriever
        return RerankedRetriever(found, self._reranker) if self._reranker else found

    @cached_property
    def _plain_retriever(self) -> Retriever:
        if self.library.count():
            self._index_leftovers()
            self.index.check_encoder()
            self._encoders.export()
        encoder = self._encoders.for_questions()
        return Retriever(self.library, self.index, encoder, synonyms=self._synonyms)

    @cached_property
    def _synonyms(self) -> Thesaurus:
        own = self.config.thesaurus
        return thesaurus(Path(own).expanduser() if own else None)

    @cached_property
    def _reranker(self) -> Reranker | None:
        folder = self.config.reranker
        return Reranker(Path(folder).expanduser()) if folder else None

    @cached_property
    def _entailment(self) -> Entailment | None:
        folder = self.config.entailment
        return Entailment(Path(folder).expanduser()) if folder else None

    @cached_property
    def model(self) -> Writer:
        """The language model, found and prepared but loaded only when it writes."""
        from assistant.model_files import writer

        return writer(self.config, self.progress)

    def to_json(
        self, result: Answer, identifier: str | None = None, *, quotes_only: bool = False
    ) -> dict[str, Any]:
        """The answer as ``ask --json`` prints it."""
        writer = None if quotes_only else self.model
        made = None
        if result.asked:
            made = manifest(
                result,
                self.config,
                self._encoders.identity,
                writer.writes_freely if writer else None,
                writer.writes_paragraphs if writer else None,
            )
        return answer_json(
            result,
            identifier=identifier,
            model=writer.identity if writer else {"name": QUOTES_ONLY, "sha256": ""},
            library={"papers": self.library.count(), "snapshot": self.library.snapshot()},
            manifest=made,
        )

    @property
    def loaded_model(self) -> Writer | None:
        """The language model if it was needed so far."""
        return self.__dict__.get("model")

    def is_outdated(self) -> bool:
        """Whether another library is meant now: the user's own, where it was empty before."""
        outdated = False
        if self.__dict__.get("uses_starter"):
            del self.uses_starter
            outdated = not self.uses_starter
        return outdated

    def refresh(self) -> None:
        """Look anew, on next use, which library is meant and what it holds."""
        self._forget_library()

    def close(self) -> None:
        """Let go of all files and memory."""
        if "model" in self.__dict__:
            self.model.close()
        self._forget_library()

    def _forget_library(self) -> None:
        """Open everything anew on next use: another library may be meant then."""
        if "library" in self.__dict__:
            self.library.close()
        for name in ("library", "index", "uses_starter", "retriever", "_plain_retriever"):
            self.__dict__.pop(name, None)

    @cached_property
    def _encoders(self) -> Encoders:
        return Encoders(self.config.encoder, self.progress, self.config.threads)

    def _index_waiting(self, library: Library, index: VectorIndex, label: str) -> int:
        papers = library.waiting_count() if index.exists else library.count()
        encoder = self._encoders.for_papers(papers)
        count = indexing.index_waiting(library, index, encoder, self.progress, label)
        self._encoders.export()
        return count

    def _index_leftovers(self) -> None:
        label = "Indexing the starter papers" if self.uses_starter else "Indexing papers"
        index_leftovers(
            self.library,
            self.index,
            lambda: self._index_waiting(self.library, self.index, label),
            self.progress,
            wait_seconds=STARTER_WAIT if self.uses_starter else 0,
        )


def checked_question(question: str) -> str:
    """The question without space around it.

    Raises ``UsageError`` if it is empty or longer than ``MAX_QUESTION``.
    """
    question = clean_text(question).strip()
    if not any(char.isalnum() for char in question):
        raise UsageError("the question is empty", 'example: assistant ask "What is muTransfer?"')
    if len(question) > MAX_QUESTION:
        raise UsageError(
            f"the question has {len(question)} characters, more than {MAX_QUESTION}",
            "ask in a sentence or two; papers are added with: assistant add",
        )
    return question
