"""``pytest tests/hidden``: every hidden check against the reference, or against ``--submission=some.ipynb``.

Loaded by pytest wherever the kit is installed; it starts nothing until a hidden check runs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.checking.judge import Judge
from autograder.checking.submission import Submission
from autograder.errors import CourseError
from autograder.grading.secret import OPEN_SECRET

JUDGE = "autograder-judge"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("autograder")
    group.addoption(
        "--submission", default="", help="a notebook to run hidden checks against (default: the reference)"
    )


def pytest_configure(config: pytest.Config) -> None:
    stand = Stand(config.getoption("--submission"))
    judge = Judge(stand.submission, OPEN_SECRET, corpus_of=stand.corpus)
    config.pluginmanager.register(judge, JUDGE)
    config.add_cleanup(stand.close)


class Stand:
    """Keeps one submission per file of checks, and the warm server that they share."""

    def __init__(self, notebook: str) -> None:
        self._notebook = notebook
        self._closing: list[Callable[[], None]] = []
        self.submission = functools.cache(self._submission)
        self.corpus = functools.cache(self._corpus)

    def close(self) -> None:
        for close in reversed(self._closing):
            close()

    def _submission(self, checks: Path) -> Submission:
        from autograder.assurance.variants import reference_cells
        from autograder.course import find_assignment, find_course
        from autograder.grading.grader import open_session
        from autograder.grading.intake import read_submission

        course = find_course(checks.parent)
        assignment = find_assignment(course, checks.stem.removeprefix("test_"))
        if self._notebook:
            intake = read_submission(Path(self._notebook), assignment)
            if intake.unreadable:
                raise CourseError(f"{intake.unreadable} (got {self._notebook})")
            cells = intake.cells
        else:
            cells = reference_cells(assignment.solutions)
        session, submission = open_session(course, assignment, cells, self._server())
        self._closing += [session.close, submission.close]
        return submission

    def _corpus(self, checks: Path) -> Path | None:
        from autograder.course import find_course
        from autograder.grading.corpus import prepared_corpus

        return prepared_corpus(find_course(checks.parent))

    @functools.cache  # noqa: B019 -- the stand lives as long as pytest does
    def _server(self) -> Path:
        from autograder.worker.launcher import WarmServer

        server = WarmServer.start()
        self._closing.insert(0, server.close)
        return server.address
