"""What is wrong with a file that a person named is told with the file's name."""

from __future__ import annotations

import pytest

from autograder.lms.cells import SheetError
from autograder.lms.opening import read_file
from autograder.lms.sheets import read_sheet
from autograder.lms.students import read_students


@pytest.mark.parametrize("read", [read_sheet, read_students])
@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"\xff\xfe\0", b"PK\x03\x04", b"<html>", b"a,b\n1,2\n"])
def test_a_file_that_does_not_fit_is_named(tmp_path, read, content):
    (tmp_path / "Grades.csv").write_bytes(content)
    with pytest.raises(SheetError, match=r"^Grades\.csv: "):
        read_file(tmp_path / "Grades.csv", read)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SheetError, match=r"cannot be read: No such file or directory \(got .*Grades\.csv\)"):
        read_file(tmp_path / "Grades.csv", read_sheet)


def test_what_fits_is_read(tmp_path):
    (tmp_path / "class.csv").write_bytes(b"id,email\nada,ada@example.org\n")
    assert [person.student for person in read_file(tmp_path / "class.csv", read_students)] == ["ada"]
