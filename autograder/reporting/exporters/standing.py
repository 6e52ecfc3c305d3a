"""Where each student stands in an assignment: what the gradebook says of them, and the Report behind it.

The one reading of the gradebook for class reports, exports and everything else that looks at a whole
class; nothing is written but the due dates of late.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from nbgrader.api import Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde

from autograder.course import Course, find_assignment
from autograder.grading import store
from autograder.grading.nbgrader_plugin import due_dates, gradebook
from autograder.grading.nbgrader_plugin.recorded import recorded_key
from autograder.grading.nbgrader_plugin.running import running
from autograder.grading.report import Report
from autograder.grading.rubrics import read_rubrics
from autograder.reporting.exporters.feedback import decisions
from autograder.reporting.feedback import ManualGrade


@dataclass(frozen=True)
class Standing:
    """One student in one assignment.

    ``handed_in`` is False where the gradebook knows of no submission; ``time`` is that of the submission, in
    UTC without saying so, as nbgrader has it.  ``report`` is the one that the grade
    was written from; None where there is no grade by the kit, or where the store has forgotten it (``key``
    then still names it).  ``points`` are those of each exercise and answer, None where a person has still to
    give them; ``score`` is what counts now: checks, people's decisions and extra points, less
    ``late_penalty``; None where there is no grade, which is never the same as zero.  ``waiting`` says that a
    person has still to grade something, ``late_seconds`` how long after the due date it was handed in.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    max_score: float
    handed_in: bool = False
    time: datetime | None = None
    key: str = ""
    report: Report | None = None
    decided: tuple[ManualGrade, ...] = ()
    points: Mapping[str, float | None] = field(default_factory=dict)
    late_penalty: float = 0.0
    score: float | None = None
    waiting: bool = False
    late_seconds: float = 0.0


def class_standing(course: Course, assignment_name: str, *, app: NbGrader | None = None) -> list[Standing]:
    """Every student that the gradebook knows, in the order of their names in it.

    The late penalty is worked out anew, with today's due date and extensions.

    Args:
        course: where everything lies.
        assignment_name: the assignment.
        app: the command of nbgrader's that runs already; None for one of our own.
    Raises:
        CourseError: there is no such assignment, late.toml has a mistake, or the gradebook cannot be used.
    """
    assignment = find_assignment(course, assignment_name)
    max_score = sum(assignment.points.values()) + sum(assignment.manual.values())
    with running(course) if app is None else nullcontext(app) as running_app:
        coursedir = running_app.coursedir
        coursedir.assignment_id = assignment_name
        if not gradebook.is_there(coursedir):
            return []  # looking at a class makes no gradebook
        due_dates.enter(coursedir, course)
        converter = Autograde(coursedir=coursedir, parent=running_app)
        codes = read_rubrics(course, assignment).comments
        with gradebook.opened(coursedir) as book:
            return [
                _standing(course, converter, book, assignment_name, who, max_score, codes)
                for who in list(book.students)
            ]


def course_name(course: Course) -> str:
    """The name that nbgrader's configuration gives the course; its folder's where there is none."""
    with running(course) as app:
        return str(app.coursedir.course_id) or course.root.name


def _standing(
    course: Course,
    converter: Autograde,
    book: Gradebook,
    assignment: str,
    who: Student,
    max_score: float,
    codes: Mapping[str, str],
) -> Standing:
    person = Standing(
        student=who.id,
        first_name=who.first_name or "",
        last_name=who.last_name or "",
        email=who.email or "",
        lms_user_id=who.lms_user_id or "",
        max_score=max_score,
    )
    try:
        submission: SubmittedAssignment = book.find_submission(assignment, who.id)
        notebook = book.find_submission_notebook(assignment, assignment, who.id)
    except MissingEntry:
        return person
    key = recorded_key(converter.coursedir, assignment, who.id)
    report = store.get(course.state, key) if key else None
    penalty = gradebook.late_penalty(converter, book, assignment, who.id)
    return replace(
        person,
        handed_in=True,
        time=submission.timestamp,
        key=key,
        report=None if report is None else report.of(who.id),
        decided=() if report is None else tuple(decisions(notebook, report, codes)),
        points=_points(notebook),
        late_penalty=penalty,
        score=max(0.0, round(float(submission.score) - penalty, 6)) if key else None,
        waiting=bool(notebook.needs_manual_grade),
        late_seconds=max(0.0, float(submission.total_seconds_late)),
    )


def _points(notebook: SubmittedNotebook) -> dict[str, float | None]:
    """The points of each exercise and answer, as the gradebook counts them."""
    return {
        grade.name.removesuffix("_checks"): (
            None if grade.manual_score is None and grade.auto_score is None else float(grade.score)
        )
        for grade in notebook.grades
    }
