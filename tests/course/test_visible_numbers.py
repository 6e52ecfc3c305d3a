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
