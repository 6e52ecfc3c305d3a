"""A class around hostile submissions, graded by the real engine; what came of it, and what it left."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course, find_assignment
from autograder.grading.engine import Submission, grade_all
from autograder.grading.report import Report, to_json
from autograder.reporting.feedback import feedback_page
from autograder.worker import processes
from tests.attacks import watch
from tests.attacks.cases.case import ASSIGNMENT, Case
from tests.attacks.course.course import Canaries, hand_in, hand_in_case, make_canaries, write_course
from tests.attacks.course.notebooks import ALICE, ZOE

ENVIRONMENT = "KIT_CANARY"


@dataclass(frozen=True)
class Graded:
    """A graded class: by student's name the Report and the feedback page; the machine before and after."""

    reports: dict[str, Report]
    pages: dict[str, str]
    canaries: Canaries
    course: Course
    before: dict[str, str]
    after: dict[str, str]
    trace_before: watch.Trace
    trace_after: watch.Trace
    left_in_temporary: list[str]
    heard: list[str]
    seconds: float


def grade_class(
    root: Path, level: str, cases: Sequence[Case], *, canaries: Canaries | None = None, jobs: int = 4
) -> Graded:
    """Grade alice (right), every case as a student of its name, and zoe (half right), in this order."""
    canaries = canaries or make_canaries()
    course = write_course(root / "course", level, canaries)
    folders = {"alice": hand_in(course, "alice", ALICE)}
    folders |= {case.name: hand_in_case(course, case.name, case) for case in cases}
    folders["zoe"] = hand_in(course, "zoe", ZOE)
    before = watch.fingerprints(course.root)
    processes.adopt_orphans()  # what a run leaves behind becomes a child of ours, and is seen
    trace_before = watch.trace()
    started = time.monotonic()
    with _surroundings(canaries) as temporary, watch.ears(temporary.parent) as ears:
        submissions = [Submission(name, folder) for name, folder in folders.items()]
        found = grade_all(course, find_assignment(course, ASSIGNMENT), submissions, jobs=jobs)
        reports = {report.student: report for report in found}
        # the lock and the log by which runs of one user share a warm server are the user's, not a run's
        shared = f"autograder-{os.getuid()}"
        left = sorted(path.name for path in temporary.iterdir() if path.name != shared)
    seconds = time.monotonic() - started
    return Graded(
        reports=reports,
        pages={name: _page(report) for name, report in reports.items()},
        canaries=canaries,
        course=course,
        before=before,
        after=watch.fingerprints(course.root),
        trace_before=trace_before,
        trace_after=watch.trace(patient=True),
        left_in_temporary=left,
        heard=ears.heard,
        seconds=seconds,
    )


def faults(case: Case, graded: Graded) -> list[str]:
    """What was not as it should be with one case, in a few words each; empty when it held."""
    report, found = graded.reports[case.name], []
    if abs(report.points - case.fair) > 0.01 or report.broken:
        found.append(f"score {report.points:g} (fair {case.fair:g})")
    for student, right in (("alice", 10.0), ("zoe", 5.0)):
        if graded.reports[student].points != right:
            found.append(f"{student}'s score became {graded.reports[student].points:g} (was {right:g})")
    shown = to_json(report) + graded.pages[case.name]
    hidden = set(graded.canaries.all()) - ({graded.canaries.argument} if case.loud else set())
    if any(canary in shown for canary in hidden):
        found.append("hidden test text in the student's output")
    if graded.before != graded.after:
        found.append("files changed")
    if graded.trace_after.own_processes - graded.trace_before.own_processes:
        found.append("processes left alive")
    if graded.left_in_temporary or graded.trace_after.files != graded.trace_before.files:
        found.append("files left on the machine")
    if graded.trace_after.mounts != graded.trace_before.mounts:
        found.append("mounts left on the machine")
    if graded.heard:
        found.append("data got out")
    if report.seconds > 60:
        found.append(f"took {report.seconds:.0f} s")
    return found


def without_times(report: Report) -> Any:
    """The Report as JSON, without what differs from run to run."""

    def plain(thing: Any) -> Any:
        if isinstance(thing, dict):
            return {key: plain(value) for key, value in thing.items() if key != "seconds"}
        return [plain(item) for item in thing] if isinstance(thing, list) else thing

    return plain(json.loads(to_json(report)))


def _page(report: Report) -> str:
    return feedback_page(report, manual=[], late_penalty=0.0, title=ASSIGNMENT)


@contextlib.contextmanager
def _surroundings(canaries: Canaries) -> Iterator[Path]:
    """A canary in the environment, and a temporary folder of our own, short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="attacks-") as name:
        temporary = Path(name) / "t"
        temporary.mkdir()
        Path(name).chmod(0o755)
        kept = {key: os.environ.get(key) for key in ("TMPDIR", ENVIRONMENT)}
        os.environ |= {"TMPDIR": str(temporary), ENVIRONMENT: canaries.environment}
        tempfile.tempdir = None
        try:
            yield temporary
        finally:
            for key, value in kept.items():
                if value is None:
                    del os.environ[key]
                else:
                    os.environ[key] = value
            tempfile.tempdir = None
