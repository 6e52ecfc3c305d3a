"""What intake found in one submission; plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.report import Picture, Repair


@dataclass(frozen=True)
class Cell:
    """A code cell for the worker to run: its grade_id, or "cell 7" as the student counts, and its source."""

    name: str
    source: str


@dataclass(frozen=True)
class SheetCell(Cell):
    """A cell of a notebook with its tests in it; ``place`` counts the notebook's cells from 0.

    ``points`` is what the cell can give by its output; None where it is no test.
    """

    place: int = 0
    points: float | None = None


@dataclass(frozen=True)
class Sheet:
    """One notebook with its tests in it: its code cells in their order, or why it cannot be read."""

    notebook: str
    cells: tuple[SheetCell, ...] = ()
    unreadable: str = ""


@dataclass(frozen=True)
class Intake:
    """One submission, ready to be run and graded; where ``unreadable`` has a text, nothing can be run.

    ``cells`` are to be run in this order.  ``untouched`` names the exercises whose cell is still the
    stub, ``absent`` those without any cell.  ``notebook`` (a nbformat 4 NotebookNode without outputs,
    None when unreadable) is what nbgrader is given.  ``sha256`` is that of the file's bytes as they were
    handed in, "" where there was no file: a student's receipt names it; no grade depends on it.

    Where the tests sit in the notebooks there are ``sheets`` in place of ``cells``, ``notebooks`` by name in
    place of ``notebook``, and the files ``beside`` them, each with its hash: the tests may use them.
    """

    cells: tuple[Cell, ...] = ()
    untouched: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    notebook: Any = field(default=None, compare=False)
    repairs: tuple[Repair, ...] = ()
    pictures: tuple[Picture, ...] = ()
    unreadable: str = ""
    sha256: str = field(default="", compare=False)
    sheets: tuple[Sheet, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    notebooks: Mapping[str, Any] = field(default_factory=dict, compare=False)


class Unreadable(Exception):
    """The submission cannot be read; the text is the sentence for the student."""
