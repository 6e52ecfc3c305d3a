"""Every hostile and every broken submission gets its fair grade, and costs nobody else anything."""

from __future__ import annotations

import pytest

from autograder.grading.report import to_json
from tests.attacks.cases import CASES, DESIGNED
from tests.attacks.classroom import without_times

LONGEST_SECONDS = 120.0
"""No submission here may keep its judge longer, however busy the machine: the limits add up to 20 s."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gets_its_fair_score(graded, case):
    report = graded.reports[case.name]
    said = {
        name: [(v.check, v.outcome, v.message) for v in found.verdicts]
        for name, found in report.exercises.items()
    }
    assert not report.broken, said
    assert report.points == case.fair, (said, report.unreadable, report.cells)
    if case.limit:
        met = {met.limit for met in report.limits_met}
        assert met & set(case.limit.split(" or ")), (said, report.limits_met)
    assert report.seconds < LONGEST_SECONDS


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_secret_stands_in_what_a_case_is_shown(graded, case):
    shown = to_json(graded.reports[case.name]) + graded.pages[case.name]
    hidden = set(graded.canaries.all()) - ({graded.canaries.argument} if case.loud else set())
    assert [secret for secret in hidden if secret in shown] == []
    for sign in ("<script>alert", "\x1b", "\u202e", "\x00"):
        assert sign not in graded.pages[case.name]


@pytest.mark.parametrize("student", ["alice", "zoe"])
def test_the_class_around_them_is_graded_as_without_them(graded, quiet, student):
    assert without_times(graded.reports[student]) == without_times(quiet.reports[student])
    assert quiet.reports[student].points == {"alice": 10, "zoe": 5}[student]


def test_everybody_has_a_report(graded):
    assert set(graded.reports) == {"alice", "zoe", *(case.name for case in CASES)}


def test_no_file_of_the_course_or_of_a_submission_is_touched(graded):
    names = graded.before.keys() | graded.after.keys()
    assert {name for name in names if graded.before.get(name) != graded.after.get(name)} == set()


def test_nothing_is_left_on_the_machine(graded):
    assert graded.trace_after.own_processes <= graded.trace_before.own_processes
    assert graded.trace_after.mounts == graded.trace_before.mounts
    assert graded.trace_after.shared_memory == graded.trace_before.shared_memory
    assert graded.trace_after.files == graded.trace_before.files
    assert graded.left_in_temporary == []


def test_nothing_gets_out_of_the_machine(graded):
    assert graded.heard == []


def test_the_cases_are_those_of_the_design_and_as_many_more():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert set(names) >= DESIGNED
    assert len(names) >= 2 * len(DESIGNED)
