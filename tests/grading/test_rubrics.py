"""Rubrics: found by name, checked against the questions, overlaid by private ones; codes in comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import Assignment, Course, find_assignment, find_course
from autograder.errors import CourseError
from autograder.grading.rubrics import Criterion, expanded, mistyped, read_rubrics

KIT = Path(__file__).parents[2]
RUBRIC = """
[[why_answer]]
points = 0.5
text = "Names the reason."

[[why_answer]]
points = 0.5
text = '''
Gives an
example.'''

[comments]
unit-missing = "Write the unit, too."
"""


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


@pytest.fixture
def assignment(tmp_path):
    nowhere = tmp_path / "nowhere"
    return Assignment("toy", nowhere, nowhere, nowhere, nowhere, {"double": 3.0}, {"why_answer": 1.0})


def write(course, content, name="solutions/rubrics/toy.toml"):
    file = course.root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def test_criteria_and_codes_are_found_by_name(course, assignment):
    write(course, RUBRIC)
    write(course, '[comments]\nwell-said = "Well said."', "solutions/rubrics/comments.toml")
    write(course, "this is another assignment's", "solutions/rubrics/other.toml")
    found = read_rubrics(course, assignment)
    assert found.questions == {
        "why_answer": (Criterion(0.5, "Names the reason."), Criterion(0.5, "Gives an example."))
    }
    # its own sentences first: these are what a TA looks for
    assert list(found.comments.items()) == [
        ("unit-missing", "Write the unit, too."),
        ("well-said", "Well said."),
    ]


def test_private_criteria_take_the_place_of_public_ones(course, assignment):
    write(course, RUBRIC)
    ours = '[[why_answer]]\npoints = 1\ntext = "Ours."\n[comments]\nunit-missing = "Unit?"\n'
    write(course, ours, "private/solutions/rubrics/toy.toml")
    found = read_rubrics(course, assignment)
    assert found.questions == {"why_answer": (Criterion(1.0, "Ours."),)}
    assert found.comments == {"unit-missing": "Unit?"}


def test_without_files_there_is_nothing(course, assignment):
    assert read_rubrics(course, assignment).questions == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[[why_answer]", r"solutions/rubrics/toy.toml cannot be read: .* \(got TOMLDecodeError\)"),
        (RUBRIC.replace("why_answer", "wy_answer"), r"did you mean why_answer\? \(got wy_answer\)"),
        (RUBRIC.replace("points = 0.5", "points = 0.6", 1), r"have 1.1 points together.* 1 \(got 1.1\)"),
        ('[why_answer]\npoints = 1\ntext = "x"', r"written as \[\[why_answer\]\], once per criterion"),
        ("why_answer = []", r"once per criterion \(got \[\]\)"),
        ('[[why_answer]]\npoints = -1\ntext = "x"', r"are above 0 \(got -1\)"),
        ('[[why_answer]]\npoints = nan\ntext = "x"', r"are above 0 \(got nan\)"),
        ('[[why_answer]]\npoints = "1"\ntext = "x"', r"are above 0 \(got '1'\)"),
        ('[[why_answer]]\npoints = 1\ntext = " "', r"has a text \(got ' '\)"),
        ('[[why_answer]]\npoints = 1\ntext = "x"\nhint = ""', "has points and text, nothing else"),
        ("why_answer = [1]", "are above 0"),
        ('[comments]\nUnit = "x"', r"lower-case words joined by - \(got 'Unit'\)"),
        ("[comments]\nunit = 7", r"stands for a sentence \(got 7\)"),
        ("comments = 7", r"a table of codes .* \(got 7\)"),
    ],
)
def test_what_does_not_fit_is_one_sentence(course, assignment, content, sentence):
    write(course, content)
    with pytest.raises(CourseError, match=sentence):
        read_rubrics(course, assignment)


CODES = {"unit": "Write the unit.", "unit-missing": "Where is the unit?"}


@pytest.mark.parametrize(
    ("comment", "read"),
    [
        ("#unit", "Write the unit."),
        ("Nearly. #unit-missing See row 3.", "Nearly. Where is the unit? See row 3."),
        ("(#unit)", "(Write the unit.)"),
        ("#unit-other", "#unit-other"),
        ("#units", "#units"),
        ("a#unit &#unit; ##unit x/#unit", "a#unit &#unit; ##unit x/#unit"),
        ("Look at #1.", "Look at #1."),
        ("", ""),
    ],
)
def test_a_known_code_is_read_as_its_sentence(comment, read):
    assert expanded(comment, CODES) == read


def test_a_code_that_is_nearly_one_is_noticed():
    assert mistyped("#unit #unit-mising #hello", CODES) == {"#unit-mising": "#unit-missing"}


def test_every_question_of_this_course_has_a_rubric():
    course = find_course(KIT)
    asked = {}
    for source in sorted((KIT / "source").glob("*/*.ipynb")):
        assignment = find_assignment(course, source.stem)
        asked |= assignment.manual
        assert set(read_rubrics(course, assignment).questions) == set(assignment.manual), assignment.name
    assert len(asked) == 4
