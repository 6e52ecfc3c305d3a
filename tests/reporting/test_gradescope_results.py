"""A Report as results.json: pure data, by Gradescope's documentation."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autograder.checking.verdicts import LimitMet, Outcome, Verdict, result
from autograder.grading.report import CellRun, Picture, Repair, Report
from autograder.reporting.gradescope import VISIBILITIES, results
from tests.gradescope.platform import must_be_valid


def verdict(check: str, outcome: Outcome, **more: object) -> Verdict:
    return Verdict(check, f"`{check}` is right.", outcome, seed=4711, **more)  # type: ignore[arg-type]


REPORT = Report(
    assignment="toy",
    student="submission 1",
    points=3.0,
    max_points=5.0,
    exercises={
        "double": result(
            [
                verdict("doubles", Outcome.PASSED, weight=2.0),
                verdict(
                    "keeps_zero", Outcome.FAILED, message="`double(0)` returned 1.", hint="Twice nothing?"
                ),
            ],
            3.0,
        ),
        "halve": result([verdict("halves", Outcome.PASSED)], 1.0),
        "third": result([verdict("thirds", Outcome.NOT_ATTEMPTED)], 1.0),
    },
    manual={"why_answer": 1.0, "memory_answer": 2.0},
    cells=(
        CellRun("double", "ok"),
        CellRun("cell 9", "raised", "It stopped with NameError in line 1: `plot(x)`."),
    ),
    repairs=(Repair("halve", "This cell had been moved; it was put back in its place."),),
    limits_met=(LimitMet("double", "seconds", "The call of `double` did not finish within 10 seconds."),),
    pictures=(Picture("cell 3", "AAAA", 1, 1),),
    isolation="restricted",
    seconds=12.4,
    content={"submission": "0" * 64},
)


def test_each_exercise_is_a_test_with_its_points():
    found = results(REPORT, visibility="visible")
    must_be_valid(found)
    scored = [(test["name"], test["score"], test["max_score"], test["status"]) for test in found["tests"][1:]]
    assert scored == [
        ("double", 2.0, 3.0, "failed"),
        ("halve", 1.0, 1.0, "passed"),
        ("third", 0.0, 1.0, "failed"),
    ]
    assert "score" not in found


def test_its_output_has_a_line_a_check_with_what_happened_and_where_to_look():
    (_, double, halve, third) = results(REPORT, visibility="visible")["tests"]
    assert double["output"] == (
        "✓ Passed: `doubles` is right.\n\n"
        "○ Not yet: `keeps_zero` is right.\n   `double(0)` returned 1.\n   Where to look: Twice nothing?"
    )
    assert halve["output"] == "✓ Passed: `halves` is right."
    assert third["output"].endswith("You have not written this function yet.")


def test_how_the_notebook_was_read_is_a_test_without_points_that_students_always_see():
    notebook = results(REPORT, visibility="hidden")["tests"][0]
    assert (notebook["status"], notebook["visibility"]) == ("passed", "visible")
    assert "score" not in notebook
    for said in (
        "halve: This cell had been moved",
        "cell 9: It stopped with NameError",
        "double: The call of",
    ):
        assert said in notebook["output"]


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_the_exercises_are_seen_when_staff_chose(visibility):
    found = results(REPORT, visibility=visibility)
    must_be_valid(found)
    assert found["visibility"] == visibility
    assert len(found["tests"]) > 1
    assert all("visibility" not in test for test in found["tests"][1:])


def test_what_everybody_sees_tells_no_points_and_names_what_a_person_grades():
    found = results(REPORT, visibility="after_due_date")
    assert found["output"] == "A person grades: Why (1 point), Memory (2 points)."
    assert found["stdout_visibility"] == "hidden"


def test_an_unreadable_notebook_has_zero_and_its_reason_at_once():
    nothing = {
        name: result([verdict("any", Outcome.MISSING, message="Nothing could be graded.")], 1.0)
        for name in "ab"
    }
    found = results(
        replace(REPORT, exercises=nothing, unreadable="The file is empty.", manual={}), visibility="hidden"
    )
    must_be_valid(found)
    assert found["output"].startswith("Your notebook could not be read: The file is empty.")
    assert found["tests"][0]["status"] == "failed"
    assert found["tests"][0]["output"].startswith("The file is empty.")
    assert [test["score"] for test in found["tests"][1:]] == [0.0, 0.0]


def test_a_broken_report_is_no_result():
    broken = {"double": result([verdict("doubles", Outcome.BROKEN)], 3.0)}
    with pytest.raises(ValueError, match="broken"):
        results(replace(REPORT, exercises=broken), visibility="visible")


def test_another_visibility_is_refused():
    with pytest.raises(ValueError, match=r"\(got soon\)"):
        results(REPORT, visibility="soon")


def test_no_seed_and_no_picture_leaves_the_house():
    text = json.dumps(results(REPORT, visibility="visible"))
    assert "4711" not in text
    assert "AAAA" not in text
