"""Made-up papers for benchmarks: the same ones each time."""

from __future__ import annotations

import json
import random
import re
import string
from collections.abc import Iterator
from pathlib import Path

from assistant.papers import Paper

SEED = 20
"""One vocabulary, and the same papers each time."""

ADJECTIVES = """sparse frozen gentle modular streaming causal compact layered robust silent joint
adaptive cyclic delayed noisy shared tiny multilingual coarse private""".split()
NOUNS = """attention retrieval translation parsing alignment pruning sampling routing memory
caching summaries dialogue captions speech graphs tables proteins satellites traffic weather
recipes melodies handwriting contracts tutoring fonts glaciers orchards ferries pottery""".split()
GAINS = """accuracy recall latency throughput calibration coverage faithfulness stability energy
bandwidth""".split()
FAMILY_NAMES = """Adebayo Brunner Castellano Dvorak Eriksen Fontaine Gupta Haruki Ivanova Jankowski
Kimathi Lindqvist Moreau Nakagawa Oyelaran Petrov Quispe Rahimi Sokolov Tanaka Ueda Varga Wekesa
Xanthos Yilmaz Zimmer""".split()
SOURCES = ("reading-list.jsonl", "export.csv", "proceedings.jsonl", "alerts.jsonl", "shared.csv")
VENUES = ("Workshop on Small Models", "Journal of Made-Up Results", "Autumn School Notes", None)
SENTENCES = """
Most systems for {noun} assume that {noun2} is cheap, which rarely holds for {term} in practice
We present {name}, a {adjective} method that combines {noun} with {adjective2} {noun2}, not {term}
{name} raises the {gain} of {adjective} {noun} from {low} to {high} points on the {term} benchmark
On {count} samples of {term}, it is {factor} times faster than the best {adjective} {noun2} so far
The key step replaces {adjective} {noun} by a learned {term} that is updated every {factor} steps
An ablation shows that removing the {adjective} {term} costs {low} points of {gain} in {noun}
We also find that {gain} and {gain2} trade off less sharply once {noun2} is treated as {noun}
Training {name} takes {factor} hours on one machine with {count} samples of {adjective} {noun2}
Errors that remain mostly stem from {adjective} {term} in long inputs with mixed {noun} and {noun2}
Code, data and all {count} {adjective2} labels for {noun} are released under a free licence
A study with {factor} readers finds {name} easier to follow than {adjective} {noun2} with {term}
""".strip().splitlines()


class Writer:
    """Makes up papers; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        terms = random.Random(SEED)  # one vocabulary for all papers
        syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en")]
        self._terms = sorted({"".join(terms.choices(syllables, k=3)) for _ in range(6000)})
        self._weights = [1 / (rank + 20) for rank in range(len(self._terms))]
        terms.shuffle(self._terms)
        for place in range(1, len(self._weights)):
            self._weights[place] += self._weights[place - 1]

    def papers(self) -> Iterator[Paper]:
        """Papers without end, each with a name of its own in its title."""
        names: set[str] = set()
        while True:
            name = self._name()
            if name not in names:
                names.add(name)
                yield self._paper(name)

    def _paper(self, name: str) -> Paper:
        pick = self._random
        words = self._words(name)
        title = "{name}: {adjective} {term} {noun} for {adjective2} {noun2}".format(**words)
        title += pick.choice((" in {noun}", " without {term} {gain}", " under {adjective} {noun2}"))
        chosen = [1, *pick.sample([i for i in range(len(SENTENCES)) if i != 1], pick.randint(5, 8))]
        abstract = " ".join(
            SENTENCES[i].format(**self._words(name)) + "." for i in (chosen[1], 1, *chosen[2:])
        )
        people = pick.sample(FAMILY_NAMES, pick.randint(1, 5))
        authors = tuple(f"{pick.choice(string.ascii_uppercase)}. {person}" for person in people)
        year = pick.choices((*range(2008, 2026), None), range(4, 23))[0]
        return Paper(
            title=title.format(**self._words(name)),
            abstract=abstract,
            authors=authors,
            author_count=len(authors),
            year=year,
            venue=pick.choice(VENUES),
            url=f"https://papers.invalid/{name.lower()}",
            source=pick.choice(SOURCES),
            line=pick.randint(1, 9000),
        )

    def _words(self, name: str) -> dict[str, object]:
        pick = self._random
        adjective, adjective2 = pick.sample(ADJECTIVES, 2)
        noun, noun2 = pick.sample(NOUNS, 2)
        gain, gain2 = pick.sample(GAINS, 2)
        low, high = sorted(pick.sample(range(20, 96), 2))
        return {
            "name": name,
            "adjective": adjective,
            "adjective2": adjective2,
            "noun": noun,
            "noun2": noun2,
            "gain": gain,
            "gain2": gain2,
            "low": low,
            "high": high,
            "term": pick.choices(self._terms, cum_weights=self._weights)[0],
            "count": pick.randint(3, 900) * 100,
            "factor": pick.randint(2, 48),
        }

    def _name(self) -> str:
        first, second = self._random.choices(self._terms, k=2)
        return first.capitalize() + second[:4].capitalize()


def spans_of(abstract: str) -> list[tuple[int, int]]:
    """The sentences of a made-up abstract, which has no other full stops."""
    return [match.span() for match in re.finditer(r"[^. ][^.]*\.", abstract)]


def write_file(path: Path, papers: list[Paper]) -> None:
    """Papers as a file that can be added."""
    names = ("title", "abstract", "authors", "year", "url", "venue")
    lines = [json.dumps({name: getattr(paper, name) for name in names}) for paper in papers]
    path.write_text("\n".join(lines), "utf-8")
