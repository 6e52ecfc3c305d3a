"""The due dates and extensions of late.toml in nbgrader's gradebook, where its formgrader shows them.

The file is the truth for each assignment that it names; others are left as nbgrader has them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from nbgrader.api import Assignment, Gradebook
from nbgrader.converters import BaseConverter
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.grading.late import LateRule, check_students, read_late_rules, span
from autograder.grading.nbgrader_plugin import gradebook


def check(coursedir: CourseDirectory, course: Course) -> Mapping[str, LateRule]:
    """The rules of late.toml.  Raises CourseError for a mistake in it, an unknown student among them."""
    rules = read_late_rules(course).rules
    if not any(rule.extensions for rule in rules.values()):
        return rules
    known = _handed_in(course)
    if gradebook.is_there(coursedir):
        with gradebook.opened(coursedir) as book:
            known |= {student.id for student in book.students}
    if known:  # a course that nobody is known in yet cannot say whose name is mistyped
        check_students(rules.values(), known)
    return rules


def enter(coursedir: CourseDirectory, course: Course) -> list[str]:
    """Enter due dates and extensions where the gradebook has others; a sentence per change.

    Raises CourseError for a mistake in the file, before anything is written.
    """
    rules = check(coursedir, course)
    if not rules or not gradebook.is_there(coursedir):
        return []
    with gradebook.opened(coursedir) as book:
        changes = _changes(book, rules, write=False)
        if changes:
            gradebook.keep_copy(coursedir, course.state)
            _changes(book, rules, write=True)
            book.db.commit()
    return changes


def enter_in(book: Gradebook, coursedir: CourseDirectory, course: Course) -> None:
    """Enter them in an open session that is taken back: for what is only foreseen."""
    _changes(book, check(coursedir, course), write=True)


def enter_after(converter: BaseConverter, course: Course) -> None:
    """Let the converter's run end with the extensions of those whom it wrote into the gradebook first."""
    convert, coursedir = converter.convert_notebooks, converter.coursedir

    def convert_and_enter() -> None:
        try:
            convert()
        finally:
            enter(coursedir, course)

    converter.convert_notebooks = convert_and_enter


def _handed_in(course: Course) -> set[str]:
    if not course.submitted.is_dir():
        return set()
    return {entry.name for entry in os.scandir(course.submitted) if entry.is_dir(follow_symlinks=False)}


def _changes(book: Gradebook, rules: Mapping[str, LateRule], *, write: bool) -> list[str]:
    """What differs, in sentences; written into the open session where asked."""
    said = []
    assignments: dict[str, Assignment] = {assignment.name: assignment for assignment in book.assignments}
    for name in rules.keys() & assignments.keys():
        rule, assignment = rules[name], assignments[name]
        due = rule.deadline.astimezone(UTC).replace(tzinfo=None)
        if assignment.duedate != due:
            said.append(f"{name}: due {_shown(assignment.duedate)} → {_shown(due)}")
            if write:
                assignment.duedate = due
        for submission in assignment.submissions:
            extension = rule.extensions.get(submission.student.id)
            more = None if extension is None else extension.deadline - rule.deadline
            if submission.extension != more:
                who = submission.student.id
                said.append(f"{name}, {who}: extension {_more(submission.extension)} → {_more(more)}")
                if write:
                    submission.extension = more
    return sorted(said)


def _shown(time: datetime | None) -> str:
    return "never" if time is None else f"{time:%Y-%m-%d %H:%M} UTC"


def _more(extension: timedelta | None) -> str:
    return "none" if extension is None else f"of {span(extension)}"
