"""The doctor: what on this machine or in this course would spoil grading, and a remedy for each.

It looks and reports; it never changes anything.
"""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.commands.doctor.environment import examine_environment
from autograder.commands.doctor.finding import Finding, State
from autograder.commands.doctor.folder import examine_folder
from autograder.commands.doctor.machine import examine_machine
from autograder.commands.doctor.wall import examine_wall
from autograder.course import Course, find_course
from autograder.errors import CourseError

__all__ = ["Finding", "State", "diagnose", "print_diagnosis"]

STYLES = {State.OK: "green", State.WARNING: "yellow", State.PROBLEM: "bold red"}


def diagnose(start: Path, path: str) -> list[Finding]:
    """Everything worth knowing before grading in the course at ``start``; commands are sought on ``path``.

    Takes a few seconds: the wall between judge and worker is tried, not guessed.
    """
    course, about_course = _course(start)
    findings = [*examine_environment(path), *examine_machine(start), about_course]
    if course is not None:
        findings += examine_folder(course)
    required, hidden = (course.settings.isolation, [course.root]) if course else (None, [])
    findings.append(examine_wall(required, hidden))
    return findings


def print_diagnosis() -> int:
    """Examine the current folder, print a line per finding, and return the exit code: 1 for a problem."""
    # the command line put the environment's folder first; what a bare nbgrader meets comes after it
    path = os.environ.get("PATH", "").partition(os.pathsep)[2]
    findings = diagnose(Path.cwd(), path)
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        table.add_row(
            finding.what,
            Text(finding.state.value, STYLES[finding.state]),
            Text("\n".join(filter(None, [finding.seen, finding.remedy]))),
        )
    console = Console()
    console.print(table)
    count = {state: sum(finding.state is state for finding in findings) for state in State}
    problems, warnings = count[State.PROBLEM], count[State.WARNING]
    console.print(f"\nLooked at: {len(findings)}.  Problems: {problems}.  Warnings: {warnings}.")
    return 1 if problems else 0


def _course(start: Path) -> tuple[Course | None, Finding]:
    try:
        course = find_course(start)
    except CourseError as error:
        remedy = "Go to the folder that holds nbgrader_config.py, or put that file right."
        return None, Finding("course", State.WARNING, str(error), remedy)
    return course, Finding("course", State.OK, f"{course.root.name}, isolation {course.settings.isolation}")
