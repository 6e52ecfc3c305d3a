"""What nbgrader asks its gradebook cell by cell, asked once for all cells of a notebook.

For each marked cell of a submission nbgrader looks up the released cell, its points, the grade and the
comment, each in a query of its own over up to seven tables: twenty to fifty queries, where four tell all.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
)

Find = Callable[..., Any]


def asking_once() -> dict[str, Find]:
    """By name, methods to put in the place of Gradebook's: each looks up a whole notebook at its first call.

    They belong to one opened Gradebook.  The grades and comments are locked until its transaction ends, so a
    person who enters one meanwhile waits for that moment, as in SQLite every writer does.  What they do not
    know for sure, such as a cell that is not there, they leave to the method that they replace.
    """
    rows = {
        Gradebook.find_source_cell: functools.partial(_released, SourceCell),
        Gradebook.find_graded_cell: functools.partial(_released, GradeCell),
        Gradebook.find_grade: functools.partial(_submitted, Grade),
        Gradebook.find_comment: functools.partial(_submitted, Comment),
    }
    return {find.__name__: _asking_once(find, named) for find, named in rows.items()}


def _asking_once(find: Find, named: Callable[..., list[tuple[str, Any]]]) -> Find:
    @functools.wraps(find)
    def found(gradebook: Any, cell: str, *place: str, **by_name: Any) -> Any:
        if by_name:
            return find(gradebook, cell, *place, **by_name)
        known = vars(gradebook).setdefault("_asked_once", {})
        key = (find.__name__, *place)
        if key not in known:
            known[key] = _unambiguous(named(gradebook.db, *place))
        return known[key][cell] if cell in known[key] else find(gradebook, cell, *place)

    return found


def _released(kind: Any, db: Any, notebook: str, assignment: str) -> list[tuple[str, Any]]:
    """The cells of a released notebook, each with its name."""
    query = (
        db.query(kind)
        .join(Notebook, Notebook.id == kind.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .filter(Notebook.name == notebook, Assignment.name == assignment)
    )
    return [(cell.name, cell) for cell in query]


def _submitted(kind: Any, db: Any, notebook: str, assignment: str, student: str) -> list[tuple[str, Any]]:
    """The grades or the comments of a submitted notebook, each with the name of its cell."""
    query = (
        db.query(BaseCell.name, kind)
        .join(kind, BaseCell.id == kind.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(
            Notebook.name == notebook,
            Assignment.name == assignment,
            SubmittedAssignment.student_id == student,
        )
        .with_for_update(of=kind)  # SQLite has no such lock and needs none
    )
    return [(name, entry) for name, entry in query]


def _unambiguous(named: list[tuple[str, Any]]) -> dict[str, Any]:
    """By name, what only one cell is called; nbgrader has its own rule for a task and a cell of one name."""
    times = Counter(name for name, _ in named)
    return {name: entry for name, entry in named if times[name] == 1}
