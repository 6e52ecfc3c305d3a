"""The statistics of a class report, in numpy alone; docs/class-report.md says what each one means.

What is not defined for some data (one student, everybody alike) is None with a sentence, never nan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

KELLEY = 0.27
"""Share of a class in each of the two groups that are compared (Kelley 1939)."""
RESAMPLES = 2000
NORMAL_95 = 1.96
TOO_FEW = "at least two students are needed"
ALIKE = "everybody has the same result here"
ALIKE_ELSEWHERE = "everybody has the same points in the rest"
ALIKE_IN_ALL = "everybody has the same points"


@dataclass(frozen=True)
class Number:
    """A statistic; where it is not defined, ``value`` is None and ``why`` says so."""

    value: float | None
    why: str = ""


@dataclass(frozen=True)
class Interval:
    """Where a statistic lies, with 95 % confidence; both ends are None where that is not defined."""

    low: float | None
    high: float | None
    why: str = ""


def mean(values: ArrayLike) -> Number:
    """The mean; the success rate, where the values are 0 and 1."""
    found = np.asarray(values, dtype=float)
    return Number(float(found.mean())) if found.size else Number(None, "there is nobody to count")


def deviation(values: ArrayLike) -> Number:
    """The standard deviation of a sample (with n - 1)."""
    found = np.asarray(values, dtype=float)
    return Number(float(found.std(ddof=1))) if found.size > 1 else Number(None, TOO_FEW)


def item_rest(item: ArrayLike, total: ArrayLike) -> Number:
    """Corrected item-total correlation: of an item's points with the points in all the rest.

    Args:
        item: points of each student in the item.
        total: points of each student in everything, the item included.
    """
    own = np.asarray(item, dtype=float)
    rest = np.asarray(total, dtype=float) - own
    if own.size < 2:
        return Number(None, TOO_FEW)
    if _constant(own):
        return Number(None, ALIKE)
    if _constant(rest):
        return Number(None, ALIKE_ELSEWHERE)
    own, rest = own - own.mean(), rest - rest.mean()
    return Number(float(own @ rest / math.sqrt((own @ own) * (rest @ rest))))


def correlation_interval(correlation: Number, students: int) -> Interval:
    """The 95 % interval of a correlation, by Fisher's z; four students at least."""
    if correlation.value is None:
        return Interval(None, None, correlation.why)
    if students < 4:
        return Interval(None, None, "at least four students are needed")
    z = math.atanh(min(max(correlation.value, -1 + 1e-12), 1 - 1e-12))
    half = NORMAL_95 / math.sqrt(students - 3)
    return Interval(math.tanh(z - half), math.tanh(z + half))


def upper_lower(item: ArrayLike, total: ArrayLike, share: float = KELLEY) -> Number:
    """How much more the best part of a class achieves in an item than the weakest part of the same size.

    Students with equal totals at the edge of a part share the places that are left there, so that the
    order in which students stand changes nothing.

    Args:
        item: what each student achieved in the item, from 0 to 1.
        total: what the class is ordered by.
        share: the size of each part, at most a half.
    """
    if not 0 < share <= 0.5:
        raise ValueError(f"share must lie between 0 and a half (got {share})")
    own, order = np.asarray(item, dtype=float), np.asarray(total, dtype=float)
    if own.size < 2:
        return Number(None, TOO_FEW)
    if _constant(order):
        return Number(None, ALIKE_IN_ALL)
    places = max(1, round(share * own.size))
    return Number(float(_best(order, places) @ own - _best(-order, places) @ own) / places)


def alpha(points: ArrayLike) -> Number:
    """Cronbach's alpha of items (columns) over students (rows)."""
    found = np.asarray(points, dtype=float)
    if found.ndim != 2 or found.shape[1] < 2:
        return Number(None, "at least two exercises are needed")
    if found.shape[0] < 2:
        return Number(None, TOO_FEW)
    if _constant(found.sum(axis=1)):
        return Number(None, ALIKE_IN_ALL)
    items = found.shape[1]
    own, whole = found.var(axis=0, ddof=1).sum(), found.sum(axis=1).var(ddof=1)
    return Number(float(items / (items - 1) * (1.0 - own / whole)))


def alpha_without(points: ArrayLike) -> list[Number]:
    """Alpha of the other items, for each item."""
    found = np.asarray(points, dtype=float)
    return [alpha(np.delete(found, item, axis=1)) for item in range(found.shape[1])]


def alpha_interval(points: ArrayLike, *, seed: int = 0, resamples: int = RESAMPLES) -> Interval:
    """The 95 % interval of alpha: the middle of the alphas of ``resamples`` classes drawn from this one.

    A drawn class in which everybody has the same points has no alpha and is left out.
    """
    whole = alpha(points)
    if whole.value is None:
        return Interval(None, None, whole.why)
    found = np.asarray(points, dtype=float)
    found = found - found.mean(axis=0)
    students, items = found.shape
    # a drawn class is told by how often each student is in it
    often = np.random.default_rng(seed).multinomial(students, [1 / students] * students, size=resamples)
    own = _variances(often, found).sum(axis=1)
    total = _variances(often, found.sum(axis=1, keepdims=True))[:, 0]
    defined = total > 1e-9 * total.max()
    if not defined.any():
        return Interval(None, None, "too few students differ")
    alphas = items / (items - 1) * (1.0 - own[defined] / total[defined])
    low, high = np.percentile(alphas, [2.5, 97.5])
    return Interval(float(low), float(high))


def measurement_error(points: ArrayLike) -> Number:
    """The standard error of measurement: how far chance alone moves somebody's points, typically."""
    whole = alpha(points)
    if whole.value is None:
        return whole
    spread = float(np.asarray(points, dtype=float).sum(axis=1).std(ddof=1))
    return Number(spread * math.sqrt(max(0.0, 1.0 - whole.value)))


def _variances(often: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The variance of each column of ``values`` in each class, where a class has a row of ``often``."""
    students = len(values)
    means = often @ values / students
    return np.asarray((often @ values**2 - students * means**2) / (students - 1))


def _best(order: NDArray[np.float64], places: int) -> NDArray[np.float64]:
    """How much of a place each student has among the first ``places``, largest first."""
    edge = np.sort(order)[-places]
    above, at = order > edge, order == edge
    return np.asarray(above + at * ((places - above.sum()) / at.sum()))


def _constant(values: NDArray[np.float64]) -> bool:
    """Whether all values are the same, up to what adding numbers in another order changes."""
    return bool(np.ptp(values) <= 1e-9 * max(1.0, float(np.abs(values).max())))
