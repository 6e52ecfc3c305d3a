"""The submissions that show whether checks are right, and the Reports on them, gathered in one run."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.assurance.variants import (
    Variant,
    as_cell,
    notebook_with,
    solved_notebook,
    stubs,
    variants,
    write_notebook,
)
from autograder.course import Assignment, Course
from autograder.grading.engine import Submission, grade_all
from autograder.grading.report import Report
from autograder.grading.secret import OPEN_SECRET

STUB, TRIED, SOLVED = "the release notebook", "the stubs, as if attempted", "the notebook with solutions"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """A notebook with known answers, one per exercise at most; the exercises without one are not judged."""

    name: str
    notebook: NotebookNode
    answers: Mapping[str, Variant]

    @property
    def only(self) -> frozenset[str] | None:
        return frozenset(self.answers) or None


@dataclass(frozen=True)
class Evidence:
    """Reports on the stubs, on the solutions, on right answers and on wrong ones.

    ``tried`` is about the stubs too, with a harmless statement in each cell: an untouched stub is
    never run, so only this shows that no stub holds an answer.
    """

    stub: Report
    tried: Report
    solved: Report
    right: tuple[tuple[Variant, Report], ...]
    wrong: tuple[tuple[Variant, Report], ...]


def gather(
    course: Course,
    assignment: Assignment,
    *,
    jobs: int = 0,
    secret: bytes | None = OPEN_SECRET,
    named: frozenset[str] | None = None,
    progress: Progress | None = None,
) -> Evidence:
    """Grade the stub, the solutions, the reference, every right and every wrong answer.

    Args:
        course: whose engine settings count.
        assignment: what is to be proven.
        jobs: submissions graded at once; 0 for one per core.
        secret: what hidden inputs are drawn with; None for the course's own.
        named: the checks to run; None for all.
        progress: called with (done, total) after each submission.
    """
    trials = list(_trials(assignment))
    reports: dict[str, Report] = {}
    with tempfile.TemporaryDirectory(prefix="autograder-prove-") as scratch:
        submissions: list[Submission] = []
        for trial in trials:
            folder = Path(scratch) / f"trial-{len(submissions)}"
            write_notebook(trial.notebook, folder / f"{assignment.name}.ipynb")
            submissions.append(Submission(trial.name, folder, trial.only, named))
        graded = grade_all(course, assignment, submissions, jobs=jobs, secret=secret)
        for done, report in enumerate(graded, start=1):
            reports[report.student] = report
            if progress is not None:
                progress(done, len(trials))
    judged = [(answer, reports[trial.name]) for trial in trials for answer in trial.answers.values()]
    return Evidence(
        stub=reports[STUB],
        tried=reports[TRIED],
        solved=reports[SOLVED],
        right=tuple(pair for pair in judged if pair[0].kind != "wrong"),
        wrong=tuple(pair for pair in judged if pair[0].kind == "wrong"),
    )


def _trials(assignment: Assignment) -> list[Trial]:
    tried = {name: f"{stub}\npass\n" for name, stub in stubs(assignment).items() if name in assignment.points}
    trials = [
        Trial(STUB, notebook_with(assignment, {}), {}),
        Trial(TRIED, notebook_with(assignment, tried), {}),
        Trial(SOLVED, solved_notebook(assignment), {}),
    ]
    known = [
        variant for variant in variants(assignment.solution_files) if variant.function in assignment.points
    ]
    for title, wanted in (("right answers", ("reference", "right")), ("wrong answers", ("wrong",))):
        by_exercise: dict[str, list[Variant]] = defaultdict(list)
        for variant in known:
            if variant.kind in wanted:
                by_exercise[variant.function].append(variant)
        # the n-th answers of all exercises share a notebook: checks of one exercise call its function alone
        for number, row in enumerate(zip_longest(*by_exercise.values()), start=1):
            answers = {variant.function: variant for variant in row if variant is not None}
            trials.append(Trial(f"{title} {number}", _filled(assignment, answers), answers))
    return trials


def _filled(assignment: Assignment, answers: Mapping[str, Variant]) -> NotebookNode:
    return notebook_with(
        assignment, {name: as_cell(assignment.solution_files, variant) for name, variant in answers.items()}
    )
