"""Calibrating the checks that were changed, beside the evidence of those that were not."""

from __future__ import annotations

import json

import pytest

from autograder.commands.calibrating import calibrate_assignment
from autograder.errors import CourseError

TRAINED = '''

@exercise("{name}")
def test_learns_to_{name}(submission, seeds):
    """Numbers below 50 are right, as good as trained."""

    def run(seed):
        numbers = np.random.default_rng(seed).integers(0, 50, 200).tolist()
        yield {{"share_of_{name}": sum(submission.{name}(x) == {times} * x for x in numbers) / 200}}

    reaches(seeds, run, hint="Try some more of them.")
'''


@pytest.fixture
def toy(toy):
    """The toy with a check for each of its functions that trains, or as good as."""
    trained = [TRAINED.format(name=name, times=times) for name, times in (("double", 2), ("triple", 3))]
    toy.change(toy.checks, "import exercise, expect", "import exercise, expect, reaches")
    toy.checks.write_text(toy.checks.read_text().replace("\n\n\n", "\nimport numpy as np\n\n\n", 1))
    toy.checks.write_text(toy.checks.read_text() + "".join(trained))
    return toy


def calibrate(toy, only=(), runs=6):
    return calibrate_assignment(toy.course, "toy", runs=runs, wrong_runs=6, jobs=1, only=only)


def evidence(toy):
    return json.loads((toy.checks.parent / "thresholds" / "toy.json").read_text())


def test_one_check_alone_leaves_what_is_written_of_the_others(toy):
    assert calibrate(toy) == 0
    before = evidence(toy)
    assert calibrate(toy, ["learns_to_double"], runs=9) == 0
    after = evidence(toy)
    assert after["checks"]["learns_to_double"]["runs"] == 9
    assert after["checks"]["learns_to_triple"] == before["checks"]["learns_to_triple"] | {
        "measured": before["measured"]
    }
    assert after["runs"]["learns_to_triple"] == before["runs"]["learns_to_triple"]
    assert after["bars"]["share_of_triple"] == before["bars"]["share_of_triple"]
    assert after["measured"]["command"].endswith("--check learns_to_double --runs 9 --wrong-runs 6")

    assert calibrate(toy, ["learns_to_triple"], runs=9) == 0
    kept = evidence(toy)["checks"]["learns_to_double"]
    assert kept["measured"] == after["measured"]


def test_a_check_that_is_not_trained_is_named(toy):
    known = "these are the trained checks of toy: learns_to_double, learns_to_triple"
    with pytest.raises(CourseError, match=rf"{known} \(got doubles\)"):
        calibrate(toy, ["doubles"])


def test_nothing_is_trained_while_another_check_has_no_evidence(toy):
    with pytest.raises(CourseError, match=r"must be calibrated too \(got learns_to_triple\)"):
        calibrate(toy, ["learns_to_double"])
