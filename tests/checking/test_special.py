"""A function that stumbles over one kind of input alone is told so; any other error stays as it is."""

import numpy as np
import pytest

from autograder.checking import special
from autograder.checking.stops import Stopped, StudentError
from autograder.checking.verdicts import Outcome

ERROR = StudentError("TypeError", ("TypeError",), "scale", 3, "return a[0, 1]")
SEEN = "An array is read well; this is a list"


def reads(*kinds, outcome=Outcome.RAISED):
    """A function as the check sees a student's: it reads these kinds of arguments and raises for others."""

    def function(value):
        if not isinstance(value, kinds):
            raise Stopped(outcome, "{call} raised", error=ERROR if outcome is Outcome.RAISED else None)
        return len(value)

    return function


def called(function):
    return special(function, ([1, 2],), plain=(np.ones(2),), seen=SEEN, hint="look there")


def test_what_is_returned_comes_back():
    assert called(reads(list, np.ndarray)) == 2


def test_the_difference_is_named_with_the_line_that_raised():
    with pytest.raises(Stopped) as stopped:
        called(reads(np.ndarray))
    assert stopped.value.outcome is Outcome.FAILED
    assert stopped.value.hint == "look there"
    assert stopped.value.message == (
        "An array is read well; this is a list, and there {call} raised TypeError in cell scale, line 3: "
        "`return a[0, 1]`."
    )


def test_a_function_that_raises_for_both_has_another_trouble():
    with pytest.raises(Stopped) as stopped:
        called(reads(dict))
    assert stopped.value.outcome is Outcome.RAISED
    assert stopped.value.message == "{call} raised"


def test_a_limit_that_was_met_is_no_error():
    with pytest.raises(Stopped) as stopped:
        called(reads(np.ndarray, outcome=Outcome.TIMED_OUT))
    assert stopped.value.outcome is Outcome.TIMED_OUT
