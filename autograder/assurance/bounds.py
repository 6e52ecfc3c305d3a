"""What a number of runs proves: exact binomial bounds, clouds of scores, and the bar between two clouds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST_SD = 1e-3
"""Below this a cloud's spread is not believed: scores are shares of a few thousand reviews."""


@dataclass(frozen=True)
class Cloud:
    """The scores of some runs: how many, where, how wide."""

    runs: int
    mean: float
    sd: float
    min: float
    max: float


def cloud(scores: Sequence[float]) -> Cloud:
    """Summary of at least one score; ``sd`` is the sample's (n - 1), 0 for a single one."""
    n = len(scores)
    if n == 0:
        raise ValueError("a cloud needs a score (got 0)")
    mean = math.fsum(scores) / n
    sd = math.sqrt(math.fsum((score - mean) ** 2 for score in scores) / (n - 1)) if n > 1 else 0.0
    return Cloud(n, round(mean, 5), round(sd, 5), round(min(scores), 5), round(max(scores), 5))


def upper_bound(failures: int, runs: int, confidence: float = 0.95) -> float:
    """The largest failure rate that still fits, one-sided (Clopper and Pearson, Biometrika 26, 1934).

    With no failure it is 1 - (1 - confidence)^(1/runs), about 3/runs at 95 %.
    """
    if not 0 <= failures <= runs or runs == 0:
        raise ValueError(f"failures lie between 0 and the number of runs (got {failures} of {runs})")
    if failures == runs:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        if _at_most(failures, runs, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def false_fail_bound(failures: int, runs: int, *, tries: int, confidence: float = 0.95) -> float:
    """How often a right answer can fail at most, when one of ``tries`` independent runs must pass."""
    return upper_bound(failures, runs, confidence) ** tries


def distance(bar: float, found: Cloud) -> float:
    """How many standard deviations of the cloud lie between its mean and the bar (negative: bar below)."""
    return (bar - found.mean) / max(found.sd, SMALLEST_SD)


def bar_between(right: Cloud, wrong: Cloud) -> float:
    """The score that is as many standard deviations below the right cloud as above the wrong one."""
    a, b = max(right.sd, SMALLEST_SD), max(wrong.sd, SMALLEST_SD)
    return (right.mean * b + wrong.mean * a) / (a + b)


def _at_most(successes: int, runs: int, rate: float) -> float:
    """P(X <= successes) for X binomial(runs, rate)."""
    return math.fsum(math.comb(runs, k) * rate**k * (1 - rate) ** (runs - k) for k in range(successes + 1))
