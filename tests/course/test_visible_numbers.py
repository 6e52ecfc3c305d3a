"""Visible checks of functions that compute: numbers to some digits, arrays and functions in short words."""

import math

import numpy as np
import pytest

from autograder.classroom.visible_checks import NotYet, gives, gives_about, run_checks


def halves(numbers):
    return np.asarray(numbers) / 2, [0.5]


def test_numbers_may_differ_a_little(capsys):
    run_checks(halves, gives_about(np.array([1.0]), result=([0.50004], [0.5])))
    assert capsys.readouterr().out.splitlines()[0] == "ok   halves([1.0]) gives about [[0.50004], [0.5]]"


@pytest.mark.parametrize(
    "result", [([0.51], [0.5]), ([0.5], [0.5], [0.5]), [[0.5, 0.5], [0.5]], 0.5, [0.5, 0.5]]
)
def test_other_numbers_or_another_nesting_do_not_pass(result, capsys):
    with pytest.raises(NotYet):
        run_checks(halves, gives_about(np.array([1.0]), result=result))
    assert capsys.readouterr().out.splitlines()[1] == "     yours gives [[0.5], [0.5]]"


def test_what_differs_is_shown_to_four_digits(capsys):
    with pytest.raises(NotYet):
        run_checks(math.sqrt, gives_about(2.0, result=1.5))
    assert capsys.readouterr().out.splitlines()[1] == "     yours gives 1.4142"


@pytest.mark.parametrize("value", [None, "text", float("nan"), {"a": 1}, [None]])
def test_what_is_no_number_does_not_pass(value):
    with pytest.raises(NotYet):
        run_checks(lambda: value, gives_about(result=[1.0]))


def test_large_arrays_and_functions_are_named_shortly(capsys):
    def shape_of(array, function):
        return function(array).shape

    run_checks(shape_of, gives(np.zeros((2, 5)), np.sin, result=(2, 5)))
    assert capsys.readouterr().out.splitlines()[0] == "ok   shape_of(array of shape (2, 5), sin) gives [2, 5]"


def test_of_several_measures_only_those_that_differ_are_shown(capsys):
    wanted = {"accuracy": 2 / 3, "precision": 0.5, "recall": 0.25, "f1": 1 / 3, "balanced_accuracy": 0.5625}

    def nearly(_labels):
        return wanted | {"f1": 0.375, "accuracy": 2 / 3 + 1e-12}

    with pytest.raises(NotYet):
        run_checks(nearly, gives([0, 1], result=wanted))
    assert capsys.readouterr().out.splitlines()[:2] == [
        "no   nearly([0, 1]) gives {'accuracy': 0.6667, 'precision': 0.5, 'recall': 0.25, 'f1': 0.3333,"
        " 'balanced_accuracy': 0.5625}",
        "     yours gives {'f1': 0.375}",
    ]


def test_a_dict_with_other_keys_and_a_number_for_a_dict_do_not_pass(capsys):
    for answer in ({"a": 1, "b": 2}, {"b": 1}, 1, [1]):
        with pytest.raises(NotYet):
            run_checks(lambda _, answer=answer: answer, gives(0, result={"a": 1}))
    assert capsys.readouterr().out.count("yours gives") == 4
