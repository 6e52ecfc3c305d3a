"""nbgrader inside of our own commands: as it would start in the course folder, but quiet."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.apps import NbGrader

from autograder.course import Course


@contextmanager
def running(course: Course, assignment: str = "") -> Iterator[NbGrader]:
    """nbgrader for one errand, about an assignment or none.

    nbgrader keeps each app's handlers on one logger: after one that is not ended, the next tells all twice.
    """
    app = nbgrader_app(course)
    if assignment:
        app.coursedir.assignment_id = assignment
    try:
        yield app
    finally:
        app.deinit_logging()


def nbgrader_app(course: Course) -> NbGrader:
    """nbgrader with all of the course's configuration files; whoever makes it ends its logging."""
    path = list(sys.path)
    app = NbGrader(log_level=logging.ERROR)
    app.load_cwd_config = False
    try:
        app.initialize([], root=str(course.root))
    finally:
        sys.path[:] = path  # nbgrader puts the current folder first, for every later import of ours
    return app
