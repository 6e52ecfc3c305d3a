"""Plain files of grades: blank where there is none, and nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json

import pytest

from autograder.lms.people import Person
from autograder.reporting.plain import Line, as_csv, as_json, for_moodle, shown
from autograder.reporting.tables import harmless

LINES = [
    Line(
        "toy",
        Person("ada", "Ada", "Lovelace, jr", "ada@x", "7"),
        6.0,
        True,
        4.5,
        0.5,
        False,
        "",
        {"a": 3.0, "b": 2.0},
    ),
    Line("toy", Person("=cmd()", "Zoé", 'd"É'), 6.0, True, None, 0.0, True, "waits", {"a": 0.0, "b": None}),
    Line("toy", Person("bob", email="bob@x"), 6.0, why="nothing handed in"),
]


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_row_holds_points_of_each_exercise_and_no_grade_is_blank():
    ada, zoe, bob = rows(as_csv(LINES, ["a", "b", "a"]))
    assert (ada["score"], ada["a"], ada["b"], ada["last_name"]) == ("4.5", "3", "2", "Lovelace, jr")
    assert (zoe["score"], zoe["a"], zoe["b"], zoe["waiting_for_a_person"]) == ("", "0", "", "yes")
    assert (bob["score"], bob["a"], bob["handed_in"]) == ("", "", "no")
    assert bob["without_grade_because"] == "nothing handed in"


def test_json_says_the_same_with_null():
    grades = json.loads(as_json(LINES))["grades"]
    assert [grade["score"] for grade in grades] == [4.5, None, None]
    assert grades[1]["points"] == {"a": 0.0, "b": None}
    assert grades[1]["student"] == "=cmd()"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r1", " =1", "＝1", "\n=1"])
def test_no_text_starts_a_formula(text):
    assert harmless(text) == f"'{text}"
    assert rows(as_csv([Line("toy", Person(text), 1.0)], []))[0]["student"] == f"'{text}"


@pytest.mark.parametrize("text", ["ada", "a=b", "3.5", "", "é-è", "'quoted"])
def test_other_texts_stay_as_they_are(text):
    assert harmless(text) == text


def test_moodles_import_has_only_graded_students_with_an_email():
    content, missing = for_moodle([*LINES, Line("toy", Person("dan"), 6.0, True, 1.0)], "Toy, the")
    assert content.decode("utf-8-sig") == (
        'Email address,First name,Last name,"Toy, the"\r\nada@x,Ada,"Lovelace, jr",4.5\r\n'
    )
    assert missing == ["dan"]


@pytest.mark.parametrize(
    ("points", "text"), [(None, ""), (0.0, "0"), (20.0, "20"), (2.675, "2.68"), (1 / 3, "0.33")]
)
def test_points_have_two_decimals_at_most(points, text):
    assert shown(points) == text
