"""Hostile models: what a Keras model does when it is built, described, trained or asked gains nothing."""

from __future__ import annotations

import json

import pytest

from autograder.course import find_assignment, find_course
from autograder.grading.engine import Submission, grade_all
from autograder.grading.report import to_json
from tests.attacks.conftest import level_here
from tests.attacks.course.course import write
from tests.attacks.course.notebooks import cell

CANARY = "CANARY5f0d3c2a9e"
STUB = "def build():\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
RIGHT = """\
import keras

def build():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
"""
CHECKS = f'''
"""{CANARY}"""
from autograder.checking import TrainingRecipe, exercise, expect

LABELS = "{CANARY}"
HINT = "Look at the layers."


@exercise("build")
def test_learns_the_sign_of_a_sum(submission, rng, seeds):
    """A model from `build()` learns which rows have a positive sum."""
    x = rng.normal(size=(400, 3)).astype("float32")
    y = (x.sum(axis=1) > 0).astype("float32")
    model = expect.model(submission.build(), hint=HINT)
    expect.that(model.output_shape == (None, 1), "The output has not one number a row.", hint=HINT)
    recipe = TrainingRecipe(learning_rate=0.05, batch_size=20)
    model.fit(x[:200], y[:200], recipe, seed=seeds[0], epochs=10)
    got = model.predict(x[200:])
    right = getattr(got, "shape", ()) == (200, 1) and ((got[:, 0] > 0.5) == (y[200:] > 0.5)).mean()
    expect.that(bool(right > 0.9), "It does not learn.", hint=HINT)
'''
HEAD = "import keras, os\nimport numpy as np\n\n"
MODEL = """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1, activation="sigmoid")
    def call(self, x):
        return self.dense(x)
    {method}

def build():
    model = Own()
    model.build((None, 3))
    return model
"""
LAYER = """
class Layer(keras.layers.Layer):
    def call(self, x):
        {effect}
        return x[:, :1] * 0

def build():
    inputs = keras.Input((3,))
    return keras.Model(inputs, Layer()(inputs))
"""
SAVED = """
def build():
    inputs = keras.Input((3,))
    effect = lambda x: os.system("touch {course}/saved") * x[:, :1]
    outputs = keras.layers.Lambda(effect)(inputs)
    keras.Model(inputs, outputs).save("model.keras")
    return keras.models.load_model("model.keras", safe_mode=False)
"""
READS = "[print(open(name).read()) for name in __import__('glob').glob('{course}/**/*.py', recursive=True)]"


LIES = """@property
    def output_shape(self): return (None, 1)
    def fit(self, *args, **kwargs): pass
    def predict(self, x, **kwargs): return np.float32(5)"""


def own(method: str) -> str:
    return HEAD + MODEL.format(method=method)


def layer(effect: str) -> str:
    return HEAD + LAYER.replace("{effect}", effect)


# name: (the cell, fair points of 5)
MODELS = {
    "right": (RIGHT, 5),
    "predict_of_its_own": (own("def predict(self, *args, **kwargs): return np.ones((200, 1), 'float32')"), 0),
    "predict_of_texts": (own("def predict(self, *args, **kwargs): return np.full((200, 1), 'PASSED')"), 0),
    "predict_equals_all": (own("def predict(self, *args, **kwargs): return type('Any', (), {})()"), 0),
    "predict_exits": (own("def predict(self, *args, **kwargs): os._exit(0)"), 0),
    "predict_loops": (own("def predict(self, *args, **kwargs):\n        while True: pass"), 0),
    "predict_huge": (own("def predict(self, *args, **k): return np.broadcast_to(1.0, (10**6, 10**6))"), 0),
    "layer_writes": (layer("open('{course}/written', 'w').write('x')"), 0),
    "layer_reads": (layer(READS), 0),
    "layer_exits": (layer("os._exit(0)"), 0),
    "saved_lambda": (HEAD + SAVED, 0),
    "description_lies": (own(LIES), 0),
    "recognises": (own("def predict(self, x, **k): return np.asarray(x)[:, :1] * np.nan"), 0),
}


def notebook(source: str) -> str:
    cells = [
        cell("build", source, solution=True),
        cell("build_checks", "build()", grade=True, locked=True, points=5),
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    level = level_here() or pytest.skip("no level that keeps attackers in")
    root = tmp_path_factory.mktemp("keras")
    limits = 'c.Autograder.limits = {"models": {"model_seconds": 20.0, "call_seconds": 20.0}}\n'
    write(root / "nbgrader_config.py", f'c = get_config()\nc.Autograder.isolation = "{level}"\n{limits}')
    write(root / "tests/hidden/test_models.py", CHECKS)
    write(root / "solutions/models.py", RIGHT)
    write(root / "release/models/models.ipynb", notebook(STUB))
    course = find_course(root)
    for name, (source, _) in MODELS.items():
        write(
            course.submitted / name / "models/models.ipynb", notebook(source.replace("{course}", str(root)))
        )
    items = [Submission(name, course.submitted / name / "models") for name in MODELS]
    found = {report.student: report for report in grade_all(course, find_assignment(course, "models"), items)}
    assert not (root / "written").exists()
    assert not (root / "saved").exists()
    return found


@pytest.mark.parametrize("name", MODELS)
def test_a_hostile_model_gains_nothing(reports, name):
    report = reports[name]
    said = report.exercises["build"].verdicts
    assert not report.broken, said
    assert report.points == MODELS[name][1], said
    assert CANARY not in to_json(report)
