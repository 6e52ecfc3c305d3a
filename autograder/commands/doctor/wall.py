"""What the doctor sees of the wall: a worker is really started, and says what isolation it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.commands.doctor.finding import Finding, State
from autograder.course import LEVELS
from autograder.errors import AutograderError
from autograder.grading.isolation import NOTHING, shortfall

WHAT = "isolation"


def examine_wall(required: str | None, hidden: Sequence[Path] = ()) -> Finding:
    """Start a worker, TensorFlow included, and compare its isolation with what the course requires.

    ``required`` is None where there is no course; ``hidden`` are the folders that no worker may see.
    """
    from autograder.worker.launcher import WarmServer, hire

    try:
        with WarmServer.start(hidden=hidden) as server, hire(server.address) as worker:
            return compare(worker.isolation, required, server.refusals)
    except (AutograderError, OSError, TimeoutError) as error:
        remedy = "Put the other problems right first; if it stays, grade nothing and report this sentence."
        return Finding(WHAT, State.PROBLEM, f"a worker does not start: {error}", remedy)


def compare(available: str, required: str | None, refusals: Mapping[str, str] = NOTHING) -> Finding:
    """Whether the level ``available`` is at least the one ``required``; why there is no higher one."""
    why = shortfall(LEVELS[0], refusals).rstrip()
    if required is None:
        return Finding(WHAT, State.OK, " ".join(filter(None, [f"{available} available.", why])).rstrip("."))
    seen = " ".join(filter(None, [f"{available} available, {required} required by the course.", why]))
    seen = seen.rstrip(".")
    if LEVELS.index(available) >= LEVELS.index(required):
        return Finding(WHAT, State.OK, seen)
    remedy = (
        f"Grade on a machine that offers {required}, or, if you trust the submissions, "
        f'write c.Autograder.isolation = "{available}" in nbgrader_config.py.'
    )
    return Finding(WHAT, State.PROBLEM, seen, remedy)
