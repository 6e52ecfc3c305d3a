"""A small released assignment, and the ways in which a student's copy of it changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Assignment
from autograder.grading.intake import Intake, read_submission

STUB = (
    'def {name}(x):\n    """Say what {name} says."""\n    # YOUR CODE HERE\n    raise NotImplementedError()\n'
)
SETUP = "import numpy as np\n"
DEMO = "ids = double([1, 2])\nprint(ids)\n"


def cell(kind: str, source: str, **metadata: Any) -> dict[str, Any]:
    made = {"cell_type": kind, "metadata": metadata, "source": source}
    return made | {"execution_count": None, "outputs": []} if kind == "code" else made


def marked(kind: str, source: str, grade_id: str, **flags: Any) -> dict[str, Any]:
    mark = {"grade": False, "solution": False, "locked": False, "schema_version": 3, "task": False}
    mark |= {"grade_id": grade_id, "cell_type": kind, "checksum": "0"} | flags
    return cell(kind, source, nbgrader=mark)


def release_cells() -> list[dict[str, Any]]:
    return [
        cell("markdown", "# Toy"),
        marked("code", SETUP, "setup", locked=True),
        marked("code", STUB.format(name="double"), "double", solution=True),
        marked("code", "assert double(1) == 2", "double_checks", grade=True, locked=True, points=3),
        cell("code", DEMO, tags=["demo"]),
        marked("code", STUB.format(name="triple"), "triple", solution=True),
        marked("code", "assert triple(1) == 3", "triple_checks", grade=True, locked=True, points=2),
        cell("markdown", "How large is it?"),
        marked("markdown", "YOUR ANSWER HERE", "size_answer", grade=True, solution=True, points=1),
    ]


def with_ids(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**c, "id": f"cell-{n}"} for n, c in enumerate(cells)]


def notebook(cells: list[dict[str, Any]], **metadata: Any) -> dict[str, Any]:
    metadata = metadata or {
        "kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}
    }
    return {"cells": with_ids(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _release(folder: Path) -> Assignment:
    """The toy assignment, released below ``folder``."""
    release = folder / "release" / "toy"
    release.mkdir(parents=True)
    (release / "toy.ipynb").write_text(json.dumps(notebook(release_cells())), encoding="utf-8")
    return Assignment(
        name="toy",
        source=folder / "source" / "toy" / "toy.ipynb",
        release=release,
        checks=folder / "tests" / "hidden" / "test_toy.py",
        solutions=folder / "solutions" / "toy.py",
        points={"double": 3.0, "triple": 2.0},
        manual={"size_answer": 1.0},
    )


@dataclass(frozen=True)
class Toy:
    """The toy assignment below a folder of its own, and hands that fill in copies of its notebook."""

    folder: Path
    assignment: Assignment
    cell = staticmethod(cell)
    marked = staticmethod(marked)
    release_cells = staticmethod(release_cells)
    notebook = staticmethod(notebook)

    def solved(self, **sources: str) -> list[dict[str, Any]]:
        """The release's cells with the sources of some of them replaced, by grade_id."""
        cells = release_cells()
        for each in cells:
            name = each["metadata"].get("nbgrader", {}).get("grade_id")
            if name in sources:
                each["source"] = sources[name]
        return cells

    def without_marks(self, cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What an editor leaves that drops the metadata of cells."""
        return [{**each, "metadata": {}} for each in cells]

    def read(self, cells: list[dict[str, Any]], **metadata: Any) -> Intake:
        """Hand in a notebook of these cells and read it."""
        self.write(json.dumps(notebook(cells, **metadata)).encode())
        return read_submission(self.submitted, self.assignment)

    def write(self, content: bytes, name: str = "toy.ipynb") -> None:
        self.submitted.mkdir(parents=True, exist_ok=True)
        (self.submitted / name).write_bytes(content)

    @property
    def submitted(self) -> Path:
        return self.folder / "submitted" / "ada" / "toy"


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path, _release(tmp_path))
