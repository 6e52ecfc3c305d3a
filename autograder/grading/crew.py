"""The judges of this machine: a few processes and one warm server, for one run.

One submission's accident never reaches another: who dies is replaced, and what it held is graded again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from types import TracebackType

from autograder.course import Course
from autograder.errors import AutograderError, IsolationError
from autograder.grading.content import at_level
from autograder.grading.grader import Task, broken_report, grade, prepare_process
from autograder.grading.isolation import require_isolation
from autograder.grading.report import Report
from autograder.worker.launcher import BEST, WARM
from autograder.worker.sharing import Lease, lease

TOGETHER, ALONE = False, True
ROUNDS = (TOGETHER, TOGETHER, ALONE)
"""Where a judge or the server died, its tasks are graded again; at last one by one, to see which it was."""


@dataclass(frozen=True)
class Lost:
    """A task that no judge has finished, and why."""

    task: Task
    why: str


class Coming:
    """A lease of the warm server, asked for in the background: its libraries take seconds to load.

    ``level`` is the isolation asked for, or the best that the machine gives.
    """

    def __init__(self, course: Course, level: str = BEST) -> None:
        self._course = course
        self._level = level
        self._thread = ThreadPoolExecutor(1, "lease")
        self._lease: Future[Lease] | None = None

    def begin(self) -> None:
        """Ask, the first time that this is called."""
        if self._lease is None:
            self._lease = self._thread.submit(_lease, self._course, self._level)

    def take(self) -> Lease:
        """The lease, which is the caller's to close: the one that was asked for, else another."""
        self.begin()
        assert self._lease is not None
        coming, self._lease = self._lease, None
        return coming.result()

    def __enter__(self) -> Coming:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give back what nobody took."""
        if self._lease is not None:
            with contextlib.suppress(AutograderError):  # nobody has waited for it
                self._lease.result().close()
        self._thread.shutdown()


def _lease(course: Course, level: str) -> Lease:
    settings = course.settings
    libraries = WARM if settings.libraries is None else settings.libraries
    return lease([course.root], idle_seconds=settings.warm_seconds, level=level, warm=libraries)


def grade_here(course: Course, tasks: Sequence[Task], jobs: int, coming: Coming) -> Iterator[Report]:
    """Grade every task, in order of completion.

    Args:
        course: which isolation is accepted, and how long the server stays after the run.
        tasks: without an address and a level, which are given here.
        jobs: judges at work at once; 0 for one per core.
        coming: where the server comes from.
    Raises:
        IsolationError: the machine gives less than the course accepts.
    """
    workers = jobs or len(os.sched_getaffinity(0))
    left = [Lost(task, "") for task in tasks]
    for alone in ROUNDS:
        if not left:
            return
        waiting, left = left, []
        coming.begin()
        with contextlib.ExitStack() as stack:
            # judges start while the server does; in each round both anew: the server may be what died
            judges = stack.enter_context(_judges(1 if alone else min(workers, len(waiting))))
            try:
                server = stack.enter_context(coming.take())
            except IsolationError:
                raise
            except AutograderError as error:
                if alone:
                    raise
                left = [Lost(lost.task, str(error)) for lost in waiting]  # killed while it started, it may be
                continue
            level = require_isolation(course.settings.isolation, server.isolation, server.refusals)
            ready = [_at(lost.task, server.address, level) for lost in waiting]
            for place, batch in enumerate([[task] for task in ready] if alone else [ready]):
                if place:  # a judge of one's own, who has met nobody
                    judges = stack.enter_context(_judges(1))
                yield from _grade_batch(judges, batch, left)
    for lost in left:
        yield broken_report(lost.task, lost.why)


def _judges(count: int) -> ProcessPoolExecutor:
    """Fresh processes that have imported what a judge needs, or soon will have.

    Where they take all cores, each has one of its own, for its workers too.  A judge, its worker and the
    threads of TensorFlow in that take turns some thousand times a second, and the kernel moves them about
    for it: 40 submissions of ex2 took 3 and 9 % longer that way.
    """
    spawn = multiprocessing.get_context("spawn")
    ours = sorted(os.sched_getaffinity(0))
    cores: SimpleQueue[int] | None = None
    if count == len(ours) > 1:
        cores = spawn.SimpleQueue()
        for core in ours:
            cores.put(core)
    judges = ProcessPoolExecutor(count, mp_context=spawn, initializer=prepare_process, initargs=(cores,))
    for _ in range(count):  # a process is started with each task, while none is idle
        judges.submit(os.getpid)
    return judges


def _at(task: Task, address: Path, level: str) -> Task:
    return replace(task, address=address, isolation=level, content=at_level(task.content, level))


def _grade_batch(judges: ProcessPoolExecutor, tasks: Sequence[Task], lost: list[Lost]) -> Iterator[Report]:
    waiting: dict[Future[Report], Task] = {}
    try:
        for task in tasks:
            try:
                waiting[judges.submit(grade, task)] = task
            except BrokenProcessPool:  # a judge ended while it started
                lost.append(Lost(task, "the judge's process ended"))
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
        judges.shutdown(cancel_futures=True)  # a run that is given up waits for nobody
