"""One evaluation from start to end: questions read, papers prepared, all of it asked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assistant.api import Assistant
from assistant.config import Config
from assistant.errors import UsageError
from assistant.evaluation import gold, papers, record
from assistant.evaluation.comparing import check_comparable
from assistant.evaluation.gold import Names
from assistant.evaluation.preparing import prepared
from assistant.evaluation.questions import Question, chosen
from assistant.evaluation.record import Run
from assistant.evaluation.report import shown
from assistant.evaluation.request import Notice, Request, read
from assistant.evaluation.running import Plan, run, tasks
from assistant.evaluation.scoring import Part
from assistant.fingerprint import program
from assistant.indexing import Progress

_OF_ANSWERS = frozenset({Part.RETRIEVAL, Part.EVIDENCE, Part.ANSWERS, Part.REFUSING})
_OF_COLLECTIONS = frozenset({Part.RETRIEVAL, Part.EVIDENCE})
"""What is measured where nothing is chosen; the thousands of a collection are not answered."""


def evaluate(
    settings: Config, request: Request, progress: Progress, notice: Notice
) -> tuple[Run, bool]:
    """Ask everything that was not asked before; tells also whether the library was made now.

    A run that is stopped goes on where it was when it is started again. Raises ``AssistantError``.
    """
    found = read(request)
    questions = chosen(found.questions, request.kinds, request.limit)
    with prepared(settings, request, found, progress, notice) as ready:
        assistant, library = ready.assistant, ready.assistant.library
        known = _with_known_gold(questions, ready.names, notice)
        digests = [question.digest for question in known]
        data = {
            "papers": {
                "from": ready.origin,
                "count": library.count(),
                "sha256": papers.library_sha256(library),
            },
            "questions": {
                "from": request.questions.name,
                "count": len(known),
                "sha256": record.questions_sha256(digests),
            },
        }
        if request.against:
            check_comparable(request.against, data["papers"], digests)
        plan = _plan(request, known, bool(found.documents))
        how = _settings(assistant.config, plan, request)
        models = _models(assistant, plan)
        if plan.needs_model and assistant.model.warning:
            notice(assistant.model.warning)
        key = {"program": program(), "models": models, "library": library.snapshot(), **how}
        del key["limit"], key["types"], key["take_away"]
        log = ready.workspace.results(key)
        todo = tasks(known, plan)
        kept = log.read()
        if before := sum(task.key in kept for task in todo):
            notice(f"A run was stopped after {before} of {len(todo)} questions; it goes on there.")
        results = run(assistant, todo, ready.names, plan, log, progress)
        log.file.unlink(missing_ok=True)
    return Run(program(), how, models, data, tuple(results)), ready.indexed


def _with_known_gold(
    questions: tuple[Question, ...], names: Names, notice: Notice
) -> list[Question]:
    known, missing, left_out = gold.known_gold(questions, names)
    if missing:
        listed = "; ".join(f"“{name}”" for name in shown(missing))
        notice(
            f"{len(missing)} gold papers are not in the library: {listed}. "
            f"{left_out} questions that have no other are left out."
        )
    if not known:
        raise UsageError(
            "the library has none of the papers that the questions are about",
            "name the files with the papers: --papers PATH",
        )
    return known


def _plan(request: Request, questions: list[Question], is_collection: bool) -> Plan:
    parts = request.only or (_OF_COLLECTIONS if is_collection else _OF_ANSWERS)
    if request.take_away:
        parts |= {Part.REFUSING}
        if not any(question.gold for question in questions):
            raise UsageError("no question names its papers", "leave out --take-away")
    return Plan(parts, request.quotes_only, request.take_away, request.seed)


def _settings(config: Config, plan: Plan, request: Request) -> dict[str, Any]:
    values = asdict(config)
    for name in ("library", "model", "endpoint", "endpoint_model", "encoder"):
        del values[name]
    return values | {
        "measured": sorted(plan.parts),
        "quotes_only": not plan.needs_model,
        "take_away": plan.take_away,
        "seed": config.seed if plan.seed is None else plan.seed,
        "types": sorted(request.kinds),
        "limit": request.limit,
    }


def _models(assistant: Assistant, plan: Plan) -> dict[str, Any]:
    encoder = assistant.index.encoder
    writer = None
    if plan.needs_model:
        model = assistant.model
        writer = model.identity | {
            "writes_freely": model.writes_freely,
            "writes_paragraphs": model.writes_paragraphs,
        }
    return {"encoder": {"name": encoder.name, "sha256": encoder.sha256}, "writer": writer}
