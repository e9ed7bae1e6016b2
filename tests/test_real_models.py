"""The whole path with the real encoder, real Chroma and the real language model."""

import json
import os
import signal
import subprocess
import sys
import time

import jsonschema
import numpy as np
import pytest
from support import FIXTURES

from assistant import catalog, model_files
from assistant.api import Assistant, no_progress
from assistant.config import Config
from assistant.encoder import SentenceEncoder, export_dir
from assistant.errors import Interrupted, ModelUnusable
from assistant.indexing import entries_of
from assistant.model import LocalModel
from assistant.prompts import Message
from assistant.question_encoder import QuestionEncoder

pytestmark = [
    pytest.mark.model,
    # the exporter of torch and the native parts of these libraries warn about themselves
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]
QUESTION = "How much of a 7B model's accuracy is kept when whole layers are removed?"


def command(*arguments):
    return [sys.executable, "-m", "assistant", *map(str, arguments)]


def run(*arguments, stdin=""):
    return subprocess.run(
        command(*arguments), input=stdin, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture
def assistant(papers):
    assistant = Assistant(Config(library=str(papers)))
    yield assistant
    assistant.close()


@pytest.fixture
def writer(papers):
    model = model_files.writer(Config(), no_progress)
    yield model
    model.close()


def test_ask_answers_with_quotes_and_loads_no_torch(papers):
    code = (
        "import sys; sys.argv[0] = 'assistant'\n"
        "from assistant.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    print([n for n in ('torch', 'sentence_transformers', 'nltk') if n in sys.modules],"
        " file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--library", str(papers), "ask", QUESTION, "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stderr.strip().split("\n")[-1] == "[]", done.stderr
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads((FIXTURES / "answer.schema.json").read_text("utf-8")))
    first = answer["sources"][0]
    assert first["title"].startswith("Ladder Pruning") and "91%" in first["quotes"][0]["text"]
    shown = json.loads(run("--library", papers, "show", first["id"], "--json").stdout)
    for quote in first["quotes"]:
        assert shown["abstract"][quote["start"] : quote["end"]] == quote["text"]


def test_output_in_a_pipe_is_plain_and_complete(papers):
    done = run("--library", papers, "ask", "-", stdin=QUESTION)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout and "[1]" in done.stdout and "\n    > " in done.stdout
    assert "smollm2-135m-instruct" in done.stderr


def test_batch_answers_every_line_and_goes_on_after_a_bad_one(papers, tmp_path):
    lines = [
        {"id": "a", "question": QUESTION},
        {
            "id": "b",
            "question": "By how much?",
            "history": [{"role": "user", "content": "What does Tides do to the mean error?"}],
        },
        {"id": "c", "question": ""},
        {"id": "d", "question": "Who won the football world cup of 1954?"},
    ]
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\nbroken\n")
    done = run("--library", papers, "ask", "--batch", file, "--jsonl")
    assert done.returncode == 1
    answers = {a["id"]: a for a in map(json.loads, done.stdout.strip().split("\n"))}
    schema = json.loads((FIXTURES / "answer.schema.json").read_text("utf-8"))
    for answer in answers.values():
        jsonschema.validate(answer, schema)
    assert list(answers) == ["a", "b", "c", "d", None]
    assert answers["b"]["sources"][0]["title"].startswith("Tides")
    assert [answers[i]["refused"] for i in "abcd"] == [False, False, True, True]


def test_find_batch_gives_an_object_a_line_and_goes_on(papers, tmp_path):
    file = tmp_path / "q.jsonl"
    lines = ['{"id": 1, "query": ""}', '{"id": 2, "query": 5}', '{"id": 3, "query": "harbour"}']
    file.write_text("\n".join(lines))
    done = run("--library", papers, "find", "--batch", file, "--jsonl", "-k", 1)
    results = {item["id"]: item["results"] for item in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1 and not results[1] and not results[2]
    assert results[3][0]["title"].startswith("Tides") and results[3][0]["sentences"]
    assert f"{file}:1: " in done.stderr and f"{file}:2: " in done.stderr


def test_refusal_is_exit_code_3(papers):
    done = run("--library", papers, "ask", "Who won the football world cup of 1954?")
    assert done.returncode == 3 and "does not answer" in done.stdout


def test_the_same_seed_gives_the_same_answer(papers):
    texts = [
        json.loads(run("--library", papers, "ask", QUESTION, "--seed", seed, "--json").stdout)
        for seed in (5, 5)
    ]
    assert texts[0]["answer"] == texts[1]["answer"]


def test_find_ranks_as_brute_force_does(assistant):
    """Vectors from Chroma and words from FTS5 give the score that its definition gives."""
    encoder = QuestionEncoder(export_dir(assistant.index.encoder.sha256))
    query = "forecasting water levels"
    question = encoder.encode(query)
    for hit in assistant.find(query, 6):
        entries = entries_of(hit.stored)
        vectors = dict(
            zip(
                [e.part for e in entries],
                encoder.encode_all([e.text for e in entries]),
                strict=True,
            )
        )
        chunks = [float(v @ question) for part, v in vectors.items() if part[0] == "c"]
        sentences = [float(v @ question) for part, v in vectors.items() if part[0] == "s"]
        assert hit.similarity == pytest.approx(max(chunks), abs=2e-3)
        assert hit.sentence_similarities == pytest.approx(sentences, abs=2e-3)
    assert assistant.find(query, 1)[0].stored.paper.title.startswith("Tides")


def test_the_export_gives_the_vectors_of_the_encoder(papers):
    folder, _ = catalog.find("all-minilm-l6-v2", "encoder")
    encoder = SentenceEncoder(folder, "all-minilm-l6-v2")
    texts = ["Short.", "What does Tides do?", "word " * 400, "Ünïcode – and 78.3% of it"]
    exported = QuestionEncoder(export_dir(encoder.sha256)).encode_all(texts)
    expected = encoder.encode(texts)
    assert (exported * expected).sum(axis=1).min() > 0.9999
    assert np.linalg.norm(exported, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_model_writes_only_allowed_tokens_and_no_loops(writer):
    allowed = frozenset(writer.tokens(" yes") + writer.tokens(" no"))
    messages = [Message("user", "Say something long.")]
    text = "".join(writer.stream(messages, max_tokens=30, allowed=allowed))
    assert set(text.split()) <= {"yes", "no"} and len(text.split()) < 12


def test_reading_on_from_a_common_beginning_changes_nothing(writer):
    first = [Message("user", "Name a colour of the sky. " * 5)]
    second = [Message("user", "Name a colour of the sky. " * 4 + "Name a fruit.")]
    fresh = "".join(writer.stream(second, max_tokens=12))
    "".join(writer.stream(first, max_tokens=12))
    assert "".join(writer.stream(second, max_tokens=12)) == fresh


def test_cancelling_ends_prefill_and_leaves_a_usable_model(writer):
    writer.tokens("load it")
    long_prompt = [Message("user", "word " * 1500)]
    import threading

    threading.Timer(0.2, writer.cancel.set).start()
    started = time.perf_counter()
    with pytest.raises(Interrupted):
        "".join(writer.stream(long_prompt, max_tokens=5))
    assert time.perf_counter() - started < 5
    writer.cancel.clear()
    assert "".join(writer.stream([Message("user", "Say hello.")], max_tokens=5))


def test_a_prompt_that_does_not_fit_is_an_error(writer):
    with pytest.raises(ModelUnusable, match="context"):
        "".join(writer.stream([Message("user", "word " * 4000)], max_tokens=5))


def test_a_broken_gguf_is_named(tmp_path, papers):
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF" + bytes(2000))
    model = LocalModel(file, "broken", "0", 1, 512)
    with pytest.raises(ModelUnusable, match="cannot be loaded"):
        model.tokens("x")
    done = run("--library", papers, "ask", QUESTION, "--model", file)
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize("delay", [0.5, 1.2, 2.5])
def test_ctrl_c_stops_at_once(papers, delay):
    process = subprocess.Popen(
        command("--library", papers, "ask", QUESTION, "--sentences", 40, "--papers", 6),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    started = time.perf_counter()
    _, err = process.communicate(timeout=60)
    # an answer that was complete ends with 0, or by the signal while the interpreter goes down
    finished_before = delay > 1 and (process.returncode == 0 or "sentences worded by" in err)
    assert process.returncode == 130 or finished_before, err
    assert time.perf_counter() - started < 5
    assert "Traceback" not in err


def test_ctrl_c_while_the_model_is_prepared(papers, tmp_path):
    environment = os.environ | {"ASSISTANT_CACHE": str(tmp_path / "cache")}
    process = subprocess.Popen(
        command("--library", papers, "ask", QUESTION),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    line = process.stderr.readline()
    assert "Preparing the model" in line
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and err == "assistant: stopped\n"


def test_nothing_a_terminal_could_obey_is_in_an_answer(tmp_path):
    record = {"title": "Red\u202e ink", "abstract": "Red ink\u202e is \u2066 made of [/b] beets."}
    (tmp_path / "x.jsonl").write_text(json.dumps(record))
    assert run("--library", tmp_path / "l", "add", tmp_path / "x.jsonl").returncode == 0
    done = run("--library", tmp_path / "l", "ask", "What is red ink made of?")
    assert done.returncode == 0 and "[/b] beets" in done.stdout
    assert not {"\u202e", "\u2066", "\x1b"} & set(done.stdout)


def test_a_template_without_a_system_role_gets_the_system_text_first(writer):
    writer.tokens("load it")
    template = (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}"
        "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    )
    writer._llama.metadata["tokenizer.chat_template"] = template
    messages = [Message("system", "Be brief."), Message("user", "Hi.")]
    text = writer._llama.detokenize(writer._prompt_tokens(messages), special=True).decode()
    assert text == "<|im_start|>user\nBe brief.\n\nHi.<|im_end|>\n"


def test_held_to_choices_the_model_writes_one_of_them(writer):
    choices = ["The sky is blue.", "The sky is blue, and wide.", "Grass."]
    messages = [Message("user", "What colour is the sky?")]
    assert writer.choose(messages, choices) in choices[:2]
    assert writer.choose(messages, choices[2:]) == "Grass."
