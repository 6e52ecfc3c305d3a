"""What was handed in, by student; and the one method of nbgrader that is replaced, so that all of it is seen.

nbgrader leaves out a folder in which it sees no notebook, and refuses, before it builds our exporter, when
no other folder is left: such a student would have neither a grade nor a reason, at the formgrader's button
as in a class of one.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Container, Iterator
from pathlib import Path

from nbconvert.exporters import Exporter
from nbgrader.converters import Autograde, BaseConverter

from autograder.errors import AutograderError
from autograder.grading.copying import can_be_shown, not_shown


def listed(converter: Autograde) -> dict[str, Path]:
    """What was handed in, by student; also where nbgrader sees no notebook.

    nbgrader leaves such a submission out: its student would have no grade and no reason.
    """
    return {student: folder for student, folder in _folders(converter) if can_be_shown(student)}


def left_out(converter: Autograde) -> list[str]:
    """A sentence per folder that nobody may open in a browser, for its name."""
    return [not_shown(student) for student, _ in _folders(converter) if not can_be_shown(student)]


def _folders(converter: Autograde) -> Iterator[tuple[str, Path]]:
    coursedir = converter.coursedir
    chosen: Container[str] | None = getattr(converter, "chosen", None)
    excluded = coursedir.student_id_exclude.split(",")
    pattern = converter._format_source(coursedir.assignment_id, coursedir.student_id)
    for folder in sorted(glob.glob(pattern)):  # noqa: PTH207 -- an absolute pattern, as nbgrader makes it
        student = student_of(converter, folder)
        if student not in excluded and (chosen is None or student in chosen):
            yield student, Path(folder)


def student_of(converter: BaseConverter, folder: str) -> str:
    """The student whose folder this is, read from its path as nbgrader reads it."""
    pattern = converter._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
    match = re.match(pattern, folder)
    if match is None:
        raise AutograderError(f"this folder is not where submissions lie (got {Path(folder).name})")
    return match["student_id"]


def list_every_folder(ours: type[Exporter]) -> None:
    """Let every Autograde whose exporter is ``ours`` begin where there is a folder, whatever lies in it.

    Other exporters, and a course in which nobody handed in, are left to nbgrader and its own sentence.
    """
    by_nbgrader = Autograde.init_notebooks

    def init_notebooks(self: Autograde) -> None:
        if not (issubclass(self.exporter_class, ours) and listed(self)):
            by_nbgrader(self)
            return
        self.assignments = {}  # the exporter fills it with clean copies
        self.notebooks = []

    Autograde.init_notebooks = init_notebooks
