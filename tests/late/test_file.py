"""late.toml: what it says, and a sentence with its line for every mistake."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.late import check_students, read_late_rules
from autograder.grading.late.lines import line_of
from autograder.grading.late.rules import DAY, HOUR, Amount

WHOLE = """# Handing in late.
timezone = "Europe/Paris"

[every]
grace_minutes = 10
percent_per_day = 10
at_most_percent = 50
accepted_days = 7

[assignment.ex1]
deadline = "2026-03-06 23:59"

[assignment.ex2]
deadline = 2026-04-06T12:00:00+00:00   # TOML's own way
points_per_hour = 0.5
at_most_points = 5
grace_minutes = 0
accepted_until = 2026-04-08T12:00:00Z

[[extension]]
student = "ada"
assignment = "ex1"
deadline = "2026-03-09 23:59"
reason = "ill, seen by the secretary's office"

[[extension]]
student = "zoe"
assignment = "ex1"
deadline = "2026-03-08 23:59"
"""


@pytest.fixture
def course(tmp_path):
    checks = tmp_path / "tests/hidden"
    checks.mkdir(parents=True)
    for name in ("ex1", "ex2"):
        (checks / f"test_{name}.py").touch()
    return Course(root=tmp_path, submitted=tmp_path / "submitted")


def read(course, text):
    (course.root / "late.toml").write_text(text, encoding="utf-8")
    return read_late_rules(course)


def test_a_course_without_the_file_has_no_rules(course):
    assert read_late_rules(course).rules == {}


def test_an_assignment_takes_what_counts_for_every_one_where_it_says_nothing_else(course):
    rules = read(course, WHOLE).rules
    first, second = rules["ex1"], rules["ex2"]
    assert first.deadline == datetime(2026, 3, 6, 22, 59, tzinfo=UTC)
    assert (first.grace, first.rate, first.step) == (timedelta(minutes=10), Amount(10, "percent"), DAY)
    assert (first.most, first.accepted) == (Amount(50, "percent"), timedelta(days=7))
    assert second.deadline == datetime(2026, 4, 6, 12, tzinfo=UTC)
    assert (second.grace, second.rate, second.step) == (timedelta(0), Amount(0.5, "points"), HOUR)
    assert (second.most, second.accepted) == (Amount(5, "points"), timedelta(days=2))


def test_extensions_have_their_reason_and_line(course):
    extensions = read(course, WHOLE).rules["ex1"].extensions
    assert extensions["ada"].deadline == datetime(2026, 3, 9, 22, 59, tzinfo=UTC)
    assert extensions["ada"].reason == "ill, seen by the secretary's office"
    assert (extensions["ada"].line, extensions["zoe"].line) == (21, 27)


def test_nothing_is_accepted_after_the_deadline_where_that_is_said(course):
    text = WHOLE.replace('deadline = "2026-03-06 23:59"', 'deadline = "2026-03-06 23:59"\naccepted_days = 0')
    assert read(course, text).rules["ex1"].accepted == timedelta(0)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[assignment.ex1]", "[assignment.ex_1]", "line 10: there is no such assignment; did you mean ex1"),
        ("percent_per_day =", "percent_per_dya =", "line 6: percent_per_dya means nothing here; did you"),
        ("percent_per_day = 10", "percent_per_day = 101", r"line 6: .* is a number from 0 to 100 \(got 101"),
        ("percent_per_day = 10", 'percent_per_day = "ten"', r"line 6: .*got 'ten'"),
        ("percent_per_day = 10", "percent_per_day = true", "line 6: .*got True"),
        ("percent_per_day = 10", "percent_per_day = -1", "line 6: .*got -1"),
        ("percent_per_day = 10", "percent_per_day = nan", "line 6: .*got nan"),
        ("percent_per_day = 10", "percent_per_week = 10", "line 6: percent_per_week means nothing here"),
        ("points_per_hour =", "points_per_day = 1\npoints_per_hour =", "line 16: one of these"),
        ("at_most_points = 5", "at_most_points = 5\nat_most_percent = 5", "line 17: one of these"),
        ("accepted_until = 2026-04-08", "accepted_until = 2026-04-01", "18: this is before the deadline"),
        ("grace_minutes = 0", "accepted_days = 3", "line 17: .*accepted_until and accepted_days"),
        ("2026-03-06 23:59", "2026-02-30 23:59", "line 11: deadline is a day and a time.*got 2026-02-30"),
        ('"2026-03-06 23:59"', "2026-03-06", "line 11: deadline is a day and a time"),
        ('"2026-03-06 23:59"', '"2026-03-06"', "line 11: deadline is a day and a time"),
        ('"2026-03-06 23:59"', "5", "line 11: .*got 5"),
        ('"2026-03-06 23:59"', "2026-13-06T23:59:00", "is no TOML: .*line 11"),
        ("2026-03-06 23:59", "2206-03-06 23:59", "line 11: deadline lies in no year of a course"),
        ("2026-03-06 23:59", "2026-03-29 02:30", "line 11: the clocks of Europe/Paris go forward"),
        ('timezone = "Europe/Paris"', "", r"line 11: whose time is it\? Write timezone"),
        ("Europe/Paris", "Europe/Pari", r'line 2: no time zone is called so.*got Europe/Pari\)'),
        ("Europe/Paris", "../../etc/passwd", "line 2: no time zone"),
        ('deadline = "2026-03-06 23:59"', "grace_minutes = 3", "line 10: an assignment needs its deadline"),
        ('student = "ada"', 'who = "ada"', "line 21: who means nothing here"),
        ('student = "ada"\n', "", "line 20: an extension needs its student"),
        ('student = "zoe"', 'student = "ada"', "line 27: a second extension for ex1 .*got ada"),
        ('assignment = "ex1"', 'assignment = "ex3"', "line 22: there are no rules for this assignment"),
        ("2026-03-09 23:59", "2026-03-01 23:59", "line 23: an extension ends after the deadline of ex1"),
        ("[every]", "[evry]", "line 4: evry means nothing here; did you mean every"),
        ("[every]", "every = 3\n[x]", "x means nothing here"),
        ("[[extension]]\nstudent = \"ada\"", "[extension]\nstudent = \"ada\"", "is no TOML"),
        ("[assignment.ex2]", "[assignment]\nex2 = 3\n[assignment.ex3]", "is no TOML|ex2"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_value(course, old, new, sentence):
    assert old in WHOLE
    with pytest.raises(CourseError, match=sentence):
        read(course, WHOLE.replace(old, new, 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("every = 3", "line 1: every is a table"),
        ("assignment = [1]", "line 1: assignment is a table"),
        ("[assignment]\nex1 = 5", "line 2: .*table"),
        ("extension = [3]", "a table is expected"),
        ('extension = "ada"', "each extension is a table"),
        ("a = [", "is no TOML"),
    ],
)
def test_another_shape_is_told(course, text, sentence):
    with pytest.raises(CourseError, match=sentence):
        read(course, text)


def test_what_is_no_text_is_told_and_a_byte_order_mark_is_none(course):
    (course.root / "late.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CourseError, match="cannot be read as UTF-8"):
        read_late_rules(course)
    (course.root / "late.toml").write_bytes(b"\xef\xbb\xbf" + WHOLE.encode())
    assert len(read_late_rules(course).rules) == 2


def test_of_the_hour_that_comes_twice_the_later_one_is_meant(course):
    text = WHOLE.replace("2026-03-06 23:59", "2026-10-25 02:30").replace("2026-03-0", "2026-11-0")
    assert read(course, text).rules["ex1"].deadline == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_extension_of_somebody_unknown_is_told_with_its_line(course):
    rules = read(course, WHOLE).rules.values()
    check_students(rules, {"ada", "zoe", "bob"})
    with pytest.raises(CourseError, match=r"line 27: nobody of this name .*did you mean zoë\? \(got zoe\)"):
        check_students(rules, {"ada", "zoë"})


def test_lines_are_found_in_tables_of_every_kind():
    text = "a.b = 1\n[c.'d e']\nf = 2\n[[g]]\nh = 1\n [[ g ]] # second\nh = 2\n"
    places = [("a", "b"), ("c", "d e", "f"), ("g", 1, "h"), ("g", 0), ("g", 1, "missing"), ("zz",)]
    assert [line_of(text, place) for place in places] == [1, 3, 7, 4, 6, 0]


def test_the_example_of_the_instructors_page_is_right(course):
    page = (Path(__file__).parents[2] / "docs/instructor.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(timezone.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for name in ("ex2_one_hot", "ex5_lstm"):
        (course.root / f"tests/hidden/test_{name}.py").touch()
    rules = read(course, example).rules
    assert rules["ex2_one_hot"].rate == Amount(10, "percent")
    lstm = rules["ex5_lstm"]
    assert (lstm.rate, lstm.accepted) == (Amount(0.5, "points"), timedelta(hours=36, minutes=1))
    assert set(rules["ex2_one_hot"].extensions) == {"ada"}
