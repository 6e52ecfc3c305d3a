"""Grades as plain CSV and JSON, with the points of each exercise; and a CSV that Moodle's gradebook imports.

What is no grade is blank here and null there, never zero.  No text of ours starts a formula in a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from autograder.lms.people import Person
from autograder.reporting.tables import csv_of, json_of

WAITING = "waits for a person to grade an answer"
PERSON = ("student", "last_name", "first_name", "email", "lms_user_id")
GRADE = ("handed_in", "score", "max_score", "late_penalty", "waiting_for_a_person", "without_grade_because")


@dataclass(frozen=True)
class Line:
    """One student in one assignment.

    ``score`` is None where no grade goes out, and ``why`` says why.  ``points`` are by exercise, None where
    there are none or a person has still to give them.  ``has_report``: a feedback page can be made.
    ``stale``: something newer was handed in than the grade is of.
    """

    assignment: str
    person: Person
    max_score: float
    handed_in: bool = False
    score: float | None = None
    late_penalty: float = 0.0
    waiting: bool = False
    why: str = ""
    points: Mapping[str, float | None] = field(default_factory=dict)
    has_report: bool = False
    stale: bool = False


def as_csv(lines: Sequence[Line], exercises: Iterable[str]) -> bytes:
    """A row for each student and assignment, a column for each exercise."""
    names = list(dict.fromkeys(exercises))
    rows = [["assignment", *PERSON, *GRADE, *names]]
    for line in lines:
        person = line.person
        rows.append(
            [
                line.assignment,
                person.student,
                person.last_name,
                person.first_name,
                person.email,
                person.lms_user_id,
                "yes" if line.handed_in else "no",
                shown(line.score),
                shown(line.max_score),
                shown(line.late_penalty),
                "yes" if line.waiting else "no",
                line.why,
                *(shown(line.points.get(name)) for name in names),
            ]
        )
    return csv_of(rows)


def as_json(lines: Sequence[Line]) -> bytes:
    """``{"grades": [...]}``: the same, with null for what is no grade."""
    grades = [
        {
            "assignment": line.assignment,
            "student": line.person.student,
            "last_name": line.person.last_name,
            "first_name": line.person.first_name,
            "email": line.person.email,
            "lms_user_id": line.person.lms_user_id,
            "handed_in": line.handed_in,
            "score": line.score,
            "max_score": line.max_score,
            "late_penalty": line.late_penalty,
            "waiting_for_a_person": line.waiting,
            "without_grade_because": line.why,
            "points": dict(line.points),
        }
        for line in lines
    ]
    return json_of({"grades": grades})


def for_moodle(lines: Sequence[Line], title: str) -> tuple[bytes, list[str]]:
    """A sheet for Moodle's grade import, mapped by e-mail; and the graded students who have none."""
    graded = [line for line in lines if line.score is not None]
    rows = [["Email address", "First name", "Last name", title]]
    for line in graded:
        if line.person.email:
            person = line.person
            rows.append([person.email, person.first_name, person.last_name, shown(line.score)])
    return csv_of(rows), [line.person.shown for line in graded if not line.person.email]


def shown(points: float | None) -> str:
    """Points with at most two decimals; "" for none."""
    if points is None:
        return ""
    return f"{Decimal(str(points)).quantize(Decimal('0.01'), ROUND_HALF_UP).normalize():f}"
