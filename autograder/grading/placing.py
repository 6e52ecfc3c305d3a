"""A hand-in's place, submitted/<student>/<assignment>: a safe copy and the marks that nbgrader needs.

Nothing is written over: what lay there before moves to the kit's own folder, whoever put it there.
"""

from __future__ import annotations

import filecmp
import os
import secrets
import shutil
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course
from autograder.grading.copying import can_be_shown, copy_plain_files, read_plain_file

TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"
FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"


@dataclass(frozen=True)
class HandIn:
    """One student's hand-in, in a folder; ``remarks`` hold a sentence per odd thing about it.

    ``timed`` is False where nobody says when it was handed in: ``time`` then is one that costs nothing.
    """

    student: str
    folder: Path
    time: datetime
    timed: bool = True
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collected:
    """What became of one student's hand-ins; ``counts`` is None where nothing was collected.

    ``why`` says why this one counts, ``remarks`` hold a sentence per odd thing, ``new`` is False where
    the same files had been collected before.
    """

    student: str
    counts: HandIn | None
    why: str = ""
    remarks: tuple[str, ...] = ()
    late: bool = False
    new: bool = True

    def __str__(self) -> str:
        if self.counts is None:
            return " ".join([f"{self.student}: nothing was collected.", *self.remarks])
        parts = [self.why, "late" if self.late else "", "" if self.new else "collected before"]
        said = ", ".join(part for part in parts if part)
        when = f"handed in {self.counts.time:%Y-%m-%d %H:%M} UTC" if self.counts.timed else "collected"
        told = f"{self.student}: {when}"
        return " ".join([f"{told} ({said})." if said else f"{told}.", *self.remarks])


def place(course: Course, assignment: str, counts: HandIn, *, why: str = "", late: bool = False) -> Collected:
    """Copy ``counts`` to its place, unless the same is there already."""
    student = counts.student
    target = course.submitted / student / assignment
    remarks = list(counts.remarks)
    if target.parent.is_symlink() or (target.parent.exists() and not target.parent.is_dir()):
        blocked = f"{course.submitted.name}/{student} is no folder of its own."
        return Collected(student, None, remarks=(*remarks, blocked))
    course.state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="collecting-", dir=course.state) as scratch:
        copy = Path(scratch) / assignment
        remarks += copy_plain_files(counts.folder, copy)
        before = target if target.is_dir() and not target.is_symlink() else None
        _write_marks(copy, counts, before)
        if before is not None and _same(copy, before, but=() if counts.timed else (TIMESTAMP,)):
            return Collected(student, counts, why, tuple(remarks), late=late, new=False)
        if os.path.lexists(target):
            kept = _put_aside(course, assignment, student, target)
            remarks.append(f"What was collected before is kept in {kept}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(copy, target)
    return Collected(student, counts, why, tuple(remarks), late=late)


def is_name(student: str) -> bool:
    """Whether a folder below submitted/ can have this name."""
    odd = student.startswith((".", "-")) or student != student.strip() or "/" in student
    fits = bool(student) and student.isprintable() and len(os.fsencode(student)) <= 255
    return fits and not odd and can_be_shown(student)


def time_of(text: str) -> datetime | None:
    """A time in a name or in timestamp.txt; UTC where it says no other zone."""
    text = text.strip().removesuffix("UTC").strip()
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _write_marks(copy: Path, counts: HandIn, before: Path | None) -> None:
    """timestamp.txt and submission_secret.txt: where one lacks them, release_feedback stops for everyone."""
    _replace(copy / TIMESTAMP, counts.time.strftime(FORMAT).encode())
    if not (copy / SECRET).is_file():
        # the secret made for the same hand-in last time, so that collecting again changes nothing
        known = b"" if before is None else read_plain_file(before / SECRET) or b""
        _replace(copy / SECRET, known or secrets.token_hex(64).encode())


def _replace(file: Path, content: bytes) -> None:
    if file.is_dir():
        shutil.rmtree(file)
    file.write_bytes(content)


def _same(one: Path, other: Path, *, but: Collection[str]) -> bool:
    """Whether two folders hold the same plain files; what is in those called ``but`` is no difference."""
    files = _files(one)
    if files != _files(other):
        return False
    return all(filecmp.cmp(one / name, other / name, shallow=False) for name in files if name not in but)


def _files(folder: Path) -> list[str]:
    names: list[str] = []
    for place, _, files in os.walk(folder):
        names += [os.path.relpath(Path(place) / name, folder) for name in files]
    plain = [name for name in names if not (folder / name).is_symlink() and (folder / name).is_file()]
    return sorted(plain) if len(plain) == len(names) else ["", *sorted(names)]


def _put_aside(course: Course, assignment: str, student: str, target: Path) -> str:
    """Move what lies at ``target`` into the kit's folder, under a name that is free; that name."""
    marked = read_plain_file(target / TIMESTAMP) or b""
    time = time_of(marked.decode("utf-8", "replace")) or datetime.now(UTC)
    folder = course.state / "attempts" / assignment / student
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{time:%Y-%m-%dT%H-%M-%S}"
    for candidate in _numbered(name):
        if not os.path.lexists(folder / candidate):
            shutil.move(target, folder / candidate)
            return f"{course.settings.state}/attempts/{assignment}/{student}/{candidate}"
    raise AssertionError("there is always a free number")


def _numbered(name: str) -> Iterable[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
