"""The names under which questions know papers -> papers of the library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.evaluation.questions import Question
from assistant.library import Library
from assistant.papers import title_key


@dataclass(frozen=True)
class Names:
    """Which papers of a library have which name; several may share one."""

    ids: dict[str, tuple[str, ...]]
    fold_titles: bool

    def papers(self, name: str) -> tuple[str, ...]:
        """The ids of the papers with this name, empty if there is none."""
        return self.ids.get(title_key(name) if self.fold_titles else name, ())

    def named(self, question: Question, ids: Iterable[str]) -> list[str]:
        """The ids as the question calls the papers; others stay as they are. Each once."""
        known = {i: name for name in (*question.also_ok, *question.gold) for i in self.papers(name)}
        return list(dict.fromkeys(known.get(i, i) for i in ids))

    def belonging(self, question: Question) -> list[str]:
        """The ids of the gold papers and of those that may be cited too."""
        return [i for name in (*question.gold, *question.also_ok) for i in self.papers(name)]


def by_title(library: Library) -> Names:
    """Papers under their titles, compared as duplicates are: case and punctuation do not count."""
    ids: dict[str, list[str]] = {}
    for identifier, key in library.rows("SELECT id, title_key FROM papers ORDER BY number"):
        ids.setdefault(key, []).append(identifier)
    return Names({key: tuple(found) for key, found in ids.items()}, fold_titles=True)


def by_document(library: Library, documents: Sequence[str]) -> Names:
    """Papers under the ids of the documents they were made from, in the order of adding."""
    pairs = zip(documents, library.identifiers(), strict=True)
    return Names({document: (identifier,) for document, identifier in pairs}, fold_titles=False)


def known_gold(
    questions: Sequence[Question], names: Names
) -> tuple[list[Question], list[str], int]:
    """The questions with those gold papers that the library has, the other names, and a count.

    The count is of questions left out because the library has none of their papers.
    """
    kept: list[Question] = []
    missing: dict[str, None] = {}
    for question in questions:
        lost = [name for name in question.gold if not names.papers(name)]
        missing.update(dict.fromkeys(lost))
        gold = {name: grade for name, grade in question.gold.items() if name not in lost}
        if gold or not question.gold:
            kept.append(replace(question, gold=gold) if lost else question)
    return kept, list(missing), len(questions) - len(kept)
