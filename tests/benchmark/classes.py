"""A class of distinct hand-ins, made of the right and wrong answers that the solutions hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.assurance.variants import as_cell, notebook_with, variants, write_notebook
from autograder.course import Assignment, Course, find_assignment

WRONG_EVERY = 4
"""One answer in four is wrong, in another exercise with each student."""


def answers(assignment: Assignment, number: int) -> dict[str, str]:
    """What student ``number`` writes, by exercise: three right answers in four; student 0 the references."""
    found = {}
    for place, (name, (right, wrong)) in enumerate(_by_exercise(assignment).items()):
        turn = number // WRONG_EVERY
        is_wrong = number and wrong and (number + place) % WRONG_EVERY == WRONG_EVERY - 1
        cell = wrong[turn % len(wrong)] if is_wrong else right[number % len(right)]
        found[name] = f"{cell}# hand-in {number}\n"
    return found


def _by_exercise(assignment: Assignment) -> dict[str, tuple[list[str], list[str]]]:
    """By exercise the cells of its right and of its wrong answers."""
    found: dict[str, tuple[list[str], list[str]]] = {name: ([], []) for name in assignment.points}
    for variant in variants(assignment.solutions):
        cell = as_cell(assignment.solutions, variant)
        found[variant.function][variant.kind == "wrong"].append(cell)
    return found


def hand_ins(assignment: Assignment, count: int) -> Iterator[NotebookNode]:
    """The notebooks of students 0 to ``count`` - 1: as released, with their answers."""
    for number in range(count):
        yield notebook_with(assignment, answers(assignment, number))


def student(number: int) -> str:
    return f"student{number:03}"


def hand_in(notebook: NotebookNode, root: Path, number: int, name: str) -> Path:
    """Lay a notebook where a student's would lie."""
    path = root / "submitted" / student(number) / name / f"{name}.ipynb"
    write_notebook(notebook, path)
    return path


def spread(course: Course, names: list[str], count: int) -> Mapping[str, int]:
    """How many of ``count`` hand-ins each assignment gets, as evenly as can be."""
    every = [find_assignment(course, name).name for name in names]
    return {name: count // len(every) + (place < count % len(every)) for place, name in enumerate(every)}


def without_demo(notebook: NotebookNode) -> NotebookNode:
    """The notebook without the cells that the kit skips."""
    notebook.cells = [cell for cell in notebook.cells if "demo" not in cell.metadata.get("tags", ())]
    return notebook
