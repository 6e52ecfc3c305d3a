"""Which isolation a run has, and the refusal to grade with less than the course accepts."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from autograder.course import LEVELS, Course
from autograder.errors import IsolationError
from autograder.worker.launcher import WarmServer

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Isolation:
    """The level in force here, and of each higher one why this machine does not give it."""

    level: str
    refusals: Mapping[str, str]

    def __str__(self) -> str:
        return f"isolation: {self.level}. {shortfall(LEVELS[0], self.refusals)}".strip()


def isolation_of(course: Course) -> Isolation:
    """What this machine gives to ``course``, found by a server without libraries that really tries.

    Once per process: a Report in the store is only used under the level that it was made at.

    Raises:
        IsolationError: it is below what the course accepts.
    """
    # what decides whether the tools of a level are found may change within a process, in tests at least
    found = _tried(course.root, os.environ.get("PATH", ""))
    require_isolation(course.settings.isolation, found.level, found.refusals)
    return found


@functools.lru_cache(maxsize=8)
def _tried(root: Path, _path: str) -> Isolation:
    with WarmServer.start((), hidden=[root]) as server:
        return Isolation(server.isolation, server.refusals)


def require_isolation(accepted: str, available: str, refusals: Mapping[str, str] = NOTHING) -> str:
    """The level in force.

    Args:
        accepted: the lowest level that the course accepts.
        available: what the warm server's self-test has shown.
        refusals: of each higher level, why this machine does not give it.
    Raises:
        IsolationError: it is below what is accepted; what to install or allow.
    """
    if LEVELS.index(available) < LEVELS.index(accepted):
        raise IsolationError(
            f"this course accepts no isolation below {accepted}. {shortfall(accepted, refusals)}If you trust "
            f'the submissions, write c.Autograder.isolation = "{available}" in nbgrader_config.py '
            f"(got {available})"
        )
    return available


def shortfall(wanted: str, refusals: Mapping[str, str]) -> str:
    """Sentences that say why the levels from ``wanted`` on cannot be had here; "" when nothing is known."""
    return "".join(
        f"Level {level} cannot be had here: {refusals[level]}. "
        for level in LEVELS[LEVELS.index(wanted) :]
        if level in refusals
    )
