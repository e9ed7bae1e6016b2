"""Which papers belong to a topic: relevance, neighbours, ordinary papers, near misses, reasons."""

from dataclasses import replace

import numpy as np
import pytest
from support import WordsEncoder, no_progress

from assistant import indexing
from assistant.errors import UsageError
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.retrieval import Hit, Retriever, SentenceMatch
from assistant.signals import Signals
from assistant.summary import formats
from assistant.summary.choosing import NEAR_MISSES, check_threshold, choose
from assistant.summary.making import paper_vectors

ABSTRACT = "Lamps glow. Lamps burn oil."


def hit(name, score, title=0.0, missing=()):
    paper = Paper(name, ABSTRACT)
    stored = StoredPaper(paper.id, paper, ((0, 11), (12, 27)))
    matches = (SentenceMatch(0.1, 0, 0, 0), SentenceMatch(0.7, 0, 0, 0))
    return Hit(stored, score, 0.0, matches, missing=missing, title=title)


def titles(candidates):
    return [candidate.stored.paper.title for candidate in candidates]


def ordinary(score=0.4):
    return [hit(f"ordinary {i}", score) for i in range(9)]


def test_papers_belong_from_the_threshold_on_and_are_sorted_by_relevance():
    hits = [hit("best", 1.5), hit("half", 1.0), hit("less", 0.8), hit("other", 0.4)]
    choice = choose(hits, ordinary(), {}, 0.5)
    assert titles(choice.belonging) == ["best", "half"]
    assert [round(c.relevance, 2) for c in choice.belonging] == [1.0, 0.55]
    assert titles(choice.near_misses) == ["less"] and choice.looked_at == 4
    assert titles(choose(hits, ordinary(), {}, 0.3).belonging) == ["best", "half", "less"]
    assert titles(choose(hits, ordinary(), {}, 1).belonging) == ["best"]


def test_a_match_in_the_title_counts_more():
    choice = choose([hit("plain", 1.0), hit("titled", 1.0, title=0.8)], ordinary(), {}, 0.9)
    assert titles(choice.belonging) == ["titled"]


def test_the_words_of_the_topic_count_more():
    worded = replace(hit("worded", 1.0), signals=Signals(words=0.8))
    choice = choose([hit("plain", 1.0), worded], ordinary(), {}, 0.7)
    assert titles(choice.belonging) == ["worded"]


def test_a_paper_among_relevant_ones_is_more_relevant():
    hits = [hit("one", 1.6), hit("two", 1.5), hit("near", 0.9), hit("far", 0.9), hit("off", 0.3)]
    places = {"one": (1, 0.1), "two": (1, 0), "near": (1, -0.1), "far": (0, 1), "off": (0.1, 1)}
    vectors = {
        h.stored.id: np.array(places[h.stored.paper.title])
        / np.hypot(*places[h.stored.paper.title])
        for h in hits
    }
    candidates = choose(hits, ordinary(), vectors, 0).belonging
    relevance = {candidate.stored.paper.title: candidate.relevance for candidate in candidates}
    assert relevance["near"] > relevance["far"]


def test_a_topic_that_no_paper_is_about_has_no_papers():
    hits = [hit("best", 0.6), hit("second", 0.5), *ordinary(0.3)]
    choice = choose(hits, ordinary(0.3), {})
    assert choice.belonging == () and choice.missing == ()


def test_where_all_papers_are_on_topic_all_belong():
    hits = [hit(f"paper {i}", 1.5 + i / 100) for i in range(9)]
    assert len(choose(hits, hits, {}).belonging) == 9


def test_near_misses_are_few_and_nearly_belong():
    below = [hit(f"below {i}", 0.85 + i / 1000) for i in range(20)]
    choice = choose([hit("best", 1.6), *below, hit("far", 0.5)], ordinary(), {})
    assert len(choice.near_misses) == NEAR_MISSES
    assert titles(choice.near_misses)[0] == "below 19" and "far" not in titles(choice.near_misses)


def test_words_that_no_chosen_paper_has_are_told():
    hits = [hit("a", 1.6, missing=("tax", "law")), hit("b", 1.5, missing=("tax",))]
    assert choose(hits, ordinary(), {}).missing == ("tax",)


def test_each_paper_has_the_sentence_that_matched_best():
    choice = choose([hit("a", 1.6)], ordinary(), {})
    assert choice.belonging[0].reason == "Lamps burn oil."
    (told,) = formats.choice_json(choice)["papers"]
    assert told["sentence"] == {"text": "Lamps burn oil.", "start": 12, "end": 27}
    assert ABSTRACT[12:27] == told["sentence"]["text"] and told["relevance"] == 1.0


def test_a_threshold_is_between_0_and_1():
    for threshold in (-0.1, 1.5, float("nan")):
        with pytest.raises(UsageError, match="not between 0 and 1"):
            check_threshold(threshold)
    check_threshold(1)


def test_an_empty_library_has_no_papers_on_any_topic():
    assert choose([], [], {}).belonging == ()


def test_papers_are_chosen_from_a_real_search(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    hits = Retriever(library, index, WordsEncoder()).search("counting bees by hand", 500)
    assert len(hits) == 6 and hits[0].title > 0
    choice = choose(hits, hits, paper_vectors(index, [h.stored for h in hits]))
    assert "Bees" in choice.belonging[0].stored.paper.title
    assert len(choice.belonging) < 4
