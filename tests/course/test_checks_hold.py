"""Whatever a submission answers, a hidden check ends in a verdict on the student and never fails itself."""

import json
import subprocess
import sys

import pytest

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
deep = []
for _ in range(8):
    deep = [deep]
VALUES = [
    None, nan, [[1], None], {"a": None, Uncarriable("set"): 3}, Uncarriable("set"), np.array("a"),
    np.full((2, 2), nan), np.zeros((1,) * 20), Handle(1, "layer"),
]
ANSWERS = [None, nan, [None], np.array("a"), np.full((40, 1), nan)]


class Place:
    '''Answers every call with one value, and every question about a model with one set of answers.'''

    def __init__(self, value, description, answer):
        self.value, self.description, self.answer = value, description, answer

    def ask(self, question, serve, seconds):
        answers = {"call": self.value, "describe": self.description}
        value = answers.get(question["ask"], self.answer)
        return {"outcome": "returned", "value": value, "peak_bytes": self.answer, "changed": self.answer}

    def close(self):
        pass


def outcomes(value, description=None, answer=None):
    place = Place(value, description, answer)
    only = None if description is None else frozenset({"build_onehot_classifier"})
    judgement = judge(Path(sys.argv[1]), Submission(lambda: place), b"any secret", only=only)
    lines = [line for lines in judgement.verdicts.values() for line in lines]
    return {"value": repr(value)[:60], "answer": repr(answer)[:60], "faults": judgement.faults,
            "passed": sum(line.outcome == "PASSED" for line in lines), "checks": len(lines)}


runs = [outcomes(value) for value in VALUES]
loss = {"name": nan, "from_logits": 3}
described = {"parameters": 21, "layers": [], "loss": loss, "metrics": [None, 3, {}]}
odd = [[], "x", {}, {"input_shape": [None, 7]}, {"input_shape": nan, "loss": [], "metrics": "acc"}]
model = Handle(1, "model")
for answer in ANSWERS:
    runs.append(outcomes(model, {**described, "input_shape": (None, 20)}, answer))
runs += [outcomes(model, description) for description in odd]
print(json.dumps(runs))
"""


@pytest.fixture(scope="module")
def runs(root):
    argv = [sys.executable, "-c", RUN, str(root / "tests/hidden/test_ex2_one_hot.py")]
    done = subprocess.run(argv, cwd=root, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_no_answer_breaks_a_check(runs):
    assert len(runs) == 19
    assert [(run["value"], run["answer"], run["faults"]) for run in runs if run["faults"]] == []


def test_no_single_answer_passes_many_checks(runs):
    """A constant satisfies a property or two, such as changing nothing; more would be points for nothing."""
    assert max(run["passed"] for run in runs) <= 12
