"""What was handed in, known again by its bytes: a notebook that was read before is not taken apart once more.

Kept with the course's state are hashes only, each under a hash of all that reading depends on.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.grading.content import engine_hash, hash_file, hash_text, intake_hash, versions
from autograder.grading.files import replace_file
from autograder.grading.intake import Intake, read_submission
from autograder.grading.intake.files import Found, read_notebook
from autograder.grading.intake.result import Unreadable

FOLDER = "readings"
READERS = ("nbformat", "pillow")
"""What reads notebooks and their pictures: another version may find something else in the same bytes."""
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Reading:
    """``submission`` is the hash of what intake found, ``sha256`` that of the file ("" where there is none).

    ``intake`` is there where it had to be read.
    """

    submission: str
    sha256: str
    intake: Intake | None = None


def reading_of(course: Course, assignment: Assignment, path: Path) -> Reading:
    """What a student handed in, by its hashes; read where it is new, or holds its tests itself."""
    file, sha256 = None, ""
    if not assignment.notebooks:
        with contextlib.suppress(Unreadable):
            found = read_notebook(path, assignment.name)
            sha256 = hashlib.sha256(found.content).hexdigest()
            file = _file(course, assignment, found, sha256)
            kept = _kept(file)
            if kept:
                return Reading(kept, sha256)
    intake = read_submission(path, assignment)
    submission = intake_hash(intake)
    if file is not None and intake.sha256 == sha256:  # else it was handed in anew meanwhile
        with contextlib.suppress(OSError):  # it only saves time
            replace_file(file, submission.encode())
    return Reading(submission, intake.sha256, intake)


def forget(state: Path, *, older_than_seconds: float) -> None:
    """Remove what was kept longer ago than this: those notebooks are read anew when they are seen again."""
    before = time.time() - older_than_seconds
    for file in (state / FOLDER).glob("??/*"):
        with contextlib.suppress(FileNotFoundError):  # another run has just removed it
            if file.stat().st_mtime <= before:
                file.unlink()


def _kept(file: Path) -> str:
    """The hash in a file; "" where there is none, or something else."""
    try:
        text = file.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
    return text if _HASH.fullmatch(text) else ""


def _file(course: Course, assignment: Assignment, found: Found, sha256: str) -> Path:
    rests_on = [assignment.name, sorted(assignment.points), hash_file(assignment.notebook), versions()]
    rests_on += _readers()
    key = hash_text(json.dumps([engine_hash(), *rests_on, sha256, found.remarks], sort_keys=True))
    return course.state / FOLDER / key[:2] / key


@functools.cache
def _readers() -> list[str]:
    """Their versions, looked for in the files of each package: that takes longer than all the rest."""
    return [importlib.metadata.version(name) for name in READERS]
