"""This kit on the same cases, by the same measure: one class of all of them, at the best level there is."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.attacks.cases.case import Case
from tests.attacks.classroom import faults, grade_class


def try_all(cases: Sequence[Case]) -> dict[str, list[str]]:
    """By case what was not as it should be."""
    with tempfile.TemporaryDirectory(prefix="kit-") as name:
        graded = grade_class(Path(name), "sandbox", cases, jobs=2)
        return {case.name: faults(case, graded) for case in cases}
