"""Grading notebooks that hold their own tests, as nbgrader does, in a worker: the compatibility mode.

The same sandbox and limits as ever, but no secrecy of those tests and no promise against forging: the
tests run in the process of the code that they test.  Points follow nbgrader's rules for a cell's output.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.checking.verdicts import ExerciseResult, LimitMet, Outcome, Verdict
from autograder.checking.wall import Workplace
from autograder.course import limits_of
from autograder.grading.content import versions
from autograder.grading.copying import copy_plain_files
from autograder.grading.intake.result import Cell, Sheet, SheetCell
from autograder.grading.intake.saved import made_plain
from autograder.grading.report import CellOutputs, CellRun, Report
from autograder.grading.session import Session, SessionLimits
from autograder.worker import launcher

if TYPE_CHECKING:
    from autograder.grading.grader import Task

BEFORE = Cell("", 'import os\nos.environ["NBGRADER_EXECUTION"] = "autograde"\ndel os')
"""What nbgrader sets while it runs a notebook: tests may ask for it."""


@dataclass
class _Ran:
    """What came of the notebooks of one submission."""

    exercises: dict[str, ExerciseResult] = field(default_factory=dict)
    runs: list[CellRun] = field(default_factory=list)
    limits_met: list[LimitMet] = field(default_factory=list)
    shown: list[CellOutputs] = field(default_factory=list)


def graded_in_notebook(task: Task) -> Report:
    """The Report of one submission, each of its notebooks run in a fresh worker."""
    started = time.monotonic()
    ran = _Ran()
    with tempfile.TemporaryDirectory(prefix="files-") as folder:
        files = _files(task, Path(folder) / "files")
        for sheet in task.intake.sheets:
            _run_sheet(task, sheet, files, ran)
    return Report(
        assignment=task.assignment.name,
        student=task.student,
        points=round(sum(one.points for one in ran.exercises.values()), 6),
        max_points=sum(one.max_points for one in ran.exercises.values()),
        exercises={name: ran.exercises[name] for name in task.assignment.points},
        manual=dict(task.assignment.manual),
        unreadable=task.intake.unreadable,
        cells=tuple(ran.runs),
        repairs=task.intake.repairs,
        limits_met=tuple(ran.limits_met),
        isolation=f"in-notebook, {task.isolation}",
        seconds=round(time.monotonic() - started, 3),
        versions=versions(),
        content=dict(task.content),
        shown=tuple(ran.shown),
    )


def _files(task: Task, folder: Path) -> Path:
    """What lies beside the notebooks when they run: the student's plain files, under the released ones."""
    copy_plain_files(task.handed_in, folder)
    for path in sorted(task.assignment.release.rglob("*")):
        target = folder / path.relative_to(task.assignment.release)
        if target.is_file() or (path.is_file() and target.is_dir()):
            target.unlink() if target.is_file() else shutil.rmtree(target)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif path.is_file() and path.suffix != ".ipynb":
            shutil.copyfile(path, target)
    return folder


def _run_sheet(task: Task, sheet: Sheet, files: Path, ran: _Ran) -> None:
    """Run one notebook from top to bottom, and score each cell that gives points."""
    prefix = f"{sheet.notebook}/"
    for name, points in task.assignment.points.items():
        if name.startswith(prefix):  # what the notebook does not have stays so
            why = sheet.unreadable or "This cell was not found in the notebook."
            ran.exercises[name] = _result(name, points, 0.0, Outcome.MISSING, why)
    if sheet.unreadable:
        return
    session = _session(task, sheet.cells, files)
    try:
        session.run()
    finally:
        session.close()
    met = {one.where: one for one in session.limits_met}
    ran.limits_met += [LimitMet(prefix + one.where, one.limit, one.what) for one in session.limits_met]
    for number, cell in enumerate(sheet.cells, start=1):  # 0 is BEFORE
        run, outputs = session.runs[number], session.outputs.get(number, [])
        ran.runs.append(CellRun(prefix + run.cell, run.outcome, run.error, run.seconds))
        shown = made_plain(outputs)
        if shown:
            ran.shown.append(CellOutputs(f"{prefix}{cell.place}", shown))
        if cell.points is not None:
            name = prefix + cell.name
            ran.exercises[name] = scored(
                name, cell.points, run, outputs, met.get(cell.name), task.assignment.ignored_stderr
            )


def _session(task: Task, cells: Sequence[SheetCell], files: Path) -> Session:
    from autograder.grading.grader import limits_of_a_worker

    limits = limits_of(task.course, task.assignment.name)
    of_a_worker = limits_of_a_worker(task.course, task.assignment.name)

    def hire() -> Workplace:
        return launcher.hire(task.address, files=files, limits=of_a_worker)

    bounds = SessionLimits(limits.cell_seconds, limits.notebook_seconds)
    return Session(hire, [BEFORE, *cells], bounds, keep_outputs=True)


def scored(
    name: str, most: float, run: CellRun, outputs: Iterable[Any], met: LimitMet | None, ignored: str = ""
) -> ExerciseResult:
    """The points of one cell, by the rules of nbgrader's ``determine_grade``.

    Args:
        name: of the cell; most: what it can give.
        run: how it ended; outputs: what it printed and displayed, unchecked.
        met: the limit that it ran into.
        ignored: a regular expression of what counts for nothing on stderr, as of nbgrader's IgnorePattern.
    """
    if met is not None:
        outcome = Outcome.TIMED_OUT if met.limit == "seconds" else Outcome.KILLED
        return _result(name, most, 0.0, outcome, met.what)
    for output in outputs:
        if not isinstance(output, dict):
            continue
        kind, text = output.get("output_type"), output.get("text")
        if kind == "stream" and output.get("name") == "stderr" and not _is_ignored(ignored, text):
            said = f"The cell wrote to stderr, which counts as an error: {_first_line(text)}"
            return _result(name, most, 0.0, Outcome.FAILED, said)
        if kind == "error":
            return _result(name, most, 0.0, Outcome.RAISED, run.error)
        if kind == "execute_result":
            return _by_value(name, most, output.get("data"))
    if run.outcome == "raised":  # its error was more than what is kept of a cell's outputs
        return _result(name, most, 0.0, Outcome.RAISED, run.error)
    return _result(name, most, most, Outcome.PASSED, "")


def _by_value(name: str, most: float, data: Any) -> ExerciseResult:
    """A cell's value is its points when it is a number; anything else is worth all of them."""
    text = data.get("text/plain") if isinstance(data, dict) else None
    if not isinstance(text, str) or not text:
        return _result(name, most, 0.0, Outcome.BROKEN, "The cell's value has no text.")
    try:
        points = float(text)
    except ValueError:
        points = most
    if points > most:
        # nbgrader ends the whole submission here; cutting it off would hide a test that counts wrong
        said = f"The cell's value is more than its {most:g} points (got {text[:40]})."
        return _result(name, most, 0.0, Outcome.BROKEN, said)
    if not points >= 0:  # negative, or no number: nbgrader warns and gives all points
        points = most
    if points == most:
        return _result(name, most, most, Outcome.PASSED, "")
    return _result(name, most, points, Outcome.FAILED, f"The cell gave {points:g} of {most:g} points.")


def _is_ignored(pattern: str, text: Any) -> bool:
    return bool(pattern) and isinstance(text, str) and re.search(pattern, text) is not None


def _first_line(text: Any) -> str:
    return text.strip().split("\n")[0][:200] if isinstance(text, str) else ""


def _result(name: str, most: float, points: float, outcome: Outcome, message: str) -> ExerciseResult:
    check = name.partition("/")[2]
    verdict = Verdict(check, f"The tests in the cell `{check}`.", outcome, message)
    return ExerciseResult(points, most, (verdict,))
