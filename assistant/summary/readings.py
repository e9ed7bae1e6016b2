"""One paper -> the findings in it that can be compared with those of others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assistant.claims import conditions
from assistant.claims.claims import Claim, claims, denials
from assistant.claims.naming import naming, telling, tokens_of
from assistant.claims.vocabulary import ASIDE, OWN
from assistant.summary.notes import Notes, is_asked_or_of_others, score
from assistant.summary.quantities import Quantity, quantities


@dataclass(frozen=True)
class Finding:
    """A sentence that may tell what came out."""

    paper: Reading
    index: int
    """Which sentence of the paper."""
    text: str
    claims: tuple[Claim, ...]
    denials: tuple[tuple[frozenset[str], bool], ...]
    """What each of its clauses names, and whether it denies it."""
    quantities: tuple[Quantity, ...]
    words: frozenset[str]
    """Telling stems of the sentence and of the paper's title."""

    @property
    def place(self) -> tuple[str, int]:
        """The id of the paper and the number of the sentence."""
        return self.paper.note.stored.id, self.index


@dataclass(frozen=True)
class Reading:
    """What of a paper is compared."""

    note: Notes
    title: frozenset[str]
    """Telling stems."""
    named: frozenset[str]
    """Stems of what the title names, be it as common as accuracy."""
    words: frozenset[str]
    """Telling stems of title and abstract."""
    restrictions: frozenset[str]
    """Telling stems of the sentences that say where the findings end."""

    @property
    def text(self) -> str:
        """Title and abstract."""
        paper = self.note.stored.paper
        return f"{paper.title}. {paper.abstract}"

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Those of its sentences that may tell what came out, in its order."""
        stored = self.note.stored
        texts = [(i, stored.sentence(i)) for i in range(len(stored.sentences))]
        return tuple(
            Finding(
                self,
                i,
                text,
                tuple(claims(text)),
                tuple(denials(text)),
                tuple(quantities(text)),
                telling(tokens_of(text)) | self.title,
            )
            for i, text in texts
            if _may_tell(self.note, i, text)
        )


def read(note: Notes) -> Reading:
    """A paper as it is compared."""
    stored = note.stored
    title = tokens_of(stored.paper.title)
    sentences = [stored.sentence(i) for i in range(len(stored.sentences))]
    words = telling([*title, *(token for text in sentences for token in tokens_of(text))])
    restrictions = conditions.restrictions(sentences)
    return Reading(note, telling(title), naming(title), words, restrictions)


def _may_tell(note: Notes, index: int, text: str) -> bool:
    """Whether a sentence is none that asks, opens, wants, or tells of others or of the new."""
    count = len(note.stored.sentences)
    return not (
        (index == 0 and index not in note.sentences.get("finding", ()))
        or text.rstrip().endswith("?")
        or ASIDE.search(text)
        or OWN.search(text)
        or is_asked_or_of_others(text)
        or score("problem", text, index, count) > score("finding", text, index, count)
    )
