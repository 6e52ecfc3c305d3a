"""Submissions in, Reports out, through the real warm server, worker and judge."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.checking.verdicts import Outcome
from autograder.course import LEVELS, Course, find_assignment
from autograder.errors import IsolationError
from autograder.grading import engine
from autograder.grading.engine import Submission, grade_all, grade_class, grade_course
from autograder.grading.report import Report, from_json, to_json
from tests.grading.conftest import RIGHT

HandIn = Callable[..., Path]


def graded(course: Course, *submissions: Submission, jobs: int = 2) -> dict[str, Report]:
    reports = grade_all(course, find_assignment(course, "toy"), submissions, jobs=jobs)
    return {report.student: report for report in reports}


def outcomes(report: Report) -> dict[str, list[Outcome]]:
    return {name: [v.outcome for v in exercise.verdicts] for name, exercise in report.exercises.items()}


ACCIDENTS = {
    "loop": ("def double(x):\n    while True:\n        pass\n", Outcome.TIMED_OUT, "seconds"),
    "deaf": (
        "def double(x):\n    while True:\n        try:\n            while True:\n                pass\n"
        "        except BaseException:\n            pass\n",
        Outcome.TIMED_OUT,
        "seconds",
    ),
    "exit": ("import os\ndef double(x):\n    os._exit(0)\n", Outcome.KILLED, "process"),
    "segfault": (
        "import ctypes\ndef double(x):\n    return ctypes.string_at(0)\n",
        Outcome.KILLED,
        "process",
    ),
}


def test_a_class_gets_what_each_one_deserves(course: Course, hand_in: HandIn) -> None:
    folders = {
        "right": hand_in("right", **RIGHT),
        "stub": hand_in("stub"),
        "half": hand_in("half", double=RIGHT["double"]),
        "wrong": hand_in("wrong", double="def double(x):\n    return x\n", triple=RIGHT["triple"]),
        "syntax": hand_in("syntax", double="def double(x:\n", triple=RIGHT["triple"]),
        "warns": hand_in(
            "warns", **(RIGHT | {"double": RIGHT["double"] + "import sys\nsys.stderr.write('!')\n"})
        ),
        "renamed": hand_in("renamed", double="def dubble(x):\n    return 2 * x\n", triple=RIGHT["triple"]),
    }
    found = graded(course, *(Submission(name, path) for name, path in folders.items()))
    points = {name: report.points for name, report in found.items()}
    assert points == {
        "right": 5, "stub": 0, "half": 3, "wrong": 3, "syntax": 2, "warns": 5, "renamed": 2,
    }  # fmt: skip
    assert all(report.max_points == 5 and not report.broken for report in found.values())
    assert outcomes(found["stub"]) == {
        "double": [Outcome.NOT_ATTEMPTED] * 2,
        "triple": [Outcome.NOT_ATTEMPTED],
    }
    assert outcomes(found["wrong"])["double"] == [Outcome.FAILED, Outcome.PASSED]
    assert "SyntaxError" in found["syntax"].exercises["double"].verdicts[0].message
    assert outcomes(found["renamed"])["double"] == [Outcome.MISSING] * 2
    assert {report.isolation for report in found.values()} < set(LEVELS)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="there is one core")
def test_judges_that_take_all_cores_have_one_each_and_so_have_their_workers(
    course: Course, hand_in: HandIn
) -> None:
    cores = sorted(os.sched_getaffinity(0))
    counted = "import os\ndef double(x):\n    return 2 * x if len(os.sched_getaffinity(0)) == {} else 0\n"
    each = Submission("each", hand_in("each", double=counted.format(1)))
    every = Submission("every", hand_in("every", double=counted.format(len(cores))))
    for jobs, right in ((len(cores), "each"), (1, "every")):
        reports = graded(course, each, every, *[Submission(f"more{n}", each.path) for n in cores], jobs=jobs)
        wrong = ({"each", "every"} - {right}).pop()
        assert reports[right].exercises["double"].points == 3
        assert reports[wrong].exercises["double"].points < 3


def test_an_accident_costs_its_own_exercise_only(course: Course, hand_in: HandIn) -> None:
    folders = {
        name: hand_in(name, double=source, triple=RIGHT["triple"])
        for name, (source, _, _) in ACCIDENTS.items()
    }
    found = graded(course, *(Submission(name, path) for name, path in folders.items()))
    for name, (_, outcome, limit) in ACCIDENTS.items():
        report = found[name]
        assert outcomes(report) == {"double": [outcome] * 2, "triple": [Outcome.PASSED]}, name
        assert [met.limit for met in report.limits_met] == [limit], name


def test_a_cell_that_loops_or_dies_leaves_the_next_cells(course: Course, hand_in: HandIn) -> None:
    loop = hand_in("loop", double="while True:\n    pass\n", triple=RIGHT["triple"])
    die = hand_in("die", double="import os\nos._exit(1)\n", triple=RIGHT["triple"])
    found = graded(course, Submission("loop", loop), Submission("die", die))
    for name, limit in (("loop", "seconds"), ("die", "process")):
        assert outcomes(found[name]) == {"double": [Outcome.MISSING] * 2, "triple": [Outcome.PASSED]}
        assert [met.limit for met in found[name].limits_met] == [limit]


def test_an_unreadable_notebook_has_zero_points_and_its_reason(course: Course, hand_in: HandIn) -> None:
    folder = hand_in("bad")
    (folder / "toy.ipynb").write_text('{"cells": [', encoding="utf-8")
    report = graded(course, Submission("bad", folder))["bad"]
    assert report.points == 0
    assert report.unreadable
    assert all(report.unreadable in v.message for e in report.exercises.values() for v in e.verdicts)


def test_only_the_exercises_asked_for_are_looked_at(course: Course, hand_in: HandIn) -> None:
    item = Submission("right", hand_in("right", **RIGHT), only=frozenset({"triple"}))
    report = graded(course, item)["right"]
    assert (list(report.exercises), report.points, report.max_points) == (["triple"], 2, 2)


def test_a_broken_check_gives_no_points_and_tells_staff_alone(course: Course, hand_in: HandIn) -> None:
    checks = course.checks / "test_toy.py"
    checks.write_text(checks.read_text().replace("reference.triple(5)", "reference.no_such(5)"))
    report = graded(course, Submission("right", hand_in("right", **RIGHT)))["right"]
    assert report.broken
    assert "no_such" not in to_json(report)
    assert "no_such" in (course.state / "faults.log").read_text()


def test_a_report_survives_its_json(course: Course, hand_in: HandIn) -> None:
    report = graded(course, Submission("right", hand_in("right", **RIGHT)))["right"]
    assert from_json(to_json(report)) == report
    assert set(json.loads(to_json(report))) >= {
        "schema", "assignment", "student", "points", "max_points", "exercises", "repairs", "limits_met",
        "isolation", "seconds", "versions", "content",
    }  # fmt: skip


def test_an_unchanged_class_is_only_read_and_a_changed_check_regrades(
    course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = find_assignment(course, "toy")
    items = [Submission(name, hand_in(name, **RIGHT)) for name in ("ada", "bob")]
    first = {r.student: r for r in grade_class(course, toy, items)}

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_run", lambda *_: pytest.fail("something was graded again"))
        again = {r.student: r for r in grade_class(course, toy, items)}
    assert again == first

    checks = course.checks / "test_toy.py"
    checks.write_text(checks.read_text().replace("triple(5), reference.triple(5)", "triple(5), 16"))
    changed = {r.student: r.points for r in grade_class(course, toy, items)}
    assert changed == {"ada": 3, "bob": 3}


def test_several_assignments_are_graded_in_one_run(course: Course, hand_in: HandIn) -> None:
    for path in ("release/toy/toy.ipynb", "tests/hidden/test_toy.py", "solutions/toy.py"):
        other = course.root / path.replace("toy", "other")
        other.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(course.root / path, other)
    handed_in = [Submission("ada", hand_in("ada", **RIGHT)), Submission("bob", hand_in("bob"))]
    work = [(find_assignment(course, name), handed_in) for name in ("toy", "other")]
    reports = {(r.assignment, r.student): r.points for r in grade_course(course, work)}
    assert reports == {("toy", "ada"): 5, ("toy", "bob"): 0, ("other", "ada"): 5, ("other", "bob"): 0}


def test_less_isolation_than_the_course_accepts_is_refused(
    course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no bubblewrap is found there
    strict = dataclasses.replace(course, settings=dataclasses.replace(course.settings, isolation="sandbox"))
    with pytest.raises(IsolationError, match=r"no isolation below sandbox.*\(got (process|restricted)\)"):
        graded(strict, Submission("right", hand_in("right", **RIGHT)))
