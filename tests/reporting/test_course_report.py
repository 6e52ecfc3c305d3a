"""The course report: progress per student and per learning goal, across assignments."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, replace

import pytest

from autograder.checking.verdicts import Outcome
from autograder.reporting.anonymous import names_of
from autograder.reporting.class_report.report import class_report
from autograder.reporting.course_report.goals import Goal
from autograder.reporting.course_report.page import course_page
from autograder.reporting.course_report.reached import Reached, reached
from autograder.reporting.course_report.report import course_report
from autograder.reporting.course_report.table import course_table
from autograder.reporting.exporters.feedback import UNANSWERED
from autograder.reporting.feedback import ManualGrade
from autograder.reporting.tables import json_of
from tests.reporting.pagecheck import Page, must_stand_alone
from tests.reporting.simulated import (
    EXERCISES,
    abilities,
    assignment,
    report_of,
    simulated_class,
    standing,
)

P, F, N = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_ATTEMPTED


GOAL = Goal("One", (("a", "one_hot"),))
QUESTION = Goal("Why", (("a", "memory_answer"),))


@pytest.mark.parametrize(
    ("outcomes", "state", "share"),
    [
        ([P] * 5, Reached.REACHED, 1.0),
        ([P] * 4 + [F], Reached.REACHED, 0.8),
        ([P] * 3 + [F] * 2, Reached.PARTLY, 0.6),
        ([F] * 5, Reached.NOT_YET, 0.0),
        ([N] * 5, Reached.NOT_STARTED, 0.0),
    ],
)
def test_how_far_somebody_is_follows_from_the_points(outcomes, state, share):
    found = reached(GOAL, {"a": standing(report_of("s", {"one_hot": outcomes}))})
    assert found == (state, pytest.approx(share))


def test_what_is_not_known_is_not_held_against_anybody():
    here = standing(report_of("s", {"one_hot": [P]}))
    assert reached(GOAL, {}) == (Reached.NOT_HANDED_IN, None)
    assert reached(GOAL, {"a": replace(here, handed_in=False)}) == (Reached.NOT_HANDED_IN, None)
    assert reached(GOAL, {"a": replace(here, report=None)}) == (Reached.UNKNOWN, None)
    unreadable = replace(here.report, unreadable="The file is empty.")
    assert reached(GOAL, {"a": replace(here, report=unreadable)}) == (Reached.UNKNOWN, None)


def test_a_persons_points_count_and_a_waiting_question_waits():
    made = report_of("s", {"one_hot": [F]})
    given = standing(
        made, decided=(ManualGrade("one_hot", 3.0, 3.0), ManualGrade("memory_answer", None, 2.0))
    )
    assert reached(GOAL, {"a": given})[0] is Reached.REACHED
    assert reached(QUESTION, {"a": given}) == (Reached.WAITING, None)
    nothing = standing(made, decided=(ManualGrade("memory_answer", 0.0, 2.0, UNANSWERED),))
    assert reached(QUESTION, {"a": nothing})[0] is Reached.NOT_STARTED
    wrong = standing(made, decided=(ManualGrade("memory_answer", 0.0, 2.0, "Read it again."),))
    assert reached(QUESTION, {"a": wrong})[0] is Reached.NOT_YET


def class_of(name, standings):
    return class_report(
        assignment(name),
        standings,
        title=f"Title of {name}",
        names=names_of([], handed_out=""),
        cell_of=lambda student, exercise: "",
    )


def course(*classes, called=lambda one: one.student, **more):
    standings = {f"ex{n}": list(found) for n, found in enumerate(classes, 1)}
    goals = [Goal(f"Know {e}", tuple((name, e) for name in standings)) for e in EXERCISES]
    return course_report(
        "the course",
        [class_of(name, found) for name, found in standings.items()],
        standings,
        goals,
        called=called,
        **{"anonymous": False, **more},
    )


def absent(one):
    return replace(one, handed_in=False, report=None, key="", score=None, decided=())


@pytest.fixture(scope="module")
def three():
    first = simulated_class(abilities(30, 1), seed=1, name="ex1")
    second = simulated_class(abilities(30, 1), seed=2, name="ex2")
    third = simulated_class(abilities(30, 1), seed=3, name="ex3")
    second[4] = absent(second[4])
    third[5:] = [absent(one) for one in third[5:]]
    return course(first, second, third)


def test_progress_is_told_per_student(three):
    person = three.people[4]
    assert [mark.handed_in for mark in person.marks] == [True, False, True]
    assert person.max_points == 40
    assert person.points == sum(mark.score for mark in person.marks if mark.score is not None)
    assert person.known == len(EXERCISES)


def test_who_stopped_handing_in_is_named_and_an_assignment_under_way_counts_for_nobody(three):
    assert three.left == ("student004",)
    assert set(three.behind) >= {
        person.who
        for person in three.people[5:]
        if all(mark.share < 0.5 for mark in person.marks if mark.share is not None)
        and person.who != "student004"
    }


def test_goals_count_those_who_are_known(three):
    assert [goal.words for goal in three.goals] == [f"Know {e}" for e in EXERCISES]
    for goal in three.goals:
        assert goal.known == goal.reached + goal.partly + goal.not_yet + goal.not_started == 30


def test_the_page_stands_alone_and_names_students_only_unless_they_are_numbers(three):
    page = Page(course_page(three))
    must_stand_alone(page)
    assert "It names students: keep it as you keep their grades" in page.text
    assert "student004" in page.text
    numbered = course(
        simulated_class(abilities(5, 1), seed=1), called=lambda one: "4711" + one.student[-2:], anonymous=True
    )
    text = Page(course_page(numbered)).html
    assert "student0" not in text
    assert "471104" in text


@pytest.mark.parametrize("classes", [([],), ([], []), (simulated_class([0.0], seed=1),)])
def test_an_empty_course_has_a_page(classes):
    report = course(*classes)
    page = Page(course_page(report))
    must_stand_alone(page)
    assert "NaN" not in json_of(asdict(report)).decode()
    assert ("The gradebook knows no student yet." in page.text) == (not classes[0])


def test_a_course_in_which_nothing_is_graded_has_a_page():
    nothing = [absent(one) for one in simulated_class([0.0, 1.0], seed=1)]
    text = Page(course_page(course(nothing))).text
    assert "no grades" in text
    assert "nobody yet" in text


def test_table_and_json_hold_every_student_and_goal(three):
    rows = list(csv.DictReader(io.StringIO(course_table(three).decode("utf-8-sig"))))
    kinds = [row["kind"] for row in rows]
    assert kinds.count("student") == 30
    assert kinds.count("result") == 90
    assert kinds.count("progress") == 30 * len(EXERCISES)
    assert {row["state"] for row in rows if row["kind"] == "result"} == {"graded", "not handed in"}
    found = json.loads(json_of(asdict(three)))
    assert [person["who"] for person in found["people"]] == [f"student{n:03}" for n in range(30)]
