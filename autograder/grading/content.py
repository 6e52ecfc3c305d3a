"""What a Report depends on, as hashes: the key under which it is stored.

The student's name is no part of it: the same notebook gets the same Report.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import autograder
from autograder.checking.exercise import thresholds_file
from autograder.course import Assignment, Course
from autograder.grading.intake import Intake
from autograder.grading.secret import fingerprint

PACKAGES = ("autograder", "tensorflow-cpu", "tensorflow", "keras", "numpy", "nbgrader", "pytest", "ipython")


def content_hashes(course: Course, assignment: Assignment, secret: bytes, submission: str) -> dict[str, str]:
    """The hash of each thing that a Report depends on; ``submission`` is the hash of what was handed in."""
    return {
        "submission": submission,
        "release": hash_folder(assignment.release),
        "checks": hash_file(assignment.checks),
        "solutions": hash_file(assignment.solutions),
        "thresholds": hash_file(thresholds_file(assignment.checks)),
        "private": _hash_private(assignment),
        "secret": fingerprint(secret),
        "settings": hash_text(json.dumps(asdict(course.settings), sort_keys=True)),
        "engine": engine_hash(),
        "versions": hash_text(json.dumps(versions(), sort_keys=True)),
    }


def _hash_private(assignment: Assignment) -> str:
    """The hash of the instructor's private checks, bars and answers; "" when there are none."""
    checks, solutions = assignment.private_checks, assignment.private_solutions
    files = [checks, thresholds_file(checks) if checks else None, solutions]
    found = [hash_file(file) if file else "" for file in files]
    return hash_text(" ".join(found)) if any(found) else ""


def intake_hash(intake: Intake) -> str:
    """The hash of what intake found, and of every cell's text (a manual answer is part of a submission)."""
    found: dict[str, object] = asdict(replace(intake, notebook=None))
    found |= {"untouched": sorted(intake.untouched), "absent": sorted(intake.absent)}
    texts = [cell["source"] for cell in intake.notebook["cells"]] if intake.notebook is not None else []
    return hash_text(json.dumps([found, texts], sort_keys=True))


def report_key(content: Mapping[str, str]) -> str:
    """One name for all of it."""
    return hash_text(json.dumps(dict(content), sort_keys=True))


@functools.cache
def versions() -> dict[str, str]:
    """The versions of Python and of the packages that a grade can depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


@functools.cache
def engine_hash() -> str:
    """The hash of the kit's own code: another engine is another key."""
    return hash_folder(Path(autograder.__file__).parent, "*.py")


def hash_folder(folder: Path, pattern: str = "*") -> str:
    """The hash of a folder's regular files, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(folder)}\0{hash_file(path)}\n".encode())
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """The hash of a file's bytes; "" when there is no such file."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
