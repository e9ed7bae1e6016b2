"""Papers of a set -> groups that are about the same, each with a heading its papers bear out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.claims.naming import GENERAL
from assistant.papers import Paper
from assistant.words import STOP_WORDS, stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PAPERS_A_THEME = 5
"""How many papers a theme has on average."""
LEAST_SHARE = 0.5
"""The part of a theme's papers that hold each term of its heading."""
LEAST_ALIKE = 0.4
"""The mean cosine of two papers of a group from which it is about something.

With the default encoder, .95 of the groups among the papers nearest to a topic reach it, and .12 of
the sets of four papers drawn by chance from a library of several fields; .25 from one of one field.
"""
_PHRASE_BONUS = 0.15
"""Two words say more than one."""
_WORD = re.compile(r"[^\W\d_][\w-]+|[.;:!?()]")


def group(vectors: NDArray[np.float32]) -> list[list[int]]:
    """Row numbers of unit vectors, shape ``(papers, dimension)``, in groups, the largest first.

    Average linkage on cosine distance, cut to one group for each ``PAPERS_A_THEME`` papers.
    """
    count = len(vectors)
    themes = max(1, round(count / PAPERS_A_THEME))
    if themes == 1:
        return [list(range(count))] if count else []
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(vectors, "average", metric="cosine")
    numbers = fcluster(tree, themes, criterion="maxclust")
    groups: dict[int, list[int]] = {}
    for index, number in enumerate(numbers):
        groups.setdefault(int(number), []).append(index)
    return sorted(groups.values(), key=lambda members: (-len(members), members))


def are_alike(vectors: NDArray[np.float32]) -> bool:
    """Whether papers with these unit vectors, shape ``(papers, dimension)``, are a theme."""
    count = len(vectors)
    total = vectors.sum(axis=0)
    pairs = count * (count - 1)
    return count > 1 and float(total @ total) - count >= LEAST_ALIKE * pairs


def headings(groups: Sequence[Sequence[Paper]]) -> list[str | None]:
    """For each group at most two terms that most of its papers hold, and others do not.

    Terms of titles are preferred, and the second is one. ``None`` for a single paper, and where
    no term is in half of the group.
    """
    everywhere = Counter[str]()
    for members in groups:
        for paper in members:
            everywhere.update(set(_terms(f"{paper.title}. {paper.abstract}").values()))
    count = sum(map(len, groups))
    return [_heading(members, everywhere, count - len(members)) for members in groups]


def _heading(members: Sequence[Paper], everywhere: Counter[str], others: int) -> str | None:
    """``everywhere`` counts the papers of all groups, ``others`` are those of the other groups."""
    if len(members) < 2:
        return None
    inside, titles = Counter[str](), Counter[str]()
    forms = Counter[tuple[str, str]]()
    for paper in members:
        found = _terms(f"{paper.title}. {paper.abstract}")
        inside.update(set(found.values()))
        titles.update(set(_terms(paper.title).values()))
        forms.update((term, form) for form, term in found.items())

    def worth(term: str) -> float:
        outside = (everywhere[term] - inside[term]) / max(1, others)
        share = (inside[term] + titles[term]) / len(members) - outside
        return share + _PHRASE_BONUS * (" " in term)

    fitting = [t for t in inside if inside[t] >= max(2, LEAST_SHARE * len(members))]
    best: list[str] = []
    for term in sorted(fitting, key=lambda term: (-worth(term), term)):
        says_more = not any(set(term.split()) & set(t.split()) for t in best)
        if worth(term) > 0 and says_more and (not best or titles[term]):
            best.append(term)
    shown = [
        max((count, form) for (t, form), count in forms.items() if t == term)[1]
        for term in best[:2]
    ]
    text = ", ".join(shown)
    return text[:1].upper() + text[1:] or None


def _terms(text: str) -> dict[str, str]:
    """Words and pairs of neighbours as they stand in a text, in lower case, with their stems."""
    terms: dict[str, str] = {}
    before = ""
    for word in _WORD.findall(text.lower()):
        if not word[0].isalpha() or word in STOP_WORDS or word in GENERAL or len(word) < 3:
            before = ""
            continue
        terms[word] = stem(word)
        if before:
            terms[f"{before} {word}"] = f"{stem(before)} {stem(word)}"
        before = word
    return terms
