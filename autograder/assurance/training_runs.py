"""Trains every answer of a trained check many times, with the grader's own check, and keeps the scores."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import itertools
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from autograder.assurance.kept_runs import KeptRuns
from autograder.assurance.reading import Check, checks_of, parse_checks
from autograder.assurance.variants import Variant, as_cell, variants
from autograder.checking.judge import SEEDS_OF_A_TRAINED_CHECK, judge
from autograder.checking.training import recorded_runs
from autograder.course import GENERATED, Assignment, Course
from autograder.grading.corpus import prepared_corpus
from autograder.grading.grader import find_solutions, open_session, prepare_process
from autograder.grading.intake import Cell
from autograder.worker.launcher import WarmServer

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Drill:
    """One answer, to be trained on the draws that one number gives: three runs."""

    course: Course
    assignment: Assignment
    check: str
    answer: Variant
    number: int
    address: Path

    @property
    def key(self) -> tuple[str, str, int]:
        """Check, answer and number: what its scores are known by."""
        return self.check, self.answer.symbol, self.number


def trained_checks(assignment: Assignment, corpus: str = GENERATED) -> list[Check]:
    """The checks that call ``reaches``: those whose bars are calibrated.

    With another ``corpus`` than the generated one, only those that draw from it.
    """
    return [
        check
        for check in checks_of(parse_checks(assignment))
        if any(isinstance(node, ast.Name) and node.id == "reaches" for node in ast.walk(check.node))
        and (corpus == GENERATED or "corpus" in [argument.arg for argument in check.node.args.args])
    ]


def train(
    course: Course,
    assignment: Assignment,
    check: Check,
    *,
    runs: int,
    wrong_runs: int,
    jobs: int = 0,
    progress: Progress | None = None,
) -> tuple[dict[str, list[dict[str, float]]], dict[str, list[dict[str, float]]]]:
    """The scores of right and of wrong answers, by answer; what an interrupted calibration kept is used.

    Args:
        course: where checks and solutions lie.
        assignment: the assignment of the check.
        check: a trained check.
        runs: clean runs over all right answers together, at least; each has data and a seed of its own.
        wrong_runs: runs of each wrong answer, at least.
        jobs: trainings at once; 0 for one per core.
        progress: called with (done, total).
    """
    answers = [answer for answer in variants(assignment.solution_files) if answer.function == check.exercise]
    right = [answer for answer in answers if answer.kind != "wrong"]
    wrong = [answer for answer in answers if answer.kind == "wrong"]
    plan = [
        *_rounds(right, -(-runs // SEEDS_OF_A_TRAINED_CHECK)),
        *((answer, i) for answer in wrong for i in range(-(-wrong_runs // SEEDS_OF_A_TRAINED_CHECK))),
    ]
    with WarmServer.start() as server:
        drills = [
            Drill(course, assignment, check.name, answer, number, server.address) for answer, number in plan
        ]
        scores = _run_all(drills, KeptRuns(course, assignment), jobs, progress)
    return {a.symbol: scores.get(a.symbol, []) for a in right}, {a.symbol: scores[a.symbol] for a in wrong}


def _run_all(
    drills: Sequence[Drill], kept: KeptRuns, jobs: int, progress: Progress | None
) -> dict[str, list[dict[str, float]]]:
    """The runs' scores by answer, in the drills' order whatever ends first."""
    workers = jobs or len(os.sched_getaffinity(0))
    spawn = multiprocessing.get_context("spawn")
    looked_up = {drill.key: kept.get(*drill.key) for drill in drills}
    found = {key: scores for key, scores in looked_up.items() if scores is not None}
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=prepare_process) as pool:
        waiting = {pool.submit(run_drill, drill): drill.key for drill in drills if drill.key not in found}
        for done, future in enumerate(as_completed(waiting), start=len(found) + 1):
            key = waiting[future]
            found[key] = future.result()
            if len(found[key]) == SEEDS_OF_A_TRAINED_CHECK:  # one that was cut short is tried again
                kept.put(*key, found[key])
            if progress is not None:
                progress(done, len(drills))
    scores: dict[str, list[dict[str, float]]] = {}
    for drill in drills:
        scores.setdefault(drill.answer.symbol, []).extend(found[drill.key])
    return scores


def run_drill(drill: Drill) -> list[dict[str, float]]:
    """Train one answer on one secret's draws; no scores when an untrained check stops it before."""
    find_solutions(drill.course.root)
    cell = Cell(drill.answer.function, as_cell(drill.assignment.solution_files, drill.answer))
    session, submission = open_session(drill.course, drill.assignment, (cell,), drill.address)
    collected: list[dict[str, float]] = []
    token = recorded_runs.set(collected)
    try:
        with contextlib.closing(session), contextlib.closing(submission):
            judge(
                drill.assignment.checks,
                submission,
                _secret(drill.number),
                named=frozenset({drill.check}),
                corpus=prepared_corpus(drill.course),
            )
    finally:
        recorded_runs.reset(token)
    return collected


def _rounds(answers: Sequence[Variant], drills: int) -> Iterator[tuple[Variant, int]]:
    """``drills`` times the next answer, in turn: each with a number of its own."""
    return zip(itertools.islice(itertools.cycle(answers), drills), range(drills), strict=True)


def _secret(number: int) -> bytes:
    """A secret per drill, so that data and seeds differ in each, and calibration can be repeated."""
    return hashlib.blake2b(f"calibration {number}".encode(), digest_size=32).digest()
