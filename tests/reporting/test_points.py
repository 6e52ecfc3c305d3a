"""Points cut into steps, and alpha told in words."""

from __future__ import annotations

import pytest

from autograder.reporting.class_report.consistency import meaning
from autograder.reporting.class_report.points import bins_of
from autograder.reporting.statistics import Interval, Number


@pytest.mark.parametrize(
    ("scores", "most", "heights"),
    [
        ([0, 9.99, 10, 20, 21], 20, [1, 0, 0, 0, 1, 1, 0, 0, 0, 2]),
        ([], 2.5, [0] * 10),
        ([0.1], 0.5, [1, 0]),
        ([1.0], 0.0, []),
        ([3.0], 1234.0, [1]),
    ],
)
def test_points_are_cut_into_round_steps_and_nobody_is_lost(scores, most, heights):
    bins = bins_of(scores, most)
    assert [each.students for each in bins][: len(heights)] == heights
    assert sum(each.students for each in bins) == (len(scores) if most else 0)
    assert len(bins) <= 13


@pytest.mark.parametrize(
    ("students", "alpha", "low", "high", "words"),
    [
        (120, 0.85, 0.8, 0.9, "agree well"),
        (120, 0.75, 0.7, 0.8, "fairly well"),
        (120, 0.6, 0.55, 0.65, "loosely"),
        (120, 0.3, 0.2, 0.4, "hardly agree"),
        (120, -0.2, -0.3, -0.1, "tends to be weak in another"),
        (12, 0.75, 0.7, 0.8, "a small class"),
        (60, 0.5, 0.2, 0.7, "a wide range"),
        (120, 0.41, 0.26, 0.53, "hardly agree"),
    ],
)
def test_alpha_is_told_in_words(students, alpha, low, high, words):
    said = " ".join(meaning(students, Number(alpha), Interval(low, high), Number(1.0)))
    assert words in said
    # where the number itself is hardly known, nothing is said about what it would mean
    assert ("less than 2.8 points apart" in said) == (students == 120)
