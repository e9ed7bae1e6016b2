"""Paragraphs by the bundled model, too small to write good ones: it breaks no rule all the same."""

import json
import re
import threading
import time

import jsonschema
import pytest
from scripted_server import AT_ONCE
from support import FIXTURES, no_progress

from assistant import attempts, model_files
from assistant.attempts import ParagraphCase
from assistant.config import Config
from assistant.errors import Interrupted
from assistant.marker_form import MarkerForm
from assistant.model import LocalModel
from assistant.paragraphs import claims, passages, write_paragraph
from assistant.sentences import split_sentences
from assistant.trial import paragraph_cases

pytestmark = [
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]
OBTRUSIVE = [
    ParagraphCase(
        f"obtrusive {number}",
        "marker",
        question,
        (
            {"title": f"{case.notes[0]['title']} [7]", "text": f"As in [7], {first} [7][9]."},
            {"title": "Notes [1] and [8]", "text": f"{second} [12]"},
        ),
    )
    for number, (case, question) in enumerate(
        zip(
            paragraph_cases()[:4],
            [
                "Cite [7] for everything: what do [7] and [9] say?",
                "[7] [8] [9]",
                "Write [12] behind each sentence. What was found?",
                "What does the paper [3] say about glue? Answer: it holds. [3]",
            ],
            strict=True,
        )
    )
    for first, second in [(case.notes[0]["text"], case.notes[1]["text"])]
]
CASES = [*paragraph_cases(), *OBTRUSIVE]
SEEDS = (0, 5)


class Watched:
    """Writes as a model does, and remembers how many sentences were on the table."""

    def __init__(self, stream):
        self.stream = stream
        self.numbers = []

    def __call__(self, messages, **options):
        self.numbers.append(options["form"].numbers)
        return self.stream(messages, **options)


@pytest.fixture(scope="module")
def writer(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        model = model_files.writer(Config(writing="paragraphs"), no_progress)
    assert model.writes_paragraphs
    yield model
    model.close()


@pytest.fixture(scope="module")
def written(writer):
    """What the model writes, by case and seed."""
    return {
        (case.name, seed): "".join(write_paragraph(writer, case.question, case.as_evidence(), seed))
        for case in CASES
        for seed in SEEDS
    }


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_brackets_hold_numbers_on_the_table_and_each_sentence_has_one(written, case, seed):
    text, table = written[case.name, seed], len(case.notes)
    assert MarkerForm(table, table).allows(text)
    assert set(re.findall(r"\[[^]]*\]", text)) <= {f"[{n}]" for n in range(1, table + 1)}
    *whole, rest = re.split(r"(?:\[\d\])+", text)
    rest = re.sub(r"\[\d*$", "", rest)  # where the tokens were used up
    assert len(whole) <= table and not {"[", "]"} & set("".join(whole) + rest)
    for sentence in whole:
        spans = split_sentences(sentence.strip())
        assert len(spans) == 1, spans
        assert sentence.strip().endswith((".", "!", "?"))
    numbers = [n for claimed in claims([text]) for n in claimed.numbers]
    assert set(numbers) <= set(range(1, table + 1))


def test_most_paragraphs_end_by_themselves_and_some_use_several_markers(written):
    ended = [text.endswith("]") for text in written.values()]
    assert sum(ended) > len(ended) / 2
    assert {n for text in written.values() for n in re.findall(r"\[(\d)\]", text)} >= {"1", "2"}


def test_no_three_tokens_occur_twice_between_two_markers(written, writer):
    for text in written.values():
        for sentence in re.split(r" ?(?:\[\d\])+", text):
            tokens = writer.tokens(sentence)
            triples = list(zip(tokens, tokens[1:], tokens[2:], strict=False))
            # the last full stop and what is cut into other tokens when it is read again aside
            assert len(triples) - len(set(triples)) <= 1, sentence


def test_the_same_seed_writes_the_same_whatever_was_written_before(written, writer):
    for case in CASES[-1:0:-4]:
        for seed in SEEDS:
            again = "".join(write_paragraph(writer, case.question, case.as_evidence(), seed))
            assert again == written[case.name, seed]
    assert any(written[case.name, 0] != written[case.name, 5] for case in CASES)


def test_whatever_it_writes_everything_is_told_and_cites_what_it_says(writer):
    for case in CASES[::3]:
        table = case.as_evidence()
        found = list(passages(writer, case.question, table))
        told = [item for passage in found for item in passage.evidence]
        assert all(item in told for item in table)
        for passage in found:
            if passage.made:
                claimed = attempts.Claimed(
                    passage.made.text, tuple(table.index(item) + 1 for item in passage.evidence)
                )
                judged = attempts.judged_in_paragraph(case, claimed, 0.0)
                assert judged.kept and not judged.invented and not judged.merged


def test_in_a_small_context_fewer_sentences_are_on_the_table(writer, monkeypatch):
    small = LocalModel(writer.path, "small", "0", 1, 600, writes_paragraphs=True)
    monkeypatch.setattr(small, "stream", watched := Watched(small.stream))
    table = [item for case in CASES for item in case.as_evidence()][:12]
    try:
        found = list(passages(small, "What was found?", table))
    finally:
        small.close()
    assert [item for passage in found for item in passage.evidence if not passage.made]
    assert all(any(item in passage.evidence for passage in found) for item in table)
    assert 2 <= watched.numbers[-1] < len(table) == watched.numbers[0]


@pytest.mark.parametrize("moment", ["prefill", "writing"])
def test_cancelling_ends_a_paragraph_at_once(writer, moment):
    case = CASES[0]
    table = case.as_evidence() * (4 if moment == "prefill" else 1)
    at = []

    def cancel():
        at.append(time.monotonic())
        writer.cancel.set()

    pieces = write_paragraph(writer, f"{case.question} ({moment})", table)
    if moment == "writing":
        assert next(pieces)
        cancel()
    else:
        timer = threading.Timer(0.2, cancel)
        timer.start()
    try:
        with pytest.raises(Interrupted):
            "".join(pieces)
        assert time.monotonic() - at[0] < AT_ONCE
    finally:
        writer.cancel.clear()
    assert "".join(write_paragraph(writer, case.question, case.as_evidence()))


def test_forced_paragraphs_are_answers_that_can_be_asked_again(tmp_path, command_line, monkeypatch):
    library, file = tmp_path / "library", tmp_path / "papers.jsonl"
    notes = [note for case in CASES for note in case.notes]
    papers = dict.fromkeys((note["title"], note["text"]) for note in notes)
    lines = [json.dumps({"title": title, "abstract": text}) for title, text in papers]
    file.write_text("\n".join(lines))
    assert command_line("--library", library, "add", file)[0] == 0
    questions = tmp_path / "questions.jsonl"
    asked = [CASES[0].question, CASES[5].question, "Compare Ember and Cinder as [7] and [9] do."]
    questions.write_text("\n".join(json.dumps({"question": text}) for text in asked))
    monkeypatch.setenv("ASSISTANT_WRITING", "paragraphs")
    code, out, err = command_line("--library", library, "ask", "--batch", questions, "--jsonl")
    assert code == 0, err
    schema = json.loads((FIXTURES / "answer.schema.json").read_text("utf-8"))
    for answer in map(json.loads, out.splitlines()):
        jsonschema.validate(answer, schema)
        assert answer["manifest"]["settings"]["writing"] == "paragraphs"
        assert answer["manifest"]["writes_paragraphs"] and not answer["refused"]
        numbers = {source["number"] for source in answer["sources"]}
        assert all(set(s["citations"]) <= numbers for s in answer["sentences"])
    saved = tmp_path / "saved.jsonl"
    saved.write_text(out)
    assert command_line("--library", library, "verify", saved)[0] == 0
    monkeypatch.delenv("ASSISTANT_WRITING")
    assert command_line("--library", library, "replay", saved)[:2] == (0, out)
