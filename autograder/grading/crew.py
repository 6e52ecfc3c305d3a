"""The judges of this machine: a few processes and one warm server, for one run.

One submission's accident never reaches another: who dies is replaced, and what it held is graded again.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.grading.content import at_level
from autograder.grading.grader import Task, broken_report, grade, prepare_process
from autograder.grading.isolation import require_isolation
from autograder.grading.report import Report
from autograder.worker.launcher import WARM
from autograder.worker.sharing import lease

TOGETHER, ALONE = False, True
ROUNDS = (TOGETHER, TOGETHER, ALONE)
"""Where a judge or the server died, its tasks are graded again; at last one by one, to see which it was."""


@dataclass(frozen=True)
class Lost:
    """A task that no judge has finished, and why."""

    task: Task
    why: str


def grade_here(course: Course, tasks: Sequence[Task], jobs: int) -> Iterator[Report]:
    """Grade every task, in order of completion.

    Args:
        course: which isolation is accepted, and how long the server stays after the run.
        tasks: without an address and a level, which are given here.
        jobs: judges at work at once; 0 for one per core.
    Raises:
        IsolationError: the machine gives less than the course accepts.
    """
    workers = jobs or len(os.sched_getaffinity(0))
    left = [Lost(task, "") for task in tasks]
    for alone in ROUNDS:
        if not left:
            return
        waiting, left = left, []
        # each round with a lease of its own: the server may be what died
        settings = course.settings
        libraries = WARM if settings.libraries is None else settings.libraries
        with lease([course.root], idle_seconds=settings.warm_seconds, warm=libraries) as server:
            level = require_isolation(course.settings.isolation, server.isolation, server.refusals)
            ready = [_at(lost.task, server.address, level) for lost in waiting]
            for batch in [[task] for task in ready] if alone else [ready]:
                yield from _grade_batch(batch, min(workers, len(batch)), left)
    for lost in left:
        yield broken_report(lost.task, lost.why)


def _at(task: Task, address: Path, level: str) -> Task:
    return replace(task, address=address, isolation=level, content=at_level(task.content, level))


def _grade_batch(tasks: Sequence[Task], workers: int, lost: list[Lost]) -> Iterator[Report]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=prepare_process) as pool:
        waiting: dict[Future[Report], Task] = {pool.submit(grade, task): task for task in tasks}
        try:
            for future in as_completed(waiting):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    lost.append(Lost(waiting[future], "the judge's process ended"))
                except AutograderError as error:
                    lost.append(Lost(waiting[future], str(error)))
                except Exception as error:  # a fault of ours, whatever it is, must not end the class's run
                    lost.append(Lost(waiting[future], f"{type(error).__name__}: {error}"))
        finally:
            pool.shutdown(cancel_futures=True)  # a run that is given up waits for nobody
