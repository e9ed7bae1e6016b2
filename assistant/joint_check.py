"""A sentence that cites several sentences: each of its statements must be carried by one of them.

It stands if each of them says all of it, or if it parts at "and", "but", "while" or ";" into
statements that each pass the check by themselves against one of them, none of which is cited for
nothing. So no statement can be put together from what two papers say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations

from assistant.checking import Verdict, check
from assistant.evidence import Evidence

MOST_JOINTS = 4
"""Where a sentence may be parted; one with more of them is not parted at the later ones."""
_JOINT = re.compile(r"[,;]? (?:and|but|while|whereas) |; ")
_LEAD = re.compile(r"(?:while|whereas) ", re.IGNORECASE)
_AFTER_LEAD = re.compile(r", ")


def check_jointly(sentence: str, cited: Sequence[Sequence[Evidence]], question: str) -> Verdict:
    """Judge a sentence by what it cites: for each citation, the sentences that it may mean.

    A single sentence is checked as ``check`` does.
    """

    @cache
    def judged(statement: str, place: int) -> Verdict:
        verdicts = [check(statement, evidence, question) for evidence in cited[place]]
        return max(verdicts, key=lambda v: (v.keep, v.support), default=Verdict(False, 0.0))

    places = range(len(cited))
    whole = [judged(sentence, place) for place in places]
    if all(verdict.keep for verdict in whole):
        return min(whole, key=lambda verdict: verdict.support)
    if sum(map(len, cited)) == 1:
        return whole[0]
    for statements in _parted(sentence):
        carried = [[judged(s, place) for place in places] for s in statements]
        kept = [[verdict.support for verdict in row if verdict.keep] for row in carried]
        used = [any(row[place].keep for row in carried) for place in places]
        if all(kept) and all(used):
            return Verdict(True, min(map(max, kept)))
    if len(cited) == 1:
        return whole[0]
    support = max(verdict.support for verdict in whole)
    return Verdict(False, support, "a statement in it is carried by none of the cited sentences")


def _parted(sentence: str) -> Iterator[list[str]]:
    """The sentence as two or more statements, in every way that its joints allow."""
    lead = _LEAD.match(sentence)
    text = sentence[lead.end() :] if lead else sentence
    joints = [match.span() for match in _JOINT.finditer(text)]
    if lead:  # "While A, B": parted at a comma too
        joints = sorted({*joints, *(match.span() for match in _AFTER_LEAD.finditer(text))})
    joints = joints[:MOST_JOINTS]
    for count in range(1, len(joints) + 1):
        for chosen in combinations(joints, count):
            starts = [0, *(end for _, end in chosen)]
            ends = [*(start for start, _ in chosen), len(text)]
            yield [_as_sentence(text[start:end]) for start, end in zip(starts, ends, strict=True)]


def _as_sentence(statement: str) -> str:
    statement = statement.strip(" ,;.")
    return f"{statement[:1].upper()}{statement[1:]}."
