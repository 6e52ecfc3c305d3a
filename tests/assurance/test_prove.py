"""A right assignment is proven; each way of being wrong is an offence."""

import pytest

from autograder.assurance.evidence import gather
from autograder.assurance.prove import killed_by, missing_answers, prove, weigh
from autograder.assurance.reading import checks_of, parse_checks, read_checks


def sentences(offences):
    return [str(offence) for offence in offences]


def test_a_right_assignment_is_proven_and_each_check_knows_what_it_finds(toy):
    evidence = gather(toy.course, toy.assignment, jobs=1)
    assert sentences(weigh(toy.assignment, evidence)) == []
    assert killed_by(evidence) == {
        "doubles": {"double__wrong_square", "double__wrong_changed_reference"},
        "doubles_zero": {"double__wrong_changed_reference"},
        "triples": {"triple__wrong_power", "triple__wrong_nothing"},
    }


def test_every_way_of_being_wrong_is_an_offence(toy):
    toy.change(toy.checks, 'expect.equal(submission.double(0), 0, hint="Nothing twice is nothing.")', "pass")
    toy.change(toy.checks, "submission.double(5), 10", "submission.double(2), 4")
    toy.change(
        toy.checks, "expect.equal(submission.triple(5), 15,", "expect.equal(submission.triple(5), 1 / 0,"
    )
    toy.change(toy.solutions, "return _total([x, x])", "return _total([x, x, 1])")
    release = toy.root / "release" / "toy" / "toy.ipynb"
    release.write_text(release.read_text().replace("raise NotImplementedError()", "return 2 * x", 1))
    seen = []
    offences = sentences(prove(toy.course, toy.assignment, jobs=1, progress=lambda *step: seen.append(step)))
    assert seen == [(n, 7) for n in range(1, 8)]
    expected = [
        "doubles_zero: this check is empty: it asks nothing and expects nothing.",
        "double, doubles: the stub itself, when it is run, is PASSED.",
        "double, doubles_zero: the stub itself, when it is run, is PASSED.",
        "the notebook with solutions: gets 0 of 2 points for triple (triples: BROKEN).",
        "double: gets 0 of 3 points for double (doubles: NOT_ATTEMPTED",
        "triple: gets 0 of 2 points for triple (triples: BROKEN",
        "double__right_sum: gets 2 of 3 points for double (doubles: FAILED",
        "triple__right_recursive: gets 0 of 2 points for triple (triples: BROKEN",
        "double__wrong_square: is wrong and gets all points: no check finds it.",
        "triple__wrong_power: makes the check triples BROKEN.",
        "triple__wrong_nothing: makes the check triples BROKEN.",
        "doubles_zero: passes every wrong answer: it may be empty, or a wrong answer is missing.",
    ]
    assert [o[: len(e)] for o, e in zip(offences, expected, strict=True)] == expected


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('    """`double(0)` is 0."""\n', "", "doubles_zero: this check has no claim"),
        ('@exercise("double", weight=2)\n', "", "doubles_zero: this check is not marked"),
        ('"triple")', '"treble")', "triples: the exercise treble has no points"),
        ('"triple")', '"treble")', "triple: this exercise has points and no check"),
        (', hint="Nothing twice is nothing."', "", "line 15: expect.equal is called without a hint"),
        ('"Nothing twice is nothing."', '" "', "line 15: expect.equal is called without a hint"),
        ("test_doubles_zero", "test_doubles", "doubles: 2 checks have this name"),
        ("submission.double(0)", "0", "doubles_zero: this check never asks the submission"),
    ],
)
def test_what_the_text_of_the_checks_shows(toy, old, new, sentence):
    assert read_checks(toy.assignment) == []
    toy.change(toy.checks, old, new)
    assert [o for o in sentences(read_checks(toy.assignment)) if o.startswith(sentence)] != []


def test_an_exercise_without_wrong_answers_is_an_offence(toy):
    toy.solutions.write_text(toy.solutions.read_text().replace("triple__wrong", "_triple_old"))
    assert sentences(missing_answers(toy.assignment)) == [
        "triple: solutions/toy.py has no wrong answer to it."
    ]


def test_answers_to_no_exercise_are_an_offence(toy):
    toy.solutions.write_text(toy.solutions.read_text() + "\n\ndef treble__wrong_x(x):\n    return x\n")
    assert sentences(missing_answers(toy.assignment)) == [
        "treble: has answers but is no exercise with points."
    ]


def test_an_answer_that_needs_what_its_file_lacks_is_an_offence(toy):
    toy.change(toy.solutions, "int(math.pow(x, 3))", "int(math.pow(x, THREE))")
    assert sentences(missing_answers(toy.assignment)) == [
        "triple__wrong_power: uses THREE, which its file does not define."
    ]


def test_the_weight_of_a_check_is_read(toy):
    checks = checks_of(parse_checks(toy.assignment))
    assert [(c.exercise, c.name, c.weight) for c in checks] == [
        ("double", "doubles", 1.0),
        ("double", "doubles_zero", 2.0),
        ("triple", "triples", 1.0),
    ]
