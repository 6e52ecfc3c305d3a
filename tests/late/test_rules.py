"""What handing in late costs: begun days, grace, caps, extensions, the last acceptance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from autograder.grading.late.rules import DAY, HOUR, Amount, Extension, Lateness, LateRule, lateness

DUE = datetime(2026, 3, 6, 22, 59, tzinfo=UTC)
TEN_PERCENT = LateRule(DUE, grace=timedelta(minutes=10), rate=Amount(10, "percent"))


def lost(rule, student="ada", **late):
    return lateness(rule, student, DUE + timedelta(**late), 20.0)


@pytest.mark.parametrize(
    ("late", "penalty"),
    [
        ({"days": -3}, 0),
        ({"seconds": 0}, 0),
        ({"seconds": 1}, 0),
        ({"minutes": 10}, 0),
        ({"minutes": 10, "seconds": 1}, 2),
        ({"days": 1}, 2),
        ({"days": 1, "microseconds": 1}, 4),
        ({"days": 4, "hours": 3}, 10),
        ({"days": 300}, 20),
    ],
)
def test_each_day_begun_costs_its_share_from_the_deadline_on(late, penalty):
    assert lost(TEN_PERCENT, **late).penalty == penalty


def test_points_per_hour_and_a_cap_in_percent():
    rule = LateRule(DUE, rate=Amount(0.5, "points"), step=HOUR, most=Amount(25, "percent"))
    assert lost(rule, minutes=61).penalty == 1.0
    assert lost(rule, days=5).penalty == 5.0


def test_after_the_last_acceptance_no_points_are_left():
    rule = LateRule(DUE, rate=Amount(1, "points"), accepted=timedelta(days=2))
    assert lost(rule, days=2) == Lateness(2 * DAY, 2.0)
    assert lost(rule, days=2, seconds=1) == Lateness(timedelta(days=2, seconds=1), 20.0, too_late=True)


def test_an_acceptance_shorter_than_the_grace_leaves_the_grace():
    rule = LateRule(DUE, grace=timedelta(minutes=10), accepted=timedelta(0))
    assert not lost(rule, minutes=10).too_late
    assert lost(rule, minutes=11).too_late


def test_an_extension_moves_the_deadline_the_grace_and_the_last_acceptance_of_one_student():
    extensions = {"zoe": Extension(DUE + 3 * DAY, "ill")}
    rule = LateRule(
        DUE, timedelta(minutes=10), Amount(10, "percent"), accepted=2 * DAY, extensions=extensions
    )
    assert lost(rule, "zoe", days=3, minutes=5).penalty == 0
    assert lost(rule, "zoe", days=3, minutes=11).penalty == 2
    assert not lost(rule, "zoe", days=5).too_late
    assert lost(rule, "ada", days=5).too_late
    assert rule.in_time_until("zoe") == DUE + 3 * DAY + timedelta(minutes=10)


def test_a_rule_without_a_rate_costs_nothing():
    assert lost(LateRule(DUE), days=9) == Lateness(9 * DAY)
