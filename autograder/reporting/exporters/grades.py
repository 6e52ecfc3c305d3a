"""A class's grades on their way out: into the sheet of a learning platform, or as a file of their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from nbgrader.apps import NbGrader

from autograder.course import Course, find_assignment
from autograder.errors import CourseError
from autograder.grading.headings import title_of
from autograder.grading.nbgrader_plugin.mirror import timestamp_of
from autograder.lms.cells import SheetError
from autograder.lms.headers import plain
from autograder.lms.people import Person
from autograder.lms.sheets import Sheet
from autograder.lms.students import completed
from autograder.reporting.exporters.standing import Standing, class_standing
from autograder.reporting.filling import Filled, Grade, Wish, fill
from autograder.reporting.plain import WAITING, Line


@dataclass(frozen=True)
class Chosen:
    """What somebody wants of the grades.

    ``with_waiting``: also the points so far of students whose answers a person has still to read.
    ``only`` names the students; empty for all.  ``list_`` is what a list of students adds.
    """

    with_waiting: bool = False
    only: Collection[str] = ()
    list_: Sequence[Person] = field(default_factory=tuple)


def class_lines(
    course: Course, assignment_name: str, chosen: Chosen, *, app: NbGrader | None = None
) -> list[Line]:
    """Each student of the gradebook, with the grade that counts or why there is none.

    Raises CourseError when there is no such assignment, or nobody in the gradebook.
    """
    assignment = find_assignment(course, assignment_name)
    standings = class_standing(course, assignment_name, app=app)
    if not standings:
        raise CourseError(
            "the gradebook knows no student yet: grade something, or run nbgrader db student import "
            "(got 0 students)"
        )
    order = [*assignment.points, *assignment.manual]
    people = {each.student: each for each in completed(map(_person, standings), chosen.list_)}
    lines = []
    for each in standings:
        why = _why_none(course, assignment_name, each, chosen)
        lines.append(
            Line(
                assignment=assignment_name,
                person=people[each.student],
                max_score=each.max_score,
                handed_in=each.handed_in,
                score=None if why else each.score,
                late_penalty=each.late_penalty,
                waiting=each.waiting,
                why=why,
                points={name: each.points.get(name) for name in order},
                has_report=each.report is not None,
                stale=_is_stale(course, assignment_name, each),
            )
        )
    return lines


def fill_sheet(course: Course, lines: Sequence[Line], sheet: Sheet, wish: Wish) -> Filled:
    """The sheet that was downloaded, with these grades.  Raises SheetError for one that does not fit."""
    assignment = find_assignment(course, lines[0].assignment)
    grades = [Grade(line.person, line.score, line.why) for line in lines]
    return fill(sheet, grades, lines[0].max_score, (assignment.name, title_of(assignment)), wish)


def must_not_name_another(course_names: Collection[str], ours: str, file_name: str) -> None:
    """Raises SheetError for a sheet whose file is named after another assignment of the course."""
    words = r"(?<!\w){}(?!\w)"
    named = [
        name for name in course_names if re.search(words.format(re.escape(plain(name))), plain(file_name))
    ]
    if named and ours not in named:
        raise SheetError(
            f"the sheet is named after {' and '.join(named)}, and this is the export of {ours}: rename it "
            f"if it is the right one (got {file_name})"
        )


def _person(each: Standing) -> Person:
    return Person(each.student, each.first_name, each.last_name, each.email, each.lms_user_id)


def _is_stale(course: Course, assignment: str, each: Standing) -> bool:
    """Whether what lies in submitted/ was handed in at another time than what the grade is of."""
    there = timestamp_of(course.submitted / each.student / assignment)
    return there is not None and there != each.time


def _why_none(course: Course, assignment: str, each: Standing, chosen: Chosen) -> str:
    """Why this student's grade does not go out; "" where it does."""
    if chosen.only and each.student not in chosen.only:
        return "not among those that were asked for"
    if each.score is None:
        if (course.submitted / each.student / assignment).is_dir():
            return f"handed in and without a grade: autograder grade {assignment} says why"
        return "nothing handed in"
    if each.waiting and not chosen.with_waiting:
        return WAITING
    return ""
