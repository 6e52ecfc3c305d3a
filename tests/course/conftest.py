"""The course as it is committed: where its files lie, and its notebooks as plain JSON."""

import filecmp
import json
import shutil
from pathlib import Path

import pytest

from autograder.commands.release import make_release

ROOT = Path(__file__).parents[2]
NAME = "ex2_one_hot"
ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("source/*/*.ipynb"))
WITH_EVERY_NOTEBOOK = [
    "START-HERE.txt",
    "assignment.json",
    "environment.py",
    "hand_in.py",
    "visible_checks.py",
]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def source():
    return _cells(ROOT / "source" / NAME / f"{NAME}.ipynb")


@pytest.fixture(scope="session")
def release():
    return _cells(ROOT / "release" / NAME / f"{NAME}.ipynb")


@pytest.fixture(scope="session")
def made_again(tmp_path_factory):
    """The release folder of a copy of the course, all assignments made anew."""
    course = tmp_path_factory.mktemp("course")
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, course)
    for name in ("source", "requirements"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    make_release(course, ASSIGNMENTS)
    assert not (course / "gradebook.db").exists()
    return course / "release"


@pytest.fixture
def fresh_release(made_again):
    """An assignment's released files: their names (those that every one has left out), and all their text.

    Fails for a release that is not what its source gives today.
    """

    def files_of(assignment):
        made, committed = made_again / assignment, ROOT / "release" / assignment
        names = sorted(path.name for path in committed.iterdir() if path.name != "__pycache__")
        assert names == sorted(path.name for path in made.iterdir())
        assert filecmp.cmpfiles(made, committed, names, shallow=False) == (names, [], [])
        assert set(WITH_EVERY_NOTEBOOK) <= set(names)
        texts = [(committed / name).read_text(encoding="utf-8") for name in names if not name.endswith(".gz")]
        return [name for name in names if name not in WITH_EVERY_NOTEBOOK], "\n".join(texts)

    return files_of


def _cells(path):
    """The cells by id, in order, each with its source as one text."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in cells}
