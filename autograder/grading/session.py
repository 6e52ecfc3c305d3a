"""A submission at work: its cells run in a worker, and run again in a fresh one when a worker dies."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from autograder.checking.hearsay import Notebook, student_error
from autograder.checking.limits import GRACE_SECONDS
from autograder.checking.stops import Stopped, StudentError
from autograder.checking.verdicts import LimitMet, Outcome
from autograder.checking.wall import Workplace
from autograder.errors import WireError, WorkerLost
from autograder.grading.report import CellRun
from autograder.wire.channel import Message

CELL_ENDS = {
    "memory": ("memory", "used more memory than there is"),
    "processes": ("processes", "started too many processes or threads"),
}
"""Why a worker ended -> the limit that was met, and what the cell did."""
REPLAYS = 3
"""How many times all the time of a notebook may go into running its cells again, after workers that died."""


class Cell(Protocol):
    """One code cell to run: its name for the student, and its text."""

    @property
    def name(self) -> str: ...

    @property
    def source(self) -> str: ...


@dataclass(frozen=True)
class SessionLimits:
    """Seconds for one cell, and for all cells of the notebook together."""

    cell_seconds: float = 30.0
    notebook_seconds: float = 120.0


@dataclass
class Session:
    """Runs the cells once and keeps what happened; ``place()`` gives a worker in which they have run.

    ``outputs`` holds, by the place of each cell, the unchecked outputs of its run; nothing unless asked to
    ``keep_outputs``.
    """

    hire: Callable[[], Workplace]
    cells: Sequence[Cell]
    limits: SessionLimits
    runs: list[CellRun] = field(default_factory=list)
    limits_met: list[LimitMet] = field(default_factory=list)
    keep_outputs: bool = False
    outputs: dict[int, list[Any]] = field(default_factory=dict)
    _safe: list[Cell] = field(default_factory=list)
    _first: Workplace | None = None
    _replay_seconds: float = 0.0

    def run(self) -> None:
        """Run every cell; a cell that ends the process is left out of the worker that replaces it."""
        deadline = time.monotonic() + self.limits.notebook_seconds
        for cell in self.cells:
            if time.monotonic() > deadline:
                self._limit(
                    cell,
                    "seconds",
                    f"The cells before {cell.name} took all the time there is; it was not run.",
                )
                self.runs.append(CellRun(cell.name, "interrupted"))
                continue
            self.runs.append(self._run_first_time(cell))

    def place(self) -> Workplace:
        """A worker in which the safe cells have run: the first one, or a new one after it died.

        Raises Stopped once running them again has taken REPLAYS times all the time of the notebook.
        """
        if self._first is not None:
            first, self._first = self._first, None
            return first
        if self._replay_seconds > REPLAYS * self.limits.notebook_seconds:
            raise Stopped(
                Outcome.TIMED_OUT,
                "{call} was not made: the cells of your notebook took all the time there is.",
            )
        started = time.monotonic()
        worker = self.hire()
        for cell in tuple(self._safe):
            if time.monotonic() > started + self.limits.notebook_seconds:
                break
            try:
                _ask_run(worker, cell, self.limits.cell_seconds)
            except (TimeoutError, WorkerLost, WireError):
                # safe once and not now: it costs this time once, then it is left out for good
                self._safe.remove(cell)
                worker.close()
                worker = self.hire()
        self._replay_seconds += time.monotonic() - started
        return worker

    def close(self) -> None:
        if self._first is not None:
            self._first.close()
            self._first = None

    def _run_first_time(self, cell: Cell) -> CellRun:
        started = time.monotonic()
        worker = self._first = self.place()
        try:
            reply = _ask_run(worker, cell, self.limits.cell_seconds)
        except TimeoutError:
            self.close()
            return self._accident(
                cell, "seconds", f"did not finish within {self.limits.cell_seconds:g} seconds"
            )
        except (WorkerLost, WireError):
            limit, how = CELL_ENDS.get(worker.fate, ("process", "ended the process that runs your notebook"))
            self.close()
            return self._accident(cell, limit, how)
        seconds = round(time.monotonic() - started, 4)
        outcome = reply.get("outcome")
        shown = reply.get("outputs")
        if self.keep_outputs and isinstance(shown, list):
            self.outputs[len(self.runs)] = shown
        if outcome == "interrupted":
            return self._accident(
                cell, "seconds", f"did not finish within {self.limits.cell_seconds:g} seconds"
            )
        self._safe.append(cell)
        if outcome == "raised":
            error = reply.get("error")
            notebook = Notebook({known.name: known.source for known in self.cells})
            described = student_error(error if isinstance(error, dict) else {}, notebook)
            return CellRun(cell.name, "raised", _cell_error(described), seconds)
        return CellRun(cell.name, "ok", "", seconds)

    def _accident(self, cell: Cell, limit: str, what: str) -> CellRun:
        self._limit(cell, limit, f"The cell {cell.name} {what}.")
        return CellRun(cell.name, "interrupted", f"It {what}.", self.limits.cell_seconds)

    def _limit(self, cell: Cell, limit: str, what: str) -> None:
        self.limits_met.append(LimitMet(cell.name, limit, what))


def _ask_run(worker: Workplace, cell: Cell, seconds: float) -> Message:
    question = {"ask": "run_cell", "name": cell.name, "source": cell.source, "seconds": seconds}
    return worker.ask(question, _no_callback, seconds + GRACE_SECONDS)


def _no_callback(_: Message) -> Message:
    return {"outcome": "raised", "type": "RuntimeError", "message": "no function was handed over"}


def _cell_error(error: StudentError) -> str:
    place = f" in line {error.line}" if error.line else ""
    own = not error.ancestors or error.ancestors[0] != error.type_name
    kind = "an exception of your own" if own else error.type_name
    return f"It stopped with {kind}{place}" + (f": `{error.text}`" if error.text else "") + "."
