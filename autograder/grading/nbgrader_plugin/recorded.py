"""What is recorded of one submission: its autograded copy, and its rows in the gradebook; only read here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from autograder.course import Assignment
from autograder.grading import store
from autograder.grading.changes import Held, HeldGrade

MARK = "autograder"
"""The key in a notebook's metadata under which we remember what it was graded by."""
IN_NOTEBOOK = "in_notebook"
"""Below it: the key of the Report of a notebook that holds its own tests; feedback on it is nbgrader's."""


@dataclass(frozen=True)
class AutogradedCopy:
    """What the copy in autograded/ says of its grading; all of it is empty where there is none by the kit.

    ``report`` is the key of the Report, ``shown`` stands for all that staff see in the copy beside it.
    ``made_on`` holds, by exercise, the automatic points on which a person's points were given; ``texts``
    the student's text of each marked cell.
    """

    report: str = ""
    shown: str = ""
    made_on: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def autograded_copy(coursedir: CourseDirectory, assignment: str, student: str) -> AutogradedCopy:
    """The copy of one student's submission; an empty one where it is missing or damaged."""
    folder = coursedir.format_path(coursedir.autograded_directory, student, assignment)
    try:
        notebook = json.loads((Path(folder) / f"{assignment}.ipynb").read_text(encoding="utf-8"))
        mark = notebook["metadata"][MARK]
        return AutogradedCopy(
            report=str(mark["report"]),
            shown=str(mark.get("shown", "")),
            made_on={str(name): float(points) for name, points in mark.get("made_on", {}).items()},
            texts=texts_of(notebook),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return AutogradedCopy()


def texts_of(notebook: Mapping[str, Any]) -> dict[str, str]:
    """By grade_id: the text of each marked cell of a notebook of ours."""
    texts = {}
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name:
            source = cell["source"]  # on disk it is a list of lines
            texts[name] = source if isinstance(source, str) else "".join(source)
    return texts


def recorded_key(coursedir: CourseDirectory, assignment: str, student: str) -> str:
    """The key of the Report that an autograded copy was written from; "" when there is none."""
    return autograded_copy(coursedir, assignment, student).report


def written_from(coursedir: CourseDirectory, assignment: Assignment, student: str) -> str:
    """The key of the Report that all of a student's copies were written from; "" where there is none."""
    if not assignment.notebooks:
        return recorded_key(coursedir, assignment.name, student)
    folder = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment.name))
    keys = {_in_notebook_key(folder / f"{name}.ipynb") for name in assignment.notebooks}
    return keys.pop() if len(keys) == 1 else ""


def _in_notebook_key(file: Path) -> str:
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["metadata"][MARK][IN_NOTEBOOK])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def held_of(
    book: Gradebook, coursedir: CourseDirectory, state: Path, assignment: str, student: str
) -> Held | None:
    """What is recorded of a student; None where nothing is.  The Report comes from the store in ``state``."""
    try:
        notebook = book.find_submission_notebook(assignment, assignment, student)
    except MissingEntry:
        return None
    key = recorded_key(coursedir, assignment, student)
    report = store.get(state, key) if key else None
    penalty = float(notebook.late_submission_penalty or 0.0)
    return Held(
        key=key,
        report=None if report is None else report.of(student),
        grades={grade.name.removesuffix("_checks"): _held_grade(grade) for grade in notebook.grades},
        score=max(0.0, round(float(notebook.score) - penalty, 6)),
        penalty=penalty,
        comments={one.name: one.manual_comment for one in notebook.comments if one.manual_comment},
    )


def _held_grade(grade: Grade) -> HeldGrade:
    return HeldGrade(
        automatic=grade.auto_score,
        given=grade.manual_score,
        extra=grade.extra_credit or 0.0,
        flagged=bool(grade.needs_manual_grade),
    )
