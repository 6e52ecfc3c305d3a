"""The benchmark's own arithmetic, on made-up tapes and results: no grader is run here."""

from __future__ import annotations

import os
import pickle
import sys

import numpy as np
import pytest

from autograder.wire.values import Handle
from tests.benchmark import meter, page, plan, targets
from tests.benchmark.graders import SAME
from tests.benchmark.plan import FLOOR, KIT_1, KIT_2, OTTER, STOCK
from tests.benchmark.results import Results
from tests.benchmark.roles import ENGINE, JUDGE, SERVER, WORKER, role_of
from tests.benchmark.tape import Step, Tape
from tests.benchmark.translation import translated

ABOUT = {"begun": "today", "versions": {"python": "3"}}
MACHINE = {"cores": 2, "processor": "a processor", "system": "Linux", "account": "by a control group"}


def call(check, function, *args, reply=None, **more):
    question = {"ask": "call", "function": function, "args": list(args), "kwargs": {}, "seed": None}
    question |= {"measure_memory": False, **more}
    return Step(check, question, reply or {})


def returned(value):
    return {"outcome": "returned", "value": value, "peak_bytes": 1000}


def hidden(tmp_path, *steps):
    """The test of exercise f that is written from these steps, as a function of the student's names."""
    tape = Tape((), steps, {"check": "f"})
    names = {}
    exec(translated(tape, tmp_path)["f"], names)
    return names["hidden"]


def test_a_translated_check_passes_the_reference_and_fails_another_answer(tmp_path):
    test = hidden(
        tmp_path,
        call("test_check", "f", 3, reply=returned(np.arange(3))),
        call("test_check", "f", -1, reply={"outcome": "raised", "type": "ValueError", "builtin": True}),
    )

    def right(n):
        if n < 0:
            raise ValueError
        return np.arange(n)

    test({"f": right})
    with pytest.raises(AssertionError):
        test({"f": lambda n: right(n) + 1})
    with pytest.raises(AssertionError, match="no ValueError"):
        test({"f": lambda n: np.arange(3)})


def test_long_arguments_are_read_from_a_file(tmp_path):
    numbers = list(range(1000))
    test = hidden(tmp_path, call("test_check[a]", "f", numbers, measure_memory=True, reply=returned(499500)))
    assert pickle.loads((tmp_path / "f.pickle").read_bytes()) == [numbers]
    test({"f": sum})


def test_a_trained_check_passes_with_its_second_seed(tmp_path):
    steps = []
    for seed in (1, 2):
        model = Handle(seed, "model")
        steps.append(call("test_check", "f", seed=seed, reply=returned(model)))
        fit = {"ask": "fit", "model": model, "inputs": [0.0], "targets": [0.0], "recipe": {}, "seed": seed}
        steps.append(Step("test_check", {**fit, "epochs": 1, "resume": False}, {}))
        predict = {"ask": "predict", "model": model, "inputs": [0.0], "batch_size": 1}
        steps.append(Step("test_check", predict, {"value": np.array([[0.9]])}))
    tape = Tape((), tuple(steps), {"check": "f"})
    names = {}
    exec(translated(tape, tmp_path)["f"], names)
    tried = []
    names["seed"] = tried.append
    names["train"] = lambda *_: None

    class Answer:
        def predict(self, *_, **__):
            return np.array([[0.9 if tried == [1, 2] else 0.1]])

    names["hidden"]({"f": Answer})
    assert tried == [1, 2]
    with pytest.raises(AssertionError):
        names["hidden"]({"f": Answer})


def test_processes_are_told_apart():
    server = "/usr/bin/python /kit/autograder/worker/server.py"
    processes = {
        1: ("python autograder grade", 0),
        2: ("python -c from multiprocessing.spawn import spawn_main", 1),
        3: ("python -m autograder.worker.sharing", 0),
        4: ("/usr/bin/bwrap --x /kit/autograder/worker/server.py", 3),
        5: (server, 4),
        6: (server, 5),
        7: (server, 6),
        8: (server, 7),
    }
    found = [role_of(pid, processes) for pid in processes]
    assert found == [ENGINE, JUDGE, SERVER, SERVER, SERVER, SERVER, SERVER, WORKER]


def test_a_command_is_measured_with_what_outlives_it(tmp_path):
    work = "sum(i * i for i in range(5_000_000))"  # some tenths of a second, and the shell takes none
    argv = ["/bin/sh", "-c", f'"{sys.executable}" -c "{work}" & :']
    assert meter.measure(argv, tmp_path, os.environ).cpu > 0.1


def test_a_command_can_be_killed_and_a_failing_one_says_why(tmp_path):
    killed = meter.measure(["sleep", "60"], tmp_path, os.environ, watch=lambda seconds, pids: seconds > 0.1)
    assert not killed.ended
    with pytest.raises(meter.CommandFailed, match="got 3"):
        meter.measure(["/bin/sh", "-c", "echo no luck; exit 3"], tmp_path, os.environ)


def test_an_interrupted_benchmark_goes_on_where_it_was(tmp_path):
    file = tmp_path / "short.json"
    first = Results.read(file)
    first.begin("short", {})
    first.once("a/b", lambda: {"wall": 1.0})
    again = Results.read(file)
    again.begin("short", {})
    assert again.once("a/b", lambda: pytest.fail("measured twice"))["wall"] == 1.0
    again.records["a/b"]["engine"] = "older code"
    assert again.once("a/b", lambda: {"wall": 2.0})["wall"] == 2.0
    assert [rest for rest, _ in again.below("a")] == [["b"]]
    with pytest.raises(ValueError, match="another benchmark"):
        Results.read(file).begin("full", {})


def test_another_machine_goes_on_but_makes_a_whole_round_anew(tmp_path, monkeypatch):
    results = Results.read(tmp_path / "full.json")
    results.begin("full", {})
    for key in ("whole/1", "whole/2", "part/1"):
        results.once(key, lambda: {"wall": 1.0})
    other = {**MACHINE, "processor": "another processor"}
    monkeypatch.setattr("tests.benchmark.results.machine", lambda: other)
    results = Results.read(tmp_path / "full.json")
    results.begin("full", {})
    assert (list(results.machines), results.here) == (["A", "B"], "B")
    results.together(["whole/1", "whole/2"])
    results.together(["part/1", "part/2"])
    assert list(results.records) == ["whole/1", "whole/2"]
    assert results.once("part/1", lambda: {"wall": 2.0})["machine"] == "B"


@pytest.mark.parametrize(("class_size", "rounds"), [(40, 5), (12, 5), (2, 5), (3, 1)])
def test_in_all_rounds_together_every_submission_is_graded(class_size, rounds):
    parts = [plan.part(range(class_size), number, rounds) for number in range(rounds)]
    assert {number for part in parts for number in part} == set(range(class_size))
    assert len({len(part) for part in parts}) == 1


def test_two_machines_are_never_in_one_ratio(tmp_path):
    results = results_of(tmp_path, 1.2)
    results.records[f"compare/ex2_one_hot/{SAME}/{KIT_2}/1"]["machine"] = "B"
    found = targets.per_round(results, "ex2_one_hot", SAME, STOCK, KIT_2, lambda stock, kit: 1.0)
    assert found == [1.0]


def test_the_line_through_costs():
    slope, start, fit = targets.line({10.0: 25.0, 20.0: 45.0, 40.0: 85.0})
    assert (round(slope, 9), round(start, 9), round(fit, 9)) == (2.0, 5.0, 1.0)


def results_of(tmp_path, kit_2):
    """Two rounds in which half the floor is 1 s and nbgrader takes 8 s."""
    results = Results(tmp_path / "x.json", ABOUT, {"A": MACHINE})
    walls = {STOCK: 8.0, OTTER: 9.0, KIT_1: 2 * kit_2, KIT_2: kit_2, FLOOR: 2.0}
    for number in range(2):
        for cells, graders in plan.COMPARED.items():
            for grader in graders:
                wall = walls[grader]
                record = {"wall": wall, "cpu": wall, "count": 40, "of": 40, "first": 3.0, "machine": "A"}
                if grader == STOCK:
                    record |= {"count": 20, "start": 4.0}
                record |= {"whole_wall": 50.0, "whole_cpu": 80.0}
                record |= {"engine": "e1e1", "made": f"day {number}"}
                results.records[f"compare/ex2_one_hot/{cells}/{grader}/{number}"] = record
    return results


def test_targets_are_ratios_of_one_run(tmp_path):
    reached = {target.what: target.reached for target in targets.targets(results_of(tmp_path, 1.2))}
    assert len(reached) == 6
    assert all(reached.values())
    missed = [target for target in targets.targets(results_of(tmp_path, 3.0)) if not target.reached]
    assert [round(target.value, 2) for target in missed] == [3.0, 2.67, 2.67, 2.67]
    assert "**not reached**" in missed[0].row()


def test_the_page_says_what_was_reached(tmp_path):
    results = results_of(tmp_path, 1.2)
    measured = {"engine": "e1e1", "machine": "A", "made": "day 2"}
    results.records["two at once"] = {"name": "ex2_one_hot", "alone": 6.0, "beside": 7.5} | measured
    results.records["sandbox"] = {"sandbox": 0.121, "process": 0.124} | measured
    results.records[f"compare/ex2_one_hot/{SAME}/{KIT_2}/2"] = {"wall": 100.0}  # its round is not over
    text = page.page(results, "make bench", ["benchmarks-1999.md"])
    assert "took turns in rounds: 2 of `ex2_one_hot`." in text
    assert "In all rounds together nbgrader has graded the whole class." in text
    for number in range(2):
        results.records[f"compare/ex2_one_hot/{SAME}/{STOCK}/{number}"]["count"] = 8
    assert "nbgrader has graded 16 of 40 of `ex2_one_hot`." in page.page(results, "make bench")
    assert "[benchmarks-1999.md](benchmarks-1999.md)" in text
    assert "\n1.60 times what one does alone in that time (6.0 s alone,\n7.5 s beside the other)" in text
    assert "| at most 0.15 s | 0.00 s | reached |" in text
    assert "| stock nbgrader | 20 | 8.00 | 8.00 – 8.00 |" in text
    assert "start, 4.0 s until its first notebook, is so counted for 20 and not for 40: 0.10 s more" in text
    assert "- machine A: 2 cores of a processor, Linux; CPU by a control group" in text
    what = "`ex2_one_hot`: wall per submission at 2 workers, of half the floor"
    assert f"| {what} | at most 1.25 × | 1.20 × | reached |" in text
    assert "| `ex2_one_hot`, 40 submissions | 3.0 | -0.80 | 1.60 |" in text
    assert "| compare | day 0 | day 1 | `e1e1` | A |" in text
    assert "soak" not in text
