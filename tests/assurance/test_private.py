"""The instructor's private folder: more checks and answers under the same names, proven with the rest."""

from __future__ import annotations

import json

import pytest

from autograder.assurance.evidence import gather
from autograder.assurance.messages import texts
from autograder.assurance.prove import examine, weigh
from autograder.assurance.variants import as_cell, variants
from autograder.commands.calibrating import calibrate_assignment
from autograder.course import find_assignment, find_course
from autograder.grading.content import content_hashes

CHECKS = '''"""Private checks of the toy."""

from autograder.checking import exercise, expect, threshold


@exercise("triple", weight=3)
def test_triples_what_is_below_zero(submission):
    """`triple(x)` is three times x below zero too."""
    expect.equal(submission.triple(-5), -15, hint="What is minus five and minus five and minus five?")
    expect.that(submission.triple(1) >= threshold("height"), "{call} is too low.", hint="How high is it?")
'''
SOLUTIONS = '''"""Private answers to the toy."""


def triple__wrong_without_sign(x):
    """Loses the sign, for which only the private check looks."""
    return abs(_total([x, x, x]))


def triple__right_private(x):
    """Calls the reference."""
    return triple(x)
'''


@pytest.fixture
def private(toy):
    """The toy with an overlay; its public answers get along with numbers below zero."""
    toy.change(
        toy.solutions,
        "0 if x == 0 else 3 + triple__right_recursive(x - 1)",
        "x + x + x",  # ends below zero too
    )
    files = {
        "private/tests/hidden/test_toy.py": CHECKS,
        "private/tests/hidden/thresholds/toy.json": '{"bars": {"height": {"bar": 2.5}}}',
        "private/solutions/toy.py": SOLUTIONS,
    }
    for name, text in files.items():
        (toy.root / name).parent.mkdir(parents=True, exist_ok=True)
        (toy.root / name).write_text(text)
    return toy


def test_private_checks_and_answers_are_proven_with_the_public_ones(private):
    assignment = private.assignment
    evidence = gather(private.course, assignment, jobs=1)
    offences = [*examine(assignment), *weigh(assignment, evidence)]
    assert [str(offence) for offence in offences] == []
    found = {variant.symbol: report.exercises[variant.function] for variant, report in evidence.wrong}
    half_right = found["triple__wrong_without_sign"]
    assert (half_right.points, half_right.max_points) == (0.5, 2.0)  # weights 1 and 3
    assert [line.check for line in half_right.verdicts] == ["triples", "triples_what_is_below_zero"]
    assert [line.outcome for line in half_right.verdicts] == ["PASSED", "FAILED"]

    golden = texts(assignment, evidence)
    assert "triple__wrong_without_sign" not in golden
    assert "below zero" not in "".join(golden.values())

    without = weigh(assignment, gather_without_private_checks(private))
    assert "triple__wrong_without_sign: is wrong and gets all points: no check finds it." in map(str, without)


def gather_without_private_checks(private):
    (private.root / "private/tests/hidden/test_toy.py").unlink()
    return gather(private.course, private.assignment, jobs=1)


def test_a_private_answer_may_use_what_the_public_file_defines(private):
    files = private.assignment.solution_files
    (wrong,) = [v for v in variants(files) if v.symbol == "triple__wrong_without_sign"]
    scope = {}
    exec(as_cell(files, wrong), scope)
    assert scope["triple"](-2) == 6


def hashes(toy):
    return content_hashes(toy.course, toy.assignment, b"s" * 32, "")


def test_a_report_depends_on_each_private_file(private):
    seen = [hashes(private)]
    for name in ("tests/hidden/test_toy.py", "tests/hidden/thresholds/toy.json", "solutions/toy.py"):
        file = private.root / "private" / name
        file.write_text(file.read_text() + "\n")
        seen.append(hashes(private))
    assert len({found["private"] for found in seen}) == 4
    assert len({found["checks"] for found in seen}) == 1


def test_without_a_private_folder_nothing_is_private(toy):
    assert hashes(toy)["private"] == ""
    assert toy.assignment.check_files == (toy.checks,)
    assert toy.assignment.solution_files == (toy.solutions,)


def test_a_name_that_public_and_private_share_is_an_offence(private):
    private.change(
        private.root / "private/tests/hidden/test_toy.py", "test_triples_what_is_below_zero", "test_triples"
    )
    private.change(
        private.root / "private/solutions/toy.py", "triple__wrong_without_sign", "triple__wrong_power"
    )
    assert [str(offence) for offence in examine(private.assignment)] == [
        "triples: 2 checks have this name, so only the last one runs.",
        "triple__wrong_power: is defined twice in the solutions, public and private.",
    ]


def test_the_folder_may_have_another_name(private):
    (private.root / "private").rename(private.root / "secret")
    config = private.root / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.Autograder.private = "secret"\n')
    assignment = find_assignment(find_course(private.root), "toy")
    assert assignment.check_files[1:] == (private.root / "secret/tests/hidden/test_toy.py",)


TRAINED = '''

import numpy as np

from autograder.checking import reaches


@exercise("triple")
def test_is_right_nearly_always(submission, seeds):
    """`triple(x)` is three times x for numbers of any sign."""

    def run(seed):
        numbers = np.random.default_rng(seed).integers(-50, 50, 200).tolist()
        yield {"share_of_right_ones": sum(submission.triple(x) == 3 * x for x in numbers) / 200}

    reaches(seeds, run, hint="Try some below zero.")
'''


def test_the_bars_of_private_checks_are_calibrated_beside_them(private, capsys):
    private.change(
        private.root / "private/tests/hidden/test_toy.py",
        "from autograder.checking import exercise, expect, threshold",
        "from autograder.checking import exercise, expect, threshold" + TRAINED,
    )
    public = private.solutions.read_text()
    assert calibrate_assignment(private.course, "toy", runs=30, wrong_runs=6, jobs=1) == 0
    written = json.loads((private.root / "private/tests/hidden/thresholds/toy.json").read_text())
    bar = written["bars"]["share_of_right_ones"]
    assert (bar["right"]["runs"], bar["right"]["min"]) == (30, 1.0)
    assert bar["wrong"]["max"] < bar["bar"] < 1.0
    assert bar["nearest_wrong"] == "triple__wrong_without_sign"
    assert written["checks"]["is_right_nearly_always"]["failures"] == 0
    assert "private/tests/hidden/thresholds/toy.json" in capsys.readouterr().out
    assert not (private.checks.parent / "thresholds" / "toy.json").exists()
    assert private.solutions.read_text() == public
