"""Scores the output of ``assistant ask --batch QUESTIONS --jsonl`` against the gold answers.

usage: python benchmarks/score_answers.py QUESTIONS.jsonl ANSWERS.jsonl LIBRARY.jsonl

QUESTIONS has id, type, gold_titles, gold_sentences, key_facts, key_alts, also_ok_titles; LIBRARY is
``assistant library export``, against which every quote is compared character by character.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def main(questions_file: str, answers_file: str, library_file: str) -> int:
    """Print a table a type of question; the exit code is 1 if a citation or quote is invalid."""
    questions = {question["id"]: question for question in _read(questions_file)}
    papers = {paper["id"]: paper for paper in _read(library_file)}
    rows: dict[str, list[dict[str, float | None]]] = defaultdict(list)
    invalid: list[str] = []
    for answer in _read(answers_file):
        question = questions[answer["id"]]
        row = measures(question, answer)
        kind = question["type"] + (f"/{question['style']}" if question.get("style") else "")
        kind += "/2nd" if question.get("history") else ""
        rows[kind].append(row)
        rows["all"].append(row)
        invalid += [f"{answer['id']}: {problem}" for problem in problems(answer, papers)]
    names = list(rows["all"][0])
    print(f"{'type':22} {'n':>3} " + " ".join(f"{name:>8}" for name in names))
    for kind in sorted(rows):
        means = (_mean(row[name] for row in rows[kind]) for name in names)
        cells = " ".join("       -" if mean is None else f"{mean:8.2f}" for mean in means)
        print(f"{kind:22} {len(rows[kind]):3} {cells}")
    print(f"invalid citations and quotes: {len(invalid)}")
    for problem in invalid:
        print("  " + problem)
    return 1 if invalid else 0


def measures(question: Record, answer: Record) -> dict[str, float | None]:
    """The measures of one answer; ``None`` where one does not apply.

    R@5, R@10: gold papers among the first retrieved. gold: a gold sentence is among the quotes.
    facts: key facts in the sentences; +quotes: in sentences or quotes. prec, rec: cited papers that
    are gold, gold papers that are cited. written: share of sentences not quoted. invented: numbers
    in written sentences that are in neither quotes nor question.
    """
    gold = {_fold(title) for title in question["gold_titles"]}
    fine = gold | {_fold(title) for title in question.get("also_ok_titles", [])}
    retrieved = [_fold(item["title"]) for item in answer["retrieved"]]
    cited = {_fold(source["title"]) for source in answer["sources"]}
    sentences = [sentence["text"] for sentence in answer["sentences"]]
    quotes = [quote["text"] for source in answer["sources"] for quote in source["quotes"]]
    written = [s for s in answer["sentences"] if s["origin"] == "written"]
    known = set(_numbers(" ".join([*quotes, question["question"]])))
    wanted = [_fold(sentence) for sentence in question["gold_sentences"]]
    given = [_fold(quote) for quote in quotes]
    return {
        "R@5": len(gold & set(retrieved[:5])) / len(gold) if gold else None,
        "R@10": len(gold & set(retrieved[:10])) / len(gold) if gold else None,
        "gold": float(any(w in g or g in w for w in wanted for g in given)) if wanted else None,
        "facts": _facts(question, " ".join(sentences)),
        "+quotes": _facts(question, " ".join(sentences + quotes)),
        "prec": len(cited & fine) / len(cited) if cited and gold else None,
        "rec": len(cited & gold) / len(gold) if gold else None,
        "written": len(written) / len(sentences) if sentences else None,
        "invented": float(sum(n not in known for s in written for n in _numbers(s["text"]))),
        "refused": float(answer["refused"]),
        "total_s": answer["timings"]["total_s"],
    }


def problems(answer: Record, papers: dict[str, Record]) -> list[str]:
    """Citations to nothing, and quotes that are not slices of the stored abstract."""
    found = []
    numbers = {source["number"] for source in answer["sources"]}
    for sentence in answer["sentences"]:
        if not sentence["citations"] or not set(sentence["citations"]) <= numbers:
            found.append(f"the sentence {sentence['text'][:40]!r} cites {sentence['citations']}")
    for source in answer["sources"]:
        abstract = papers.get(source["id"], {}).get("abstract", "")
        for quote in source["quotes"]:
            if not quote["text"] or abstract[quote["start"] : quote["end"]] != quote["text"]:
                found.append(f"{source['id']}: not in the abstract: {quote['text'][:40]!r}")
    return found


def _facts(question: Record, text: str) -> float | None:
    facts = question["key_facts"]
    if not facts:
        return None
    alternatives = question.get("key_alts", {})
    folded = " ".join(text.lower().split())
    found = [any(_has(folded, f) for f in [fact, *alternatives.get(fact, [])]) for fact in facts]
    return sum(found) / len(facts)


def _has(text: str, fact: str) -> bool:
    wanted = " ".join(fact.lower().split())
    if re.fullmatch(r"[\d.,]+", wanted):
        return re.search(rf"(?<![\d.,]){re.escape(wanted)}(?![\d]|[.,]\d)", text) is not None
    return wanted in text


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text)


def _fold(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _read(file: str) -> list[Record]:
    text = Path(file).read_text("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
