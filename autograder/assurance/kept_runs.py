"""Scores of trainings, kept as each ends: a calibration that was interrupted goes on where it was.

They lie with the course's state, under a hash of all that they depend on, and can be made again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import autograder
from autograder.course import Assignment, Course
from autograder.grading.content import content_hashes, hash_folder, hash_text
from autograder.grading.files import replace_file

FOLDER = "calibration"
ROOMS = ("checking", "reviews", "wire", "worker")
"""What trains and scores; the rest of the kit changes no score."""
DEPENDS_ON = ("checks", "solutions", "private", "corpus", "limits", "versions")
"""Not the thresholds: while it calibrates, a run goes through all of its stages, whatever the bars are.  So
more runs can be added to those that have placed the bars already."""

Scores = list[dict[str, float]]


class KeptRuns:
    """The kept scores of one assignment's answers, as course and kit are now."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.folder = course.state / FOLDER
        content = content_hashes(course, assignment, secret=b"", submission="")
        kit = Path(autograder.__file__).parent
        rooms = [hash_folder(kit / room, "*.py") for room in ROOMS]
        self._now = json.dumps([*rooms, *(content[name] for name in DEPENDS_ON)])

    def get(self, check: str, answer: str, number: int) -> Scores | None:
        """The scores of one answer on one number's draws; None where they are not there, or damaged."""
        try:
            found = json.loads(self._file(check, answer, number).read_text(encoding="utf-8"))
            return [{str(bar): float(score) for bar, score in run.items()} for run in found["scores"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def put(self, check: str, answer: str, number: int, scores: Sequence[dict[str, float]]) -> None:
        """Keep them, whole or not at all."""
        about = {"check": check, "answer": answer, "number": number, "scores": list(scores)}
        replace_file(self._file(check, answer, number), json.dumps(about).encode())

    def _file(self, check: str, answer: str, number: int) -> Path:
        return self.folder / f"{hash_text(json.dumps([self._now, check, answer, number]))}.json"
