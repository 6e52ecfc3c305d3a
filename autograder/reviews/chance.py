"""Every random decision of the corpus goes through a `Pick`, so that tests can enumerate them all."""

from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from itertools import accumulate

import numpy as np

Pick = Callable[[tuple[float, ...]], int]
"""Takes cumulative shares that end with 1.0, gives the index of the chosen share."""


@cache
def cumulative(weights: tuple[float, ...]) -> tuple[float, ...]:
    """The running sums of weights, scaled so that the last is exactly 1.0."""
    sums = tuple(accumulate(weights))
    return (*(s / sums[-1] for s in sums[:-1]), 1.0)


@cache
def evenly(n: int) -> tuple[float, ...]:
    """Cumulative shares of n equal chances."""
    return cumulative((1.0,) * n)


def picker(rng: np.random.Generator) -> Pick:
    """A Pick that draws from rng.

    It uses `rng.random()` alone: the stream of doubles is the part of a Generator that numpy has kept
    from version to version, while `choice`, `integers` and `shuffle` may change their algorithm.
    """

    def pick(shares: tuple[float, ...]) -> int:
        return bisect_right(shares, float(rng.random()), 0, len(shares) - 1)

    return pick


def order(n: int, rng: np.random.Generator) -> list[int]:
    """A random order of range(n), from doubles alone (see `picker`)."""
    return [int(i) for i in np.argsort(rng.random(n), kind="stable")]
