"""A question about a verdict as one zip file: what was handed in, byte for byte, and the Report.

It is for staff: the Report holds seeds.  It never holds the course secret, a check or a solution.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.checking.verdicts import Verdict
from autograder.course import Assignment, Course
from autograder.errors import CourseError
from autograder.grading.archives import zipped
from autograder.grading.collecting import SECRET
from autograder.grading.content import intake_hash
from autograder.grading.copying import MAX_FILE, MAX_FILES, MAX_TOTAL, copy_plain_files, shown
from autograder.grading.intake import read_submission
from autograder.grading.report import Report, from_json, to_json

SCHEMA = 1
REPORT, ABOUT, README, SUBMISSION = "report.json", "inquiry.json", "README.txt", "submission"
_DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, OSError, RuntimeError)
"""What reading a strange archive and its JSON can raise (RuntimeError: a password, nesting without end)."""
MAX_REPORT = 50 * 2**20
TEXT = """A question about a verdict
==========================

Student:     {student}
Assignment:  {assignment}
Asked about: {asked}

submission/   what was handed in, byte for byte
report.json   the Report that the grade was written from
inquiry.json  the checks in question with their seeds; versions and hashes of all that the Report depends on

This file is for course staff: seeds are no secret of their own, but a student has no use for them. The
course secret, which the inputs of hidden checks are drawn with, is not in it, and neither are checks and
solutions. Replay it in the course folder where the class was graded:

    autograder replay {name}

That runs these checks again with the same seeds, inputs and isolation, says whether the verdict is the same,
and what differs if it is not. No grade is touched.
"""


@dataclass(frozen=True)
class Inquiry:
    """A question about one submission: its Report, the checks that are asked about, and where it lies."""

    report: Report
    checks: tuple[str, ...]
    submission: Path


def find_submission(course: Course, assignment: Assignment, report: Report) -> Path:
    """The hand-in that a Report was made from: in ``submitted``, or an earlier one that was put aside.

    Raises CourseError when it is not there any more.
    """
    places = [course.submitted / report.student / assignment.name]
    places += sorted((course.state / "attempts" / assignment.name / report.student).glob("*"), reverse=True)
    for place in places if report.student else ():
        if intake_hash(read_submission(place, assignment)) == report.content.get("submission"):
            return place
    raise CourseError(
        "what this Report was made from is not there any more, or the kit reads it otherwise now: name it "
        f"with --submission (got {report.student or 'no student'})"
    )


def bundle(inquiry: Inquiry, asked: Sequence[tuple[str, Verdict]], *, made: datetime, name: str) -> bytes:
    """The zip file.

    Args:
        inquiry: the submission and its Report.
        asked: the verdicts in question, with their exercises.
        made: when.
        name: of the file, for the sentence that says how to replay it.
    Raises:
        CourseError: something that was handed in cannot be taken along as it is.
    """
    report = inquiry.report
    with tempfile.TemporaryDirectory(prefix="inquiry-") as scratch:
        files = _original_files(inquiry.submission, Path(scratch) / SUBMISSION)
    about = {
        "schema": SCHEMA,
        "assignment": report.assignment,
        "student": report.student,
        "made": made.astimezone(UTC).isoformat(timespec="seconds"),
        "checks": [
            {
                "exercise": exercise,
                "check": verdict.check,
                "outcome": verdict.outcome,
                "message": verdict.message,
                "seed": verdict.seed,
            }
            for exercise, verdict in asked
        ],
        "versions": dict(report.versions),
        "content": dict(report.content),
        "isolation": report.isolation,
        "course_secret_included": False,
        "files": {path: hashlib.sha256(data).hexdigest() for path, data in files.items()},
    }
    said = ", ".join(verdict.check for _, verdict in asked)
    text = TEXT.format(student=report.student, assignment=report.assignment, asked=said, name=name)
    entries = {
        README: text.encode(),
        ABOUT: (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode(),
        REPORT: (to_json(report) + "\n").encode(),
        **{f"{SUBMISSION}/{path}": data for path, data in files.items()},
    }
    return zipped(entries)


def _original_files(submission: Path, scratch: Path) -> dict[str, bytes]:
    """Every plain file that was handed in, by its path."""
    if submission.is_file() and not submission.is_symlink():
        return {submission.name: submission.read_bytes()}
    left_out = copy_plain_files(submission, scratch)
    if left_out:
        raise CourseError(
            f"not everything that was handed in can be taken along: {left_out[0]} (got {submission.name})"
        )
    # nbgrader's key to the student's feedback is no work of theirs, and nothing to send around
    paths = sorted(path for path in scratch.rglob("*") if path.is_file() and path.name != SECRET)
    return {path.relative_to(scratch).as_posix(): path.read_bytes() for path in paths}


def is_bundle(path: Path) -> bool:
    return path.is_file() and zipfile.is_zipfile(path)


def opened(path: Path, scratch: Path) -> Inquiry:
    """What a bundle holds, its submission unpacked below ``scratch``.

    A bundle may have been in a student's hands: only what one is made of is unpacked, within limits.

    Raises CourseError when it is no bundle, or its files are not those that it lists.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _entries(archive, path.name)
            about = json.loads(archive.read(ABOUT))
            report = from_json(archive.read(REPORT).decode("utf-8"))
            listed = about["files"]
            checks = tuple(str(item["check"]) for item in about["checks"])
            files = {name: archive.read(entry) for name, entry in entries.items()}
    except _DAMAGED as error:
        raise CourseError(
            f"this is no bundle that autograder inquiry wrote, or a damaged one (got {path.name}: {error})"
        ) from None
    _must_fit(files, listed, path.name)
    for name, data in files.items():
        target = scratch / SUBMISSION / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    (scratch / SUBMISSION).mkdir(exist_ok=True)
    return Inquiry(report, checks, scratch / SUBMISSION)


def _entries(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The files of the submission, by their path in it."""
    found: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for entry in archive.infolist():
        if entry.filename in (REPORT, ABOUT, README):
            if entry.file_size > MAX_REPORT:
                raise CourseError(f"a part of this bundle is too large (got {name}: {entry.filename})")
            continue
        parts = PurePosixPath(entry.filename).parts
        safe = (
            len(parts) > 1
            and parts[0] == SUBMISSION
            and not {"..", "/"} & set(parts)
            and "\\" not in entry.filename
        )
        if not safe or entry.is_dir() or "\0" in entry.filename:
            raise CourseError(f"this bundle holds a file that none has (got {name}: {shown(entry.filename)})")
        total += entry.file_size
        if entry.file_size > MAX_FILE or total > MAX_TOTAL or len(found) == MAX_FILES:
            raise CourseError(f"the submission in this bundle is too large (got {name})")
        found[str(PurePosixPath(*parts[1:]))] = entry
    return found


def _must_fit(files: Mapping[str, bytes], listed: Any, name: str) -> None:
    """Raise CourseError unless these are the files that the bundle was made with."""
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    if hashes != listed:
        odd: Collection[str] = [
            path for path in hashes if not isinstance(listed, dict) or listed.get(path) != hashes[path]
        ]
        raise CourseError(
            "the submission in this bundle is not the one that it was made with "
            f"(got {name}: {shown(next(iter(odd), 'a file is missing'))})"
        )
