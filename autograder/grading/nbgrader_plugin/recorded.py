"""What is recorded of one submission: its autograded copy, and its rows in the gradebook; only read here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.course import Assignment
from autograder.grading import store
from autograder.grading.changes import Held, HeldGrade
from autograder.grading.overrides import Override, wanting_a_look

MARK = "autograder"
"""The key in a notebook's metadata under which we remember what it was graded by."""
IN_NOTEBOOK = "in_notebook"
"""Below it: the key of the Report of a notebook that holds its own tests; feedback on it is nbgrader's."""


@dataclass(frozen=True)
class AutogradedCopy:
    """What the copy in autograded/ says of its grading; all of it is empty where there is none by the kit.

    ``report`` is the key of the Report, ``sha256`` that of the notebook as it was handed in; ``shown`` stands
    for all that staff see in the copy beside it.
    ``made_on`` holds, by exercise, the automatic points on which a person's points were given; ``texts``
    the student's text of each marked cell.
    """

    report: str = ""
    sha256: str = ""
    shown: str = ""
    made_on: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def autograded_copy(coursedir: CourseDirectory, assignment: str, student: str) -> AutogradedCopy:
    """The copy of one student's submission; an empty one where it is missing or damaged."""
    folder = coursedir.format_path(coursedir.autograded_directory, student, assignment)
    try:
        notebook = json.loads((Path(folder) / f"{assignment}.ipynb").read_text(encoding="utf-8"))
        return copy_in(notebook)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return AutogradedCopy()


def copy_in(notebook: Mapping[str, Any]) -> AutogradedCopy:
    """What this copy says.  Raises KeyError, TypeError, ValueError or AttributeError where it is not ours."""
    mark = notebook["metadata"][MARK]
    return AutogradedCopy(
        report=str(mark["report"]),
        sha256=str(mark.get("sha256", "")),
        shown=str(mark.get("shown", "")),
        made_on={str(name): float(points) for name, points in mark.get("made_on", {}).items()},
        texts=texts_of(notebook),
    )


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


def held(book: Gradebook, assignment: str) -> dict[str, Held]:
    """By student, what the gradebook holds of an assignment; two questions for the whole class."""
    rows = (
        _of_notebooks(book, assignment, api.Grade)
        .with_entities(
            api.SubmittedAssignment.student_id,
            api.SubmittedAssignment.timestamp,
            api.SubmittedNotebook.late_submission_penalty,
            api.BaseCell.name,
            api.Grade.auto_score,
            api.Grade.manual_score,
            api.Grade.extra_credit,
            api.Grade.needs_manual_grade,
        )
        .all()
    )
    comments = _of_notebooks(book, assignment, api.Comment).with_entities(
        api.SubmittedAssignment.student_id, api.BaseCell.name, api.Comment.manual_comment
    )
    written: dict[str, dict[str, str]] = {}
    for student, cell, text in comments:
        if text:
            written.setdefault(student, {})[cell] = text
    grades: dict[str, dict[str, HeldGrade]] = {}
    handed_in: dict[str, tuple[datetime | None, float]] = {}
    for student, timestamp, penalty, cell, automatic, given, extra, flagged in rows:
        grade = HeldGrade(automatic, given, extra or 0.0, bool(flagged))
        grades.setdefault(student, {})[cell.removesuffix("_checks")] = grade
        handed_in[student] = timestamp, float(penalty or 0.0)
    return {
        student: Held(found, handed_in[student][1], handed_in[student][0], written.get(student, {}))
        for student, found in grades.items()
    }


def _of_notebooks(book: Gradebook, assignment: str, kind: Any) -> Any:
    """A question about what belongs to the cells of every submission: grades, or comments."""
    return (
        book.db.query(kind)
        .join(api.SubmittedNotebook, kind.notebook_id == api.SubmittedNotebook.id)
        .join(api.Notebook, api.SubmittedNotebook.notebook_id == api.Notebook.id)
        .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
        .join(api.BaseCell, kind.cell_id == api.BaseCell.id)
        .filter(api.Assignment.name == assignment, api.Notebook.name == assignment)
    )


def with_report(one: Held, coursedir: CourseDirectory, state: Path, assignment: str, student: str) -> Held:
    """The same, with the Report that it was written from, where the store still has it."""
    key = recorded_key(coursedir, assignment, student)
    report = store.get(state, key) if key else None
    return one if report is None else replace(one, report=report.of(student))


def looks_wanted(
    coursedir: CourseDirectory, found: Mapping[str, Held], assignment: Assignment, students: Iterable[str]
) -> dict[str, tuple[Override, ...]]:
    """By student: points by hand that somebody should look at again."""
    wanted = {}
    for student in students:
        made_on = autograded_copy(coursedir, assignment.name, student).made_on
        looks = wanting_a_look(found[student], made_on, assignment.points) if student in found else ()
        if looks:
            wanted[student] = looks
    return wanted
