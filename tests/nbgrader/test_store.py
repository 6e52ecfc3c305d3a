"""The store of Reports."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autograder.checking.verdicts import Outcome, Verdict, result
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
