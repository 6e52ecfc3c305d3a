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
from autograder.course import GENERATED, IMDB, Assignment, Course, limits_of
from autograder.grading.corpus import corpus_hash
from autograder.grading.intake import Intake
from autograder.grading.secret import fingerprint

LEVEL = "isolation"
PACKAGES = ("autograder", "tensorflow-cpu", "tensorflow", "keras", "numpy", "nbgrader", "pytest", "ipython")


def content_hashes(course: Course, assignment: Assignment, secret: bytes, submission: str) -> dict[str, str]:
    """The hash of each thing that a Report depends on; ``submission`` is the hash of what was handed in.

    The isolation level in force is added by ``at_level``, once a server has shown it.
    """
    return {
        "submission": submission,
        "release": hash_folder(assignment.release),
        "checks": hash_file(assignment.checks),
        "solutions": hash_file(assignment.solutions),
        "thresholds": _hash_bars(course, assignment.checks),
        "private": _hash_private(course, assignment),
        "corpus": corpus_hash(course),
        "secret": fingerprint(secret),
        "limits": hash_text(json.dumps(asdict(limits_of(course, assignment.name)), sort_keys=True)),
        "engine": engine_hash(),
        "versions": hash_text(json.dumps(versions(), sort_keys=True)),
    } | ({"ignored stderr": hash_text(assignment.ignored_stderr)} if assignment.ignored_stderr else {})


def at_level(content: Mapping[str, str], level: str) -> dict[str, str]:
    """The content of a Report that was made at an isolation level: what one level saw is no other's."""
    return {**content, LEVEL: level}


def _hash_bars(course: Course, checks: Path) -> str:
    """The hash of the bars that a file of checks is held against; "" when there are none."""
    found = [hash_file(thresholds_file(checks))]
    if course.settings.corpus != GENERATED:  # beside those: some checks draw generated reviews all the same
        found.append(hash_file(thresholds_file(checks, IMDB)))
    return found[0] if len(found) == 1 else hash_text(" ".join(found)) if any(found) else ""


def _hash_private(course: Course, assignment: Assignment) -> str:
    """The hash of the instructor's private checks, bars and answers; "" when there are none."""
    checks, solutions = assignment.private_checks, assignment.private_solutions
    found = [hash_file(file) if file else "" for file in (checks, solutions)]
    found.append(_hash_bars(course, checks) if checks else "")
    return hash_text(" ".join(found)) if any(found) else ""


def intake_hash(intake: Intake) -> str:
    """The hash of what intake found, and of every cell's text (a manual answer is part of a submission).

    The outputs that a student saved are no part of it: they change no verdict.
    """
    found: dict[str, object] = asdict(replace(intake, notebook=None, notebooks={}, sha256=""))
    found |= {"untouched": sorted(intake.untouched), "absent": sorted(intake.absent)}
    notebooks = [*filter(None, [intake.notebook]), *intake.notebooks.values()]
    texts = [cell["source"] for notebook in notebooks for cell in notebook["cells"]]
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
