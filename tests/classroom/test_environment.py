"""What the first cell of a notebook says about Python and packages; it stops nothing that works."""

import ast
import json
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from autograder.classroom import environment
from autograder.classroom.environment import NotReady, check_environment

PYTHON = platform.python_version()
NUMPY = version("numpy")
GENERATION = int(NUMPY.split(".")[0])


def package(course, oldest, install="numpy"):
    return {"install": install, "course": course, "oldest": oldest}


@pytest.fixture
def said(tmp_path, capsys):
    """What is printed where the course uses these packages, Pythons and files."""

    def say(packages, *, oldest="3.11", newest="3.13", files=()):
        python = {"oldest": oldest, "newest": newest}
        data = {"python": python, "packages": packages, "files": list(files)}
        (tmp_path / "assignment.json").write_text(json.dumps(data))
        try:
            check_environment(tmp_path)
        finally:
            printed = capsys.readouterr()
            assert printed.err == ""
            say.lines = printed.out.splitlines()
        return say.lines

    return say


def test_what_fits_is_one_line(said):
    assert said({"numpy": package(NUMPY, "2")}) == [f"Fits the course: Python {PYTHON}, NumPy {NUMPY}."]


def test_another_version_that_fits_is_shown_beside_the_courses_and_alarms_nobody(said):
    other = f"{GENERATION}.999.1"
    assert said({"numpy": package(other, "2")}) == [
        f"Fits the course: Python {PYTHON}, NumPy {NUMPY} (the course uses {other})."
    ]


def test_a_version_that_is_too_old_is_told_with_its_remedy(said):
    assert said({"numpy": package("99.1.0", "99")}) == [
        f"Fits the course: Python {PYTHON}.",
        f"NumPy {NUMPY} is older than 99, the oldest that fits; the course uses 99.1.0.",
        "To put it right, run this line in a cell of its own:",
        '    %pip install "numpy>=99"',
        "Then restart the kernel (menu Kernel, Restart Kernel) and run the notebook again from the top.",
    ]


def test_a_newer_generation_is_told_and_left_to_be_tried(said):
    assert said({"numpy": package("1.26.4", "1")})[1:] == [
        f"NumPy {NUMPY} is a generation newer than 1.26.4, which the course uses. Try it; if something does "
        'not work: %pip install "numpy<2".'
    ]


def test_missing_packages_are_told_with_one_line_that_installs_all_of_them(said):
    packages = {
        "no_such_package": package("2.21.0", "2.20", "no-such-package"),
        "numpy": package("99.1.0", "99"),
    }
    with pytest.raises(
        NotReady, match=r"^The notebook cannot start yet: no_such_package is not installed\.$"
    ):
        said(packages)
    assert "no_such_package is missing; the course uses 2.21.0." in said.lines
    assert '    %pip install "no-such-package>=2.20" "numpy>=99"' in said.lines


def test_a_python_that_is_too_old_or_too_new_is_told(said):
    assert said({}, oldest="3.99", newest="3.100") == [
        f"Python {PYTHON} is older than 3.99, the oldest that fits: install Python 3.100 (python.org), then "
        "the packages, and open the notebook with it."
    ]
    assert said({}, oldest="3.8", newest="3.9") == [
        f"Python {PYTHON} is newer than 3.9, the newest that the course was tried with. Try it; if something "
        "does not work, use Python 3.9."
    ]


def test_a_lost_file_is_named(said, tmp_path):
    (tmp_path / "here.py").touch()
    with pytest.raises(
        NotReady, match=r"^The notebook cannot start yet: one\.gz and two\.py must lie beside it\.$"
    ):
        said({}, files=["here.py", "one.gz", "two.py"])
    assert said.lines[-1].startswith("Unpack the zip again")


@pytest.mark.parametrize(
    "content", [None, "", "[]", '{"packages": {"numpy": {}}}', '{"packages": 3}', "\x00"]
)
def test_without_the_courses_versions_that_is_said_and_the_notebook_goes_on(tmp_path, capsys, content):
    if content is not None:
        (tmp_path / "assignment.json").write_text(content)
    check_environment(tmp_path)
    printed = capsys.readouterr()
    assert printed.out.startswith(f"Python {PYTHON}. Nothing could be compared with the course")
    assert printed.out.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("2.20.0rc1", (2, 20)), ("2.20", (2, 20)), ("3", (3,)), ("0.0", (0,)), ("", ()), ("dev", ())],
)
def test_versions_are_compared_as_numbers(text, numbers):
    assert environment._numbers(text) == numbers


def test_it_can_be_read_by_a_python_that_is_too_old():
    text = Path(environment.__file__).read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 8))


CELL = """
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
config.InteractiveShell.colors = "nocolor"
shell = InteractiveShell.instance(config=config)
shell.run_cell("from environment import *\\ncheck_environment()\\nimport no_such_package")
"""


def test_in_a_notebook_a_missing_package_is_a_sentence_and_no_traceback(tmp_path):
    (tmp_path / "environment.py").write_bytes(Path(environment.__file__).read_bytes())
    packages = {"no_such_package": package("1.0", "1", "no-such-package")}
    data = {"python": {"oldest": "3.11", "newest": "3.13"}, "packages": packages, "files": []}
    (tmp_path / "assignment.json").write_text(json.dumps(data))
    argv = [sys.executable, "-c", CELL]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "Traceback" not in done.stdout
    assert done.stdout.rstrip().endswith("The notebook cannot start yet: no_such_package is not installed.")
