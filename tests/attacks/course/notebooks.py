"""The toy course's notebooks, as plain JSON: as released, and as handed in.  Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.attacks.cases.case import (
    RIGHT_ONE_HOT,
    RIGHT_SPLIT,
    STUB_ONE_HOT,
    STUB_SPLIT,
    Case,
    Notebook,
)

IMPORTS = "import numpy as np\n"
EXAMPLES = {
    "one_hot": "np.testing.assert_array_equal(one_hot([0, 2, 1], 3), [[1, 0, 0], [0, 0, 1], [0, 1, 0]])\n",
    "split": """\
first, rest = split(["a", "b", "c"], 1)
assert list(first) == ["a"] and list(rest) == ["b", "c"]
""",
}
SLOTS = ("first", "one_hot", "middle", "split", "last")


def cell(name: str, source: str, **flags: object) -> dict[str, Any]:
    """A code cell with nbgrader's mark; without ``flags`` a student's own cell, with no mark."""
    made = {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": []}
    if flags:
        plain = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
        made["metadata"] = {"nbgrader": plain | {"grade_id": name, "cell_type": "code"} | flags}
    return made | {"source": source}


def notebook(sources: Mapping[str, str], *, tests: Mapping[str, Mapping[str, tuple[str, float]]]) -> Notebook:
    """A notebook with these cells; ``tests``: by function, name of a grade cell → its text and points."""
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Toy"},
        cell("imports", IMPORTS, locked=True),
    ]
    stubs = {"one_hot": STUB_ONE_HOT, "split": STUB_SPLIT}
    for slot in SLOTS:
        if slot in stubs:
            cells.append(cell(slot, sources.get(slot, stubs[slot]), solution=True))
            for name, (text, points) in tests[slot].items():
                cells.append(cell(name, text, grade=True, locked=True, points=points))
        elif sources.get(slot):
            cells.append(cell(f"own-{slot}", sources[slot]))
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


KIT_TESTS = {name: {f"{name}_checks": (text, 5.0)} for name, text in EXAMPLES.items()}
"""This kit's notebooks show the example; the points come from the hidden checks."""


def sources_of(case: Case, course: str, folder: str) -> dict[str, str]:
    """The texts of a case's cells, for a course and a student's folder that lie there."""
    texts = {slot: getattr(case, slot) for slot in SLOTS}
    for sign, place in (("@COURSE@", course), ("@FOLDER@", folder), ("@TMP@", "/tmp")):
        texts = {slot: text.replace(sign, place) for slot, text in texts.items()}
    return texts


ALICE = {"one_hot": RIGHT_ONE_HOT, "split": RIGHT_SPLIT}
ZOE = {"one_hot": RIGHT_ONE_HOT}
