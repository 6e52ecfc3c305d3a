"""A submission as a check sees it: ``submission.one_hot(ids, 7)`` calls the student's function.

The function runs in the worker, behind the wall; what comes back is plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.checking.hearsay import Notebook
from autograder.checking.limits import CallLimits
from autograder.checking.wall import CallReport, Wall, Workplace


class Submission:
    """The student's functions, by name.  ``close`` it to end its worker.

    ``cells``: the texts of the notebook's cells by their names; nothing but these is quoted to the student.
    """

    def __init__(
        self,
        hire: Callable[[], Workplace],
        *,
        limits: CallLimits | None = None,
        signatures: Mapping[str, Sequence[str]] | None = None,
        why_missing: Mapping[str, str] | None = None,
        cells: Mapping[str, str] | None = None,
    ) -> None:
        self._wall = Wall(
            hire,
            limits or CallLimits(),
            dict(signatures or {}),
            dict(why_missing or {}),
            Notebook(dict(cells or {})),
        )

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self._wall, name)

    def close(self) -> None:
        self._wall.close()


def wall_of(submission: Submission) -> Wall:
    """The engine's way to what a check does not need: the last call, the limits met."""
    return submission._wall


@dataclass(frozen=True)
class StudentFunction:
    """One function of the student's; calling it is a call through the wall."""

    wall: Wall
    name: str
    seed: int | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.report(*args, **kwargs).value

    def report(self, *args: Any, measure_memory: bool = False, **kwargs: Any) -> CallReport:
        """Call, and say also which arguments were changed and, where asked, the peak memory in bytes."""
        return self.wall.call(self.name, args, kwargs, seed=self.seed, measure_memory=measure_memory)

    def seeded(self, seed: int) -> StudentFunction:
        """The same function, called right after all random generators of Keras were seeded."""
        return StudentFunction(self.wall, self.name, seed)
