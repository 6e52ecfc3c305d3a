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

STUB, TRIED, SOLVED = "the release notebook", "the stubs, as if attempted", "the notebook with solutions"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """A notebook with known answers; ``only`` limits the exercises that are judged (None: all of them)."""

    name: str
    notebook: NotebookNode
    answers: Mapping[str, Variant]
    only: frozenset[str] | None = None


@dataclass(frozen=True)
class Evidence:
    """Reports on the stubs, on the solutions, on right answers and on one wrong answer each.

    ``tried`` is about the stubs too, with a harmless statement in each cell: an untouched stub is
    never run, so only this shows that no stub holds an answer.
    """

    stub: Report
    tried: Report
    solved: Report
    right: tuple[tuple[Mapping[str, Variant], Report], ...]
    wrong: tuple[tuple[Variant, Report], ...]


def gather(
    course: Course, assignment: Assignment, *, jobs: int = 0, progress: Progress | None = None
) -> Evidence:
    """Grade the stub, the solutions, the reference, every right and every wrong answer.

    Args:
        course: whose engine settings count.
        assignment: what is to be proven.
        jobs: submissions graded at once; 0 for one per core.
        progress: called with (done, total) after each submission.
    """
    trials = list(_trials(assignment))
    reports: dict[str, Report] = {}
    with tempfile.TemporaryDirectory(prefix="autograder-prove-") as scratch:
        submissions: list[Submission] = []
        for trial in trials:
            folder = Path(scratch) / f"trial-{len(submissions)}"
            write_notebook(trial.notebook, folder / f"{assignment.name}.ipynb")
            submissions.append(Submission(trial.name, folder, trial.only))
        for done, report in enumerate(grade_all(course, assignment, submissions, jobs=jobs), start=1):
            reports[report.student] = report
            if progress is not None:
                progress(done, len(trials))
    judged = [(trial, reports[trial.name]) for trial in trials[3:]]
    return Evidence(
        stub=reports[STUB],
        tried=reports[TRIED],
        solved=reports[SOLVED],
        right=tuple((trial.answers, report) for trial, report in judged if trial.only is None),
        wrong=tuple((next(iter(t.answers.values())), report) for t, report in judged if t.only is not None),
    )


def _trials(assignment: Assignment) -> list[Trial]:
    right: dict[str, list[Variant]] = defaultdict(list)
    wrong = []
    for variant in variants(assignment.solutions):
        if variant.function in assignment.points:
            if variant.kind == "wrong":
                wrong.append(variant)
            else:
                right[variant.function].append(variant)
    tried = {name: f"{stub}\npass\n" for name, stub in stubs(assignment).items() if name in assignment.points}
    trials = [
        Trial(STUB, notebook_with(assignment, {}), {}),
        Trial(TRIED, notebook_with(assignment, tried), {}),
        Trial(SOLVED, solved_notebook(assignment), {}),
    ]
    # the n-th right answers of all exercises share a notebook: a lost point still names its exercise
    for number, row in enumerate(zip_longest(*right.values())):
        answers = {variant.function: variant for variant in row if variant is not None}
        trials.append(Trial(f"right answers {number}", _filled(assignment, answers), answers))
    for variant in wrong:
        answers = {variant.function: variant}
        only = frozenset({variant.function})
        trials.append(Trial(variant.symbol, _filled(assignment, answers), answers, only))
    return trials


def _filled(assignment: Assignment, answers: Mapping[str, Variant]) -> NotebookNode:
    return notebook_with(
        assignment, {name: as_cell(assignment.solutions, variant) for name, variant in answers.items()}
    )
