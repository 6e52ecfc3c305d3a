"""What the gradebook holds of a class, and what it would hold after another grading; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.converters import Autograde

from autograder.course import Assignment, Course, find_assignment
from autograder.grading import store
from autograder.grading.changes import Change, Held, HeldGrade, compare
from autograder.grading.nbgrader_plugin import gradebook
from autograder.grading.nbgrader_plugin.recording import nbgrader_app
from autograder.grading.nbgrader_plugin.submissions import recorded_key
from autograder.grading.nbgrader_plugin.verdicts import fault, points_of
from autograder.grading.report import Report


@dataclass(frozen=True)
class Books:
    """The gradebook of one assignment, open for reading; ``book`` is None where there is none yet."""

    course: Course
    assignment: Assignment
    converter: Autograde
    book: Gradebook | None

    def held(self, student: str) -> Held | None:
        """What is recorded of a student; None where nothing is.  The Report is taken from the store."""
        notebook = self._notebook(student)
        if notebook is None:
            return None
        key = recorded_key(self.converter.coursedir, self.assignment.name, student)
        report = store.get(self.course.state, key) if key else None
        penalty = float(notebook.late_submission_penalty or 0.0)
        return Held(
            key=key,
            report=None if report is None else report.of(student),
            grades={grade.name.removesuffix("_checks"): _held_grade(grade) for grade in notebook.grades},
            score=_rounded(float(notebook.score) - penalty),
            penalty=penalty,
            comments={one.name: one.manual_comment for one in notebook.comments if one.manual_comment},
        )

    def change(self, held: Held | None, report: Report) -> Change:
        """What recording ``report`` would change for its student."""
        broken = fault(report, self.assignment)
        if broken:
            return compare(held, report, score=held.score if held else None, penalty=0.0, broken=broken)
        score, penalty = self._foreseen(report)
        return compare(held, report, score=score, penalty=penalty)

    def _foreseen(self, report: Report) -> tuple[float, float]:
        """(score less the late penalty, that penalty) with the points of ``report``, by nbgrader's own rules.

        The points are entered in a transaction that is taken back.
        """
        notebook = self._notebook(report.student)
        if notebook is None or self.book is None:
            return (0.0 if report.unreadable else report.points), 0.0
        try:
            for grade in notebook.grades:
                name = grade.name.removesuffix("_checks")
                if name in report.exercises:
                    grade.auto_score = points_of(report, name)
            self.book.db.flush()
            self.book.db.expire_all()
            penalty = gradebook.late_penalty(self.converter, self.book, self.assignment.name, report.student)
            return _rounded(float(notebook.score) - penalty), penalty
        finally:
            self.book.db.rollback()

    def _notebook(self, student: str) -> SubmittedNotebook | None:
        if self.book is None:
            return None
        try:
            return self.book.find_submission_notebook(self.assignment.name, self.assignment.name, student)
        except MissingEntry:
            return None


@contextmanager
def opened_books(course: Course, assignment_name: str) -> Iterator[Books]:
    """The gradebook of one assignment, for reading; none is made where there is none."""
    assignment = find_assignment(course, assignment_name)
    app = nbgrader_app(course)
    app.coursedir.assignment_id = assignment_name
    converter = Autograde(coursedir=app.coursedir, parent=app)
    file = gradebook.sqlite_file(app.coursedir.db_url)
    try:
        if file is not None and not file.is_file():
            yield Books(course, assignment, converter, None)
            return
        with gradebook.opened(app.coursedir) as book:
            yield Books(course, assignment, converter, book)
    finally:
        app.deinit_logging()


def held_by(course: Course, assignment_name: str, students: list[str]) -> Mapping[str, Held]:
    """By student: what is recorded now; who has no grade is not among them."""
    with opened_books(course, assignment_name) as books:
        found = {student: books.held(student) for student in students}
    return {student: held for student, held in found.items() if held is not None}


def changes(
    course: Course, assignment_name: str, held: Mapping[str, Held], reports: list[Report]
) -> list[Change]:
    """What recording these Reports would change, in their order; ``held`` was read before they were made."""
    with opened_books(course, assignment_name) as books:
        return [books.change(held.get(report.student), report) for report in reports]


def _held_grade(grade: object) -> HeldGrade:
    return HeldGrade(
        automatic=grade.auto_score,  # type: ignore[attr-defined]  # nbgrader carries no types
        given=grade.manual_score,  # type: ignore[attr-defined]
        extra=grade.extra_credit or 0.0,  # type: ignore[attr-defined]
        flagged=bool(grade.needs_manual_grade),  # type: ignore[attr-defined]
    )


def _rounded(score: float) -> float:
    return max(0.0, round(score, 6))
