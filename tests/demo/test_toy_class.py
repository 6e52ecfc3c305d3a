"""The made-up class: what was designed is what was handed in, and the points follow from the design."""

from pathlib import Path

import pytest

from autograder.assurance.toy_class import (
    ASSIGNMENT,
    CLASS,
    EVERYTHING,
    HandedIn,
    expected_points,
    write_class,
)
from autograder.assurance.variants import variants
from autograder.course import find_assignment, find_course
from autograder.grading.intake import read_submission

ROOT = Path(__file__).parents[2]
ALL_POINTS = 19.0


@pytest.fixture(scope="module")
def assignment():
    return find_assignment(find_course(ROOT), ASSIGNMENT)


@pytest.fixture(scope="module")
def intakes(assignment, tmp_path_factory):
    """Every hand-in as the intake reads it, by (student, number)."""
    inbound = tmp_path_factory.mktemp("inbound")
    write_class(assignment, inbound)
    found = {}
    for folder in sorted(inbound.iterdir()):
        student, _, _, number = folder.name.split("+")
        found[student, int(number)] = read_submission(folder, assignment)
    return found


def hand_ins():
    return [(m.student, number, item) for m in CLASS for number, item in enumerate(m.handed_in)]


def test_there_are_at_least_sixteen_students_of_different_names():
    assert len({member.student for member in CLASS}) == len(CLASS) >= 16


@pytest.mark.parametrize(("student", "number", "item"), hand_ins())
def test_a_hand_in_is_readable_exactly_where_it_was_designed_so(intakes, student, number, item):
    assert (intakes[student, number].unreadable == "") == item.readable


@pytest.mark.parametrize(("student", "number", "item"), hand_ins())
def test_every_mistake_says_what_it_loses_and_every_right_answer_loses_nothing(
    assignment, student, number, item
):
    kinds = {variant.symbol: variant.kind for variant in variants(assignment.solutions)}
    for exercise, answer in item.answers.items():
        if answer.symbol:
            assert answer.symbol.split("__")[0] == exercise
            assert (kinds[answer.symbol] == "wrong") == (answer.loses != ()), f"{student} {number}"


def is_stub(item, exercise):
    answer = item.answers.get(exercise)
    return not item.rest if answer is None else not answer.text and answer.loses == EVERYTHING


@pytest.mark.parametrize(("student", "number", "item"), [each for each in hand_ins() if each[2].readable])
def test_stubs_of_the_design_are_untouched_or_absent_cells(assignment, intakes, student, number, item):
    intake = intakes[student, number]
    assert intake.untouched | intake.absent == {name for name in assignment.points if is_stub(item, name)}


def test_right_answers_earn_everything_and_stubs_nothing(assignment):
    assert expected_points(assignment, HandedIn()) == ALL_POINTS == sum(assignment.points.values())
    assert expected_points(assignment, HandedIn(rest=False)) == 0.0
    assert expected_points(assignment, HandedIn(readable=False)) == 0.0


@pytest.mark.parametrize("item", [item for _, _, item in hand_ins()])
def test_a_hand_in_with_a_mistake_earns_less(assignment, item):
    loses = not item.readable or not item.rest or any(answer.loses for answer in item.answers.values())
    assert (expected_points(assignment, item) < ALL_POINTS) == loses


@pytest.mark.parametrize(
    ("student", "sentence"),
    [
        ("hugo", "No cell was found for this exercise"),
        ("hugo", "This cell was missing; the original was put back."),
        ("nora", "This cell defines `onehot`"),
        ("oscar", "had lost the names"),
        ("samir", "another language than Python (R)"),
        ("tess", "is called Untitled3.ipynb"),
        ("tess", "This cell had been moved"),
    ],
)
def test_what_was_put_right_is_said(intakes, student, sentence):
    assert any(sentence in repair.what for repair in intakes[student, 0].repairs)


@pytest.mark.parametrize("student", ["alice", "bruno", "chloe", "emma", "marc", "rosa"])
def test_a_notebook_without_damage_needs_no_repair(intakes, student):
    assert intakes[student, 0].repairs == ()


def test_a_saved_picture_is_kept(intakes):
    assert len(intakes["alice", 0].pictures) == 1
