"""The store of Reports."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace

import pytest

from autograder.checking.verdicts import Outcome, Verdict, result
from autograder.commands.storing import show_store
from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading import store
from autograder.grading.report import Picture, Report

KEY = "0123456789abcdef" * 4


@pytest.fixture
def report():
    verdict = Verdict("doubles", "`double(3)` is 6.", Outcome.FAILED, "`double(3)` returned 5 « »", seed=7)
    return Report(
        "toy", "ada", 0.0, 3.0, {"double": result([verdict], 3.0)}, pictures=(Picture("c", "aGk=", 1, 1),)
    )


def entry(state):
    (path,) = (state / "reports").rglob("*.json")
    return path


def test_a_report_comes_back_without_its_students_name(tmp_path, report):
    store.put(tmp_path, KEY, report)
    assert store.get(tmp_path, KEY) == replace(report, student="")
    assert "zoë-17" not in entry(tmp_path).read_text()


def test_what_was_never_put_is_absent(tmp_path):
    assert store.get(tmp_path, KEY) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("FAILED", "PASSED"),
        lambda text: text.replace('"points": 0.0', '"points": 3.0'),
        lambda text: "[]",
        lambda text: json.dumps({"digest": "", "report": {}}),
    ],
)
def test_a_damaged_entry_is_absent_and_can_be_put_again(tmp_path, report, damage):
    store.put(tmp_path, KEY, report)
    path = entry(tmp_path)
    text = path.read_text()
    path.write_text(damage(text))
    assert path.read_text() != text
    assert store.get(tmp_path, KEY) is None
    store.put(tmp_path, KEY, report)
    assert store.get(tmp_path, KEY) is not None


def test_an_entry_is_replaced_whole_and_leaves_no_parts(tmp_path, report):
    store.put(tmp_path, KEY, report)
    store.put(tmp_path, KEY, replace(report, points=2.0))
    assert store.get(tmp_path, KEY).points == 2.0
    assert [path.name for path in entry(tmp_path).parent.iterdir()] == [f"{KEY}.json"]


@pytest.mark.parametrize("key", ["", "../../etc/passwd", KEY.upper(), KEY + "0"])
def test_a_key_that_is_no_hash_is_refused(tmp_path, report, key):
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        store.put(tmp_path, key, report)


def aged(state, days):
    """Make everything in the store look as old as this."""
    for path in (state / "reports").rglob("*.*"):
        os.utime(path, (time.time() - days * 86_400,) * 2)


def test_the_store_tells_what_it_keeps(tmp_path, report):
    store.put(tmp_path, KEY, report)
    store.put(tmp_path, KEY[::-1], replace(report, assignment="other"))
    (tmp_path / "reports/01/.part").write_text("half")
    found = list(store.entries(tmp_path))
    assert sorted(item.assignment for item in found) == ["", "other", "toy"]
    assert all(item.size == item.path.stat().st_size for item in found)
    assert list(store.entries(tmp_path / "nowhere")) == []


def test_cleaning_takes_what_is_old_of_the_assignments_named(tmp_path, report):
    store.put(tmp_path, KEY, report)
    store.put(tmp_path, KEY[::-1], replace(report, assignment="other"))
    aged(tmp_path, 10)
    assert store.clean(tmp_path, older_than_seconds=11 * 86_400) == []
    (gone,) = store.clean(tmp_path, older_than_seconds=9 * 86_400, assignments=["toy"])
    assert gone.assignment == "toy"
    assert store.get(tmp_path, KEY) is None
    assert store.get(tmp_path, KEY[::-1]) is not None


def test_cleaning_by_age_alone_leaves_what_is_new_and_takes_what_is_damaged(tmp_path, report):
    store.put(tmp_path, KEY, report)
    entry(tmp_path).write_text("half")
    aged(tmp_path, 10)
    store.put(tmp_path, KEY[::-1], report)
    assert [item.assignment for item in store.clean(tmp_path, older_than_seconds=86_400)] == [""]
    assert len(list(store.entries(tmp_path))) == 1


def test_the_command_shows_and_cleans(tmp_path, report, capsys):
    course = Course(tmp_path)
    store.put(course.state, KEY, report)
    assert show_store(course, [], older_than_days=None) == 0
    assert "toy" in capsys.readouterr().out
    assert show_store(course, [], older_than_days=0) == 0
    assert "removed: 1 Reports" in capsys.readouterr().out
    assert store.get(course.state, KEY) is None
    with pytest.raises(CourseError, match="got nowhere"):
        show_store(course, ["nowhere"], older_than_days=0)
