"""The demo: a folder of its own, every step from hand-in to feedback, an exit code to be trusted."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from autograder.assurance.toy_class import ASSIGNMENT, CLASS, TOO_LATE, HandedIn, Member
from autograder.commands.demo import MARK, closing_table, make_course, run_demo
from autograder.course import find_assignment, find_course
from autograder.errors import CourseError
from autograder.grading.rubrics import read_rubrics

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def course():
    return find_course(ROOT)


def member(student):
    return next(each for each in CLASS if each.student == student)


def cells(table, heading):
    (column,) = (column for column in table.columns if column.header == heading)
    return [str(cell) for cell in column.cells]


def test_the_demos_course_holds_the_assignment_and_no_gradebook(course, tmp_path):
    demo = make_course(course, tmp_path / "demo")
    assert find_assignment(demo, ASSIGNMENT).points == find_assignment(course, ASSIGNMENT).points
    assert demo.root == tmp_path / "demo"
    assert demo.settings == course.settings
    assert sorted(path.name for path in demo.root.iterdir()) == [
        MARK,
        "nbgrader_config.py",
        "release",
        "solutions",
        "source",
        "tests",
    ]
    read = read_rubrics(demo, find_assignment(demo, ASSIGNMENT))
    assert read == read_rubrics(course, find_assignment(course, ASSIGNMENT))
    assert read.questions


def test_an_earlier_demo_is_replaced(course, tmp_path):
    demo = make_course(course, tmp_path / "demo")
    (demo.root / "gradebook.db").write_text("old")
    make_course(course, tmp_path / "demo")
    assert not (demo.root / "gradebook.db").exists()


def test_a_folder_that_the_demo_did_not_make_is_left_alone(course, tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(CourseError, match="did not make"):
        make_course(course, tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_a_link_to_an_earlier_demo_is_not_followed(course, tmp_path):
    make_course(course, tmp_path / "demo")
    (tmp_path / "link").symlink_to(tmp_path / "demo")
    with pytest.raises(CourseError, match="folder of its own"):
        make_course(course, tmp_path / "link")


def test_the_course_that_somebody_works_in_is_no_place_for_the_demo(course):
    with pytest.raises(CourseError, match="did not make"):
        make_course(course, course.root)


def test_a_small_class_goes_from_hand_in_to_feedback_and_a_wrong_grade_is_told(course, tmp_path):
    again = replace(member("lea").handed_in[0], time=TOO_LATE)
    late = Member("late", "the second was cut off and late", (HandedIn(rest=False), again))
    # the design says that Mia is right, her file is empty: no grading can give the expected points
    mia = Member("mia", "said to be right", (replace(member("karim").handed_in[0], readable=True),))
    members = [member("chloe"), member("karim"), late, mia]
    output = io.StringIO()
    code = run_demo(
        course, folder=tmp_path / "demo", jobs=1, console=Console(file=output, width=200), members=members
    )
    said = output.getvalue()
    assert code == 1
    assert [line for line in said.splitlines() if "not the expected one" in line] == [
        "mia: this grade is not the expected one"
    ]
    assert "late: handed in 2026-03-05 09:30 UTC (the last of 2 before the deadline counts)." in said
    assert "You have not written this function yet." in said
    assert "The notebook is empty" in said
    pages = tmp_path / "demo" / "feedback"
    assert all((pages / m.student / ASSIGNMENT / f"{ASSIGNMENT}.html").is_file() for m in members)


@pytest.mark.parametrize("given", [{}, {"chloe": 0.5}])
def test_a_grade_that_is_not_the_expected_one_is_named(course, given):
    assignment = find_assignment(course, ASSIGNMENT)
    table, wrong = closing_table(assignment, [member("chloe")], {}, given)
    assert wrong == ["chloe"]
    assert cells(table, "expected") == ["0"]
