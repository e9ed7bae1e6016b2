import pytest
from support import WordsEncoder, no_progress

from assistant import indexing
from assistant.reranking import RerankedRetriever
from assistant.retrieval import Retriever

QUESTION = "How many layers of a language model does Ladder Pruning remove?"


class Lengths:
    """Stands for a reranker that likes long texts."""

    def scores(self, question, texts):
        return [len(text) for text in texts]


@pytest.fixture
def retriever(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    return Retriever(library, index, WordsEncoder())


def test_papers_come_in_the_order_of_the_reranker_with_the_scores_of_retrieval(retriever):
    plain = retriever.search(QUESTION, 6)
    reranked = RerankedRetriever(retriever, Lengths()).search(QUESTION, 4)
    assert [hit.score for hit in reranked] == [hit.score for hit in plain][:4]
    lengths = [len(f"{hit.stored.paper.title}\n{hit.stored.paper.abstract}") for hit in plain]
    expected = sorted(range(len(plain)), key=lambda i: -lengths[i])[:4]
    assert [hit.stored.id for hit in reranked] == [plain[i].stored.id for i in expected]


def test_papers_left_out_stay_out(retriever):
    reranked = RerankedRetriever(retriever, Lengths())
    ids = [hit.stored.id for hit in retriever.search(QUESTION, 6)]
    assert {hit.stored.id for hit in reranked.within(ids[:2]).search(QUESTION, 6)} == set(ids[:2])
    assert ids[0] not in {hit.stored.id for hit in reranked.without(ids[:1]).search(QUESTION, 6)}
    assert reranked.within([]).search(QUESTION, 6) == []
