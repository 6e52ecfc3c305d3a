"""The stages in which graders are compared: rounds in turn, and memory."""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.course import Course, find_assignment
from autograder.errors import CourseError
from tests.benchmark import tape
from tests.benchmark.classes import hand_in, hand_ins, student
from tests.benchmark.graders import (
    SAME,
    Lot,
    environment,
    install,
    kit_command,
    lay_kit,
    lay_otter,
    lay_stock,
    otter_command,
    stock_command,
)
from tests.benchmark.meter import Cost, measure
from tests.benchmark.plan import COMPARED, FLOOR, KIT_1, KIT_2, OTTER, STOCK, Sizes, part
from tests.benchmark.results import Results
from tests.benchmark.roles import Roles
from tests.benchmark.translation import translated

FIRST = {
    STOCK: "autograded/*/*/*.ipynb",
    OTTER: "results/*/results.json",
    KIT_1: ".autograder/reports/*/*.json",
}
FIRST[KIT_2] = FIRST[KIT_1]
"""By grader the files of which each is a graded submission."""
POINTS = """
    SELECT sum(coalesce(g.auto_score, 0)) FROM grade g JOIN submitted_notebook sn ON sn.id = g.notebook_id
    JOIN submitted_assignment sa ON sa.id = sn.assignment_id WHERE sa.student_id = ?
"""


def compare(course: Course, sizes: Sizes, results: Results, folder: Path) -> None:
    """Every round grades the class with every grader, in an order that turns from round to round.

    Of nbgrader and Otter, whose cost is by notebook, each round takes another part of the class.
    """
    for name, count in sizes.submissions.items():
        lots = {cells: _lot(course, name, count, cells, folder) for cells in COMPARED}
        for number in range(sizes.rounds):
            round_ = {
                f"compare/{name}/{cells}/{grader}/{number}": (cells, grader)
                for cells, graders in COMPARED.items()
                for grader in _turned(graders, number)
            }
            results.together(round_)
            for key, (cells, grader) in round_.items():
                numbers = _numbers(grader, number, count, sizes)
                say(key, results.once(key, _timed(course, lots[cells], numbers, grader, folder)))


def _turned(graders: Sequence[str], number: int) -> Sequence[str]:
    turn = number % len(graders)
    return (*graders[turn:], *graders[:turn])


def _numbers(grader: str, number: int, count: int, sizes: Sizes) -> list[int]:
    """The students whose notebooks a grader gets in this round."""
    everyone = list(range(count))
    if grader not in (STOCK, OTTER):
        return everyone
    taken = part(everyone, number, sizes.rounds)
    return taken if grader == STOCK else taken[: sizes.for_otter]


def look_at_memory(course: Course, sizes: Sizes, results: Results, folder: Path) -> None:
    """One run each with memory and CPU seconds by role; its times are not used, as looking costs some."""
    for name in sizes.submissions:
        for grader in (STOCK, OTTER, KIT_1, KIT_2):
            lot = _lot(course, name, sizes.for_memory, SAME, folder)
            key = f"memory/{name}/{grader}"
            say(key, results.once(key, _watched(course, lot, grader, folder)))


def say(key: str, record: dict[str, Any]) -> None:
    shown = {name: round(value, 3) if isinstance(value, float) else value for name, value in record.items()}
    shown.pop("log", None)
    print(f"{key:58} {shown}", flush=True)


def _lot(course: Course, name: str, count: int, cells: str, folder: Path) -> Lot:
    """The class, and the tests of the peers, which are written once."""
    assignment = find_assignment(course, name)
    return Lot(assignment, list(hand_ins(assignment, count)), cells, tests_of_peers(course, name, folder))


def tests_of_peers(course: Course, name: str, folder: Path) -> dict[str, str]:
    """By exercise the test that the peers run; written once, from the tape of the reference."""
    assignment = find_assignment(course, name)
    place = folder / "tapes" / name / "reference"
    written = place / "tests.json"
    if not written.is_file():
        (notebook,) = hand_ins(assignment, 1)  # the first student has answered everything rightly
        path = hand_in(notebook, place, 0, name)
        (found,) = tape.record_class(course, assignment, [path], place, every_seed=True)
        written.write_text(json.dumps(translated(tape.load(found), place / "values")), encoding="utf-8")
    return dict(json.loads(written.read_text(encoding="utf-8")))


def tapes_of(course: Course, lot: Lot, folder: Path) -> list[Path]:
    """The tapes of a class, for the floor; made where they are not there yet."""
    place = folder / "tapes" / lot.assignment.name / f"class-{len(lot.notebooks)}"
    paths = [
        hand_in(notebook, place, number, lot.assignment.name)
        for number, notebook in enumerate(lot.handed_in())
    ]
    return tape.record_class(course, lot.assignment, paths, place)


def _timed(
    course: Course, lot: Lot, numbers: Sequence[int], grader: str, folder: Path
) -> Callable[[], dict[str, Any]]:
    def work() -> dict[str, Any]:
        if grader == FLOOR:
            return _floor(course, lot, folder)
        taken = replace(lot, notebooks=[lot.notebooks[number] for number in numbers], numbers=numbers)
        begun: list[float] = []
        first: list[float] = []

        def watch(seconds: float, _: Sequence[int]) -> bool:
            if not first:
                found = list(place.glob(FIRST[grader]))
                if found and not begun:
                    begun.append(seconds)
                if any(graded(grader, path) for path in found):
                    first.append(seconds)
            return False

        with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
            place = Path(scratch)
            cost = run(course, [taken], grader, place, folder, watch=watch)
            counted(place, grader, len(taken.notebooks))
            fair(place, grader, taken)
        times = {"first": first[0] if first else cost.wall}
        if grader == STOCK:  # it writes a copy of the first notebook before it runs it
            times["start"] = begun[0] if begun else cost.wall
        return record(cost, len(taken.notebooks)) | {"of": len(lot.notebooks)} | times

    return work


def _floor(course: Course, lot: Lot, folder: Path) -> dict[str, Any]:
    tapes = tapes_of(course, lot, folder)
    found = play(tapes, course, folder)
    walls, cpus = ([pair[part] for pair in found["submissions"]] for part in (0, 1))
    start = found["start"]
    whole = Cost(start[0] + sum(walls), start[1] + sum(cpus))
    return record(whole, len(tapes)) | {
        "of": len(tapes),
        "start_wall": start[0],
        "start_cpu": start[1],
        "walls": walls,
    }


def play(tapes: Sequence[Path], course: Course, folder: Path) -> dict[str, Any]:
    """What the floor tells about these tapes, one after the other in a new process."""
    result, log = folder / "floor.json", folder / "floor.log"
    command = [sys.executable, "-m", "tests.benchmark.floor", str(result), *map(str, tapes)]
    measure(command, course.root, environment(Path(sys.executable).parent, folder), log=log)
    return dict(json.loads(result.read_text(encoding="utf-8")))


def _watched(course: Course, lot: Lot, grader: str, folder: Path) -> Callable[[], dict[str, Any]]:
    def work() -> dict[str, Any]:
        roles = Roles()
        with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
            cost = run(course, [lot], grader, Path(scratch), folder, watch=roles.look)
        megabytes = {"worker": roles.largest_worker / 1e6, "sum": roles.largest_sum / 1e6}
        return record(cost, len(lot.notebooks)) | {"megabytes": megabytes, "cpu_by_role": roles.cpu()}

    return work


def run(
    course: Course,
    lots: Sequence[Lot],
    grader: str,
    place: Path,
    folder: Path,
    *,
    watch: Callable[[float, Sequence[int]], bool] | None = None,
) -> Cost:
    """Lay the course of a grader in ``place`` (not timed), and grade what was handed in."""
    names = [lot.assignment.name for lot in lots]
    if grader in (KIT_1, KIT_2):
        lay_kit(course, lots, place)
        return grade_again(grader, names, place, watch=watch)
    (lot,) = lots
    commands = install({STOCK: "nbgrader", OTTER: "otter"}[grader], folder.parent)
    if grader == STOCK:
        lay_stock(lot, place, commands)
        argv = stock_command(commands, *names)
    else:
        lay_otter(lot, place)
        argv = otter_command(commands, *names, lot.students())
    return measure(argv, place, environment(commands, place), watch=watch)


def grade_again(
    grader: str,
    names: Sequence[str],
    place: Path,
    *,
    watch: Callable[[float, Sequence[int]], bool] | None = None,
) -> Cost:
    """The kit's command in a course that is laid already."""
    commands = Path(sys.executable).parent
    argv = kit_command(names, 1 if grader == KIT_1 else 2)
    return measure(argv, place, environment(commands, place), watch=watch)


def counted(place: Path, grader: str, count: int) -> None:
    """Raises CourseError unless every submission was graded."""
    found = len(list(place.glob(FIRST[grader])))
    recorded = len(list(place.glob(FIRST[STOCK]))) if grader in (KIT_1, KIT_2) else found
    if not found == recorded == count:
        log = (place / "benchmark.log").read_text(errors="replace")[-1000:]
        raise CourseError(f"{grader} graded not all of the {count} submissions (got {found}): {log}")


def graded(grader: str, path: Path) -> bool:
    """Whether the file is a result: nbgrader writes its copy once before it runs it, without any output."""
    if grader != STOCK:
        return True
    text = path.read_text(encoding="utf-8", errors="replace")
    return '"execution_count": 1,' in text


def fair(place: Path, grader: str, lot: Lot) -> None:
    """Raises CourseError unless the first student, whose answers are the references, has all points."""
    if student(0) not in lot.students():
        return
    if grader == OTTER:
        found = json.loads((place / "results" / student(0) / "results.json").read_text(encoding="utf-8"))
        points = sum(float(test.get("score") or 0) for test in found["tests"])
    else:
        with closing(sqlite3.connect(place / "gradebook.db")) as book:
            ((points,),) = book.execute(POINTS, (student(0),)).fetchall()
    asked = sum(lot.assignment.points.values())
    if abs(points - asked) > 0.01:
        raise CourseError(f"{grader} gives the references not all of {asked:g} points (got {points:g})")


def record(cost: Cost, count: int) -> dict[str, Any]:
    """A cost, whole and by submission."""
    return {
        "count": count,
        "whole_wall": cost.wall,
        "whole_cpu": cost.cpu,
        "wall": cost.wall / count,
        "cpu": cost.cpu / count,
    }
