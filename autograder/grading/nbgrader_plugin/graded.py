"""What was graded: submissions with their Reports, on the way into nbgrader; knows nothing of nbgrader."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.grading.content import intake_hash, report_key
from autograder.grading.engine import Submission, grade_class
from autograder.grading.intake import Intake, read_submission
from autograder.grading.readings import reading_of
from autograder.grading.report import Report


@dataclass(frozen=True)
class Graded:
    """One submission and its Report; ``sha256`` is that of the file when it was looked at."""

    student: str
    original: Path
    sha256: str
    report: Report
    assignment: Assignment

    @property
    def key(self) -> str:
        """The Report's name in the store."""
        return report_key(self.report.content)

    @functools.cached_property
    def intake(self) -> Intake:
        """What was handed in; read when it is first asked for, as what is unchanged need not be."""
        return read_submission(self.original, self.assignment)

    def holds(self) -> bool:
        """Whether the Report is of what the folder holds: something may have been handed in meanwhile."""
        return self.report.content.get("submission") == intake_hash(self.intake)


def grade_folders(
    course: Course, assignment: Assignment, folders: Mapping[str, Path], known: Mapping[str, Report]
) -> Iterator[Graded]:
    """Each student's submission with its Report: from ``known``, else from the store, else graded now.

    A Report of another content than the folder holds now is not used.
    """
    readings = {student: reading_of(course, assignment, folder) for student, folder in folders.items()}
    waiting = []
    for student, reading in readings.items():
        report = known.get(student)
        if report is not None and report.content.get("submission") == reading.submission:
            yield Graded(student, folders[student], reading.sha256, report.of(student), assignment)
        else:
            waiting.append(Submission(student, folders[student]))
    if not waiting:
        return
    for report in grade_class(course, assignment, waiting, jobs=course.settings.jobs):
        student = report.student
        yield Graded(student, folders[student], readings[student].sha256, report, assignment)
