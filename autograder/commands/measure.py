"""What a notebook costs its student, and a submission its grader: time and memory, against the limits.

A slow target for the course's own folder.  It grades and runs in scratch folders and writes one page.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import psutil
from nbformat.notebooknode import NotebookNode

from autograder.assurance.variants import as_cell, notebook_with, solved_notebook, variants, write_notebook
from autograder.commands.accounting import adopt_orphans, children_seconds
from autograder.commands.measured import Costs, Run, page, row
from autograder.course import Assignment, Course, find_assignment, find_course
from autograder.errors import AutograderError, CourseError
from autograder.grading.corpus import prepared_corpus
from autograder.grading.grader import Task, grade, prepare_process
from autograder.grading.intake import read_submission
from autograder.grading.report import Report
from autograder.grading.secret import OPEN_SECRET
from autograder.worker.launcher import WarmServer

PAGE = Path("docs") / "measurements.md"
CORES = 2
SAMPLE_SECONDS = 0.05
FAILED_TRAININGS = "reached at best"  # in the golden file of an answer whose trainings all failed


def main() -> None:
    """Measure the assignments that are named, or all; all together are written to the page."""
    parser = argparse.ArgumentParser(prog="python -m autograder.commands.measure", description=__doc__)
    parser.add_argument("assignments", nargs="*", help="only these, printed and not written")
    parser.add_argument("--note", default="", help="a sentence about the machine, for the page")
    options = parser.parse_args()
    try:
        measure(find_course(Path.cwd()), options.assignments, options.note)
    except AutograderError as error:
        sys.stderr.write(f"measure: {error}\n")
        sys.exit(2)


def measure(course: Course, names: Sequence[str], note: str) -> None:
    """Print a row per assignment; write the page when all were measured."""
    adopt_orphans()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    every = sorted(path.name for path in course.release.iterdir() if path.is_dir())
    found = []
    for name in names or every:
        found.append(costs_of(course, find_assignment(course, name)))
        print(row(found[-1]), flush=True)
    if not names:
        cores = min(CORES, os.cpu_count() or CORES)
        (course.root / PAGE).write_text(page(found, cores=cores, note=note), encoding="utf-8")


def costs_of(course: Course, assignment: Assignment) -> Costs:
    """Run the notebook, then grade: the reference twice, and the wrong answers that train in vain."""
    notebook = run_notebook(assignment)
    references = {
        v.function: as_cell(assignment.solution_files, v)
        for v in variants(assignment.solution_files)
        if v.kind == "reference"
    }
    right = notebook_with(assignment, references)
    wrong = {
        names: notebook_with(assignment, references | cells)
        for names, cells in untrainable(course, assignment)
    }
    first, other, *failed = grading_seconds(course, assignment, [right, right, *wrong.values()])
    return Costs(assignment.name, notebook, first, other, dict(zip(wrong, failed, strict=True)))


def untrainable(course: Course, assignment: Assignment) -> Iterator[tuple[str, dict[str, str]]]:
    """Submissions in which every trained exercise fails all its trainings: their name, and the cells.

    Which answers do so is read from the golden files.  Each of them occurs in one submission at least.
    """
    by_function: dict[str, list[tuple[str, str]]] = {}
    for variant in variants(assignment.solution_files):
        text = course.messages / assignment.name / f"{variant.symbol}.txt"
        if text.is_file() and FAILED_TRAININGS in text.read_text(encoding="utf-8"):
            cell = as_cell(assignment.solution_files, variant)
            by_function.setdefault(variant.function, []).append((variant.name, cell))
    count = max(map(len, by_function.values()), default=0)
    for answers in zip(*(islice(cycle(found), count) for found in by_function.values()), strict=True):
        yield (
            ", ".join(name for name, _ in answers),
            dict(zip(by_function, (cell for _, cell in answers), strict=True)),
        )


def run_notebook(assignment: Assignment) -> Run:
    """Run the whole solved notebook in a copy of the release folder, as a student would."""
    with tempfile.TemporaryDirectory(prefix="autograder-measure-") as scratch:
        folder = Path(scratch) / assignment.name
        shutil.copytree(assignment.release, folder)
        write_notebook(solved_notebook(assignment), folder / f"{assignment.name}.ipynb")
        commands = Path(sys.executable).parent
        argv = [
            str(commands / "jupyter"),
            "nbconvert",
            "--execute",
            "--to",
            "notebook",
            "--output",
            "run.ipynb",
        ]
        environment = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ.get('PATH', '')}"}
        before, started = children_seconds(), time.monotonic()
        with (folder / "log").open("w+", encoding="utf-8") as log:
            process = subprocess.Popen(
                [*argv, f"{assignment.name}.ipynb"], cwd=folder, env=environment, stdout=log, stderr=log
            )
            peak = 0
            while process.poll() is None:
                peak = max(peak, memory_below(process.pid))
                time.sleep(SAMPLE_SECONDS)
            wall = time.monotonic() - started
            log.seek(0)
            said = log.read().strip().splitlines() or ["it said nothing"]
        if process.returncode:
            raise CourseError(f"the solved notebook of {assignment.name} stopped (got {said[-1]})")
    return Run(wall, children_seconds() - before, peak / 1e6)


def memory_below(pid: int) -> int:
    """Bytes of memory that the processes started by ``pid`` hold; a page that two share counts twice."""
    total = 0
    for process in processes_below(pid, itself=False):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total


def grading_seconds(course: Course, assignment: Assignment, answers: Sequence[NotebookNode]) -> list[float]:
    """CPU seconds of grading each answer, one after the other in one judge: of the judge and its workers.

    Raises CourseError where the first of them, which is right, does not get all points.
    """
    prepared_corpus(course)
    spent, before = [], 0.0
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="autograder-measure-") as scratch,
        WarmServer.start(hidden=[course.root]) as server,
        ProcessPoolExecutor(1, mp_context=spawn, initializer=prepare_process) as judges,
    ):
        workers: dict[tuple[int, float], float] = {}
        start = count_workers(server.pid, workers)
        for number, notebook in enumerate(answers):
            path = Path(scratch) / f"{assignment.name}.ipynb"
            write_notebook(notebook, path)
            intake = replace(read_submission(path, assignment), notebook=None)
            task = Task(course, assignment, "", intake, {}, OPEN_SECRET, None, None, server.address)
            graded = judges.submit(grade_and_count, task)
            while not graded.done():
                count_workers(server.pid, workers)
                time.sleep(SAMPLE_SECONDS)
            report, judge = graded.result()
            if report.broken or (number == 0 and report.points != report.max_points):
                raise CourseError(f"{assignment.name} was not graded rightly (got {report.points:g} points)")
            now = judge + count_workers(server.pid, workers) - start
            spent.append(now - before)
            before = now
    return spent


def grade_and_count(task: Task) -> tuple[Report, float]:
    """The Report, and the CPU seconds of this judge since it began; runs in the judge's process."""
    report = grade(task)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return report, sum(one.ru_utime + one.ru_stime for one in used)


def count_workers(server: int, seconds: dict[tuple[int, float], float]) -> float:
    """CPU seconds so far of a warm server and of all that it started, kept in ``seconds`` by process.

    Looked at while they live: what ends with its sandbox is nobody's child, and no parent is told its time.
    """
    for process in processes_below(server, itself=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            used = process.cpu_times()
            seconds[process.pid, process.create_time()] = used.user + used.system
    return sum(seconds.values())


def processes_below(pid: int, *, itself: bool) -> list[psutil.Process]:
    """The living processes that ``pid`` started, and what these started."""
    try:
        process = psutil.Process(pid)
        return [*([process] if itself else []), *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


if __name__ == "__main__":
    main()
