"""The class report as data: everything that page, CSV and JSON say about one assignment, and no name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.course import Assignment
from autograder.grading.report import Report
from autograder.reporting.anonymous import Names
from autograder.reporting.class_report import around
from autograder.reporting.class_report.around import Event, Late, Question, Seconds
from autograder.reporting.class_report.consistency import Consistency, consistency
from autograder.reporting.class_report.flags import Flag, flags_of
from autograder.reporting.class_report.items import ExerciseItem, exercise_items
from autograder.reporting.class_report.misconceptions import CellOf, Misconception, misconceptions
from autograder.reporting.class_report.points import Points, points_of
from autograder.reporting.class_report.responses import Sorted, sort_out
from autograder.reporting.exporters.standing import Standing

SCHEMA = 1


@dataclass(frozen=True)
class ClassReport:
    """What one assignment shows about a class.

    ``students`` are all that the gradebook knows; ``compared`` are those whose verdicts are in the item
    statistics, and ``notes`` say in sentences who is not, and why.
    """

    assignment: str
    title: str
    students: int
    handed_in: int
    graded: int
    compared: int
    notes: tuple[str, ...]
    points: Points
    flags: tuple[Flag, ...]
    exercises: tuple[ExerciseItem, ...]
    consistency: Consistency
    misconceptions: tuple[Misconception, ...]
    questions: tuple[Question, ...]
    late: Late
    unreadable: tuple[Event, ...]
    repairs: tuple[Event, ...]
    limits: tuple[Event, ...]
    stops: tuple[Event, ...]
    seconds: Seconds
    isolation: tuple[str, ...]
    schema: int = SCHEMA


@dataclass(frozen=True)
class Lost:
    """Reports that are not there any more: the store forgot them, or they cannot be read as they are."""

    forgotten: int = 0
    older: int = 0


def class_report(
    assignment: Assignment,
    standings: Sequence[Standing],
    *,
    title: str,
    names: Names,
    cell_of: CellOf,
    lost: Lost | None = None,
    checks_now: str = "",
) -> ClassReport:
    """Put the report together.

    Args:
        assignment: whose notebook says which exercises and questions there are.
        standings: where each student stands.
        title: the assignment's, as students know it.
        names: what would tell who somebody is.
        cell_of: a student's cell of an exercise, without comments and names.
        lost: how many Reports are not there, which only who sees the store can tell.
        checks_now: the hash of today's hidden checks; "" when it does not matter.
    """
    reports = [one.report for one in standings if one.report is not None]
    found = sort_out(reports)
    responses = found.responses
    items = exercise_items(responses)
    agreement = consistency(responses)
    return ClassReport(
        assignment=assignment.name,
        title=title,
        students=len(standings),
        handed_in=sum(one.handed_in for one in standings),
        graded=sum(one.score is not None for one in standings),
        compared=len(responses.reports),
        notes=_notes(standings, found, lost or Lost(), checks_now),
        points=_points(assignment, standings),
        flags=flags_of(items, agreement.alpha, students=len(responses.reports), by_hand=_by_hand(standings)),
        exercises=items,
        consistency=agreement,
        misconceptions=misconceptions(responses, names, cell_of),
        questions=around.questions(assignment.manual, standings),
        late=around.late(standings),
        unreadable=around.unreadable(found.unreadable, names),
        repairs=around.repairs(reports, names),
        limits=around.limits(reports, names),
        stops=around.stops(reports, names),
        seconds=around.seconds(reports),
        isolation=tuple(sorted({report.isolation for report in reports if report.isolation})),
    )


def _points(assignment: Assignment, standings: Sequence[Standing]) -> Points:
    graded = [one for one in standings if one.score is not None]
    return points_of(
        [one.score for one in graded if one.score is not None],
        max_points=sum(assignment.points.values()) + sum(assignment.manual.values()),
        waiting=sum(one.waiting for one in graded),
    )


def _notes(standings: Sequence[Standing], found: Sorted, lost: Lost, checks_now: str) -> tuple[str, ...]:
    """Who is not counted, or not compared, in sentences."""
    return (
        *_who_is_missing(standings, lost),
        *_who_is_put_aside(found.others, len(found.unreadable), found.untouched),
        *_old_checks(found.responses.reports, checks_now),
    )


def _by_hand(standings: Sequence[Standing]) -> Mapping[str, int]:
    """By exercise, of how many students a person decided the points."""
    return Counter(
        grade.cell
        for one in standings
        if one.report is not None
        for grade in one.decided
        if grade.points is not None
        and grade.cell in one.report.exercises
        and abs(grade.points - one.report.exercises[grade.cell].points) > 1e-6
    )


def _who_is_missing(standings: Sequence[Standing], lost: Lost) -> list[str]:
    """A sentence for each kind of student of whom there is no Report."""
    said = []
    if not standings:
        said.append("The gradebook knows no student yet: nothing was graded, so there is nothing to report.")
    elif not any(one.score is not None for one in standings):
        said.append("Nothing of this assignment is graded yet: run `autograder grade` first.")
    no_grade = sum(one.handed_in and one.score is None for one in standings)
    if no_grade:
        said.append(f"{_submissions(no_grade)} no grade by the kit; `autograder grade` gives it.")
    if lost.forgotten:
        said.append(
            f"The store has no Report any more of {_graded(lost.forgotten)}: the points count here, the "
            "checks do not. `autograder grade` brings them back."
        )
    if lost.older:
        said.append(
            f"The Report of {_graded(lost.older)} cannot be read: it is damaged or of another version of the "
            "kit. The points count here, the checks do not; `autograder grade` makes it anew."
        )
    return said


def _who_is_put_aside(others: int, unreadable: int, untouched: int) -> list[str]:
    """A sentence for each kind of Report that is not in the item statistics."""
    said = []
    if others:
        said.append(
            f"{_submissions(others)} been graded with other checks than most, so "
            f"{'its' if others == 1 else 'their'} verdicts are not compared with the others; "
            "`autograder grade` grades all with today's."
        )
    if unreadable:
        said.append(f"{_notebooks(unreadable)} could not be read and {_is(unreadable)} not counted below.")
    if untouched:
        said.append(f"{_notebooks(untouched)} held no answer at all and {_is(untouched)} not counted below.")
    return said


def _old_checks(reports: Sequence[Report], now: str) -> list[str]:
    if not reports or not now or reports[0].content.get("checks", now) == now:
        return []
    return ["The hidden checks have changed since this class was graded: `autograder grade` grades it anew."]


def _submissions(count: int) -> str:
    return "One submission has" if count == 1 else f"{count} submissions have"


def _graded(count: int) -> str:
    return "one graded submission" if count == 1 else f"{count} graded submissions"


def _notebooks(count: int) -> str:
    return "One notebook" if count == 1 else f"{count} notebooks"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
