"""What a student wrote: the cells of a submission without what was handed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Assignment
from autograder.grading.intake import code, read_submission

OTHERS = "other cells"
"""The name of every cell that was not handed out for an answer: helpers, and what the student tried."""


@dataclass(frozen=True)
class OwnCell:
    """One cell: the grade_id of its exercise or ``OTHERS``, and the student's text."""

    name: str
    source: str


@dataclass(frozen=True)
class Work:
    """What one student wrote; where ``unreadable`` has a text there is nothing to compare."""

    student: str
    cells: tuple[OwnCell, ...] = ()
    unreadable: str = ""


def own_work(student: str, path: Path, assignment: Assignment) -> Work:
    """The student's own code cells; untouched starters, locked cells and released texts are left out.

    Intake finds the answers, by grade_id or by the function that a cell defines, as it does for grading.
    """
    intake = read_submission(path, assignment)
    if intake.unreadable:
        return Work(student, unreadable=intake.unreadable)
    released = released_cells(assignment)
    found = []
    for cell in intake.notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        locked = mark and not mark.get("solution")
        if cell.cell_type != "code" or locked or not cell.source.strip():
            continue
        if not any(code.same_code(cell.source, text) for text in released):
            found.append(OwnCell(mark.get("grade_id", OTHERS), cell.source))
    return Work(student, tuple(found))


def released_files(assignment: Assignment) -> Sequence[str]:
    """The texts of the code files beside the notebook, which every student receives too."""
    files = sorted(assignment.release.glob("*.py"))
    return [file.read_text(encoding="utf-8", errors="replace") for file in files]


def released_cells(assignment: Assignment) -> Sequence[str]:
    """The texts of the code cells that every student receives, the starters among them."""
    import nbformat  # here: it costs a second, and who compares texts needs none of it

    notebook = nbformat.read(assignment.notebook, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
