"""What recording other Reports would change in the gradebook, by nbgrader's own rules; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde

from autograder.course import Assignment, Course, find_assignment
from autograder.grading.changes import Change, Held, compare
from autograder.grading.nbgrader_plugin import due_dates, gradebook, mirror
from autograder.grading.nbgrader_plugin.recorded import held, with_report
from autograder.grading.nbgrader_plugin.running import running
from autograder.grading.nbgrader_plugin.verdicts import fault, points_of
from autograder.grading.report import Report


@dataclass(frozen=True)
class Books:
    """The gradebook of one assignment, open for reading; ``book`` is None where there is none yet."""

    course: Course
    assignment: Assignment
    converter: Autograde
    book: Gradebook | None

    def held(self, students: Iterable[str]) -> dict[str, Held]:
        """What is recorded of these students; who has no grade is not among them."""
        name, coursedir = self.assignment.name, self.converter.coursedir
        found = {} if self.book is None else held(self.book, name)
        return {
            student: with_report(found[student], coursedir, self.course.state, name, student)
            for student in students
            if student in found
        }

    def change(self, held: Held | None, report: Report, handed_in: Path) -> Change:
        """What recording ``report``, on what lies in ``handed_in``, would change for its student."""
        broken = fault(report, self.assignment)
        if broken:
            return compare(held, report, score=held.score if held else None, penalty=0.0, broken=broken)
        score, penalty = self._foreseen(report, mirror.timestamp_of(handed_in))
        return compare(held, report, score=score, penalty=penalty)

    def _foreseen(self, report: Report, time: datetime | None) -> tuple[float, float]:
        """(score less the late penalty, that penalty) with the points of ``report``, by nbgrader's own rules.

        Points and time of handing in are entered in the open session, which is taken back.  A first grade
        is foreseen without a penalty: nbgrader knows of no submission that could be late.
        """
        name = self.assignment.name
        try:
            notebook = self.book and self.book.find_submission_notebook(name, name, report.student)
        except MissingEntry:
            notebook = None
        if self.book is None or notebook is None:
            return (0.0 if report.unreadable else report.points), 0.0
        for grade in notebook.grades:
            exercise = grade.name.removesuffix("_checks")
            if exercise in report.exercises:
                grade.auto_score = points_of(report, exercise)
        if time is not None:
            notebook.assignment.timestamp = time
        self.book.db.flush()
        self.book.db.refresh(notebook)
        penalty = gradebook.late_penalty(self.converter, self.book, name, report.student)
        return max(0.0, round(float(notebook.score) - penalty, 6)), penalty


@contextmanager
def opened_books(course: Course, assignment_name: str) -> Iterator[Books]:
    """The gradebook of one assignment, for reading; none is made where there is none."""
    assignment = find_assignment(course, assignment_name)
    with running(course, assignment_name) as app:
        converter = Autograde(coursedir=app.coursedir, parent=app)
        if not gradebook.is_there(app.coursedir):
            yield Books(course, assignment, converter, None)
            return
        with gradebook.opened(app.coursedir) as book:
            try:
                yield Books(course, assignment, converter, book)
            finally:
                book.db.rollback()  # what was only foreseen


def held_by(course: Course, assignment_name: str, students: Iterable[str]) -> Mapping[str, Held]:
    """By student: what is recorded now; who has no grade is not among them."""
    with opened_books(course, assignment_name) as books:
        return books.held(students)


def changes(
    course: Course,
    assignment_name: str,
    held: Mapping[str, Held],
    reports: Sequence[Report],
    handed_in: Mapping[str, Path],
) -> list[Change]:
    """What recording these Reports would change, in their order.

    Args:
        course, assignment_name: where.
        held: by student, what was recorded before the Reports were made.
        reports: the new ones.
        handed_in: each student's folder.
    """
    with opened_books(course, assignment_name) as books:
        if books.book is not None:
            due_dates.enter_in(books.book, books.converter.coursedir, course)
        return [books.change(held.get(one.student), one, handed_in[one.student]) for one in reports]
