"""A tape: everything that grading asked of one submission's code, in order, with the answers it got.

Made once, untimed, by the kit's own judge.  The floor plays tapes back with nothing around the calls; the
tests of the other graders are written from the tapes of the references.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

import numpy as np

from autograder.checking.judge import judge
from autograder.checking.limits import CallLimits
from autograder.checking.submission import Submission
from autograder.checking.training import recorded_runs
from autograder.checking.wall import Workplace
from autograder.course import Assignment, Course, limits_of
from autograder.grading.grader import find_solutions, prepare_process
from autograder.grading.intake import Cell, read_submission
from autograder.grading.session import Session, SessionLimits
from autograder.wire.channel import Message, Serve
from autograder.worker.launcher import WarmServer, WorkerLimits, hire
from tests.benchmark.graders import SECRET

LARGE = 1 << 15
"""Bytes from which on an array is a file of its own, shared by all tapes."""


@dataclass(frozen=True)
class Step:
    """One question and its reply; ``check`` is the pytest id of the check that asked."""

    check: str
    question: Mapping[str, Any]
    reply: Mapping[str, Any]


@dataclass(frozen=True)
class Tape:
    """The cells that grading runs, then what it asks; ``exercises`` names the exercise of each check."""

    cells: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    exercises: Mapping[str, str]
    passed: frozenset[str] = frozenset()


@dataclass
class Listening:
    """A workplace that notes what passes through it."""

    place: Workplace
    steps: list[Step] = field(default_factory=list)

    @property
    def fate(self) -> str:
        return self.place.fate

    def ask(self, question: Message, serve: Serve, seconds: float) -> Message:
        reply = self.place.ask(question, serve, seconds)
        check = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition("::")[2].rpartition(" ")[0]
        self.steps.append(Step(check, question, reply))
        return reply

    def close(self) -> None:
        self.place.close()


def record_class(
    course: Course,
    assignment: Assignment,
    notebooks: Iterable[Path],
    folder: Path,
    *,
    every_seed: bool = False,
) -> list[Path]:
    """A tape per notebook, in ``folder``; those that are there already are kept.

    ``every_seed``: trained checks train all their seeds, also where the first one passes.
    """
    (folder / "arrays").mkdir(parents=True, exist_ok=True)
    tapes = {path: folder / f"{path.parent.parent.name}.tape" for path in notebooks}
    left = {path: tape for path, tape in tapes.items() if not tape.is_file()}
    if left:
        with (
            WarmServer.start(hidden=[course.root]) as server,
            ProcessPoolExecutor(2, get_context("spawn"), prepare_process) as judges,
        ):
            orders = [
                judges.submit(_record, course, assignment, path, tape, server.address, every_seed)
                for path, tape in left.items()
            ]
            for order in orders:
                order.result()
    return list(tapes.values())


def _record(
    course: Course,
    assignment: Assignment,
    notebook: Path,
    target: Path,
    address: Path,
    every_seed: bool,  # noqa: FBT001 -- sent to a pool
) -> None:
    find_solutions(course.root)
    cells = read_submission(notebook, assignment).cells
    token = recorded_runs.set([] if every_seed else None)
    try:
        tape = _played(course, assignment, cells, address)
    finally:
        recorded_runs.reset(token)
    part = target.with_suffix(".part")
    with part.open("wb") as file:
        _Writer(file, target.parent / "arrays").dump(tape)
    part.replace(target)


def _played(course: Course, assignment: Assignment, cells: tuple[Cell, ...], address: Path) -> Tape:
    limits = limits_of(course, assignment.name)
    own = WorkerLimits(memory_bytes=limits.memory_bytes)
    session = Session(
        lambda: hire(address, files=assignment.release, limits=own),
        cells,
        SessionLimits(limits.cell_seconds, limits.notebook_seconds),
    )
    places: list[Listening] = []

    def listen() -> Workplace:
        places.append(Listening(session.place()))
        return places[-1]

    submission = Submission(listen, limits=CallLimits(limits.call_seconds, limits.model_seconds))
    with closing(session), closing(submission):
        session.run()
        found = judge(assignment.checks, submission, SECRET)
    if found.faults or len(places) != 1:
        raise RuntimeError(f"this submission is no benchmark: {found.faults[:1]} (got {len(places)} workers)")
    lines = [(name, line) for name, verdicts in found.verdicts.items() for line in verdicts]
    return Tape(
        tuple((cell.name, cell.source) for cell in cells),
        tuple(places[0].steps),
        {line.check: name for name, line in lines},
        frozenset(line.check for _, line in lines if line.outcome == "PASSED"),
    )


def load(path: Path) -> Tape:
    """Read a tape with its arrays; each file of ``arrays`` is read once in a process."""
    with path.open("rb") as file:
        tape = _Reader(file, path.parent / "arrays").load()
    assert isinstance(tape, Tape)
    return tape


class _Writer(pickle.Pickler):
    """Puts each large array into a file named by its content: a class shares its training sets."""

    def __init__(self, file: IO[bytes], arrays: Path) -> None:
        super().__init__(file)
        self.arrays = arrays

    def persistent_id(self, obj: Any) -> str | None:
        if not isinstance(obj, np.ndarray) or obj.nbytes < LARGE:
            return None
        named = hashlib.sha256(f"{obj.dtype.str}{obj.shape}".encode() + np.ascontiguousarray(obj).data)
        path = self.arrays / f"{named.hexdigest()[:24]}.npy"
        if not path.is_file():
            part = path.with_name(f"{os.getpid()}-{path.name}")
            np.save(part, obj)
            part.replace(path)
        return path.name


class _Reader(pickle.Unpickler):
    _known: dict[Path, np.ndarray] = {}  # noqa: RUF012 -- shared by all on purpose

    def __init__(self, file: IO[bytes], arrays: Path) -> None:
        super().__init__(file)
        self.arrays = arrays

    def persistent_load(self, name: str) -> np.ndarray:
        path = self.arrays / name
        if path not in self._known:
            self._known[path] = np.load(path)
        return self._known[path]
