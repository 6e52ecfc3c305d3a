"""This kit on the same cases, by the same measure: one class of all of them, at the best level there is."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.grading.report import to_json
from tests.attacks.cases.case import Case
from tests.attacks.classroom import Graded, grade_class


def try_all(cases: Sequence[Case]) -> dict[str, list[str]]:
    """By case what was not as it should be."""
    with tempfile.TemporaryDirectory(prefix="kit-") as name:
        graded = grade_class(Path(name), "sandbox", cases, jobs=2)
        return {case.name: _problems(case, graded) for case in cases}


def _problems(case: Case, graded: Graded) -> list[str]:
    report, found = graded.reports[case.name], []
    if abs(report.points - case.fair) > 0.01 or report.broken:
        found.append(f"score {report.points:g} (fair {case.fair:g})")
    for student, right in (("alice", 10.0), ("zoe", 5.0)):
        if graded.reports[student].points != right:
            found.append(f"{student}'s score became {graded.reports[student].points:g} (was {right:g})")
    shown = to_json(report) + graded.pages[case.name]
    if not case.loud and any(canary in shown for canary in graded.canaries.all()):
        found.append("hidden test text in the student's output")
    if graded.before != graded.after:
        found.append("files changed")
    if graded.trace_after.own_processes - graded.trace_before.own_processes:
        found.append("processes left alive")
    if report.seconds > 60:
        found.append(f"took {report.seconds:.0f} s")
    return found
