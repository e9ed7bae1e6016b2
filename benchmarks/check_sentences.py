"""How well the check tells honest rewordings of a sentence from altered ones.

usage: python benchmarks/check_sentences.py [--show tuned | --show held]

The sentences were written for this: 122 sentences of invented papers and of starter synopses, each
with rewordings that say the same or less and with such as say something else. The half
``tuned`` was looked at while the check was made, ``held`` was not. ``--show`` lists the mistakes of
a half. Of these, sentences about two papers are made: two honest ones joined by "while", an altered
one joined to an honest one, and the beginning of one with the end of another. Last come the
rewordings that the program itself makes of the starter synopses.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.checking import Verdict, check
from assistant.compressing import compress
from assistant.evidence import Evidence
from assistant.joint_check import check_jointly
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.starter import starter_papers

HALVES = ("tuned", "held")
HONEST = "honest"
PARTS = (0.25, 0.5, 0.75)
"""Where a sentence is cut to be mixed with another."""
ASKED = "What was found?"


@dataclass(frozen=True)
class Case:
    """A sentence, what it is said to rest on, and what the check makes of it."""

    kind: str
    """``honest``, or in what way it is altered."""
    text: str
    evidence: str
    verdict: Verdict

    @property
    def mistaken(self) -> bool:
        """Whether an honest sentence is rejected or an altered one kept."""
        return self.verdict.keep != (self.kind == HONEST)


def main(shown: str | None) -> None:
    """Print both halves, and the mistakes of one of them."""
    for half in HALVES:
        cases = judged(half)
        report(half, cases)
        if half == shown:
            for case in (case for case in cases if case.mistaken):
                print(f"- {case.kind}: {case.text}\n    {case.evidence}\n    {case.verdict.reason}")
        kinds = of_two(half)
        for kind in sorted({kind for kind, _ in kinds}):
            kept = kinds[kind, True]
            print(f"  of two papers, {kind}: {kept} of {kept + kinds[kind, False]} kept")
    made, kept, sentences = compressions()
    print(f"starter synopses: {made} rewordings, {kept} kept, of {sentences} sentences")


def judged(half: str) -> list[Case]:
    """Every sentence of a half with its verdict."""
    text = Path(__file__).with_name(f"check_sentences_{half}.toml").read_text("utf-8")
    cases = []
    for entry in tomllib.loads(text)["evidence"]:
        evidence = as_evidence(entry["title"], entry["text"])
        sentences = [(HONEST, sentence) for sentence in entry["honest"]]
        sentences += [(altered["kind"], altered["text"]) for altered in entry["altered"]]
        for kind, sentence in sentences:
            verdict = check(sentence, evidence, entry["question"])
            cases.append(Case(kind, sentence, entry["text"], verdict))
    return cases


def report(half: str, cases: list[Case]) -> None:
    """Print what was kept and caught, by kind, with precision and recall of the rejections."""
    total = Counter(case.kind for case in cases)
    right = Counter(case.kind for case in cases if not case.mistaken)
    print(f"{half}: {right[HONEST]} of {total[HONEST]} honest kept")
    for kind in sorted(total.keys() - {HONEST}):
        print(f"  {kind}: {right[kind]} of {total[kind]} caught")
    caught, altered = right.total() - right[HONEST], total.total() - total[HONEST]
    rejected = caught + total[HONEST] - right[HONEST]
    print(f"  all altered: recall {caught / altered:.3f}, precision {caught / rejected:.3f}")


def of_two(half: str) -> Counter[tuple[str, bool]]:
    """How many sentences about an entry and the next one are kept and not, by kind."""
    text = Path(__file__).with_name(f"check_sentences_{half}.toml").read_text("utf-8")
    entries = tomllib.loads(text)["evidence"]
    found: Counter[tuple[str, bool]] = Counter()
    for entry, other in zip(entries, [*entries[1:], entries[0]], strict=True):
        one, two = (as_evidence(e["title"], e["text"]) for e in (entry, other))
        firsts = [text for text in entry["honest"] if check(text, one, ASKED).keep]
        seconds = [text for text in other["honest"] if check(text, two, ASKED).keep]
        altered = [a["text"] for a in entry["altered"] if not check(a["text"], one, ASKED).keep]
        made = [("joined", f"{first[:-1]}, while {s}") for first in firsts for s in seconds]
        made += [("altered", f"{first[:-1]}, while {s}") for first in altered for s in seconds]
        made += [("mixed", text) for f in firsts for s in seconds for text in mixed(f, s)]
        for kind, text in made:
            found[kind, check_jointly(text, [[one], [two]], ASKED).keep] += 1
    return found


def mixed(first: str, second: str) -> Iterator[str]:
    """Beginnings of one sentence with ends of another."""
    begins, ends = first[:-1].split(), second[:-1].split()
    for part in PARTS:
        for rest in PARTS:
            words = begins[: int(len(begins) * part)] + ends[int(len(ends) * rest) :]
            yield f"{' '.join(words)}."


def compressions() -> tuple[int, int, int]:
    """Rewordings of the starter synopses; how many are kept; how many sentences have one."""
    made = kept = sentences = 0
    for paper in starter_papers():
        for start, end in split_sentences(paper.abstract):
            sentence = paper.abstract[start:end]
            evidence = as_evidence(paper.title, sentence)
            verdicts = [check(t, evidence, "What?").keep for t in compress(sentence, paper.title)]
            made, kept = made + len(verdicts), kept + sum(verdicts)
            sentences += any(verdicts)
    return made, kept, sentences


def as_evidence(title: str, text: str) -> Evidence:
    """A paper whose abstract is one sentence, as evidence."""
    return Evidence(StoredPaper("p0", Paper(title, text), ((0, len(text)),)), 0, 1.0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", choices=HALVES)
    main(parser.parse_args().show)
