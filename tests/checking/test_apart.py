"""Calls in a worker of their own: nothing is remembered, and the rest of the notebook can be taken away."""

import pytest

from autograder.checking import Submission, apart
from autograder.checking.stops import Stopped
from autograder.checking.verdicts import Outcome
from autograder.worker.launcher import WarmServer, hire

CELL = """
def own(x):
    return 2 * x
def keeps(given, kept=own):
    return kept(3)
def asks(given):
    return own(3)
def helper(x):
    return own(x)
def asks_through_a_helper(given):
    return helper(3)
calls = []
def counts(given):
    calls.append(1)
    return len(calls)
def passes_on(given):
    return given(3)
"""


@pytest.fixture(scope="module")
def server():
    with WarmServer.start(("numpy",)) as server:
        yield server


@pytest.fixture
def submission(server):
    def place():
        worker = hire(server.address)
        question = {"ask": "run_cell", "name": "f", "source": CELL, "seconds": 10.0}
        assert worker.ask(question, lambda _: {}, 20.0)["outcome"] == "ok"
        return worker

    submission = Submission(place, cells={"f": CELL})
    yield submission
    submission.close()


def test_each_call_finds_a_fresh_notebook(submission):
    assert [apart(submission.counts, abs) for _ in range(2)] == [1, 1]
    assert [submission.counts(abs) for _ in range(2)] == [1, 2]


def test_a_given_function_is_called_back(submission):
    asked = []
    assert apart(submission.passes_on, lambda x: asked.append(x) or x + 1, without=["own"]) == 4
    assert asked == [3]


@pytest.mark.parametrize("name", ["asks", "keeps", "asks_through_a_helper"])
def test_what_is_taken_away_raises_under_every_name(submission, name):
    function = getattr(submission, name)
    assert apart(function, abs) == 6
    with pytest.raises(Stopped) as stopped:
        apart(function, abs, without=["own", "no_such_name"])
    assert stopped.value.outcome is Outcome.RAISED
    assert "NotImplementedError" in stopped.value.error.ancestors
    assert stopped.value.error.cell == "f"


def test_what_was_taken_away_is_back_afterwards(submission):
    apart(submission.counts, abs, without=["own"])
    assert submission.asks(abs) == 6
