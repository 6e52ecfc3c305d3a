"""Time limits: the innermost one counts, and what was before it is put back."""

from __future__ import annotations

import signal
import time

import pytest

from autograder.worker.alarm import Alarm, Interrupted


@pytest.fixture(autouse=True)
def handler_is_put_back():
    before = signal.getsignal(signal.SIGALRM)
    yield
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    signal.signal(signal.SIGALRM, before)


def for_ever():
    while True:
        pass


def test_work_in_time_gives_its_value():
    assert Alarm().limited(5.0, lambda: 7) == 7


def test_work_beyond_its_time_is_interrupted():
    with pytest.raises(Interrupted):
        Alarm().limited(0.05, for_ever)


def test_an_error_of_the_work_passes_through():
    with pytest.raises(ZeroDivisionError):
        Alarm().limited(5.0, lambda: 1 / 0)


def test_a_student_who_replaces_the_handler_is_limited_the_next_time():
    alarm = Alarm()
    alarm.limited(5.0, lambda: signal.signal(signal.SIGALRM, signal.SIG_IGN))
    with pytest.raises(Interrupted):
        alarm.limited(0.05, for_ever)


def test_an_inner_limit_does_not_end_the_outer_one():
    alarm = Alarm()

    def outer():
        with pytest.raises(Interrupted):
            alarm.limited(0.05, for_ever)
        for_ever()

    with pytest.raises(Interrupted):
        alarm.limited(0.3, outer)


def test_while_held_nothing_is_raised_and_afterwards_at_once():
    alarm = Alarm()
    done = []

    def work():
        alarm.holding(lambda: (time.sleep(0.15), done.append("whole frame")))
        done.append("never here")

    with pytest.raises(Interrupted):
        alarm.limited(0.05, work)
    assert done == ["whole frame"]


def test_a_call_inside_a_held_conversation_has_its_own_limit():
    alarm = Alarm()
    outcomes = []

    def nested():
        with pytest.raises(Interrupted):
            alarm.limited(0.05, for_ever)
        outcomes.append("nested interrupted")

    alarm.limited(5.0, lambda: alarm.holding(nested))
    assert outcomes == ["nested interrupted"]
