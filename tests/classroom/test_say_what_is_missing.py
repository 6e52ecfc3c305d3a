"""A notebook whose functions are not all written says so in a sentence; every other error looks as always."""

import json
import subprocess
import sys

import pytest

RUN = """
import contextlib, io, json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
config.InteractiveShell.colors = "nocolor"
shell = InteractiveShell.instance(config=config)
shown = []
for cell in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        shell.run_cell(cell, store_history=True)
    shown.append(out.getvalue().strip())
print(json.dumps(shown))
"""
CELLS = {
    "environment": "from autograder.classroom.visible_checks import run_checks, gives, say_what_is_missing\n"
    "say_what_is_missing()",
    "double": "def double(x):\n    raise NotImplementedError()",
    "demo": "first = 1\npairs, rest = double(2), 3\ndef helper():\n    pass",
    "later demo": "total = pairs + rest",
    "last demo": "[total for _ in range(2)]",
    "helper demo": "helper()",
    "own mistake": "def mine():\n    return pairs\nmine()",
    "another name": "nowhere",
    "own exception": "def own():\n    raise NotImplementedError('by me')\nown()",
    "quadruple": "def quadruple(x):\n    return double(double(x))\nrun_checks(quadruple, gives(1, result=4))",
    "double, written": "def double(x):\n    return 2 * x",
    "demo again": "pairs, rest = double(2), 3",
    "later demo again": "total = pairs + rest\ntotal",
}


@pytest.fixture(scope="module")
def shown():
    argv = [sys.executable, "-c", RUN, json.dumps(list(CELLS.values()))]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    return dict(zip(CELLS, json.loads(done.stdout), strict=True))


def test_a_cell_that_needs_an_unwritten_function_says_which(shown):
    assert shown["demo"] == "This cell needs double, which is not written yet: fill in its cell above first."


def test_a_cell_that_needs_what_such_a_cell_makes_leads_back_to_the_function(shown):
    assert shown["later demo"] == (
        "This cell needs pairs from a cell above that waits for double: run that cell first."
    )
    assert shown["last demo"].startswith("This cell needs total from a cell above that waits for double")
    assert shown["helper demo"].startswith("This cell needs helper from a cell above that waits for double")


def test_every_other_error_keeps_its_traceback(shown):
    for cell, error in {
        "own mistake": "NameError: name 'pairs' is not defined",
        "another name": "NameError: name 'nowhere' is not defined",
        "own exception": "NotImplementedError: by me",
    }.items():
        assert "Traceback" in shown[cell], cell
        assert shown[cell].endswith(error), cell


def test_the_visible_checks_name_the_function_that_is_missing_not_the_one_that_calls_it(shown):
    assert shown["quadruple"].startswith("double is not written yet")


def test_nothing_stays_once_the_function_is_written(shown):
    assert shown["demo again"] == ""
    assert shown["later demo again"] == "Out[13]: 7"


def test_outside_of_jupyter_nothing_happens():
    code = "from autograder.classroom.visible_checks import say_what_is_missing as say; say()"
    subprocess.run([sys.executable, "-c", code], check=True)
