"""A small class that handed in the small assignment, and what its gradebook holds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat.v4 import new_output

from autograder.assurance.variants import notebook_with
from autograder.course import find_assignment, find_course
from tests.journeys.courses import SMALL

RIGHT = """\
def majority(labels):
    if not labels:
        raise ValueError("no labels")
    return min(set(labels), key=lambda label: (-labels.count(label), label))"""
LARGER_ON_A_TIE = """\
def majority(labels):
    if not labels:
        raise ValueError("no labels")
    return max(set(labels), key=lambda label: (labels.count(label), label))"""
TRICK = """\
One label is right most often.

<img src="nowhere" onerror="window.caught = true"> <script>window.caught = true</script>

[a link](javascript:window.caught=true)"""
CLASS: Mapping[str, Mapping[str, str]] = {
    "ada": {"majority": RIGHT, "why_answer": "It is what learning nothing gives."},
    "bob": {"majority": LARGER_ON_A_TIE, "why_answer": TRICK},
    "zoe": {},
}
SAVED = "4 is what I counted"
"""What bob's notebook shows below his answer, beside HTML that could act."""
POINTS = {"ada": 4.0, "bob": 3.0, "zoe": 0.0}
"""The automatic points by design: two checks count 1, one counts 2, of 4."""


def hand_in(root: Path) -> None:
    """Put the class's notebooks into ``submitted/``."""
    assignment = find_assignment(find_course(root), SMALL)
    for student, answers in CLASS.items():
        folder = root / "submitted" / student / SMALL
        shutil.copytree(root / "release" / SMALL, folder)
        notebook = notebook_with(assignment, answers)
        if student == "bob":
            (cell,) = (cell for cell in notebook.cells if cell.id == "majority")
            page = {"text/html": "<script>window.caught = true</script>"}
            cell.outputs = [new_output("stream", text=f"{SAVED}\n"), new_output("display_data", page)]
        nbformat.write(notebook, folder / f"{SMALL}.ipynb")


def grades(root: Path) -> list[tuple]:
    """Student, cell, points by the checks, points by a person, and whether a person has to look."""
    book = sqlite3.connect(root / "gradebook.db")
    try:
        return book.execute(
            """
            SELECT sa.student_id, bc.name, g.auto_score, g.manual_score, g.needs_manual_grade
            FROM grade g JOIN base_cell bc ON bc.id = g.cell_id
            JOIN submitted_notebook sn ON sn.id = g.notebook_id
            JOIN submitted_assignment sa ON sa.id = sn.assignment_id
            ORDER BY 1, 2
            """
        ).fetchall()
    finally:
        book.close()


def automatic(root: Path) -> dict[str, float]:
    return {student: auto for student, cell, auto, *_ in grades(root) if cell == "majority_checks"}
