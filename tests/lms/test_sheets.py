"""Sheets are recognised by their columns, in several languages, and our column is found or asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from autograder.lms import sheets
from autograder.lms.cells import SheetError
from autograder.lms.headers import Field
from autograder.lms.sheets import Kind, read_sheet
from tests.lms.samples import CANVAS, FRENCH, GRADEBOOK, SHEETS, WORKSHEET

KINDS = {
    "worksheet": Kind.WORKSHEET,
    "french": Kind.WORKSHEET,
    "canvas": Kind.CANVAS,
    "european": Kind.CANVAS,
    "gradebook": Kind.MOODLE,
}


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_sheet_is_recognised_in_every_encoding(name, encoding):
    assert read_sheet(SHEETS[name].encode(encoding)).kind is KINDS[name]


@pytest.mark.parametrize(
    "header",
    [
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed",
        "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden",
        "Identificador,Nombre completo,Dirección de correo,Estado,Calificación,Calificación máxima,x",
        "Identificativo,Nome completo,Indirizzo email,Stato,Valutazione,Valutazione massima,x",
    ],
)
def test_moodles_worksheet_is_known_in_several_languages(header):
    sheet = read_sheet(f"{header}\nParticipant 5,Ada L,ada@x,s,,20,Yes\n".encode())
    assert (sheet.kind, sheet.first(Field.GRADE), sheets.participant(sheet, 1)) == (Kind.WORKSHEET, 4, "5")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", ":", "|"])
def test_the_delimiter_is_found(delimiter):
    text = 'Student,ID,Section,Ex (1)\n"Lovelace, Ada",7,A,\n'.replace(",", delimiter).replace(
        f"Lovelace{delimiter} Ada", "Lovelace, Ada"
    )
    sheet = read_sheet(text.encode())
    assert (sheet.table.delimiter, len(sheet.header), sheet.people) == (delimiter, 4, (1,))


def test_rows_that_are_nobodys_are_no_people():
    assert read_sheet(CANVAS.encode()).people == (3, 4, 5, 6)


def test_another_table_is_refused_with_its_columns():
    with pytest.raises(SheetError, match=r"no sheet of Moodle or Canvas.*got the columns Name, Points"):
        read_sheet(b"Name,Points\nAda,3\n")


def test_a_sheet_without_students_is_refused():
    with pytest.raises(SheetError, match="no row of a student"):
        read_sheet(WORKSHEET.splitlines()[0].encode())


def test_moodles_number_is_no_users_number_and_canvas_is():
    moodle, canvas = read_sheet(WORKSHEET.encode()), read_sheet(CANVAS.encode())
    assert sheets.identity_of(moodle, 1).number == ""
    assert sheets.participant(moodle, 1) == "101"
    ada = sheets.identity_of(canvas, 3)
    assert (ada.number, ada.logins, ada.names) == ("7001", {"s1", "ada"}, ("Lovelace, Ada",))


@pytest.mark.parametrize(
    ("name", "wanted", "hints", "column"),
    [
        ("worksheet", "", ("ex2",), 4),
        ("canvas", "", ("one-hot",), 6),
        ("canvas", "901", (), 6),
        ("canvas", "Ex 1 (900)", ("one-hot",), 5),
        ("gradebook", "", ("One-hot", "ex2_one_hot"), 7),
        ("gradebook", "ASSIGNMENT: One-hot (percentage)", (), 8),
    ],
)
def test_the_column_is_found_by_its_name(name, wanted, hints, column):
    assert sheets.grade_column(read_sheet(SHEETS[name].encode()), wanted, hints) == column


@pytest.mark.parametrize(
    ("wanted", "hints", "sentence"),
    [
        (
            "",
            ("ex9",),
            r"no column is named after ex9: is it the sheet of this course\?.*Ex 1 \(900\), One-hot",
        ),
        ("", ("o", "e"), "more than one column is named after o or e"),
        ("Section", (), "no column is called Section"),
        ("Final Score", ("x",), None),
    ],
)
def test_a_column_that_is_not_there_or_not_ours_is_refused(wanted, hints, sentence):
    sheet = read_sheet(CANVAS.encode())
    if sentence is None:  # named in full, so it is meant
        assert sheet.header[sheets.grade_column(sheet, wanted, hints)] == "Final Score"
        return
    with pytest.raises(SheetError, match=sentence):
        sheets.grade_column(sheet, wanted, hints)


def test_the_maximum_is_read_where_the_sheet_tells_it():
    for name, column, most in (
        ("worksheet", 4, 20),
        ("french", 4, 20),
        ("canvas", 5, 10),
        ("european", 4, 20),
    ):
        assert sheets.maximum(read_sheet(SHEETS[name].encode()), column) == Decimal(most), name
    assert sheets.maximum(read_sheet(GRADEBOOK.encode()), 7) is None


@pytest.mark.parametrize(("old", "new"), [("20.00,Yes,-,-", "100.00,Yes,-,-"), ("20.00", "Excellent")])
def test_a_maximum_that_is_no_number_of_points_is_refused(old, new):
    with pytest.raises(SheetError, match="no number of points"):
        sheets.maximum(read_sheet(WORKSHEET.replace(old, new).encode()), 4)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,50", "12.50"),
        ("12.5", "12.5"),
        ("1 234,5", "1234.5"),
        ("7", "7"),
        ("EX", None),
        ("", None),
        ("-3", None),
        ("1e3", None),
        ("٣", None),
    ],
)
def test_a_number_is_read_with_either_decimal_sign(text, value):
    assert sheets.number(text) == (None if value is None else Decimal(value))


def test_the_decimal_sign_is_that_of_the_sheet():
    signs = {name: sheets.decimal_sign(read_sheet(text.encode()), 4) for name, text in SHEETS.items()}
    assert signs == {"worksheet": ".", "french": ",", "canvas": ".", "european": ",", "gradebook": "."}


def test_a_row_that_breaks_off_has_no_value_there():
    sheet = read_sheet((FRENCH + "Participant104;Short\n").encode())
    assert sheet.value(4, 5) == ""
