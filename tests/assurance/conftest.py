"""A course with one small assignment, complete enough to be graded and proven."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Assignment, Course, find_assignment, find_course

CONFIG = """c = get_config()
c.Autograder.isolation = "process"
c.Autograder.libraries = ["numpy"]  # no check here trains a model, and TensorFlow takes seconds to load
c.CourseDirectory.course_id = "toy"
"""

STUB = 'def {name}(x):\n    """Say what {name} says."""\n    raise NotImplementedError()\n'

SOLUTIONS = '''"""Answers to the toy."""

import math
from functools import reduce

BASE = 1


def double(x):
    """Twice x."""
    return 2 * x


def double__right_sum(x):
    """Adds."""
    return _total([x, x])


def _total(values):
    return reduce(lambda a, b: a + b, values)


def double__wrong_square(x):
    """Squares, which looks right for 2."""
    return x * x


def double__wrong_changed_reference(x):
    """Calls the reference and adds one."""
    # double is also a word here
    return double(x) + BASE


def triple(x):
    return 3 * x


def triple__right_recursive(x):
    return 0 if x == 0 else 3 + triple__right_recursive(x - 1)


def triple__wrong_power(x):
    return int(math.pow(x, 3))


def triple__wrong_nothing(x):  # noqa: ARG001 - that is the mistake
    """Forgets to return."""
'''

CHECKS = '''"""Checks of the toy."""

from autograder.checking import exercise, expect


@exercise("double")
def test_doubles(submission):
    """`double(x)` is twice x."""
    expect.equal(submission.double(5), 10, hint="What is five and five?")


@exercise("double", weight=2)
def test_doubles_zero(submission):
    """`double(0)` is 0."""
    expect.equal(submission.double(0), 0, hint="Nothing twice is nothing.")


@exercise("triple")
def test_triples(submission):
    """`triple(x)` is three times x."""
    expect.equal(submission.triple(5), 15, hint="What is five and five and five?")
'''


def _cell(kind: str, source: str, grade_id: str = "", **flags: Any) -> dict[str, Any]:
    mark = {"grade": False, "solution": False, "locked": False, "schema_version": 3, "task": False} | flags
    metadata = {"nbgrader": {**mark, "grade_id": grade_id, "checksum": "0"}} if grade_id else {}
    cell: dict[str, Any] = {"cell_type": kind, "metadata": metadata, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _notebook(double: str, triple: str) -> dict[str, Any]:
    cells = [
        _cell("markdown", "# Toy"),
        _cell("code", double, "double", solution=True),
        _cell("code", "print(double(1))", "double_checks", grade=True, locked=True, points=3),
        _cell("code", triple, "triple", solution=True),
        _cell("code", "print(triple(1))", "triple_checks", grade=True, locked=True, points=2),
    ]
    cells = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@dataclass(frozen=True)
class Toy:
    """A course folder with the assignment ``toy``; its files may be rewritten before it is used."""

    root: Path

    @property
    def course(self) -> Course:
        return find_course(self.root)

    @property
    def assignment(self) -> Assignment:
        return find_assignment(self.course, "toy")

    @property
    def checks(self) -> Path:
        return self.root / "tests" / "hidden" / "test_toy.py"

    @property
    def solutions(self) -> Path:
        return self.root / "solutions" / "toy.py"

    def change(self, file: Path, old: str, new: str) -> None:
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    toy = Toy(tmp_path)
    stubs = _notebook(STUB.format(name="double"), STUB.format(name="triple"))
    solved = _notebook("def double(x):\n    return x + x\n", "def triple(x):\n    return x + x + x\n")
    for folder, notebook in (("release", stubs), ("source", solved)):
        (tmp_path / folder / "toy").mkdir(parents=True)
        (tmp_path / folder / "toy" / "toy.ipynb").write_text(json.dumps(notebook))
    for file, text in ((toy.checks, CHECKS), (toy.solutions, SOLUTIONS)):
        file.parent.mkdir(parents=True)
        file.write_text(text)
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    return toy
