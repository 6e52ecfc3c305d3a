"""What is special to ex6_windows: its contract, its ladybug, and that no answer breaks a check."""

import ast
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from solutions import ex6_windows as reference

NAME = "ex6_windows"
POINTS = {"time_split": 1, "fit_scaler": 1, "scale": 1, "make_windows": 3, "repeat_last": 1, "rollout": 3}
SIGNATURES = {
    "time_split": ["series", "train_fraction"],
    "fit_scaler": ["train"],
    "scale": ["series", "mean", "std"],
    "make_windows": ["series", "length", "horizon"],
    "repeat_last": ["x"],
    "rollout": ["model", "seed_window", "n"],
}


def cells_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in cells}


@pytest.fixture(scope="module")
def cells(root):
    return cells_of(root / f"source/{NAME}/{NAME}.ipynb")


@pytest.fixture(scope="module")
def scope(cells):
    """The names of the notebook's solved cells."""
    names = {"np": np}
    for name in POINTS:
        exec(cells[name]["source"], names)
    return names


@pytest.fixture(scope="module")
def ladybug(root):
    names = {"__name__": "ladybug"}
    exec((root / f"source/{NAME}/ladybug.py").read_text(encoding="utf-8"), names)
    return names


def mark(cell):
    return cell["metadata"].get("nbgrader", {})


def test_points_and_signatures_are_those_of_the_course(root, cells):
    graded = {
        mark(cell)["grade_id"]: mark(cell)["points"] for cell in cells.values() if mark(cell).get("grade")
    }
    assert graded == {f"{name}_checks": points for name, points in POINTS.items()}
    assert sum(graded.values()) == 10
    release = cells_of(root / f"release/{NAME}/{NAME}.ipynb")
    for name, parameters in SIGNATURES.items():
        (function,) = ast.parse(release[name]["source"]).body
        assert [argument.arg for argument in function.args.args] == parameters
        for part in ("Args:", "Returns:", ">>> ", f"{name}("):
            assert part in ast.get_docstring(function), (name, part)
    (function,) = ast.parse(release["make_windows"]["source"]).body
    assert ast.literal_eval(function.args.defaults[0]) == 1


def test_each_exercise_is_explained_and_the_notebook_ends_on_a_plot(cells):
    ids = list(cells)
    for name in POINTS:
        text = cells[ids[ids.index(name) - 1]]["source"]
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
    assert names == [f"{NAME}.ipynb", "ladybug.py"]
    for cell in cells.values():
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell["source"], re.DOTALL):
            assert not [
                line for line in region.splitlines() if len(line.strip()) > 40 and line.strip() in text
            ]
    tree = ast.parse((root / f"tests/hidden/test_{NAME}.py").read_text(encoding="utf-8"))
    checks = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
    assert len(checks) > 25
    assert not [n.name for n in checks if n.name in text or ast.get_docstring(n) in text]


def test_the_notebooks_own_solutions_are_the_reference(scope):
    rng = np.random.default_rng(3)
    series = rng.normal(size=(17, 3))
    series[:, 1] = 4
    same = np.testing.assert_array_equal
    for ours, theirs in (
        (scope["time_split"](series, 0.7), reference.time_split(series, 0.7)),
        (scope["fit_scaler"](series), reference.fit_scaler(series)),
        (scope["make_windows"](series, 4, 3), reference.make_windows(series, 4, 3)),
    ):
        for mine, other in zip(ours, theirs, strict=True):
            same(mine, other)
    x, _ = reference.make_windows(series, 4, 3)
    same(scope["repeat_last"](x), reference.repeat_last(x))
    numbers = reference.fit_scaler(series)
    same(scope["scale"](series, *numbers), reference.scale(series, *numbers))


def test_windows_of_plain_counting_have_the_next_number_for_a_target(scope):
    for horizon in (1, 2, 7):
        x, y = scope["make_windows"](np.arange(30), 5, horizon)
        np.testing.assert_array_equal(y, x[:, -1] + horizon)
        assert y[-1] == 29


def test_the_ladybug_is_the_same_each_time_and_obeys_two_rotations(ladybug):
    track = ladybug["ladybug_track"]()
    assert (track.shape, track.dtype) == ((1000, 2), np.float32)
    np.testing.assert_array_equal(track, ladybug["ladybug_track"]())
    quiet = ladybug["ladybug_track"](noise=0.0) - np.array([20.0, 8.0])
    distance = np.hypot(*quiet.T)
    assert 2.5 - 1e-3 <= distance.min() < 2.6
    assert 7.4 < distance.max() <= 7.5 + 1e-3
    assert 0.005 < np.std(track - quiet - np.array([20.0, 8.0])) < 0.02


def test_a_straight_walk_rolls_out_straight(ladybug, scope):
    pytest.importorskip("keras")
    model = ladybug["straight_on"](3, 2)
    window = [[0.0, 9.0], [1.0, 7.0], [2.0, 5.0]]
    for rollout in (scope["rollout"], reference.rollout):
        np.testing.assert_allclose(rollout(model, window, 3), [[3, 3], [4, 1], [5, -1]])


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
    None, True, 3, nan, 2**100, "text", [], [[]], {}, Uncarriable("set"), [Uncarriable("set")] * 2,
    Handle(1, "layer"), np.float32(1), np.array(nan), np.array("a"), np.zeros(0), np.zeros((0, 2)),
    np.full((3, 2), nan), np.array([["a", "b"]] * 3), np.ones((3, 2), complex), np.zeros((1,) * 20),
    [np.zeros((3, 5, 2)), None], [np.full((9, 2), np.inf)] * 2, [[0.5], [1]], [[[1], 2], [3]], ["a", "b"],
    [np.zeros(3), np.zeros(4)], [np.array(["a"] * 4)] * 2, [np.zeros((30, 0)), np.zeros((10, 0))],
    [np.arange(30.0), np.arange(30.0, 40)[::-1]], [np.arange(40.0), np.zeros(0)], [3, 2**100], (1.5, nan),
    [np.full((10, 2), nan), np.full(10, nan)], [np.zeros((35, 5, 2)), np.zeros((35, 2))],
    [np.arange(12, dtype=complex)] * 2, [np.zeros(4), np.array([1.0, nan, 1, 1])],
]


class Place:
    '''Answers every call with one value; with ``models`` it builds the models that it is asked for.'''

    fate = ""

    def __init__(self, value, models):
        self.value, self.models = value, models

    def ask(self, question, serve, seconds):
        asked = question.get("function")
        model = self.models and asked is not None and asked.startswith("_")
        return {"outcome": "returned", "value": Handle(7, "model") if model else self.value}

    def close(self):
        pass


runs = []
for value in VALUES:
    for models in (True, False):
        judgement = judge(Path(sys.argv[1]), Submission(lambda: Place(value, models)), b"any secret")
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
    assert max(len(run["passed"]) for run in runs) <= 4, max(runs, key=lambda run: len(run["passed"]))
