"""Which mutants of the references the checks catch; untrained checks first, since they cost so much less."""

from __future__ import annotations

import random
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assurance.evidence import Progress
from autograder.assurance.mutations import Mutant, mutants
from autograder.assurance.reading import Check, checks_of, parse_checks
from autograder.assurance.training_runs import trained_checks
from autograder.assurance.variants import notebook_with, write_notebook
from autograder.checking.verdicts import Outcome
from autograder.course import Assignment, Course
from autograder.errors import CourseError
from autograder.grading.engine import Submission, grade_all
from autograder.grading.secret import OPEN_SECRET

CALL_SECONDS = 3.0
"""A mutant may loop for ever, and no reference needs as long for one call."""


@dataclass(frozen=True)
class Caught:
    """How many mutants there are, were dropped as equivalent, were tried, and which no check caught."""

    assignment: str
    made: int
    equivalent: int
    tried: int
    survivors: tuple[str, ...]

    @property
    def share(self) -> float:
        """Of the mutants that were tried, the share that a check caught; 1 when none was tried."""
        return 1 - len(self.survivors) / self.tried if self.tried else 1.0


def try_mutants(
    course: Course,
    assignment: Assignment,
    *,
    sample: int = 0,
    jobs: int = 0,
    progress: Progress | None = None,
) -> Caught:
    """Grade mutants of the references, each against its own exercise's checks.

    Args:
        course: the course folder.
        assignment: whose references are changed.
        sample: how many are tried, always the same ones; 0 for all.
        jobs: submissions graded at once; 0 for one per core.
        progress: called with (done, total) mutants, for untrained and then for trained checks.
    Raises:
        CourseError: the file of equivalent mutants names one that there is not, or gives no reason.
    """
    made = mutants(assignment.solutions, frozenset(assignment.points))
    equivalent = equivalents(assignment, made)
    left = [mutant for mutant in made if mutant.name not in equivalent]
    if 0 < sample < len(left):
        left = random.Random(0).sample(left, sample)
    quick = replace(course, settings=replace(course.settings, call_seconds=CALL_SECONDS))
    trained = {check.name for check in trained_checks(assignment)}
    checks = checks_of(parse_checks(assignment))
    survivors: Sequence[Mutant] = left
    for stage in (
        [check for check in checks if check.name not in trained],
        [check for check in checks if check.name in trained],
    ):
        survivors = _survivors(quick, assignment, survivors, stage, jobs, progress)
    return Caught(
        assignment.name, len(made), len(equivalent), len(left), tuple(mutant.name for mutant in survivors)
    )


def equivalents(assignment: Assignment, made: Sequence[Mutant]) -> dict[str, str]:
    """Mutants that compute the same, with the reason: what ``mutants/<assignment>.toml`` says."""
    file = folder_of(assignment) / f"{assignment.name}.toml"
    if not file.is_file():
        return {}
    names = {mutant.name for mutant in made}
    found: dict[str, str] = {}
    for item in tomllib.loads(file.read_text(encoding="utf-8")).get("equivalent", []):
        mutant, reason = str(item.get("mutant", "")), str(item.get("reason", "")).strip()
        if mutant not in names:
            raise CourseError(f"{file.name} names a mutant that there is not (got {mutant!r})")
        if not reason:
            raise CourseError(f"{file.name} drops a mutant without a reason (got {mutant!r})")
        found[mutant] = reason
    return found


def folder_of(assignment: Assignment) -> Path:
    """Where equivalent mutants are written down, and what was found."""
    return assignment.checks.parent / "mutants"


def _survivors(
    course: Course,
    assignment: Assignment,
    left: Sequence[Mutant],
    checks: Sequence[Check],
    jobs: int,
    progress: Progress | None,
) -> list[Mutant]:
    """The mutants that pass all of ``checks``; those of exercises without such a check pass untried."""
    exercises = {check.exercise for check in checks}
    named = frozenset(check.name for check in checks)
    tried = [mutant for mutant in left if mutant.function in exercises]
    caught: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="autograder-mutants-") as scratch:
        submissions = []
        for number, mutant in enumerate(tried):
            # a notebook each: answers of one notebook share their helpers, by name, and these may be changed
            folder = Path(scratch) / f"mutant-{number}"
            notebook = notebook_with(assignment, {mutant.function: mutant.cell})
            write_notebook(notebook, folder / f"{assignment.name}.ipynb")
            submissions.append(Submission(str(number), folder, frozenset({mutant.function}), named))
        graded = grade_all(course, assignment, submissions, jobs=jobs, secret=OPEN_SECRET) if tried else ()
        for done, report in enumerate(graded, start=1):
            mutant = tried[int(report.student)]
            lines = report.exercises[mutant.function].verdicts
            if any(line.outcome not in (Outcome.PASSED, Outcome.BROKEN) for line in lines):
                caught.add(mutant.name)
            if progress is not None:
                progress(done, len(tried))
    return [mutant for mutant in left if mutant.name not in caught]
