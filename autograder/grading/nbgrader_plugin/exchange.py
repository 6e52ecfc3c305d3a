"""nbgrader's exchange: where students' hand-ins arrive, and how their feedback gets back to them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.apps import NbGrader
from nbgrader.auth import Authenticator
from nbgrader.exchange import ExchangeError, ExchangeFactory

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.nbgrader_plugin.running import running


class Inbound(NamedTuple):
    """Where students hand in; ``check_owner`` is nbgrader's setting: is each folder made by whom it names?"""

    folder: Path
    check_owner: bool


def inbound_of(course: Course) -> Inbound:
    """Where this course's students hand in, in the exchange.  Raises CourseError without such a folder."""
    with running(course) as app:
        exchange = _part(app, "Collect")
        folder: Path = Path(exchange.root) / app.coursedir.course_id / "inbound"
    if not folder.is_dir():
        raise CourseError(
            f"the exchange has no folder for hand-ins: run nbgrader release_assignment (got {folder})"
        )
    return Inbound(folder, exchange.check_owner)


def release_feedback(course: Course, assignment_name: str, students: Collection[str]) -> None:
    """Copy these students' feedback pages to the exchange, as ``nbgrader release_feedback`` would.

    Raises CourseError, with nbgrader's own words, where the exchange cannot be written.
    """
    with running(course, assignment_name) as app:
        for student in sorted(students):
            app.coursedir.student_id = student
            try:
                _part(app, "ReleaseFeedback").start()
            except (ExchangeError, OSError) as error:
                raise CourseError(
                    f"feedback was not released to the exchange: {error} (got {student})"
                ) from error


def _part(app: NbGrader, name: str) -> Any:
    """One of the exchange's classes, as this course's configuration chooses it."""
    factory = ExchangeFactory(config=app.config, parent=app)
    return getattr(factory, name)(
        coursedir=app.coursedir, authenticator=Authenticator(config=app.config, parent=app), parent=app
    )
