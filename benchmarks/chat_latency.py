"""Measures how soon the chat answers a key with a large library and a long conversation.

usage: python benchmarks/chat_latency.py [FOLDER] [--papers N] [--answers N] [--keys N] [--json]

Makes a library of made-up papers in FOLDER, once (50 000 papers take about ten minutes and 3 GB;
without FOLDER they are made anew and removed), and a conversation of 500 answers, each time. The
vectors are made up too, except those of the papers that the questions are about: these are encoded.
Then ``assistant chat`` runs in a terminal of this program's own, with the real engine and models.
Each key is timed from being written to the terminal until the output that shows its effect is read,
in three states: idle, while the model writes, while papers are added. Prints a table; each run adds
some hundred papers to the library. Needs a POSIX system, and memory of Linux for the last lines.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import fcntl
import json
import os
import pty
import queue
import random
import re
import shutil
import sqlite3
import statistics
import string
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from assistant import browsing, config
from assistant.answering import Answer, AnswerSentence, CitedSource, Timings
from assistant.api import Assistant
from assistant.conversations import ConversationStore, Exchange
from assistant.evidence import Evidence
from assistant.indexing import entries_of
from assistant.library import Library, StoredPaper
from assistant.papers import Paper
from assistant.retrieval import Hit
from assistant.vectors import VectorIndex

WIDTH, HEIGHT = 120, 40
LIMIT_MS = 50
"""How soon a key has to be answered."""
PATIENCE = 5.0
"""Seconds after which a key counts as lost."""
START_PATIENCE = 180.0
"""Seconds for the engine to load, and for the chat to end."""
QUIET = 0.06
"""Seconds without output after which the effects of the last key are taken to be over."""
ROUNDS = 40
"""How often a state is brought about again for one kind of key; then there are fewer keys."""
ASKED_ABOUT = 200
"""Papers whose vectors are really encoded, so that questions about them find sentences."""
SENTENCES_AN_ANSWER = 12
"""More than usual, so that there is time for keys while the model writes."""
PAPERS_A_FILE = 300
"""Papers added at a time."""
PAPERS_A_TRANSACTION = 5000
SEED = 20


# --- made-up papers


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


# --- the library and the conversation


@dataclass(frozen=True)
class Made:
    """What lies in the folder."""

    papers: int
    fill_seconds: float
    """For the record."""
    vector_seconds: float
    vectors: int


def make_library(folder: Path, count: int) -> Made:
    """The library in ``folder``, made if it is not there yet."""
    note = folder / "made.json"
    if note.exists():
        made = Made(**json.loads(note.read_text("utf-8")))
        if made.papers != count:
            sys.exit(f"{folder} holds a library made with --papers {made.papers}")
        return made
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} is not empty and holds no finished library")
    path = folder / "library"
    library = Library.create(path)
    papers = Writer(SEED).papers()
    asked = list(islice(papers, ASKED_ABOUT))
    started = time.perf_counter()
    for done in range(0, count, PAPERS_A_TRANSACTION):
        with library.transaction():
            for paper in islice(papers, min(PAPERS_A_TRANSACTION, count - done)):
                library.insert(paper, spans_of(paper.abstract))
    filled = time.perf_counter()
    tell(f"{count} papers stored in {filled - started:.0f} s")
    assistant = Assistant(config.Config(library=str(path)))
    vectors = fill_index(library, assistant.index)
    indexed = time.perf_counter()
    tell(f"{vectors} vectors stored in {indexed - filled:.0f} s")
    library.close()
    write_file(folder / "asked.jsonl", asked)
    assistant.add([str(folder / "asked.jsonl")])
    assistant.close()
    made = Made(count, filled - started, indexed - filled, vectors)
    note.write_text(json.dumps(asdict(made)), "utf-8")
    return made


def fill_index(library: Library, index: VectorIndex) -> int:
    """Made-up unit vectors for all chunks and sentences; those of one paper lie together."""
    pick = np.random.default_rng(SEED)
    index.create()
    stored = 0
    started = time.perf_counter()
    papers = library.papers()
    with index.session():
        while batch := list(islice(papers, 1000)):
            entries = [entry for paper in batch for entry in entries_of(paper)]
            sizes = [len(entries_of(paper)) for paper in batch]
            centres = np.repeat(pick.standard_normal((len(batch), 384)), sizes, axis=0)
            vectors = centres + pick.standard_normal((len(entries), 384))
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            index.add(entries, vectors.astype(np.float32))
            with library.transaction():
                library.mark_indexed(paper.id for paper in batch)
            stored += len(entries)
            tell(f"{stored} vectors, {time.perf_counter() - started:.0f} s")
    return stored


def make_conversation(folder: Path, count: int) -> int:
    """A conversation of ``count`` answers that cite papers of the library; returns its number."""
    file = folder / "library" / "conversations.sqlite"
    file.unlink(missing_ok=True)
    pick = random.Random(SEED)
    library = Library.open(folder / "library")
    ids = [row[0] for row in library.rows("SELECT id FROM papers ORDER BY number")]
    store = ConversationStore(file)
    number = store.begin("A long conversation")
    for _ in range(count):
        papers = list(library.fetch(pick.sample(ids, 10)).values())
        store.append(number, made_up_answer(papers, pick))
    store.release(number)
    store.close()
    library.close()
    return number


def made_up_answer(papers: list[StoredPaper], pick: random.Random) -> Exchange:
    """An answer of two to four sentences, each from another paper."""
    cited = papers[: pick.randint(2, 4)]
    spans = [stored.sentences[pick.randrange(len(stored.sentences))] for stored in cited]
    sentences = [
        AnswerSentence(
            stored.paper.abstract[slice(*span)],
            (number,),
            pick.choice(("written", "quoted")),
            round(pick.uniform(0.6, 1), 2),
            spans=(span,),
        )
        for number, (stored, span) in enumerate(zip(cited, spans, strict=True), start=1)
    ]
    question = f"What is known about {papers[0].paper.title.split(': ')[1]}?"
    answer = Answer(
        question,
        sentences,
        [
            CitedSource(number, stored, [span])
            for number, (stored, span) in enumerate(zip(cited, spans, strict=True), start=1)
        ],
        retrieved=[
            Hit(stored, pick.uniform(1, 2), pick.uniform(0.3, 0.8), ()) for stored in papers
        ],
        considered=[Evidence(stored, 0, pick.uniform(0.2, 0.6)) for stored in papers[-8:]],
        timings=Timings(0.0, 0.1, 0.8, pick.uniform(1, 5)),
    )
    return Exchange(question, answer, "2025-03-01 12:00:00", "made-up")


def tell(text: str) -> None:
    """Say how far it is, beside the table."""
    print(text, file=sys.stderr, flush=True)


# --- the terminal


_TOKEN = re.compile(
    r"\x1b\[(?P<parameters>[<=>?]?[\d;:]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b[\]P_^].*?(?:\x07|\x1b\\\\)|\x1b[^\[\]P_^]|[\x00-\x1a\x1c-\x1f]|(?P<text>[^\x00-\x1f]+)",
    re.DOTALL,
)


class Picture:
    """What a terminal shows, as far as Textual writes to one: characters and how they look."""

    def __init__(self) -> None:
        self.lines = [[" "] * WIDTH for _ in range(HEIGHT)]
        self._looks = [[""] * WIDTH for _ in range(HEIGHT)]
        self._row = self._column = 0
        self._look = ""
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> None:
        """Take in output; an escape sequence that is cut waits for its rest."""
        text = self._rest + self._decoder.decode(data)
        place = 0
        while match := _TOKEN.match(text, place):
            place = match.end()
            if match["text"] is not None:
                self._write(match["text"])
            elif match["final"] in ("H", "f"):
                row, _, column = (match["parameters"] or "1;1").partition(";")
                self._row, self._column = int(row or 1) - 1, int(column or 1) - 1
            elif match["final"] == "m":
                self._look = match["parameters"]
            elif match["final"] == "J":
                self.lines = [[" "] * WIDTH for _ in range(HEIGHT)]
                self._looks = [[""] * WIDTH for _ in range(HEIGHT)]
        self._rest = text[place:]

    def line(self, row: int, start: int = 0, end: int = WIDTH) -> str:
        """The characters of one line between two columns."""
        return "".join(self.lines[row][start:end])

    def block(self, rows: range, start: int, end: int) -> str:
        """The characters of several lines between two columns."""
        return "\n".join(self.line(row, start, end) for row in rows)

    def looking(self, attribute: int, rows: range, start: int, end: int) -> str:
        """The characters that have an attribute (1 bold, 7 reversed), each with its place."""
        return " ".join(
            f"{row},{column}{self.lines[row][column]}"
            for row in rows
            for column in range(start, end)
            if attribute in attributes(self._looks[row][column])
        )

    def _write(self, text: str) -> None:
        if self._row < HEIGHT:
            text = text[: WIDTH - self._column]
            end = self._column + len(text)
            self.lines[self._row][self._column : end] = text
            self._looks[self._row][self._column : end] = [self._look] * len(text)
            self._column = end


@cache
def attributes(look: str) -> frozenset[int]:
    """``"1;38;5;7"`` -> {1}: the attributes of a look without its colours."""
    codes = iter(int(code or 0) for code in look.split(";"))
    found = set()
    for code in codes:
        if code in (38, 48):
            for _ in range(1 if next(codes, 0) == 5 else 3):
                next(codes, 0)
        else:
            found.add(code)
    return frozenset(found)


Condition = Callable[[], bool]


class Terminal:
    """A pseudo-terminal with a program in it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.picture = Picture()
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self.started = time.perf_counter()
        # who opens the terminal as the first of a session is ended when the terminal is closed
        shell = ["sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(self._slave), *command]
        self.process = subprocess.Popen(shell, env=environment, start_new_session=True)
        self._output: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # the other side is closed
            while data := os.read(self._master, 65536):
                self._output.put((time.perf_counter(), data))

    def press(self, keys: str | bytes) -> float:
        """Write keys to the terminal and return when."""
        data = keys.encode() if isinstance(keys, str) else keys
        now = time.perf_counter()
        os.write(self._master, data)
        return now

    def until(self, condition: Condition, patience: float = PATIENCE) -> float | None:
        """Wait for a condition and return when the output that fulfilled it came, if it did."""
        if condition():
            return time.perf_counter()
        end = time.perf_counter() + patience
        while (left := end - time.perf_counter()) > 0:
            try:
                stamp, data = self._output.get(timeout=left)
            except queue.Empty:
                break
            self.picture.feed(data)
            if condition():
                return stamp
        return None

    def must(self, condition: Condition, what: str, patience: float = 30.0) -> float:
        """Wait for something without which there is nothing to measure; returns when it came."""
        stamp = self.until(condition, patience)
        if stamp is None:
            picture = self.picture.block(range(HEIGHT), 0, WIDTH)
            raise TimeoutError(f"{what} did not come; the screen:\n{picture}")
        return stamp

    def settle(self, quiet: float = QUIET, limit: float = 1.0) -> None:
        """Take in output until there is none for ``quiet`` seconds, or for ``limit`` seconds."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            try:
                self.picture.feed(self._output.get(timeout=quiet)[1])
            except queue.Empty:
                return

    def close(self) -> None:
        """End the program, by its own key if it listens."""
        with contextlib.suppress(OSError):
            self.press(F10)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self._slave)
        os.close(self._master)


# --- the chat in it


F2, F10 = "\x1bOQ", "\x1b[21~"
UP, DOWN, PAGE_UP, END = "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[F"
CLEAR = "\x15"  # Ctrl+U
QUESTION_ROW = HEIGHT - 3
CLICK = f"\x1b[<0;60;{QUESTION_ROW + 1}M\x1b[<0;60;{QUESTION_ROW + 1}m"
LEFT, MIDDLE, RIGHT = 2, 62, 74
"""Columns: text of the left pane from LEFT to MIDDLE, of the right one from RIGHT."""
FRAME = " │▊▎▌▐▔▁╭╮╰╯"


class ChatUnderTest:
    """The running chat; every method but ``state_*`` begins and ends in the question field."""

    def __init__(self, folder: Path, conversation: int) -> None:
        self.folder = folder
        self.library = Library.open(folder / "library")
        self.conversation = conversation
        lines = (folder / "asked.jsonl").read_text("utf-8").splitlines()
        names = [json.loads(line)["title"].split(":")[0] for line in lines]
        self._questions = [
            f"Compare {one} and {other}: how do they differ in what they find?"
            for one, other in pairwise(names)
        ]
        self._asked = 0
        self._files = 0
        environment = {k: v for k, v in os.environ.items() if k not in ("COLORTERM", "COLUMNS")}
        environment |= {"TERM": "xterm-256color", "ASSISTANT_DATA": str(folder / "data")}
        environment |= {"ASSISTANT_SENTENCES": str(SENTENCES_AN_ANSWER)}
        command = [sys.executable, "-m", "assistant", "--library", str(folder / "library")]
        self.terminal = Terminal([*command, "chat", "--resume", str(conversation)], environment)
        self.picture = self.terminal.picture

    def close(self) -> None:
        """End the chat."""
        self.terminal.close()
        self.library.close()

    # what the screen shows

    def question(self) -> str:
        """What is typed in the question field, or its placeholder."""
        return self.picture.line(QUESTION_ROW, 0, MIDDLE).strip(FRAME)

    def shows_chat(self) -> bool:
        """Whether the question field is there."""
        return self.picture.line(QUESTION_ROW - 1).startswith("╭──────")

    def shows_library(self) -> bool:
        """Whether the list of papers is there, with its rows."""
        return bool(self.cursor_row()) and self.count() != "" and "…" not in self.cursor_row()[:12]

    def is_ready(self) -> bool:
        """Whether the models are loaded."""
        return "●" in self.picture.line(0)

    def is_adding(self) -> bool:
        """Whether papers are being added."""
        return "%" in self.picture.line(1)

    def is_writing(self) -> bool:
        """Whether an answer is on its way: its question is kept as pending."""
        file = self.folder / "library" / "conversations.sqlite"
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
            query = "SELECT pending FROM conversations WHERE id = ?"
            return bool(store.execute(query, (self.conversation,)).fetchone()[0])

    def marker(self) -> str:
        """The marker pointed at, with its place."""
        return self.picture.looking(7, range(2, QUESTION_ROW - 1), LEFT, MIDDLE + 6)

    def answers(self) -> str:
        """What is in view of the answers."""
        return self.picture.block(range(4, QUESTION_ROW - 2), LEFT, MIDDLE)

    def evidence(self) -> str:
        """What is in view of the paper beside the answers or the list."""
        return self.picture.block(range(2, QUESTION_ROW - 6), RIGHT, WIDTH - 4)

    def cursor_row(self) -> str:
        """The row of the list that the cursor is on, with its place."""
        return self.picture.looking(1, range(5, HEIGHT - 1), LEFT, MIDDLE)

    def _filter_row(self) -> int:
        return next((row for row in range(5) if "▼" in self.picture.line(row)), 2)

    def searched(self) -> str:
        """What is typed in the search field, or its placeholder."""
        return self.picture.line(self._filter_row(), 0, 50).strip(FRAME)

    def count(self) -> str:
        """How many papers are found, ``""`` if that is not to be seen."""
        match = re.match(r" *(\d+)(?: of \d+)? papers", self.picture.line(self._filter_row() + 2))
        return match[1] if match else ""

    # states

    def state_idle(self) -> Condition:
        """Nothing is going on; returns whether that is still so."""
        return lambda: True

    def state_writing(self) -> Condition:
        """Ask the next question; returns whether its answer is still on its way."""
        self._wait_for(lambda: not self.is_writing())
        question = self._questions[self._asked % len(self._questions)]
        self._asked += 1
        self.terminal.press(question)
        self.terminal.must(lambda: self.question().startswith(question[:50]), "the question typed")
        self.terminal.press("\r")
        self._wait_for(self.is_writing)
        return self.is_writing

    def state_adding(self) -> Condition:
        """Add a file of new papers; returns whether that is still going on."""
        if not self.is_adding():
            self._files += 1
            file = self.folder / f"added-{self._files}.jsonl"
            writer = Writer(SEED + self.library.count())
            write_file(file, list(islice(writer.papers(), PAPERS_A_FILE)))
            self.open_library()
            self.terminal.press("a")
            self.terminal.must(lambda: "Add papers" in self._all(), "the dialog")
            self.terminal.press(str(file))
            self.terminal.must(lambda: file.name in self._all(), "the path typed")
            self.terminal.press("\r")
            self.terminal.must(self.is_adding, "adding")
            self.leave_library()
        return self.is_adding

    def _wait_for(self, condition: Condition) -> None:
        """Wait for something that the screen does not tell."""
        end = time.monotonic() + 60
        while not condition():
            self.terminal.settle()
            time.sleep(0.02)
            if time.monotonic() > end:
                raise TimeoutError(f"an answer did not begin or end; the screen:\n{self._all()}")

    def _all(self) -> str:
        return self.picture.block(range(HEIGHT), 0, WIDTH)

    # ways

    def to_answers(self) -> None:
        """From the question to the end of the answers; Esc would cancel one on its way."""
        self.terminal.press("\t")
        self.terminal.settle()
        self.terminal.press(END)
        self.terminal.settle()

    def to_question(self) -> None:
        """From the answers back, with a click; Esc would cancel an answer on its way."""
        self.terminal.press(END)
        self.terminal.settle(0.3)
        self.terminal.press(CLICK)
        self.terminal.settle()

    def open_library(self) -> None:
        """From the question to the list of papers."""
        self.terminal.press(F2)
        self.terminal.must(self.shows_library, "the library")
        self.terminal.settle(0.2)

    def leave_library(self) -> None:
        """From the library to the question."""
        self.terminal.press(F2)
        self.terminal.must(self.shows_chat, "the chat")
        self.terminal.settle(0.2)


# --- the keys that are timed


Effects = dict[str, Condition]


class Letters:
    """Letters typed as a question."""

    def __init__(self, chat: ChatUnderTest) -> None:
        self.chat = chat
        self._typed = ""
        self._random = random.Random(SEED)

    def enter(self) -> None:
        """Clear the field; a letter that came at once would be cleared with the rest."""
        self._typed = ""
        self.chat.terminal.press(CLEAR)
        self.chat.terminal.settle()
        self.chat.terminal.must(lambda: self.chat.question().startswith("Ask a"), "an empty field")

    leave = enter

    def next(self) -> tuple[str, Effects]:
        """One more letter."""
        if len(self._typed) == 40:
            self.enter()
        letter = self._random.choice(string.ascii_lowercase)
        self._typed = text = self._typed + letter
        return letter, {"letter in the question": lambda: self.chat.question() == text}


class Markers:
    """Up in the answers: the marker before, and its paper beside it."""

    def __init__(self, chat: ChatUnderTest) -> None:
        self.chat = chat

    def enter(self) -> None:
        """Go to the answers."""
        self.chat.to_answers()

    def leave(self) -> None:
        """Go back."""
        self.chat.to_question()

    def next(self) -> tuple[str, Effects]:
        """One marker up."""
        chat, marker, evidence = self.chat, self.chat.marker(), self.chat.evidence()
        return UP, {
            "marker up": lambda: chat.marker() not in ("", marker),
            " its evidence": lambda: chat.evidence() != evidence,
        }


class Pages(Markers):
    """PgUp in the answers."""

    def next(self) -> tuple[str, Effects]:
        """One page up; at the beginning, first to the end."""
        chat, answers = self.chat, self.chat.answers()
        return PAGE_UP, {"page up in the answers": lambda: chat.answers() != answers}


class Rows:
    """Down in the list of papers, and the abstract beside it."""

    def __init__(self, chat: ChatUnderTest) -> None:
        self.chat = chat

    def enter(self) -> None:
        """Go to the list."""
        self.chat.open_library()

    def leave(self) -> None:
        """Go back."""
        self.chat.leave_library()

    def next(self) -> tuple[str, Effects]:
        """One paper down."""
        chat, row, paper = self.chat, self.chat.cursor_row(), self.chat.evidence()
        return DOWN, {
            "paper down": lambda: chat.cursor_row() not in ("", row),
            " its abstract": lambda: chat.evidence() != paper,
        }


class Search(Rows):
    """Letters in the search field, and the new number of papers found."""

    def __init__(self, chat: ChatUnderTest) -> None:
        super().__init__(chat)
        self._random = random.Random(SEED)
        self._typed = self._word = ""

    def enter(self) -> None:
        """Go to the search field."""
        super().enter()
        self.chat.terminal.press("/")
        self.chat.terminal.must(lambda: not self.chat.cursor_row(), "the search field")
        self.chat.terminal.settle()
        self._typed = self._word = ""

    def next(self) -> tuple[str, Effects]:
        """One more letter of a word in some title."""
        chat = self.chat
        if self._typed == self._word:
            if self._typed:
                chat.terminal.press(CLEAR)
                chat.terminal.must(lambda: chat.searched().startswith("Search"), "an empty field")
                chat.terminal.settle(0.5, 3)
            self._typed, self._word = "", self._some_word()
        self._typed = text = self._word[: len(self._typed) + 1]
        return text[-1], {"letter in the search": lambda: chat.searched() == text, **self._found()}

    def _found(self) -> Effects:
        chat = self.chat
        found = str(len(browsing.matching(chat.library, self._typed)))
        return {} if chat.count() == found else {" its count": lambda: chat.count() == found}

    def _some_word(self) -> str:
        query = "SELECT title FROM papers WHERE number = ?"
        number = self._random.randint(1, self.chat.library.count())
        words = re.findall(r"[a-z]{5,}", self.chat.library.rows(query, (number,))[0][0])
        return str(self._random.choice(words)[:6])


class FastSearch(Search):
    """Letters typed while the search for the letters before is still going on."""

    def next(self) -> tuple[str, Effects]:
        """One more letter."""
        key, effects = super().next()
        return key, {"letter in the search, fast": next(iter(effects.values()))}

    def _found(self) -> Effects:
        return {}


KINDS = (Letters, Markers, Pages, Rows, Search, FastSearch)


# --- measuring


@dataclass
class Timed:
    """The times of one kind of key in one state."""

    state: str
    key: str
    ms: list[float] = field(default_factory=list)
    load: float = 0.0
    """Mean number of processes that wanted a processor in the minute before the end."""

    def row(self) -> str:
        """A line of the table."""
        within = sum(value <= LIMIT_MS for value in self.ms) / len(self.ms)
        values = [statistics.median(self.ms), *(part(self.ms, p) for p in (0.9, 0.99, 1))]
        numbers = "".join(f"{value:8.1f}" for value in values)
        name = f"{self.state:8} {self.key:27} {len(self.ms):5}"
        return f"{name}{numbers}{within:8.1%}{self.load:7.2f}"


def part(values: list[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return sorted(values)[max(0, round(share * len(values) + 0.499999) - 1)]


def measure(chat: ChatUnderTest, state: str, kind: type, keys: int) -> list[Timed]:
    """Time ``keys`` keys of a kind in a state, or as many as ``ROUNDS`` rounds give."""
    terminal = chat.terminal
    start: Callable[[], Condition] = getattr(chat, f"state_{state}")
    pressed = kind(chat)
    timed: dict[str, Timed] = {}
    done = 0
    for _ in range(ROUNDS):
        goes_on = start()
        pressed.enter()
        while done < keys and goes_on():
            key, effects = pressed.next()
            at = terminal.press(key)
            stamps = {}
            for name, effect in effects.items():
                stamp = terminal.until(effect, max(0.0, at + PATIENCE - time.perf_counter()))
                stamps[name] = PATIENCE if stamp is None else max(0.0, stamp - at)
            terminal.settle(QUIET, 0.1 if kind is FastSearch else 1)
            if goes_on():  # else the key may have met the end of the state
                done += 1
                for name, seconds in stamps.items():
                    timed.setdefault(name, Timed(state, name)).ms.append(seconds * 1000)
        pressed.leave()
        if done == keys:
            break
    for one in timed.values():
        one.load = os.getloadavg()[0]
        print(one.row(), flush=True)
    return list(timed.values())


def measure_start(chat: ChatUnderTest) -> tuple[dict[str, float], Timed]:
    """Seconds until things are there, and letters typed from the first picture until all is."""
    terminal = chat.terminal
    times = {"first picture": terminal.must(chat.shows_chat, "the chat") - terminal.started}
    letters = Letters(chat)
    timed = Timed("starting", "letter in the question")
    while not (chat.is_ready() and "conversation" in times):
        if time.perf_counter() > terminal.started + START_PATIENCE:
            raise TimeoutError("the models were not loaded")
        key, effects = letters.next()
        at = terminal.press(key)
        stamp = terminal.until(next(iter(effects.values())))
        timed.ms.append(PATIENCE * 1000 if stamp is None else (stamp - at) * 1000)
        if stamp is not None:
            times.setdefault("first letter", stamp - terminal.started)
        terminal.settle(QUIET, 0.3)
        if "›" in chat.answers() or "[1]" in chat.answers():
            times.setdefault("conversation", time.perf_counter() - terminal.started)
    times["models"] = time.perf_counter() - terminal.started
    letters.enter()
    terminal.settle(1, 5)
    timed.load = os.getloadavg()[0]
    print(timed.row(), flush=True)
    return times, timed


def memory(process: int) -> dict[str, float]:
    """Resident MB of the interface and of the engines it started; empty where that is unknown."""
    found = {"interface": resident(process)}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_bytes()
            if int(parent) == process and b"assistant.engine" in command:
                name = "engine that adds" if b"--background" in command else "engine"
                found[name] = resident(int(folder.name))
    return {name: value for name, value in found.items() if value}


def resident(process: int) -> float:
    """Resident MB of a process; 0 if that is unknown."""
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text()
        if match := re.search(r"VmRSS:\s+(\d+) kB", status):
            return int(match[1]) * 1.024 / 1000
    return 0.0


def main() -> None:
    """Make what is needed, run the chat, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--papers", type=int, default=50_000)
    parser.add_argument("--answers", type=int, default=500)
    parser.add_argument("--keys", type=int, default=100, help="of each kind in each state")
    parser.add_argument("--states", default="idle,writing,adding")
    parser.add_argument("--kinds", default=",".join(kind.__name__ for kind in KINDS))
    parser.add_argument("--json", type=Path, help="file for all times")
    arguments = parser.parse_args()
    sys.setswitchinterval(0.0005)  # output is stamped as it comes, also while it is looked through
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="chat-latency-"))
    try:
        made = make_library(folder, arguments.papers)
        run(folder, made, arguments)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


def run(folder: Path, made: Made, arguments: argparse.Namespace) -> None:
    """Start the chat and time all kinds of keys in all states."""
    number = make_conversation(folder, arguments.answers)
    chat = ChatUnderTest(folder, number)
    header = "".join(f"{name:>8}" for name in ("median", "90 %", "99 %", "worst", "<=50ms"))
    try:
        print(f"{'state':8} {'key, times in ms':27} {'n':>5}{header}{'load':>7}")
        times, timed = measure_start(chat)
        results = [timed]
        for state in arguments.states.split(","):
            for kind in KINDS:
                if kind.__name__ in arguments.kinds.split(","):
                    results += measure(chat, state, kind, arguments.keys)
        used = memory(chat.terminal.process.pid)
    finally:
        chat.close()
    print("seconds from start:", ", ".join(f"{name} {value:.1f}" for name, value in times.items()))
    print("resident MB:", ", ".join(f"{name} {value:.0f}" for name, value in used.items()))
    if arguments.json:
        record = {
            "library": asdict(made),
            "answers": arguments.answers,
            "start_s": times,
            "memory_mb": used,
            "keys": [asdict(one) for one in results],
        }
        arguments.json.write_text(json.dumps(record, indent=1), "utf-8")


if __name__ == "__main__":
    main()
