"""The command that tries mutants of the references, and what it prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import Progress

from autograder.assurance.mutants import Caught, try_mutants
from autograder.assurance.mutants_page import write as write_down
from autograder.course import Assignment, Course, assignment_names, find_assignment

LEAST_SHARE = 0.95
"""Of an assignment's mutants, the share that its checks catch, at least."""


def try_assignments(course: Course, names: Sequence[str], *, sample: int, jobs: int, write: bool) -> int:
    """Try the mutants of each assignment; 1 when too many survive in one of them."""
    console = Console()
    chosen = [find_assignment(course, name) for name in (names or assignment_names(course))]
    enough = True
    for assignment in chosen:
        caught = _with_bar(course, assignment, sample, jobs)
        for survivor in caught.survivors:
            line = f"{assignment.name}: survives: {survivor}"
            console.print(line, highlight=False, markup=False, soft_wrap=True)
        console.print(
            f"{assignment.name}: {caught.tried - len(caught.survivors)} of {caught.tried} mutants are caught "
            f"({caught.share:.0%}); {caught.made} were made, {caught.equivalent} dropped as equivalent",
            highlight=False,
        )
        if write:
            file = write_down(course, assignment, caught)
            console.print(f"{assignment.name}: written {file.relative_to(course.root)}", highlight=False)
        enough &= caught.share >= LEAST_SHARE
    return 0 if enough else 1


def _with_bar(course: Course, assignment: Assignment, sample: int, jobs: int) -> Caught:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(assignment.name, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return try_mutants(course, assignment, sample=sample, jobs=jobs, progress=show)
