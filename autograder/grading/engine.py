"""The engine: many submissions, a few judges, one warm server; Reports come as they are ready.

It never reads or writes the gradebook, and one submission's accident never reaches another.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.grading import store
from autograder.grading.content import at_level, content_hashes, hash_text, intake_hash, report_key
from autograder.grading.corpus import prepared_corpus
from autograder.grading.grader import Task, broken_report, grade, prepare_process
from autograder.grading.intake import Intake, read_submission
from autograder.grading.isolation import isolation_of, require_isolation
from autograder.grading.report import Report
from autograder.grading.secret import course_secret
from autograder.worker.launcher import WarmServer

TRIES = 2
"""How often a submission is given to a judge that dies before it is BROKEN."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in: a folder or a notebook.

    ``only`` limits the exercises looked at, ``named`` the checks; None for all.
    """

    student: str
    path: Path
    only: frozenset[str] | None = None
    named: frozenset[str] | None = None


def grade_all(
    course: Course,
    assignment: Assignment,
    submissions: Sequence[Submission],
    *,
    jobs: int = 0,
    secret: bytes | None = None,
) -> Iterator[Report]:
    """Grade every submission anew, in order of completion.

    Args:
        course: where checks, solutions and the secret lie, and which isolation is accepted.
        assignment: what was handed in.
        submissions: students with what they handed in.
        jobs: judges at work at once; 0 for one per core.
        secret: what hidden inputs are drawn with; None for the course's own.
    Raises:
        IsolationError: the machine gives less than the course accepts.
    """
    chosen = course_secret(course.state) if secret is None else secret
    tasks = [
        _task(course, assignment, item, read_submission(item.path, assignment), chosen)
        for item in submissions
    ]
    yield from _run(course, tasks, jobs)


def grade_class(
    course: Course,
    assignment: Assignment,
    submissions: Sequence[Submission],
    *,
    jobs: int = 0,
    fresh: bool = False,
) -> Iterator[Report]:
    """Like ``grade_all``, through the store: what was graded under the same conditions is only read."""
    secret = course_secret(course.state)
    level = isolation_of(course).level
    waiting: dict[str, list[str]] = {}
    tasks = []
    for item in submissions:
        task = _task(course, assignment, item, read_submission(item.path, assignment), secret)
        name = report_key(task.content)
        known = None if fresh else store.get(course.state, report_key(at_level(task.content, level)))
        if known is not None:
            yield known.of(item.student)
        elif name in waiting:  # handed in alike: graded once
            waiting[name].append(item.student)
        else:
            waiting[name] = [item.student]
            tasks.append(task)
    alike = {students[0]: students for students in waiting.values()}
    for report in _run(course, tasks, jobs) if tasks else ():
        if not report.broken:
            store.put(course.state, report_key(report.content), report)
        yield from (report.of(student) for student in alike[report.student])


def _task(course: Course, assignment: Assignment, item: Submission, intake: Intake, secret: bytes) -> Task:
    content = content_hashes(course, assignment, secret, intake_hash(intake))
    if item.only is not None:
        content["only"] = hash_text(" ".join(sorted(item.only)))
    if item.named is not None:
        content["named"] = hash_text(" ".join(sorted(item.named)))
    slim = replace(intake, notebook=None)  # a judge needs the cells only
    return Task(course, assignment, item.student, slim, content, secret, item.only, item.named)


def _run(course: Course, tasks: Sequence[Task], jobs: int) -> Iterator[Report]:
    workers = max(1, min(jobs or len(os.sched_getaffinity(0)), len(tasks)))
    prepared_corpus(course)  # here, so that no two judges make the same file
    left = list(tasks)
    with WarmServer.start(hidden=[course.root]) as server:
        isolation = require_isolation(course.settings.isolation, server.isolation, server.refusals)
        left = [
            replace(
                task,
                address=server.address,
                isolation=isolation,
                content=at_level(task.content, isolation),
            )
            for task in left
        ]
        for attempt in range(TRIES):
            failed: list[Task] = []
            # after a judge died, one task at a time: so the culprit is known
            yield from _pool(left, workers if attempt == 0 else 1, failed, alone=attempt > 0)
            left = failed
    for task in left:
        yield broken_report(task, "the judge's process ended")


def _pool(tasks: Iterable[Task], workers: int, failed: list[Task], *, alone: bool) -> Iterator[Report]:
    batches = [[task] for task in tasks] if alone else [list(tasks)]
    for batch in batches:
        if not batch:
            continue
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=spawn, initializer=prepare_process) as pool:
            waiting: dict[Future[Report], Task] = {pool.submit(grade, task): task for task in batch}
            for future in as_completed(waiting):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    failed.append(waiting[future])
