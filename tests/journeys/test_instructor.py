"""The instructor's journey in the formgrader: the buttons give what the commands give."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autograder.course import find_course
from autograder.grading.secret import course_secret
from tests.journeys import handed_in
from tests.journeys.browsing import Browsing
from tests.journeys.courses import COURSE, SMALL, add_small_assignment, exchange, staff_folder
from tests.journeys.formgrading import Formgrader
from tests.journeys.places import Place
from tests.journeys.serving import jupyterlabs

WITHOUT_A_MAJORITY = '@exercise("majority")\ndef test_refuses_an_empty_list'
COUNTS_FOUR = '@exercise("majority", weight=5)\ndef test_refuses_an_empty_list'
AFTERWARDS = {"ada": 4.0, "bob": 3.5, "zoe": 0.0}
"""Of weights 2, 1 and 5: bob's mistake on a tie costs one eighth."""

pytestmark = pytest.mark.whole_journey


def test_from_grading_to_released_feedback(browser: Browsing, tmp_path: Path) -> None:
    between = exchange(tmp_path / "exchange")
    place = Place(staff_folder(tmp_path / "course", between), tmp_path / "teacher")
    add_small_assignment(place.root)
    handed_in.hand_in(place.root)
    by_command = copy_of(place, tmp_path)
    with jupyterlabs(place) as (server,):
        instructor = Formgrader(browser.window(), server).enter()
        release(instructor, between)
        grade_by_the_button(instructor)
        by_command.type(f"autograder grade {SMALL}")
        assert handed_in.automatic(place.root) == handed_in.POINTS
        assert handed_in.grades(place.root) == handed_in.grades(by_command.root)
        change_a_check(place)
        see_the_new_points(instructor)
        give_feedback(instructor)
    assert len(list((between / COURSE / "feedback").glob("*.html"))) == len(handed_in.CLASS)


def copy_of(place: Place, folder: Path) -> Place:
    """The same course on the same day, with the same secret, for the commands."""
    course_secret(find_course(place.root).state)  # made at first use; the inputs of checks come from it
    shutil.copytree(place.root, folder / "copy")
    return Place(folder / "copy", place.home)


def release(instructor: Formgrader, between: Path) -> None:
    row = instructor.row(SMALL)
    expect(row).to_contain_text("draft")
    assert "Successfully released" in instructor.press(row, "release")
    expect(row).to_contain_text("released")
    assert (between / COURSE / "outbound" / SMALL / f"{SMALL}.ipynb").is_file()


def grade_by_the_button(instructor: Formgrader) -> None:
    instructor.submissions(SMALL)
    for student, points in handed_in.POINTS.items():
        row = instructor.row(student)
        expect(row).to_contain_text("needs autograding")
        assert "Successfully autograded" in instructor.press(row, "autograde")
        expect(row).to_contain_text(f"{points:g} / 5")


def change_a_check(place: Place) -> None:
    file = place.root / f"tests/hidden/test_{SMALL}.py"
    text = file.read_text(encoding="utf-8")
    assert WITHOUT_A_MAJORITY in text
    file.write_text(text.replace(WITHOUT_A_MAJORITY, COUNTS_FOUR), encoding="utf-8")
    see_whose_points_would_change(place)
    place.type(f"autograder grade {SMALL}")
    assert handed_in.automatic(place.root) == AFTERWARDS


def see_whose_points_would_change(place: Place) -> None:
    """``--diff`` names bob alone, ends with 1, and writes no grade."""
    before = handed_in.grades(place.root)
    told = place.run(f"autograder grade {SMALL} --diff")
    assert told.returncode == 1, told.stdout
    assert f"{SMALL}: 1 of 3 students would have other points; nothing was written" in told.stdout
    assert "bob  3 → 3.5  changed: the hidden checks" in told.stdout
    assert handed_in.grades(place.root) == before


def see_the_new_points(instructor: Formgrader) -> None:
    instructor.submissions(SMALL)
    for student, points in AFTERWARDS.items():
        expect(instructor.row(student)).to_contain_text(f"{points:g} / 5")


def give_feedback(instructor: Formgrader) -> None:
    instructor.go("")
    row = instructor.row(SMALL)
    assert "Successfully generated" in instructor.press(row, "generate-feedback")
    assert "Successfully released" in instructor.press(row, "release-feedback")
