"""Damaged hand-ins, as many as asked for, and the facts that hold for each one whatever was done to it.

``make fuzz`` runs it; a case is named by the seed and its number, and ``--only`` repeats one.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import hashlib
import json
import os
import random
import re
import signal
import stat
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.assurance.variants import solved_notebook
from autograder.course import Assignment, assignment_names, find_assignment, find_course
from autograder.grading.intake import Intake, read_submission
from autograder.grading.intake.release import Role, read_release
from autograder.grading.nbgrader_plugin import mirror
from tests.intake import mutating
from tests.intake.mutating import Notebook, text_of

ROOT = Path(__file__).parents[2]
SECONDS = 60
"""A case that takes longer hangs; the slowest take a second on a quiet machine."""
LIMITS = re.compile("at most|more than")
WRITES = frozenset(
    f"os.{name}"
    for name in (
        "remove", "rename", "mkdir", "rmdir", "link", "symlink", "truncate", "chmod", "chown", "utime",
        "mkfifo", "mknod", "setxattr", "system", "exec", "posix_spawn", "fork",
    )
) | {"shutil.rmtree", "subprocess.Popen", "socket.connect", "socket.bind"}  # fmt: skip
_OPENED_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_watched: list[str] | None = None


class Hangs(BaseException):
    """A case took longer than any may; no handler of the kit's catches it."""


@dataclass(frozen=True)
class Base:
    """A notebook before it is damaged, and the code that its author wrote, by grade_id."""

    assignment: Assignment
    notebook: Notebook
    answers: dict[str, str]
    solved: bool


def bases() -> list[Base]:
    """Each assignment as it is handed out, and as it is solved."""
    course = find_course(ROOT)
    found = []
    for name in assignment_names(course):
        assignment = find_assignment(course, name)
        released = json.loads(assignment.notebook.read_text(encoding="utf-8"))
        solved = json.loads(nbformat.writes(solved_notebook(assignment)))
        slots = {s.name for s in read_release(assignment.notebook).slots if s.role is Role.SOLUTION}
        for notebook in (released, solved):
            marked = ((c["metadata"].get("nbgrader", {}).get("grade_id"), c) for c in notebook["cells"])
            answers = {name: text_of(cell) for name, cell in marked if name in slots}
            found.append(Base(assignment, notebook, answers, notebook is solved))
    return found


def examine(base: Base, number: int, seed: int, place: Path) -> str:
    """Make one case in ``place`` and hold the facts against it; what became of it.

    Raises AssertionError, which says what does not hold, and Hangs.
    """
    rng = random.Random(f"{seed}-{number}")
    content = mutating.mutate(rng, base.notebook)
    outside = place / "outside"
    outside.mkdir()
    (outside / "secret.ipynb").write_text(json.dumps(base.notebook))
    folder = place / "submitted" / "ada" / base.assignment.name
    kind = mutating.lay_down(rng, folder, f"{base.assignment.name}.ipynb", content, outside)
    before = snapshot(place)
    with warnings.catch_warnings(), bounded(), watched() as written:
        warnings.simplefilter("error")
        intake = read_submission(folder, base.assignment)
    assert written == [], f"it did {written}"
    assert snapshot(place) == before, "something was changed"
    is_file = kind in ("file", "others", "deep") or (kind == "closed" and os.access(folder, os.R_OK))
    intact, merged = intact_answers(base, content) if is_file else ({}, {})
    if intake.unreadable:
        _refused_fairly(intake, intact)
        return "unreadable"
    _whole(base, intake)
    _kept(base, intake, intact)
    _run_somewhere(base, intake, merged)
    if number % 5 == 0:
        with bounded():
            _written_for_nbgrader(base, intake, folder, place / "mirror")
        assert {k: v for k, v in snapshot(place).items() if not k.startswith("mirror")} == before
    return "repaired" if intake.repairs else "read"


def intact_answers(base: Base, content: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """The answers that are in the damaged file as they were written, with no rival.

    First those in a cell of their own, with their own mark or none, then those anywhere in one code cell.
    """
    try:
        data = json.loads(content.decode(json.detect_encoding(content)))
        cells = [cell for cell in data["cells"] if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}, {}
    if not isinstance(data["cells"], list):
        return {}, {}
    marks = [_mark(cell) for cell in cells]
    texts = [text_of(cell).replace("\r\n", "\n") for cell in cells]
    slots = {slot.name: slot for slot in read_release(base.assignment.notebook).slots}
    found, merged = {}, {}
    for name, source in base.answers.items():
        holders = [i for i, text in enumerate(texts) if text == source]
        claims = [i for i, mark in enumerate(marks) if mark == name]
        functions = "|".join(map(re.escape, slots[name].functions)) or name
        rivals = [i for i, text in enumerate(texts) if re.search(rf"\bdef\s+({functions})\b", text)]
        if len(rivals) == 1 and source.strip() in texts[rivals[0]]:
            cell = cells[rivals[0]]
            if cell.get("cell_type") == "code" and not _is_demo(cell):
                merged[name] = source.strip()
        if len(holders) != 1 or rivals not in ([], holders):
            continue
        (holder,) = holders
        own = claims == holders or (claims == [] and marks[holder] not in slots)
        if own and cells[holder].get("cell_type") == "code" and not _is_demo(cells[holder]):
            found[name] = source
    return found, merged


def _refused_fairly(intake: Intake, intact: dict[str, str]) -> None:
    reason = intake.unreadable
    assert reason.endswith(".") or reason.endswith(")."), f"no sentence: {reason}"
    assert "\n" not in reason, f"no one line: {reason}"
    assert str(ROOT) not in reason, f"it names a path: {reason}"
    assert (intake.cells, intake.notebook, intake.pictures) == ((), None, ())
    assert not intact or LIMITS.search(reason), f"refused ({reason}) with whole answers: {sorted(intact)}"


def _whole(base: Base, intake: Intake) -> None:
    """A valid notebook with every marked cell of the release once, in order, the locked ones as they were."""
    nbformat.validate(intake.notebook)
    nbformat.writes(intake.notebook).encode("utf-8")
    slots = read_release(base.assignment.notebook).slots
    marked = [cell for cell in intake.notebook.cells if "nbgrader" in cell.metadata]
    assert [cell.metadata.nbgrader["grade_id"] for cell in marked] == [slot.name for slot in slots]
    for slot, cell in zip(slots, marked, strict=True):
        assert cell.metadata == dict(slot.metadata), f"other marks on {slot.name}"
        if slot.role in (Role.CHECKS, Role.LOCKED):
            assert cell.source == slot.source, f"the locked cell {slot.name} is not the released one"
    for repair in intake.repairs:
        assert repair.what.endswith("."), f"no sentence: {repair.what}"
    json.dumps([(cell.name, cell.source) for cell in intake.cells]).encode()


def _kept(base: Base, intake: Intake, intact: dict[str, str]) -> None:
    sources = {
        cell.metadata.nbgrader["grade_id"]: cell.source
        for cell in intake.notebook.cells
        if "nbgrader" in cell.metadata
    }
    running = {cell.name: cell.source for cell in intake.cells}
    for name, source in intact.items():
        assert sources[name] == source, f"the answer {name} is not what its author wrote"
        if base.solved:
            assert running.get(name) == source, f"the answer {name} would not be run"
            assert name not in intake.untouched | intake.absent, f"the answer {name} counts as unwritten"


def _run_somewhere(base: Base, intake: Intake, merged: dict[str, str]) -> None:
    running = [cell.source for cell in intake.cells]
    for name, source in merged.items() if base.solved else ():
        assert any(source in text for text in running), (
            f"the answer {name}, merged or moved, would not be run"
        )


def _written_for_nbgrader(base: Base, intake: Intake, original: Path, copy: Path) -> None:
    mirror.write_copy(copy, original, base.assignment, {base.assignment.name: intake.notebook})
    nbformat.validate(nbformat.read(copy / f"{base.assignment.name}.ipynb", as_version=4))
    for path in copy.rglob("*"):
        mode = path.lstat().st_mode
        assert stat.S_ISREG(mode) or stat.S_ISDIR(mode), f"{path.name} was copied"


def _mark(cell: dict[str, Any]) -> Any:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None


def _is_demo(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    found = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(found, list) and "demo" in found


def snapshot(place: Path) -> dict[str, tuple[object, ...]]:
    """Everything below ``place``: its kind, rights, time and, of files that are not huge, its content."""
    found: dict[str, tuple[object, ...]] = {}
    for folder, names, files in os.walk(place):
        for name in (*names, *files):
            path = Path(folder) / name
            state = path.lstat()
            content = ""
            if stat.S_ISREG(state.st_mode) and state.st_size < 2**24 and os.access(path, os.R_OK):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            found[os.path.relpath(path, place)] = (state.st_mode, state.st_size, state.st_mtime_ns, content)
    return found


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Raise Hangs inside when SECONDS are over."""

    def ring(*_: object) -> None:
        raise Hangs(f"not done within {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def watched() -> Iterator[list[str]]:
    """Python's own record of what is written, made, removed or started meanwhile."""
    global _watched
    _hook()
    _watched = []
    try:
        yield _watched
    finally:
        _watched = None


@functools.cache
def _hook() -> None:
    sys.addaudithook(_note)  # it stays for the life of the process


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched is None:
        return
    flags = arguments[2] if event == "open" else 0
    if event in WRITES or (isinstance(flags, int) and flags & _OPENED_TO_WRITE):
        _watched.append(f"{event} {arguments!r}")


def run(cases: int, seed: int, *, only: int | None = None) -> int:
    """Examine the cases, print what does not hold; how many."""
    started, failed = time.monotonic(), 0
    known, ends = bases(), Counter[str]()
    for number in range(cases) if only is None else [only]:
        base = known[number % len(known)]
        with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
            try:
                end = examine(base, number, seed, Path(place))
                ends[end] += 1
            except (Exception, Hangs) as error:
                failed += 1
                print(
                    f"case {number} of seed {seed} ({base.assignment.name}): {type(error).__name__}: {error}"
                )
    told = ", ".join(f"{count} {end}" for end, count in sorted(ends.items()))
    print(f"{cases if only is None else 1} hand-ins, seed {seed}: {told}, {failed} failed", end="")
    print(f" ({time.monotonic() - started:.0f} s)")
    return failed


def main() -> None:
    """The command line of ``make fuzz``."""
    parser = argparse.ArgumentParser(prog="python -m tests.intake.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None, help="another one each day when it is not given")
    parser.add_argument("--only", type=int, default=None, help="the number of one case to repeat")
    chosen = parser.parse_args()
    seed = int(time.time() // 86400) if chosen.seed is None else chosen.seed
    sys.exit(1 if run(chosen.cases, seed, only=chosen.only) else 0)


if __name__ == "__main__":
    main()
