"""An instructor's limits: read strictly, met where they are set, and part of the key of one assignment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from autograder.checking.limits import CallLimits
from autograder.checking.verdicts import Outcome
from autograder.course import Course, find_assignment, find_course, limits_of
from autograder.errors import CourseError
from autograder.grading.content import content_hashes
from autograder.grading.engine import Submission, grade_all
from autograder.grading.session import SessionLimits
from autograder.limits import Limits
from autograder.worker.limits import WorkerLimits
from tests.grading.conftest import RIGHT

HandIn = Callable[..., Path]
CONFIG = 'c = get_config()\nc.Autograder.isolation = "process"\nc.Autograder.call_seconds = 2.0\n'
MIB = 2**20


def configured(course: Course, limits: str) -> Course:
    (course.root / "nbgrader_config.py").write_text(f"{CONFIG}c.Autograder.limits = {limits}\n")
    return find_course(course.root)


def test_an_assignments_own_limit_comes_before_the_courses(course: Course) -> None:
    (course.checks / "test_other.py").write_text("")
    course = configured(course, '{"toy": {"call_seconds": 60, "memory_bytes": 2**30}}')
    assert limits_of(course, "toy") == Limits(call_seconds=60, memory_bytes=2**30)
    assert limits_of(course, "other") == Limits(call_seconds=2.0)


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ('{"toyy": {}}', r"no assignment of this course; did you mean toy\? \(got 'toyy'\)"),
        ('{"ex9": {}}', r"no assignment of this course; there are toy \(got 'ex9'\)"),
        ('{"toy": {"call_second": 1}}', r"\['toy'\] names no limit; did you mean call_seconds\?"),
        ('{"toy": {"call_seconds": 0}}', r"\['toy'\]\['call_seconds'\] must be a number of seconds.*got 0\)"),
        ('{"toy": {"call_seconds": float("nan")}}', r"got nan\)"),
        ('{"toy": {"call_seconds": "60"}}', r"got '60'\)"),
        ('{"toy": {"processes": 1.5}}', r"\['processes'\] must be a positive int \(got 1.5\)"),
        ('{"toy": {"processes": True}}', r"got True\)"),
        ('{"toy": {"value_bytes": 2**40}}', r"at most 251658240 \(got 1099511627776\)"),
        ('{"toy": 3}', r"\['toy'\] is a dict of limits \(got 3\)"),
        ("[1]", r"is a dict of assignments"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused_with_what_was_received(
    course: Course, limits: str, sentence: str
) -> None:
    with pytest.raises(CourseError, match=sentence):
        configured(course, limits)


def test_a_limit_of_the_whole_course_is_read_as_strictly(course: Course) -> None:
    (course.root / "nbgrader_config.py").write_text("c = get_config()\nc.Autograder.memory_bytes = -1\n")
    with pytest.raises(CourseError, match=r"c.Autograder.memory_bytes must be a positive int \(got -1\)"):
        find_course(course.root)


def test_those_who_hold_the_limits_have_the_same_defaults() -> None:
    """Each room has its own numbers, because none of them may know the course."""
    held = {
        field.name: field.default
        for room in (WorkerLimits, CallLimits, SessionLimits)
        for field in fields(room)
    }
    assert held == {field.name: field.default for field in fields(Limits)}


def test_a_changed_limit_is_another_key_for_its_assignment_alone(course: Course) -> None:
    for name in ("release/other/other.ipynb", "tests/hidden/test_other.py"):
        (course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / name).write_text((course.root / name.replace("other", "toy")).read_text())

    def keys(limits: str) -> list[str]:
        changed = configured(course, limits)
        assignments = [find_assignment(changed, name) for name in ("toy", "other")]
        return [content_hashes(changed, each, b"secret", "")["limits"] for each in assignments]

    toy, other = keys("{}")
    assert keys('{"toy": {"model_seconds": 60}}')[1] == other
    assert keys('{"toy": {"model_seconds": 60}}')[0] != toy


SMALL = f"""{{"toy": {{"call_seconds": 2, "memory_bytes": {64 * MIB}, "processes": 3, "value_bytes": {MIB},
    "file_bytes": 1000}}}}"""
STOPPED_BY = {
    "seconds": "def double(x):\n    while True:\n        pass\n",
    "memory": "def double(x):\n    kept = []\n    while True:\n        kept.append(bytearray(2**20))\n",
    "processes": "import subprocess, time\ndef double(x):\n"
    "    kept = [subprocess.Popen(['sleep', '30']) for _ in range(5)]\n    time.sleep(30)\n",
    "value": "import numpy as np\ndef double(x):\n    return np.zeros(2**20)\n",
    "file": "def double(x):\n    with open('big', 'w') as file:\n        file.write('x' * 2000)\n",
    "stdin": "def double(x):\n    return input()\n",
}
READS = {
    "seconds": ("`double` did not finish within 2 seconds.",),
    # whichever comes first: the kernel's refusal of more, or the watch over the whole family
    "memory": ("raised MemoryError", "There was no memory left for your code"),
    "processes": ("Too many processes or threads were started during `double`.",),
    "value": ("returned an object of type ndarray, which is too large to be looked at",),
    "file": ("raised OSError",),
    "stdin": ("raised RuntimeError in cell double, line 2: `return input()`",),
}


def test_the_student_reads_which_limit_was_met_and_where(course: Course, hand_in: HandIn) -> None:
    small = configured(course, SMALL)
    class_ = [
        Submission(what, hand_in(what, double=source, triple=RIGHT["triple"]))
        for what, source in STOPPED_BY.items()
    ]
    found = {report.student: report for report in grade_all(small, find_assignment(small, "toy"), class_)}
    for what, sentences in READS.items():
        exercises = found[what].exercises
        assert (exercises["double"].points, exercises["triple"].points) == (0, 2), what
        message = exercises["double"].verdicts[0].message
        assert any(sentence in message for sentence in sentences), (what, message)
    for what in ("seconds", "processes"):
        (met,) = found[what].limits_met
        assert (met.where, met.limit) == ("double", what)
    outcomes = {
        what: found[what].exercises["double"].verdicts[0].outcome for what in ("seconds", "processes")
    }
    assert outcomes == {"seconds": Outcome.TIMED_OUT, "processes": Outcome.KILLED}
