"""The command that hands out: release and zip of assignments that are proven, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from autograder.assurance.calibrated import uncalibrated
from autograder.assurance.prove import examine
from autograder.commands.proving import proof, tell
from autograder.commands.release import generated, replace_folder, sources
from autograder.commands.release_extras import write_zip
from autograder.course import Course, assignment_names, find_assignment
from autograder.errors import CourseError

HANDOUT = "handout"
DONE, REFUSED = 0, 1


def hand_out(course: Course, names: Sequence[str], *, jobs: int) -> int:
    """Make the releases, look at their bars, prove them; only then write release/ and handout/.

    Where anything is wrong with one of them, all stay as they were, and each reason is printed.
    """
    console = Console()
    names = list(names) or sources(course)
    unchecked = [name for name in names if name not in assignment_names(course)]
    if unchecked:
        raise CourseError(f"there are no hidden checks to prove (got {', '.join(unchecked)})")
    with generated(course, names) as made:
        assignments = [find_assignment(made, name) for name in names]
        # what can be read is told at once, before minutes of grading
        read = {each.name: examine(each) + uncalibrated(made, each) for each in assignments}
        offences = sum(tell(console, name, found) for name, found in read.items() if found)
        if not offences:
            offences = sum(tell(console, each.name, proof(made, each, jobs=jobs)[0]) for each in assignments)
        if offences:
            console.print(f"Nothing was released: release/ and {HANDOUT}/ are as they were.", highlight=False)
            return REFUSED
        for name in names:
            replace_folder(course.release / name, made.release / name)
            target = course.root / HANDOUT / f"{name}.zip"
            write_zip(course.release / name, target)
            size = target.stat().st_size / 1000
            console.print(f"written: {HANDOUT}/{target.name} ({size:.0f} kB)", highlight=False)
    return DONE
