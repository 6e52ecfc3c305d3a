"""The command that makes the reports on a class, and on the course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from autograder.course import Course, assignment_names, find_assignment
from autograder.errors import CourseError
from autograder.grading.files import write_whole
from autograder.grading.secret import course_secret
from autograder.reporting.anonymous import numbers
from autograder.reporting.class_report.page import class_page
from autograder.reporting.class_report.report import ClassReport
from autograder.reporting.class_report.table import class_table
from autograder.reporting.course_report.goals import goals_of
from autograder.reporting.course_report.page import course_page
from autograder.reporting.course_report.report import CourseReport, course_report
from autograder.reporting.course_report.table import course_table
from autograder.reporting.exporters.classes import ClassOf, class_of
from autograder.reporting.exporters.standing import Standing, course_name
from autograder.reporting.tables import json_of

FOLDER = "reports"
WHOLE = "whole-course"
"""The name of the course's own page; no assignment can have it, since its solutions could not be imported."""
DONE = 0


def write_reports(course: Course, names: Sequence[str], *, folder: Path | None, anonymous: bool) -> int:
    """Write the reports of these assignments, all when none is named, and of the course unless it is one."""
    console = Console()
    where = folder if folder is not None else course.root / FOLDER
    if where.exists() and not where.is_dir():
        raise CourseError(f"reports go into a folder (got {where})")
    chosen = list(dict.fromkeys(names))
    classes = [_written(console, class_of(course, name), where) for name in chosen or _released(course)]
    if len(chosen) == 1:
        return DONE
    report = _of_course(course, classes, anonymous=anonymous)
    _write(where, WHOLE, course_page(report), course_table(report), report)
    console.print(
        f"the whole course: {len(report.people)} students, {len(report.goals)} learning goals: "
        f"{where / WHOLE}.html",
        soft_wrap=True,
        highlight=False,
        markup=False,
    )
    return DONE


def _written(console: Console, found: ClassOf, where: Path) -> ClassOf:
    report = found.report
    _write(where, report.assignment, class_page(report), class_table(report), report)
    console.print(
        f"{report.assignment}: {report.graded} graded of {report.handed_in} handed in, "
        f"{len(report.flags)} flags: {where / report.assignment}.html",
        soft_wrap=True,
        highlight=False,
        markup=False,
    )
    for note in report.notes:
        console.print(f"  {note.replace('`', '')}", soft_wrap=True, highlight=False, markup=False)
    return found


def _write(where: Path, name: str, page: str, table: bytes, report: ClassReport | CourseReport) -> None:
    write_whole(where / f"{name}.html", page)
    write_whole(where / f"{name}.csv", table)
    write_whole(where / f"{name}.json", json_of(asdict(report)))


def _released(course: Course) -> list[str]:
    """Every assignment that students have; one that is only being prepared has no class yet."""
    names = [name for name in assignment_names(course) if (course.release / name / f"{name}.ipynb").is_file()]
    if not names:
        raise CourseError(f"this course has no released assignment yet (got {course.root})")
    return names


def _of_course(course: Course, classes: Sequence[ClassOf], *, anonymous: bool) -> CourseReport:
    standings = {found.assignment.name: found.standings for found in classes}
    students = {one.student for ones in standings.values() for one in ones}
    given = numbers(students, course_secret(course.state)) if anonymous else {}
    missing = [name for name in assignment_names(course) if not (course.release / name).is_dir()]

    def called(one: Standing) -> str:
        if anonymous:
            return given[one.student]
        name = f"{one.first_name} {one.last_name}".strip()
        return f"{name} ({one.student})" if name else one.student

    return course_report(
        course_name(course),
        [found.report for found in classes],
        standings,
        goals_of([find_assignment(course, found.assignment.name) for found in classes]),
        called=called,
        anonymous=anonymous,
        notes=[f"{name} is not released yet, so it is not in this report." for name in missing],
    )
