"""How much one worker may use: told by the trusted side, set before any code of the student runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from autograder.errors import WireError
from autograder.wire import Limits, values


@dataclass(frozen=True)
class WorkerLimits:
    """Sizes in bytes; ``processes`` counts the worker and everything it starts, threads aside.

    ``memory_bytes`` bounds what a worker adds to the memory it starts with; ``output_bytes`` is what is
    kept of one cell's outputs; ``file_bytes`` is the size of one file; ``scratch_bytes`` of all of them
    (in a sandbox, where they are kept in memory); ``value_bytes`` of the arrays of one returned value.
    """

    memory_bytes: int = 4 * 2**30
    processes: int = 32
    files: int = 256
    file_bytes: int = 256 * 2**20
    scratch_bytes: int = 256 * 2**20
    output_bytes: int = 2 * 2**20
    value_bytes: int = 240 * 2**20

    def __post_init__(self) -> None:
        for field in fields(self):
            number = getattr(self, field.name)
            if type(number) is not int or number < 1:
                raise ValueError(f"{field.name} must be a positive int (got {number!r})")

    def message(self) -> dict[str, int]:
        return asdict(self)


def limits_from(message: values.Value) -> WorkerLimits:
    """The limits that ``begin`` carries.  Raises WireError when they are none."""
    names = {field.name for field in fields(WorkerLimits)}
    if not isinstance(message, Mapping) or set(message) != names:
        raise WireError("a worker's limits do not follow the protocol")
    return WorkerLimits(**message)


def values_of(value_bytes: int) -> Limits:
    """The wire's limits, with at most ``value_bytes`` of arrays in one value."""
    common = Limits()
    return replace(common, frame_bytes=min(common.frame_bytes, value_bytes + common.header_bytes))
