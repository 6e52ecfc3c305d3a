"""nbgrader's Validate button: the same answers as the visible checks, in a notebook with one of each kind."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.validator import Validator

from autograder import classroom

ROOT = Path(__file__).parents[2]
TOOLS = ("environment.py", "hand_in.py", "visible_checks.py")
ANSWERS = {
    "solved": "def solved(x):\n    return 2 * x",
    "wrong": "def wrong(x):\n    import sys\n    print('a warning', file=sys.stderr)\n    return 3 * x",
    "warns": "def warns(x):\n    import sys\n    print('a warning', file=sys.stderr)\n    return 2 * x",
    "stub": "def stub(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
    "broken": "def broken(x:",
}
FIRST = (
    "from environment import check_environment\n\ncheck_environment()\n\n"
    "from visible_checks import gives, run_checks, say_what_is_missing\n\nsay_what_is_missing()"
)


def mark(name, **flags):
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": plain | {"grade_id": name, "cell_type": "code"} | flags}


def notebook():
    cells = [new_code_cell(FIRST, metadata=mark("environment", locked=True))]
    for name, source in ANSWERS.items():
        checks = f"run_checks({name}, gives(1, result=2), gives(2, result=4))"
        flags = {"grade": True, "locked": True, "points": 2}
        cells.append(new_code_cell(source, metadata=mark(name, solution=True)))
        cells.append(new_code_cell(checks, metadata=mark(f"{name}_checks", **flags)))
        cells.append(new_code_cell(f"print({name}(1))", metadata={"tags": ["demo"]}))
    cells.append(new_code_cell("from hand_in import hand_in\nhand_in()", metadata={"tags": ["demo"]}))
    return new_notebook(cells=cells)


def test_validate_says_what_the_visible_checks_say(tmp_path):
    for name in TOOLS:
        shutil.copy(f"{classroom.__path__[0]}/{name}", tmp_path)
    shutil.copy(ROOT / "release/ex1_dev_split/assignment.json", tmp_path)
    data = json.loads((tmp_path / "assignment.json").read_text()) | {"files": []}
    (tmp_path / "assignment.json").write_text(json.dumps(data))
    nbformat.write(notebook(), tmp_path / "toy.ipynb")
    validator = Validator()
    validator.stream = io.StringIO()
    results = validator.validate(str(tmp_path / "toy.ipynb"))
    assert set(results) == {"failed"}
    said = {
        cell["source"].split(",")[0].removeprefix("run_checks("): cell["raw_error"]
        for cell in results["failed"]
    }
    assert said["wrong"] == "wrong: 2 of 2 visible checks do not pass yet."
    assert said["stub"] == "stub is not written yet: fill in its cell above, then run this cell again."
    assert "NameError" in said["broken"]
    assert set(said) == {"wrong", "stub", "broken"}
    assert not list(tmp_path.glob("*.zip"))  # validating hands nothing in
