"""What the names of files tell that Moodle and Canvas put into a download of all submissions.

Moodle: a folder ``<full name>_<number>_assignsubmission_file_`` for each participant, or each file under that
name followed by its own.  Canvas: ``<name>_LATE_<user>_<attachment>_<file>``, the name without blanks, LATE
only for who was late.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.lms.headers import printable
from autograder.lms.people import Identity, Spelling

MOODLE, CANVAS = "Moodle", "Canvas"
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
_CANVAS = re.compile(
    r"(?:(?P<name>.+?)_)?(?P<late>(?:LATE|late)_)?(?P<number>anon_\w{5}|\d+)"
    r"_(?:\d+_(?P<file>.+)|(?P<text>(?:text|link)\.html))",
    re.DOTALL,
)
_AGAIN = re.compile(r"(?:-\d+| ?\(\d+\))$")


@dataclass(frozen=True)
class LmsName:
    """One name of a download: whose it is, and the file's own name; ``file`` is "" for a folder.

    ``number`` is Moodle's of the participant (of this assignment alone) or Canvas' of the user.
    """

    system: str
    name: str
    number: str
    file: str
    late: bool = False


def read_name(name: str, *, folder: bool) -> LmsName | None:
    """What the name of a file or a folder tells; None where neither platform made it."""
    found = _MOODLE.fullmatch(name)
    if found is not None:
        file = found["file"] or ""
        return LmsName(MOODLE, found["name"], found["number"], "" if folder else file or name)
    found = None if folder else _CANVAS.fullmatch(name)
    if found is None or not (found["name"] or found["number"].startswith("anon_")):
        return None
    file = found["file"] or found["text"]
    return LmsName(CANVAS, found["name"] or "", found["number"], file, late=bool(found["late"]))


def identity_of(name: LmsName) -> Identity:
    """Who this is, as far as the name tells; Moodle's number means nothing outside of its assignment."""
    shown = printable(f"{name.name or 'somebody'} ({name.system}'s number {name.number})")
    if name.system == CANVAS:
        names = (name.name,) if name.name else ()
        return Identity(shown, number=name.number, names=names, spelling=Spelling.SQUASHED)
    return Identity(shown, names=tuple(without_groups(name.name)), spelling=Spelling.CLEANED)


def without_groups(name: str) -> list[str]:
    """The name, and what is left of it behind each dash: Moodle may put ``<group>-`` before it."""
    parts = name.split("-")
    return ["-".join(parts[start:]).strip() for start in range(len(parts))]


def own_name(file: str) -> str:
    """A notebook's name without what a platform or a browser adds to the second file of one name."""
    stem, dot, ending = file.rpartition(".")
    return f"{_AGAIN.sub('', stem)}{dot}{ending}" if dot else _AGAIN.sub("", file)
