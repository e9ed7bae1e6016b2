"""An engine for interface tests: real library, index and answering, with the models scripted."""

import queue
import threading
from pathlib import Path
from typing import ClassVar
from unittest import mock

from support import WORDS_IDENTITY, ScriptedModel, WordsEncoder, no_progress

from assistant import adding, evidence, indexing
from assistant.answering import answer, standalone
from assistant.answers import Finished
from assistant.engine_client import EngineClient
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.protocol import (
    Add,
    Added,
    Answered,
    Ask,
    Cancelled,
    Failed,
    Opened,
    Progress,
    Ready,
    Reply,
    Summarize,
    Summarized,
    dump_reply,
    dump_request,
    load_reply,
    load_request,
)
from assistant.retrieval import Retriever
from assistant.sets import PaperSets
from assistant.summary.choosing import check_any, off_topic
from assistant.summary.making import paper_vectors, papers_on_topic
from assistant.summary.summarizing import summarize
from assistant.vectors import VectorIndex


class OneSentenceModel(ScriptedModel):
    """Words one sentence of the fixture papers and gives nothing of use for the others."""

    def stream(self, messages, *, max_tokens, allowed=None, seed=0):
        if "removes 30% of the layers" in messages[-1].content:
            yield "On a model of 7B parameters, Ladder Pruning removes 30% of the layers."


class ScriptedEngine(EngineClient):
    """Stands where the client stands; every message goes through its JSON form, as on a socket."""

    gate = threading.Event()
    """Cleared, it holds back every sentence; set again by each test."""
    ready = threading.Event()
    """Cleared, the models are still being loaded."""
    asked: ClassVar = []
    """Every request to answer, in order."""
    failure = None
    """An error that the next questions meet."""
    model = OneSentenceModel
    loaded = Ready("scripted", "very small")
    """What is said when the models are loaded."""

    def __init__(self, settings, receive, *, background=False):
        super().__init__(settings, receive, background=background)
        self._tell = lambda i, event: receive(load_reply(dump_reply(Reply(i, event))))
        self._queue = queue.Queue()
        self._stopped = set()
        self._folder = Path(settings.library)

    def start(self):
        if (not self._background and self._connection is None) or self._connection is None:
            self._connection = self
            threading.Thread(target=self._work, daemon=True).start()

    def send(self, request):
        self.start()
        self._queue.put(load_request(dump_request(request)))

    def cancel(self, identifier):
        self._stopped.add(identifier)

    def refresh(self):
        self._queue.put("open")

    def close(self):
        self._stopped.update(range(1000))
        self.gate.set()
        self.ready.set()
        self._queue.put(None)

    def _work(self):
        if not self._background:
            self._open()
        while (request := self._queue.get()) is not None:
            try:
                if request == "open":
                    self._open()
                elif isinstance(request, Ask):
                    self._answer(request)
                elif isinstance(request, Add):
                    self._add(request)
                elif isinstance(request, Summarize):
                    self._summarize(request)
            except AssistantError as error:
                self._tell(request.id, Failed(error.message, error.hint))

    def _open(self):
        library = Library.open(self._folder)
        self._tell(0, Opened(str(self._folder), library.count(), False))
        self._tell(0, Progress("Loading scripted", 0, 0))
        self.ready.wait(60)
        self._tell(0, self.loaded)
        library.close()

    def _answer(self, request):
        self.asked.append(request)
        if self.failure:
            raise self.failure
        library = Library.open(self._folder)
        index = VectorIndex(library.path / "chroma", WORDS_IDENTITY)
        retriever = Retriever(library, index, WordsEncoder())
        if request.set_name:
            retriever = retriever.within(PaperSets(library).members(request.set_name))
        try:
            for event in self._events(request, retriever):
                self.gate.wait(60)
                if request.id in self._stopped:
                    self._tell(request.id, Cancelled())
                    return
                if isinstance(event, Finished):
                    event = Answered(event, self.loaded.model)
                self._tell(request.id, event)
        finally:
            library.close()

    def _events(self, request, retriever):
        """The answer, with far sentences too, so that it has several."""
        with mock.patch.multiple(evidence, FARTHEST_OF_ONE=2.0, WORDS_A_SENTENCE=50):
            yield from answer(
                request.question,
                retriever,
                self.model,
                standalone=standalone(request.question, request.history, retriever),
                sentences=3,
            )

    def _summarize(self, request):
        self.asked.append(request)
        if self.failure:
            raise self.failure
        library = Library.open(self._folder)
        try:
            ids = request.papers
            if request.set_name:
                ids = PaperSets(library).members(request.set_name)
            papers = [library.get(identifier) for identifier in ids]
            left_out, near_misses = [], ()
            index = VectorIndex(library.path / "chroma", WORDS_IDENTITY)
            if request.threshold is not None:
                search = Retriever(library, index, WordsEncoder())
                choice = papers_on_topic(
                    request.topic, request.threshold, ids or None, library, index, search
                )
                check_any(choice)
                left_out = off_topic(choice, papers)
                near_misses = () if ids else choice.near_misses
                papers = choice.papers
            self._tell(request.id, Progress("Reading abstracts", 0, len(papers)))
            self.gate.wait(60)
            if request.id in self._stopped:
                self._tell(request.id, Cancelled())
                return
            vectors = paper_vectors(index, papers)
            summary = summarize(papers, vectors, request.topic, request.style, off_topic=left_out)
            made = Summarized(summary, library.count(), library.snapshot(), near_misses)
            self._tell(request.id, made)
        finally:
            library.close()

    def _add(self, request):
        library = Library.open(self._folder)
        self._tell(0, Progress("Indexing papers", 1, 4))
        self.gate.wait(60)
        try:
            if request.id in self._stopped:
                self._tell(request.id, Cancelled())
                return
            report = adding.add(library, request.paths, no_progress, crawl_year=request.year)
            index = VectorIndex(library.path / "chroma", WORDS_IDENTITY)
            indexing.index_waiting(library, index, WordsEncoder(), no_progress)
        finally:
            library.close()
        self._tell(
            request.id,
            Added(
                report.read,
                report.added,
                report.merged,
                report.undated,
                tuple(map(str, report.rejected)),
                tuple(report.skipped),
            ),
        )
