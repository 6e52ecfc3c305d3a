"""Grades in a downloaded sheet: our column and nothing else, and a sentence for everything that is odd."""

from __future__ import annotations

import pytest

from autograder.lms.cells import SheetError
from autograder.lms.people import Person
from autograder.lms.sheets import read_sheet
from autograder.reporting.account import sentences
from autograder.reporting.filling import Grade, Wish, fill
from tests.lms.samples import CANVAS, EUROPEAN, FRENCH, GRADEBOOK, SHEETS, WORKSHEET

ADA = Person("ada", "Ada", "Lovelace", "ada@example.org", "7001")
ZOE = Person("zoe", "Zoé", "d'Été", "zoe@example.org", "7002")
BOB = Person("bob", "Bob", "Noyce", "bob@example.org", "7003")
GRADES = [Grade(ADA, 17.5), Grade(ZOE, why="nothing handed in"), Grade(BOB, 14)]
HINTS = ("ex2_one_hot", "One-hot")


def filled(text, grades=GRADES, *, out_of=20, hints=HINTS, encoding="utf-8", **wish):
    return fill(read_sheet(text.encode(encoding)), grades, out_of, hints, Wish(**wish))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    ("sheet", "changes"),
    [
        ("worksheet", [('grading",,20', 'grading",17.5,20'), ("12.50,20", "14,20")]),
        ("french", [('évaluation";;20', 'évaluation";17,5;20')]),
        ("canvas", [("A and B,9.50,,90", "A and B,9.50,17.5,90")]),
        ("european", [("12,50", "17,5"), ("bob;A;\n", "bob;A;14\n")]),
        ("gradebook", [("9.00,-,-", "9.00,17.5,-"), ("bob@example.org,-,-,-", "bob@example.org,-,14,-")]),
    ],
)
def test_every_byte_outside_of_our_column_stays(sheet, changes, encoding):
    expected = SHEETS[sheet]
    for old, new in changes:
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert filled(SHEETS[sheet], encoding=encoding).content == expected.encode(encoding)


def test_filling_a_filled_sheet_changes_nothing():
    once = filled(WORKSHEET)
    again = fill(read_sheet(once.content), GRADES, 20, HINTS)
    assert (again.content, again.written, again.same) == (once.content, (), 2)


def test_a_changed_grade_is_told_with_the_old_one():
    assert filled(WORKSHEET).written == (
        ("ada (Ada Lovelace)", "", "17.5"),
        ("bob (Bob Noyce)", "12.50", "14"),
    )
    assert "  bob (Bob Noyce): 12.50 → 14" in sentences(filled(WORKSHEET))


def test_no_grade_is_blank_and_never_zero():
    result = filled(WORKSHEET, [Grade(ADA, why="waits"), Grade(BOB, 0.0)])
    assert result.blank == {"ada (Ada Lovelace)": "waits"}
    assert b'grading",,20' in result.content
    assert b"Graded,0,20" in result.content


def test_a_grade_in_the_sheet_without_one_here_stays_and_is_told():
    result = filled(WORKSHEET, [Grade(ADA, 3), Grade(BOB, why="nothing handed in")])
    assert b"12.50" in result.content
    assert result.kept == {
        "bob (Bob Noyce)": "has 12.50 in the sheet and no grade here (nothing handed in); it stays"
    }


def test_what_is_no_number_stays():
    result = filled(CANVAS, [Grade(ADA, 1), Grade(ZOE, 2), Grade(BOB, 3)])
    assert b",EX," in result.content
    assert b",N/A," in result.content
    assert set(result.kept) == {"zoe (Zoé d'Été)", "bob (Bob Noyce)"}
    assert not result.complete


def test_a_grade_that_moodle_has_locked_stays():
    assert filled(FRENCH).kept == {
        "bob (Bob Noyce)": "Moodle says that this grade cannot be changed; the cell stays"
    }


def test_rows_of_nobody_and_students_without_a_row_are_listed():
    eve = Person("eve", email="eve@example.org")
    result = filled(CANVAS, [Grade(ADA, 1), Grade(eve, 2), Grade(Person("dan"), why="nothing handed in")])
    assert result.strangers == ("Été, Zoé d' (row 5)", "Noyce, Bob (row 6)", "Student, Test (row 7)")
    assert result.without_row == ("eve",)
    assert result.blank == {"dan": "nothing handed in"}
    assert not result.complete


def test_a_duplicate_email_is_listed_and_both_are_left_blank():
    twins = [Grade(Person("a1", email="ada@example.org"), 1), Grade(Person("a2", email="ada@example.org"), 2)]
    result = filled(WORKSHEET, [*twins, Grade(BOB, 3)])
    assert b'grading",,20' in result.content
    assert result.doubts == ("Ada Lovelace (row 2): the e-mail fits several students: a1, a2",)
    assert result.without_row == ()


def test_two_rows_of_one_student_are_left_blank():
    double = WORKSHEET + '"Participant 104","Ada Lovelace",ada@example.org,s,,20.00,Yes,-,-,\r\n'
    result = filled(double)
    assert double.replace("12.50,20", "14,20").encode() == result.content
    assert len(result.doubts) == 2


def test_another_maximum_is_refused_unless_points_are_to_be_converted():
    hundred = WORKSHEET.replace("20.00", "100.00")
    with pytest.raises(SheetError, match=r"out of 100 and the assignment out of 20.*--scale \(got 100\)"):
        filled(hundred)
    result = filled(hundred, scale=True)
    assert b'grading",87.5,100' in result.content
    assert result.notes == ("Points out of 20 became points out of 100.",)


def test_points_are_rounded_to_two_decimals_upwards_in_the_middle():
    thirds = [Grade(ADA, 2.675), Grade(BOB, 13.333333)]
    assert [text for _, _, text in filled(WORKSHEET, thirds).written] == ["2.68", "13.33"]


def test_a_sheet_that_tells_no_maximum_is_filled_with_a_word_about_it():
    result = filled(GRADEBOOK)
    assert result.notes == (
        "The sheet does not say what its grades are out of; points are written out of 20.",
    )
    with pytest.raises(SheetError, match="out of 100 and the assignment out of 20"):
        filled(GRADEBOOK, maximum=100)
    assert b",87.5,-" in filled(GRADEBOOK, maximum=100, scale=True).content


def test_a_maximum_against_the_sheet_is_refused():
    with pytest.raises(SheetError, match="leave --maximum away"):
        filled(WORKSHEET, maximum=10)


def test_a_grade_above_the_maximum_is_told_because_moodle_passes_over_it():
    result = filled(WORKSHEET, [Grade(ADA, 21)])
    assert "Moodle passes over a grade above its maximum" in result.notes[0]


def test_the_sheet_of_another_course_is_refused():
    with pytest.raises(SheetError, match=r"no row of the sheet fits a student.*another course.*Ada Lovelace"):
        filled(WORKSHEET, [Grade(Person("x", "Ximena", "Y", "x@y"), 3)])


def test_a_course_without_students_is_told():
    with pytest.raises(SheetError, match="the course has no students yet"):
        filled(WORKSHEET, [])


def test_one_student_is_a_class():
    assert filled(EUROPEAN, [Grade(ADA, 20)]).written == (("ada (Ada Lovelace)", "12,50", "20"),)


def test_a_row_that_breaks_off_is_told():
    short = EUROPEAN + "Été, Zoé d';7002\n"
    assert "the row breaks off" in filled(short, [Grade(ADA, 1), Grade(ZOE, 2)]).kept["zoe (Zoé d'Été)"]
