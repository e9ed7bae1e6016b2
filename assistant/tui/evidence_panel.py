"""The paper behind a marker: its abstract with the cited sentence, and what else was considered."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.style import Style
from textual.widgets import Static

from assistant.answers import Answer, AnswerSentence
from assistant.evidence import Evidence
from assistant.library import StoredPaper
from assistant.sentences import Span
from assistant.terminal import safe
from assistant.tui.exchange import Target

_CITED = "cited"
_HINT = "Point at a marker such as [1] to see the sentence it stands for in its abstract."


class EvidencePanel(VerticalScroll):
    """Shows one target; empty it says how to fill it."""

    def __init__(self) -> None:
        super().__init__(id="evidence")
        self._text = Static(_HINT, markup=False)
        self.border_title = "Evidence"

    def compose(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """One text that scrolls."""
        yield self._text

    def show(self, target: Target | None, answer: Answer | None) -> None:
        """Show what a marker leads to, as part of an answer that may not be finished."""
        if target is None:
            self._text.update(Content(_HINT))
            return
        self._text.update(evidence_content(target, answer))
        self.call_after_refresh(self._show_cited)

    def _show_cited(self) -> None:
        """Scroll as little as needed for the cited sentence to be seen."""
        width, height = self._text.size
        cited = [
            y
            for y, strip in enumerate(self._text.render_lines(Region(0, 0, width, height)))
            if any(segment.style and segment.style.meta.get(_CITED) for segment in strip)
        ]
        room = self.scrollable_content_region.height
        hidden = cited and cited[-1] >= room
        self.scroll_to(y=max(0, cited[0] - 2) if hidden else 0, animate=False, immediate=True)


def evidence_content(target: Target, answer: Answer | None) -> Content:
    """The paper of a target with the cited sentences set off."""
    stored = target.stored
    parts = [
        Content.styled(f"[{target.number}] {safe(stored.paper.title)}\n", "bold"),
        Content.styled(f"{_facts(stored)}\n", "$text-muted"),
    ]
    if target.sentence is not None:
        parts.append(Content.styled(f"\n{_origin(target)}\n", "$text-muted"))
    parts += [Content("\n"), *_abstract(stored, target.spans), Content("\n")]
    if answer is not None and target.sentence is not None:
        parts += _considered(answer.considered)
    return Content("").join(parts).rstrip()


def paper_content(stored: StoredPaper) -> Content:
    """A paper as the library shows it."""
    return Content("").join(
        [
            Content.styled(f"{safe(stored.paper.title)}\n", "bold"),
            Content.styled(f"{_facts(stored)}\n\n", "$text-muted"),
            *_abstract(stored, ()),
        ]
    )


def _facts(stored: StoredPaper) -> str:
    paper = stored.paper
    authors = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
    if not authors and paper.author_count:
        authors = f"{paper.author_count} authors" if paper.author_count > 1 else "1 author"
    facts = [authors, paper.organisation, paper.venue, str(paper.year or paper.date or "")]
    lines = [" · ".join(safe(fact) for fact in facts if fact), safe(paper.link or "")]
    lines.append(f"{stored.id} · from {safe(paper.source)}")
    if paper.kind == "synopsis":
        lines.append("A synopsis written for this program, not the paper's abstract.")
    return "\n".join(line for line in lines if line)


def _origin(target: Target) -> str:
    sentence = target.sentence
    assert sentence is not None
    says = f"\nIt {sentence.stance} what was asked." if sentence.stance else ""
    return _made(sentence) + says


def _made(sentence: AnswerSentence) -> str:
    if sentence.maker == "rule":
        why = safe(sentence.note)
        return f"Shortened by rule, as {why}; support {sentence.support:.2f} of 1."
    if sentence.origin == "written":
        count = len(sentence.citations)
        what = "marked sentence" if count == 1 else f"{count} sentences that it cites"
        return f"Worded from the {what}, support {sentence.support:.2f} of 1."
    why = f" instead of worded: {safe(sentence.note)}" if sentence.note else ""
    part = " in part" if sentence.shown else ""
    return f"Quoted{part}{why}; support {sentence.support:.2f} of 1."


def _abstract(stored: StoredPaper, spans: tuple[Span, ...]) -> list[Content]:
    """The abstract; a cited sentence stands between arrows, so that colour is not needed."""
    abstract = stored.paper.abstract
    parts = []
    place = 0
    for start, end in sorted(spans):
        parts.append(Content(_inside(abstract[place:start])))
        sentence = Content.styled(f"▶ {safe(abstract[start:end])} ◀", "bold $success")
        parts.append(sentence.stylize(Style.from_meta({_CITED: True})))
        place = end
    parts.append(Content(_inside(abstract[place:])))
    return [*parts, Content("\n")]


def _considered(considered: list[Evidence]) -> list[Content]:
    if not considered:
        return []
    parts = [Content.styled("Also considered, not used:\n", "bold")]
    for item in considered:
        year = f" ({item.stored.paper.year})" if item.stored.paper.year else ""
        title = safe(item.stored.paper.title)
        parts.append(Content(f"· {item.score:.2f} “{safe(item.text)}”"))
        parts.append(Content.styled(f" {title[:80]}{year}\n", "$text-muted"))
    return parts


def _inside(text: str) -> str:
    """Text made safe, with the space kept that parts it from its neighbours."""
    left = " " if text[:1].isspace() else ""
    right = " " if text[-1:].isspace() and text.strip() else ""
    return f"{left}{safe(text)}{right}"
