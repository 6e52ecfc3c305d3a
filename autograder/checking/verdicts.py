"""Verdicts: what became of one check, and the points that an exercise earns by them."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Outcome(enum.StrEnum):
    """What became of a check, from best to worst (a parametrised check has its worst case)."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    RAISED = "RAISED"
    TIMED_OUT = "TIMED_OUT"
    KILLED = "KILLED"
    MISSING = "MISSING"
    NOT_ATTEMPTED = "NOT_ATTEMPTED"
    BROKEN = "BROKEN"

    @property
    def severity(self) -> int:
        return list(Outcome).index(self)


@dataclass(frozen=True)
class Verdict:
    """One line of a student's feedback; ``seconds`` is wall time, ``seed`` replays the check."""

    check: str
    claim: str
    outcome: Outcome
    message: str = ""
    hint: str = ""
    weight: float = 1.0
    seed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class LimitMet:
    """A limit that the submission ran into: where, which one, and a sentence for the student."""

    where: str
    limit: str
    what: str


@dataclass(frozen=True)
class ExerciseResult:
    """The verdicts on one function and the points that follow from them."""

    points: float
    max_points: float
    verdicts: tuple[Verdict, ...]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that stands for all cases of a parametrised check: the first of the worst outcome."""
    return max(verdicts, key=lambda verdict: verdict.outcome.severity)


def result(verdicts: Iterable[Verdict], max_points: float) -> ExerciseResult:
    """Points = max_points × weight passed / weight, rounded to a hundredth so that sums read well."""
    lines = tuple(verdicts)
    total = sum(line.weight for line in lines)
    if total <= 0:
        raise ValueError(
            f"an exercise needs a check of positive weight (got {len(lines)} checks of weight {total})"
        )
    passed = sum(line.weight for line in lines if line.outcome is Outcome.PASSED)
    points = max_points if passed == total else round(max_points * passed / total, 2)
    return ExerciseResult(points, max_points, lines)
