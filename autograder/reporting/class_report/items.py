"""Item analysis: how hard each exercise and each check is, and whether it tells students apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from autograder.reporting import statistics
from autograder.reporting.class_report.responses import Check, Responses
from autograder.reporting.statistics import Interval, Number

Numbers = NDArray[Any]


class Telling(TypedDict):
    """What an item says about who is good in the rest."""

    discrimination: Number
    likely: Interval
    upper_lower: Number


@dataclass(frozen=True)
class Item:
    """What the class did with one exercise or one check.

    ``students`` are those that the item is judged by, ``solved`` those of them who got all of it;
    ``success`` is their share.  ``difficulty`` is the mean share of its points among all who handed in an
    answer to anything: 1 is easy.  ``discrimination`` is the item-rest correlation.
    """

    students: int
    solved: int
    success: Number
    difficulty: Number
    discrimination: Number
    likely: Interval
    upper_lower: Number


@dataclass(frozen=True)
class CheckItem:
    """One check: its item, and how often each outcome was met."""

    name: str
    claim: str
    points: float
    item: Item
    outcomes: Mapping[str, int]
    seconds: float


@dataclass(frozen=True)
class ExerciseItem:
    """One exercise: its item, its checks, and what alpha is without it.

    ``in_part`` and ``nothing`` count those who answered and got a part of the points, or none;
    ``not_attempted`` those whose starter is untouched, and ``not_found`` those in whose notebook no such
    function was.
    """

    name: str
    max_points: float
    mean_points: Number
    item: Item
    in_part: int
    nothing: int
    not_attempted: int
    not_found: int
    alpha_without: Number
    seconds: float
    checks: tuple[CheckItem, ...]


def exercise_items(responses: Responses) -> tuple[ExerciseItem, ...]:
    """Every exercise with its checks, in the notebook's order."""
    if not responses.reports:
        return ()
    without = statistics.alpha_without(responses.points)
    return tuple(
        _exercise(responses, place, name, without[place]) for place, name in enumerate(responses.exercises)
    )


def _exercise(responses: Responses, place: int, name: str, without: Number) -> ExerciseItem:
    points, most = responses.points[:, place], responses.exercises[name]
    columns = responses.columns(name)
    answered = responses.answered[:, columns].any(axis=1)
    checks = tuple(_check(responses, column) for column in columns)
    first = Counter(verdict.outcome.value for verdict in responses.verdicts(responses.checks[columns[0]]))
    full = points >= most - 1e-9
    share = points / most if most else points
    return ExerciseItem(
        name=name,
        max_points=most,
        mean_points=statistics.mean(points),
        item=Item(
            students=int(answered.sum()),
            solved=int((full & answered).sum()),
            success=statistics.mean((full & answered)[answered]),
            difficulty=statistics.mean(share),
            **_telling_apart(share, points, responses.totals),
        ),
        in_part=int((answered & ~full & (points > 0)).sum()),
        nothing=int((answered & ~full & (points <= 0)).sum()),
        not_attempted=first["NOT_ATTEMPTED"],
        not_found=int((~answered).sum()) - first["NOT_ATTEMPTED"],
        alpha_without=without,
        seconds=round(sum(check.seconds for check in checks), 3),
        checks=checks,
    )


def _check(responses: Responses, column: int) -> CheckItem:
    check: Check = responses.checks[column]
    answered = responses.answered[:, column]
    # who has no function fails all its checks alike, which tells nothing about this one
    passed, totals = responses.passed[answered, column].astype(float), responses.totals[answered]
    verdicts = responses.verdicts(check)
    return CheckItem(
        name=check.name,
        claim=check.claim,
        points=round(check.points, 2),
        item=Item(
            students=int(answered.sum()),
            solved=int(passed.sum()),
            success=statistics.mean(passed),
            difficulty=statistics.mean(responses.passed[:, column]),
            **_telling_apart(passed, passed * check.points, totals),
        ),
        outcomes=dict(Counter(verdict.outcome.value for verdict in verdicts)),
        seconds=round(float(np.median([verdict.seconds for verdict in verdicts])), 3),
    )


def _telling_apart(share: Numbers, points: Numbers, totals: Numbers) -> Telling:
    """The two discriminations of an item; ``share`` is its result from 0 to 1, ``points`` what that gives."""
    discrimination = statistics.item_rest(points, totals)
    return {
        "discrimination": discrimination,
        "likely": statistics.correlation_interval(discrimination, len(share)),
        "upper_lower": statistics.upper_lower(share, totals),
    }
