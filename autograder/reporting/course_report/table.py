"""The course report as one table, for a spreadsheet: a row per student and assignment, or goal, and so on."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.reporting.course_report.report import CourseReport, Person
from autograder.reporting.tables import Cell, csv_of_named

COLUMNS = (
    "kind",
    "student",
    "assignment",
    "goal",
    "state",
    "points",
    "max_points",
    "share",
    "students",
    "reached",
    "partly",
    "not_yet",
    "not_started",
    "alpha",
    "text",
)
Row = dict[str, Cell]


def course_table(report: CourseReport) -> bytes:
    """The CSV file."""
    return csv_of_named(COLUMNS, _rows(report))


def _rows(report: CourseReport) -> Iterator[Row]:
    for note in report.notes:
        yield {"kind": "note", "text": note}
    for each in report.assignments:
        yield {
            "kind": "assignment",
            "assignment": each.assignment,
            "students": each.handed_in,
            "share": each.quartiles[1] if each.quartiles else None,
            "alpha": each.alpha,
            "text": each.title,
        }
    for goal in report.goals:
        yield {
            "kind": "goal",
            "assignment": " ".join(dict.fromkeys(name for name, _ in goal.parts)),
            "goal": goal.words,
            "share": goal.share,
            "students": goal.known,
            "reached": goal.reached,
            "partly": goal.partly,
            "not_yet": goal.not_yet,
            "not_started": goal.not_started,
            "text": " ".join(part for _, part in goal.parts),
        }
    for person in report.people:
        yield from _person(report, person)


def _person(report: CourseReport, person: Person) -> Iterator[Row]:
    yield {
        "kind": "student",
        "student": person.who,
        "points": person.points,
        "max_points": person.max_points,
        "reached": person.reached,
    }
    for mark in person.marks:
        yield {
            "kind": "result",
            "student": person.who,
            "assignment": mark.assignment,
            "state": _state(handed_in=mark.handed_in, graded=mark.score is not None, waiting=mark.waiting),
            "points": mark.score,
            "max_points": mark.max_score,
            "share": mark.share,
            "text": "late" if mark.late else "",
        }
    for goal, state in zip(report.goals, person.goals, strict=True):
        yield {
            "kind": "progress",
            "student": person.who,
            "assignment": " ".join(dict.fromkeys(name for name, _ in goal.parts)),
            "goal": goal.words,
            "state": state,
        }


def _state(*, handed_in: bool, graded: bool, waiting: bool) -> str:
    if not handed_in:
        return "not handed in"
    if not graded:
        return "no grade"
    return "so far" if waiting else "graded"
