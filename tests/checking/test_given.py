"""Models that a check hands to a student's function: real Keras models whose weights the check knows."""

import numpy as np
import pytest

from autograder.checking import LayerSpec, Submission, given_model
from autograder.checking.stops import Stopped
from autograder.checking.verdicts import Outcome
from autograder.wire.values import Handle
from autograder.worker.launcher import WarmServer, hire

CELL = """
import keras
def answers(model, x):
    return [isinstance(model, keras.Model), model.predict(x, verbose=0), model(x)]
def spoil():
    keras.Sequential = lambda layers: "no model"
"""


@pytest.fixture(scope="module")
def submission():
    with WarmServer.start() as server:

        def place():
            worker = hire(server.address)
            question = {"ask": "run_cell", "name": "f", "source": CELL, "seconds": 30.0}
            assert worker.ask(question, lambda _: {}, 60.0)["outcome"] == "ok"
            return worker

        submission = Submission(place)
        yield submission
        submission.close()


def dense(weights):
    return LayerSpec(
        "Dense", {"units": weights.shape[1], "use_bias": False}, (None, len(weights)), (weights,)
    )


def test_a_function_gets_a_keras_model_with_the_check_s_weights(submission):
    rng = np.random.default_rng(2)
    first, second = (rng.normal(size=shape).astype("float32") for shape in ((3, 4), (4, 2)))
    model = given_model(submission.answers, (3,), [dense(first), dense(second)])
    x = rng.normal(size=(5, 3)).astype("float32")
    is_model, predicted, called = submission.answers(model, x)
    assert is_model is True
    for got in (predicted, called):
        np.testing.assert_allclose(got, x @ first @ second, rtol=1e-4, atol=1e-5)


def test_a_free_axis_takes_any_length(submission):
    model = given_model(submission.answers, (None, 1), [LayerSpec("GlobalMaxPooling1D")])
    for length in (2, 5):
        x = np.arange(length, dtype="float32").reshape(1, length, 1)
        assert submission.answers(model, x)[1].tolist() == [[length - 1]]


def test_a_notebook_that_spoils_the_model_is_told(submission):
    submission.spoil()
    with pytest.raises(Stopped) as stopped:
        given_model(submission.answers, (3,), [])
    assert stopped.value.outcome is Outcome.FAILED
    assert stopped.value.message == (
        "the model that `answers` is to be called with could not be built in your notebook."
    )


def test_a_layer_is_no_model():
    class Place:
        fate = ""

        def ask(self, question, serve, seconds):
            return {"outcome": "returned", "value": Handle(1, "layer")}

        def close(self):
            pass

    with pytest.raises(Stopped, match="could not be built"):
        given_model(Submission(Place).f, (3,), [])
