"""Which file was graded: the sha256 that a student's receipt names, and whether a newer file waits."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Assignment
from autograder.grading.content import intake_hash
from autograder.grading.intake import read_submission
from autograder.grading.intake.files import read_notebook
from autograder.grading.intake.result import Unreadable
from autograder.grading.report import Report
from autograder.reporting.feedback import Received


def received(
    folder: Path, assignment: Assignment, report: Report, *, recorded: str, at: datetime | None
) -> Received | None:
    """What is known of the file behind a Report; None where nothing is.

    Args:
        folder: what the student has handed in by now.
        assignment: the assignment.
        report: what the grades were written from.
        recorded: the sha256 of the file that was graded then, "" where it was not written down.
        at: when it was received, in UTC without a time zone.
    """
    time = None if at is None else at.replace(tzinfo=UTC)
    now = _sha256(folder, assignment.name)
    if now in ("", recorded):
        return Received(recorded, time) if recorded else None
    if intake_hash(read_submission(folder, assignment)) == report.content.get("submission"):
        # saved again, with nothing changed that is graded: the grade is this file's, too
        return Received(now, time)
    return Received(recorded, time, newer=True) if recorded else None


def _sha256(folder: Path, assignment: str) -> str:
    try:
        return hashlib.sha256(read_notebook(folder, assignment).content).hexdigest()
    except Unreadable:
        return ""
