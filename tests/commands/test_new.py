"""`autograder new`: what it lays down is proven, lintable and released; nothing is overwritten."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assurance.evidence import gather
from autograder.assurance.messages import told, write
from autograder.assurance.messages_page import share
from autograder.assurance.prove import examine, weigh
from autograder.commands.new import new_assignment
from autograder.course import find_assignment, find_course
from autograder.errors import CourseError

CONFIG = 'c = get_config()\nc.Autograder.isolation = "process"\nc.CourseDirectory.course_id = "toy"\n'
ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    return find_course(tmp_path)


def test_a_new_assignment_is_proven_told_by_name_and_in_good_style(course):
    written = new_assignment(course, "ex7_attention")
    assert [path.relative_to(course.root).as_posix() for path in written] == [
        "source/ex7_attention/ex7_attention.ipynb",
        "source/ex7_attention/environment.py",
        "source/ex7_attention/hand_in.py",
        "source/ex7_attention/visible_checks.py",
        "tests/hidden/test_ex7_attention.py",
        "solutions/ex7_attention.py",
        "release/ex7_attention",
    ]
    assignment = find_assignment(course, "ex7_attention")
    assert assignment.points == {"majority": 4.0}
    assert "SOLUTION" not in assignment.notebook.read_text()
    evidence = gather(course, assignment, jobs=1)
    assert [str(offence) for offence in [*examine(assignment), *weigh(assignment, evidence)]] == []
    write(course, assignment, evidence)
    assert share(told(course, assignment)) == 1.0
    for tool in (["check"], ["format", "--check"]):
        argv = [sys.executable, "-m", "ruff", *tool, "--config", str(ROOT / "pyproject.toml"), "--no-cache"]
        done = subprocess.run(
            [*argv, str(course.root / "tests"), str(course.root / "solutions")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name", ["", "Ex7", "7ex", "ex-7", "ex 7", "../ex7", "ex7.py", "lambda", "ex7__wrong", "été"]
)
def test_a_name_that_is_no_modules_is_refused(course, name):
    with pytest.raises(CourseError, match="name is that of a Python file"):
        new_assignment(course, name)
    assert [path.name for path in course.root.iterdir()] == ["nbgrader_config.py"]


@pytest.mark.parametrize(
    "taken",
    ["source/ex7", "release/ex7", "tests/hidden/test_ex7.py", "solutions/ex7.py"],
)
def test_nothing_is_overwritten(course, taken):
    place = course.root / taken
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    with pytest.raises(CourseError, match=f"{taken} is there already"):
        new_assignment(course, "ex7")
    files = [path.relative_to(course.root).as_posix() for path in course.root.rglob("*") if path.is_file()]
    assert sorted(files) == sorted(["nbgrader_config.py", taken])
