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

from autograder.assurance.reading import Check, checks_of, parse_checks
from autograder.assurance.variants import Variant, as_cell, variants
from autograder.checking.judge import SEEDS_OF_A_TRAINED_CHECK, judge
from autograder.checking.training import recorded_runs
from autograder.course import Assignment, Course
from autograder.grading.grader import find_solutions, open_session, prepare_process
from autograder.grading.intake import Cell
from autograder.worker.launcher import WarmServer

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Drill:
    """One answer, to be trained on the draws of one secret: three runs."""

    course: Course
    assignment: Assignment
    check: str
    answer: Variant
    secret: bytes
    address: Path


def trained_checks(assignment: Assignment) -> list[Check]:
    """The checks that call ``reaches``: those whose bars are calibrated."""
    return [
        check
        for check in checks_of(parse_checks(assignment))
        if any(isinstance(node, ast.Name) and node.id == "reaches" for node in ast.walk(check.node))
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
    """The scores of right and of wrong answers, by answer.

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
    scores: dict[str, list[dict[str, float]]] = {answer.symbol: [] for answer in answers}
    drills = [
        *_rounds(right, -(-runs // SEEDS_OF_A_TRAINED_CHECK)),
        *((answer, i) for answer in wrong for i in range(-(-wrong_runs // SEEDS_OF_A_TRAINED_CHECK))),
    ]
    workers = jobs or len(os.sched_getaffinity(0))
    spawn = multiprocessing.get_context("spawn")
    with (
        WarmServer.start() as server,
        ProcessPoolExecutor(workers, mp_context=spawn, initializer=prepare_process) as pool,
    ):
        waiting = {
            pool.submit(
                run_drill, Drill(course, assignment, check.name, answer, _secret(number), server.address)
            ): (number, answer)
            for number, answer in ((number, answer) for answer, number in drills)
        }
        found: dict[tuple[int, str], list[dict[str, float]]] = {}
        for done, future in enumerate(as_completed(waiting), start=1):
            number, answer = waiting[future]
            found[number, answer.symbol] = future.result()
            if progress is not None:
                progress(done, len(waiting))
    for (_, symbol), runs_found in sorted(found.items()):
        scores[symbol] += runs_found
    return {a.symbol: scores[a.symbol] for a in right}, {a.symbol: scores[a.symbol] for a in wrong}


def run_drill(drill: Drill) -> list[dict[str, float]]:
    """Train one answer on one secret's draws; no scores when an untrained check stops it before."""
    find_solutions(drill.course.root)
    cell = Cell(drill.answer.function, as_cell(drill.assignment.solution_files, drill.answer))
    session, submission = open_session(drill.course, drill.assignment, (cell,), drill.address)
    collected: list[dict[str, float]] = []
    token = recorded_runs.set(collected)
    try:
        with contextlib.closing(session), contextlib.closing(submission):
            judge(drill.assignment.checks, submission, drill.secret, named=frozenset({drill.check}))
    finally:
        recorded_runs.reset(token)
    return collected


def _rounds(answers: Sequence[Variant], drills: int) -> Iterator[tuple[Variant, int]]:
    """``drills`` times the next answer, in turn: each with a number of its own."""
    return zip(itertools.islice(itertools.cycle(answers), drills), range(drills), strict=True)


def _secret(number: int) -> bytes:
    """A secret per drill, so that data and seeds differ in each, and calibration can be repeated."""
    return hashlib.blake2b(f"calibration {number}".encode(), digest_size=32).digest()
