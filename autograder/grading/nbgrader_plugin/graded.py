"""What was graded: submissions with their Reports, on the way into nbgrader; knows nothing of nbgrader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.grading.content import intake_hash, report_key
from autograder.grading.engine import Submission, grade_class
from autograder.grading.intake import Intake, read_submission
from autograder.grading.report import Report


@dataclass(frozen=True)
class Graded:
    """One submission and its Report; ``key`` is the Report's name in the store."""

    student: str
    original: Path
    intake: Intake
    report: Report
    assignment: Assignment

    @property
    def key(self) -> str:
        return report_key(self.report.content)


def grade_folders(
    course: Course, assignment: Assignment, folders: Mapping[str, Path], known: Mapping[str, Report]
) -> Iterator[Graded]:
    """Each student's submission with its Report: from ``known``, else from the store, else graded now.

    A Report of another content than the folder holds now is not used.
    """
    intakes = {student: read_submission(folder, assignment) for student, folder in folders.items()}
    waiting = []
    for student, intake in intakes.items():
        report = known.get(student)
        if report is not None and report.content.get("submission") == intake_hash(intake):
            yield Graded(student, folders[student], intake, report.of(student), assignment)
        else:
            waiting.append(Submission(student, folders[student]))
    if not waiting:
        return
    for report in grade_class(course, assignment, waiting, jobs=course.settings.jobs):
        student = report.student
        yield Graded(student, folders[student], intakes[student], report, assignment)
