"""Answers are read from a solutions file and become cells of their own."""

import nbformat
import pytest

from autograder.assurance.variants import (
    Variant,
    as_cell,
    notebook_with,
    reference_cells,
    solved_notebook,
    variants,
)
from autograder.errors import CourseError


def run(source):
    names = {}
    exec(compile(source, "cell", "exec"), names)
    return names


def named(toy, symbol):
    return next(variant for variant in variants(toy.solutions) if variant.symbol == symbol)


def test_every_answer_is_found_with_its_kind_and_helpers_are_none(toy):
    found = [(v.function, v.kind, v.name) for v in variants(toy.solutions)]
    assert found == [
        ("double", "reference", "reference"),
        ("double", "right", "sum"),
        ("double", "wrong", "square"),
        ("double", "wrong", "changed_reference"),
        ("triple", "reference", "reference"),
        ("triple", "right", "recursive"),
        ("triple", "wrong", "power"),
        ("triple", "wrong", "nothing"),
    ]


def test_the_docstring_says_what_is_particular(toy):
    assert named(toy, "double__wrong_square").doc == "Squares, which looks right for 2."


def test_a_cell_holds_what_its_answer_needs_and_nothing_more(toy):
    cell = as_cell(toy.solutions, named(toy, "double__right_sum"))
    assert "from functools import reduce" in cell
    assert "math" not in cell
    assert "BASE" not in cell
    assert run(cell)["double"](4) == 8


def test_a_cell_may_need_the_reference_whose_name_it_takes(toy):
    cell = as_cell(toy.solutions, named(toy, "double__wrong_changed_reference"))
    assert run(cell)["double"](4) == 9
    assert "# double is also a word here" in cell


def test_a_recursive_answer_calls_itself_by_its_new_name(toy):
    cell = as_cell(toy.solutions, named(toy, "triple__right_recursive"))
    assert run(cell)["triple"](4) == 12
    assert "__right_" not in cell


def test_a_cell_does_not_say_what_is_wrong_with_it(toy):
    cell = as_cell(toy.solutions, named(toy, "triple__wrong_nothing"))
    assert cell == "def triple(x):\n    pass\n"


def test_every_reference_becomes_a_cell(toy):
    assert [cell.name for cell in reference_cells(toy.solutions)] == ["double", "triple"]


def test_a_filled_notebook_leaves_the_other_stubs(toy):
    notebook = notebook_with(toy.assignment, {"triple": "def triple(x):\n    return 0\n"})
    assert "NotImplementedError" in notebook.cells[1].source
    assert notebook.cells[3].source == "def triple(x):\n    return 0\n"
    nbformat.validate(notebook)


def test_an_exercise_without_a_cell_is_refused(toy):
    with pytest.raises(CourseError, match=r"no cell for this exercise \(got quadruple\)"):
        notebook_with(toy.assignment, {"quadruple": ""})


def test_the_solved_notebook_is_the_source(toy):
    assert "return x + x" in solved_notebook(toy.assignment).cells[1].source


def test_a_missing_answer_is_refused(toy):
    with pytest.raises(CourseError, match=r"no such function \(got double__wrong_x\)"):
        as_cell(toy.solutions, Variant("double", "wrong", "x", ""))


def test_a_file_of_solutions_that_is_no_python_is_refused(toy):
    toy.solutions.write_text("def f(:\n")
    with pytest.raises(CourseError, match=r"toy\.py is no Python"):
        variants(toy.solutions)
