"""The command that proves the checks, and what it prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import Progress

from autograder.assurance.prove import prove
from autograder.assurance.reading import Offence
from autograder.course import Assignment, Course, assignment_names, find_assignment
from autograder.errors import CourseError


def prove_assignments(course: Course, names: Sequence[str], *, jobs: int) -> int:
    """Prove each assignment; 1 and a sentence per offence when one is not proven."""
    console = Console()
    chosen = [find_assignment(course, name) for name in (names or assignment_names(course))]
    if not chosen:
        raise CourseError(f"there are no hidden checks in {course.settings.checks} (got 0 assignments)")
    found = 0
    for assignment in chosen:
        name, offences = assignment.name, _with_bar(course, assignment, jobs)
        for offence in offences:
            console.print(f"{name}: {offence}", highlight=False, markup=False)
        console.print(f"{name}: {'proven' if not offences else f'{len(offences)} offences'}", highlight=False)
        found += len(offences)
    return 1 if found else 0


def _with_bar(course: Course, assignment: Assignment, jobs: int) -> list[Offence]:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(assignment.name, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return prove(course, assignment, jobs=jobs, progress=show)
