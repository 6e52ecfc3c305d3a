"""A download of all hand-ins from Moodle or Canvas: whose each is, and into submitted/ with it.

Who it is comes from the sheet of the same platform where one is given, else from the names of the files.
Nothing is taken of whom the course does not know, unless asked; the download itself is never changed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from autograder.course import Course
from autograder.grading.copying import shown
from autograder.grading.placing import Collected, HandIn, is_name, place
from autograder.grading.readying import Expected, Part, Ready, make_ready
from autograder.lms import sheets
from autograder.lms.filenames import CANVAS, MOODLE, LmsName, identity_of, read_name
from autograder.lms.headers import Field
from autograder.lms.moments import read_moment
from autograder.lms.people import Identity, Matches, same_name
from autograder.lms.sheets import Kind, Sheet

UNKNOWN = "No student of the course fits."
CLUTTER = ("__MACOSX", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True)
class Download:
    """One person's hand-in in the download.

    ``late`` is what Canvas says; ``row`` is that of the sheet, and ``doubt`` why that cannot be right.
    """

    identity: Identity
    system: str
    number: str
    parts: tuple[Part, ...]
    late: bool = False
    row: int | None = None
    doubt: str = ""


@dataclass(frozen=True)
class Plan:
    """What a download is collected by.

    ``in_time_until`` is a student's deadline with the grace, ``due`` without.  ``zone`` is that of times in
    the sheet, None for this machine's.
    """

    course: Course
    expected: Expected
    in_time_until: Callable[[str], datetime | None]
    due: Callable[[str], datetime | None]
    sheet: Sheet | None = None
    zone: tzinfo | None = None


def find(folder: Path, sheet: Sheet | None) -> tuple[list[Download], list[str]]:
    """The hand-ins of a download, and the names of what neither platform made."""
    grouped: dict[tuple[str, str], list[tuple[LmsName, Path]]] = {}
    strange: list[str] = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        is_folder = entry.is_dir(follow_symlinks=False)
        name = read_name(entry.name, folder=is_folder) if is_folder or _is_file(entry) else None
        if name is not None:
            grouped.setdefault((name.system, name.number), []).append((name, Path(entry.path)))
        elif entry.name not in CLUTTER:
            strange.append(shown(entry.name))
    rows = _rows(sheet)
    found = [_download(parts, sheet, rows.get(key)) for key, parts in grouped.items()]
    return found, strange


def _download(parts: Sequence[tuple[LmsName, Path]], sheet: Sheet | None, row: int | None) -> Download:
    """One person's hand-in, with what the sheet says of them where it has their number."""
    first = parts[0][0]
    by_name = identity_of(first)
    files = tuple(Part(path, _safe(name.file)) for name, path in parts)
    late = any(name.late for name, _ in parts)
    if sheet is None or row is None:
        return Download(by_name, first.system, first.number, files, late)
    by_row = sheets.identity_of(sheet, row)
    doubt = ""
    if not same_name(by_name, by_row):
        # Moodle counts anew in each assignment: with another one's sheet, everybody would be somebody else
        doubt = f"In the sheet this number is that of {by_row.shown}: is it the sheet of this assignment?"
    return Download(by_row if not doubt else by_name, first.system, first.number, files, late, row, doubt)


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)


def _safe(file: str) -> str:
    """A file's own name, which came out of a longer one, as a name that a file can have."""
    return file.replace("/", "_").replace("\\", "_").lstrip(".") or (file and "hand-in")


def _rows(sheet: Sheet | None) -> Mapping[tuple[str, str], int]:
    """The row of each number in the sheet."""
    if sheet is None or sheet.kind is Kind.MOODLE:
        return {}
    system = CANVAS if sheet.kind is Kind.CANVAS else MOODLE
    return {(system, sheets.participant(sheet, row)): row for row in sheet.people}


def collect_downloads(
    plan: Plan, found: Sequence[Download], matches: Matches, added: Mapping[int, str], scratch: Path
) -> list[Collected]:
    """Copy each hand-in whose student is known to submitted/.

    Args:
        plan: what it is collected by.
        found: the hand-ins.
        matches: whose they are, by their place in ``found``.
        added: students for those who fit nobody, where somebody asked for that.
        scratch: a folder for copies on the way.
    Returns:
        One Collected for each, by name.
    """
    results = []
    for number, download in enumerate(found):
        student = "" if download.doubt else matches.found.get(number) or added.get(number, "")
        if not student:
            doubt = matches.doubts.get(number)
            why = f"{doubt.why[:1].upper()}{doubt.why[1:]}." if doubt else UNKNOWN
            results.append(Collected(download.identity.shown, None, remarks=(download.doubt or why,)))
        elif not is_name(student):
            results.append(
                Collected(shown(student), None, remarks=("This is no name that a folder can have.",))
            )
        else:
            ready = make_ready(download.parts, scratch / str(number), plan.expected)
            results.append(_place(plan, download, student, ready))
            shutil.rmtree(ready.folder)  # what a whole class unpacks would be much at once
    return sorted(results, key=lambda collected: collected.student)


def _place(plan: Plan, download: Download, student: str, ready: Ready) -> Collected:
    if ready.problem:
        return Collected(student, None, remarks=(*ready.remarks, ready.problem))
    until = plan.in_time_until(student)
    told = _told(plan, download)
    time = told or _harmless(download, plan.due(student))
    counts = HandIn(student, ready.folder, time, told is not None, ready.remarks)
    late = until is not None and time > until
    if download.late and not late:
        said = "Canvas calls it late and does not say by how much; nothing is taken off for it."
        counts = replace(counts, remarks=(*counts.remarks, said))
    return place(plan.course, plan.expected.assignment, counts, late=late)


def _told(plan: Plan, download: Download) -> datetime | None:
    """When it was handed in, by Moodle's worksheet; a download itself does not say it."""
    if plan.sheet is None or download.row is None:
        return None
    text = plan.sheet.value(download.row, plan.sheet.first(Field.SUBMITTED))
    return read_moment(text, plan.zone)


def _harmless(download: Download, due: datetime | None) -> datetime:
    """A time that makes nobody late, where none is known: files of a download have the download's own."""
    paths = [path for part in download.parts for path in (part.path, *part.path.rglob("*"))]
    newest = max(path.lstat().st_mtime for path in paths)
    time = datetime.fromtimestamp(newest, UTC)
    return time if due is None else min(time, due)
