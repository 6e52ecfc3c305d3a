"""Asking a gradebook once for a whole notebook: the same entries as nbgrader's own methods give."""

from __future__ import annotations

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder.grading.nbgrader_plugin.connection import one_connection
from autograder.grading.nbgrader_plugin.lookups import asking_once

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

RELEASED = ("toy", "toy")
OF_ADA = ("toy", "toy", "ada")
PLACES = {
    "find_source_cell": RELEASED,
    "find_graded_cell": RELEASED,
    "find_grade": OF_ADA,
    "find_comment": OF_ADA,
}
CELLS = ("double", "double_checks", "halve", "halve_checks", "why_answer", "both", "none")


@pytest.fixture
def opened(toy):
    """A gradebook with two submissions, a task, and a task and a question that have one name."""
    with Gradebook(f"sqlite:///{toy.root / 'gradebook.db'}") as book:
        book.add_task_cell("task", *RELEASED, max_score=2, cell_type="markdown")
        book.add_task_cell("both", *RELEASED, max_score=2, cell_type="markdown")
        book.add_grade_cell("both", *RELEASED, max_score=1, cell_type="markdown")
        book.add_solution_cell("both", *RELEASED)
        for student in ("ada", "bob"):
            book.add_student(student)
            book.add_submission("toy", student)
        yield book


def answer(ask, *where):
    try:
        return ask(*where)
    except MissingEntry as error:
        return str(error)


@pytest.mark.parametrize("name", PLACES)
def test_every_cell_is_answered_as_by_nbgrader(opened, name):
    ours = asking_once()[name]
    for cell in (*CELLS, "task"):
        theirs = answer(getattr(opened, name), cell, *PLACES[name])
        assert answer(ours, opened, cell, *PLACES[name]) == theirs


def test_the_cells_of_a_notebook_take_one_query(opened, monkeypatch):
    asked = []
    query = opened.db.query
    monkeypatch.setattr(opened.db, "query", lambda *what: asked.append(what) or query(*what))
    grade = asking_once()["find_grade"]
    for cell in ("double_checks", "halve_checks", "why_answer"):
        assert grade(opened, cell, *OF_ADA).name == cell
    assert len(asked) == 1


def test_another_student_is_asked_for_anew(opened):
    grade = asking_once()["find_grade"]
    ada, bob = (grade(opened, "double_checks", *RELEASED, student) for student in ("ada", "bob"))
    assert (ada.student.id, bob.student.id) == ("ada", "bob")


def test_nbgraders_methods_are_back_after_a_run():
    before = {name: getattr(Gradebook, name) for name in ("__init__", *PLACES)}
    with one_connection():
        assert all(getattr(Gradebook, name) is not method for name, method in before.items())
    assert all(getattr(Gradebook, name) is method for name, method in before.items())
