"""Grades on their way into nbgrader's gradebook while a run goes on.

Recording takes one core for a part of a second each: done at the end of a run, the others would be idle.
"""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.report import Report

if TYPE_CHECKING:
    from autograder.grading.nbgrader_plugin import Recorded

EVERY_SECONDS = 20.0


class Book:
    """Takes the Reports of a run as they come, and writes what is waiting every twenty seconds.

    ``recorded`` is, by assignment, what became of those that were written so far.
    """

    def __init__(self, course: Course) -> None:
        self.recorded: dict[str, Recorded] = {}
        self._course = course
        self._waiting: dict[str, dict[str, Report]] = defaultdict(dict)
        self._next = time.monotonic() + EVERY_SECONDS

    def take(self, report: Report) -> None:
        """Keep a Report, or write it with those that wait; a gradebook that fails now is tried again."""
        self._waiting[report.assignment][report.student] = report
        if time.monotonic() >= self._next:
            with contextlib.suppress(CourseError):
                self.write()
            self._next = time.monotonic() + EVERY_SECONDS

    def write(self) -> None:
        """Write what is waiting.  Raises CourseError where nothing can be written."""
        from autograder.grading.nbgrader_plugin import record  # nbgrader takes a second

        while self._waiting:
            name, reports = next(iter(self._waiting.items()))
            before = self.recorded.get(name)
            self.recorded[name] = record(self._course, name, list(reports), reports=reports, before=before)
            del self._waiting[name]
