"""What the sandbox adds to a warm fork: workers hired and ended with and without it, in turn."""

from __future__ import annotations

import contextlib
import statistics
import time

from autograder.course import Course, find_assignment
from autograder.errors import CourseError
from autograder.worker.launcher import WarmServer, hire
from autograder.worker.levels import PROCESS, SANDBOX

ASSIGNMENT = "ex2_one_hot"
END_SECONDS = 10.0
FIRST_CELL = {"ask": "run_cell", "name": "first", "source": "1 + 1", "seconds": END_SECONDS}


def seconds_of_a_worker(course: Course, count: int) -> dict[str, float]:
    """By level, the median seconds from hiring a worker to its end.

    Raises IsolationError where there is no sandbox, CourseError for less than one worker.
    """
    if count < 1:
        raise CourseError(f"a benchmark needs workers (got {count})")
    files = find_assignment(course, ASSIGNMENT).release
    took: dict[str, list[float]] = {PROCESS: [], SANDBOX: []}
    with contextlib.ExitStack() as stack:
        servers = {
            level: stack.enter_context(WarmServer.start(level=level, hidden=[course.root])) for level in took
        }
        for number in range(count + 1):
            for level in took if number % 2 else reversed(took):
                started = time.monotonic()
                with hire(servers[level].address, files=files) as worker:
                    worker.ask(FIRST_CELL, lambda _: {}, END_SECONDS)
                if number:  # the first one of each pays for what is read once
                    took[level].append(time.monotonic() - started)
    return {level: statistics.median(found) for level, found in took.items()}
