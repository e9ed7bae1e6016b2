"""The reduce step: notes of all papers -> sections of cited quotes, and an account of coverage."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from assistant.answers import AnswerSentence, CitedSource
from assistant.evidence import Evidence
from assistant.indexing import Progress
from assistant.introducing import label
from assistant.library import StoredPaper
from assistant.summary.choosing import OffTopic
from assistant.summary.columns import with_columns
from assistant.summary.comparing import Compared, Place, alone, contrasts, statements
from assistant.summary.notes import ROLES, Notes, Role, read
from assistant.summary.parts import PARTS, Part, over_the_years, papers_per_year, parts
from assistant.summary.phrasing import Phrase
from assistant.summary.roles import read_cells
from assistant.summary.themes import are_alike, group, headings
from assistant.thesaurus import Thesaurus, thesaurus
from assistant.trimming import trim

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Style = Literal["brief", "themes", "table"]
TOLD: tuple[Role, ...] = ("method", "finding", "limits")
"""What the themes tell of each paper."""
LARGEST_SET = 500
"""Papers of one summary."""
A_STEP = 20
"""Papers read between two reports of progress."""
KEY_FINDINGS = 5
OPENING = 3
"""Papers of which the opening of a brief summary tells what was done."""
OTHERS = "Other papers"
EVERYTHING = "All papers"
"""The heading of papers that are about no one thing."""

_POINTS_BACK = re.compile(
    r"(?:this|these|those|such|it|they)\b(?! (?:paper|work|article|study|report|survey|thesis)\b)",
    re.IGNORECASE,
)
"""What begins so cannot be understood without the sentence before."""


@dataclass
class Section:
    """A heading and what the papers under it say, paper by paper."""

    heading: str
    sentences: list[AnswerSentence] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    """What was compared; a finding that is quoted here is not among the sentences."""
    years: dict[int, int] = field(default_factory=dict)
    """Papers of each year, in a theme."""
    undated: int = 0
    """Papers of a theme without a year."""


@dataclass
class Summary:
    """A whole summary; every sentence in it is a quote."""

    topic: str
    style: Style
    notes: list[Notes]
    """Of every paper that has an abstract, in the order of the set."""
    empty: list[StoredPaper]
    """Papers without an abstract, which cannot be summarized."""
    sections: list[Section] = field(default_factory=list)
    sources: list[CitedSource] = field(default_factory=list)
    off_topic: list[OffTopic] = field(default_factory=list)
    """Papers of the set that were left out, as they are not about the topic."""
    columns: tuple[str, ...] = ROLES
    """Of a table: roles, or words of the reader's own."""

    @property
    def coverage(self) -> str:
        """How many papers were read, how many are cited and how many are off topic."""
        read_, total = len(self.notes), len(self.notes) + len(self.empty)
        cited = sum(bool(source.quotes) for source in self.sources)
        left_out = f"; {len(self.off_topic)} off topic" if self.off_topic else ""
        return f"{read_} of {total} papers read, {cited} cited{left_out}"

    @property
    def names_parts(self) -> bool:
        """Whether parts stand under their names; the one part of a brief has its heading."""
        return self.style == "themes"


class _Citing:
    """Numbers the sources in the order in which they are first cited."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self._sources: dict[str, CitedSource] = {}
        self._papers = {note.stored.id: note.stored for note in summary.notes}

    def place(self, place: Place) -> AnswerSentence:
        """One sentence of a paper that was read, as a quote that cites it."""
        paper, index = place
        return self.quote(self._papers[paper], [index])[0]

    def told(self, stored: StoredPaper, indexes: Iterable[int]) -> list[AnswerSentence]:
        """The same, cut where they lead over to something, after what the paper is called."""
        found = [_trimmed(self._summary.topic, stored, s) for s in self.quote(stored, indexes)]
        return [replace(s, lead=f"{label(stored)}:" if s is found[0] else "") for s in found]

    def quote(self, stored: StoredPaper, indexes: Iterable[int]) -> list[AnswerSentence]:
        """Sentences of a paper as quotes that cite it."""
        source = self._sources.get(stored.id)
        if source is None:
            source = CitedSource(len(self._sources) + 1, stored)
            self._sources[stored.id] = source
            self._summary.sources.append(source)
        sentences = []
        for index in indexes:
            span = stored.sentences[index]
            if span not in source.quotes:
                source.quotes.append(span)
            sentences.append(
                AnswerSentence(
                    stored.sentence(index), (source.number,), "quoted", 1.0, spans=(span,)
                )
            )
        return sentences


def summarize(
    papers: Sequence[StoredPaper],
    vectors: Mapping[str, NDArray[np.float32]],
    topic: str,
    style: Style,
    progress: Progress | None = None,
    sentences: Mapping[str, NDArray[np.float32]] | None = None,
    off_topic: Sequence[OffTopic] = (),
    columns: Sequence[str] = ROLES,
    synonyms: Thesaurus | None = None,
    phrase: Phrase | None = None,
) -> Summary:
    """Read every paper and put together what they say.

    ``vectors`` has a unit vector of shape ``(dimension,)`` for each paper with an abstract, by id,
    ``sentences`` those of its sentences, shape ``(sentences, dimension)``; for a table they must
    be of ``roles.model().encoder``. ``progress`` hears how many papers are read, every ``A_STEP``.
    ``columns`` are those of a table, as ``with_columns`` takes them. ``phrase`` may put the heading
    of a theme into words.
    """
    sentences = sentences or {}
    notes = []
    for done, stored in enumerate(papers, start=1):
        if stored.sentences:
            if style == "table":
                notes.append(read_cells(stored, sentences.get(stored.id)))
            else:
                notes.append(read(stored))
        if progress is not None and (done % A_STEP == 0 or done == len(papers)):
            progress("Reading abstracts", done, len(papers))
    summary = Summary(topic, style, notes, [stored for stored in papers if not stored.sentences])
    summary.off_topic = list(off_topic)
    citing = _Citing(summary)
    if style == "table":
        summary.columns = tuple(columns)
        summary.notes = [with_columns(note, columns, synonyms or thesaurus()) for note in notes]
        summary.sections = [
            Section("", citing.quote(note.stored, sorted({*sum(note.sentences.values(), ())})))
            for note in summary.notes
        ]
        return summary
    themes = _themes(notes, vectors, phrase if style == "themes" else None)
    compared = statements(contrasts(notes, vectors, sentences))
    if style == "brief":
        summary.sections = _brief(themes, citing)
        opposed = [made for made in compared if PARTS[made.kind] == "Contradict"]
        if opposed:
            summary.sections.append(Section("Contradictions", parts=parts(opposed, citing.place)))
        return summary
    told = []
    opposed_or_agreed = {place for made in compared for side in made.sides for place in side}
    for name, members in themes:
        ids = {note.stored.id for note in members}
        of_it = [made for made in compared if made.sides[0][0][0] in ids]
        if name != OTHERS:
            of_it += (
                Compared("alone", "", ((place,),))
                for place in alone(members, sentences)
                if place not in opposed_or_agreed
            )
            of_it += over_the_years(members, of_it)
        told.append(of_it)
    taken = {place for of_it in told for made in of_it for side in made.sides for place in side}
    for (name, members), of_it in zip(themes, told, strict=True):
        years = papers_per_year(members)
        section = Section(name, years=years, undated=len(members) - sum(years.values()))
        for note in members:
            section.sentences += citing.told(note.stored, _told(note, taken))
        section.parts = parts(of_it, citing.place)
        summary.sections.append(section)
    return summary


def _trimmed(topic: str, stored: StoredPaper, sentence: AnswerSentence) -> AnswerSentence:
    (whole,) = sentence.spans
    start, end = shown = trim(topic, Evidence(stored, stored.sentences.index(whole), 0.0))
    if shown == whole:
        return sentence
    return replace(sentence, text=stored.paper.abstract[start:end], shown=shown)


def _told(note: Notes, elsewhere: Collection[Place]) -> list[int]:
    """What is told of a paper by itself, in its own order: no sentence that is told elsewhere.

    One that points back to a sentence before it that is not told is left out, unless nothing else
    is left; the first sentence of the paper if it has none to tell.
    """
    untold = [i for i in range(len(note.stored.sentences)) if (note.stored.id, i) not in elsewhere]
    indexes = {index for role in TOLD for index in note.sentences.get(role, ())}
    found = [i for i in untold if i in indexes]
    clear = [i for i in found if i - 1 in found or not _POINTS_BACK.match(note.stored.sentence(i))]
    return clear or found or untold[:1]


def _themes(
    notes: Sequence[Notes],
    vectors: Mapping[str, NDArray[np.float32]],
    phrase: Phrase | None,
) -> list[tuple[str, list[Notes]]]:
    """Headings and their papers, the most central first; papers without a theme come last."""
    import numpy as np

    placed = [note for note in notes if note.stored.id in vectors]
    left = [note for note in notes if note.stored.id not in vectors]
    rows = np.array([vectors[note.stored.id] for note in placed], dtype=np.float32)
    themes = []
    groups = group(rows)
    names = headings([[placed[i].stored.paper for i in members] for members in groups])
    for members, name in zip(groups, names, strict=True):
        nearest = sorted(members, key=lambda i: -float(rows[i] @ rows[members].mean(axis=0)))
        told = name if are_alike(rows[members]) else None
        if told is None and len(groups) > 1:
            left += [placed[i] for i in nearest]
        else:
            papers = [placed[i].stored.paper for i in nearest]
            phrased = phrase(told, papers) if told and phrase else None
            themes.append((phrased or told or EVERYTHING, [placed[i] for i in nearest]))
    if left:
        themes.append((OTHERS if themes else EVERYTHING, left))
    return themes


def _brief(themes: Sequence[tuple[str, list[Notes]]], citing: _Citing) -> list[Section]:
    """Key findings, the plainest of all themes in turn, after what was done in other papers."""
    in_turn = [
        members[place]
        for place in range(max((len(members) for _, members in themes), default=0))
        for _, members in themes
        if place < len(members)
    ]
    stated = [note for note in in_turn if "finding" in note.sentences]
    found = sorted(stated, key=lambda note: -note.strength("finding"))[:KEY_FINDINGS]
    told = {note.stored.id for note in found}
    described = [note for note in in_turn if "method" in note.sentences]
    done = sorted(described, key=lambda note: note.stored.id in told)[:OPENING]
    opening = [s for note in done for s in citing.told(note.stored, note.sentences["method"])]
    findings = [
        s for note in found for s in citing.told(note.stored, note.sentences["finding"][:1])
    ]
    return [Section("What was done", opening), Section("Key findings", findings)]
