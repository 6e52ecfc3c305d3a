"""Trained checks: one of the seeds' runs has to pass, and a run that cannot pass any more goes no further."""

from __future__ import annotations

import json

import pytest

from autograder.checking.exercise import running_check
from autograder.checking.stops import Stopped
from autograder.checking.training import reaches, recorded_runs

BARS = {"early": 0.3, "late": 0.8, "other": 0.5}


@pytest.fixture(autouse=True)
def bars(tmp_path):
    """A check's file with calibrated bars."""
    file = tmp_path / "thresholds" / "toy.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"bars": {name: {"bar": bar} for name, bar in BARS.items()}}))
    token = running_check.set(tmp_path / "test_toy.py")
    yield
    running_check.reset(token)


class Training:
    """Runs whose scores are given, by seed, stage by stage; keeps what was really done."""

    def __init__(self, *stages_by_seed):
        self.stages_by_seed = stages_by_seed
        self.done = []
        self.freed = []

    def __call__(self, seed):
        try:
            for number, scores in enumerate(self.stages_by_seed[seed]):
                self.done.append((seed, number))
                yield scores
        finally:
            self.freed.append(seed)


LOW, ON_THE_WAY, HIGH = {"early": 0.1}, {"early": 0.4}, {"late": 0.9}


def test_the_first_run_that_passes_is_the_last_one():
    training = Training([LOW, HIGH], [ON_THE_WAY, HIGH], [ON_THE_WAY, HIGH])
    reaches([0, 1, 2], training, hint="Look.")
    assert training.done == [(0, 0), (1, 0), (1, 1)]


def test_a_run_that_misses_a_bar_on_its_way_goes_no_further_and_is_closed():
    training = Training([LOW, HIGH], [LOW, HIGH], [LOW, HIGH])
    with pytest.raises(Stopped, match=r"reached at best: early 0\.10, where 0\.30 is asked"):
        reaches([0, 1, 2], training, hint="Look.")
    assert training.done == [(0, 0), (1, 0), (2, 0)]
    assert training.freed == [0, 1, 2]


def test_the_run_that_came_furthest_is_told_with_all_bars_of_its_last_stage():
    last = {"late": 0.7, "other": 0.6}
    training = Training([LOW], [ON_THE_WAY, last], [{"early": 0.2}])
    with pytest.raises(Stopped) as told:
        reaches([0, 1, 2], training, hint="Look.")
    assert "late 0.70, where 0.80 is asked, other 0.60, where 0.50 is asked" in told.value.message


def test_a_score_that_is_no_number_reaches_nothing():
    with pytest.raises(Stopped, match="late nan"):
        reaches([0], Training([{"late": float("nan")}]), hint="Look.")


def test_every_stage_has_to_be_reached():
    with pytest.raises(Stopped, match="early"):
        reaches([0], Training([LOW, HIGH]), hint="Look.")


def test_calibration_goes_through_every_stage_of_every_run():
    collected: list[dict[str, float]] = []
    token = recorded_runs.set(collected)
    try:
        reaches([0, 1], Training([LOW, HIGH], [ON_THE_WAY, {"late": 0.1}]), hint="Look.")
    finally:
        recorded_runs.reset(token)
    assert collected == [{"early": 0.1, "late": 0.9}, {"early": 0.4, "late": 0.1}]
