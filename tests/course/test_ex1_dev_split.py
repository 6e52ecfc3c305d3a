"""What is special to ex1_dev_split: its contract, what it hands out, and that its claims are true."""

import ast
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from autograder.reviews.student.film_reviews import load_details, load_reviews
from solutions import ex1_dev_split as reference

NAME = "ex1_dev_split"
POINTS = {
    "stratified_split": 6,
    "group_split": 3,
    "find_leaks": 2,
    "confusion": 2,
    "scores": 3,
    "choose_threshold": 1,
    "select_model": 1,
}
SIGNATURES = {
    "stratified_split": ["y", "dev_fraction", "seed"],
    "group_split": ["y", "groups", "dev_fraction", "seed"],
    "find_leaks": ["texts_a", "texts_b"],
    "confusion": ["y_true", "y_pred"],
    "scores": ["y_true", "y_pred"],
    "choose_threshold": ["y_dev", "p_dev", "metric"],
    "select_model": ["dev_scores"],
}


def cells_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in cells}


@pytest.fixture(scope="module")
def cells(root):
    return cells_of(root / f"source/{NAME}/{NAME}.ipynb")


@pytest.fixture(scope="module")
def scope(cells):
    """The names of the notebook's solved cells, its plots left out."""
    names = {"np": np, "reviews": load_reviews()}
    for name in ("word-model", *POINTS):
        exec(cells[name]["source"], names)
    return names


def mark(cell):
    return cell["metadata"].get("nbgrader", {})


def test_points_and_signatures_are_those_of_the_course(root, cells):
    graded = {
        mark(cell)["grade_id"]: mark(cell)["points"] for cell in cells.values() if mark(cell).get("grade")
    }
    assert graded == {f"{name}_checks": n for name, n in POINTS.items()} | {"test_bias_answer": 2}
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
        text = (
            cells[ids[ids.index(name) - 1]]["source"]
            if name != "confusion"
            else cells["confusion-text"]["source"]
        )
        for part in (f"`{name}`", "**What.**", "**Worked example**", "<details><summary>A hint</summary>"):
            assert part in text, (name, part)
        assert ids[ids.index(name) + 1] == f"{name}_checks"
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
    assert names == [f"{NAME}.ipynb", "film_reviews.py", "film_reviews.tsv.gz", "split_checks.py"]
    for cell in cells.values():
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell["source"], re.DOTALL):
            assert not [
                line for line in region.splitlines() if len(line.strip()) > 40 and line.strip() in text
            ]
    for file in (f"tests/hidden/test_{NAME}.py", f"solutions/{NAME}.py"):
        tree = ast.parse((root / file).read_text(encoding="utf-8"))
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        ours = [n for n in functions if n.name.startswith("test_") or "__" in n.name]
        assert len(ours) > 30
        assert not [n.name for n in ours if n.name in text or (ast.get_docstring(n) or n.name) in text]


def test_the_notebooks_own_solutions_are_the_reference(scope):
    rng = np.random.default_rng(1)
    for _ in range(20):
        truth, guess = rng.integers(0, 2, size=(2, 15))
        p = np.round(rng.random(15), 2)
        np.testing.assert_array_equal(scope["confusion"](truth, guess), reference.confusion(truth, guess))
        assert scope["scores"](truth, guess) == reference.scores(truth, guess)
        assert scope["choose_threshold"](truth, p) == reference.choose_threshold(truth, p)
    texts = ["Un été _raté_", "un ÉTÉ raté", "...", "so slow", "So  slow!"]
    assert scope["find_leaks"](texts, texts[::-1]) == reference.find_leaks(texts, texts[::-1])


def test_the_best_of_200_coins_reaches_63_percent_on_the_set_that_chose_it(cells, scope):
    experiment = cells["bias-experiment"]["source"].split("\n\n\n")[0]
    exec(experiment, scope)
    rng = np.random.default_rng(5)
    chosen_on, fresh = np.mean([scope["best_of"](200, rng) for _ in range(200)], axis=0)
    assert 0.62 < chosen_on < 0.65
    assert 0.48 < fresh < 0.52


def test_the_given_model_is_wrong_on_the_five_errors_of_the_answer(cells, scope):
    reviews, (details, _) = scope["reviews"], load_details()
    train_idx, _ = scope["group_split"](reviews.y_train, details.films, 0.2, seed=1)
    train_tokens = scope["take"](reviews.train_tokens, train_idx)
    rows = re.findall(r"\| [a-e] \| \*(.*)\* \| ([01]) \| ([01]) \|", cells["answer-text"]["source"])
    texts, truth, said = zip(*rows, strict=True)
    assert len(rows) == 5
    for min_count in (1, 3, 10, 30):
        predict = scope["train_word_model"](train_tokens, reviews.y_train[train_idx], min_count)
        answers = (predict([text.lower().split() for text in texts]) >= 0.5).astype(int)
        assert answers.tolist() == [int(label) for label in said], min_count
    assert all(t != s for t, s in zip(truth, said, strict=True))


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
    None, nan, float("inf"), True, 0, 2**100, "a", [], (), {}, [[1], None], [nan, nan], [2**100, -1],
    {"a": None, Uncarriable("set"): 3}, Uncarriable("set"), np.array("a"), np.array(None == 0),
    np.full((2, 2), nan), np.zeros((2, 2), int), np.zeros((1,) * 20), Handle(1, "model"), Handle(1, "layer"),
    (np.zeros(0), np.zeros(0)), (np.arange(5), "a"), ([0.5], [1]), ([[0]], [[1]]), (np.array("a"), 3),
    [{}, {}],
    (np.array(["a", "b"]), np.array(["c"])), (np.arange(997) + 1j, np.arange(3)), ({"b": 1}, {"c": 2}),
    dict.fromkeys(("accuracy", "precision", "recall", "f1", "balanced_accuracy"), "x"),
    dict.fromkeys(("accuracy", "precision", "recall", "f1", "balanced_accuracy"), float("inf")),
    dict.fromkeys(("accuracy", "precision", "recall", "f1", "balanced_accuracy"), np.full(3, nan)),
]


class Place:
    '''Answers every call with one value.'''

    fate = ""

    def __init__(self, value):
        self.value = value

    def ask(self, question, serve, seconds):
        return {"outcome": "returned", "value": self.value}

    def close(self):
        pass


runs = []
for value in VALUES:
    judgement = judge(Path(sys.argv[1]), Submission(lambda: Place(value)), b"any secret")
    lines = [line for lines in judgement.verdicts.values() for line in lines]
    passed = [line.check for line in lines if line.outcome == "PASSED"]
    runs.append({"value": repr(value)[:60], "faults": judgement.faults, "passed": passed})
print(json.dumps(runs))
"""


def test_no_answer_breaks_a_check_and_no_constant_passes_many(root):
    argv = [sys.executable, "-c", RUN, str(root / f"tests/hidden/test_{NAME}.py")]
    done = subprocess.run(argv, cwd=root, check=True, capture_output=True, text=True)
    runs = json.loads(done.stdout)
    assert [(run["value"], run["faults"]) for run in runs if run["faults"]] == []
    assert max(len(run["passed"]) for run in runs) <= 8, max(runs, key=lambda run: len(run["passed"]))
