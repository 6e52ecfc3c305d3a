"""From a file of checks and a submission to verdicts; the functions live here, not in a worker."""

import subprocess
import sys
import textwrap

import pytest

CHECKS = '''
import numpy as np
import pytest
from autograder.checking import exercise, expect, threshold


@exercise("double", weight=2)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_doubles(submission, n):
    """`double(n)` is twice n.

    Not for the student.
    """
    expect.equal(submission.double(n), 2 * n, hint="Add n to itself.")


@exercise("double")
def test_draws_the_same_twice(submission, rng, seeds):
    """The same numbers every time."""
    assert len(set(seeds)) == 3
    expect.equal(submission.double(int(rng.integers(100))) % 2, 0, hint="Twice anything is even.")


@exercise("double")
def test_bare_assert(submission):
    """It is not zero."""
    assert submission.double(5)


@exercise("faulty")
def test_of_ours(submission):
    """A check of ours that fails at its own work."""
    raise KeyError("secret text of ours")


@exercise("barred")
def test_bar(submission):
    """It reaches the bar."""
    expect.that(submission.barred() >= threshold("accuracy"), "`barred` is too low", hint="Train longer.")
'''

RUN = """
import dataclasses, json, sys
from pathlib import Path
from autograder.checking import judge as judging
from autograder.checking.submission import Submission
from autograder.checking.verdicts import Outcome
from autograder.errors import WorkerLost

def loop(n):
    raise TimeoutError
def die(n):
    raise WorkerLost("gone")
FUNCTIONS = {STUDENT}

class Place:
    fate = ""
    def ask(self, question, serve, seconds):
        name = question["function"]
        if name not in FUNCTIONS:
            return {"outcome": "missing"}
        try:
            return {"outcome": "returned", "value": FUNCTIONS[name](*question["args"])}
        except (TimeoutError, WorkerLost):
            raise
        except Exception as error:
            ancestors = [k.__name__ for k in type(error).__mro__ if k.__module__ == "builtins"]
            return {"outcome": "raised", "type": type(error).__name__, "ancestors": ancestors,
                    "cell": "double", "line": 2, "text": "return 1 / 0"}
    def close(self):
        pass

submission = Submission(
    Place, signatures={"double": ["n"]}, why_missing={"double": ". Its cell stopped"},
    cells={"double": "def double(n):\\n    return 1 / 0"},
)
settled = {name: judging.Settled(Outcome(o), m) for name, (o, m) in json.loads(sys.argv[2]).items()}
only = frozenset(sys.argv[3].split()) if sys.argv[3] else None
found = judging.judge(Path(sys.argv[1]), submission, b"s" * 32, settled=settled, only=only)
print(json.dumps({"verdicts": {k: [dataclasses.asdict(v) for v in vs] for k, vs in found.verdicts.items()},
                  "faults": found.faults}))
"""


@pytest.fixture
def run(tmp_path):
    import json

    checks = tmp_path / "test_toy.py"
    checks.write_text(CHECKS, encoding="utf-8")
    bars = tmp_path / "thresholds" / "toy.json"
    bars.parent.mkdir()
    bars.write_text('{"bars": {"accuracy": {"bar": 0.72}}}', encoding="utf-8")

    def run(student, settled=None, only=""):
        program = tmp_path / "run.py"
        program.write_text(textwrap.dedent(RUN).replace("{STUDENT}", student), encoding="utf-8")
        arguments = [str(checks), json.dumps(settled or {}), only]
        done = subprocess.run(
            [sys.executable, str(program), *arguments], capture_output=True, text=True, check=True, timeout=60
        )
        return json.loads(done.stdout.splitlines()[-1])

    return run


RIGHT = '{"double": lambda n: 2 * n, "faulty": lambda: 1, "barred": lambda: 0.9}'


def outcomes(found):
    return {name: [v["outcome"] for v in lines] for name, lines in found["verdicts"].items()}


def test_a_right_function_passes_and_our_own_fault_is_broken(run):
    found = run(RIGHT)
    assert outcomes(found) == {"double": ["PASSED"] * 3, "faulty": ["BROKEN"], "barred": ["PASSED"]}
    assert found["faults"] == ["test_of_ours: KeyError: 'secret text of ours'"]
    assert "secret text" not in found["verdicts"]["faulty"][0]["message"]


def test_a_verdict_has_id_claim_weight_and_seed(run):
    line = run(RIGHT)["verdicts"]["double"][0]
    assert (line["check"], line["claim"], line["weight"]) == ("doubles", "`double(n)` is twice n.", 2.0)
    assert line["seed"] > 0


def test_a_parametrised_check_is_one_line_its_worst_case(run):
    found = run('{"double": lambda n: 2 * n if n != 3 else 1 / 0}', only="double")
    line = found["verdicts"]["double"][0]
    assert line["outcome"] == "RAISED"
    assert line["message"] == "`double(3)` raised ZeroDivisionError in cell double, line 2: `return 1 / 0`."


def test_a_wrong_value_says_what_was_received(run):
    found = run('{"double": lambda n: n}', only="double")
    assert found["verdicts"]["double"][0]["message"] == "`double(1)` returned 1, which is not right."
    assert found["verdicts"]["double"][0]["hint"] == "Add n to itself."


def test_a_bare_assert_shows_the_claim_only(run):
    line = run('{"double": lambda n: 0}', only="double")["verdicts"]["double"][2]
    assert (line["outcome"], line["message"]) == ("FAILED", "")


def test_a_missing_function_is_told_with_what_its_cell_did(run):
    line = run("{}", only="double")["verdicts"]["double"][0]
    assert line["outcome"] == "MISSING"
    assert line["message"] == "`double` is not defined once your notebook has run. Its cell stopped."


def test_a_settled_exercise_is_not_run(run):
    found = run("{}", settled={"double": ("NOT_ATTEMPTED", "Not yet.")}, only="double")
    assert outcomes(found) == {"double": ["NOT_ATTEMPTED"] * 3}


@pytest.mark.parametrize(("accident", "outcome"), [("loop", "TIMED_OUT"), ("die", "KILLED")])
def test_an_accident_costs_its_own_checks_and_is_met_twice_at_most(run, accident, outcome):
    found = run(f'{{"double": {accident}, "barred": lambda: 0.9}}', only="double barred")
    assert outcomes(found)["barred"] == ["PASSED"]
    assert {v["outcome"] for v in found["verdicts"]["double"]} <= {outcome, "TIMED_OUT"}
    assert "met a limit 2 times" in found["verdicts"]["double"][-1]["message"]


def test_a_bar_comes_from_the_calibrated_file(run):
    assert outcomes(run('{"barred": lambda: 0.71}', only="barred")) == {"barred": ["FAILED"]}


def test_a_file_that_does_not_import_is_told_to_staff(run, tmp_path):
    (tmp_path / "test_toy.py").write_text("import nothing_of_this_name\n", encoding="utf-8")
    found = run(RIGHT)
    assert found["verdicts"] == {}
    assert "nothing_of_this_name" in found["faults"][0]


def test_the_seed_depends_on_secret_and_check():
    from autograder.checking.judge import check_seed

    seeds = {check_seed(secret, check) for secret in (b"a", b"b") for check in ("x", "y")}
    assert len(seeds) == 4
