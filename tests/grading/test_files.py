"""What a run keeps is its owner's, and in a course that a group shares, the group's."""

from __future__ import annotations

import os
import stat

import pytest

from autograder.errors import CourseError
from autograder.grading import store
from autograder.grading.arrivals import LEDGER, Ledger, write_ledger
from autograder.grading.files import write_whole
from autograder.grading.report import Report
from autograder.grading.secret import FILE, course_secret

KEY = "a" * 64


@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o600), (0o775, 0o600), (0o2770, 0o660)])
def test_the_group_reads_what_is_kept_where_the_folder_is_shared(tmp_path, folder, file):
    tmp_path.chmod(folder)
    before = os.umask(0o007)
    try:
        course_secret(tmp_path)
        nothing = Report(assignment="toy", student="ada", points=0.0, max_points=0.0, exercises={})
        store.put(tmp_path, KEY, nothing)
        write_ledger(tmp_path, Ledger())
    finally:
        os.umask(before)
    (entry,) = store.entries(tmp_path)
    kept = [tmp_path / FILE, tmp_path / LEDGER, entry.path]
    assert [stat.S_IMODE(path.stat().st_mode) for path in kept] == [file] * 3


def test_a_file_is_replaced_whole_and_its_mode_is_the_one_that_was_asked_for(tmp_path):
    write_whole(tmp_path / "new/grades.csv", "old")
    write_whole(tmp_path / "new/grades.csv", "né à Orléans \ud800", mode=0o644)
    assert (tmp_path / "new/grades.csv").read_text(encoding="utf-8") == "né à Orléans ?"
    assert stat.S_IMODE((tmp_path / "new/grades.csv").stat().st_mode) == 0o644
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["grades.csv"]


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing_behind(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(CourseError, match=r"cannot be written: Is a directory \(got .*folder\)"):
        write_whole(tmp_path / "folder", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_secret_of_another_user_is_told_as_such(tmp_path):
    course_secret(tmp_path)
    (tmp_path / FILE).chmod(0)
    with pytest.raises(CourseError, match="belongs to another user"):
        course_secret(tmp_path)
