import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from support import WORDS_IDENTITY, WordsEncoder, first_and, no_progress

from assistant import index_log, index_probe, indexing
from assistant.errors import LibraryStale, ModelUnusable
from assistant.index_probe import probe
from assistant.library import Library
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.vectors import EncoderIdentity, Entry, VectorIndex


@pytest.fixture
def real_probe():
    """For tests of damage: verifying tries the index in a process of its own."""


@pytest.fixture(autouse=True)
def no_probe(request, monkeypatch):
    """That process takes longer than the rest of a test and is spared in the others."""
    if "real_probe" not in request.fixturenames:
        monkeypatch.setattr(indexing, "probe", lambda folder: "")


class Stopped(Exception):
    """Stands for a kill between two batches."""


def test_every_chunk_and_sentence_is_indexed_once(library, index):
    assert indexing.index_waiting(library, index, WordsEncoder(), no_progress) == 6
    assert indexing.index_waiting(library, index, WordsEncoder(), no_progress) == 0
    expected = {e.id for paper in library.papers() for e in indexing.entries_of(paper)}
    ids = index.ids()
    assert set(ids) == expected and len(ids) == len(expected) == index.count()
    result = indexing.verify(library, index)
    assert (result.papers, result.waiting, result.problems) == (6, 0, ())


def test_entries_are_slices_of_the_abstract(library):
    for stored in library.papers():
        for entry in indexing.entries_of(stored):
            assert entry.text.endswith(stored.paper.abstract[entry.start : entry.end])


def test_an_interrupted_run_is_continued(library, index, monkeypatch):
    monkeypatch.setattr(indexing, "PAPERS_A_BATCH", 2)

    def stop(what, done, total):
        if done == 4:
            raise Stopped

    with pytest.raises(Stopped):
        indexing.index_waiting(library, index, WordsEncoder(), stop)
    assert library.waiting_count() == 2
    assert indexing.verify(library, index).problems == ()
    assert indexing.index_waiting(library, index, WordsEncoder(), no_progress) == 2
    assert indexing.verify(library, index).problems == ()


@pytest.mark.usefixtures("real_probe")
def test_verify_tells_what_is_missing_and_what_is_too_much(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    lost = next(library.papers()).id
    index.delete([lost])
    index.add([Entry("pffffffffff", "c0", 0, 1, "x")], WordsEncoder().encode(["x"]))
    problems = indexing.verify(library, index).problems
    assert len(problems) == 2
    assert lost in problems[0] and "pffffffffff" in problems[1]
    indexing.reindex(library, index, WordsEncoder(), no_progress)
    assert indexing.verify(library, index).problems == ()


def test_removing_takes_record_and_vectors(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    gone = next(library.papers()).id
    indexing.remove(library, index, [gone])
    assert gone not in {i.split(":")[0] for i in index.ids()}
    assert library.count() == 5 and indexing.verify(library, index).problems == ()


def test_an_index_of_another_encoder_is_refused(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    other = VectorIndex(index.folder, EncoderIdentity("other", "1" * 64))
    with pytest.raises(LibraryStale, match="made with the encoder words"):
        indexing.index_waiting(library, other, WordsEncoder(), no_progress)
    indexing.reindex(library, other, WordsEncoder(), no_progress)
    other.check_encoder()


@pytest.mark.usefixtures("real_probe")
def test_a_damaged_index_is_named_and_rebuilt(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    (index.folder / "chroma.sqlite3").write_bytes(b"\0" * 4096)
    with pytest.raises(LibraryStale, match="damaged"):
        index.count()
    indexing.reindex(library, index, WordsEncoder(), no_progress)
    assert indexing.verify(library, index).problems == ()


def test_nearest_agrees_with_brute_force(tmp_path):
    random = np.random.default_rng(7)
    vectors = random.normal(size=(300, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = VectorIndex(tmp_path / "chroma", WORDS_IDENTITY)
    index.create()
    index.add([Entry(f"p{i:03}", "c0", 0, 1, "x") for i in range(300)], vectors)
    for question in vectors[:20] + 0.3 * random.normal(size=(20, 64)).astype(np.float32):
        question = question / np.linalg.norm(question)
        expected = np.argsort(-(vectors @ question))[:10]
        found = index.nearest(question[None], 10)[0]
        assert [n.paper_id for n in found] == [f"p{i:03}" for i in expected]
        assert found[0].similarity == pytest.approx(
            float(vectors[expected[0]] @ question), abs=1e-5
        )


@pytest.mark.usefixtures("real_probe")
@pytest.mark.parametrize("after_batches", first_and([1, 3, 0]))
def test_kill_9_loses_nothing(tmp_path, after_batches):
    script = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        from support import PAGES, WORDS_IDENTITY, WordsEncoder, no_progress
        from assistant import adding, indexing
        from assistant.library import Library
        from assistant.vectors import VectorIndex

        library = Library.create(Path(sys.argv[2]))
        adding.add(library, PAGES, no_progress)
        indexing.PAPERS_A_BATCH = 1

        def progress(what, done, total):
            print(done, flush=True)
            time.sleep(0.2)

        index = VectorIndex(library.path / "chroma", WORDS_IDENTITY)
        indexing.index_waiting(library, index, WordsEncoder(), progress)
        """
    )
    here = str(Path(__file__).parent)
    path = tmp_path / "library"
    process = subprocess.Popen(
        [sys.executable, "-c", script, here, str(path)], stdout=subprocess.PIPE, text=True
    )
    for line in process.stdout:
        if int(line) == after_batches:
            break
    time.sleep(0.05 * after_batches)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    library = Library.open(path)
    index = VectorIndex(path / "chroma", WORDS_IDENTITY)
    assert library.count() == 6 and library.waiting_count() <= 6 - after_batches
    assert indexing.verify(library, index).problems == ()
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    result = indexing.verify(library, index)
    assert (result.waiting, result.problems) == (0, ())
    library.close()


def test_a_lost_index_is_made_from_all_papers_not_only_new_ones(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    shutil.rmtree(index.folder)
    with library.transaction():
        library.insert(Paper("New", "A new paper."), [(0, 12)])
    assert indexing.index_waiting(library, index, WordsEncoder(), no_progress) == 7
    assert indexing.verify(library, index).problems == ()


def test_a_lost_collection_is_an_error_not_an_empty_index(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    (index.folder / "chroma.sqlite3").write_bytes(b"")
    assert not index.exists
    with pytest.raises(LibraryStale, match="no vector index"):
        index.check_encoder()
    with pytest.raises(LibraryStale):
        index.nearest(WordsEncoder().encode(["x"]), 5)


def test_verify_misses_no_single_entry(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    with index._collection() as collection:
        collection.delete(ids=[index.ids()[0]])
    assert len(indexing.verify(library, index).problems) == 1


def test_a_damaged_encoder_costs_no_index(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)

    class Broken:
        def encode(self, texts):
            raise ModelUnusable("damaged")

    with pytest.raises(ModelUnusable):
        indexing.reindex(library, index, Broken(), no_progress)
    assert indexing.verify(library, index).problems == ()
    assert library.waiting_count() == 0


@pytest.fixture
def large(tmp_path):
    """An index of 1 500 vectors: Chroma has written its graph to files of its own."""
    random = np.random.default_rng(3)
    vectors = random.normal(size=(1500, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = VectorIndex(tmp_path / "library" / "chroma", WORDS_IDENTITY)
    index.folder.parent.mkdir()
    index.create()
    index.add([Entry(f"p{i}", "c0", 0, 1, "x") for i in range(1500)], vectors)
    index.nearest(vectors[0][None], 5)[0]
    return index, vectors


def test_settled_the_graph_on_disk_holds_everything(index):
    random = np.random.default_rng(5)
    vectors = random.normal(size=(300, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index.create()
    index.add([Entry(f"p{i}", "c0", 0, 1, "x") for i in range(300)], vectors)
    assert index_log.length(index.folder) >= 300
    (graph,) = index.folder.rglob("data_level0.bin")
    written = graph.stat().st_mtime_ns
    index.settle()
    assert index_log.length(index.folder) <= 3 and graph.stat().st_mtime_ns > written
    assert index.count() == 300
    for vector in vectors[::30]:
        best = np.argsort(-vectors @ vector, kind="stable")[:10]
        assert [n.id for n in index.nearest(vector[None], 10)[0]] == [f"p{i}:c0" for i in best]
    written = graph.stat().st_mtime_ns
    index.add([Entry("p300", "c0", 0, 1, "x")], vectors[:1])
    index.settle()  # nothing to speak of
    assert graph.stat().st_mtime_ns == written and index_log.length(index.folder) > 0


def test_the_log_is_read_in_any_folder(tmp_path):
    folder = tmp_path / "50% of #1?"
    folder.mkdir()
    assert index_log.length(folder) == 0
    with contextlib.closing(sqlite3.connect(folder / "chroma.sqlite3")) as database:
        database.execute("CREATE TABLE embeddings_queue (id)")
        database.execute("INSERT INTO embeddings_queue VALUES (1), (2)")
        database.commit()
    assert index_log.length(folder) == 2


def test_a_search_that_does_not_end_is_damage(tmp_path, monkeypatch):
    monkeypatch.setattr(index_probe, "PATIENCE", 0.01)
    assert "did not end" in probe(tmp_path)


@pytest.mark.exhaustive
def test_files_that_end_the_process_are_found_by_the_next_use(large):
    index, vectors = large
    assert probe(index.folder) == ""
    (graph,) = index.folder.rglob("data_level0.bin")
    graph.write_bytes(np.random.default_rng(1).bytes(graph.stat().st_size))
    assert probe(index.folder)
    assert index.count() == 1500  # reading what lies in SQLite is no danger
    index.folder.with_name("index.in-use").touch()  # what a process that was killed leaves behind
    for _ in range(3):  # it stays known until the index is rebuilt
        with pytest.raises(LibraryStale, match="damaged"):
            index.nearest(vectors[0][None], 5)[0]
    index.create()
    index.add([Entry("p0", "c0", 0, 1, "x")], vectors[:1])
    assert index.nearest(vectors[0][None], 5)[0][0].paper_id == "p0"
    assert not index.folder.with_name("index.in-use").exists()


def test_a_mark_left_by_a_killed_process_is_no_fault_by_itself(large):
    index, vectors = large
    index.folder.with_name("index.in-use").touch()
    assert index.nearest(vectors[7][None], 1)[0][0].paper_id == "p7"
    assert not index.folder.with_name("index.in-use").exists()


@pytest.mark.usefixtures("real_probe")
def test_readers_and_a_writer_take_turns(tmp_path):
    """Two processes in one Chroma folder at a time used to destroy it."""
    reader = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        from support import WORDS_IDENTITY, WordsEncoder
        from assistant.vectors import VectorIndex

        index = VectorIndex(Path(sys.argv[2]), WORDS_IDENTITY)
        question = WordsEncoder().encode("topic5 result5")
        print("ready", flush=True)
        reads = 0
        while not Path(sys.argv[2]).with_name("stop").exists():
            if index.exists:
                index.nearest(question[None], 50)[0]
                reads += 1
        print(reads)
        """
    )
    library = Library.create(tmp_path / "library")
    with library.transaction():
        for i in range(400):
            text = f"Paper {i} is about topic{i}. It finds result{i}. It ends with end{i}."
            library.insert(Paper(f"Title {i}", text), split_sentences(text))
    index = VectorIndex(library.path / "chroma", WORDS_IDENTITY)
    process = subprocess.Popen(
        [sys.executable, "-c", reader, str(Path(__file__).parent), str(index.folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        process.stdout.readline()
        indexing.index_waiting(library, index, WordsEncoder(), no_progress)
        (library.path / "stop").touch()
        out, _ = process.communicate(timeout=600)
    finally:
        process.kill()
    assert process.returncode == 0 and int(out) > 0
    assert indexing.verify(library, index).problems == ()
    assert index.nearest(WordsEncoder().encode(["Title 5"]), 400)[0]
    library.close()


def test_an_index_of_another_version_is_built_anew(library, index, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("assistant.vectors.SCHEME", 1)
        indexing.index_waiting(library, index, WordsEncoder(), no_progress)
        assert index.exists
    assert not index.exists
    assert indexing.index_waiting(library, index, WordsEncoder(), no_progress) == 6
    assert index.exists and indexing.verify(library, index).problems == ()


def test_the_pieces_of_a_paper_go_with_it(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    ids = library.identifiers()
    assert set(library.pieces(ids)) == set(ids)
    indexing.remove(library, index, ids[:2])
    assert library.rows("SELECT count(*) FROM pieces") == [(len(ids) - 2,)]
    assert set(library.pieces(ids)) == set(ids[2:])
