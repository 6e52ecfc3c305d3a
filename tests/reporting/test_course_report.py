"""The course report: progress per student and per learning goal, across assignments."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from autograder.checking.verdicts import Outcome
from autograder.course import Assignment, assignment_names, find_assignment, find_course
from autograder.reporting.anonymous import names_of
from autograder.reporting.class_report.report import class_report
from autograder.reporting.course_report.goals import Goal, goals_of
from autograder.reporting.course_report.page import course_page
from autograder.reporting.course_report.reached import Reached, reached
from autograder.reporting.course_report.report import course_report
from autograder.reporting.course_report.table import course_table
from autograder.reporting.exporters.feedback import UNANSWERED
from autograder.reporting.feedback import ManualGrade
from autograder.reporting.files import as_json
from tests.reporting.pagecheck import Page, must_stand_alone
from tests.reporting.simulated import (
    EXERCISES,
    abilities,
    assignment,
    report_of,
    simulated_class,
    standing,
)

ROOT = Path(__file__).parents[2]
P, F, N = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_ATTEMPTED


def written(folder: Path, name: str, *cells: str) -> Assignment:
    """An assignment whose notebook has these cells: "#" begins a text, the rest are exercises or answers."""
    made, points, manual = [], {}, {}
    for cell in cells:
        if cell.startswith(("#", "*", "`")):
            made.append(new_markdown_cell(cell))
            continue
        grade_id = cell
        (manual if cell.endswith("_answer") else points)[cell] = 1.0
        mark = {"nbgrader": {"grade_id": grade_id, "solution": True}}
        made.append(new_code_cell("", metadata=mark))
        made.append(new_code_cell("", metadata={"nbgrader": {"grade_id": f"{cell}_checks", "grade": True}}))
    release = folder / name
    release.mkdir(parents=True)
    (release / f"{name}.ipynb").write_text(writes(new_notebook(cells=made)))
    return Assignment(name, release, release, release, release, points, manual)


def words(folder, *cells):
    return {part: goal.words for goal in goals_of([written(folder, "a", *cells)]) for _, part in goal.parts}


def test_the_goal_of_an_exercise_is_its_sections_heading(tmp_path):
    assert words(
        tmp_path,
        "# The title",
        "## 1 · From a text to tokens: `tokenize` (3 points)",
        "tokenize",
        "### Look: all at once",
        "## 2 · How many numbers? `a_params` and `b_params` (0.5 + 0.5 points)",
        "a_params",
        "### And for the other: `b_params`",
        "b_params",
        "## 3 · Two **ways** (2 points, read by your teacher)",
        "two_ways_answer",
    ) == {
        "tokenize": "From a text to tokens",
        "a_params": "How many numbers?",
        "b_params": "How many numbers?",
        "two_ways_answer": "Two ways",
    }


def test_without_a_section_the_nearest_heading_counts_and_without_any_the_name(tmp_path):
    assert words(tmp_path, "# Title", "alone_answer", "### Near: `f`", "f") == {
        "alone_answer": "Alone",
        "f": "Near",
    }


def test_a_heading_in_a_code_block_is_none(tmp_path):
    assert words(tmp_path, "## Real\n\n```\n## Not\n```", "f") == {"f": "Real"}


def test_a_declared_goal_counts_instead_and_is_the_same_everywhere(tmp_path):
    one = written(tmp_path, "a", "## First\n\n**Goal.** Know your *shapes*.", "f", "## Same words", "g")
    two = written(tmp_path, "b", "## Second\n\n**Goal:** know your shapes.", "h", "## Same words", "k")
    assert goals_of([one, two]) == (
        Goal("Know your shapes.", (("a", "f"), ("b", "h"))),
        Goal("Same words", (("a", "g"),)),
        Goal("Same words", (("b", "k"),)),
    )


def test_every_exercise_and_question_of_the_course_has_a_goal_in_words():
    course = find_course(ROOT)
    found = [find_assignment(course, name) for name in assignment_names(course)]
    parts = [part for goal in goals_of(found) for part in goal.parts]
    assert parts == [(a.name, part) for a in found for part in {**a.points, **a.manual}] or (
        sorted(parts) == sorted((a.name, part) for a in found for part in {**a.points, **a.manual})
    )
    for goal in goals_of(found):
        assert len(goal.words) > 8, goal
        assert "`" not in goal.words
        assert "point" not in goal.words


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
    assert "NaN" not in as_json(report).decode()
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
    found = json.loads(as_json(three))
    assert [person["who"] for person in found["people"]] == [f"student{n:03}" for n in range(30)]
