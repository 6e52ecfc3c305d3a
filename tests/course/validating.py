"""nbgrader's Validate on every notebook of the course, untouched, solved and wrong: slow evidence, by itself.

Run as ``python -m tests.course.validating [assignment…]`` (``make validate``).  Validate must name exactly
the check cells that say, in the notebook, that something does not pass; nothing but a visible check decides.
A cell has nbgrader's 30 seconds; SECONDS=120 allows more where the machine is busy with other things.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbgrader.validator import Validator
from traitlets.config import Config

from autograder.assurance.variants import as_cell, notebook_with, variants
from autograder.course import find_assignment, find_course

ROOT = Path(__file__).parents[2]
COUNTED = re.compile(r"^visible checks (\d+)/(\d+) — hidden checks run at grading$", re.MULTILINE)


class Validated(Validator):
    """nbgrader's Validator, which keeps the notebook that it ran."""

    def _preprocess(self, nb):
        self.ran = super()._preprocess(nb)
        return self.ran


def answers(assignment, kind):
    """The notebook with the first answer of a kind to each exercise; a stub where there is none."""
    found = {}
    for variant in variants(assignment.solution_files):
        if variant.kind == kind and variant.function in assignment.points:
            found.setdefault(variant.function, as_cell(assignment.solution_files, variant))
    return notebook_with(assignment, found)


def validated(assignment, notebook):
    """By exercise, whether Validate passes it, and whether the visible checks in the same run do."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(assignment.release, Path(scratch) / assignment.name))
        path = folder / f"{assignment.name}.ipynb"
        nbformat.write(notebook, path)
        seconds = int(os.environ.get("SECONDS", "30"))
        validator = Validated(config=Config({"Execute": {"timeout": seconds, "iopub_timeout": seconds}}))
        results = validator.validate(str(path))
        assert not list(folder.glob("*.zip")), "validating handed something in"
    assert set(results) <= {"failed"}, f"Validate says {', '.join(results)}"
    failed = {cell["source"] for cell in results.get("failed", [])}
    found = {}
    for cell in validator.ran.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") and not mark.get("solution"):
            name = mark["grade_id"].removesuffix("_checks")
            found[name] = (cell.source.strip() not in failed, visibly_passed(cell))
    return found


def visibly_passed(cell):
    """Whether the cell counted all of its checks as passed, and said nothing on stderr."""
    said = "".join(output.get("text", "") for output in cell.outputs if output.get("name") == "stdout")
    assert not [output for output in cell.outputs if output.get("name") == "stderr"], cell.source
    counted = COUNTED.findall(said)
    return bool(counted) and counted[-1][0] == counted[-1][1]


def main(names):
    course = find_course(ROOT)
    offences = 0
    for name in names or sorted(path.parent.name for path in ROOT.glob("release/*/*.ipynb")):
        assignment = find_assignment(course, name)
        for kind in ("untouched", "reference", "wrong"):
            started = time.monotonic()
            notebook = notebook_with(assignment, {}) if kind == "untouched" else answers(assignment, kind)
            found = validated(assignment, notebook)
            differ = [exercise for exercise, (validate, visible) in found.items() if validate != visible]
            passed = sum(validate for validate, _ in found.values())
            expected = {
                "untouched": passed == 0,
                "reference": passed == len(found),
                "wrong": passed < len(found),
            }
            offences += bool(differ) + (not expected[kind])
            verdict = f"differ: {', '.join(differ)}" if differ else "the same answers"
            print(
                f"{name}, {kind}: Validate passes {passed} of {len(found)} check cells, {verdict}"
                f"{'' if expected[kind] else ', NOT EXPECTED'} ({time.monotonic() - started:.0f} s)",
                flush=True,
            )
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
