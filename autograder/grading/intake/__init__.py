"""Intake: from whatever a student handed in to cells that can be run and a notebook that can be graded."""

from pathlib import Path

from autograder.course import Assignment
from autograder.grading.intake.result import Cell, Intake

__all__ = ["Cell", "Intake", "read_submission"]


def read_submission(path: Path, assignment: Assignment) -> Intake:
    """What a student handed in, made ready; see ``intake.reading`` and ``intake.sheets``.

    Imported at the first call: nbformat costs a second, and a judge process never reads a notebook.
    """
    if assignment.notebooks:
        from autograder.grading.intake.sheets import read_sheets

        return read_sheets(path, assignment)
    from autograder.grading.intake.reading import read_submission

    return read_submission(path, assignment)
