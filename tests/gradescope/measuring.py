"""What each assignment needs on Gradescope: time of its processor and memory, against what it gives.

``python -m tests.gradescope.measuring`` writes the table of docs/gradescope.md; with names of assignments
it prints their rows.  Slow.  The scripts run on the documented folders, without a sandbox, as there.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from nbformat.notebooknode import NotebookNode

from autograder.assurance.variants import as_cell, notebook_with, variants
from autograder.commands.bench import adopt_orphans, children_seconds
from autograder.commands.gradescope.archive import gradescope_zip
from autograder.commands.measure import untrainable
from autograder.course import Assignment, Course, assignment_names, find_assignment, find_course
from tests.gradescope import platform

PAGE = Path("docs/gradescope.md")
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"
MEGABYTES, CORES, MINUTES = 768, 0.5, 10
"""What Gradescope gives by default; all of it can be raised in the settings of an assignment."""
SAMPLE_SECONDS = 0.1
OPTIONS = {"isolation": "restricted", "visibility": "after_due_date", "minutes": 40}


@dataclass(frozen=True)
class Cost:
    """Of one submission: seconds of all processors, and the largest memory of all processes, in MB."""

    cpu: float
    megabytes: float


def main() -> None:
    adopt_orphans()
    course = find_course(Path.cwd())
    rows = []
    for name in sys.argv[1:] or assignment_names(course):
        rows.append(row(course, find_assignment(course, name)))
        print(rows[-1], flush=True)
    if not sys.argv[1:]:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        table = "\n".join([*HEAD, *rows])
        PAGE.write_text(f"{before}{BEGIN}{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


HEAD = (
    "| assignment | right, CPU-s | MB | worst, CPU-s | MB | fits what Gradescope gives by default |",
    "|---|--:|--:|--:|--:|---|",
)


def row(course: Course, assignment: Assignment) -> str:
    """One line: the reference answers, and where something is trained, the answers that train in vain."""
    answers = variants(assignment.solutions)
    references = {v.function: as_cell(assignment.solutions, v) for v in answers if v.kind == "reference"}
    right = cost(course, assignment, notebook_with(assignment, references), full=True)
    worst = [
        cost(course, assignment, notebook_with(assignment, references | cells), full=False)
        for _, cells in untrainable(course, assignment)
    ]
    costs = [right, *([max(worst, key=lambda found: found.cpu)] if worst else [])]
    cells = [f"{value:.0f}" for found in costs for value in (found.cpu, found.megabytes)]
    cells += [""] * (4 - len(cells))
    return f"| `{assignment.name}` | {' | '.join(cells)} | {verdict([right, *worst])} |"


def verdict(costs: list[Cost]) -> str:
    megabytes = max(found.megabytes for found in costs)
    minutes = max(found.cpu for found in costs) / CORES / 60
    short = []
    if megabytes > MEGABYTES:
        short.append("more memory is to be set")
    if minutes > MINUTES:
        short.append("more time or CPU is to be set")
    return f"{'no: ' + ' and '.join(short) if short else 'yes'}; {minutes:.1f} min at most"


def cost(course: Course, assignment: Assignment, notebook: NotebookNode, *, full: bool) -> Cost:
    """Grade one submission as Gradescope would.  ``full``: it must get all points."""
    with tempfile.TemporaryDirectory(prefix="gradescope-") as scratch:
        Path(scratch).chmod(0o711)  # as /autograder is: students' code runs as nobody, below it
        root = Path(scratch) / "autograder"
        archive = Path(scratch) / "autograder.zip"
        archive.write_bytes(gradescope_zip(course, assignment, **OPTIONS))
        platform.build(root, archive)
        platform.with_our_environment(root)
        platform.submit(root, {f"{assignment.name}.ipynb": nbformat.writes(notebook)})
        path = platform.path_without("bwrap", Path(scratch) / "tools")
        before = children_seconds()
        with watched() as largest:
            run = platform.run(root, seconds=3600, path=path)
        seconds = children_seconds() - before
    if run.results is None or "isolation: restricted" not in run.stdout:
        raise SystemExit(f"{assignment.name} was not graded as on Gradescope:\n{run.stdout[:3000]}")
    points = sum(test.get("score", 0.0) for test in run.results["tests"])
    if full and abs(points - sum(assignment.points.values())) > 0.01:
        raise SystemExit(f"{assignment.name}: the reference got {points:g} points:\n{run.stdout[:3000]}")
    return Cost(seconds, largest[0] / 1e6)


@contextlib.contextmanager
def watched() -> Iterator[list[int]]:
    """The largest memory of all that this process started, in bytes; what they share counts once."""
    largest, over = [0], threading.Event()

    def watch() -> None:
        while not over.is_set():
            largest[0] = max(largest[0], memory())
            time.sleep(SAMPLE_SECONDS)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield largest
    finally:
        over.set()
        watcher.join()


def memory() -> int:
    total = 0
    for process in psutil.Process(os.getpid()).children(recursive=True):
        with contextlib.suppress(psutil.Error, OSError, subprocess.SubprocessError):
            total += process.memory_full_info().pss
    return total


if __name__ == "__main__":
    main()
