"""The judges of other machines: a Dask cluster, reached by the address of its scheduler.

The scheduler's own rules hold: what a lost worker had is given to another one, three times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.grader import Task, broken_report, tell_staff
from autograder.grading.parcels import NotTheSame, level_here, open_parcel, pack, read_answer
from autograder.grading.report import Report

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 20.0


def level_there(course: Course, scheduler: str) -> str:
    """The isolation that every worker of the cluster has.

    Raises:
        CourseError: no scheduler answers, there is no worker, or workers differ.
        IsolationError: a worker gives less than the course accepts.
    """
    with _client(scheduler) as client:
        levels: dict[str, str] = client.run(level_here, course.settings.isolation)
    if not levels:
        raise CourseError(f"the cluster has no worker: start one with dask worker (got {scheduler})")
    if len(set(levels.values())) > 1:
        told = ", ".join(f"{worker}: {level}" for worker, level in sorted(levels.items()))
        raise CourseError(f"the workers of the cluster must have one isolation level (got {told})")
    return next(iter(levels.values()))


def grade_there(tasks: Sequence[Task], scheduler: str) -> Iterator[Report]:
    """Grade every task on the cluster, in order of completion.

    Raises:
        CourseError: no scheduler answers.
        NotTheSame: a worker has other checks, limits or versions than this machine.
    """
    from distributed import as_completed

    with _client(scheduler) as client:
        waiting = {client.submit(open_parcel, pack(task), pure=False): task for task in tasks}
        for future in as_completed(waiting):  # type: ignore[no-untyped-call]  # Dask's own types end here
            task = waiting[future]
            error = future.exception()
            if isinstance(error, NotTheSame):
                raise error
            if error is not None:
                yield broken_report(task, f"the cluster gave no Report: {error}")
                continue
            report, faults = read_answer(future.result())
            tell_staff(task, faults)
            yield report.of(task.student)
            future.release()


@contextmanager
def _client(scheduler: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError as error:
        raise CourseError(
            f'grading on a cluster needs Dask: pip install "autograder[cluster]" (got {error})'
        ) from error
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise CourseError(f"no scheduler answers there: {type(error).__name__} (got {scheduler})") from error
    try:
        yield client
    finally:
        client.close()  # type: ignore[no-untyped-call]
