"""What students read below an exercise: a line per check, a count, and never a traceback."""

import sys

import numpy as np
import pytest

from autograder.classroom.visible_checks import (
    NotYet,
    gives,
    has_dtype,
    has_shape,
    leaves_unchanged,
    model_has,
    refuses,
    run_checks,
)


def double(numbers):
    return np.asarray(numbers) * 2


def stub(numbers):
    raise NotImplementedError


def test_a_line_per_check_and_a_count(capsys):
    run_checks(double, gives([1, 2], result=[2, 4]), has_shape([1, 2], shape=(2,)))
    assert capsys.readouterr().out == (
        "ok   double([1, 2]) gives [2, 4]\n"
        "ok   double([1, 2]) has shape (2,)\n"
        "visible checks 2/2 — hidden checks run at grading\n"
    )


def test_what_does_not_pass_says_what_was_seen_and_ends_in_one_sentence(capsys):
    checks = [
        gives([1], result=[3]),
        has_shape([1], shape=(1, 1)),
        has_dtype([1.0], dtype="float32"),
        refuses([-1], error=ValueError),
        gives([2], result=[4]),
    ]
    with pytest.raises(NotYet, match=r"^double: 4 of 5 visible checks do not pass yet\.$"):
        run_checks(double, *checks)
    assert capsys.readouterr().out == (
        "no   double([1]) gives [3]\n"
        "     yours gives [2]\n"
        "no   double([1]) has shape (1, 1)\n"
        "     yours has shape (1,)\n"
        "no   double([1.0]) has dtype float32\n"
        "     yours has dtype float64\n"
        "no   double([-1]) raises ValueError\n"
        "     yours gives [-2]\n"
        "ok   double([2]) gives [4]\n"
        "visible checks 1/5 — hidden checks run at grading\n"
    )


def test_an_untouched_stub_gives_a_kind_line(capsys):
    with pytest.raises(NotYet) as caught:
        run_checks(stub, gives([1], result=[2]), refuses([1], error=NotImplementedError))
    assert caught.value._render_traceback_() == [
        "stub is not written yet: fill in its cell above, then run this cell again."
    ]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "check", [refuses([1], error=Exception), has_shape([1], shape=(1,)), leaves_unchanged([1])]
)
def test_an_untouched_stub_never_passes(check):
    with pytest.raises(NotYet, match="not written yet"):
        run_checks(stub, check)


def test_an_exception_becomes_a_line(capsys):
    def crashes(numbers):
        return {}[f"no such\n{numbers}"]

    with pytest.raises(NotYet):
        run_checks(crashes, gives([1], result=[2]), refuses([1], error=ValueError))
    assert capsys.readouterr().out.splitlines()[:4] == [
        "no   crashes([1]) gives [2]",
        "     yours raises KeyError: 'no such\\n[1]'",
        "no   crashes([1]) raises ValueError",
        "     yours raises KeyError",
    ]


def test_a_warning_is_no_failure(capsys):
    def warns(number):
        sys.stderr.write("UserWarning: careful")
        return number

    run_checks(warns, gives(1, result=1))
    assert capsys.readouterr().err == ""


def test_what_a_function_prints_stays_visible(capsys):
    def prints(number):
        print("I was here")
        return number

    run_checks(prints, gives(1, result=1))
    assert capsys.readouterr().out.startswith("I was here\n")


def test_changed_arguments_are_seen():
    def sorts(numbers):
        numbers.sort()

    with pytest.raises(NotYet):
        run_checks(sorts, leaves_unchanged([2, 1]))
    run_checks(sorted, leaves_unchanged([2, 1]))


def test_tuples_arrays_and_whole_floats_count_as_the_same():
    run_checks(lambda: (np.float32(1), np.array([2.0])), gives(result=[1, [2]]))
    run_checks(lambda: {"a": np.int64(3)}, gives(result={"a": 3}))


def test_a_missing_model_is_a_line(capsys):
    with pytest.raises(NotYet):
        run_checks(lambda depth: None, model_has(7, input_shape=(None, 7)), model_has(7, parameters=8))
    assert "yours has input_shape None" in capsys.readouterr().out


def test_long_values_are_cut_and_spaces_in_texts_stay(capsys):
    run_checks(lambda text: text, gives("two  spaces " * 20, result="two  spaces " * 20))
    assert "'two  spaces two" in capsys.readouterr().out
