"""late.toml brought into the gradebook: due dates, extensions, and the penalties that follow from them."""

from __future__ import annotations

from collections.abc import Sequence

from nbgrader.converters import Autograde

from autograder.course import Course
from autograder.grading.late import read_late_rules
from autograder.grading.nbgrader_plugin import due_dates, gradebook
from autograder.grading.nbgrader_plugin.running import running


def bring_up_to_date(course: Course) -> list[str]:
    """Enter what late.toml says, and renew the late penalties that are written; a sentence per change.

    Raises CourseError for a mistake in the file, or a gradebook that cannot be used.
    """
    if not read_late_rules(course).rules:
        return []
    with running(course) as app:
        changes = due_dates.enter(app.coursedir, course)
        return [*changes, *_renew(Autograde(coursedir=app.coursedir, parent=app), course)]


def check(course: Course) -> Sequence[str]:
    """The assignments that late.toml names.  Raises CourseError for a mistake in it."""
    if not read_late_rules(course).rules:
        return []
    with running(course) as app:
        return list(due_dates.check(app.coursedir, course))


def _renew(converter: Autograde, course: Course) -> list[str]:
    """Write the late penalties of today's rules and points where others are written."""
    coursedir, said = converter.coursedir, []
    if not gradebook.is_there(coursedir):
        return []
    rules = read_late_rules(course).rules
    with gradebook.opened(coursedir) as book:
        for name in sorted(rules.keys() & {assignment.name for assignment in book.assignments}):
            graded = [
                submission.student.id
                for submission in book.assignment_submissions(name)
                if any(notebook.name == name for notebook in submission.notebooks)
            ]
            penalties = gradebook.penalties_to_renew(converter, book, name, graded)
            if penalties:
                gradebook.keep_copy(coursedir, course.state)
                gradebook.set_penalties(book, name, penalties)
            said += [f"{name}, {student}: penalty → {penalty:g}" for student, penalty in penalties.items()]
    return said
