"""Papers -> the sentences that bear on the question, and how surely they answer it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from assistant.library import StoredPaper
from assistant.retrieval import Hit
from assistant.weights import Weights, weights

FARTHEST = 0.6
"""How much weaker than the best of its paper a sentence may be in a comparison."""
FARTHEST_OF_ONE = 0.4
"""How much weaker than the best a sentence may be where the question asks about one thing."""
OTHER_PAPER_COST = 0.3
"""There, for a sentence of a paper that is neither the nearest nor cited yet."""
AVAILABILITY_COST = 0.3
"""For a sentence on where code or data are, unless the question asks for that."""
WORDS_A_SENTENCE = 17
"""On average, in an answer about one thing; what was chosen beyond that is quoted beside it."""
MOST_COMPARED = 3
"""Papers that an answer about several draws on; two are taken even if the second is far."""
AS_NEAR_TO_COMPARE = 0.85
"""What part of the best paper's score the third needs there."""
USUAL_LEAD = 0.5
"""How far the best paper is before the fifth, where there are no five to tell."""
AS_NEAR = 0.78
"""What part of the best paper's score another needs, where the question asks for papers."""
MORE_FOR_SEVERAL = 4
"""Sentences more for a question about several papers."""

_AVAILABILITY = re.compile(
    r"\b(available (at|on|from|under)|github|https?:|code (is|are|and)\b|code\b.*\breleased"
    r"|releas\w+ (the |our |all )?(code|models?|data)|open-?sourced)",
    re.IGNORECASE,
)
_FOR_AVAILABILITY = re.compile(
    r"\b(code|available|github|releas\w+|open|source|download\w*|where|public\w*)\b", re.IGNORECASE
)
_WORD = re.compile(r"[\w-]+")
_NAME = re.compile(r"\b\w*[A-Z][\w-]*[A-Z][\w-]*\b")
"""An acronym or a name with a capital inside: LISA, CondConv."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_ALONE = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
"""A number that does not begin inside a word: 70 in LLaMA-70B, but not 8 in GSM8K."""
_TAKEN_FOR_GRANTED = re.compile(r"(?<![\w.-])(?!(?:19|20)\d\d\b)\d+(?:[.,]\d+)*[A-Za-z%]*")
"""A number that is neither a year nor part of a name: 8, 7B, 3.5%."""
_QUANTITY = re.compile(
    r"\b(how (many|much|large|big|small|far|long|often|fast|high|low|strong|faithful\w*)"
    r"|what (\w+ )?(accuracy|score|percentage|share|fraction|size|rate|number|speed|latency|factor)"
    r"|by (how|what)|percent\w*|accuracy)\b",
    re.IGNORECASE,
)
_FOR_PAPERS = re.compile(
    r"\b(which|what)\s+(?:\w+\s+){0,2}?(papers|studies|articles|publications|reviews|surveys)\b"
    r"|(?<!two )(?<!both )\b(papers|studies|articles|publications) (that|on|about|which|where)\b"
    r"|^(list|find|show|name)\b.*\b(papers|studies|articles|publications)\b"
    r"|^(is there )?anything (on|about)\b"
    r"|\b(are|is) there (any )?(papers?|stud(y|ies)|work|articles?)\b"
    r"|^who (else )?(uses|applies|studies|investigates|works on)\b"
    r"|^where (is|are) .+ (used|applied|studied|investigated)\b"
    r"|^what (is there|(\w+ )?exists?|do (i|we) have|in the (collection|library))\b",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(
    r"\b(what|which|who|whom|whose|where|when|why|how)\b"
    r"|^\W*(is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|may|might)\b"
    r"|^\W*(compare|contrast|describe|explain|find|give|list|name|show|summari[sz]e|tell)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(compare|comparing|comparisons?|differ|differs|differences?|versus|vs|respectively"
    r"|both (papers|studies|works|methods|approaches|models|authors)"
    r"|as opposed to|in contrast|contrast"
    r"|which (papers|studies|works|methods|approaches|models)|bring together|across papers"
    r"|papers (that|on|about|which|where)|(two|three|several) (papers|studies|methods)"
    r"|(how (do|did|were|are)|(what|why|where) (do|did)) (the )?(two|three|four|several)"
    r"|the ([\w.-]+ ){1,4}and the)\b"
    r"|^how (do|did|were|are) [^?]*?\band\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Evidence:
    """One sentence of a stored abstract and how well it bears on the question."""

    stored: StoredPaper
    index: int
    """Which sentence of the paper."""
    score: float

    @property
    def text(self) -> str:
        """The sentence, a slice of the abstract."""
        return self.stored.sentence(self.index)


def asks_quantity(question: str) -> bool:
    """Whether the answer ought to hold a number."""
    return bool(_QUANTITY.search(question))


def is_claim(question: str) -> bool:
    """Whether it is none: a statement, to be held against the papers."""
    return not (question.rstrip().endswith("?") or _QUESTION_WORD.search(question))


def asks_several(question: str) -> bool:
    """Whether the answer ought to rest on several papers."""
    return bool(_SEVERAL.search(question))


def asks_for_papers(question: str) -> bool:
    """Whether the answer is the papers themselves, however many they are."""
    return bool(_FOR_PAPERS.search(question))


def answering(question: str, hits: Sequence[Hit], papers: int) -> list[Hit]:
    """Those of the papers found, best first, that the answer may rest on.

    The first ``papers``; all that are nearly as near as the best one where papers are asked for.
    """
    if hits and asks_for_papers(question):
        return [hit for hit in hits if hit.score >= AS_NEAR * hits[0].score]
    return list(hits[:papers])


def features(question: str, hits: Sequence[Hit]) -> dict[str, float]:
    """What the confidence is reckoned from; ``hits`` are all that were found, best first."""
    best = hits[0]
    text = f"{best.stored.paper.title} {best.stored.paper.abstract}"
    here = set(_WORD.findall(text))
    return {
        "paper": best.score,
        "lead": best.score - hits[4].score if len(hits) > 4 else USUAL_LEAD,
        "sentence_words": max((match.words for match in best.sentences), default=0.0),
        "covered": best.covered,
        "weakest": best.weakest,
        "names_missing": float(any(name not in here for name in _NAME.findall(question))),
        "numbers_missing": float(any(number not in text for number in _NUMBER.findall(question))),
    }


def unmentioned(question: str, papers: Sequence[StoredPaper]) -> list[str]:
    """Names and numbers of the question that no title or abstract of these papers has.

    What the question takes for granted and an answer from these papers does not confirm. A name is
    there in any case and hyphenation, and as an acronym of words that follow one another.
    """
    text = " ".join(f"{stored.paper.title} {stored.paper.abstract}" for stored in papers)
    words = re.findall(r"\w+", text.lower())
    initials, solid = "".join(word[0] for word in words), _solid(text)
    names = [] if question.isupper() else _NAME.findall(question)
    missing = [
        name
        for name in names
        if (bare := _solid(name.removesuffix("s"))) not in solid and bare not in initials
    ]
    known = set(_NUMBER_ALONE.findall(text))
    numbers = _TAKEN_FOR_GRANTED.findall(question)
    missing += [number for number in numbers if not known & set(_NUMBER.findall(number))]
    return sorted(set(missing), key=question.index)


def _solid(text: str) -> str:
    return re.sub(r"[\s\u2010-\u2015-]", "", text).lower()


def confidence(question: str, hits: Sequence[Hit], weighing: Weights | None = None) -> float:
    """The probability, 0 to 1, that these papers answer the question.

    A logistic regression on ``features``, fitted on questions with and without an answer.
    """
    if not hits:
        return 0.0
    known: Mapping[str, float] = (weighing or weights()).answerable
    found = features(question, hits)
    total = known["constant"] + sum(
        weight * found[name] for name, weight in known.items() if name != "constant"
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def rank(question: str, hits: Sequence[Hit], weighing: Weights | None = None) -> list[Evidence]:
    """Every sentence of the papers that could be evidence, best first; questions are left out."""
    by = (weighing or weights()).sentences
    claim, quantity = is_claim(question), asks_quantity(question)
    available = bool(_FOR_AVAILABILITY.search(question))
    candidates = []
    for hit in hits:
        for index, match in enumerate(hit.sentences):
            text = hit.stored.sentence(index)
            if text.rstrip().endswith("?"):
                continue
            score = match.score + by.paper * (hit.score - hits[0].score)
            if claim:
                score += by.place * index / max(1, len(hit.sentences) - 1)
            elif any(char.isdigit() for char in text):
                score += by.number + by.quantity * quantity
            if not available and _AVAILABILITY.search(text):
                score -= AVAILABILITY_COST
            candidates.append(Evidence(hit.stored, index, score))
    return sorted(candidates, key=lambda evidence: -evidence.score)


def select(question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
    """The ``limit`` best sentences of the papers, best first; in a comparison paper by paper.

    A question about one thing gets only those that come near to the best, rather of the nearest
    paper than of others; one about several papers gets ``MORE_FOR_SEVERAL`` more, taken from the
    nearest papers in turn; one that asks for papers gets one sentence of each, however many they
    are.
    """
    if asks_for_papers(question):
        firsts: dict[str, Evidence] = {}
        for found in rank(question, hits):
            firsts.setdefault(found.stored.id, found)
        return [firsts[hit.stored.id] for hit in hits if hit.stored.id in firsts]
    if asks_several(question):
        return _of_each(question, hits, limit + MORE_FOR_SEVERAL)
    candidates = rank(question, hits)
    chosen: list[Evidence] = []
    cited = {hit.stored.id for hit in hits[:1]}

    def worth(item: Evidence) -> float:
        return item.score - OTHER_PAPER_COST * (item.stored.id not in cited)

    while candidates and len(chosen) < limit:
        best = max(candidates, key=worth)
        if chosen and worth(best) < chosen[0].score - FARTHEST_OF_ONE:
            break
        candidates.remove(best)
        chosen.append(best)
        cited.add(best.stored.id)
    return chosen


def told(question: str, chosen: Sequence[Evidence], limit: int) -> list[Evidence]:
    """Those of the chosen sentences that the answer says, in their order; at least the first.

    An answer about one thing has room for ``limit * WORDS_A_SENTENCE`` words.
    """
    if asks_for_papers(question) or asks_several(question):
        return list(chosen)
    room = limit * WORDS_A_SENTENCE
    said: list[Evidence] = []
    for item in chosen:
        words = len(item.text.split())
        if not said or words <= room:
            said.append(item)
            room -= words
    return said


def _of_each(question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
    """The best sentences of each of the nearest papers, one paper after the other.

    They are taken in turn: the best of each, then the second of each, and so on.
    """
    near = [
        hit
        for place, hit in enumerate(hits[:MOST_COMPARED])
        if place < 2 or hit.score >= AS_NEAR_TO_COMPARE * hits[0].score
    ]
    ranked = rank(question, hits)
    columns = [[item for item in ranked if item.stored.id == hit.stored.id] for hit in near]
    rows = zip_longest(*([e for e in own if e.score >= own[0].score - FARTHEST] for own in columns))
    taken = [item for row in rows for item in row if item][:limit]
    order = [hit.stored.id for hit in near]
    return sorted(taken, key=lambda item: order.index(item.stored.id))
