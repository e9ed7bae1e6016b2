"""The cells of a summary's table: which sentence tells what, and where nothing is stated."""

import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
from support import PAGES, WORDS_IDENTITY, WordsEncoder, no_progress

from assistant import adding, indexing
from assistant.config import Config
from assistant.encoders import Encoders
from assistant.late_interaction import EncodedText
from assistant.library import Library, StoredPaper
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.summary import making
from assistant.summary.notes import ROLES
from assistant.summary.roles import (
    KINDS,
    features,
    model,
    probabilities,
    read_cells,
    telling,
    vector_features,
)
from assistant.vectors import EncoderIdentity, VectorIndex

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
HEDGES = (
    "Hedges are said to shelter voles. We trapped voles for two years along 36 hedges and in open "
    "fields. Twice as many voles lived along hedges. Owls were not counted. "
    "Our code is available at example.org."
)


def stored(abstract):
    paper = Paper("A title", abstract)
    return StoredPaper(paper.id, paper, tuple(split_sentences(abstract)))


def test_each_column_gets_its_sentence():
    expected = {"problem": (0,), "method": (1,), "data": (1,), "finding": (2,), "limits": (3,)}
    assert read_cells(stored(HEDGES)).sentences == expected


def test_what_is_not_stated_has_no_cell():
    note = read_cells(stored("Salt lowers the freezing point of the brine by 21 degrees."))
    assert set(note.sentences) == {"finding"}


def test_where_code_can_be_had_is_no_last_sentence():
    paper = stored(HEDGES)
    assert telling(paper) == [paper.sentence(index) for index in range(4)]
    assert read_cells(paper).sentences == read_cells(stored(HEDGES.rpartition(" Our")[0])).sentences
    alone = stored("The code is available at example.org.")
    assert telling(alone) == ["The code is available at example.org."]


@pytest.mark.parametrize("count", [1, 2, 7])
def test_the_model_fits_its_features(count):
    fitted, texts = model(), ["We count 3 owls."] * count
    vectors = np.eye(count, 384, dtype=np.float32)
    words = features(texts)
    assert words.shape == (count, len(fitted.by_words))
    both = words.shape[1] + vector_features(vectors).shape[1]
    assert fitted.by_vectors.shape == (both, len(KINDS))
    for given in (None, vectors):
        likely = probabilities(fitted, texts, given)
        assert likely.shape == (count, len(ROLES))
        assert (likely >= 0).all() and (likely <= 1.0001).all()


def test_the_model_was_made_with_the_default_encoder():
    assert Encoders(Config().encoder, print).identity.sha256 == model().encoder


@pytest.mark.parametrize("name", ["held", "blind"])
def test_words_alone_fill_most_cells(name):
    text = (BENCHMARKS / f"summary_cells_{name}.toml").read_text("utf-8")
    right = wrong = total = 0
    for entry in tomllib.loads(text)["paper"]:
        cells = read_cells(stored(entry["abstract"])).sentences
        for role in ROLES:
            shown, accepted = cells.get(role, ())[:1], entry[role]
            total += 1
            right += bool(shown and shown[0] in accepted) or not (shown or accepted)
            wrong += bool(shown and shown[0] not in accepted)
    assert right / total >= 0.88 and wrong / total <= 0.06


class Pushing(WordsEncoder):
    """Gives all sentences the vector that speaks most for limits and against findings."""

    def encode(self, texts):
        weights = model().by_vectors[len(model().by_words) :][:384]
        vector = weights[:, KINDS.index(("limits",))] - weights[:, KINDS.index(("finding",))]
        return np.tile(vector / np.linalg.norm(vector), (len(texts), 1))

    def encode_chunks(self, texts):
        return [EncodedText(v, np.zeros((0, 384), np.float32), []) for v in self.encode(texts)]


@pytest.mark.parametrize("same", [True, False])
def test_only_vectors_of_the_encoder_that_was_fitted_are_read(tmp_path, same):
    library = Library.create(tmp_path / "library")
    adding.add(library, PAGES, no_progress)
    identity = EncoderIdentity("pushing", model().encoder) if same else WORDS_IDENTITY
    index = VectorIndex(library.path / "chroma", identity)
    encoder = Pushing() if same else WordsEncoder()
    indexing.index_waiting(library, index, encoder, no_progress)
    papers = list(library.papers())
    made = making.summary_of(papers, "", "table", index, None)
    library.close()
    by_words = [read_cells(paper).sentences for paper in papers]
    assert ([note.sentences for note in made.notes] == by_words) != same


def test_a_paper_is_read_in_milliseconds():
    paper = stored(HEDGES)
    vectors = np.eye(len(paper.sentences), 384, dtype=np.float32)
    read_cells(paper, vectors)
    start = time.process_time()
    for _ in range(20):
        read_cells(paper, vectors)
    assert (time.process_time() - start) / 20 < 0.02
