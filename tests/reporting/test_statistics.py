"""The statistics of a class report, against published examples whose data are published too."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reporting import statistics
from autograder.reporting.statistics import Interval, Number

# D. J. Denis, Applied Univariate, Bivariate, and Multivariate Statistics (Wiley), section on coefficient
# alpha: ten persons, five items, and SPSS's RELIABILITY on them.
DENIS = np.array(
    [
        [10, 12, 15, 11, 12],
        [12, 18, 12, 12, 1],
        [8, 16, 14, 14, 4],
        [6, 8, 16, 8, 6],
        [4, 7, 8, 7, 5],
        [6, 6, 3, 7, 3],
        [3, 4, 6, 5, 8],
        [7, 3, 7, 9, 9],
        [8, 9, 4, 10, 10],
        [9, 5, 6, 11, 12],
    ]
)

# R. D. Bock and M. Lieberman, Psychometrika 35 (1970): 1000 persons, five items of the LSAT's section 6, by
# pattern of answers.  Analysed with R's ltm in RKWard's tests (Cronbach_alpha.rkout).
LSAT = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4,
    "01000": 1, "01001": 8, "01011": 16, "01101": 3, "01110": 2, "01111": 15, "10000": 10, "10001": 29,
    "10010": 14, "10011": 81, "10100": 3, "10101": 28, "10110": 15, "10111": 80, "11000": 16, "11001": 56,
    "11010": 21, "11011": 173, "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip

# "Example calculation of Cronbach's alpha and Standard Error of Measurement" for small n: five persons, ten
# items, one of which nobody solves (a spreadsheet on Scribd, document 194744791).
SMALL = np.array(
    [
        [0, 1, 0, 1, 1, 1, 0, 0, 1, 0],
        [1, 0, 0, 0, 0, 0, 0, 1, 1, 0],
        [1, 0, 0, 1, 1, 1, 0, 1, 1, 1],
        [1, 0, 1, 0, 0, 1, 0, 1, 0, 1],
        [1, 1, 1, 1, 1, 1, 0, 1, 1, 1],
    ]
)

# "Item Analysis Worksheet" with its answers (studylib.net, document 25270846): ten students from best to
# weakest, ten questions, upper and lower half compared.
WORKSHEET = np.array(
    [[int(answer) for answer in row] for row in (
        "1111111111", "1111111101", "1101111100", "0111110101", "1110111001",
        "1110110100", "0110110101", "0111001010", "1110100001", "0100010010",
    )]
)  # fmt: skip


def lsat():
    return np.array([[int(answer) for answer in row] for row, times in LSAT.items() for _ in range(times)])


def test_alpha_and_what_it_is_without_an_item_are_those_that_spss_gives():
    assert statistics.alpha(DENIS).value == pytest.approx(0.633, abs=5e-4)
    without = [number.value for number in statistics.alpha_without(DENIS)]
    assert without == pytest.approx([0.478, 0.476, 0.507, 0.445, 0.824], abs=5e-4)


def test_the_item_rest_correlations_are_those_that_spss_gives():
    found = [statistics.item_rest(item, DENIS.sum(axis=1)).value for item in DENIS.T]
    assert found == pytest.approx([0.712, 0.558, 0.512, 0.796, -0.228], abs=5e-4)


def test_alpha_of_the_lsat_and_its_bootstrap_interval_are_those_of_ltm():
    answers = lsat()
    assert len(answers) == 1000
    assert statistics.alpha(answers).value == pytest.approx(0.295, abs=5e-4)
    interval = statistics.alpha_interval(answers)
    # 500 resamples there, others here: the ends agree as far as a bootstrap's do
    assert interval.low == pytest.approx(0.217, abs=0.02)
    assert interval.high == pytest.approx(0.357, abs=0.02)


def test_an_item_that_nobody_solves_and_the_error_of_measurement_are_those_of_the_small_example():
    assert statistics.alpha(SMALL).value == pytest.approx(0.619658, abs=5e-7)
    assert statistics.measurement_error(SMALL).value == pytest.approx(1.40633, abs=5e-6)
    assert statistics.item_rest(SMALL[:, 6], SMALL.sum(axis=1)) == Number(None, statistics.ALIKE)


def test_difficulty_and_the_upper_lower_index_are_those_of_the_worksheet():
    difficulty = [statistics.mean(item).value for item in WORKSHEET.T]
    assert difficulty == pytest.approx([0.6, 1, 0.8, 0.5, 0.8, 0.8, 0.5, 0.6, 0.3, 0.6])
    order = np.arange(10, 0, -1)
    index = [statistics.upper_lower(item, order, share=0.5).value for item in WORKSHEET.T]
    assert index == pytest.approx([0.4, 0, 0, 0.6, 0.4, 0.4, 0.6, 0.4, -0.2, 0.4])


def test_the_index_of_27_percent_is_the_one_that_the_rasch_model_expects():
    """A. Tristan Lopez, Rasch Measurement Transactions 12:1 (1998), 626: abilities 1.5 logits above the item
    on average, with a deviation of 2.0; then 0.72 of the class succeed, and the index is 0.66."""
    ability = np.array([NormalDist(1.5, 2.0).inv_cdf((place + 0.5) / 20_000) for place in range(20_000)])
    success = 1 / (1 + np.exp(-ability))
    assert statistics.mean(success).value == pytest.approx(0.72, abs=0.006)
    assert statistics.upper_lower(success, ability).value == pytest.approx(0.66, abs=0.006)


def test_the_interval_of_a_correlation_is_fishers():
    # r = 0.6 in 28 persons: z = 0.6931, standard error 1 / 5, so from tanh(0.3011) to tanh(1.0851)
    found = statistics.correlation_interval(Number(0.6), 28)
    assert (found.low, found.high) == pytest.approx((0.2924, 0.7952), abs=2e-4)


@pytest.mark.parametrize(
    ("points", "why"),
    [
        (np.zeros((0, 3)), statistics.TOO_FEW),
        ([[1, 2, 3]], statistics.TOO_FEW),
        (np.ones((9, 3)), statistics.ALIKE_IN_ALL),
        ([[0.1, 0.2], [0.2, 0.1]], statistics.ALIKE_IN_ALL),
        ([[1], [2]], "at least two exercises are needed"),
    ],
)
def test_alpha_of_such_a_class_is_none_with_a_sentence(points, why):
    assert statistics.alpha(points) == Number(None, why)
    assert statistics.alpha_interval(points) == Interval(None, None, why)
    assert statistics.measurement_error(points) == Number(None, why)


def test_discrimination_is_none_where_nothing_differs():
    assert statistics.item_rest([1, 1, 1], [3, 2, 1]).why == statistics.ALIKE
    assert statistics.item_rest([0, 1, 0], [1, 2, 1]).why == statistics.ALIKE_ELSEWHERE
    assert statistics.item_rest([1], [1]).why == statistics.TOO_FEW
    assert statistics.upper_lower([1, 0], [2, 2]).why == statistics.ALIKE_IN_ALL
    assert statistics.upper_lower([], []).why == statistics.TOO_FEW
    assert statistics.correlation_interval(Number(None, "because"), 9) == Interval(None, None, "because")
    assert statistics.correlation_interval(Number(0.5), 3).low is None
    assert statistics.mean([]).value is None
    assert statistics.deviation([4.0]).value is None


def test_who_stands_first_among_equals_changes_no_index():
    item, total = np.array([1, 0, 1, 0, 0, 0]), np.array([3, 3, 3, 3, 1, 0])
    orders = [np.random.default_rng(seed).permutation(6) for seed in range(10)]
    assert {statistics.upper_lower(item[order], total[order]).value for order in orders} == {0.5}


def test_the_same_seed_gives_the_same_interval():
    one, again = (statistics.alpha_interval(DENIS, seed=3) for _ in range(2))
    other = statistics.alpha_interval(DENIS, seed=4)
    assert one == again
    assert one != other


def test_parts_larger_than_a_half_are_refused():
    with pytest.raises(ValueError, match=r"\(got 0\.6\)"):
        statistics.upper_lower([1, 0], [2, 1], share=0.6)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 6).flatmap(
        lambda students: st.lists(
            st.lists(st.sampled_from([0.0, 0.33, 0.5, 1.0, 4.0]), min_size=3, max_size=3),
            min_size=students,
            max_size=students,
        )
    )
)
def test_no_class_however_small_gives_nan(rows):
    points = np.array(rows, dtype=float).reshape(-1, 3)
    total = points.sum(axis=1)
    numbers = [
        statistics.alpha(points),
        statistics.measurement_error(points),
        *statistics.alpha_without(points),
    ]
    for item in points.T:
        numbers += [statistics.mean(item), statistics.deviation(item), statistics.item_rest(item, total)]
        numbers.append(statistics.upper_lower(item / 4, total))
    interval = statistics.alpha_interval(points, resamples=20)
    for found in [*(number.value for number in numbers), interval.low, interval.high]:
        assert found is None or np.isfinite(found)
    assert all(number.why for number in numbers if number.value is None)
