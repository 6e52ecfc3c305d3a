"""Which isolation a run has, and the refusal to grade with less than the course accepts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from autograder.course import LEVELS
from autograder.errors import IsolationError

NOTHING: Mapping[str, str] = MappingProxyType({})


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
