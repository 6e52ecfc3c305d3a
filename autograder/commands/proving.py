"""The command that proves the checks, and what it prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import Progress

from autograder.assurance import messages
from autograder.assurance.calibrated import uncalibrated
from autograder.assurance.evidence import Evidence, gather
from autograder.assurance.messages_page import write_page
from autograder.assurance.prove import examine, weigh
from autograder.assurance.reading import Offence
from autograder.assurance.untrained import Untrained, untrained
from autograder.course import GENERATED, Assignment, Course, assignment_names, find_assignment
from autograder.errors import CourseError
from autograder.grading.secret import OPEN_SECRET


def prove_assignments(
    course: Course,
    names: Sequence[str],
    *,
    jobs: int,
    write: bool = False,
    own_secret: bool = False,
    without_training: bool = False,
) -> int:
    """Prove each assignment; 1 and a sentence per offence when one is not proven.

    With ``write``, what students read becomes the golden files; otherwise it is compared with them, where
    the inputs are those of the golden files.  ``without_training`` leaves out the checks that train.
    """
    if write and without_training:
        raise CourseError("golden files hold trained checks, too (got --write and --untrained)")
    if write and own_secret:
        raise CourseError("golden files are drawn with the open secret (got --write and --course-secret)")
    if write and course.settings.corpus != GENERATED:
        raise CourseError(
            f'golden files need c.Autograder.corpus = "{GENERATED}" (got {course.settings.corpus!r})'
        )
    console = Console()
    chosen = [find_assignment(course, name) for name in (names or assignment_names(course))]
    if not chosen:
        raise CourseError(f"there are no hidden checks in {course.settings.checks} (got 0 assignments)")
    found = 0
    for assignment in chosen:
        offences, evidence = proof(
            course,
            assignment,
            jobs=jobs,
            own_secret=own_secret,
            compare=not write,
            part=untrained(assignment) if without_training else None,
        )
        if write:
            folder = messages.write(course, assignment, evidence)
            console.print(f"{assignment.name}: written {folder.relative_to(course.root)}", highlight=False)
        found += tell(console, assignment.name, offences)
    if write:
        write_page(course)
    return 1 if found else 0


def proof(
    course: Course,
    assignment: Assignment,
    *,
    jobs: int,
    own_secret: bool = False,
    compare: bool = True,
    part: Untrained | None = None,
) -> tuple[list[Offence], Evidence]:
    """What is wrong with the grading of an assignment, and the Reports that show it.

    With ``compare``, what students read is compared with the golden files, where the inputs are theirs.  Of a
    ``part`` alone, trained checks are held against their evidence in place of being run.
    """
    offences = examine(assignment)  # before anything is graded: a missing file is told at once
    secret = None if own_secret else OPEN_SECRET
    evidence = _with_bar(course, assignment, jobs, secret, part.checks if part else None)
    offences += weigh(assignment, evidence, told_apart=part.told_apart if part else ())
    if part:
        offences += uncalibrated(course, assignment)
    if compare and not own_secret and course.settings.corpus == GENERATED:
        left_out = part.left_out if part else ()
        offences += messages.differences(course, assignment, evidence, left_out=left_out)
    return offences, evidence


def tell(console: Console, name: str, offences: Sequence[Offence]) -> int:
    """Print a line per offence and a last one; the number of offences."""
    for offence in offences:
        console.print(f"{name}: {offence}", highlight=False, markup=False)
    console.print(f"{name}: {'proven' if not offences else f'{len(offences)} offences'}", highlight=False)
    return len(offences)


def _with_bar(
    course: Course, assignment: Assignment, jobs: int, secret: bytes | None, named: frozenset[str] | None
) -> Evidence:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(assignment.name, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return gather(course, assignment, jobs=jobs, secret=secret, named=named, progress=show)
