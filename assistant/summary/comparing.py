"""Findings of a set of papers -> statements: who agrees, who contradicts whom, who is alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.claims.naming import naming
from assistant.summary.contrasts import Contrast, Kind, alike, compare
from assistant.summary.notes import Notes
from assistant.summary.readings import Finding, Reading, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AS_NEAR = 0.58
"""The least cosine of two papers' vectors for a comparison of what they found."""
NEIGHBOURS = 12
"""The nearest papers with which each one is compared."""
QUOTED_TOGETHER = 4
"""Findings of one side of a statement."""
ALIKE = 0.75
"""The least cosine of two sentences that are told as alike."""
ALONE = 0.4
"""A finding whose best cosine with all sentences of the others is below this is said by one."""
MOST_ALONE = 3
"""Such findings told of a theme, the farthest first."""
OTHERWISE_NEAR = 0.5
"""The median of those cosines in a theme of which that can be said."""

StatementKind = Literal[Kind, "alone", "years", "earliest", "latest"]
Place = tuple[str, int]
"""A paper's id and the number of one of its sentences."""


@dataclass(frozen=True)
class Compared:
    """Sentences that are told together, by sides where they are opposed."""

    kind: StatementKind
    lead: str
    sides: tuple[tuple[Place, ...], ...]


def contrasts(
    notes: Sequence[Notes],
    papers: Mapping[str, NDArray[np.float32]],
    sentences: Mapping[str, NDArray[np.float32]],
) -> list[Contrast]:
    """What the papers' findings have to do with each other, each paper with its nearest ones.

    ``papers`` has a unit vector for each paper by id, ``sentences`` those of its sentences, shape
    ``(sentences, dimension)``. Of two papers the nearest findings of a kind are told.
    """
    import numpy as np

    placed = [note for note in notes if note.stored.id in papers]
    if len(placed) < 2:
        return []
    rows = np.array([papers[note.stored.id] for note in placed], dtype=np.float32)
    cosines = rows @ rows.T
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, : NEIGHBOURS + 1]
    pairs = sorted(
        {
            (min(i, int(j)), max(i, int(j)))
            for i, row in enumerate(nearest)
            for j in row
            if i != j and cosines[i, j] >= AS_NEAR
        }
    )
    readings = {i: read(placed[i]) for i in {i for pair in pairs for i in pair}}
    found = []
    for i, j in pairs:
        of_pair = _best(compare(readings[i], readings[j]), sentences)
        found += of_pair or _alike(readings[i], readings[j], sentences)
    return found


def _alike(
    first: Reading, second: Reading, sentences: Mapping[str, NDArray[np.float32]]
) -> list[Contrast]:
    """The nearest findings of two papers, if they say the same."""
    near = [
        (cosine, a, b)
        for a in first.findings
        for b in second.findings
        if (cosine := _cosine(a.place, b.place, sentences)) >= ALIKE
    ]
    _, a, b = max(near, key=lambda item: item[0], default=(0.0, None, None))
    return [Contrast("alike", a, b, frozenset())] if a and b and alike(a, b) else []


def _best(
    found: Sequence[Contrast], sentences: Mapping[str, NDArray[np.float32]]
) -> list[Contrast]:
    """The nearest findings of each kind; no finding that is opposed agrees as well."""
    chosen: list[Contrast] = []
    told: set[Place] = set()
    for kinds in (("contradict", "number"), ("conditions",), ("agree",)):
        fitting = [
            contrast
            for contrast in found
            if contrast.kind in kinds and not told & {*_places(contrast)}
        ]
        if fitting and not (chosen and kinds == ("conditions",)):
            best = max(fitting, key=lambda contrast: _nearness(contrast, sentences))
            chosen.append(best)
            told.update(_places(best))
    return chosen


def _nearness(contrast: Contrast, sentences: Mapping[str, NDArray[np.float32]]) -> float:
    return _cosine(*_places(contrast), sentences)


def _cosine(a: Place, b: Place, sentences: Mapping[str, NDArray[np.float32]]) -> float:
    """Of two sentences; 0 where one of them is not indexed yet."""
    if a[0] not in sentences or b[0] not in sentences:
        return 0.0
    return float(sentences[a[0]][a[1]] @ sentences[b[0]][b[1]])


def _places(contrast: Contrast) -> tuple[Place, Place]:
    return contrast.first.place, contrast.second.place


def statements(found: Sequence[Contrast]) -> list[Compared]:
    """Contrasts as statements, opposed ones first; each finding is told once."""
    told: set[Place] = set()
    made = []
    for kind in ("contradict", "number", "conditions"):
        fitting = [contrast for contrast in found if contrast.kind == kind]
        while fitting := [c for c in fitting if not told & {*_places(c)}]:
            first = max(
                (place for contrast in fitting for place in _places(contrast)),
                key=lambda place: sum(place in _places(contrast) for contrast in fitting),
            )
            of_it = [contrast for contrast in fitting if first in _places(contrast)]
            against = list(dict.fromkeys(p for c in of_it for p in _places(c) if p != first))
            sides = ((first,), tuple(against[:QUOTED_TOGETHER]))
            made.append(Compared(of_it[0].kind, _lead(of_it[0]), sides))
            told.update((first, *against))
    agreeing = [c for c in found if c.kind in ("agree", "alike") and not told & {*_places(c)}]
    for group in _joined(agreeing):
        places = dict.fromkeys(place for contrast in group for place in _places(contrast))
        side = tuple(sorted(places))[:QUOTED_TOGETHER]
        made.append(Compared(group[0].kind, _lead(group[0]), (side,)))
    return made


def _joined(agreeing: Sequence[Contrast]) -> list[list[Contrast]]:
    """Contrasts that share findings, together."""
    group_of: dict[Place, list[Contrast]] = {}
    for contrast in agreeing:
        first, second = (group_of.get(place, []) for place in _places(contrast))
        joined = [*first, *(second if second is not first else ()), contrast]
        for place in {place for member in joined for place in _places(member)}:
            group_of[place] = joined
    return list({id(group): group for group in group_of.values()}.values())


_LEADS: dict[Kind, str] = {
    "contradict": "these findings contradict each other",
    "number": "these findings give different numbers",
    "conditions": "these findings differ, under other conditions",
    "agree": "these findings agree",
    "alike": "these sentences say much the same",
}


def _lead(contrast: Contrast) -> str:
    """What is said before the quotes; its words are theirs."""
    said = _LEADS[contrast.kind]
    if contrast.why:
        said += f" ({contrast.why})"
    about = _named(contrast.first, contrast.about)
    return f"On {about}, {said}:" if about else f"{said[0].upper()}{said[1:]}:"


def _named(finding: Finding, stems: frozenset[str]) -> str:
    """The words of a finding that have these stems, as they stand in it."""
    words = [word.strip(".,;:()“”\"'") for word in finding.text.split()]
    run: list[str] = []
    for word in words:
        if naming([word]) & stems:
            run.append(word.lower() if word[:1].isupper() and word[1:].islower() else word)
        elif run:
            break
    return " ".join(run[:3])


def alone(members: Sequence[Notes], sentences: Mapping[str, NDArray[np.float32]]) -> list[Place]:
    """Main findings that no sentence of the other papers of a theme is near to."""
    import numpy as np

    known = [note for note in members if note.stored.id in sentences]
    if len(known) < 3:
        return []
    rows = np.concatenate([sentences[note.stored.id] for note in known])
    owner = np.repeat(np.arange(len(known)), [len(sentences[n.stored.id]) for n in known])
    best: dict[Place, float] = {}
    for number, note in enumerate(known):
        if "finding" in note.sentences:
            index = note.sentences["finding"][0]
            cosines = rows @ sentences[note.stored.id][index]
            best[note.stored.id, index] = float(cosines[owner != number].max())
    if not best or float(np.median([*best.values()])) < OTHERWISE_NEAR:
        return []
    said = [place for place in sorted(best, key=lambda place: best[place]) if best[place] < ALONE]
    return said[:MOST_ALONE]
