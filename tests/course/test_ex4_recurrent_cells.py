"""What is special to ex4_recurrent_cells: its reference is Keras' own arithmetic, and no answer breaks a
check.

Hidden checks compare with the NumPy reference, so that a judge needs no TensorFlow and can ask for the
precision of float64; that the reference is right is held here, against Keras' layers at copied weights.
"""

import ast
import itertools
import json
import subprocess
import sys

import numpy as np
import pytest

from solutions import ex4_recurrent_cells as reference

NAME = "ex4_recurrent_cells"
POINTS = {
    "rnn_step": 2,
    "rnn_forward": 3,
    "lstm_step": 5,
    "lstm_forward": 4,
    "gru_step": 4,
    "my_property": 2,
}
SIGNATURES = {
    "rnn_step": ["x_t", "h", "Wx", "Wh", "b"],
    "rnn_forward": ["x", "h0", "Wx", "Wh", "b"],
    "lstm_step": ["x_t", "h", "c", "K", "U", "b"],
    "lstm_forward": ["x", "h0", "c0", "K", "U", "b", "mask"],
    "gru_step": ["x_t", "h", "K", "U", "b"],
    "my_property": ["lstm"],
}
B, T, D, H = 3, 6, 4, 5


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def close(ours, theirs):
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, np.asarray(other), rtol=1e-9, atol=1e-12)


def layer(keras, kind, rng):
    """A float64 layer that gives series and states, with random weights and biases; and these weights."""
    made = getattr(keras.layers, kind)(H, return_sequences=True, return_state=True, dtype="float64")
    made.build((B, T, D))
    weights = [rng.normal(size=w.shape) for w in made.get_weights()]
    made.set_weights(weights)
    return made, weights


def test_rnn_is_keras_simple_rnn(keras, rng):
    made, weights = layer(keras, "SimpleRNN", rng)
    x, h0 = rng.normal(size=(B, T, D)), rng.normal(size=(B, H))
    close(reference.rnn_forward(x, h0, *weights), made(x, initial_state=[h0]))


def test_lstm_is_keras_lstm(keras, rng):
    made, weights = layer(keras, "LSTM", rng)
    x, h0, c0 = rng.normal(size=(B, T, D)), rng.normal(size=(B, H)), rng.normal(size=(B, H))
    close(reference.lstm_forward(x, h0, c0, *weights), made(x, initial_state=[h0, c0]))


def test_gru_is_keras_gru(keras, rng):
    made, weights = layer(keras, "GRU", rng)
    x, h = rng.normal(size=(B, T, D)), rng.normal(size=(B, H))
    outputs, last = made(x, initial_state=[h])
    for t in range(T):
        h = reference.gru_step(x[:, t], h, *weights)
        close([h], [outputs[:, t]])
    close([h], [last])


def test_a_masked_lstm_is_a_masked_keras_lstm(keras, rng):
    """From zeros, where Keras' outputs before the first real step are those of a copied state."""
    made, weights = layer(keras, "LSTM", rng)
    x, zero = rng.normal(size=(B, T, D)), np.zeros((B, H))
    mask = np.array([[1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 1, 0], [0, 0, 1, 1, 0, 1]], dtype=bool)
    close(reference.lstm_forward(x, zero, zero, *weights, mask), made(x, mask=mask))


def test_of_24_orders_of_the_gates_keras_has_one(keras, rng):
    made, (K, U, b) = layer(keras, "LSTM", rng)
    x, zero = rng.normal(size=(B, 1, D)), np.zeros((B, H))
    _, h, _ = made(x)
    fits = [
        "".join(order)
        for order in itertools.permutations("ifco")
        if np.allclose(reference._lstm_ordered(x[:, 0], zero, zero, K, U, b, "".join(order))[0], h)
    ]
    assert fits == ["ifco"]


def cells(root, folder):
    text = (root / folder / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in json.loads(text)["cells"]}


def test_points_and_signatures_are_those_of_the_course(root):
    source, release = cells(root, "source"), cells(root, "release")
    marks = [cell["metadata"].get("nbgrader", {}) for cell in source.values()]
    graded = {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")}
    assert graded == {f"{name}_checks": points for name, points in POINTS.items()}
    for name, parameters in SIGNATURES.items():
        (function,) = ast.parse(release[name]["source"]).body
        assert [argument.arg for argument in function.args.args] == parameters
        assert [a.arg for a in ast.parse(source[name]["source"]).body[0].args.args] == parameters
        documented = ast.get_docstring(function) or ""
        for part in ("Args:", "Returns:", f"{name}("):
            assert part in documented, (name, part)


def test_each_exercise_is_explained_and_the_notebook_ends_on_a_plot(root):
    source = cells(root, "source")
    for name in POINTS:
        text = source[name.replace("_", "-") + "-text"]["source"]
        assert "**Worked example**" in text
        assert "<details><summary>A hint</summary>" in text
    *_, plot, _, hand_in = source.values()
    assert "plt.show()" in plot["source"]
    assert "demo" in plot["metadata"]["tags"]
    assert hand_in["source"].endswith("hand_in()")


def test_the_release_is_fresh(fresh_release):
    names, _ = fresh_release(NAME)
    assert names == [f"{NAME}.ipynb", "film_reviews.py", "film_reviews.tsv.gz"]


def test_the_notebooks_own_solutions_are_the_reference(root, rng):
    source = cells(root, "source")
    scope = {"np": np}
    for name in POINTS:
        exec(source[name]["source"], scope)
    x, h, c = rng.normal(size=(B, T, D)), rng.normal(size=(B, H)), rng.normal(size=(B, H))
    K, U, b = rng.normal(size=(D, 4 * H)), rng.normal(size=(H, 4 * H)), rng.normal(size=4 * H)
    mask = rng.random((B, T)) < 0.6
    close(scope["lstm_forward"](x, h, c, K, U, b, mask), reference.lstm_forward(x, h, c, K, U, b, mask))
    plain = K[:, :H], U[:, :H], b[:H]
    close(scope["rnn_forward"](x, h, *plain), reference.rnn_forward(x, h, *plain))
    gru = K[:, : 3 * H], U[:, : 3 * H], rng.normal(size=(2, 3 * H))
    close([scope["gru_step"](x[:, 0], h, *gru)], [reference.gru_step(x[:, 0], h, *gru)])
    assert scope["my_property"](reference.lstm_forward) is True
    assert scope["my_property"](reference.lstm_forward__wrong_c0_ignored) is False


RUN = """
import json, os, sys
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
sys.dont_write_bytecode = True
from pathlib import Path
import numpy as np
from autograder.checking.judge import judge
from autograder.checking.submission import Submission
from autograder.wire import Handle, Uncarriable

nan = float("nan")
VALUES = [
    None, True, 3, nan, "text", [], [[]], {}, Uncarriable("set"), [Uncarriable("set")] * 2,
    Handle(1, "model"), np.float32(1), np.bool_(False), np.array(nan), np.array("a"), np.zeros(0),
    np.full((3, 2), nan), np.array([["a", "b"]] * 3), np.ones((3, 2), complex), np.zeros((1,) * 20),
    [np.zeros((3, 5, 2)), None], [np.full((2, 4), np.inf)] * 3, np.zeros((2, 2, 4)),
    (np.zeros((3, 6, 2)), np.zeros((3, 2)), np.zeros((3, 2))), [np.zeros((2, 0))] * 2,
    [np.zeros((3, 0, 5)), np.zeros((3, 5))], [np.array([["a"] * 4] * 2)] * 2,
    [np.array("a")] * 3, [np.zeros(3)] * 2, [np.zeros((2, 2, 4), "int8")] * 3,
]


class Place:
    fate = ""

    def __init__(self, value):
        self.value = value

    def ask(self, question, serve, seconds):
        if question.get("function") == "my_property":
            (given,) = question["args"]
            odd = [self.value, [], np.ones((2, 3, 1)), "x", np.zeros((0, 0)), np.array("a")]
            large = [np.zeros((2, 10**6, 1)), np.zeros((2, 1)), *[np.zeros(4)] * 4]
            for args in (odd, large, odd[:2]):
                reply = serve({"ask": "callback", "number": given.number, "args": args, "kwargs": {}})
                assert reply["outcome"] == "raised", reply
        return {"outcome": "returned", "value": self.value}

    def close(self):
        pass


runs = []
for value in VALUES:
    judgement = judge(Path(sys.argv[1]), Submission(lambda: Place(value)), b"any secret")
    lines = [line for lines in judgement.verdicts.values() for line in lines]
    passed = [line.check for line in lines if line.outcome == "PASSED"]
    seen = {"value": repr(value)[:60], "faults": judgement.faults}
    runs.append({**seen, "passed": passed, "checks": len(lines)})
print(json.dumps(runs))
"""


def test_no_answer_breaks_a_check_and_no_constant_passes_many(root):
    argv = [sys.executable, "-c", RUN, str(root / f"tests/hidden/test_{NAME}.py")]
    done = subprocess.run(argv, cwd=root, check=True, capture_output=True, text=True)
    runs = json.loads(done.stdout)
    assert [(run["value"], run["faults"]) for run in runs if run["faults"]] == []
    assert max(len(run["passed"]) for run in runs) <= 12, max(runs, key=lambda run: len(run["passed"]))
