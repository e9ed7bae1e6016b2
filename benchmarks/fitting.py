"""Logistic regression by Newton's method, on pairs of rows or on rows with a constant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

FOLDS = 8
Array = NDArray[np.float64]
Truth = NDArray[np.bool_]


def differences(right: Array, wrong: Array) -> tuple[Array, Array]:
    """Every right row less every wrong one, and weights that add up to 1 (or nothing)."""
    made = (right[:, None, :] - wrong[None, :, :]).reshape(-1, right.shape[-1])
    return made, np.full(len(made), 1 / max(len(made), 1))


def logistic(x: Array, share: Array, penalty: float) -> Array:
    """Weights under which as many rows as possible are positive; no constant.

    ``penalty`` is on the squares of the weights of standardised columns, relative to the sum of
    ``share``, which says how much each row counts.
    """
    scale = x.std(axis=0) + 1e-9
    found = _newton(x / scale, np.ones(len(x)), share, penalty * np.ones(x.shape[1]))
    return np.asarray(found / scale)


def logistic_with_constant(x: Array, y: Truth, share: Array) -> Array:
    """Weights and, last, the constant of a logistic regression of ``y`` on the rows."""
    mean, scale = np.average(x, axis=0, weights=share), x.std(axis=0) + 1e-9
    z = np.c_[(x - mean) / scale, np.ones(len(x))]
    found = _newton(z, y.astype(float), share, np.array([0.02] * x.shape[1] + [1e-6]))
    slopes = found[:-1] / scale
    return np.asarray([*slopes, found[-1] - mean @ slopes])


def share_of(
    truth: Truth, kinds: Sequence[str], prior: float, counting: Mapping[str, float]
) -> Array:
    """How much each row counts: right ones ``prior`` of all, kinds alike but for ``counting``."""
    rows = list(zip(kinds, truth.tolist(), strict=True))
    sizes = Counter(rows)
    share = np.array([counting.get(kind, 1.0) / sizes[kind, right] for kind, right in rows])
    for value, part in ((True, prior), (False, 1 - prior)):
        chosen = truth == value
        share[chosen] *= part / share[chosen].sum()
    return share


def _newton(z: Array, y: Array, share: Array, penalty: Array) -> Array:
    total = share.sum()
    weight = np.zeros(z.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(z @ weight, -30, 30)))
        gradient = z.T @ (share * (p - y)) / total + penalty * weight
        curve = (z * (share * p * (1 - p))[:, None]).T @ z / total + np.diag(penalty)
        step = np.linalg.solve(curve, gradient)
        weight -= step
        if np.abs(step).max() < 1e-7:
            break
    return weight
