"""An assignment of the course is proven, and emptying any one of its checks is noticed.

It is one that trains nothing; ``make prove`` proves all of them.
"""

import ast
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assurance.evidence import gather
from autograder.assurance.messages import differences
from autograder.assurance.prove import missing_answers, weigh
from autograder.assurance.reading import checks_of, read_checks
from autograder.checking.verdicts import Outcome, result
from autograder.course import find_assignment, find_course

NAME = "ex6_windows"
ROOT = Path(__file__).parents[2]
CHECKS = [check.name for check in checks_of(ast.parse((ROOT / f"tests/hidden/test_{NAME}.py").read_text()))]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy: the secret that a run makes does not belong into the checkout."""
    root = tmp_path_factory.mktemp("course")
    for folder in (f"source/{NAME}", f"release/{NAME}", "solutions", "tests/hidden", f"tests/golden/{NAME}"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return find_course(root)


@pytest.fixture(scope="module")
def assignment(course):
    return find_assignment(course, NAME)


@pytest.fixture(scope="module")
def evidence(course, assignment):
    return gather(course, assignment)


def test_it_is_proven(assignment, evidence):
    offences = [*read_checks(assignment), *missing_answers(assignment), *weigh(assignment, evidence)]
    assert [str(offence) for offence in offences] == []


def test_students_read_what_the_golden_files_say(course, assignment, evidence):
    assert [str(offence) for offence in differences(course, assignment, evidence)] == []


def let_pass(report, check):
    """The Report that the same submission gets when ``check`` is empty: it passes whatever it is given."""
    exercises = {}
    for name, exercise in report.exercises.items():
        lines = [
            replace(line, outcome=Outcome.PASSED) if line.check == check else line
            for line in exercise.verdicts
        ]
        exercises[name] = result(lines, exercise.max_points)
    return replace(report, exercises=exercises)


@pytest.mark.parametrize("check", CHECKS)
def test_what_an_emptied_check_lets_pass_is_an_offence(assignment, evidence, check):
    emptied = replace(evidence, wrong=tuple((v, let_pass(report, check)) for v, report in evidence.wrong))
    offences = [str(offence) for offence in weigh(assignment, emptied)]
    assert f"{check}: passes every wrong answer: it may be empty, or a wrong answer is missing." in offences


@pytest.mark.parametrize("check", CHECKS)
def test_the_text_of_an_emptied_check_is_an_offence(assignment, tmp_path, check):
    tree = ast.parse(assignment.checks.read_text())
    (node,) = (found.node for found in checks_of(tree) if found.name == check)
    node.body = node.body[:1]  # the claim stays
    emptied = tmp_path / assignment.checks.name
    emptied.write_text(ast.unparse(tree))
    offences = [str(offence) for offence in read_checks(replace(assignment, checks=emptied))]
    assert offences == [f"{check}: this check is empty: it asks nothing and expects nothing."]
