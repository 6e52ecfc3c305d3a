"""What is special to ex5_lstm: its contract, Keras' own numbers, and that no answer breaks a check."""

import ast
import json
import subprocess
import sys

import numpy as np
import pytest

from solutions import ex5_lstm as reference

NAME = "ex5_lstm"
POINTS = {
    "serie_to_vector": 1,
    "serie_to_serie": 3,
    "gru_states": 1,
    "run_in_chunks": 2,
    "lstm_params": 0.5,
    "gru_params": 0.5,
    "rnn_type": 1,
    "build_lstm_classifier": 4,
    "build_tagger": 3,
    "token_scores": 2,
}
SIGNATURES = {
    "serie_to_vector": ["units"],
    "serie_to_serie": ["units"],
    "gru_states": ["units"],
    "run_in_chunks": ["layer", "x", "k"],
    "lstm_params": ["d", "u"],
    "gru_params": ["d", "u"],
    "rnn_type": ["task"],
    "build_lstm_classifier": ["vocab_size", "dim", "units"],
    "build_tagger": ["vocab_size", "dim", "units", "n_tags", "bidirectional"],
    "token_scores": ["tags_true", "tags_pred", "ids"],
}


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


def cells(root, folder):
    text = (root / folder / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in json.loads(text)["cells"]}


def body(function):
    """The statements of a function, without its docstring and its import of Keras."""
    kept = [node for node in function.body[1:] if not isinstance(node, ast.Import)]
    return [ast.dump(node) for node in kept]


def test_points_and_signatures_are_those_of_the_course(root):
    source, release = cells(root, "source"), cells(root, "release")
    marks = [cell["metadata"].get("nbgrader", {}) for cell in source.values()]
    graded = {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")}
    assert graded == {f"{name}_checks": points for name, points in POINTS.items()} | {"tagger_answer": 2}
    assert sum(graded.values()) == 20
    for name, parameters in SIGNATURES.items():
        (function,) = ast.parse(release[name]["source"]).body
        assert [argument.arg for argument in function.args.args] == parameters
        documented = ast.get_docstring(function) or ""
        for part in ("Args:", "Returns:", f"{name}("):
            assert part in documented, (name, part)


def test_each_exercise_is_explained_and_the_notebook_ends_on_a_plot(root):
    source = cells(root, "source")
    for name in POINTS:
        text = source[f"{name}-text"]["source"]
        assert "**Worked example**" in text
        assert "<details><summary>A hint</summary>" in text
    *_, plot, _, hand_in = source.values()
    assert "plt.show()" in plot["source"]
    assert "demo" in plot["metadata"]["tags"]
    assert hand_in["source"].endswith("hand_in()")


def test_the_release_is_fresh(fresh_release):
    names, _ = fresh_release(NAME)
    assert names == [f"{NAME}.ipynb", "film_reviews.py", "film_reviews.tsv.gz"]


def test_the_notebooks_own_solutions_are_the_reference(root):
    source = cells(root, "source")
    text = (root / f"solutions/{NAME}.py").read_text(encoding="utf-8")
    answers = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    for name in POINTS:
        (function,) = ast.parse(source[name]["source"]).body
        assert body(function) == body(answers[name]), name


def test_the_session_s_example_has_its_shapes(keras):
    inputs = np.random.default_rng(0).normal(size=(32, 20, 8)).astype("float32")
    assert reference.serie_to_vector(16)(inputs).shape == (32, 16)
    output, memory_state, carry_state = reference.serie_to_serie(18)(inputs)
    assert output.shape == (32, 20, 18)
    assert memory_state.shape == carry_state.shape == (32, 18)
    assert np.array_equal(output[:, -1], memory_state)
    layer = keras.layers.LSTM(18, return_sequences=True, return_state=True)
    whole = np.asarray(layer(inputs)[0])
    np.testing.assert_allclose(reference.run_in_chunks(layer, inputs, 6), whole, atol=1e-6)


def test_parameters_are_those_that_keras_counts(keras):
    for d, u in ((8, 16), (8, 18), (1, 1), (30, 7)):
        for kind, count in (
            (keras.layers.LSTM, reference.lstm_params),
            (keras.layers.GRU, reference.gru_params),
        ):
            layer = kind(u)
            layer.build((None, None, d))
            assert count(d, u) == layer.count_params()


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
    Handle(1, "layer"), np.float32(1), np.array(nan), np.array("a"), np.zeros(0), np.full((3, 2), nan),
    np.ones((3, 2), complex), np.zeros((1,) * 20), [np.zeros((3, 5, 2)), None], [np.zeros((2, 0))] * 2,
    {"token_accuracy": nan, "macro_f1": None}, {"token_accuracy": np.zeros(2), "macro_f1": "{call}"},
]
MODEL = Handle(1, "model")
LSTM = [(8, 16), (4, 16), (16,)]
READER = [(50, 6), (6, 20), (5, 20), (20,)]
DESCRIPTIONS = [
    [], "x", {}, {"parameters": 21, "input_shape": nan, "layers": [], "loss": [], "metrics": "acc"},
    {"parameters": 21, "input_shape": (None, None, 8), "layers": [{"config": {"stateful": nan}}, 3]},
    {"parameters": 21, "trainable_parameters": None, "input_shape": [None, None], "metrics": [None, 3]},
    {"parameters": 21, "input_shape": [(None, 8), (None, 8)], "loss": {"name": nan, "from_logits": 3}},
]
WEIGHTS = [LSTM, [*READER, (5, 1), (1,)], [*READER, (5, 4), (4,)], [(0, 0), (), (1, 2, 3)], [(50, 6)], []]
ANSWERS = [None, nan, [None], "x", np.array("a"), np.full((6, 1), nan), np.full((6, 12, 4), np.inf),
           {"a": nan}, [np.full((2, 9, 4), nan), np.zeros((2, 4)), np.full((2, 4), np.inf)],
           [np.array("a")] * 3]


class Place:
    fate = ""

    def __init__(self, value, description=None, weights=None, answer=None):
        self.value, self.description, self.answer = value, description, answer
        self.weights = None if weights is None else [np.zeros(shape, "float32") for shape in weights]

    def ask(self, question, serve, seconds):
        kind = question["ask"]
        answers = {"call": self.value, "describe": self.description, "weights": self.weights}
        return {"outcome": "returned", "value": answers.get(kind, self.answer), "changed": self.answer}

    def close(self):
        pass


def outcomes(*given):
    only = None if len(given) == 1 else MODELS
    place = Submission(lambda: Place(*given))
    judgement = judge(Path(sys.argv[1]), place, b"any secret", only=only, named=NAMED)
    lines = [line for lines in judgement.verdicts.values() for line in lines]
    passed = [line.check for line in lines if line.outcome == "PASSED"]
    return {"given": repr(given)[:200], "faults": judgement.faults, "passed": passed}


MODELS = frozenset({"serie_to_vector", "serie_to_serie", "gru_states", "build_lstm_classifier",
                    "build_tagger"})
NAMED = frozenset(sys.argv[2:])
runs = [outcomes(value) for value in VALUES]
odd = enumerate(DESCRIPTIONS)
runs += [outcomes(MODEL, description, WEIGHTS[i % 6], ANSWERS[i]) for i, description in odd]
good = {"parameters": 21, "trainable_parameters": 21, "layers": []}
for weights in WEIGHTS:
    for i, answer in enumerate(ANSWERS):
        shape = (None, None, 8) if weights is LSTM else (None, None)
        runs.append(outcomes(MODEL, {**good, "input_shape": shape}, weights, answer))
print(json.dumps(runs))
"""


def test_no_answer_breaks_a_check_and_no_constant_passes_many(root):
    checks = root / f"tests/hidden/test_{NAME}.py"
    names = [
        node.name.removeprefix("test_")
        for node in ast.parse(checks.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    untrained = [name for name in names if not name.startswith("learns_")]
    argv = [sys.executable, "-c", RUN, str(checks), *untrained]
    done = subprocess.run(argv, cwd=root, check=True, capture_output=True, text=True)
    runs = json.loads(done.stdout)
    assert [(run["given"], run["faults"]) for run in runs if run["faults"]] == []
    assert max(len(run["passed"]) for run in runs) <= 6, max(runs, key=lambda run: len(run["passed"]))
