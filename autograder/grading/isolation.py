"""Which isolation a run has, and the refusal to grade with less than the course accepts."""

from __future__ import annotations

from autograder.course import LEVELS
from autograder.errors import IsolationError


def require_isolation(accepted: str, available: str) -> str:
    """The level in force.  Raises IsolationError when it is below the lowest level accepted."""
    if LEVELS.index(available) < LEVELS.index(accepted):
        raise IsolationError(
            f"the isolation level here is {available}, and this course accepts {accepted} and above: "
            f'if you trust the submissions, write c.Autograder.isolation = "{available}" in '
            f"nbgrader_config.py (got {available})"
        )
    return available
