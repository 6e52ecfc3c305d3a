"""The command that places the bars of trained checks, and writes them down with their evidence."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.progress import Progress

from autograder.assurance.calibration import Overlap, Weighed, as_json, weigh, with_others
from autograder.assurance.reading import Check
from autograder.assurance.training_runs import train, trained_checks
from autograder.checking.exercise import thresholds_file
from autograder.course import GENERATED, IMDB, Assignment, Course, find_assignment
from autograder.errors import CourseError
from autograder.grading.content import versions
from autograder.grading.corpus import corpus_hash, corpus_name, prepared_corpus

Scores = dict[str, list[dict[str, float]]]


def calibrate_assignment(
    course: Course, name: str, *, runs: int, wrong_runs: int, jobs: int, only: Sequence[str] = ()
) -> int:
    """Train, weigh, write ``thresholds/<assignment>.json``; 1 and a sentence when the clouds overlap.

    With real reviews it is ``<assignment>.imdb.json``, for the checks that draw from them.  With ``only``,
    the checks of these names are trained, and what is written of the others stays as it is.
    """
    assignment = find_assignment(course, name)
    # the private checks have bars and evidence of their own, beside them
    files = [replace(assignment, checks=file) for file in assignment.check_files]
    corpus = course.settings.corpus
    if not any(trained_checks(each) for each in files):
        raise CourseError(
            f"no check of this assignment trains, so there is nothing to calibrate (got {name})"
        )
    files = [each for each in files if trained_checks(each, corpus)]
    if not files:
        raise CourseError(
            "the trained checks of this assignment draw generated reviews whatever is chosen, so there is "
            f"nothing to calibrate on others (got {name}, {corpus_name(course)})"
        )
    prepared_corpus(course)  # before anything is trained: a file that cannot be read is told at once
    there = [check.name for each in files for check in trained_checks(each, corpus)]
    if unknown := sorted(set(only) - set(there)):
        raise CourseError(
            f"these are the trained checks of {name}: {', '.join(there)} (got {', '.join(unknown)})"
        )
    plan = [
        (each, [check for check in trained_checks(each, corpus) if not only or check.name in only])
        for each in files
    ]
    return max(
        _calibrate(course, each, checks, runs=runs, wrong_runs=wrong_runs, jobs=jobs)
        for each, checks in plan
        if checks
    )


def _calibrate(
    course: Course, assignment: Assignment, checks: Sequence[Check], *, runs: int, wrong_runs: int, jobs: int
) -> int:
    """These trained checks of one file."""
    console = Console()
    name = assignment.name
    corpus = course.settings.corpus
    file = thresholds_file(assignment.checks, GENERATED if corpus == GENERATED else IMDB)
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"bars": {}}
    wanted = {bar: float(found["bar"]) for bar, found in known["bars"].items()}
    chosen = {check.name for check in checks}
    others = [each.name for each in trained_checks(assignment, corpus) if each.name not in chosen]
    if without := [other for other in others if other not in known.get("checks", {})]:
        raise CourseError(f"checks without evidence must be calibrated too (got {', '.join(without)})")
    weighed: dict[str, Weighed] = {}
    right: dict[str, Scores] = {}
    wrong: dict[str, Scores] = {}
    for check in checks:
        right[check.name], wrong[check.name] = _train(course, assignment, check, runs, wrong_runs, jobs)
        made = sum(map(len, right[check.name].values()))
        if made < runs:  # a run that stopped before its score is not clean, and must not go unseen
            sentence = (
                f"right answers were not all trained: run autograder prove {name} (got {made} of {runs})"
            )
            console.print(f"{name}, {check.name}: {sentence}", markup=False, highlight=False)
            return 1
        try:
            weighed[check.name] = weigh(right[check.name], wrong[check.name], wanted)
        except Overlap as overlap:
            console.print(f"{name}, {check.name}: {overlap}", markup=False, highlight=False)
            return 1
        _show(console, check.name, weighed[check.name])
    options = "" if corpus == GENERATED else f" --corpus {corpus_name(course)}"
    options += "".join(f" --check {check.name}" for check in checks if others)
    measured: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "command": f"autograder calibrate {name}{options} --runs {runs} --wrong-runs {wrong_runs}",
        "versions": versions(),
    }
    if corpus != GENERATED:  # which reviews they were, for whoever has the same file
        measured["film reviews"] = {"name": corpus_name(course), "hash": corpus_hash(course)}
    evidence = {"measured": measured, **as_json(weighed, right, wrong)}
    text = json.dumps(with_others(evidence, known, others), indent=1)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")
    console.print(f"written: {file.relative_to(course.root)}", highlight=False)
    return 0


def _train(
    course: Course, assignment: Assignment, check: Check, runs: int, wrong_runs: int, jobs: int
) -> tuple[Scores, Scores]:
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(check.name, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return train(course, assignment, check, runs=runs, wrong_runs=wrong_runs, jobs=jobs, progress=show)


def _show(console: Console, check: str, weighed: Weighed) -> None:
    console.print(
        f"{check}: {weighed.runs} runs of right answers, {weighed.failures} below a bar; a right answer "
        f"fails all three tries at most {weighed.false_fail_bound:.1e} of the time (95 % confidence)",
        highlight=False,
    )
    for name, bar in weighed.bars.items():
        console.print(
            f"  {name}: bar {bar.bar:.3f}; right {bar.right.mean:.4f} ± {bar.right.sd:.4f} "
            f"({bar.sd_below_right:.1f} sd above it); nearest wrong answer {bar.nearest_wrong} "
            f"{bar.wrong.mean:.4f} ± {bar.wrong.sd:.4f} ({bar.sd_above_wrong:.1f} sd below it)",
            highlight=False,
        )
    if weighed.alike:
        console.print(f"  these train as well as right answers: {', '.join(weighed.alike)}", highlight=False)
