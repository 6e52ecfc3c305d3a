"""Which feedback pages are not as they should be, and why; and what staff should know before they go out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateFeedback

from autograder.course import Assignment, Course, find_assignment
from autograder.errors import CourseError
from autograder.grading.content import hash_text
from autograder.grading.nbgrader_plugin import gradebook
from autograder.grading.nbgrader_plugin.recorded import AutogradedCopy, autograded_copy, held, looks_wanted
from autograder.grading.nbgrader_plugin.running import running
from autograder.grading.overrides import Override
from autograder.grading.rubrics import mistyped, read_rubrics
from autograder.reporting.exporters.feedback import page_of
from autograder.reporting.exporters.told import NEW, changes
from autograder.reporting.feedback import ManualGrade


@dataclass(frozen=True)
class Due:
    """One student's feedback page.

    ``why`` says in a few words each why it has to be written; empty where it is as it should be.
    ``waiting`` names the questions that nobody has graded, ``unexplained`` the exercises to which a person
    gave points without a word, ``again`` points by hand that somebody should look at again, ``codes`` what
    was mistyped in a comment and probably meant.  ``trouble``: why no page can be made.
    """

    student: str
    why: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    again: tuple[Override, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""

    @property
    def is_new(self) -> bool:
        """Whether this is the student's first page."""
        return self.why == NEW


def pages_due(course: Course, assignment_name: str, students: Collection[str] | None = None) -> list[Due]:
    """The feedback page of each graded student, in the order of their names; nothing is written.

    Raises CourseError where nobody is graded, or one of the students named is not.
    """
    assignment = find_assignment(course, assignment_name)
    with running(course, assignment_name) as app:
        if not gradebook.is_there(app.coursedir):
            _must_be_graded(assignment_name, {}, students)
            return []
        converter = GenerateFeedback(coursedir=app.coursedir, parent=app)
        with gradebook.opened(app.coursedir) as book:
            copies = _graded(book, converter, assignment_name)
            _must_be_graded(assignment_name, copies, students)
            chosen = sorted(copies if students is None else students)
            looks = looks_wanted(app.coursedir, held(book, assignment_name), assignment, chosen)
            return [
                _due(course, assignment, converter, book, who, copies[who], looks.get(who, ()))
                for who in chosen
            ]


def _graded(book: Gradebook, converter: GenerateFeedback, assignment: str) -> dict[str, AutogradedCopy]:
    """By student who is graded by the kit: the copy in autograded/."""
    try:
        submitted = book.assignment_submissions(assignment)
    except MissingEntry:
        return {}
    students = [one.student.id for one in submitted]
    copies = {student: autograded_copy(converter.coursedir, assignment, student) for student in students}
    return {student: copy for student, copy in copies.items() if copy.report}


def _must_be_graded(assignment: str, graded: Collection[str], students: Collection[str] | None) -> None:
    absent = sorted(set(students or ()) - set(graded))
    if absent:
        raise CourseError(
            f"feedback needs a grade: run autograder grade {assignment} first (got {', '.join(absent)})"
        )
    if not graded:
        raise CourseError(
            f"nobody is graded in {assignment} yet: run autograder grade {assignment} first (got 0 students)"
        )


def _due(
    course: Course,
    assignment: Assignment,
    converter: GenerateFeedback,
    book: Gradebook,
    student: str,
    graded: AutogradedCopy,
    again: tuple[Override, ...],
) -> Due:
    notebook = book.find_submission_notebook(assignment.name, assignment.name, student)
    comments = {one.name: one.manual_comment or "" for one in notebook.comments}
    codes = read_rubrics(course, assignment).comments
    wrong = {was: meant for text in comments.values() for was, meant in mistyped(text, codes).items()}
    try:
        page = page_of(converter, assignment.name, student, graded)
    except CourseError as error:
        return Due(student, trouble=str(error), codes=wrong)
    why = changes(page.before, page.told)
    file = Path(converter._format_dest(assignment.name, student)) / f"{assignment.name}.html"
    if not why and _hash(file) != page.told.page:
        why = ("the page is not where it was",)
    return Due(
        student,
        why=why,
        waiting=tuple(one.cell for one in page.told.decided if _waits(one, assignment)),
        unexplained=tuple(one.cell for one in page.told.decided if _is_silent(one, assignment)),
        again=again,
        codes=wrong,
    )


def _waits(grade: ManualGrade, assignment: Assignment) -> bool:
    return grade.cell in assignment.manual and grade.points is None


def _is_silent(grade: ManualGrade, assignment: Assignment) -> bool:
    return grade.cell in assignment.points and grade.points is not None and not grade.comment


def _hash(file: Path) -> str:
    try:
        return hash_text(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return ""
