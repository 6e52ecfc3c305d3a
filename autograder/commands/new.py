"""Lays down the three files of a new assignment: a small exercise, proven already, to be written over."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import classroom
from autograder.commands import new_texts as texts
from autograder.commands.release import make_release
from autograder.course import Course
from autograder.errors import CourseError

POINTS = 4
CLASSROOM = ("environment.py", "hand_in.py", "visible_checks.py")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def new_assignment(course: Course, name: str) -> list[Path]:
    """Write source, checks and solutions of ``name``, make its release; returns what was written.

    Raises CourseError, and writes nothing, for a name that is no module's or that is taken already.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or "__" in name:
        raise CourseError(
            "an assignment's name is that of a Python file: small letters, digits and single "
            f"underscores, a letter first, such as ex7_attention (got {name!r})"
        )
    source = course.source / name
    checks, solutions = course.checks / f"test_{name}.py", course.solutions / f"{name}.py"
    for place in (source, course.release / name, checks, solutions):
        if place.exists():
            there = place.relative_to(course.root)
            raise CourseError(f"nothing is overwritten: {there} is there already (got {name})")
    contents = {
        source / f"{name}.ipynb": nbformat.writes(_notebook(name)) + "\n",
        **{source / file: _of_classroom(file) for file in CLASSROOM},
        checks: texts.CHECKS.replace("@NAME@", name),
        solutions: texts.SOLUTIONS.replace("@NAME@", name),
    }
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    make_release(course.root, [name])
    return [*contents, course.release / name]


def _of_classroom(file: str) -> str:
    """What students check themselves and hand in with; it lies beside every notebook."""
    return (Path(classroom.__file__).parent / file).read_text(encoding="utf-8")


def _notebook(name: str) -> NotebookNode:
    """The source notebook; cell ids are fixed, so that the same source gives the same release."""
    demo, look = {"tags": ["demo"]}, {"tags": ["demo", "raises-exception"]}
    checks: dict[str, Any] = {
        **_mark("majority_checks", grade=True, points=POINTS, locked=True),
        "tags": ["raises-exception"],
    }
    cells = [
        new_markdown_cell(texts.TITLE.replace("@NAME@", name), id="title"),
        new_code_cell(texts.ENVIRONMENT, id="environment", metadata=_mark("environment", locked=True)),
        new_markdown_cell(texts.EXPLAINED, id="majority-text"),
        new_code_cell(texts.ANSWER, id="majority", metadata=_mark("majority", solution=True)),
        new_code_cell(texts.VISIBLE, id="majority_checks", metadata=checks),
        new_code_cell(texts.LOOK, id="look", metadata=look),
        new_markdown_cell(texts.HAND_IN, id="hand-in-text"),
        new_code_cell(texts.HAND_IN_CELL, id="hand-in", metadata=demo),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata=metadata)


def _mark(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: int = 0
) -> dict[str, Any]:
    """nbgrader's metadata of a code cell."""
    mark: dict[str, Any] = {
        "cell_type": "code",
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": {**mark, "points": points} if grade else mark}
