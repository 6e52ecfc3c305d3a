"""What intake found in one submission; plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograder.grading.report import Picture, Repair


@dataclass(frozen=True)
class Cell:
    """A code cell for the worker to run: its grade_id, or "cell 7" as the student counts, and its source."""

    name: str
    source: str


@dataclass(frozen=True)
class Intake:
    """One submission, ready to be run and graded; where ``unreadable`` has a text, the rest is empty.

    ``cells`` are to be run in this order.  ``untouched`` names the exercises whose cell is still the
    stub, ``absent`` those without any cell.  ``notebook`` (a nbformat 4 NotebookNode without outputs,
    None when unreadable) is what nbgrader is given.  ``sha256`` is that of the file's bytes as they were
    handed in, "" where there was no file: a student's receipt names it; no grade depends on it.
    """

    cells: tuple[Cell, ...] = ()
    untouched: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    notebook: Any = field(default=None, compare=False)
    repairs: tuple[Repair, ...] = ()
    pictures: tuple[Picture, ...] = ()
    unreadable: str = ""
    sha256: str = field(default="", compare=False)


class Unreadable(Exception):
    """The submission cannot be read; the text is the sentence for the student."""
