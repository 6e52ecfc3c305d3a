"""Where the attacks are tried: the best level of this machine that has walls; where none has, it is told."""

from __future__ import annotations

import os

import pytest

from autograder.worker.launcher import WarmServer
from autograder.worker.levels import PROCESS
from tests.attacks.cases import CASES
from tests.attacks.classroom import Graded, grade_class
from tests.attacks.course.course import make_canaries

collect_ignore = [] if os.environ.get("ATTACKS") == "alone" else ["test_alone.py"]  # slow: make attacks
NO_WALLS = "{count} attacks were not tried: this machine gives no level that keeps them in ({why})"
_LEFT_OUT: list[str] = []


def level_here() -> str:
    """The best level with walls that this machine gives; "" where there is none, which is told at the end."""
    with WarmServer.start(("numpy",)) as server:
        best, refusals = server.isolation, dict(server.refusals)
    if best != PROCESS:
        return best
    _LEFT_OUT.append(NO_WALLS.format(count=len(CASES), why="; ".join(refusals.values())))
    return ""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason in _LEFT_OUT:
        terminalreporter.section("attacks", bold=True, yellow=True)
        terminalreporter.line(reason)


@pytest.fixture(scope="session")
def level() -> str:
    return level_here() or pytest.skip("no level that keeps attackers in")


@pytest.fixture(scope="session")
def canaries():
    return make_canaries()


@pytest.fixture(scope="session")
def quiet(level, canaries, tmp_path_factory) -> Graded:
    """The class without attackers."""
    return grade_class(tmp_path_factory.mktemp("quiet"), level, [], canaries=canaries)


@pytest.fixture(scope="session")
def graded(level, canaries, tmp_path_factory) -> Graded:
    """The class with every attacker at once: they attack one another too."""
    return grade_class(tmp_path_factory.mktemp("attacked"), level, CASES, canaries=canaries)
