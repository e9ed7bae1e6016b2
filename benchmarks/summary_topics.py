"""How well the papers that a summary takes for a topic are those that belong to it.

usage: python benchmarks/summary_topics.py LIBRARY TASKS [THRESHOLD...]

LIBRARY is a folder, or "starter" for the starter library once it was used. TASKS is JSON Lines
with "id", "topic", the "titles" that belong and perhaps "part", a name for the tasks that are
averaged together; ``summary_topics.jsonl`` beside this file has tasks over the starter library.
Its parts "tune" and "tune-2" were for setting the numbers in ``summary/choosing.py``, but the last
ones were chosen with all parts in sight; "tune-2" and "report-2" were labelled by reading all
synopses and dealt out by chance.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean

from assistant import starter
from assistant.api import Assistant
from assistant.config import Config
from assistant.papers import title_key
from assistant.summary.choosing import THRESHOLD


def main(library: str, tasks: str, thresholds: list[float]) -> None:
    """Print precision and recall of each task at the first threshold, and the means at all."""
    folder = starter.folder() if library == "starter" else Path(library)
    assistant = Assistant(Config(library=str(folder)))
    stored = {title_key(paper.paper.title) for paper in assistant.library.papers()}
    means: dict[tuple[str, float], list[tuple[float, float]]] = defaultdict(list)
    orders: dict[str, list[float]] = defaultdict(list)
    for line in Path(tasks).read_text("utf-8").splitlines():
        task = json.loads(line)
        gold = {title_key(title) for title in task["titles"]}
        if missing := gold - stored:
            sys.exit(f"{task['id']}: {len(missing)} papers are not in the library")
        part = task.get("part", "all")
        choice = assistant.on_topic(task["topic"], thresholds[0])
        relevance = dict(choice.others) | {c.stored.id: c.relevance for c in choice.belonging}
        titles = {
            identifier: title_key(found.paper.title)
            for identifier, found in assistant.library.fetch(relevance).items()
        }
        ranked = sorted(relevance, key=lambda identifier: -relevance[identifier])
        orders[part].append(average_precision([titles[i] in gold for i in ranked], len(gold)))
        for place, threshold in enumerate(thresholds):
            chosen = {titles[i] for i in ranked if relevance[i] >= threshold}
            precision = len(chosen & gold) / len(chosen) if chosen else 0.0
            recall = len(chosen & gold) / len(gold)
            means[part, threshold].append((precision, recall))
            if place == 0:
                print(
                    f"{task['id']}: {len(chosen)} papers, precision {precision:.2f}, "
                    f"recall {recall:.2f}  {task['topic']}"
                )
    assistant.close()
    for (part, threshold), values in sorted(means.items()):
        precision, recall = (mean(column) for column in zip(*values, strict=True))
        print(
            f"{part}, threshold {threshold:g}: precision {precision:.2f}, recall {recall:.2f} "
            f"of {len(values)} topics"
        )
    for part, precisions in sorted(orders.items()):
        print(f"{part}: mean average precision of the order {mean(precisions):.3f}")


def average_precision(belongs: list[bool], relevant: int) -> float:
    """The mean precision down to each of the ``relevant`` papers; 0 where one is missed."""
    found = [place for place, is_gold in enumerate(belongs, start=1) if is_gold]
    return sum(number / place for number, place in enumerate(found, start=1)) / relevant


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], [float(value) for value in sys.argv[3:]] or [THRESHOLD])
