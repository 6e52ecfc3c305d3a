"""One cell changes, and no other byte, whatever wrote the sheet."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.lms.cells import DELIMITERS, SheetError, decode, read_table, with_cells
from tests.lms.samples import SHEETS

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_in_which_nothing_changes_is_the_same_to_the_byte(sheet, encoding):
    content = SHEETS[sheet].encode(encoding)
    for delimiter in DELIMITERS:
        assert with_cells(read_table(content, delimiter), {}) == content


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_new_value_stands_where_the_old_one_stood(encoding):
    content = SHEETS["worksheet"].encode(encoding)
    written = with_cells(read_table(content, ","), {(1, 4): "17.5", (3, 4): "3"})
    expected = SHEETS["worksheet"].replace('grading",,', 'grading",17.5,').replace("12.50", "3")
    assert written == expected.encode(encoding)


@pytest.mark.parametrize(
    ("sheet", "delimiter", "value", "after"),
    [
        ('a,b\n1,""\n', ",", "2", 'a,b\n1,"2"\n'),
        ("a,b\n1,\n", ",", "2,5", 'a,b\n1,"2,5"\n'),
        ("a;b\n1;\n", ";", "2,5", "a;b\n1;2,5\n"),
        ("a\tb\r1\tx\r", "\t", "2", "a\tb\r1\t2\r"),
        ("a,b\n1,x", ",", "2", "a,b\n1,2"),
        ("a,b\n1,", ",", "2", "a,b\n1,2"),
    ],
)
def test_quoting_and_line_ends_stay_as_they_are(sheet, delimiter, value, after):
    assert with_cells(read_table(sheet.encode(), delimiter), {(1, 1): value}) == after.encode()


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.text(st.sampled_from('ab é"\n\r,;\t='), max_size=6), min_size=1, max_size=4),
        min_size=1,
        max_size=5,
    ),
    delimiter=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_cells_are_read_as_pythons_own_reader_reads_them(rows, delimiter, end, quoting):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    content = file.getvalue().encode()
    if not content.strip():
        return
    table = read_table(content, delimiter)
    theirs = list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))
    assert [[cell.text for cell in row] for row in table.rows] == [row or [""] for row in theirs]
    for row, cells in enumerate(table.rows):
        for column in range(len(cells)):
            changed = read_table(with_cells(table, {(row, column): "17.5"}), delimiter)
            expected = [[cell.text for cell in each] for each in table.rows]
            expected[row][column] = "17.5"
            assert [[cell.text for cell in each] for each in changed.rows] == expected


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the sheet is empty"),
        (b"\xef\xbb\xbf", "has no row|is empty|no sheet"),
        (b" \r\n", "the sheet is empty"),
        (b"PK\x03\x04rest", "is a spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "is a spreadsheet"),
        (b"<!DOCTYPE html><title>Log in", "is a web page"),
        ("a,b".encode("utf-16-le"), "encoding is not known"),
        (b"a,\x81\x8d\n", "encoding is not known"),
        (b"\xff\xfea", "is not what its first bytes say"),
        ("a,b".encode("utf-32"), "is not what its first bytes say"),
        (b'a,b\n1,"2\n3,4\n', "in line 2 of the sheet is never closed.*got '\"2"),
    ],
)
def test_what_is_no_sheet_is_told_in_a_sentence(content, sentence):
    from autograder.lms.sheets import read_sheet

    with pytest.raises(SheetError, match=sentence):
        read_table(content, ",") if b'"2' in content else read_sheet(content)


def test_a_sheet_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr("autograder.lms.cells.MAX_BYTES", 10)
    with pytest.raises(SheetError, match="got 11 bytes"):
        decode(b"a" * 11)
