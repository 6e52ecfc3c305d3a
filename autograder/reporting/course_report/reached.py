"""How far one student is with one learning goal."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from autograder.checking.verdicts import Outcome
from autograder.reporting.course_report.goals import Goal
from autograder.reporting.exporters.feedback import UNANSWERED
from autograder.reporting.exporters.standing import Standing

ENOUGH = 0.8
"""The share of a goal's points with which it counts as reached: the usual bar of mastery learning."""


class Reached(enum.StrEnum):
    """How far somebody is; UNKNOWN where there is no Report, or the notebook could not be read."""

    REACHED = "reached"
    PARTLY = "partly"
    NOT_YET = "not yet"
    NOT_STARTED = "not started"
    NOT_HANDED_IN = "not handed in"
    WAITING = "waits for a person"
    UNKNOWN = "not known"


KNOWN = (Reached.REACHED, Reached.PARTLY, Reached.NOT_YET, Reached.NOT_STARTED)
"""States that say what somebody can or cannot; the others say nothing about it."""


def reached(goal: Goal, standings: Mapping[str, Standing]) -> tuple[Reached, float | None]:
    """How far one student is, and the share of the goal's points.

    Args:
        goal: the goal.
        standings: where the student stands, by assignment.
    """
    handed_in = [(standings[a], part) for a, part in goal.parts if a in standings and standings[a].handed_in]
    if not handed_in:
        return Reached.NOT_HANDED_IN, None
    handed_in = [
        (one, part) for one, part in handed_in if one.report is not None and not one.report.unreadable
    ]
    if not handed_in:
        return Reached.UNKNOWN, None
    found = [points for points in (_points(one, part) for one, part in handed_in) if points is not None]
    if not found:
        return Reached.WAITING, None
    most = sum(full for _, full in found)
    share = sum(got for got, _ in found) / most if most else 0.0
    if share >= ENOUGH - 1e-9:
        return Reached.REACHED, share
    if share > 0:
        return Reached.PARTLY, share
    started = any(_started(one, part) for one, part in handed_in)
    return (Reached.NOT_YET if started else Reached.NOT_STARTED), 0.0


def share_of(shares: Iterable[float | None]) -> float | None:
    """The mean of the shares that are known; None when none is."""
    found = [share for share in shares if share is not None]
    return sum(found) / len(found) if found else None


def _points(one: Standing, part: str) -> tuple[float, float] | None:
    """Points and maximum of a part: a person's where there are some, else the checks'; None when unknown."""
    if one.report is None:
        return None
    decided = next((grade for grade in one.decided if grade.cell == part), None)
    if decided is not None and decided.points is not None:
        return decided.points, decided.max_points
    exercise = one.report.exercises.get(part)
    return None if exercise is None else (exercise.points, exercise.max_points)


def _started(one: Standing, part: str) -> bool:
    exercise = one.report.exercises.get(part) if one.report is not None else None
    if exercise is None:
        return not any(grade.cell == part and grade.comment == UNANSWERED for grade in one.decided)
    return any(verdict.outcome is not Outcome.NOT_ATTEMPTED for verdict in exercise.verdicts)
