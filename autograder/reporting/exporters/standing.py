"""Where each student stands in an assignment: what the gradebook says of them, and the Report behind it.

The one reading of the gradebook for class reports, exports and everything else that looks at a whole
class; nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nbgrader.api import Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.converters import Autograde

from autograder.course import Course, find_assignment
from autograder.grading import store
from autograder.grading.nbgrader_plugin import gradebook
from autograder.grading.nbgrader_plugin.recorded import recorded_key
from autograder.grading.nbgrader_plugin.recording import nbgrader_app
from autograder.grading.report import Report
from autograder.grading.rubrics import read_rubrics
from autograder.reporting.exporters.feedback import decisions
from autograder.reporting.feedback import ManualGrade


@dataclass(frozen=True)
class Standing:
    """One student in one assignment.

    ``handed_in`` is False where the gradebook knows of no submission.  ``report`` is the one that the grade
    was written from; None where there is no grade by the kit, or where the store has forgotten it (``key``
    then still names it).  ``score`` is what counts now: checks, people's decisions and extra points, less
    ``late_penalty``; None where there is no grade, which is never the same as zero.  ``waiting`` says that a
    person has still to grade something.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    max_score: float
    handed_in: bool = False
    key: str = ""
    report: Report | None = None
    decided: tuple[ManualGrade, ...] = ()
    late_penalty: float = 0.0
    score: float | None = None
    waiting: bool = False


def class_standing(course: Course, assignment_name: str) -> list[Standing]:
    """Every student that the gradebook knows, in the order of their names in it.

    The late penalty is worked out anew, with today's due date and extensions.

    Raises CourseError when there is no such assignment.
    """
    assignment = find_assignment(course, assignment_name)
    max_score = sum(assignment.points.values()) + sum(assignment.manual.values())
    app = nbgrader_app(course)
    app.coursedir.assignment_id = assignment_name
    converter = Autograde(coursedir=app.coursedir, parent=app)
    try:
        with gradebook.opened(app.coursedir) as book:
            codes = read_rubrics(course, assignment).comments
            return [
                _standing(course, converter, book, assignment_name, who, max_score, codes)
                for who in list(book.students)
            ]
    finally:
        app.deinit_logging()


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
        key=key,
        report=None if report is None else report.of(who.id),
        decided=() if report is None else tuple(decisions(notebook, report, codes)),
        late_penalty=penalty,
        score=max(0.0, round(float(submission.score) - penalty, 6)) if key else None,
        waiting=bool(notebook.needs_manual_grade),
    )
