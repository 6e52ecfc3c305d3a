"""The command that makes the zip for Gradescope, and says what to set there."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from autograder.commands.gradescope.archive import CONTAINERS, Setup, gradescope_zip
from autograder.course import LEVELS, Course, find_assignment
from autograder.errors import CourseError
from autograder.grading.files import write_whole
from autograder.reporting.gradescope import VISIBILITIES
from autograder.reporting.pages import number, topic

DONE = 0
LONGEST_MINUTES = 40
"""What Gradescope allows at most."""


def pack(course: Course, name: str, setup: Setup, *, to: Path | None) -> int:
    """Write the zip of one assignment and print what staff set on Gradescope beside it.

    Raises CourseError for a choice that Gradescope or the kit does not know.
    """
    assignment = find_assignment(course, name)
    must_be_known(setup)
    target = to or Path.cwd() / f"gradescope-{name}.zip"
    data = gradescope_zip(course, assignment, setup)
    write_whole(target, data)
    console = Console()

    def line(text: str) -> None:
        console.print(text, highlight=False, markup=False, soft_wrap=True)

    line(f"written: {target} ({len(data) / 2**20:.1f} MB)")
    line("Keep it among staff: it holds hidden checks, solutions and a secret derived from the course's.")
    line(
        f"On Gradescope: {number(sum(assignment.points.values()))} autograder points, container "
        f"{CONTAINERS[setup.gigabytes]}, timeout {setup.minutes} minutes."
    )
    for question, points in assignment.manual.items():
        line(f"A question for its rubric, graded by a person: {topic(question)} ({number(points)}).")
    line(f"Accepted isolation: {setup.isolation}; where there is less, nothing is graded and staff read why.")
    return DONE


def must_be_known(setup: Setup) -> None:
    """Raise CourseError for what cannot be chosen."""
    if setup.isolation not in LEVELS:
        raise CourseError(f"--isolation is one of {', '.join(LEVELS)} (got {setup.isolation})")
    if setup.visibility not in VISIBILITIES:
        raise CourseError(f"--visibility is one of {', '.join(VISIBILITIES)} (got {setup.visibility})")
    if not 1 <= setup.minutes <= LONGEST_MINUTES:
        raise CourseError(f"--minutes is from 1 to {LONGEST_MINUTES}, as there (got {setup.minutes})")
    if setup.gigabytes not in CONTAINERS:
        sizes = ", ".join(f"{size:g}" for size in CONTAINERS)
        raise CourseError(f"--gigabytes is one of {sizes}, as there (got {setup.gigabytes:g})")
