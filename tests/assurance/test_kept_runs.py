"""Kept scores: found again while nothing has changed that they depend on, and not otherwise."""

from __future__ import annotations

import pytest

from autograder.assurance.kept_runs import KeptRuns
from autograder.assurance.training_runs import Drill, _run_all
from autograder.assurance.variants import Variant
from autograder.course import find_assignment

SCORES = [{"accuracy": 0.75}, {"accuracy": 0.5}, {"accuracy": 1.0}]


@pytest.fixture
def kept(toy):
    return KeptRuns(toy.course, find_assignment(toy.course, "toy"))


def test_what_was_kept_is_found_again(toy, kept):
    kept.put("learns", "model", 3, SCORES)
    assert KeptRuns(toy.course, find_assignment(toy.course, "toy")).get("learns", "model", 3) == SCORES
    for other in (("learns", "model", 4), ("learns", "model__wrong_flat", 3), ("tags", "model", 3)):
        assert kept.get(*other) is None


@pytest.mark.parametrize("file", ["tests/hidden/test_toy.py", "solutions/toy.py"])
def test_a_changed_check_or_answer_is_trained_anew(toy, kept, file):
    kept.put("learns", "model", 3, SCORES)
    path = toy.root / file
    path.write_text(path.read_text() + "\n# another\n")
    assert KeptRuns(toy.course, find_assignment(toy.course, "toy")).get("learns", "model", 3) is None


def test_other_bars_change_no_score(toy, kept):
    """Bars that were placed by some runs stay out of the way of more runs."""
    kept.put("learns", "model", 3, SCORES)
    bars = toy.checks.parent / "thresholds" / "toy.json"
    bars.parent.mkdir(exist_ok=True)
    bars.write_text('{"bars": {"share": {"bar": 0.5}}}')
    assert KeptRuns(toy.course, find_assignment(toy.course, "toy")).get("learns", "model", 3) == SCORES


@pytest.mark.parametrize(
    "damaged", [b"", b"[]", b'{"scores": 1}', b'{"scores": [{"accuracy": "x"}]}', b"\xff"]
)
def test_a_damaged_file_is_trained_anew(kept, damaged):
    kept.put("learns", "model", 3, SCORES)
    (file,) = kept.folder.iterdir()
    file.write_bytes(damaged)
    assert kept.get("learns", "model", 3) is None


def test_only_what_is_not_kept_is_trained(toy, kept, tmp_path):
    assignment = find_assignment(toy.course, "toy")
    drills = [
        Drill(toy.course, assignment, "learns", Variant("model", "reference", "", ""), number, tmp_path)
        for number in (0, 1)
    ]
    kept.put("learns", "model", 0, SCORES)
    kept.put("learns", "model", 1, SCORES[::-1])
    told = []
    found = _run_all(drills, kept, 1, lambda done, total: told.append((done, total)))
    assert found == {"model": [*SCORES, *SCORES[::-1]]}  # in the drills' order
    assert told == []  # no drill was run: nothing listens at this address
