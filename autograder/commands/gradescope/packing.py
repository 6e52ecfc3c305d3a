"""The command that makes the zip for Gradescope, and says what to set there."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from autograder.commands.files import write_whole
from autograder.commands.gradescope.archive import gradescope_zip
from autograder.course import LEVELS, Course, find_assignment
from autograder.errors import CourseError
from autograder.reporting.gradescope import VISIBILITIES
from autograder.reporting.pages import number, topic

DONE = 0
LONGEST_MINUTES = 40
"""What Gradescope allows at most."""


def pack(course: Course, name: str, *, to: Path | None, isolation: str, visibility: str, minutes: int) -> int:
    """Write the zip of one assignment and print what staff set on Gradescope beside it.

    Raises CourseError for a level, a visibility or a time that Gradescope or the kit does not know.
    """
    assignment = find_assignment(course, name)
    if isolation not in LEVELS:
        raise CourseError(f"--isolation is one of {', '.join(LEVELS)} (got {isolation})")
    if visibility not in VISIBILITIES:
        raise CourseError(f"--visibility is one of {', '.join(VISIBILITIES)} (got {visibility})")
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise CourseError(f"--minutes is from 1 to {LONGEST_MINUTES}, as on Gradescope (got {minutes})")
    target = to or Path.cwd() / f"gradescope-{name}.zip"
    data = gradescope_zip(course, assignment, isolation=isolation, visibility=visibility, minutes=minutes)
    write_whole(target, data)
    console = Console()

    def line(text: str) -> None:
        console.print(text, highlight=False, markup=False, soft_wrap=True)

    line(f"written: {target} ({len(data) / 2**20:.1f} MB)")
    line("Keep it among staff: it holds hidden checks, solutions and a secret derived from the course's.")
    line(f"On Gradescope: {number(sum(assignment.points.values()))} autograder points, {minutes} minutes.")
    for question, points in assignment.manual.items():
        line(f"A question for its rubric, graded by a person: {topic(question)} ({number(points)}).")
    line(f"Accepted isolation: {isolation}; where there is less, nothing is graded and staff read why.")
    return DONE
