"""The measures against values worked out by hand, and what must hold for any input."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation import intervals, measures

GOLD = {"a": 1.0, "b": 1.0}


def test_hit_and_recall():
    assert measures.hit(["x", "a"], GOLD, 1) == 0.0
    assert measures.hit(["x", "a"], GOLD, 2) == 1.0
    assert measures.recall(["x", "a", "y", "b"], GOLD, 3) == 0.5
    assert measures.recall([], GOLD, 3) == 0.0
    assert measures.recall(["a", "a"], GOLD, 2) == 0.5


def test_ndcg_by_hand():
    assert measures.ndcg(["a", "b", "x"], GOLD, 10) == 1.0
    assert measures.ndcg(["x", "y"], GOLD, 10) == 0.0
    ideal = 1 + 1 / math.log2(3)
    assert measures.ndcg(["x", "a"], GOLD, 10) == pytest.approx((1 / math.log2(3)) / ideal)
    assert measures.ndcg(["a", "x", "b"], GOLD, 10) == pytest.approx((1 + 0.5) / ideal)
    graded = {"a": 3.0, "b": 1.0}
    assert measures.ndcg(["b", "a"], graded, 10) == pytest.approx(
        (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    )
    assert measures.ndcg(["a", "b"], GOLD, 1) == 1.0, "cut at k, ideal and found alike"
    assert measures.ndcg(["a", "a", "b"], GOLD, 10) == 1.0, "a paper found twice counts once"


def test_auc_by_hand():
    assert measures.auc([0.9, 0.8, 0.1], [True, True, False]) == 1.0
    assert measures.auc([0.1, 0.8, 0.9], [True, True, False]) == 0.0
    assert measures.auc([0.5, 0.5], [True, False]) == 0.5
    # pairs: 4 > 3, 4 > 1, 2 < 3, 2 > 1
    assert measures.auc([4, 2, 3, 1], [True, True, False, False]) == 0.75
    assert measures.auc([0.2, 0.3], [True, True]) is None
    assert measures.auc([], []) is None


def test_calibration_by_hand():
    confidences, positive = [0.95, 0.85, 0.15, 0.15], [True, False, False, True]
    bins = measures.reliability(confidences, positive)
    assert [b.count for b in bins] == [0, 2, 0, 0, 0, 0, 0, 0, 1, 1]
    assert (bins[1].confidence, bins[1].share) == (pytest.approx(0.15), 0.5)
    # |0.15 - 0.5| * 2/4 + |0.85 - 0| / 4 + |0.95 - 1| / 4
    assert measures.calibration_error(confidences, positive) == pytest.approx(0.4)
    assert measures.calibration_error([], []) is None
    assert measures.reliability([0.0, 0.1, 1.0], [True] * 3)[9].count == 1, "1 is in the last bin"


def test_risk_against_coverage_by_hand():
    points = measures.risk_coverage([0.9, 0.9, 0.5, 0.1], [True, False, True, False])
    assert [(p.threshold, p.coverage, p.risk) for p in points] == [
        (0.9, 0.5, 0.5),
        (0.5, 0.75, pytest.approx(1 / 3)),
        (0.1, 1.0, 0.5),
    ]


def test_refusals_at_a_rate_of_false_ones():
    right = [i / 100 for i in range(1, 101)]
    found = measures.refusals_at([*right, 0.055, 0.02, 0.5], [True] * 100 + [False] * 3)
    # 0.01 to 0.05 may be refused: the threshold is the next one
    assert found == (0.06, pytest.approx(2 / 3))
    assert measures.refusals_at([0.5], [True]) is None
    assert measures.refusals_at([0.5, 0.4], [True, False]) == (0.5, 1.0)


def test_share():
    assert measures.share([True, False, True], [True, True, False]) == 0.5
    assert measures.share([True], [False]) is None


def test_intervals():
    assert intervals.mean([]) is None
    same = intervals.mean([0.5] * 9)
    assert (same.value, same.low, same.high, same.count) == (0.5, 0.5, 0.5, 9)
    # 64 tosses of a coin: a standard error of 1/16
    coin = intervals.mean([0.0, 1.0] * 32)
    assert coin.value == 0.5
    assert coin.low == pytest.approx(0.5 - 1.96 / 16, abs=0.02)
    assert coin.high == pytest.approx(0.5 + 1.96 / 16, abs=0.02)
    assert coin == intervals.mean([0.0, 1.0] * 32), "the draws are the same each time"


def test_intervals_of_other_statistics_draw_whole_questions():
    drawn = []

    def compute(items):
        drawn.append(sorted(items))
        return {"largest": max(items), "never": None}

    found = intervals.statistics([[0, 1], [2]], compute)
    assert set(found) == {"largest"}
    assert (found["largest"].value, found["largest"].low, found["largest"].high) == (2, 1, 2)
    assert {tuple(items) for items in drawn} == {(0, 1, 2), (0, 0, 1, 1), (2, 2)}
    assert intervals.statistics([], lambda _: {"a": None}) == {}


LISTS = st.lists(
    st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30, unique_by=lambda i: i[0]
)


@settings(deadline=None)
@given(LISTS)
def test_what_holds_for_any_confidences(items):
    confidences, positive = [c for c, _ in items], [p for _, p in items]
    bins = measures.reliability(confidences, positive)
    assert sum(b.count for b in bins) == len(items)
    assert 0 <= measures.calibration_error(confidences, positive) <= 1
    points = measures.risk_coverage(confidences, positive)
    assert points[-1].coverage == 1.0
    assert [p.coverage for p in points] == sorted(p.coverage for p in points)
    assert all(0 <= p.risk <= 1 for p in points)
    found = measures.auc(confidences, positive)
    if found is not None:
        assert found == pytest.approx(1 - measures.auc([-c for c in confidences], positive))
        assert found == pytest.approx(_pairs(confidences, positive))
        threshold, refused = measures.refusals_at(confidences, positive)
        wrongly = [c < threshold for c, p in items if p]
        assert sum(wrongly) <= 0.05 * len(wrongly) + 1e-9 and 0 <= refused <= 1


def _pairs(confidences, positive):
    pairs = [
        1.0 if right > wrong else 0.5 if right == wrong else 0.0
        for right, is_positive in zip(confidences, positive, strict=True)
        if is_positive
        for wrong, is_wrong in zip(confidences, [not p for p in positive], strict=True)
        if is_wrong
    ]
    return sum(pairs) / len(pairs)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=12),
    st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.1, 5), min_size=1),
    st.integers(1, 10),
)
def test_what_holds_for_any_ranking(ranked, gold, k):
    found = measures.ndcg(ranked, gold, k)
    assert 0 <= found <= 1 + 1e-9
    assert (found > 0) == (measures.hit(list(dict.fromkeys(ranked)), gold, k) == 1.0)
    best = sorted(gold, key=lambda item: -gold[item])
    assert measures.ndcg(best, gold, k) == pytest.approx(1.0)
    assert measures.recall(ranked, gold, k) <= measures.recall(ranked, gold, k + 1) <= 1


@settings(deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=40))
def test_an_interval_lies_among_the_values(values):
    found = intervals.mean(values)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
