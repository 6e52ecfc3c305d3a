"""Assignments whose tests sit in their notebooks, as nbgrader's database knows them, and their copies.

``nbgrader generate_assignment`` has put the tests there; hidden ones are in no other place that grading sees.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry, Notebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_solution
from traitlets.config import Config

from autograder.course import Assignment, Course, find_assignment, in_notebook_names
from autograder.errors import CourseError
from autograder.grading.nbgrader_plugin import gradebook, lines, mirror
from autograder.grading.nbgrader_plugin.graded import Graded
from autograder.grading.nbgrader_plugin.recorded import IN_NOTEBOOK, MARK, written_from
from autograder.grading.nbgrader_plugin.verdicts import points_of, score_output


def assignment_called(course: Course, coursedir: CourseDirectory, config: Config, name: str) -> Assignment:
    """The assignment of this name, with its hidden checks or with its tests in its notebooks.

    Raises CourseError when there is none, or when nbgrader has not generated it yet.
    """
    if name not in in_notebook_names(course):
        return find_assignment(course, name)
    if gradebook.is_there(coursedir):
        with gradebook.opened(coursedir) as book:
            try:
                notebooks = list(book.find_assignment(name).notebooks)
            except MissingEntry:
                notebooks = []
            if notebooks:
                return _assignment(course, config, name, notebooks)
    raise CourseError(
        f"nbgrader does not know the tests of this assignment yet: run nbgrader generate_assignment {name} "
        f"(got {name})"
    )


def _assignment(course: Course, config: Config, name: str, notebooks: list[Notebook]) -> Assignment:
    points: dict[str, float] = {}
    manual: dict[str, float] = {}
    for notebook in notebooks:
        _must_be_python(course, name, notebook)
        answers = {cell.name for cell in notebook.solution_cells}
        for cell in notebook.grade_cells:
            by_output = cell.cell_type == "code" and cell.name not in answers
            (points if by_output else manual)[f"{notebook.name}/{cell.name}"] = float(cell.max_score)
        manual |= {f"{notebook.name}/{cell.name}": float(cell.max_score) for cell in notebook.task_cells}
    pattern = config.get("IgnorePattern", {})
    nowhere = course.checks / f"test_{name}.py"
    return Assignment(
        name=name,
        source=course.source / name,
        release=course.release / name,
        checks=nowhere,
        solutions=course.solutions / f"{name}.py",
        points=points,
        manual=manual,
        notebooks=tuple(sorted(notebook.name for notebook in notebooks)),
        locked={
            notebook.name: {cell.name: cell.source for cell in notebook.source_cells if cell.locked}
            for notebook in notebooks
        },
        ignored_stderr=str(pattern.get("pattern", "")) if pattern.get("enabled") else "",
    )


def _must_be_python(course: Course, assignment: str, notebook: Notebook) -> None:
    spec = json.loads(notebook.kernelspec) if notebook.kernelspec else {}
    language = str(spec.get("language") or spec.get("name") or "python")
    if not language.lower().startswith(("python", "ipython", "conda")):
        raise CourseError(
            f"only notebooks in Python can be run (got {assignment}/{notebook.name}: {language})"
        )
    if not (course.release / assignment / f"{notebook.name}.ipynb").is_file():
        raise CourseError(
            f"release/{assignment}/{notebook.name}.ipynb is missing: run nbgrader generate_assignment "
            f"{assignment} (got {assignment})"
        )


def notebooks_of(item: Graded) -> dict[str, NotebookNode]:
    """The notebooks of one submission for nbgrader; in place of an unreadable one stands its reason."""
    reasons = {sheet.notebook: sheet.unreadable for sheet in item.intake.sheets}
    return {
        name: item.intake.notebooks.get(name)
        or mirror.in_place_of_unreadable(replace(item.assignment, name=name), reasons.get(name, ""))
        for name in item.assignment.notebooks
    }


def is_recorded(book: Gradebook, coursedir: CourseDirectory, item: Graded, time: datetime | None) -> bool:
    """Whether the copies carry this Report's key, and the gradebook its scores and the time of handing in."""
    if written_from(coursedir, item.assignment, item.student) != item.key:
        return False
    try:
        submission = book.find_submission(item.assignment.name, item.student)
    except MissingEntry:
        return False
    scores = {
        f"{one.name}/{grade.name}": grade.auto_score for one in submission.notebooks for grade in one.grades
    }
    return (time is None or submission.timestamp == time) and all(
        scores.get(name) == points_of(item.report, name) for name in item.report.exercises
    )


def write(nb: NotebookNode, item: Graded, notebook: str) -> None:
    """Give each test cell its one number and what happened; the other cells what they showed when run."""
    shown = {one.cell: one.outputs for one in item.report.shown}
    for place, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        ran = lines.under_students_cell(shown.get(f"{notebook}/{place}", ()), "", lines.RAN)
        if is_grade(cell) and not is_solution(cell):
            name = f"{notebook}/{cell.metadata.nbgrader['grade_id']}"
            told = lines.under_grade_cell(item.report, name)
            cell.outputs = [score_output(item.report, name), told, *ran]
        else:
            cell.outputs = ran
    nb.metadata[MARK] = {IN_NOTEBOOK: item.key}
