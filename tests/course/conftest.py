"""The course as it is committed: where its files lie, and its notebooks as plain JSON."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAME = "ex2_one_hot"


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def source():
    return _cells(ROOT / "source" / NAME / f"{NAME}.ipynb")


@pytest.fixture(scope="session")
def release():
    return _cells(ROOT / "release" / NAME / f"{NAME}.ipynb")


def _cells(path):
    """The cells by id, in order, each with its source as one text."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in cells}
