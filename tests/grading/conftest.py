"""A toy course of two functions, complete from release to checks, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course, find_course

STUB = "def {name}(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
RIGHT = {"double": "def double(x):\n    return 2 * x\n", "triple": "def triple(x):\n    return 3 * x\n"}
CHECKS = '''
from autograder.checking import exercise, expect
from solutions import toy as reference


@exercise("double", weight=2)
def test_doubles(submission, rng):
    """`double(x)` is twice x."""
    x = int(rng.integers(10, 100))
    expect.equal(submission.double(x), reference.double(x), hint="Add x to itself.")


@exercise("double")
def test_doubles_zero(submission):
    """Twice zero is zero."""
    expect.equal(submission.double(0), 0, hint="Think of zero.")


@exercise("triple")
def test_triples(submission):
    """`triple(x)` is three times x."""
    expect.equal(submission.triple(5), reference.triple(5), hint="Three times.")
'''


def mark(name: str, **flags: object) -> dict[str, object]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": plain | {"grade_id": name, "cell_type": "code", "checksum": "0"} | flags}


def notebook(sources: dict[str, str]) -> nbformat.NotebookNode:
    cells = [new_markdown_cell("# Toy", id="title")]
    for name, points in (("double", 3), ("triple", 2)):
        source = sources.get(name, STUB.format(name=name))
        cells.append(new_code_cell(source, id=name, metadata=mark(name, solution=True)))
        flags = {"grade": True, "locked": True, "points": points}
        cells.append(
            new_code_cell(f"assert {name}(1)", id=f"{name}-c", metadata=mark(f"{name}_checks", **flags))
        )
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    config = 'c = get_config()\nc.Autograder.isolation = "process"\nc.Autograder.call_seconds = 2.0\n'
    # nobody here trains: without the seconds of importing TensorFlow
    config += 'c.Autograder.cell_seconds = 2.0\nc.Autograder.libraries = ["numpy"]\n'
    write(tmp_path / "nbgrader_config.py", config)
    write(tmp_path / "tests/hidden/test_toy.py", CHECKS)
    write(tmp_path / "solutions/toy.py", "\n\n".join(RIGHT.values()))
    write(tmp_path / "release/toy/toy.ipynb", json.dumps(notebook({})))
    write(tmp_path / "release/toy/numbers.txt", "1 2 3\n")
    return find_course(tmp_path)


@pytest.fixture
def hand_in(course: Course) -> Callable[..., Path]:
    """Write a student's notebook with these sources; gives its folder."""

    def hand_in(student: str, **sources: str) -> Path:
        folder = course.submitted / student / "toy"
        write(folder / "toy.ipynb", json.dumps(notebook(sources)))
        return folder

    return hand_in
