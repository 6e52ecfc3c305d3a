"""One submission, from its cells to its Report: the work of one judge process."""

from __future__ import annotations

import ast
import contextlib
import functools
import multiprocessing
import multiprocessing.connection
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from autograder.checking.judge import BROKEN_MESSAGE, Judgement, Settled, judge
from autograder.checking.limits import CallLimits
from autograder.checking.submission import Submission, wall_of
from autograder.checking.verdicts import ExerciseResult, Outcome, Verdict, result
from autograder.checking.wall import Workplace
from autograder.course import Assignment, Course, limits_of
from autograder.errors import AutograderError
from autograder.grading.content import versions
from autograder.grading.corpus import corpus_name, prepared_corpus
from autograder.grading.intake import Cell, Intake
from autograder.grading.report import CellRun, Report
from autograder.grading.session import Session, SessionLimits
from autograder.worker import launcher

NOT_ATTEMPTED = "You have not written this function yet."
UNREADABLE = "Nothing could be graded: {reason}"


@dataclass(frozen=True)
class Task:
    """All that a judge process needs for one submission; it is pickled, between trusted processes only.

    ``handed_in`` is the student's folder, from which the tests of a notebook may use files.
    """

    course: Course
    assignment: Assignment
    student: str
    intake: Intake
    content: Mapping[str, str]
    secret: bytes
    only: frozenset[str] | None = None
    named: frozenset[str] | None = None
    address: Path = Path()
    isolation: str = ""
    handed_in: Path = Path()


def prepare_process(cores: SimpleQueue[int] | None = None) -> None:
    """Make a fresh process a judge: no plug-in but ours, and an end with the run that started it.

    From ``cores`` it takes one, for itself and for its workers.
    """
    if cores is not None:
        os.sched_setaffinity(0, [cores.get()])
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    run = multiprocessing.parent_process()
    if run is not None:  # a pool's process would wait for its next task for ever
        threading.Thread(target=_end_after, args=(run.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def grade(task: Task) -> Report:
    """The Report of one submission; faults of ours are told to staff.

    Raises AutograderError where the warm server has ended: what was lost with it is not the student's doing.
    """
    report, faults = judged(task)
    if _lost_something(report) and not launcher.answers(task.address):
        raise AutograderError("the warm server ended while this was graded")
    tell_staff(task, faults)
    return report


def _lost_something(report: Report) -> bool:
    verdicts = (verdict for exercise in report.exercises.values() for verdict in exercise.verdicts)
    lost = any(verdict.outcome in (Outcome.KILLED, Outcome.BROKEN) for verdict in verdicts)
    return lost or bool(report.limits_met)


def judged(task: Task) -> tuple[Report, tuple[str, ...]]:
    """Run the cells, judge, and put the Report together; beside it what only staff may read."""
    if task.assignment.notebooks:
        from autograder.grading.in_notebook import graded_in_notebook

        return graded_in_notebook(task), ()
    started = time.monotonic()
    find_solutions(task.course.root)
    settled = settled_exercises(task)
    looked_at = task.only if task.only is not None else frozenset(task.assignment.points)
    cells = task.intake.cells if looked_at - settled.keys() else ()
    session, submission = open_session(task.course, task.assignment, cells, task.address)
    with contextlib.closing(session), contextlib.closing(submission):
        checks, *more = task.assignment.check_files
        judgement = judge(
            checks,
            submission,
            task.secret,
            more=more,
            settled=settled,
            only=task.only,
            named=task.named,
            corpus=prepared_corpus(task.course),
        )
    exercises = _results(task, judgement)
    report = Report(
        assignment=task.assignment.name,
        student=task.student,
        points=round(sum(item.points for item in exercises.values()), 2),
        max_points=sum(item.max_points for item in exercises.values()),
        exercises=exercises,
        manual=dict(task.assignment.manual),
        unreadable=task.intake.unreadable,
        cells=tuple(session.runs),
        repairs=task.intake.repairs,
        limits_met=(*session.limits_met, *wall_of(submission).limits_met),
        pictures=task.intake.pictures,
        isolation=task.isolation,
        seconds=round(time.monotonic() - started, 3),
        versions=versions() | ({"film reviews": corpus_name(task.course)} if judgement.drew_reviews else {}),
        content=dict(task.content),
    )
    return report, tuple(judgement.faults)


def open_session(
    course: Course, assignment: Assignment, cells: Sequence[Cell], address: Path
) -> tuple[Session, Submission]:
    """Run the cells in a worker of the warm server at ``address``; the submission that checks can call."""
    limits = limits_of(course, assignment.name)
    worker_limits = limits_of_a_worker(course, assignment.name)

    def hire() -> Workplace:
        return launcher.hire(address, files=assignment.release, limits=worker_limits)

    session = Session(hire, cells, SessionLimits(limits.cell_seconds, limits.notebook_seconds))
    session.run()
    submission = Submission(
        session.place,
        limits=CallLimits(limits.call_seconds, limits.model_seconds),
        signatures=_signatures(assignment),
        why_missing=_why_missing(session.runs),
        cells={cell.name: cell.source for cell in cells},
    )
    return session, submission


def limits_of_a_worker(course: Course, assignment: str) -> launcher.WorkerLimits:
    """Those of an assignment's limits that a worker holds itself."""
    limits = limits_of(course, assignment)
    return launcher.WorkerLimits(
        **{one.name: getattr(limits, one.name) for one in fields(launcher.WorkerLimits)}
    )


def settled_exercises(task: Task) -> dict[str, Settled]:
    """The exercises that need no run: all of an unreadable notebook, and the untouched stubs."""
    if task.intake.unreadable:
        reason = UNREADABLE.format(reason=task.intake.unreadable)
        return {name: Settled(Outcome.MISSING, reason) for name in task.assignment.points}
    return {name: Settled(Outcome.NOT_ATTEMPTED, NOT_ATTEMPTED) for name in task.intake.untouched}


def broken_report(task: Task, fault: str) -> Report:
    """A Report that writes no grade: the kit itself failed on this submission."""
    tell_staff(task, (fault,))
    exercises = _results(task, Judgement({}))
    return Report(
        assignment=task.assignment.name,
        student=task.student,
        points=0.0,
        max_points=sum(item.max_points for item in exercises.values()),
        exercises=exercises,
        manual=dict(task.assignment.manual),
        isolation=task.isolation,
        versions=versions(),
        content=dict(task.content),
    )


def _results(task: Task, judgement: Judgement) -> dict[str, ExerciseResult]:
    """By exercise in the notebook's order; an exercise without a verdict is our fault, so BROKEN."""
    results = {}
    for name, points in task.assignment.points.items():
        if task.only is not None and name not in task.only:
            continue
        verdicts = judgement.verdicts.get(name) or [
            Verdict("all", "The checks of this exercise.", Outcome.BROKEN, BROKEN_MESSAGE)
        ]
        results[name] = result(verdicts, points)
    return results


def tell_staff(task: Task, faults: Sequence[str]) -> None:
    """Faults of ours go to a file that only staff read: their text may hold what a student must not see."""
    if not faults:
        return
    task.course.state.mkdir(parents=True, exist_ok=True)
    with (task.course.state / "faults.log").open("a", encoding="utf-8") as log:
        for fault in faults:
            log.write(
                f"{time.strftime('%Y-%m-%d %H:%M:%S')} {task.assignment.name} {task.student}: {fault}\n"
            )


def _why_missing(runs: list[CellRun]) -> dict[str, str]:
    """For each cell that stopped: the end of the sentence that says so."""
    return {run.cell: f". Its cell: {run.error.removesuffix('.')}" for run in runs if run.error}


def _signatures(assignment: Assignment) -> dict[str, list[str]]:
    """The parameter names of the reference functions, for the sentences about a call."""
    if not assignment.solutions.is_file():
        return {}
    return _parameters(assignment.solutions.read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=16)
def _parameters(source: str) -> dict[str, list[str]]:
    """By function of a source text; read once for a class."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return {node.name: [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)] for node in functions}


def find_solutions(root: Path) -> None:
    """Hidden checks say ``from solutions import …``: this course's, whatever is installed."""
    if sys.path[0] != str(root):
        sys.path.insert(0, str(root))
