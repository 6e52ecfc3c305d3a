"""What happened around the answers: repairs, limits, cells that stopped, time, questions, lateness."""

from __future__ import annotations

import statistics as plain
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.grading.report import Report
from autograder.reporting import statistics
from autograder.reporting.anonymous import Names
from autograder.reporting.exporters.standing import Standing
from autograder.reporting.statistics import Number
from autograder.reporting.wording import wording


@dataclass(frozen=True)
class Event:
    """Something that happened to ``students`` of them; ``where`` is a cell or a function, or "" for many."""

    where: str
    what: str
    students: int


@dataclass(frozen=True)
class Question:
    """One question that a person grades: how many answers have points, and how many still wait."""

    name: str
    max_points: float
    graded: int
    waiting: int
    mean: Number


@dataclass(frozen=True)
class Seconds:
    """How long grading a submission took, by the clock; None where nothing was graded."""

    median: float | None
    longest: float | None
    together: float


@dataclass(frozen=True)
class Late:
    """Who handed in after the due date, and what it cost them."""

    students: int
    with_penalty: int
    points: float


def repairs(reports: Iterable[Report], names: Names) -> tuple[Event, ...]:
    """What intake put right, the most frequent first; the same sentence about several cells is one event."""
    found = [
        (report.student, item.cell, wording(item.what).key) for report in reports for item in report.repairs
    ]
    return _events(found, names, by_place=False)


def limits(reports: Iterable[Report], names: Names) -> tuple[Event, ...]:
    """Limits that were met, by cell or function."""
    found = [(report.student, item.where, item.what) for report in reports for item in report.limits_met]
    return _events(found, names, by_place=True)


def stops(reports: Iterable[Report], names: Names) -> tuple[Event, ...]:
    """Cells that stopped with an error when the notebook was run."""
    found = [
        (report.student, run.cell, wording(run.error).key)
        for report in reports
        for run in report.cells
        if run.outcome != "ok" and run.error
    ]
    return _events(found, names, by_place=True)


def unreadable(reasons: Iterable[str], names: Names) -> tuple[Event, ...]:
    """Why notebooks could not be read."""
    found = [(str(number), "", wording(reason).key) for number, reason in enumerate(reasons)]
    return _events(found, names, by_place=False)


def seconds(reports: Sequence[Report]) -> Seconds:
    """How long grading took."""
    took = [report.seconds for report in reports]
    if not took:
        return Seconds(None, None, 0.0)
    return Seconds(round(plain.median(took), 2), round(max(took), 2), round(sum(took), 1))


def late(standings: Iterable[Standing]) -> Late:
    """Who was late."""
    found = [one for one in standings if one.late_seconds > 0]
    penalties = [one.late_penalty for one in found if one.late_penalty > 0]
    return Late(len(found), len(penalties), round(sum(penalties), 2))


def questions(manual: Mapping[str, float], standings: Iterable[Standing]) -> tuple[Question, ...]:
    """What people gave to each question, of those who have a grade."""
    decided = [
        {grade.cell: grade.points for grade in one.decided} for one in standings if one.report is not None
    ]
    found = []
    for name, most in manual.items():
        points = [grades.get(name) for grades in decided]
        given = [value for value in points if value is not None]
        mean = statistics.mean(given) if given else Number(None, "nobody's answer is graded yet")
        found.append(Question(name, most, len(given), len(points) - len(given), mean))
    return tuple(found)


def _events(found: Iterable[tuple[str, str, str]], names: Names, *, by_place: bool) -> tuple[Event, ...]:
    who: dict[tuple[str, str], set[str]] = {}
    for student, where, what in found:
        # "cell 12" is another cell in every notebook
        place = where if by_place and not where.startswith("cell ") else ""
        who.setdefault((place, what), set()).add(student)
    events = [
        Event(names.without(where), names.without(what), len(people)) for (where, what), people in who.items()
    ]
    return tuple(sorted(events, key=lambda event: (-event.students, event.where, event.what)))
