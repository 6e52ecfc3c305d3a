"""From a folder of hand-ins to submitted/<student>/<assignment>: which one counts, and a safe copy of it.

Only plain files are copied, no link is followed, and nothing of a student's is lost: a version that
was collected before moves to the kit's own folder.  Grading is somebody else's.
"""

from __future__ import annotations

import filecmp
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.copying import can_be_shown, copy_plain_files, read_plain_file, shown

TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"
FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"


@dataclass(frozen=True)
class HandIn:
    """One folder of the inbound folder; ``time`` is the folder's own where its name is not ``dated``."""

    student: str
    folder: Path
    time: datetime
    dated: bool = True


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
        told = f"{self.student}: handed in {self.counts.time:%Y-%m-%d %H:%M} UTC"
        return " ".join([f"{told} ({said})." if said else f"{told}.", *self.remarks])


def collect(
    inbound: Path, course: Course, assignment_name: str, *, deadline: datetime | None = None
) -> list[Collected]:
    """Copy the hand-in that counts of each student to ``submitted/``.

    Args:
        inbound: a folder of folders ``<student>+<assignment>+<time>`` or ``…+<time>+<anything>``, as
            nbgrader's exchange names them; times are UTC.
        course: whose ``attempt`` setting says which of several counts.
        assignment_name: hand-ins of other assignments are left alone.
        deadline: None for the due date in the gradebook, if there is one; without a time zone it is UTC.
    Returns:
        One Collected per student and per folder that fits no student, by name.
    Raises:
        CourseError: ``inbound`` is no folder that can be read.
    """
    if deadline is None:
        deadline = due_date(course, assignment_name)
    elif deadline.tzinfo is None:
        deadline = deadline.replace(tzinfo=UTC)
    handed_in, odd = _hand_ins(inbound, assignment_name)
    by_student: dict[str, list[HandIn]] = {}
    for item in handed_in:
        by_student.setdefault(item.student, []).append(item)
    results = list(odd)
    for student, items in by_student.items():
        counts, why = choose(items, course.settings.attempt, deadline)
        late = deadline is not None and counts.time > deadline
        results.append(_take(course, assignment_name, student, counts, why, late=late))
    return sorted(results, key=lambda collected: collected.student)


def choose(items: Sequence[HandIn], attempt: str, deadline: datetime | None) -> tuple[HandIn, str]:
    """Which of a student's hand-ins counts, and why in a few words ("" where there was no choice)."""
    ordered = sorted(items, key=lambda item: (item.time, item.folder.name))
    if len(ordered) == 1:
        return ordered[0], ""
    if attempt == "first":
        return ordered[0], f"the first of {len(ordered)} counts"
    if attempt == "last_before_deadline" and deadline is not None:
        in_time = [item for item in ordered if item.time <= deadline]
        if in_time:
            return in_time[-1], f"the last of {len(ordered)} before the deadline counts"
        return ordered[-1], f"the last of {len(ordered)} counts, none was before the deadline"
    return ordered[-1], f"the last of {len(ordered)} counts"


def due_date(course: Course, assignment_name: str) -> datetime | None:
    """The due date in the gradebook, in UTC; None where there is no gradebook yet or no date in it."""
    # imported here: nbgrader takes a second to import, and tests of the rest need no gradebook
    from autograder.grading.nbgrader_plugin import gradebook
    from autograder.grading.nbgrader_plugin.recording import nbgrader_app

    app = nbgrader_app(course)
    try:
        file = gradebook.sqlite_file(app.coursedir.db_url)
        if file is not None and not file.is_file():
            return None
        with gradebook.opened(app.coursedir) as book:
            dates = [item.duedate for item in book.assignments if item.name == assignment_name]
    finally:
        app.deinit_logging()
    return dates[0].replace(tzinfo=UTC) if dates and dates[0] is not None else None


def _hand_ins(inbound: Path, assignment: str) -> tuple[list[HandIn], list[Collected]]:
    pattern = re.compile(rf"(?P<student>.+)\+{re.escape(assignment)}\+(?P<time>[^+]+)(?:\+.*)?", re.DOTALL)
    try:
        entries = sorted(os.scandir(inbound), key=lambda entry: entry.name)
    except OSError as error:
        raise CourseError(
            f"the folder of hand-ins cannot be read (got {inbound}: {error.strerror})"
        ) from None
    found, odd = [], []
    for entry in entries:
        parts = pattern.fullmatch(entry.name)
        if parts is None:
            continue
        student = parts["student"]
        if not entry.is_dir(follow_symlinks=False):
            odd.append(Collected(shown(student), None, remarks=(f"{shown(entry.name)} is no folder.",)))
        elif not _is_name(student):
            odd.append(Collected(shown(student), None, remarks=("This is no name that a folder can have.",)))
        else:
            told = _time(parts["time"])
            time = told or datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
            found.append(HandIn(student, Path(entry.path), time, told is not None))
    return found, odd


def _is_name(student: str) -> bool:
    in_place = not student.startswith((".", "-")) and student == student.strip()
    return student.isprintable() and in_place and can_be_shown(student)


def _time(text: str) -> datetime | None:
    text = text.strip().removesuffix("UTC").strip()
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _take(
    course: Course, assignment: str, student: str, counts: HandIn, why: str, *, late: bool
) -> Collected:
    """Copy ``counts`` to its place, unless the same is there already."""
    target = course.submitted / student / assignment
    remarks: list[str] = []
    if not counts.dated:
        named = shown(counts.folder.name)
        remarks.append(f"The name {named} tells no time that can be read; the folder's own is taken.")
    if target.parent.is_symlink() or (target.parent.exists() and not target.parent.is_dir()):
        blocked = f"{course.submitted.name}/{student} is no folder of its own."
        return Collected(student, None, remarks=(*remarks, blocked))
    course.state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="collecting-", dir=course.state) as scratch:
        copy = Path(scratch) / assignment
        remarks += copy_plain_files(counts.folder, copy)
        before = target if target.is_dir() and not target.is_symlink() else None
        _write_marks(copy, counts, before)
        if before is not None and _same(copy, before):
            return Collected(student, counts, why, tuple(remarks), late=late, new=False)
        if os.path.lexists(target):
            kept = _put_aside(course, assignment, student, target)
            remarks.append(f"What was collected before is kept in {kept}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(copy, target)
    return Collected(student, counts, why, tuple(remarks), late=late)


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


def _same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same plain files."""
    files = _files(one)
    if files != _files(other):
        return False
    return all(filecmp.cmp(one / name, other / name, shallow=False) for name in files)


def _files(folder: Path) -> list[str]:
    names: list[str] = []
    for place, _, files in os.walk(folder):
        names += [os.path.relpath(Path(place) / name, folder) for name in files]
    plain = [name for name in names if not (folder / name).is_symlink() and (folder / name).is_file()]
    return sorted(plain) if len(plain) == len(names) else ["", *sorted(names)]


def _put_aside(course: Course, assignment: str, student: str, target: Path) -> str:
    """Move what lies at ``target`` into the kit's folder, under a name that is free; that name."""
    marked = read_plain_file(target / TIMESTAMP) or b""
    time = _time(marked.decode("utf-8", "replace")) or datetime.now(UTC)
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
