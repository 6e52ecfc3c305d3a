"""What each assignment needs on Gradescope: time of its processor and memory, against what it gives.

``python -m tests.gradescope.measuring`` writes the table of docs/gradescope.md; with names of assignments
it prints their rows.  Slow.  The scripts run on the documented folders, without a sandbox, as there;
``--python`` names the interpreter of an environment that setup.sh made, in place of this one.
"""

from __future__ import annotations

import argparse
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
from autograder.commands.bench import adopt_orphans, children_seconds
from nbformat.notebooknode import NotebookNode

from autograder.assurance.variants import as_cell, notebook_with, variants
from autograder.commands.gradescope.archive import CONTAINERS, Setup, gradescope_zip
from autograder.commands.measure import untrainable
from autograder.course import Assignment, Course, assignment_names, find_assignment, find_course
from tests.gradescope import platform

PAGE = Path("docs/gradescope.md")
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"
MARGIN = 1.15
"""Of memory, so that a submission which needs a little more than ours is not ended."""
SAMPLE_SECONDS = 0.1
SETUP = Setup(isolation="process", minutes=40, gigabytes=6.0)


@dataclass(frozen=True)
class Cost:
    """Of one submission: seconds of all processors, and the largest memory of all processes, in MB."""

    cpu: float
    megabytes: float
    level: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.gradescope.measuring", description=__doc__)
    parser.add_argument("assignments", nargs="*")
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    adopt_orphans()
    course = find_course(Path.cwd())
    rows, levels = [], set()
    for name in options.assignments or assignment_names(course):
        rows.append(row(course, find_assignment(course, name), options.python, levels))
        print(rows[-1], flush=True)
    if not options.assignments:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        table = "\n".join([*HEAD, *rows, "", f"Isolation in force: {', '.join(sorted(levels))}."])
        PAGE.write_text(f"{before}{BEGIN}{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


HEAD = (
    "| assignment | right, CPU-s | MB | worst, CPU-s | MB | smallest container that fits | minutes there |",
    "|---|--:|--:|--:|--:|---|--:|",
)


def row(course: Course, assignment: Assignment, python: str, levels: set[str]) -> str:
    """One line: the reference answers, and where something is trained, the answers that train in vain.

    ``levels`` gets the isolation that was in force.
    """

    def graded(notebook: NotebookNode, *, full: bool = False) -> Cost:
        found = cost(course, assignment, notebook, python, full=full)
        levels.add(found.level)
        return found

    answers = variants(assignment.solutions)
    references = {v.function: as_cell(assignment.solutions, v) for v in answers if v.kind == "reference"}
    right = graded(notebook_with(assignment, references), full=True)
    worst = [
        graded(notebook_with(assignment, references | cells)) for _, cells in untrainable(course, assignment)
    ]
    costs = [right, *([max(worst, key=lambda found: found.cpu)] if worst else [])]
    cells = [f"{value:.0f}" for found in costs for value in (found.cpu, found.megabytes)]
    cells += [""] * (4 - len(cells))
    return f"| `{assignment.name}` | {' | '.join(cells)} | {smallest([right, *worst])} |"


def smallest(costs: list[Cost]) -> str:
    """The smallest container that has the memory, and the minutes that the slowest takes on its processors.

    One core at most: a submission is graded in one judge.
    """
    needed = max(found.megabytes for found in costs) * 1e6 * MARGIN
    gigabytes = min(size for size in CONTAINERS if size * 2**30 >= needed)
    cores = min(1.0, float(CONTAINERS[gigabytes].split()[0]))
    minutes = max(found.cpu for found in costs) / cores / 60
    return f"{CONTAINERS[gigabytes]} | {minutes:.1f}"


def cost(course: Course, assignment: Assignment, notebook: NotebookNode, python: str, *, full: bool) -> Cost:
    """Grade one submission as Gradescope would.  ``full``: it must get all points."""
    with tempfile.TemporaryDirectory(prefix="gradescope-") as scratch:
        Path(scratch).chmod(0o711)  # as /autograder is: students' code runs as nobody, below it
        root = Path(scratch) / "autograder"
        archive = Path(scratch) / "autograder.zip"
        archive.write_bytes(gradescope_zip(course, assignment, SETUP))
        platform.build(root, archive)
        platform.with_environment(root, python)
        platform.submit(root, {f"{assignment.name}.ipynb": nbformat.writes(notebook)})
        path = platform.path_without("bwrap", Path(scratch) / "tools")
        before = children_seconds()
        with watched() as largest:
            run = platform.run(root, seconds=3600, path=path)
        seconds = children_seconds() - before
    if run.results is None:
        raise SystemExit(f"{assignment.name} was not graded as on Gradescope:\n{run.stdout[:3000]}")
    points = sum(test.get("score", 0.0) for test in run.results["tests"])
    if full and abs(points - sum(assignment.points.values())) > 0.01:
        raise SystemExit(f"{assignment.name}: the reference got {points:g} points:\n{run.stdout[:3000]}")
    return Cost(seconds, largest[0] / 1e6, run.results["extra_data"]["isolation"])


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
