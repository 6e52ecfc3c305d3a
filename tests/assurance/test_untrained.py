"""What is proven without training: the evidence of checks that train is read in their place."""

from __future__ import annotations

import json

import pytest

from autograder.assurance.prove import weigh
from autograder.assurance.untrained import untrained
from autograder.commands.calibrating import calibrate_assignment
from autograder.commands.proving import proof, prove_assignments
from autograder.errors import CourseError

TRAINED = '''

from autograder import reviews
from autograder.checking import reaches


@exercise("{exercise}")
def test_on_the_lengths_of_reviews(submission, seeds):
    """The lengths of reviews are right, as good as trained."""

    def run(seed):
        lengths = [len(tokens) for tokens in reviews.draw(6, seed).tokens]
        right = sum(submission.{exercise}(n) == {times} * n for n in lengths) / len(lengths)
        yield {{"share": 0.9 * right + seed % 7 / 1000}}

    reaches(seeds, run, hint="Count a few by hand.")
'''
ONLY_TRAINING_TELLS = '''

def double__wrong_beyond_five(x):
    """Right for every number that the other checks try."""
    return 2 * x if x < 6 else x
'''


@pytest.fixture
def toy(toy):
    """The toy with a check that trains (or as good as), and a wrong answer that it alone finds."""
    toy.checks.write_text(toy.checks.read_text() + TRAINED.format(exercise="double", times=2))
    toy.solutions.write_text(toy.solutions.read_text() + ONLY_TRAINING_TELLS)
    bars = toy.checks.parent / "thresholds" / "toy.json"
    bars.parent.mkdir()
    bars.write_text(json.dumps({"bars": {"share": {"bar": 0.5}}}))
    return toy


def sentences(toy) -> list[str]:
    offences, _ = proof(toy.course, toy.assignment, jobs=1, part=untrained(toy.assignment))
    return [str(offence) for offence in offences]


def test_a_wrong_answer_that_only_training_tells_is_found_where_calibration_has_shown_it(toy):
    assert any("double__wrong_beyond_five: is wrong and gets all points" in said for said in sentences(toy))
    assert any("holds no whole evidence for this check" in said for said in sentences(toy))

    assert calibrate_assignment(toy.course, "toy", runs=150, wrong_runs=6, jobs=1) == 0
    part = untrained(toy.assignment)
    assert "double__wrong_beyond_five" in part.told_apart
    assert sentences(toy) == []


def test_checks_that_train_are_not_run(toy):
    part = untrained(toy.assignment)
    assert part.left_out == {"The lengths of reviews are right, as good as trained."}
    _, evidence = proof(toy.course, toy.assignment, jobs=1, part=part)
    run = {line.check for _, report in evidence.right for line in report.exercises["double"].verdicts}
    assert run == {"doubles", "doubles_zero"}
    told = [str(o) for o in weigh(toy.assignment, evidence, told_apart=["double__wrong_beyond_five"])]
    assert told == []


def test_golden_files_are_compared_without_what_trained_checks_say(toy):
    prove_assignments(toy.course, ["toy"], jobs=1, write=True)
    golden = toy.course.messages / "toy"
    assert "as good as trained" in (golden / "double__wrong_square.txt").read_text()
    assert (golden / "double__wrong_beyond_five.txt").read_text().startswith("FAILED: The lengths")
    assert not [said for said in sentences(toy) if "another message" in said]
    toy.change(golden / "double__wrong_square.txt", "five and five", "six and six")
    assert [said for said in sentences(toy) if "double__wrong_square: students would read another" in said]


def test_an_exercise_whose_checks_all_train_cannot_be_proven_so(toy):
    toy.change(toy.checks, "def test_triples(submission)", "def helper(submission)")
    toy.change(toy.checks, '@exercise("triple")\n', "")
    toy.change(toy.checks, "def test_on_the_lengths", "def test_that_double")
    toy.checks.write_text(toy.checks.read_text() + TRAINED.format(exercise="triple", times=3))
    with pytest.raises(CourseError, match=r"prove it without --untrained \(got triple\)"):
        untrained(toy.assignment)


def test_golden_files_are_not_written_of_a_part(toy):
    with pytest.raises(CourseError, match=r"got --write and --untrained"):
        prove_assignments(toy.course, ["toy"], jobs=1, write=True, without_training=True)
