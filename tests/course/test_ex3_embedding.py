"""What is special to ex3_embedding: its contract, what it hands out, and that no answer breaks a check.

Hidden checks compare with the NumPy reference; that the reference is what Keras computes is held here.
"""

import ast
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from solutions import ex2_one_hot as earlier
from solutions import ex3_embedding as reference

NAME = "ex3_embedding"
POINTS = {"pad_batch": 3, "embed": 3, "masked_mean": 3, "build_embedding_classifier": 6, "nearest": 3}
SIGNATURES = {
    "pad_batch": ["sequences", "max_len", "padding", "truncating"],
    "embed": ["table", "ids"],
    "masked_mean": ["vectors", "ids"],
    "build_embedding_classifier": ["vocab_size", "dim"],
    "nearest": ["word", "table", "vocab", "k"],
}


def cells_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in cells}


@pytest.fixture(scope="module")
def cells(root):
    return cells_of(root / f"source/{NAME}/{NAME}.ipynb")


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def mark(cell):
    return cell["metadata"].get("nbgrader", {})


def test_points_and_signatures_are_those_of_the_course(root, cells):
    graded = {mark(c)["grade_id"]: mark(c)["points"] for c in cells.values() if mark(c).get("grade")}
    assert graded == {f"{name}_checks": n for name, n in POINTS.items()} | {"embedding_answer": 2}
    assert sum(graded.values()) == 20
    release = cells_of(root / f"release/{NAME}/{NAME}.ipynb")
    for name, parameters in SIGNATURES.items():
        (function,) = ast.parse(release[name]["source"]).body
        assert [argument.arg for argument in function.args.args] == parameters
        for part in ("Args:", "Returns:", ">>> ", f"{name}("):
            assert part in ast.get_docstring(function), (name, part)


def test_each_exercise_is_explained_and_the_notebook_ends_on_a_plot(cells):
    ids = list(cells)
    for name in POINTS:
        text, solution, checks = (cells[i] for i in ids[ids.index(name) - 1 : ids.index(name) + 2])
        for part in (f"`{name}`", "**What.**", "**Worked example**", "<details><summary>A hint</summary>"):
            assert part in text["source"], (name, part)
        assert (mark(solution)["solution"], checks["id"]) == (True, f"{name}_checks")
        assert checks["metadata"]["tags"] == ["raises-exception"]
    *_, plot, _, hand_in = cells.values()
    assert "plt.show()" in plot["source"]
    assert hand_in["source"].endswith("hand_in()")
    for cell in cells.values():
        if cell["cell_type"] == "code":
            assert not re.search(r"(?m)^\s*#(?! ?## (BEGIN|END) SOLUTION)", cell["source"]), cell["id"]
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
            assert mark(cell) or "demo" in cell["metadata"]["tags"], cell["id"]


def test_the_release_is_fresh_and_holds_nothing_that_is_ours(root, fresh_release, cells):
    names, text = fresh_release(NAME)
    assert names == [f"{NAME}.ipynb", "film_reviews.py", "film_reviews.tsv.gz"]
    for cell in cells.values():
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell["source"], re.DOTALL):
            lines = [line.strip() for line in region.splitlines() if len(line.strip()) > 40]
            assert not [line for line in lines if line in text]
    for file in (f"tests/hidden/test_{NAME}.py", f"solutions/{NAME}.py"):
        tree = ast.parse((root / file).read_text(encoding="utf-8"))
        ours = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
        ours = [n for n in ours if n.name.startswith("test_") or "__" in n.name]
        assert len(ours) > 50
        assert not [n.name for n in ours if n.name in text or (ast.get_docstring(n) or n.name) in text]


def test_every_answer_says_in_one_sentence_what_it_is(root):
    tree = ast.parse((root / f"solutions/{NAME}.py").read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(names) == len(set(names))
    for exercise in POINTS:
        assert sum(name.startswith(f"{exercise}__right_") for name in names) >= 2
        assert sum(name.startswith(f"{exercise}__wrong_") for name in names) >= 17
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and "__" in node.name:
            sentence = ast.get_docstring(node) or ""
            assert sentence.endswith("."), node.name
            assert "\n" not in sentence, node.name


def test_the_notebooks_own_solutions_are_the_reference(cells, rng):
    scope = {"np": np}
    for name in POINTS:
        exec(cells[name]["source"], scope)
    sequences = [rng.integers(1, 30, size=n).tolist() for n in (3, 0, 9, 5)]
    for modes in (("pre", "pre"), ("pre", "post"), ("post", "pre"), ("post", "post")):
        ids = scope["pad_batch"](sequences, 5, *modes)
        np.testing.assert_array_equal(ids, reference.pad_batch(sequences, 5, *modes))
        assert ids.dtype == np.int32
    table = rng.normal(size=(30, 4))
    vectors = scope["embed"](table, ids)
    np.testing.assert_array_equal(vectors, reference.embed(table, ids))
    np.testing.assert_allclose(scope["masked_mean"](vectors, ids), reference.masked_mean(vectors, ids))
    vocab = {chr(97 + number): number for number in range(3, 30)}
    for word in "dkz":
        assert scope["nearest"](word, table, vocab) == reference.nearest(word, table, vocab)


def test_the_given_functions_are_those_of_the_exercise_before(cells):
    scope = {"Counter": __import__("collections").Counter}
    exec(cells["before"]["source"], scope)
    token_lists = [["b", "a", "b"], [], ["c", "a", "zz"]]
    vocab = scope["build_vocab"](token_lists, 6)
    assert vocab == earlier.build_vocab(token_lists, 6)
    assert scope["encode"](token_lists, vocab) == earlier.encode(token_lists, vocab)


def test_the_lookup_is_one_hot_times_table(rng):
    table, ids = rng.normal(size=(9, 4)), rng.integers(0, 9, size=(3, 5))
    product = earlier.one_hot(ids, 9).astype("float64") @ table
    np.testing.assert_allclose(reference.embed(table, ids), product, rtol=1e-12)


def test_padding_is_keras_padding_with_the_same_words(rng):
    keras = pytest.importorskip("keras")
    sequences = [rng.integers(1, 30, size=n).tolist() for n in (3, 0, 9, 5)]
    for padding in ("pre", "post"):
        for truncating in ("pre", "post"):
            theirs = keras.utils.pad_sequences(sequences, 5, padding=padding, truncating=truncating)
            np.testing.assert_array_equal(reference.pad_batch(sequences, 5, padding, truncating), theirs)


def test_the_reference_model_is_the_reference_functions(rng):
    """Table, masked mean and neuron in NumPy give what the Keras model gives at the same weights."""
    pytest.importorskip("keras")
    model = reference.build_embedding_classifier(20, 4)
    weights = [rng.normal(size=w.shape).astype("float32") for w in model.get_weights()]
    model.set_weights(weights)
    ids = reference.pad_batch([rng.integers(1, 20, size=n).tolist() for n in (1, 4, 6)], 6)
    mean = reference.masked_mean(reference.embed(weights[0], ids), ids)
    want = 1 / (1 + np.exp(-(mean @ weights[1] + weights[2])))
    np.testing.assert_allclose(model.predict(ids, verbose=0), want, atol=1e-5)


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
    None, True, nan, "text", [], {}, [[1], None], [[1, 2], [3]], [("a", 1.0)], ["a", None], {"a": None},
    Uncarriable("set"), [Uncarriable("set")], Handle(1, "layer"), np.array("a"), np.array(nan), np.zeros(0),
    np.full((3, 4), nan), np.zeros((3, 6), "int8"), np.array([["a"] * 4] * 3), np.ones((2, 5, 6), complex),
    np.array([None == 0]), np.zeros((1,) * 20), np.full((3, 6), "x"), np.zeros((9, 4)), np.zeros((4, 3)),
]
NUMBERS = [np.full((6, 1), nan), np.zeros((6, 1)), np.zeros(6), np.array("a"), None, [np.zeros((6, 1))] * 2]
WEIGHTS = [
    [], [np.array("a")], [np.zeros((50, 8), "float32"), np.zeros((8, 1), "float32"), np.zeros(1, "float32")],
    [np.zeros((50, 8), "float32"), np.zeros((40, 1), "float32")], [np.zeros(())], "x", [None],
]
layer = {"class_name": "Embedding", "name": "e", "config": {"input_dim": nan, "output_dim": "x"}}
DESCRIPTIONS = [
    [], "x", {}, {"parameters": 417}, {"parameters": nan, "input_shape": nan},
    {"parameters": 5, "layers": [layer, None], "input_shape": (None, None), "loss": [], "metrics": "acc"},
    {"parameters": 5, "layers": "x", "input_shape": (None, 10**9), "loss": {"name": nan}, "metrics": [None]},
    {"parameters": 5, "input_shape": [None, True], "trainable_parameters": "x"},
]


class Place:
    '''Answers every call with one value, and each question about a model with one answer.'''

    fate = ""

    def __init__(self, answers):
        self.answers = answers

    def ask(self, question, serve, seconds):
        return {"outcome": "returned", "value": self.answers.get(question["ask"])}

    def close(self):
        pass


def outcomes(answers, only):
    judgement = judge(Path(sys.argv[1]), Submission(lambda: Place(answers)), b"any secret", only=only)
    lines = [line for lines in judgement.verdicts.values() for line in lines]
    passed = [line.check for line in lines if line.outcome == "PASSED"]
    return {"value": repr(answers)[:200], "faults": judgement.faults, "passed": passed}


runs = [outcomes({"call": value}, None) for value in VALUES]
model, only = Handle(1, "model"), frozenset({"build_embedding_classifier"})
for number, described in enumerate(DESCRIPTIONS):
    answers = {"describe": described, "predict": NUMBERS[number % 6], "weights": WEIGHTS[number % 7]}
    runs.append(outcomes({"call": model, **answers}, only))
for number in range(12):
    answers = {"describe": {"parameters": 417}, "weights": WEIGHTS[number % 7]}
    answers["predict"] = NUMBERS[number % 6]
    runs.append(outcomes({"call": model, **answers}, only))
print(json.dumps(runs))
"""


def test_no_answer_breaks_a_check_and_no_constant_passes_many(root):
    argv = [sys.executable, "-c", RUN, str(root / f"tests/hidden/test_{NAME}.py")]
    done = subprocess.run(argv, cwd=root, check=True, capture_output=True, text=True)
    runs = json.loads(done.stdout)
    assert len(runs) == 46
    assert [(run["value"], run["faults"]) for run in runs if run["faults"]] == []
    assert max(len(run["passed"]) for run in runs) <= 14, max(runs, key=lambda run: len(run["passed"]))
