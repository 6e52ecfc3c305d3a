"""The command that grades what arrives: look, collect, grade, record, give feedback, and look again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from autograder.course import Assignment, Course, assignment_names, find_assignment
from autograder.errors import AutograderError
from autograder.grading.arrivals import (
    Arrival,
    Ledger,
    Place,
    look,
    read_ledger,
    ready,
    state_of,
    write_ledger,
)
from autograder.grading.collecting import collect
from autograder.grading.engine import Submission, grade_class
from autograder.grading.report import Report


@dataclass(frozen=True)
class Watch:
    """What is watched, and how.

    Args:
        assignments: those that are graded.
        inbound: a folder of hand-ins to collect from; None where submissions arrive in submitted/ itself.
        check_owner: leave out a folder there that another user made than the one whose name it has.
        every: seconds between two looks.
        per_hour: gradings of one student's assignment within an hour, at most; 0 for no bound.
        feedback: write the feedback page at once; ``release`` also copies it to the exchange.
        jobs: submissions graded at once; 0 for one per core.
    """

    course: Course
    assignments: Sequence[Assignment]
    inbound: Path | None = None
    check_owner: bool = False
    every: float = 2.0
    per_hour: int = 6
    feedback: bool = True
    release: bool = False
    jobs: int = 0


@dataclass
class Memory:
    """What one look has to know of the looks before it."""

    ledger: Ledger
    inbound: str = ""
    collected: str = ""
    seen: Sequence[Arrival] = ()
    told: dict[Place, float] = field(default_factory=dict)
    broken: dict[Place, str] = field(default_factory=dict)
    trouble: str = ""


def watch_assignments(
    course: Course,
    names: Sequence[str],
    *,
    inbound: Path | None,
    check_owner: bool,
    every: float,
    per_hour: int,
    release: bool,
    jobs: int,
) -> None:
    """Watch until Ctrl-C."""
    assignments = [find_assignment(course, name) for name in names or assignment_names(course)]
    plan = Watch(
        course,
        assignments,
        inbound=inbound,
        check_owner=check_owner,
        every=every,
        per_hour=per_hour,
        release=release,
        jobs=jobs,
    )
    console = Console()
    memory = Memory(read_ledger(course.state))
    console.print(f"watching {', '.join(each.name for each in assignments)}; Ctrl-C ends it", highlight=False)
    while True:
        look_once(plan, memory, console)
        time.sleep(plan.every)


def look_once(plan: Watch, memory: Memory, console: Console) -> list[Report]:
    """Collect and grade what is complete; a trouble is told, and looked at again the next time."""
    with _told(console, memory):
        if plan.inbound is not None:
            _collect(plan, plan.inbound, memory, console)
    there = look(plan.course.submitted, [assignment.name for assignment in plan.assignments])
    now = time.time()
    due, waiting = ready(memory.seen, there, memory.ledger, now=now, per_hour=plan.per_hour)
    memory.seen = there
    for place, until in waiting.items():
        if memory.told.get(place) != until:
            _say(
                console,
                place,
                f"was graded {plan.per_hour} times within the hour: again from {_clock(until)}",
            )
            memory.told[place] = until
    reports = []
    for assignment in plan.assignments:
        chosen = [
            arrival
            for arrival in due
            if arrival.assignment == assignment.name and memory.broken.get(arrival.place) != arrival.state
        ]
        with _told(console, memory):
            reports += _grade(plan, assignment, chosen, memory, console) if chosen else []
    return reports


def _collect(plan: Watch, inbound: Path, memory: Memory, console: Console) -> None:
    """Take over new hand-ins, once nobody is writing there."""
    state = state_of(inbound)
    if state == memory.inbound != memory.collected:
        for assignment in plan.assignments:
            for collected in collect(inbound, plan.course, assignment.name, check_owner=plan.check_owner):
                if collected.new:
                    console.print(f"{assignment.name}: {collected}", highlight=False, markup=False)
        memory.collected = state
    memory.inbound = state


def _grade(
    plan: Watch, assignment: Assignment, arrivals: Sequence[Arrival], memory: Memory, console: Console
) -> list[Report]:
    from autograder.grading.nbgrader_plugin import record

    course = plan.course
    submissions = [Submission(arrival.student, arrival.folder) for arrival in arrivals]
    reports = {
        report.student: report for report in grade_class(course, assignment, submissions, jobs=plan.jobs)
    }
    recorded = record(course, assignment.name, list(reports), reports=reports)
    graded = [arrival for arrival in arrivals if arrival.student not in recorded.broken]
    for arrival in arrivals:
        report = reports[arrival.student]
        if arrival.student in recorded.broken:
            memory.broken[arrival.place] = arrival.state
            why = recorded.broken[arrival.student]
            _say(console, arrival.place, f"BROKEN, no grade was written. {why}")
            continue
        memory.ledger.note(arrival, time.time())
        _say(console, arrival.place, f"{report.points:g} of {report.max_points:g} points")
    write_ledger(course.state, memory.ledger)
    if plan.feedback and graded:
        _give_feedback(plan, assignment.name, [arrival.student for arrival in graded])
    return list(reports.values())


def _give_feedback(plan: Watch, assignment: str, students: Sequence[str]) -> None:
    from autograder.reporting.exporters.feedback import write_feedback

    write_feedback(plan.course, assignment, students)
    if plan.release:
        from autograder.grading.nbgrader_plugin.exchange import release_feedback

        release_feedback(plan.course, assignment, students)


@contextmanager
def _told(console: Console, memory: Memory) -> Iterator[None]:
    """A trouble is told once, however many looks meet it."""
    try:
        yield
    except (AutograderError, OSError) as error:
        if str(error) != memory.trouble:
            console.print(f"{_clock(time.time())} {error}", markup=False, highlight=False, style="red")
            memory.trouble = str(error)


def _say(console: Console, place: Place, what: str) -> None:
    assignment, student = place
    console.print(f"{_clock(time.time())} {student}, {assignment}: {what}", markup=False, highlight=False)


def _clock(seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(seconds))
