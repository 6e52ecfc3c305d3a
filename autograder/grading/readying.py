"""One hand-in of a download made ready: its files, a zip among them opened, the notebook that counts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import CourseError
from autograder.grading.copying import MAX_FILE, copy_plain_files, read_plain_file, shown
from autograder.grading.intake.belonging import other_assignment
from autograder.grading.unpacking import unpack
from autograder.lms.filenames import own_name

ENDING = ".ipynb"


@dataclass(frozen=True)
class Ready:
    """A folder that can be collected, or why it cannot; ``remarks`` hold a sentence per odd thing."""

    folder: Path
    problem: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A file of a hand-in with the name that the student gave it, or a folder of such files."""

    path: Path
    name: str = ""


@dataclass(frozen=True)
class Expected:
    """What is collected: the assignment, and the marks of the cells of each."""

    assignment: str
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)


def make_ready(parts: Sequence[Part], folder: Path, expected: Expected) -> Ready:
    """Bring the parts together in the new ``folder`` and find the notebook that counts.

    Nothing is made of what is doubtful: the originals stay where they are, and somebody decides.
    """
    remarks = _bring(parts, folder)
    archives = [path for path in _files(folder) if path.suffix.lower() == ".zip"]
    if not _notebooks(folder) and len(archives) == 1:
        try:
            remarks += _open(archives[0], folder)
        except CourseError as error:
            return Ready(folder, f"{str(error)[:1].upper()}{str(error)[1:]}.", tuple(remarks))
    notebooks = _notebooks(folder)
    counts = _that_counts(notebooks, expected.assignment)
    if not notebooks:
        return Ready(folder, remarks=(*remarks, "There is no notebook in it."))
    if counts is None:
        named = ", ".join(shown(path.name) for path in notebooks[:5])
        problem = (
            f"There are {len(notebooks)} notebooks ({named}), and it is not clear which one counts: "
            "put it into the student's folder below submitted/ yourself."
        )
        return Ready(folder, problem, tuple(remarks))
    content = read_plain_file(counts, MAX_FILE)
    other = "" if content is None else other_assignment(content, expected.assignment, expected.marks)
    if other:
        return Ready(folder, f"This is the notebook of {other}.", tuple(remarks))
    remarks += _name_it(counts, folder, expected.assignment, len(notebooks))
    return Ready(folder, remarks=tuple(remarks))


def _bring(parts: Sequence[Part], folder: Path) -> list[str]:
    """Copy each part; of two files of one name the second gets another."""
    remarks: list[str] = []
    scratch = folder.with_name(f"{folder.name}-part")
    folder.mkdir(parents=True)
    for part in parts:
        if not part.name:
            remarks += copy_plain_files(part.path, scratch)
            for path in sorted(scratch.iterdir()):
                shutil.move(path, _free(folder / path.name))
            scratch.rmdir()
            continue
        content = read_plain_file(part.path, MAX_FILE)
        if content is None:
            remarks.append(f"{shown(part.name)} cannot be read or is too large, and was left out.")
        else:
            _free(folder / part.name).write_bytes(content)
    return remarks


def _free(path: Path) -> Path:
    """This path, or the next one that nothing lies at."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free


def _open(archive: Path, folder: Path) -> list[str]:
    """Unpack the one zip of a hand-in beside it; what it wraps in a folder of its own comes out of that."""
    content = read_plain_file(archive, MAX_FILE)
    if content is None:
        raise CourseError(f"{shown(archive.name)} is too large (got more than {MAX_FILE} bytes)")
    inside = folder.with_name(f"{folder.name}-zip")
    try:
        remarks = unpack(content, inside)
        for path in sorted(inside.iterdir()):
            shutil.move(path, _free(folder / path.name))
    finally:
        shutil.rmtree(inside, ignore_errors=True)
    return remarks


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder))


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)


def _notebooks(folder: Path) -> list[Path]:
    return [path for path in _files(folder) if path.suffix.lower() == ENDING]


def _that_counts(notebooks: Sequence[Path], assignment: str) -> Path | None:
    """The one with the assignment's name, or the only one; the same notebook twice is one."""
    wanted = f"{assignment}{ENDING}".lower()
    named = [path for path in notebooks if own_name(path.name).lower() == wanted]
    chosen = named or list(notebooks)
    if len({path.read_bytes() for path in chosen}) == 1:
        return chosen[0]
    return None


def _name_it(counts: Path, folder: Path, assignment: str, number: int) -> list[str]:
    """Put the notebook that counts where it is looked for; what the student called it stays, and is told."""
    wanted = f"{assignment}{ENDING}"
    if number > 1:
        remark = [f"There are {number} notebooks; {shown(counts.name)} counts."]
    elif own_name(counts.name) != wanted:
        remark = [
            f"The notebook is called {shown(counts.name)} instead of {wanted}; it was taken all the same."
        ]
    else:
        remark = []
    # a number at the end of the name is the platform's or the browser's doing
    place = folder / (wanted if own_name(counts.name) == wanted else counts.name)
    if place != counts:
        if place.exists():
            shutil.move(place, _free(place.with_name(f"other {place.name}")))
        shutil.move(counts, place)
    return remark
