"""The commands that grade: a class into the gradebook, one notebook to the screen, a folder of hand-ins."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from autograder.commands.showing import class_table, print_report
from autograder.course import Course, assignment_names, find_assignment
from autograder.errors import CourseError
from autograder.grading.engine import Submission, grade_all, grade_class
from autograder.grading.report import Report, to_json

DONE, NO, BROKEN = 0, 1, 3


def grade_assignment(
    course: Course, name: str, students: Sequence[str], *, jobs: int, json_file: Path | None, fresh: bool
) -> int:
    """Grade what was handed in for ``name``, record it in nbgrader's gradebook, print the closing table."""
    from autograder.grading.nbgrader_plugin import record

    assignment = find_assignment(course, name)
    submissions = submissions_of(course, name, students)
    console = Console(stderr=True)
    reports = list(
        with_progress(
            console,
            name,
            grade_class(course, assignment, submissions, jobs=jobs, fresh=fresh),
            len(submissions),
        )
    )
    reports.sort(key=lambda report: report.student)
    if json_file is not None:
        write_reports(json_file, reports)
    recorded = record(
        course, name, [item.student for item in submissions], reports={r.student: r for r in reports}
    )
    Console().print(class_table(name, reports))
    return say_troubles(console, recorded.unreadable, recorded.broken)


def check_notebook(course: Course, notebook: Path, name: str, *, as_json: bool) -> int:
    """Grade one notebook and print its Report."""
    if not notebook.exists():
        raise CourseError(f"there is no such notebook (got {notebook})")
    assignment = find_assignment(course, name or guess_assignment(course, notebook))
    (report,) = grade_all(course, assignment, [Submission(notebook.stem, notebook)], jobs=1)
    if as_json:
        print(to_json(report))
    else:
        print_report(Console(), report)
    if report.broken:
        return BROKEN
    return DONE if report.points == report.max_points else NO


def collect_assignment(course: Course, name: str, inbound: Path) -> int:
    """Copy hand-ins to submitted/ and say which of them counts."""
    from autograder.grading.collecting import collect

    find_assignment(course, name)
    console = Console()
    for collected in collect(inbound, course, name):
        console.print(str(collected), highlight=False, markup=False)
    return DONE


def submissions_of(course: Course, name: str, students: Sequence[str]) -> list[Submission]:
    """What lies in submitted/<student>/<assignment>, by student.

    Raises CourseError when nobody handed in, or when a student who was asked for did not.
    """
    found = {}
    if course.submitted.is_dir():
        for entry in sorted(os.scandir(course.submitted), key=lambda entry: entry.name):
            folder = Path(entry.path) / name
            if entry.is_dir(follow_symlinks=False) and os.path.lexists(folder):
                found[entry.name] = Submission(entry.name, folder)
    absent = [student for student in students if student not in found]
    if absent:
        raise CourseError(f"nothing of this student was handed in for {name} (got {', '.join(absent)})")
    if not found:
        raise CourseError(
            f"nobody has handed in {name}: {course.submitted.name}/<student>/{name}/ is empty (got 0)"
        )
    return [found[student] for student in (students or found)]


def guess_assignment(course: Course, notebook: Path) -> str:
    """The assignment whose name is in the file's name.  Raises CourseError when none is."""
    names = assignment_names(course)
    fitting = [name for name in names if name in (notebook.stem, notebook.name)] or [
        name for name in names if name in notebook.stem
    ]
    if len(fitting) != 1:
        raise CourseError(
            f"the file's name does not say which assignment it is: add --assignment with one of "
            f"{', '.join(names)} (got {notebook.name})"
        )
    return fitting[0]


def with_progress(console: Console, what: str, reports: Iterator[Report], total: int) -> Iterator[Report]:
    """Hand the Reports on, with a bar, the time taken and the time left."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[last]}"),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(what, total=total, last="")
        for report in reports:
            progress.update(bar, advance=1, last=report.student)
            yield report


def write_reports(path: Path, reports: Sequence[Report]) -> None:
    """``{"reports": [Report, …]}`` to a file."""
    text = json.dumps({"reports": [asdict(report) for report in reports]}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def say_troubles(console: Console, unreadable: Mapping[str, str], broken: Mapping[str, str]) -> int:
    """One sentence per submission that could not be graded as handed in; the exit code that follows."""
    for student, reason in unreadable.items():
        console.print(f"{student}: graded zero. {reason}", markup=False, highlight=False)
    for student, reason in broken.items():
        console.print(f"{student}: BROKEN, no grade was written. {reason}", markup=False, highlight=False)
    if broken:
        return BROKEN
    return NO if unreadable else DONE
