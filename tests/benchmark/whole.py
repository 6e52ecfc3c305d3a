"""The stages about this kit alone: growth, what is kept, the class over all assignments, small things."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.course import Course, assignment_names, find_assignment
from tests.benchmark.classes import hand_ins, spread
from tests.benchmark.compare import grade_again, play, record, run, say, tapes_of, tests_of_peers
from tests.benchmark.graders import (
    SAME,
    SHIPPED,
    Lot,
    environment,
    install,
    lay_kit,
    lay_stock,
    stock_command,
)
from tests.benchmark.meter import Cost, measure
from tests.benchmark.plan import KIT_2, STOCK, Sizes
from tests.benchmark.results import Results
from tests.benchmark.sandbox import seconds_of_a_worker
from tests.grading.kills import GRADES

LOG_LINES = 60


def grow(course: Course, sizes: Sizes, results: Results, folder: Path) -> None:
    """Classes of rising size, graded from nothing; then the largest once more, unchanged."""
    name = next(iter(sizes.submissions))
    assignment = find_assignment(course, name)
    for count in sizes.growing:
        key = f"growth/{name}/{count}"
        if results.has(key):
            continue
        lot = Lot(assignment, list(hand_ins(assignment, count)), SHIPPED, {})
        with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
            place = Path(scratch)
            cost = run(course, [lot], KIT_2, place, folder)
            say(key, results.once(key, lambda cost=cost, count=count: record(cost, count)))
            if count == sizes.growing[-1]:
                _keep(results, name, count, place)


def _keep(results: Results, name: str, count: int, place: Path) -> None:
    """What the unchanged class costs; and recording alone: all is in the store, nothing in the gradebook."""
    again = grade_again(KIT_2, [name], place)
    say("again", results.once(f"again/{name}", lambda: record(again, count)))
    for path in (place / "gradebook.db", *place.glob("autograded/*/*/*.ipynb")):
        path.unlink()
    recorded = grade_again(KIT_2, [name], place)
    found = {
        "wall": (recorded.wall - again.wall) / count,
        "cpu": (recorded.cpu - again.cpu) / count,
        "count": count,
    }
    say("recording", results.once(f"recording/{name}", lambda: found))


def resume(course: Course, sizes: Sizes, results: Results, folder: Path) -> None:
    """Killed when half of the class is graded, then started again: this kit, and nbgrader alone."""
    name = next(iter(sizes.submissions))
    assignment = find_assignment(course, name)
    notebooks = list(hand_ins(assignment, sizes.growing[0]))
    lot = Lot(assignment, notebooks, SAME, tests_of_peers(course, name, folder))
    for grader, done in ((KIT_2, ".autograder/reports/*/*.json"), (STOCK, "autograded/*/*/*.ipynb")):
        key = f"resume/{name}/{grader}"
        if not results.has(key):
            with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
                work = _killed_and_resumed(course, lot, grader, Path(scratch), folder, done)
            say(key, results.once(key, lambda work=work: work))


def _killed_and_resumed(
    course: Course, lot: Lot, grader: str, place: Path, folder: Path, done: str
) -> dict[str, Any]:
    name, half = lot.assignment.name, len(lot.notebooks) // 2
    stop = killing(place, done, half)
    if grader == STOCK:
        commands = install("nbgrader", folder.parent)
        lay_stock(lot, place, commands)
        argv, around = stock_command(commands, name), environment(commands, place)
        killed = measure(argv, place, around, watch=stop)
        resumed = measure(argv, place, around)
    else:
        lay_kit(course, [lot], place)
        killed = grade_again(grader, [name], place, watch=stop)
        resumed = grade_again(grader, [name], place)
    return {
        "killed_after": killed.wall,
        "was_killed": not killed.ended,
        **record(resumed, len(lot.notebooks)),
    }


def killing(place: Path, done: str, half: int) -> Callable[[float, Sequence[int]], bool]:
    """For ``measure``: kill once so many files are there."""
    return lambda _seconds, _pids: len(list(place.glob(done))) >= half


def grade_whole_class(course: Course, sizes: Sizes, results: Results, folder: Path) -> None:
    """Hand-ins over all assignments in one run; again unchanged; and in another course killed and resumed."""
    counts = spread(course, assignment_names(course), sizes.whole_class)
    lots = []
    for name, count in counts.items():
        assignment = find_assignment(course, name)
        lots.append(Lot(assignment, list(hand_ins(assignment, count)), SHIPPED, {}))
    calm, wild = folder / "class-calm", folder / "class-killed"
    total = sum(counts.values())

    def whole() -> dict[str, Any]:
        _fresh(course, lots, calm)
        cost = grade_again(KIT_2, [], calm)
        return {**record(cost, total), "counts": dict(counts), "log": _log(calm), "broken": _broken(calm)}

    def killed() -> dict[str, Any]:
        _fresh(course, lots, wild)
        stop = killing(wild, ".autograder/reports/*/*.json", total // 2)
        first = grade_again(KIT_2, [], wild, watch=stop)
        kept = len(list(wild.glob(".autograder/reports/*/*.json")))
        resumed = grade_again(KIT_2, [], wild)
        return {
            "killed_after": first.wall,
            "kept": kept,
            "equal": grades_of(calm) == grades_of(wild),
            "grades": len(grades_of(calm)),
            **record(resumed, total),
        }

    say("class/whole", results.once("class/whole", whole))
    say("class/again", results.once("class/again", lambda: record(grade_again(KIT_2, [], calm), total)))
    say("class/killed", results.once("class/killed", killed))


def _fresh(course: Course, lots: Sequence[Lot], place: Path) -> None:
    """A course of these lots, where none is: a run that was interrupted is begun anew."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    lay_kit(course, lots, place)


def grades_of(place: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(place / "gradebook.db")) as book:
        return book.execute(GRADES).fetchall()


def _broken(place: Path) -> int:
    faults = place / ".autograder" / "faults.log"
    return len(faults.read_text(encoding="utf-8").splitlines()) if faults.is_file() else 0


def _log(place: Path) -> str:
    """What the run printed, without the steps of its bar, and of its tables the first and last lines."""
    text = (place / "benchmark.log").read_text(encoding="utf-8", errors="replace")
    lines = [line.rpartition("\r")[2].rstrip() for line in text.splitlines()]
    if len(lines) <= LOG_LINES:
        return "\n".join(lines)
    half = LOG_LINES // 2
    return "\n".join([*lines[:half], f"… {len(lines) - 2 * half} lines …", *lines[-half:]])


def look_at_small_things(course: Course, sizes: Sizes, results: Results, folder: Path) -> None:
    """``--help``, a worker with and without the sandbox, TensorFlow's first use, and what two cores give."""

    def help_seconds() -> dict[str, Any]:
        argv = [str(Path(sys.executable).parent / "autograder"), "--help"]
        took = []
        for _ in range(10):
            started = time.monotonic()
            subprocess.run(argv, check=True, capture_output=True, cwd=course.root)
            took.append(time.monotonic() - started)
        return {"wall": statistics.median(took)}

    def first_use() -> dict[str, Any]:
        name = next(iter(sizes.submissions))
        (played,) = tapes_of(course, Lot(find_assignment(course, name), reference, SAME, {}), folder)
        first, again, *_ = play([played, played, played], course, folder)["submissions"]
        return {"name": name, "first": first[1], "again": again[1]}

    def two_at_once() -> dict[str, Any]:
        name = next(iter(sizes.submissions))
        (played,) = tapes_of(course, Lot(find_assignment(course, name), reference, SAME, {}), folder)
        alone, beside = [], []
        for _ in range(sizes.rounds):
            alone.append(_seconds_played([played] * 4, course, folder / "first"))
            with ThreadPoolExecutor(2) as both:
                places = (folder / "first", folder / "second")
                beside += both.map(lambda place: _seconds_played([played] * 4, course, place), places)
        return {"name": name, "alone": statistics.median(alone), "beside": statistics.median(beside)}

    reference = list(hand_ins(find_assignment(course, next(iter(sizes.submissions))), 1))
    say("two at once", results.once("two at once", two_at_once))
    say("first use", results.once("first use", first_use))
    say("help", results.once("help", help_seconds))
    say("sandbox", results.once("sandbox", lambda: dict(seconds_of_a_worker(course, sizes.workers))))


def _seconds_played(tapes: Sequence[Path], course: Course, folder: Path) -> float:
    """By the clock, for all of these tapes but the first, which pays for what is made once."""
    folder.mkdir(parents=True, exist_ok=True)
    return float(sum(wall for wall, _ in play(tapes, course, folder)["submissions"][1:]))


def soak(course: Course, sizes: Sizes, results: Results, folder: Path) -> None:
    """Random kills, and the gradebook of an undisturbed class: what ``make soak`` says."""

    def work() -> dict[str, Any]:
        log = folder / "soak.log"
        argv = [sys.executable, "-m", "tests.grading.kills", "--kills", str(sizes.kills)]
        cost: Cost = measure(argv, course.root, environment(Path(sys.executable).parent, folder), log=log)
        return {"whole_wall": cost.wall, "command": " ".join(["python", *argv[1:]]), "log": log.read_text()}

    say("soak", results.once("soak", work))
