import random
from dataclasses import replace

import numpy as np
import pytest
from support import WORDS_IDENTITY, WordsEncoder, first_and, no_progress

from assistant import indexing, retrieval, vectors
from assistant.library import Library
from assistant.papers import Paper
from assistant.retrieval import Retriever, expression
from assistant.sentences import split_sentences
from assistant.thesaurus import Thesaurus
from assistant.vectors import Entry, VectorIndex
from assistant.weights import PaperWeights, weights

PAPERS = 3000


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """An index of 3 000 papers in 30 clusters, one entry each, and its vectors."""
    numbers = np.random.default_rng(5)
    centres = numbers.normal(size=(30, 32))
    made = np.repeat(centres, PAPERS // 30, axis=0) + 0.7 * numbers.normal(size=(PAPERS, 32))
    made = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    index = VectorIndex(tmp_path_factory.mktemp("crowd") / "chroma", WORDS_IDENTITY)
    index.create()
    index.add([Entry(f"p{i}", "c0", 0, 1, "x") for i in range(PAPERS)], made)
    return index, made


@pytest.mark.parametrize("size", [1, 100, 1000, 2999])
def test_nearest_among_papers_agrees_with_brute_force(crowd, size, monkeypatch):
    index, made = crowd
    numbers = np.random.default_rng(size)
    monkeypatch.setattr(vectors, "PAPERS_A_FILTER", 700)
    for _ in range(3):
        chosen = numbers.choice(PAPERS, size, replace=False)
        question = made[numbers.integers(PAPERS)] + 0.1 * numbers.normal(size=32)
        question = (question / np.linalg.norm(question)).astype(np.float32)
        cosines = made[chosen] @ question
        expected = chosen[np.argsort(-cosines)][:200]
        found = index.nearest(question[None], 200, [f"p{i}" for i in chosen])[0]
        assert [n.paper_id for n in found] == [f"p{i}" for i in expected]
        assert [n.similarity for n in found] == pytest.approx(
            sorted(cosines, reverse=True)[:200], abs=1e-5
        )


def test_nearest_among_none_or_unknown_papers_is_nothing(crowd):
    index, made = crowd
    assert index.nearest(made[0][None], 5, [])[0] == []
    assert index.nearest(made[0][None], 5, ["unknown"])[0] == []


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A retriever over 120 papers, of which the last ten wait to be indexed."""
    choose = random.Random(4)
    vocabulary = [f"word{i}" for i in range(60)]
    library = Library.create(tmp_path_factory.mktemp("shelf") / "library")
    index = VectorIndex(library.path / "chroma", WORDS_IDENTITY)
    for count in (110, 10):
        with library.transaction():
            for _ in range(count):
                text = " ".join(
                    " ".join(choose.choices(vocabulary, k=8)).capitalize() + "." for _ in range(4)
                )
                title = " ".join(choose.choices(vocabulary, k=5))
                library.insert(Paper(title, text), split_sentences(text))
        if count == 110:
            indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    yield library, Retriever(library, index, WordsEncoder())
    library.close()


@pytest.mark.parametrize("size", [1, *first_and([30, 5])])
def test_within_papers_is_searching_all_and_filtering_by_hand(shelf, size, monkeypatch):
    library, retriever = shelf
    ids = [stored.id for stored in library.papers()]
    for seed in range(5):
        choose = random.Random(seed)
        question = " ".join(f"word{choose.randrange(60)}" for _ in range(4))
        chosen = [*choose.sample(ids[:-10], size), ids[-1]]
        narrowed = retriever.within(chosen).search(question, 10)
        with monkeypatch.context() as patch:
            patch.setattr(retrieval, "NEAREST", 10_000)
            patch.setattr(retrieval, "NEAR_PAPERS", 10_000)
            patch.setattr(retrieval, "WORD_MATCHES", 10_000)
            everything = retriever.search(question, 1000)
        expected = [hit for hit in everything if hit.stored.id in chosen][:10]
        assert [hit.stored.id for hit in narrowed] == [hit.stored.id for hit in expected]
        assert [hit.score for hit in narrowed] == pytest.approx([hit.score for hit in expected])
        assert [hit.sentences for hit in narrowed] == [hit.sentences for hit in expected]


def test_within_no_papers_finds_nothing_and_leaves_the_whole_as_it_was(shelf):
    library, retriever = shelf
    before = retriever.search("word1 word2", 5)
    assert retriever.within([]).search("word1 word2", 5) == []
    assert retriever.within(["unknown"]).search("word1 word2", 5) == []
    assert retriever.search("word1 word2", 5) == before
    assert len(retriever.within(stored.id for stored in library.papers()).search("word3", 5)) == 5


def test_without_papers_is_searching_all_and_leaving_them_out(shelf):
    _, retriever = shelf
    everything = retriever.search("word1 word2 word3", 20)
    hidden = {hit.stored.id for hit in everything[:3]}
    found = retriever.without(hidden).search("word1 word2 word3", 10)
    assert [hit.stored.id for hit in found] == [hit.stored.id for hit in everything[3:13]]


def test_a_weight_of_zero_switches_a_signal_off(shelf):
    library, retriever = shelf
    only_words = replace(weights(), papers=PaperWeights(chunk=0, sentence=0, words=1, pieces=0))
    found = Retriever(library, retriever._index, WordsEncoder(), weighing=only_words)
    hits = found.search("word1 word2 word3", 10)
    assert [hit.score for hit in hits] == pytest.approx([hit.signals.words for hit in hits])
    ranked = dict(library.rank_by_words(expression(["word1", "word2", "word3"]), 200))
    best = sorted(ranked, key=lambda identifier: (-ranked[identifier], identifier))[:10]
    assert [hit.stored.id for hit in hits] == best


def test_late_interaction_agrees_with_brute_force(shelf):
    _, retriever = shelf
    encoder, question = WordsEncoder(), "word1 word2 word7"
    asked = [encoder.encode(word) for word in question.split()]
    indexed = [hit for hit in retriever.search(question, 20) if hit.similarity]
    assert len(indexed) > 5
    for hit in indexed:
        text = f"{hit.stored.paper.title} {hit.stored.paper.abstract}"
        words = np.stack([encoder.encode(word) for word in text.split()])
        best = [float((words @ word).max()) for word in asked]
        assert hit.signals.pieces == pytest.approx(np.mean(best), abs=0.02)


def test_a_hit_tells_which_words_of_the_question_its_paper_lacks(shelf):
    _, retriever = shelf
    hit = retriever.search("word1 zeppelin", 1)[0]
    assert "zeppelin" in hit.missing
    assert hit.sentences and all(0 <= match.words <= 1 for match in hit.sentences)


def test_a_sentence_is_weighed_for_each_part_of_the_question(shelf):
    _, retriever = shelf
    encoder, question = WordsEncoder(), "what of word1 and which word2 zeppelin"
    hit = next(h for h in retriever.search(question, 20) if h.similarity)
    for index, match in enumerate(hit.sentences):
        words = np.stack([encoder.encode(w) for w in hit.stored.sentence(index).split()])
        near = [float((words @ encoder.encode(w)).max()) for w in ("word1", "word2", "zeppelin")]
        assert match.parts == pytest.approx([near[0], np.mean(near[1:])], abs=0.02)
    assert all(not m.parts or m.parts == (0.0,) for m in retriever.search("word1", 1)[0].sentences)


def test_each_signal_is_the_mean_over_the_wordings(shelf):
    library, retriever = shelf
    everyday, term = "zeppelin word9", "word4 word5 word9"
    known = Thesaurus({"zeppelin": ["word4 word5"]})
    found = Retriever(library, retriever._index, WordsEncoder(), synonyms=known)
    asked = known.wordings(everyday)
    assert asked == [everyday, term, f"zeppelin {term}"]
    alone = [{h.stored.id: h for h in retriever.search(text, 120)} for text in asked]
    for hit in found.search(everyday, 10):
        each = [hits[hit.stored.id] for hits in alone]
        for name in ("chunk", "sentence", "words", "pieces"):
            values = [getattr(other.signals, name) for other in each]
            assert getattr(hit.signals, name) == pytest.approx(np.mean(values), abs=1e-5)
        for number, match in enumerate(hit.sentences):
            scores = [other.sentences[number].score for other in each]
            assert match.score == pytest.approx(np.mean(scores), abs=1e-5)
        assert hit.missing == each[0].missing


def test_a_paper_is_found_by_the_terms_of_everyday_words(tmp_path):
    library = Library.create(tmp_path / "library")
    index = VectorIndex(library.path / "chroma", WORDS_IDENTITY)
    with library.transaction():
        for title, text in (
            ("Kernels", "Fused kernels run on a GPU in half the time."),
            ("Decks", "A card is drawn from a deck, and graphics show the odds."),
            ("Tables", "Seats at a table are dealt by lot."),
        ):
            library.insert(Paper(title, text), split_sentences(text))
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    question = "What fits on my graphics card?"
    without = Retriever(library, index, WordsEncoder(), synonyms=Thesaurus({}))
    assert without.search(question, 1)[0].stored.paper.title == "Decks"
    known = Thesaurus({"graphics card": ["GPU"], "fit": ["half the time", "run"]})
    found = Retriever(library, index, WordsEncoder(), synonyms=known).search(question, 1)[0]
    assert found.stored.paper.title == "Kernels"
    library.close()
