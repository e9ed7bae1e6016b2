"""Questions and collections from files, whole and broken."""

import json

import pytest
from support import FIXTURES

from assistant.errors import AssistantError, UsageError
from assistant.evaluation.collection import corpus_sha256, read_collection
from assistant.evaluation.questions import chosen, read_questions

EVAL = FIXTURES / "eval"
SHORE = EVAL / "shore"


@pytest.fixture
def questions():
    return read_questions(EVAL / "questions.jsonl")


def test_what_is_known_of_a_question(questions):
    bees, second, none = questions[1], questions[3], questions[5]
    assert bees.group == "factoid/colloquial" and bees.facts == (("4.2%", "4.2 percent"),)
    assert list(bees.gold) == ["How Many Bees Does It Take? Counting Insects With Drones"]
    assert second.group == "follow-up/2nd" and second.history[0].role == "user"
    assert second.also_ok == ("A Paper Whose Block Is Missing",)
    assert [q.answerable for q in questions] == [True] * 5 + [False]
    assert none.gold == {}
    assert len({q.digest for q in questions}) == 6


def test_a_bare_question_is_enough(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "Why?"}\n\n{"question": "How?", "id": 7}\n')
    first, second = read_questions(file)
    assert (first.id, first.group, first.answerable) == ("line 1", "questions", None)
    assert second.id == "7"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "broken JSON"),
        ("[1]", "not a JSON object"),
        ('{"id": "a"}', 'expected a "question"'),
        ('{"question": " ?"}', "the question is empty"),
        ('{"question": "Why?", "gold_titles": "x"}', '"gold_titles" must be a list of strings'),
        ('{"question": "Why?", "key_alts": []}', ""),
        ('{"question": "Why?", "key_alts": ["a"]}', '"key_alts" must be an object'),
        ('{"question": "Why?", "history": [{"role": "cat"}]}', '"history" must be a list'),
        ('{"id": "first", "question": "Why?"}', "a second question has the id 'first'"),
    ],
)
def test_a_bad_line_names_itself(tmp_path, line, reason):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": "first", "question": "Who?"}\n' + line + "\n")
    if not reason:
        assert len(read_questions(file)) == 2
        return
    with pytest.raises(AssistantError) as caught:
        read_questions(file)
    assert caught.value.message.startswith(f"{file}:2: {reason}") and caught.value.hint


def test_files_that_hold_nothing(tmp_path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UsageError, match="holds no questions"):
        read_questions(tmp_path / "empty")
    for name in ("bytes", "none"):
        with pytest.raises(AssistantError, match="cannot read"):
            read_questions(tmp_path / name)


def test_some_of_the_questions(questions):
    assert len(chosen(questions, ["factoid"], None)) == 2
    assert [q.id for q in chosen(questions, ["factoid/plain", "compare"], None)] == [
        "pebble",
        "tides",
    ]
    assert [q.id for q in chosen(questions, [], 3)] == ["pebble", "ladder", "tides"]
    assert len(chosen(questions, [], 100)) == 6
    with pytest.raises(UsageError, match="no question has the type 'poem'") as caught:
        chosen(questions, ["poem"], None)
    assert "compare" in caught.value.hint


def test_a_collection():
    found = read_collection(SHORE)
    kelp = found.documents[1]
    assert [kelp.abstract[start:end] for start, end in kelp.spans] == [
        "Kelp forests lose a third of their fronds in a winter storm.",
        "A forest grows back within two summers.",
    ]
    assert found.documents[0].spans is None and found.documents[2].title == ""
    a, b, c = found.questions
    assert a.gold == {"s1": 2.0}, "a score of 0 says that a document does not belong"
    assert c.gold == {"s3": 1.0, "s4": 1.0}, "all tables count"
    assert b.rationales == {"s2": (1,)}, "blank sentences have no place"
    assert a.group == "questions" and a.answerable is True


def test_a_collection_of_claims_without_tables(tmp_path):
    documents = [
        {"doc_id": 1, "title": "T", "abstract": ["One.", "Two."]},
        {"doc_id": 2, "title": "U", "abstract": ["Three."]},
    ]
    claims = [
        {"id": 5, "claim": "Two is so.", "evidence": {"1": [{"sentences": [1]}]}},
        {"id": 6, "claim": "Three is so.", "evidence": {}, "cited_doc_ids": [2]},
        {"id": 7, "claim": "Four is so.", "evidence": {}, "cited_doc_ids": []},
    ]
    _write(tmp_path / "corpus.jsonl", documents)
    _write(tmp_path / "claims.jsonl", claims)
    first, second = read_collection(tmp_path).questions
    assert (first.gold, first.rationales, first.answerable) == ({"1": 1.0}, {"1": (1,)}, True)
    assert (second.gold, second.rationales, second.answerable) == ({"2": 1.0}, {}, None)


def test_a_collection_whose_questions_are_named_after_documents(tmp_path):
    _write(tmp_path / "corpus.jsonl", [{"id": "10", "title": "", "text": "So it is."}])
    _write(tmp_path / "questions.jsonl", [{"id": "q10", "text": "Is it?", "answer": "yes"}])
    assert [q.gold for q in read_collection(tmp_path).questions] == [{"10": 1.0}]


def _write(file, rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("corpus.jsonl", '{"title": "x"}', 'corpus.jsonl:1: expected an "id"'),
        ("corpus.jsonl", '{"id": "x"}', 'corpus.jsonl:1: expected a "text" or "sentences"'),
        ("corpus.jsonl", '{"id": 1, "text": "x"}\n{"id": 1, "text": "x"}', "a second document"),
        ("corpus.jsonl", '{"id": 1, "sentences": [2]}', '"sentences" must be a list of strings'),
        ("queries.jsonl", '{"id": 1}', 'queries.jsonl:1: expected a "text"'),
        ("queries.jsonl", '{"id": 1, "text": "Why?", "evidence": {"s1": 3}}', '"evidence"'),
        ("queries.jsonl", '{"id": 1, "text": "Why?"}', "holds no questions"),
        ("qrels/test.tsv", "q\td\na\ts1", "test.tsv:2: expected query-id"),
        ("qrels/test.tsv", "q\td\ts\na\ts1\tmuch", "test.tsv:2: expected query-id"),
    ],
)
def test_a_broken_collection(tmp_path, name, text, reason):
    for file in SHORE.rglob("*.*"):
        target = tmp_path / file.relative_to(SHORE)
        target.parent.mkdir(exist_ok=True)
        target.write_text(file.read_text())
    (tmp_path / name).write_text(text)
    with pytest.raises(AssistantError) as caught:
        read_collection(tmp_path)
    assert reason in caught.value.message and caught.value.hint


def test_a_folder_that_is_no_collection(tmp_path):
    with pytest.raises(UsageError, match=r"holds no corpus\.jsonl"):
        corpus_sha256(tmp_path)
    (tmp_path / "corpus.jsonl").write_text('{"id": "1", "text": "So."}')
    with pytest.raises(UsageError, match="holds no questions"):
        read_collection(tmp_path)
