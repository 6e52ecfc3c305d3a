"""Alpha in words: what it means that the exercises of an assignment agree, for a class of this size."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.reporting import statistics
from autograder.reporting.class_report.responses import Responses
from autograder.reporting.pages import decimal, number
from autograder.reporting.statistics import Interval, Number

FEW = 20
WIDE = 0.25
"""An interval wider than this says little, unless it is low from end to end."""
GOOD, FAIR, LOOSE = 0.8, 0.7, 0.5
"""Conventional bars of alpha (Nunnally): fit to compare persons, fit for a part of a mark, hardly."""


@dataclass(frozen=True)
class Consistency:
    """Alpha over the exercises, with its interval, the error of measurement in points, and the meaning."""

    students: int
    exercises: int
    alpha: Number
    interval: Interval
    error: Number
    sentences: tuple[str, ...]


def consistency(responses: Responses, *, seed: int = 0) -> Consistency:
    """How far the exercises of one assignment agree on who is good."""
    students, exercises = responses.points.shape
    alpha = statistics.alpha(responses.points)
    interval = statistics.alpha_interval(responses.points, seed=seed)
    error = statistics.measurement_error(responses.points)
    return Consistency(
        students, exercises, alpha, interval, error, tuple(meaning(students, alpha, interval, error))
    )


def meaning(students: int, alpha: Number, interval: Interval, error: Number) -> list[str]:
    """What the numbers mean, in plain sentences."""
    if alpha.value is None or interval.low is None or interval.high is None or error.value is None:
        return [f"Alpha cannot be worked out: {alpha.why or interval.why}."]
    known, sentence = _size(students, interval.low, interval.high)
    if not known:
        return [sentence]  # what the number would mean, if it were exact, would be read as if it were
    said = [sentence, _level(alpha.value)]
    if error.value > 0:
        apart = number(round(2.77 * error.value, 1))
        said.append(
            f"By chance alone, somebody's points move by about ± {number(round(error.value, 1))} (standard "
            f"error of measurement). Two students less than {apart} points apart are not told apart by this "
            "assignment."
        )
    return said


def _size(students: int, low: float, high: float) -> tuple[bool, str]:
    """Whether a class of this size says enough about alpha, and the sentence about it."""
    inside = f"With {students} students, alpha lies between {decimal(low, 2)} and {decimal(high, 2)} (95 %)."
    if students < FEW:
        return False, f"{inside} That is a small class: the number is a hint at best."
    if high - low > WIDE and high >= FAIR:
        return False, f"{inside} That is a wide range: this class cannot say how well the exercises agree."
    return True, f"{inside} That is exact enough for what follows."


def _level(alpha: float) -> str:
    if alpha >= GOOD:
        return "The exercises agree well: the points rank the class much as another set like it would."
    if alpha >= FAIR:
        return "The exercises agree fairly well: good enough for one assignment among several."
    if alpha >= LOOSE:
        return (
            "The exercises agree loosely: the sum of points says roughly who is strong; read it together "
            "with other assignments."
        )
    if alpha >= 0:
        return (
            "The exercises hardly agree: they ask for different things, or one is out of line. Read each by "
            "itself; the sum says little about who is strong."
        )
    return (
        "Who is strong in one exercise tends to be weak in another: look for an exercise that is out of line."
    )
