"""A submission on its way to another machine, and its Report on the way back, as bytes.

A parcel names no student and holds no path.  Who opens one has a copy of the course and an environment of
its own, and refuses where these are not the sender's.  Parcels travel between trusted machines only: the
course secret is in each of them.
"""

from __future__ import annotations

import functools
import json
import os
import pickle
import platform
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Assignment, Course, find_assignment, find_course
from autograder.errors import AutograderError
from autograder.grading.content import at_level, content_hashes
from autograder.grading.grader import Task, judged, prepare_process
from autograder.grading.intake import Intake
from autograder.grading.isolation import Isolation, isolation_of, require_isolation
from autograder.grading.report import Report, from_json, to_json
from autograder.worker.launcher import WARM
from autograder.worker.sharing import Lease, lease

COURSE = "AUTOGRADER_COURSE"
"""The environment variable that tells a grading machine where its copy of the course lies."""
OWN = ("submission", "only", "named")
"""What a submission itself brings to the content of its Report; everything else must be equal here."""
IDLE_SECONDS = 60.0

_one_at_a_time = threading.Lock()


class NotTheSame(AutograderError):
    """This machine would grade otherwise than the one that asks."""


@dataclass(frozen=True)
class Parcel:
    """What is sent; ``accepted`` is the lowest isolation that the sender's course accepts."""

    assignment: str
    intake: Intake
    content: Mapping[str, str]
    secret: bytes
    accepted: str
    only: frozenset[str] | None
    named: frozenset[str] | None


def pack(task: Task) -> bytes:
    """A task for another machine."""
    return pickle.dumps(
        Parcel(
            assignment=task.assignment.name,
            intake=task.intake,
            content=dict(task.content),
            secret=task.secret,
            accepted=task.course.settings.isolation,
            only=task.only,
            named=task.named,
        )
    )


def read_answer(answer: bytes) -> tuple[Report, tuple[str, ...]]:
    """The Report, without a student's name, and what only staff may read."""
    content = json.loads(answer)
    return from_json(json.dumps(content["report"])), tuple(content["faults"])


def level_here(accepted: str) -> str:
    """The isolation that the course has on this machine.  Raises IsolationError where it is too low."""
    found: Isolation = isolation_of(_course())
    return require_isolation(accepted, found.level, found.refusals)


def open_parcel(sent: bytes) -> bytes:
    """Grade what was sent, on this machine.

    Raises:
        NotTheSame: its checks, environment or limits are not the sender's.
        IsolationError: it gives less than the sender's course accepts.
    """
    parcel: Parcel = pickle.loads(sent)
    course = _course()
    assignment = find_assignment(course, parcel.assignment)
    _compare(parcel, course, assignment)
    _prepared()
    with _one_at_a_time:  # pytest, which judges, is one to a process
        server = _server(course)
        level = require_isolation(parcel.accepted, server.isolation, server.refusals)
        task = Task(
            course,
            assignment,
            "",
            parcel.intake,
            at_level(parcel.content, level),
            parcel.secret,
            parcel.only,
            parcel.named,
            address=server.address,
            isolation=level,
        )
        report, faults = judged(task)
    return json.dumps({"report": json.loads(to_json(report)), "faults": faults}).encode()


def _compare(parcel: Parcel, course: Course, assignment: Assignment) -> None:
    own = content_hashes(course, assignment, parcel.secret, parcel.content["submission"])
    theirs = {name: found for name, found in parcel.content.items() if name not in OWN}
    other = sorted(
        name for name in own.keys() | theirs.keys() if own.get(name) != theirs.get(name) and name not in OWN
    )
    if other:
        raise NotTheSame(
            f"this machine would grade otherwise than yours: give it the same {', '.join(other)} "
            f"(got {platform.node()})"
        )


@functools.cache
def _prepared() -> None:
    prepare_process()


@functools.cache
def _course() -> Course:
    return find_course(Path(os.environ.get(COURSE, os.curdir)))


@functools.cache
def _leases() -> dict[Path, Lease]:
    return {}


def _server(course: Course) -> Lease:
    """The warm server of this process, which holds it until it ends; another where that one has died."""
    kept = _leases().get(course.root)
    if kept is None or not Path(f"/proc/{kept.pid}").exists():
        settings = course.settings
        libraries = WARM if settings.libraries is None else settings.libraries
        kept = lease([course.root], idle_seconds=settings.warm_seconds or IDLE_SECONDS, warm=libraries)
        _leases()[course.root] = kept
    return kept
