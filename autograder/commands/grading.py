"""The commands that grade: a class into the gradebook, one notebook to the screen."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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

from autograder.commands.booking import Book
from autograder.commands.showing import class_table, looks_wanted, print_report
from autograder.course import Assignment, Course, assignment_names, find_assignment, in_notebook_names
from autograder.errors import CourseError
from autograder.grading.copying import can_be_shown, not_shown
from autograder.grading.engine import Submission, grade_all, grade_course
from autograder.grading.files import must_be_writable, write_whole
from autograder.grading.isolation import Isolation, isolation_of
from autograder.grading.late import read_late_rules
from autograder.grading.report import Report, to_json
from autograder.grading.rubrics import read_rubrics

DONE, NO, BROKEN = 0, 1, 3


class NothingHandedIn(CourseError):
    """Nobody has handed in an assignment."""


def grade_assignments(
    course: Course,
    names: Sequence[str],
    students: Sequence[str],
    *,
    jobs: int,
    json_file: Path | None,
    fresh: bool,
    scheduler: str = "",
) -> int:
    """Grade what was handed in, record it in nbgrader's gradebook, print a closing table per assignment.

    ``names`` are assignments; empty for all that were handed in.  ``scheduler`` names a cluster.
    """
    console = Console(stderr=True)
    handed_in = what_was_handed_in(course, names, students)
    for name in handed_in:
        read_rubrics(course, the_assignment(course, name))  # a mistake in them is told before minutes of work
    if json_file is not None:
        must_be_writable(json_file)
    apply_late_rules(console, course)
    book, reports = Book(course), []
    for report in grade_handed_in(course, handed_in, console, jobs=jobs, fresh=fresh, scheduler=scheduler):
        book.take(report)
        reports.append(report)
    reports.sort(key=lambda report: (report.assignment, report.student))
    if json_file is not None:
        write_reports(json_file, reports)
    book.write()
    status = DONE
    for name in handed_in:
        recorded = book.recorded[name]
        Console().print(class_table(name, [report for report in reports if report.assignment == name]))
        for line in looks_wanted(recorded.again):
            Console().print(line, soft_wrap=True)
        status = max(status, say_troubles(console, recorded.unreadable, recorded.broken))
    return status


def what_was_handed_in(
    course: Course, names: Sequence[str], students: Sequence[str]
) -> dict[str, list[Submission]]:
    """By assignment (all that were handed in, when none is named), what these students handed in."""
    for name in names:
        the_assignment(course, name)  # a name that is mistyped is told before anything else
    return {name: submissions_of(course, name, students) for name in names} or everything(course, students)


def the_assignment(course: Course, name: str) -> Assignment:
    """The assignment of this name, with hidden checks or with its tests in its notebooks."""
    if name not in in_notebook_names(course):
        return find_assignment(course, name)
    from autograder.grading.nbgrader_plugin.recording import assignment_with_its_tests

    return assignment_with_its_tests(course, name)


def grade_handed_in(
    course: Course,
    handed_in: Mapping[str, Sequence[Submission]],
    console: Console,
    *,
    jobs: int,
    fresh: bool,
    scheduler: str,
) -> Iterator[Report]:
    """The Reports of all of it, in order of completion, with a bar on the way; no gradebook is touched."""
    with ThreadPoolExecutor(1) as beside:  # the self-test mostly waits, and importing nbgrader takes a second
        tried = beside.submit(isolation_of, course) if not scheduler else None
        import autograder.grading.nbgrader_plugin  # noqa: F401 -- whoever grades a class records it, or compares
    if tried is not None:
        say_isolation(console, tried.result())
    work = [(the_assignment(course, name), items) for name, items in handed_in.items()]
    if scheduler and any(assignment.notebooks for assignment, _ in work):
        raise CourseError(f"notebooks with their tests in them are graded on this machine (got {scheduler})")
    graded = grade_course(course, work, jobs=jobs, fresh=fresh, scheduler=scheduler)
    yield from with_progress(console, ", ".join(handed_in), graded, sum(map(len, handed_in.values())))


def check_notebook(course: Course, notebook: Path, name: str, *, as_json: bool) -> int:
    """Grade one notebook and print its Report."""
    if not notebook.exists():
        raise CourseError(f"there is no such notebook (got {notebook})")
    assignment = find_assignment(course, name or guess_assignment(course, notebook))
    say_isolation(Console(stderr=True), isolation_of(course))
    (report,) = grade_all(course, assignment, [Submission(notebook.stem, notebook)], jobs=1)
    if as_json:
        print(to_json(report))
    else:
        print_report(Console(), report)
    if report.broken:
        return BROKEN
    return DONE if report.points == report.max_points else NO


def apply_late_rules(console: Console, course: Course) -> None:
    """Bring the gradebook in line with late.toml; a mistake in the file is told before all else."""
    if not read_late_rules(course).rules:
        return
    # imported here: nbgrader takes a second, which a course without the file does not wait for
    from autograder.grading.nbgrader_plugin.renewing import bring_up_to_date

    for change in bring_up_to_date(course):
        console.print(f"late.toml, {change}", markup=False, highlight=False)


def say_isolation(console: Console, isolation: Isolation) -> None:
    """The header of a run: the level in force, and why it is no higher one."""
    console.print(str(isolation), highlight=False, markup=False, soft_wrap=True)


def everything(course: Course, students: Sequence[str]) -> dict[str, list[Submission]]:
    """By assignment, what these students (all when none is named) handed in.

    Raises CourseError when there is nothing, or nothing of a student who was asked for.
    """
    found: dict[str, list[Submission]] = {}
    for name in [*assignment_names(course), *in_notebook_names(course)]:
        with contextlib.suppress(NothingHandedIn):
            items = submissions_of(course, name, [])
            chosen = [item for item in items if not students or item.student in students]
            if chosen:
                found[name] = chosen
    seen = {item.student for items in found.values() for item in items}
    absent = [student for student in dict.fromkeys(students) if student not in seen]
    if absent:
        raise CourseError(f"nothing of this student was handed in (got {', '.join(absent)})")
    if not found:
        raise CourseError(f"nothing was handed in: {course.submitted.name}/ is empty (got 0 submissions)")
    return found


def submissions_of(course: Course, name: str, students: Sequence[str]) -> list[Submission]:
    """What lies in submitted/<student>/<assignment>, by student.

    Raises CourseError when nobody handed in, or when a student who was asked for did not.
    """
    found = {}
    if course.submitted.is_dir():
        for entry in sorted(os.scandir(course.submitted), key=lambda entry: entry.name):
            folder = Path(entry.path) / name
            if not entry.is_dir(follow_symlinks=False) or not os.path.lexists(folder):
                continue
            if can_be_shown(entry.name):
                found[entry.name] = Submission(entry.name, folder)
            else:
                Console(stderr=True).print(not_shown(entry.name), markup=False, soft_wrap=True)
    absent = [student for student in dict.fromkeys(students) if student not in found]
    if absent:
        raise CourseError(f"nothing of this student was handed in for {name} (got {', '.join(absent)})")
    if not found:
        raise NothingHandedIn(
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
    write_whole(path, text + "\n")


def say_troubles(console: Console, unreadable: Mapping[str, str], broken: Mapping[str, str]) -> int:
    """One sentence per submission that could not be graded as handed in; the exit code that follows."""
    for student, reason in unreadable.items():
        console.print(f"{student}: graded zero. {reason}", markup=False, highlight=False)
    for student, reason in broken.items():
        console.print(f"{student}: BROKEN, no grade was written. {reason}", markup=False, highlight=False)
    if broken:
        return BROKEN
    return NO if unreadable else DONE
