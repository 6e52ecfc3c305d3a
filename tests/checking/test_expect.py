"""What a check's sentences say, and what they let pass."""

import numpy as np
import pytest

from autograder.checking import CallReport, expect
from autograder.checking.stops import Stopped, StudentError
from autograder.checking.verdicts import Outcome
from autograder.wire.values import Uncarriable


def said(check, *args, **kwargs):
    with pytest.raises(Stopped) as stopped:
        check(*args, **kwargs)
    assert stopped.value.outcome is Outcome.FAILED
    assert stopped.value.hint == "look there"
    return stopped.value.message


def array(got, want, axes="batch time depth", **options):
    return said(expect.array, got, want, axes=axes, hint="look there", **options)


WANT = np.arange(24, dtype=np.float32).reshape(2, 3, 4)


def test_the_reference_itself_passes():
    expect.array(WANT.copy(), WANT, axes="batch time depth", dtype="float32", hint="look there")


def test_a_list_is_no_array():
    assert array(WANT.tolist(), WANT) == "{call} returned a list, where a NumPy array is asked."


def test_none_asks_for_a_return():
    assert "is a `return` missing" in array(None, WANT)


def test_an_object_is_named_by_its_type():
    assert "an object of type set" in array(Uncarriable("set"), WANT)


def test_exchanged_axes_are_named():
    message = array(WANT.transpose(0, 2, 1), WANT)
    assert message == (
        "{call} returned shape (2, 4, 3); axes are (batch, time, depth): time and depth look exchanged."
    )


def test_exchange_of_equal_lengths_is_seen_in_the_values():
    want = np.arange(9.0).reshape(3, 3)
    assert "time and depth look exchanged" in array(want.T, want, axes="time depth")


def test_an_extra_last_axis_is_named():
    assert "extra last axis of 1" in array(WANT[..., None], WANT)


def test_a_missing_batch_axis_is_named():
    assert "the batch axis is missing" in array(WANT[0], WANT[:1])


def test_a_flattened_batch_is_named():
    assert "batch and time were flattened into one" in array(WANT.reshape(6, 4), WANT)


def test_the_number_of_axes_comes_before_their_lengths():
    message = array(np.zeros((5, 5)), WANT)
    assert message == "{call} returned shape (5, 5); 3 axes (batch, time, depth) are asked, and it has 2."


def test_the_first_wrong_axis_is_named():
    assert "time has 5, and 3 is asked" in array(np.zeros((2, 5, 9)), WANT)


def test_shape_comes_before_dtype_and_dtype_before_values():
    assert "float64" not in array(np.zeros((2, 3, 5)), WANT, dtype="float32")
    assert "dtype float64, where float32 is asked" in array(np.zeros((2, 3, 4)), WANT, dtype="float32")


def test_any_integer_dtype_passes_as_integer():
    for dtype in (np.int8, np.int64, np.uint16):
        expect.array(np.arange(3, dtype=dtype), np.arange(3), axes="n", dtype="integer", hint="look there")
    assert "an integer dtype" in array(np.arange(3.0), np.arange(3), axes="n", dtype="integer")


def test_values_show_the_received_one_only():
    got = WANT.copy()
    got[1, 2, 3] = 77
    message = array(got, WANT)
    assert "1 of 24 values differ, the first at [1, 2, 3], where yours is 77.0" in message
    assert "23.0" not in message


def test_nan_is_no_wildcard():
    got = WANT.copy()
    got[0, 0, 0] = np.nan
    assert "1 of its 24 values are nan" in array(got, WANT)
    expect.array(got, got.copy(), axes="batch time depth", hint="look there")


def test_a_named_confusion_wins_over_the_general_sentence():
    shifted = WANT + 1
    assert array(shifted, WANT, confusions={"id 3 lights column 2": shifted}) == "id 3 lights column 2"


def test_a_confusion_equal_to_the_reference_never_fails_a_right_answer():
    expect.array(WANT.copy(), WANT, axes="batch time depth", hint="look there", confusions={"wrong": WANT})


def test_tolerance_is_what_was_asked():
    expect.array(WANT + 1e-7, WANT, axes="batch time depth", atol=1e-6, hint="look there")
    assert "values differ" in array(WANT.astype(float) + 1e-5, WANT, atol=1e-6)


@pytest.mark.parametrize("got", [np.array(["a", "b"]), np.array([1j, 2]), np.array([]), np.zeros((2, 0))])
def test_strange_arrays_end_in_a_sentence(got):
    assert array(got, np.arange(2.0), axes="n")


@pytest.mark.parametrize("got", [[[1, 2], [3]], ([1, 2], (3,)), [np.array([1, 2]), np.array([3])]])
def test_sequences_of_any_kind_are_equal(got):
    expect.equal(got, [[1, 2], [3]], hint="look there")


def test_numpy_scalars_equal_numbers():
    expect.equal({"good": np.int64(3)}, {"good": 3}, hint="look there")


def equal(got, want, **options):
    return said(expect.equal, got, want, hint="look there", **options)


def test_a_shorter_list_is_counted():
    assert equal([1, 2], [1, 2, 3]) == "{call} has 2 items, and 3 are asked."


def test_the_first_wrong_item_is_shown_as_received():
    assert equal([1, 9, 3], [1, 2, 3]) == "{call} has 9 as item 1, which is not right."
    assert equal([[1], [2, 9]], [[1], [2, 3]]).startswith("{call} differs in item 1")


def test_a_dict_says_which_key():
    assert "has a key 'zzdev' that does not belong there" in equal({"a": 1, "zzdev": 2}, {"a": 1})
    assert "has 4 for 'a'" in equal({"a": 4}, {"a": 1})
    assert "has 1 keys, and 2 are asked" in equal({"a": 1}, {"a": 1, "b": 2})


def test_another_kind_is_named():
    assert equal("abc", ["a", "b", "c"]) == "{call} returned a text, where a list is asked."
    assert "an object of type generator" in equal(Uncarriable("generator"), [1])


def test_nan_equals_only_nan():
    nan = float("nan")
    expect.equal([nan], [nan], hint="look there")
    assert equal([nan], [1.0])
    assert equal([1.0], [nan])


def test_a_huge_int_has_a_sentence():
    assert equal(10**38, 3)


def test_that_takes_only_a_true_bool():
    expect.that(np.bool_(True), "seen", hint="look there")
    for condition in (False, 0, None, "yes", [1], Uncarriable("object")):
        assert said(expect.that, condition, "seen", hint="look there") == "seen"


def raising(name, *ancestors):
    def call():
        error = StudentError(name, ancestors)
        raise Stopped(Outcome.RAISED, "{call} raised", error=error)

    return call


def test_raises_takes_the_error_and_what_derives_from_it():
    expect.raises(ValueError, raising("ValueError", "ValueError", "Exception"), hint="look there")
    expect.raises(ValueError, raising("MyError", "ValueError", "Exception"), hint="look there")
    expect.raises(LookupError, raising("KeyError", "KeyError", "LookupError"), hint="look there")


def test_raises_names_another_error():
    message = said(expect.raises, ValueError, raising("IndexError", "IndexError"), hint="look there")
    assert message == "{call} raised IndexError; ValueError is asked here."


def test_an_error_that_only_has_the_right_name_is_not_enough():
    message = said(expect.raises, ValueError, raising("ValueError"), hint="look there")
    assert "an exception of your own" in message


def test_raises_names_a_call_that_returns():
    assert "returned a list; ValueError is asked" in said(
        expect.raises, ValueError, lambda: [1], hint="look there"
    )
    assert (
        said(expect.raises, ValueError, lambda: [1], hint="look there", otherwise="-1 wrapped")
        == "-1 wrapped"
    )


def test_raises_lets_other_outcomes_through():
    def missing():
        raise Stopped(Outcome.MISSING, "not there")

    with pytest.raises(Stopped) as stopped:
        expect.raises(ValueError, missing, hint="look there")
    assert stopped.value.outcome is Outcome.MISSING


def test_unchanged_names_the_argument():
    expect.unchanged(CallReport(1), hint="look there")
    assert (
        said(expect.unchanged, CallReport(1, ("ids",)), hint="look there")
        == "{call} changed its argument ids."
    )


def test_a_global_generator_that_moved_is_named():
    expect.own_generator(CallReport(1), hint="look there")
    assert (
        said(expect.own_generator, CallReport(1, generators=("numpy.random",)), hint="look there")
        == "{call} changed the global generator of numpy.random, "
        "so every random number that is drawn after it changes too."
    )


def test_sequence_and_mapping_refuse_other_kinds():
    assert expect.sequence((1, 2), hint="look there") == [1, 2]
    assert expect.mapping({"a": 1}, hint="look there") == {"a": 1}
    assert "a text, where a list is asked" in said(expect.sequence, "ab", hint="look there")
    assert "a list, where a dict is asked" in said(expect.mapping, [1], hint="look there")


def test_axes_that_do_not_fit_are_the_checks_own_fault():
    with pytest.raises(ValueError, match="axes names 3 axes"):
        expect.array(WANT, WANT, axes="batch time", hint="look there")


STATES = {"h": WANT[0], "c": WANT[1]}


def arrays(got, **options):
    axes = {"h": "batch units", "c": "batch units"}
    return said(expect.arrays, got, STATES, axes=axes, hint="look there", **options)


@pytest.mark.parametrize("kind", [tuple, list])
def test_several_arrays_pass_as_list_or_tuple(kind):
    axes = {"h": "batch units", "c": "batch units"}
    got = kind((WANT[0].copy(), WANT[1].copy()))
    expect.arrays(got, STATES, axes=axes, dtype="float32", hint="look there", confusions={"no": (WANT[1],)})


def test_a_wrong_array_among_several_is_named():
    assert arrays((WANT[0], WANT[1].T)).startswith(
        "`c` of {call} returned shape (4, 3); axes are (batch, units)"
    )
    assert arrays((WANT[0] + 1, WANT[1])).startswith("`h` of {call} has the right shape, but 12 of 12 values")


def test_too_few_or_no_arrays_are_told_with_their_names():
    assert arrays((WANT[0],)) == "{call} returned 1 values, where 2 are asked: h and c."
    assert arrays(WANT[0]) == "{call} returned an array of shape (3, 4), where 2 are asked: h and c."
    assert arrays(None).endswith("where h and c are asked.")
    assert arrays((WANT[0], None)).startswith("`c` of {call} returned None")


def test_a_confusion_of_several_arrays_is_told_by_its_name():
    exchanged = {"h and c are exchanged": [WANT[1], WANT[0]], "alone": [WANT[0]]}
    assert arrays((WANT[1], WANT[0]), confusions=exchanged) == "h and c are exchanged"
    assert arrays([WANT[0]], confusions=exchanged) == "alone"
