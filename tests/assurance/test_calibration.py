"""Bars, clouds and bounds: the arithmetic against published values, the committed evidence against itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.assurance.bounds import bar_between, cloud, distance, false_fail_bound, upper_bound
from autograder.assurance.calibration import LEAST_DISTANCE, Overlap, as_json, reweigh, weigh

THRESHOLDS = sorted((Path(__file__).parents[1] / "hidden" / "thresholds").glob("*.json"))
CALIBRATED = [path for path in THRESHOLDS if "runs" in json.loads(path.read_text(encoding="utf-8"))]

ON_REAL_REVIEWS = [path for path in THRESHOLDS if path.stem.endswith(".imdb")]


def runs(*values: float) -> list[dict[str, float]]:
    return [{"accuracy": value} for value in values]


RIGHT = {"f": runs(0.76, 0.77, 0.78, 0.77), "f__right_x": runs(0.765, 0.775)}
LOW = {"f__wrong_low": runs(0.50, 0.51, 0.49, 0.50, 0.52, 0.48)}


@pytest.mark.parametrize(
    ("failures", "number", "bound"),
    [
        (0, 150, 1 - 0.05 ** (1 / 150)),  # no failure: closed form
        (0, 10, 0.2589),  # Clopper and Pearson's one-sided limits, as tabulated for n = 10
        (1, 10, 0.3942),
        (5, 10, 0.7776),
        (10, 10, 1.0),
    ],
)
def test_the_exact_upper_bound_is_the_published_one(failures: int, number: int, bound: float) -> None:
    assert upper_bound(failures, number) == pytest.approx(bound, abs=5e-5)


def test_150_clean_draws_prove_one_in_100_000() -> None:
    assert false_fail_bound(0, 150, tries=3) < 1e-5 < false_fail_bound(0, 130, tries=3)


def test_a_bound_needs_a_run_and_no_more_failures_than_runs() -> None:
    for failures, number in ((0, 0), (3, 2), (-1, 5)):
        with pytest.raises(ValueError, match=f"got {failures} of {number}"):
            upper_bound(failures, number)


def test_the_bar_is_equally_far_from_both_clouds() -> None:
    right, wrong = cloud([0.76, 0.77, 0.78]), cloud([0.50, 0.53, 0.56])
    bar = bar_between(right, wrong)
    assert -distance(bar, right) == pytest.approx(distance(bar, wrong))
    assert wrong.max < bar < right.min


def test_a_bar_that_lies_between_the_clouds_stays_where_it_is() -> None:
    assert weigh(RIGHT, LOW, {"accuracy": 0.70}).bars["accuracy"].bar == 0.70


def test_a_bar_inside_a_cloud_is_moved() -> None:
    assert 0.52 < weigh(RIGHT, LOW, {"accuracy": 0.77}).bars["accuracy"].bar < 0.76
    assert 0.52 < weigh(RIGHT, LOW, {"accuracy": 0.51}).bars["accuracy"].bar < 0.76


def test_clouds_that_overlap_are_refused_with_a_sentence() -> None:
    near = {"f__wrong_near": runs(0.74, 0.77, 0.75, 0.76, 0.75, 0.74)}
    with pytest.raises(Overlap, match=r"accuracy: the clouds overlap.*\(got 0 below at all\)"):
        weigh(RIGHT, near, {})


def test_a_wrong_answer_that_trains_as_well_is_named() -> None:
    found = weigh(RIGHT, LOW | {"f__wrong_alike": runs(0.77, 0.76, 0.78)}, {})
    assert (dict(found.told_apart), found.alike) == ({"f__wrong_low": "accuracy"}, ("f__wrong_alike",))


def test_wrong_answers_are_weighed_by_their_best_of_three() -> None:
    lucky = {"f__wrong_lucky": runs(0.50, 0.50, 0.60, 0.60, 0.50, 0.50)}
    assert weigh(RIGHT, lucky, {}).bars["accuracy"].wrong.mean == 0.60


def test_a_run_below_a_bar_counts_as_a_failure() -> None:
    found = weigh({"f": runs(*[0.77] * 50, 0.40)}, {"f__wrong_low": runs(*[0.1] * 6)}, {"accuracy": 0.45})
    assert (found.runs, found.failures) == (51, 1)
    assert found.false_fail_bound > false_fail_bound(0, 51, tries=3)


def test_what_is_written_can_be_weighed_again() -> None:
    found = weigh(RIGHT, LOW, {})
    data = json.loads(json.dumps(as_json({"learns": found}, {"learns": RIGHT}, {"learns": LOW})))
    assert reweigh(data, "learns") == found


@pytest.mark.parametrize("path", CALIBRATED, ids=lambda path: path.stem)
def test_the_committed_evidence_gives_the_committed_bounds(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    for check, written in data["checks"].items():
        found = reweigh(data, check)
        assert (found.runs, found.failures) == (written["runs"], written["failures"])
        assert found.false_fail_bound == pytest.approx(written["false_fail_bound"])
        assert found.runs >= 150
        assert found.false_fail_bound <= 1e-5
        for name, bar in found.bars.items():
            assert bar.bar == data["bars"][name]["bar"]
            assert min(bar.sd_above_wrong, bar.sd_below_right) >= LEAST_DISTANCE


@pytest.mark.parametrize("path", ON_REAL_REVIEWS, ids=lambda path: path.stem)
def test_evidence_on_real_reviews_says_which_they_were_and_holds_scores_alone(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    assert set(data["measured"]["film reviews"]) == {"name", "hash"}
    assert set(data) == {"measured", "bars", "checks", "runs"}
    kept = [
        score
        for check in data["runs"].values()
        for answers in check.values()
        for runs in answers.values()
        for run in runs
        for score in run.values()
    ]
    assert {type(score) for score in kept} == {float}


def test_every_bar_file_names_its_bars() -> None:
    assert THRESHOLDS
    for path in THRESHOLDS:
        bars = json.loads(path.read_text(encoding="utf-8"))["bars"]
        assert bars
        assert all(0 < found["bar"] < 1 for found in bars.values())
