"""The demo: a made-up class from hand-in to feedback, in a course folder of its own.

It never touches a course that somebody works in: everything it writes lies in the demo's folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.assurance.toy_class import ASSIGNMENT, CLASS, DEADLINE, Member, expected_points, write_class
from autograder.checking.exercise import thresholds_file
from autograder.commands.grading import submissions_of, with_progress
from autograder.commands.showing import first_sentence
from autograder.course import CONFIG, IMDB, Assignment, Course, find_assignment, find_course
from autograder.errors import CourseError
from autograder.grading.collecting import collect
from autograder.grading.engine import grade_class
from autograder.grading.report import Report

MARK = ".made-by-autograder-demo"
DONE, UNEXPECTED = 0, 1


def run_demo(
    course: Course,
    *,
    folder: Path | None,
    jobs: int,
    console: Console,
    members: Sequence[Member] = CLASS,
) -> int:
    """Make the class, collect, grade, write gradebook and feedback, and print what everybody gets.

    Args:
        course: the course whose assignment is used; it is only read.
        folder: where the demo's own course goes; ``demo-course`` in the current folder by default.
        jobs: submissions graded at once; 0 for one per core.
        console: where to print.
        members: the class.
    Returns:
        0 when every grade is the expected one, 1 when one is not.
    Raises:
        CourseError: the folder holds something that the demo did not make.
    """
    from autograder.grading.nbgrader_plugin import record
    from autograder.reporting.exporters.feedback import write_feedback

    find_assignment(course, ASSIGNMENT)
    demo = make_course(course, folder or Path("demo-course"))
    assignment = find_assignment(demo, ASSIGNMENT)
    inbound = demo.root / "inbound"
    write_class(assignment, inbound, members)
    _set_due_date(demo)
    console.print(f"{len(members)} students hand in {ASSIGNMENT} (due {DEADLINE:%Y-%m-%d %H:%M} UTC):")
    for collected in collect(inbound, demo, ASSIGNMENT):
        console.print(f"  {collected}", highlight=False, markup=False)
    submissions = submissions_of(demo, ASSIGNMENT, [])
    graded = grade_class(demo, assignment, submissions, jobs=jobs)
    reports = {r.student: r for r in with_progress(console, "grading", graded, len(submissions))}
    console.print("writing the gradebook and the feedback pages")
    record(demo, ASSIGNMENT, list(reports), reports=reports)
    pages = write_feedback(demo, ASSIGNMENT)
    table, wrong = closing_table(assignment, members, reports, gradebook_points(demo))
    console.print(table)
    level = ", ".join(sorted({report.isolation for report in reports.values() if report.isolation}))
    console.print(f"isolation: {level}")
    console.print(f"gradebook: {demo.root / 'gradebook.db'}", soft_wrap=True, highlight=False)
    console.print(f"feedback:  {len(pages)} pages, such as {pages[0]}", soft_wrap=True, highlight=False)
    for student in wrong:
        console.print(f"{student}: this grade is not the expected one", style="red")
    return UNEXPECTED if wrong else DONE


def make_course(course: Course, folder: Path) -> Course:
    """A fresh course folder with the assignment; an earlier demo is replaced, anything else refused."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise CourseError(f"the demo needs a folder of its own (got {folder})")
    if folder.exists():
        if not (folder / MARK).is_file() and any(folder.iterdir()):
            raise CourseError(f"this folder holds something that the demo did not make (got {folder})")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text(
        "The demo replaces this folder each time; keep nothing here.\n", encoding="utf-8"
    )
    for path in (
        course.root / CONFIG,
        course.source / ASSIGNMENT,
        course.release / ASSIGNMENT,
        course.solutions / f"{ASSIGNMENT}.py",
        course.solutions / "__init__.py",
        course.rubrics / f"{ASSIGNMENT}.toml",
        course.rubrics / "comments.toml",
        course.checks / f"test_{ASSIGNMENT}.py",
        thresholds_file(course.checks / f"test_{ASSIGNMENT}.py"),
        thresholds_file(course.checks / f"test_{ASSIGNMENT}.py", IMDB),
        *_corpus_files(course),
    ):
        target = folder / path.relative_to(course.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        elif path.is_file():
            shutil.copy(path, target)
    return find_course(folder)


def _corpus_files(course: Course) -> list[Path]:
    """The real reviews of the course with their words, where they lie below its folder."""
    file = course.root / course.settings.corpus
    if not file.is_file() or not file.is_relative_to(course.root):
        return []
    return [file, *file.parent.glob("*_word_index.json")]


def closing_table(
    assignment: Assignment,
    members: Sequence[Member],
    reports: Mapping[str, Report],
    given: Mapping[str, float],
) -> tuple[Table, list[str]]:
    """The class as a table, and the students whose grade is not the expected one.

    ``given`` are the automatic points in the gradebook, by student.
    """
    most = sum(assignment.points.values())
    table = Table(
        title=f"{ASSIGNMENT}: {len(members)} students, {most:g} automatic points", title_justify="left"
    )
    for heading in ("student", "what they did", "expected", "given", "what they will read first"):
        table.add_column(heading, justify="right" if heading in ("expected", "given") else "left")
    wrong = []
    for member in members:
        expected = expected_points(assignment, member.handed_in[member.counts])
        points, report = given.get(member.student), reports.get(member.student)
        right = (
            points is not None and abs(points - expected) < 0.005 and report is not None and not report.broken
        )
        if not right:
            wrong.append(member.student)
        shown = Text("none" if points is None else f"{points:g}", style="green" if right else "red")
        read = "nothing" if report is None else first_sentence(report)
        table.add_row(member.student, member.did, f"{expected:g}", shown, Text(read))
    return table, wrong


def gradebook_points(course: Course) -> dict[str, float]:
    """The automatic points that nbgrader's gradebook holds, by student."""
    from autograder.grading.nbgrader_plugin import gradebook
    from autograder.grading.nbgrader_plugin.running import running

    with running(course) as app, gradebook.opened(app.coursedir) as book:
        return {
            submission.student_id: round(
                sum(g.auto_score or 0.0 for notebook in submission.notebooks for g in notebook.grades), 2
            )
            for submission in book.assignment_submissions(ASSIGNMENT)
        }


def _set_due_date(course: Course) -> None:
    from autograder.grading.nbgrader_plugin import gradebook
    from autograder.grading.nbgrader_plugin.running import running

    with running(course) as app, gradebook.opened(app.coursedir) as book:
        due = DEADLINE.replace(tzinfo=UTC).isoformat()
        book.update_or_create_assignment(ASSIGNMENT, duedate=due)
