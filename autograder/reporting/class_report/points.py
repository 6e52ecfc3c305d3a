"""How the points of a class are distributed."""

from __future__ import annotations

import math
import statistics as plain
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.reporting import statistics
from autograder.reporting.statistics import Number

MOST_BINS = 12
STEPS = (0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)


@dataclass(frozen=True)
class Bin:
    """Students whose points are at least ``low`` and less than ``high``; in the last bin also more."""

    low: float
    high: float
    students: int


@dataclass(frozen=True)
class Points:
    """The points of those who have a grade; ``full`` have all of them, ``waiting`` may get more."""

    students: int
    max_points: float
    mean: Number
    median: Number
    deviation: Number
    lowest: Number
    highest: Number
    full: int
    waiting: int
    bins: tuple[Bin, ...]


def points_of(scores: Sequence[float], *, max_points: float, waiting: int) -> Points:
    """The distribution of ``scores``, one per student who has a grade."""
    nobody = Number(None, "nobody has a grade yet")
    return Points(
        students=len(scores),
        max_points=max_points,
        mean=statistics.mean(scores) if scores else nobody,
        median=Number(float(plain.median(scores))) if scores else nobody,
        deviation=statistics.deviation(scores),
        lowest=Number(min(scores)) if scores else nobody,
        highest=Number(max(scores)) if scores else nobody,
        full=sum(score >= max_points - 1e-6 for score in scores),
        waiting=waiting,
        bins=bins_of(scores, max_points),
    )


def bins_of(scores: Sequence[float], max_points: float) -> tuple[Bin, ...]:
    """The points cut into at most MOST_BINS steps of a round width; extra points count in the last."""
    if max_points <= 0:
        return ()
    step = next((s for s in STEPS if max_points / s <= MOST_BINS), max_points)
    count = math.ceil(max_points / step - 1e-9)
    heights = [0] * count
    for score in scores:
        heights[min(count - 1, max(0, int((score + 1e-9) // step)))] += 1
    # who has all the points stands in the last bin, whose upper end they are
    return tuple(
        Bin(place * step, min((place + 1) * step, max_points), height) for place, height in enumerate(heights)
    )
