"""The verdicts of a class side by side: which Reports can be compared, and what each answer did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.checking.verdicts import Outcome, Verdict
from autograder.grading.report import Report

NO_ANSWER = frozenset({Outcome.NOT_ATTEMPTED, Outcome.MISSING, Outcome.BROKEN})
"""Outcomes of a check that had no function to look at."""
WHAT_ASKS = ("checks", "private", "thresholds", "release")
"""What two Reports must have been made with alike, for their verdicts to be compared."""


@dataclass(frozen=True)
class Check:
    """One check of an exercise; ``points`` is what passing it gives."""

    exercise: str
    name: str
    claim: str
    points: float


@dataclass(frozen=True)
class Responses:
    """Reports that can be compared, one row per student in every array.

    ``points`` has a column per exercise, ``passed`` and ``answered`` one per check.
    """

    reports: tuple[Report, ...]
    exercises: Mapping[str, float]
    checks: tuple[Check, ...]
    points: NDArray[np.float64]
    passed: NDArray[np.bool_]
    answered: NDArray[np.bool_]

    @property
    def totals(self) -> NDArray[np.float64]:
        """The automatic points of each student."""
        return np.asarray(self.points.sum(axis=1))

    def columns(self, exercise: str) -> list[int]:
        """Where the checks of an exercise stand."""
        return [place for place, check in enumerate(self.checks) if check.exercise == exercise]

    def verdicts(self, check: Check) -> list[Verdict]:
        """What became of a check, by student."""
        lines = (report.exercises[check.exercise].verdicts for report in self.reports)
        return [next(line for line in found if line.check == check.name) for found in lines]


@dataclass(frozen=True)
class Sorted:
    """Reports by what can be said of them: comparable ones, and how many are not and why.

    ``others`` were made with other checks than most, ``unreadable`` are notebooks that could not be read,
    ``untouched`` hold no answer at all.
    """

    responses: Responses
    others: int = 0
    unreadable: tuple[str, ...] = ()
    untouched: int = 0


def sort_out(reports: Sequence[Report]) -> Sorted:
    """Put aside what cannot be compared: first other checks, then what no check could look at."""
    made = Counter(made_with(report) for report in reports)
    usual = made.most_common(1)[0][0] if made else ()
    same = [report for report in reports if made_with(report) == usual]
    readable = [report for report in same if not report.unreadable]
    answering = [report for report in readable if any_answer(report)]
    return Sorted(
        responses=_responses(answering),
        others=len(reports) - len(same),
        unreadable=tuple(report.unreadable for report in same if report.unreadable),
        untouched=sum(bool(report.exercises) and not any_answer(report) for report in readable),
    )


def made_with(report: Report) -> tuple[object, ...]:
    """What the Report was made with, as far as it decides a verdict; the names of its checks included."""
    content = tuple(report.content.get(name, "") for name in WHAT_ASKS)
    lines = tuple((name, v.check) for name, item in report.exercises.items() for v in item.verdicts)
    return (*content, lines)


def any_answer(report: Report) -> bool:
    """Whether some function of the submission could be called."""
    return any(v.outcome not in NO_ANSWER for item in report.exercises.values() for v in item.verdicts)


def _responses(reports: Sequence[Report]) -> Responses:
    if not reports:
        empty = np.zeros((0, 0))
        return Responses((), {}, (), empty, empty.astype(bool), empty.astype(bool))
    first = reports[0]
    checks = []
    for name, item in first.exercises.items():
        weight = sum(verdict.weight for verdict in item.verdicts)
        checks += [Check(name, v.check, v.claim, item.max_points * v.weight / weight) for v in item.verdicts]
    outcomes = [
        {(name, v.check): v.outcome for name, item in report.exercises.items() for v in item.verdicts}
        for report in reports
    ]
    keys = [(check.exercise, check.name) for check in checks]
    return Responses(
        reports=tuple(reports),
        exercises={name: item.max_points for name, item in first.exercises.items()},
        checks=tuple(checks),
        points=np.array([[r.exercises[name].points for name in first.exercises] for r in reports]),
        passed=np.array([[found[key] is Outcome.PASSED for key in keys] for found in outcomes]),
        answered=np.array([[found[key] not in NO_ANSWER for key in keys] for found in outcomes]),
    )
