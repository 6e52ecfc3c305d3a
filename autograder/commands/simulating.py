"""A simulated class of real notebooks, graded and reported on: does the report find what is known of it?

Slow: every notebook is graded as a student's would be.  It works in a folder of its own and never touches a
course that somebody works in.
"""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from autograder.assurance.simulated_class import STUB, Given, abilities, law_of, people, write_class
from autograder.checking.exercise import thresholds_file
from autograder.commands.grading import grade_assignments
from autograder.commands.reporting import write_reports
from autograder.course import CONFIG, Course, find_assignment, find_course
from autograder.errors import AutograderError, CourseError
from autograder.reporting.class_report.report import ClassReport
from autograder.reporting.exporters.classes import ClassOf, class_of

ASSIGNMENTS = ("ex4_recurrent_cells",)
"""What is graded when nothing is named: one that costs a second a submission."""
LUCK = {"ex1_dev_split": "scores", "ex4_recurrent_cells": "gru_step"}
"""By assignment an exercise that is decided by a coin: the report has to find it out of line."""
DONE, NOT_FOUND = 0, 1


def main() -> None:
    """Make the class, grade it, write the reports, and say whether they found what is known."""
    parser = argparse.ArgumentParser(prog="python -m autograder.commands.simulating", description=__doc__)
    parser.add_argument("assignments", nargs="*", default=list(ASSIGNMENTS))
    parser.add_argument("--students", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where; a temporary folder, which is kept, by default")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="autograder-simulated-class-"))
    try:
        course = make_course(find_course(Path.cwd()), options.assignments, folder)
        sys.exit(simulate(course, options.assignments, options.students, options.seed, options.jobs))
    except AutograderError as error:
        sys.stderr.write(f"simulating: {error}\n")
        sys.exit(2)


def simulate(course: Course, assignments: Sequence[str], students: int, seed: int, jobs: int) -> int:
    """Write, grade and report; 1 when the report of an assignment misses something that is known."""
    console = Console()
    class_ = people(students)
    able = abilities(class_, seed)
    given = {
        name: write_class(course, name, course.submitted, able, seed, luck=_luck(course, name))
        for name in assignments
    }
    grade_assignments(course, assignments, [], jobs=jobs, json_file=None, fresh=False)
    _enter_names(course, class_)
    write_reports(course, [] if len(assignments) > 1 else assignments, folder=None, anonymous=False)
    missed = []
    for name in assignments:
        console.print(f"{name}:", style="bold")
        for what, found in findings(course, class_of(course, name), given[name], seed):
            console.print(f"  {'found ' if found else 'MISSED'} {what}", highlight=False, markup=False)
            missed += [] if found else [what]
    console.print(f"the reports: {course.root / 'reports'}", soft_wrap=True, highlight=False)
    return NOT_FOUND if missed else DONE


def findings(course: Course, found: ClassOf, given: Mapping[str, Given], seed: int) -> list[tuple[str, bool]]:
    """What is known of the class, each with whether the report shows it."""
    name, report = found.assignment.name, found.report
    luck = _luck(course, name)
    law = law_of(course, name, seed, luck=luck)
    scores = {one.student: one.score or 0.0 for one in found.standings}
    together = _correlation([given[who].ability for who in scores], list(scores.values()))
    level = {e.name: e.item.difficulty.value or 0.0 for e in report.exercises if e.name not in luck}
    harder = _correlation([-law.hardness[e] for e in level], list(level.values()))
    said = [
        (f"everybody is counted ({report.graded} of {len(given)} graded)", report.graded == len(given)),
        (f"points follow ability (correlation {together:.2f})", together > 0.5),
        (f"easy exercises are easy (correlation {harder:.2f})", harder > 0.5),
    ]
    said += [
        (
            f"{exercise}, which a coin decided, is out of line",
            any(flag.kind == "out of line" and flag.exercise == exercise for flag in report.flags),
        )
        for exercise in luck
    ]
    said += [_not_started(report, given), _most_frequent(report, given)]
    return said


def make_course(course: Course, assignments: Sequence[str], folder: Path) -> Course:
    """A course folder with these assignments and nothing else; refused where something lies already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"the simulated class needs an empty folder (got {folder})")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(course.root / CONFIG, folder)
    for name in assignments:
        found = find_assignment(course, name)
        shutil.copytree(found.release, folder / "release" / name)
        for file in (found.checks, found.solutions, thresholds_file(found.checks)):
            target = folder / file.relative_to(course.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.is_file():
                shutil.copy(file, target)
    return find_course(folder)


def _luck(course: Course, assignment: str) -> list[str]:
    chosen = LUCK.get(assignment)
    return [chosen] if chosen in find_assignment(course, assignment).points else []


def _not_started(report: ClassReport, given: Mapping[str, Given]) -> tuple[str, bool]:
    """Whether the report counts those who left an exercise as it was."""
    answering = [one for one in given.values() if any(symbol != STUB for symbol in one.answers.values())]
    wanted = {e.name: sum(one.answers[e.name] == STUB for one in answering) for e in report.exercises}
    counted = {e.name: e.not_attempted for e in report.exercises}
    return f"starters left as they were ({sum(wanted.values())})", counted == wanted


def _most_frequent(report: ClassReport, given: Mapping[str, Given]) -> tuple[str, bool]:
    """Whether the report shows a misconception of as many students as made the most frequent mistake."""
    count = Counter(
        symbol for one in given.values() for symbol in one.answers.values() if "__wrong_" in symbol
    )
    symbol, students = count.most_common(1)[0]
    exercise = symbol.partition("__")[0]
    seen = max((m.students for m in report.misconceptions if m.exercise == exercise), default=0)
    return f"the most frequent mistake ({symbol}, {students} students)", seen >= students


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    try:
        return statistics.correlation(one, other)
    except statistics.StatisticsError:  # fewer than two, or all alike
        return math.nan


def _enter_names(course: Course, class_: Mapping[str, tuple[str, str]]) -> None:
    from autograder.grading.nbgrader_plugin import gradebook
    from autograder.grading.nbgrader_plugin.running import running

    with running(course) as app, gradebook.opened(app.coursedir) as book:
        for student, (first, last) in class_.items():
            book.update_or_create_student(student, first_name=first, last_name=last)


if __name__ == "__main__":
    main()
