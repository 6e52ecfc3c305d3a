"""The benchmark: what a sandbox costs; one class graded by this kit and by nbgrader alone, in turn.

Both start from hand-ins and end in a gradebook, everything that they start included.  Neither runs
demo cells.  nbgrader runs the visible checks; the kit runs all hidden ones, so it does more.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.assurance.variants import as_cell, notebook_with, variants, write_notebook
from autograder.course import Assignment, Course, find_assignment, find_course
from autograder.errors import AutograderError, CourseError
from autograder.worker.launcher import WarmServer, hire
from autograder.worker.levels import PROCESS, SANDBOX

ASSIGNMENT = "ex2_one_hot"
PR_SET_CHILD_SUBREAPER = 36
END_SECONDS = 10.0
FIRST_CELL = {"ask": "run_cell", "name": "first", "source": "1 + 1", "seconds": END_SECONDS}
STOCK_CONFIG = (
    "c = get_config()\nc.CourseDirectory.course_id = 'bench'\nc.ExecutePreprocessor.timeout = 600\n"
)


@dataclass(frozen=True)
class Cost:
    """What grading one submission took, in seconds: of the clock, and of all processors together."""

    wall: float
    cpu: float


def main() -> None:
    """Run the benchmark and print a line a round, then the medians and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m autograder.commands.bench", description=__doc__)
    parser.add_argument("--submissions", type=int, default=8, help="distinct hand-ins in the class")
    parser.add_argument("--rounds", type=int, default=3, help="how often each grades it")
    parser.add_argument("--workers", type=int, default=30, help="workers hired with and without the sandbox")
    parser.add_argument("--only-sandbox", action="store_true", help="leave out the comparison with nbgrader")
    options = parser.parse_args()
    try:
        course = find_course(Path.cwd())
        bench_sandbox(course, options.workers)
        if not options.only_sandbox:
            bench(course, options.submissions, options.rounds)
    except AutograderError as error:
        sys.stderr.write(f"bench: {error}\n")
        sys.exit(2)


def bench(course: Course, count: int, rounds: int) -> None:
    """Time ``rounds`` rounds over ``count`` submissions; each round grades with both, from scratch."""
    if count < 1 or rounds < 1:
        raise CourseError(f"a benchmark needs submissions and rounds (got {count} and {rounds})")
    adopt_orphans()
    assignment = find_assignment(course, ASSIGNMENT)
    costs: dict[str, list[Cost]] = {"kit": [], "nbgrader": []}
    print(f"{count} submissions of {ASSIGNMENT}, {rounds} rounds, {len(os.sched_getaffinity(0))} cores")
    for number in range(rounds):
        for name in costs if number % 2 == 0 else reversed(costs):
            with tempfile.TemporaryDirectory(prefix="autograder-bench-") as scratch:
                cost = grade_with(name, course, assignment, count, Path(scratch))
            costs[name].append(cost)
            print(f"round {number + 1}  {name:8}  {cost.wall:6.2f} s  {cost.cpu:6.2f} CPU-s  per submission")
    middle = {name: median(found) for name, found in costs.items()}
    print(
        f"nbgrader / kit: {middle['nbgrader'].wall / middle['kit'].wall:.1f} × by the clock, "
        f"{middle['nbgrader'].cpu / middle['kit'].cpu:.1f} × in CPU time (medians)"
    )


def bench_sandbox(course: Course, count: int) -> None:
    """Hire and end ``count`` workers at level process and in a sandbox, in turn: what the walls add to each.

    Raises IsolationError where there is no sandbox, CourseError for less than one worker.
    """
    if count < 1:
        raise CourseError(f"a benchmark needs workers (got {count})")
    files = find_assignment(course, ASSIGNMENT).release
    took: dict[str, list[float]] = {PROCESS: [], SANDBOX: []}
    with contextlib.ExitStack() as stack:
        servers = {
            level: stack.enter_context(WarmServer.start(level=level, hidden=[course.root])) for level in took
        }
        for number in range(count + 1):
            for level in took if number % 2 else reversed(took):
                started = time.monotonic()
                with hire(servers[level].address, files=files) as worker:
                    worker.ask(FIRST_CELL, lambda _: {}, END_SECONDS)
                if number:  # the first one of each pays for what is read once
                    took[level].append(time.monotonic() - started)
    plain, walled = (statistics.median(took[level]) for level in (PROCESS, SANDBOX))
    print(
        f"a worker, from hiring to its end: {plain:.3f} s as a warm fork, {walled:.3f} s in a sandbox: "
        f"{walled - plain:+.3f} s, {walled / plain:.1f} × (medians of {count}, in turn)"
    )


def grade_with(name: str, course: Course, assignment: Assignment, count: int, place: Path) -> Cost:
    """Prepare a course in ``place`` (not timed), grade its class, and count what that took."""
    if name == "kit":
        prepare_kit(course, assignment, place)
        argv = ["autograder", "grade", assignment.name]
    else:
        prepare_stock(assignment, place)
        argv = ["nbgrader", "autograde", assignment.name]
    for number, notebook in enumerate(hand_ins(assignment, count)):
        answered = notebook if name == "kit" else without_demo(notebook)
        student = place / "submitted" / f"student{number:03}" / assignment.name
        shutil.copytree(assignment.release, student)
        write_notebook(answered, student / f"{assignment.name}.ipynb")
    cost = timed(argv, place)
    graded = len(list((place / "autograded").glob(f"*/{assignment.name}/*.ipynb")))
    if graded != count:
        raise CourseError(f"{name} graded not all of the {count} submissions (got {graded})")
    return Cost(cost.wall / count, cost.cpu / count)


def prepare_kit(course: Course, assignment: Assignment, place: Path) -> None:
    """A copy of this course with one assignment and an empty gradebook."""
    shutil.copy(course.root / "nbgrader_config.py", place)
    shutil.copytree(assignment.release, place / "release" / assignment.name)
    shutil.copytree(course.checks, place / course.settings.checks)
    shutil.copytree(course.solutions, place / course.settings.solutions)


def prepare_stock(assignment: Assignment, place: Path) -> None:
    """A course for nbgrader alone; its released notebook is registered in the gradebook."""
    (place / "nbgrader_config.py").write_text(STOCK_CONFIG, encoding="utf-8")
    shutil.copytree(assignment.source.parent, place / "source" / assignment.name)
    run(["nbgrader", "generate_assignment", assignment.name], place)


def hand_ins(assignment: Assignment, count: int) -> Iterator[NotebookNode]:
    """Distinct notebooks: every function answered, right and wrong answers taking turns."""
    by_function: dict[str, list[str]] = {name: [] for name in assignment.points}
    for variant in variants(assignment.solutions):
        by_function[variant.function].append(as_cell(assignment.solutions, variant))
    for number in range(count):
        yield notebook_with(
            assignment,
            {
                name: f"{answers[number % len(answers)]}# hand-in {number}\n"
                for name, answers in by_function.items()
            },
        )


def without_demo(notebook: NotebookNode) -> NotebookNode:
    """The notebook without the cells that the kit skips."""
    notebook.cells = [cell for cell in notebook.cells if "demo" not in cell.metadata.get("tags", ())]
    return notebook


def timed(argv: list[str], place: Path) -> Cost:
    """Run a command and count the time of all that it started, to the last process."""
    before, started = children_seconds(), time.monotonic()
    run(argv, place)
    wall = time.monotonic() - started
    return Cost(wall, children_seconds() - before)


def run(argv: list[str], place: Path) -> None:
    """Run a command of this environment in ``place``.  Raises CourseError, with its last line, on a fault."""
    commands = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [commands / argv[0], *argv[1:]],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise CourseError(
            f"{' '.join(argv)} ended with code {done.returncode}: {last} (got {done.returncode})"
        )


def adopt_orphans() -> None:
    """Become the parent of processes whose own parent ends first, so that their time is counted too."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children_seconds() -> float:
    """CPU seconds of all processes that this one started or adopted, once they have ended."""
    deadline = time.monotonic() + END_SECONDS
    with contextlib.suppress(ChildProcessError):  # says that nobody is left
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def median(costs: list[Cost]) -> Cost:
    """The median of each quantity."""
    return Cost(statistics.median(c.wall for c in costs), statistics.median(c.cpu for c in costs))


if __name__ == "__main__":
    main()
