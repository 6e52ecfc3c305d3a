"""A class as its reports need it: where everybody stands, what would tell who it is, and what was written."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.course import Assignment, Course, find_assignment
from autograder.grading import store
from autograder.grading.content import hash_file
from autograder.grading.headings import title_of
from autograder.reporting.anonymous import Names, cell_without_names, names_of
from autograder.reporting.class_report.report import ClassReport, Lost, class_report
from autograder.reporting.exporters.standing import Standing, class_standing


@dataclass(frozen=True)
class ClassOf:
    """One assignment's class and the report on it."""

    assignment: Assignment
    standings: tuple[Standing, ...]
    report: ClassReport


def class_of(course: Course, name: str) -> ClassOf:
    """Read gradebook, store and autograded copies of one assignment, and put the report together.

    Raises CourseError when there is no such assignment.
    """
    assignment = find_assignment(course, name)
    standings = class_standing(course, name)
    names = names_in(assignment, standings)

    @functools.cache
    def cell_of(student: str, exercise: str) -> str:
        return cell_without_names(written(course, name, student, exercise), exercise, names)

    report = class_report(
        assignment,
        standings,
        title=title_of(assignment),
        names=names,
        cell_of=cell_of,
        lost=lost(course, standings),
        checks_now=hash_file(assignment.checks),
    )
    return ClassOf(assignment, tuple(standings), report)


def names_in(assignment: Assignment, standings: Sequence[Standing]) -> Names:
    """What would tell who somebody of the class is."""
    people = (
        text
        for one in standings
        for text in (one.student, one.first_name, one.last_name, one.email, one.lms_user_id)
    )
    return names_of(people, handed_out=assignment.notebook.read_text(encoding="utf-8"))


def lost(course: Course, standings: Sequence[Standing]) -> Lost:
    """How many Reports that grades were written from are not there, or cannot be read."""
    keys = [one.key for one in standings if one.key and one.report is None]
    there = sum(store.holds(course.state, key) for key in keys)
    return Lost(forgotten=len(keys) - there, older=there)


def written(course: Course, assignment: str, student: str, exercise: str) -> str:
    """A student's solution cell of an exercise, as it was graded; "" where there is none."""
    copy = course.autograded / student / assignment / f"{assignment}.ipynb"
    try:
        cells = json.loads(copy.read_text(encoding="utf-8"))["cells"]
        found = [c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == exercise]
        source = found[0]["source"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return ""  # a page without this cell is better than no page
    return source if isinstance(source, str) else "".join(map(str, source))
