"""One answer and what was known of the right one -> its measures, by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answers import Answer, AnswerSentence
from assistant.evaluation import measures
from assistant.evaluation.questions import Question
from assistant.library import StoredPaper

QUOTED = (1, 3)
"""Among how many quoted sentences a gold one is looked for."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BARE_NUMBER = re.compile(r"[\d.,]+")


class Part(StrEnum):
    """What can be measured by itself."""

    RETRIEVAL = "retrieval"
    EVIDENCE = "evidence"
    ANSWERS = "answers"
    REFUSING = "refusing"
    COST = "cost"


@dataclass(frozen=True)
class Measure:
    """A measure of one question."""

    name: str
    part: Part
    better: int
    """1 if higher is better, -1 if lower is, 0 if neither."""
    means: str
    """What it is, in a few words under the table."""


MEASURES = (
    Measure("hit@1", Part.RETRIEVAL, 1, "the first paper found is a gold one"),
    Measure("R@5", Part.RETRIEVAL, 1, "gold papers among the first 5"),
    Measure("R@10", Part.RETRIEVAL, 1, "gold papers among the first 10"),
    Measure("nDCG@10", Part.RETRIEVAL, 1, "1 if all gold papers stand first"),
    Measure("quoted@1", Part.EVIDENCE, 1, "the first sentence quoted is a gold one"),
    Measure("quoted@3", Part.EVIDENCE, 1, "one of the first 3 is"),
    Measure("rationale@1", Part.EVIDENCE, 1, "the best sentence of a gold paper is a rationale"),
    Measure("rationale@3", Part.EVIDENCE, 1, "one of the best 3 is"),
    Measure("facts", Part.ANSWERS, 1, "key facts in the sentences"),
    Measure("+quotes", Part.ANSWERS, 1, "in sentences or the quotes under them"),
    Measure("precision", Part.ANSWERS, 1, "cited papers that belong to the question"),
    Measure("recall", Part.ANSWERS, 1, "gold papers that are cited"),
    Measure("written", Part.ANSWERS, 0, "sentences that are worded, not quoted"),
    Measure("invented", Part.ANSWERS, -1, "numbers that neither evidence nor question has"),
    Measure("invalid", Part.ANSWERS, -1, "citations to nothing, quotes not in the abstract"),
    Measure("refused", Part.REFUSING, 0, "questions that are refused"),
    Measure("decided", Part.REFUSING, 1, "rightly answered at all, or rightly refused"),
    Measure("CPU s", Part.COST, -1, "processor seconds"),
    Measure("wall s", Part.COST, -1, "seconds on the clock"),
)


def retrieval(gold: Mapping[str, float], ranked: Sequence[str]) -> dict[str, float]:
    """How well the papers found are those asked for; nothing without gold papers."""
    if not gold:
        return {}
    return {
        "hit@1": measures.hit(ranked, gold, 1),
        "R@5": measures.recall(ranked, gold, 5),
        "R@10": measures.recall(ranked, gold, 10),
        "nDCG@10": measures.ndcg(ranked, gold, 10),
    }


def quoted(question: Question, answer: Answer) -> dict[str, float]:
    """Whether a gold sentence is among the first quoted; nothing without gold sentences."""
    wanted = [folded for text in question.gold_sentences if (folded := fold(text))]
    if not wanted:
        return {}
    given = [fold(text) for text in cited_texts(answer)]
    found = [any(text in gold or gold in text for gold in wanted) for text in given if text]
    return {f"quoted@{k}": float(any(found[:k])) for k in QUOTED}


def rationales(ranked: Iterable[tuple[Sequence[int], Sequence[int]]]) -> dict[str, float]:
    """Sentences ranked and rationale sentences of each gold paper; the mean over the papers."""
    pairs = list(ranked)
    return {
        f"rationale@{k}": sum(bool(set(order[:k]) & set(gold)) for order, gold in pairs)
        / len(pairs)
        for k in QUOTED
        if pairs
    }


def answers(
    question: Question, answer: Answer, gold: Mapping[str, float], cited: Sequence[str]
) -> dict[str, float]:
    """Facts, citations and wording; ``cited`` are the papers cited, named as in ``gold``."""
    sentences = [sentence.text for sentence in answer.sentences]
    found: dict[str, float] = {}
    if question.facts:
        everything = [*sentences, *quotes(answer)]
        found["facts"] = facts(question.facts, " ".join(sentences))
        found["+quotes"] = facts(question.facts, " ".join(everything))
    if gold:
        fine = {*gold, *question.also_ok}
        if cited:
            found["precision"] = sum(name in fine for name in cited) / len(cited)
        found["recall"] = measures.recall(cited, gold, len(cited))
    if sentences:
        written = [s for s in answer.sentences if s.origin == "written"]
        found["written"] = len(written) / len(sentences)
        found["invented"] = float(sum(len(invented(s, answer, question)) for s in written))
    return found


def problems(answer: Answer, stored: Mapping[str, StoredPaper]) -> list[str]:
    """Citations to nothing, and quotes that are not slices of the abstract in the library."""
    found = []
    sources = {source.number: source for source in answer.sources}
    for sentence in answer.sentences:
        if not sentence.citations or not set(sentence.citations) <= set(sources):
            found.append(f"“{sentence.text[:40]}” cites {list(sentence.citations)}")
        elif sentence.origin == "quoted" and not any(
            fold(sentence.text) in fold(stored[identifier].paper.abstract)
            for number in sentence.citations
            if (identifier := sources[number].stored.id) in stored
        ):
            found.append(f"not in the abstract: “{sentence.text[:40]}”")
    for source in answer.sources:
        paper = stored.get(source.stored.id)
        length = len(paper.paper.abstract) if paper else 0
        for start, end in source.quotes:
            if (
                paper is None
                or not 0 <= start < end <= length
                or paper.paper.abstract[start:end] != source.stored.paper.abstract[start:end]
            ):
                found.append(f"{source.stored.id}: no quote at {start} to {end}")
    return found


def cited_texts(answer: Answer) -> list[str]:
    """The sentences of abstracts that an answer rests on, in its order, each once."""
    found = [text for sentence in answer.sentences for text in evidence_of(sentence, answer)]
    return list(dict.fromkeys(found))


def quotes(answer: Answer) -> Iterator[str]:
    """Everything that is quoted under an answer."""
    for source in answer.sources:
        for start, end in source.quotes:
            yield source.stored.paper.abstract[start:end]


def evidence_of(sentence: AnswerSentence, answer: Answer) -> Iterator[str]:
    """The sentences of abstracts that one sentence of the answer cites."""
    sources = {source.number: source.stored.paper for source in answer.sources}
    for number, (start, end) in zip(sentence.citations, sentence.spans, strict=False):
        if number in sources:
            yield sources[number].abstract[start:end]


def invented(sentence: AnswerSentence, answer: Answer, question: Question) -> list[str]:
    """The numbers of a sentence that its evidence, its papers' titles and the question lack."""
    titles = [s.stored.paper.title for s in answer.sources if s.number in sentence.citations]
    asked = [question.text, *(turn.content for turn in question.history)]
    known = set(_NUMBER.findall(" ".join([*evidence_of(sentence, answer), *titles, *asked])))
    return [number for number in _NUMBER.findall(sentence.text) if number not in known]


def facts(wanted: Sequence[Sequence[str]], text: str) -> float:
    """The share of facts that occur in the text in one of their spellings."""
    folded = fold(text)
    return sum(any(_has(folded, fold(way)) for way in ways) for ways in wanted) / len(wanted)


def _has(text: str, fact: str) -> bool:
    if _BARE_NUMBER.fullmatch(fact):
        return re.search(rf"(?<![\d.,]){re.escape(fact)}(?![\d]|[.,]\d)", text) is not None
    return fact in text


def fold(text: str) -> str:
    """Text as it is compared: without case, every space the same."""
    return " ".join(text.casefold().split())
