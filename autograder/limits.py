"""How much one submission may use: the defaults, and what an instructor sets for one assignment.

It only says and checks the numbers; who holds them lies in the rooms that do.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from autograder.errors import CourseError

LONGEST_SECONDS = 24 * 3600.0
LARGEST_VALUE = 240 * 2**20
"""What one message of the wire can carry beside its own header."""


@dataclass(frozen=True)
class Limits:
    """Seconds of the clock and sizes in bytes; ``processes`` and ``files`` are counted at one time.

    ``cell_seconds``: one cell; ``notebook_seconds``: all cells together; ``call_seconds``: one call of a
    student's function; ``model_seconds``: one training or prediction of a student's model;
    ``memory_bytes``: what the code and all that it starts add to the memory of a fresh worker;
    ``processes``: the worker and all that it starts; ``files``: open at one time; ``file_bytes``: one file;
    ``scratch_bytes``: all files together, where the level keeps them in memory; ``output_bytes``: what is
    kept of one cell's outputs; ``value_bytes``: the arrays of one value that a function returns.
    """

    cell_seconds: float = 30.0
    notebook_seconds: float = 120.0
    call_seconds: float = 10.0
    model_seconds: float = 120.0
    memory_bytes: int = 4 * 2**30
    processes: int = 32
    files: int = 256
    file_bytes: int = 256 * 2**20
    scratch_bytes: int = 256 * 2**20
    output_bytes: int = 2 * 2**20
    value_bytes: int = LARGEST_VALUE


NAMES = tuple(field.name for field in fields(Limits))


def check_limit(name: str, value: object, where: str) -> None:
    """Raise CourseError, which names ``where``, unless ``value`` can be the limit called ``name``."""
    if name.endswith("_seconds"):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value) or not 0 < value <= LONGEST_SECONDS:  # type: ignore[operator,arg-type]
            raise CourseError(
                f"{where} must be a number of seconds above 0, at most {LONGEST_SECONDS:g} (got {value!r})"
            )
        return
    largest = LARGEST_VALUE if name == "value_bytes" else 2**62
    if type(value) is not int or not 0 < value <= largest:
        bound = f", at most {LARGEST_VALUE}" if name == "value_bytes" else ""
        raise CourseError(f"{where} must be a positive int{bound} (got {value!r})")


def check_limits(chosen: object, assignments: Iterable[str]) -> None:
    """Raise CourseError unless ``chosen`` is {assignment: {name of a limit: number}}, all of them known."""
    if not isinstance(chosen, Mapping):
        raise CourseError(
            f"c.Autograder.limits is a dict of assignments, each with a dict of limits (got {chosen!r})"
        )
    known = sorted(assignments)
    for assignment, own in chosen.items():
        if assignment not in known:
            raise CourseError(
                f"c.Autograder.limits names no assignment of this course{_nearest(assignment, known)} "
                f"(got {assignment!r})"
            )
        where = f"c.Autograder.limits[{assignment!r}]"
        if not isinstance(own, Mapping):
            raise CourseError(f"{where} is a dict of limits (got {own!r})")
        for name, value in own.items():
            if name not in NAMES:
                raise CourseError(f"{where} names no limit{_nearest(name, NAMES)} (got {name!r})")
            check_limit(name, value, f"{where}[{name!r}]")


def _nearest(name: object, known: Iterable[str]) -> str:
    """What was probably meant, else everything that there is."""
    names = list(known)
    near = difflib.get_close_matches(str(name), names, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(names) or 'none'}"
