"""Zips that strangers wrote: what comes out of them, and what does not."""

from __future__ import annotations

import io
import stat
import zipfile
from datetime import datetime

import pytest

from autograder.errors import CourseError
from autograder.grading.unpacking import Bounds, unpack


def archive(*entries, method=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, content) pairs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return file.getvalue()


def special(name, mode):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_plain_files_come_out_with_their_times(out):
    info = zipfile.ZipInfo("a/ex.ipynb", (2026, 3, 1, 10, 0, 0))
    assert unpack(archive((info, "x"), ("b.txt", "y"), ("empty/", "")), out) == []
    assert files(out) == ["a/ex.ipynb", "b.txt"]
    assert (out / "a/ex.ipynb").read_text() == "x"
    assert abs((out / "a/ex.ipynb").stat().st_mtime - datetime(2026, 3, 1, 10).timestamp()) < 2


@pytest.mark.parametrize(
    "name",
    [
        "/etc/evil",
        "../evil",
        "a/../../evil",
        "..\\evil",
        "C:\\evil",
        "\\evil",
        "a\nb",
        "x/" * 9 + "deep",
        "..",
    ],
)
def test_a_name_that_leads_elsewhere_is_left_out(out, name):
    left_out = unpack(archive((zipfile.ZipInfo("ok.txt"), "y"), (raw(name), "x")), out)
    assert files(out) == ["ok.txt"]
    assert len(left_out) == 1
    assert "leads elsewhere, or too deep, and was left out" in left_out[0]


def raw(name):
    info = zipfile.ZipInfo("x")
    info.filename = name  # as it is: ZipInfo itself would tidy it
    return info


@pytest.mark.parametrize(
    ("mode", "what"),
    [
        (stat.S_IFLNK | 0o777, "is a link"),
        (stat.S_IFIFO | 0o666, "is no plain file"),
        (stat.S_IFCHR | 0o666, "is no plain file"),
    ],
)
def test_links_and_pipes_are_left_out(out, mode, what):
    assert unpack(archive((special("x", mode), "/etc/passwd"), ("y", "1")), out) == [
        f"x {what} and was left out."
    ]
    assert files(out) == ["y"]


def test_a_locked_entry_is_left_out(out):
    content = bytearray(archive(("x.ipynb", "secret")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    assert unpack(bytes(content), out) == ["x.ipynb is locked with a password and was left out."]


def test_a_damaged_entry_is_left_out_and_the_others_come(out):
    content = archive(("a", "hello hello"), ("b", "fine"), method=zipfile.ZIP_STORED)
    assert unpack(content.replace(b"hello hello", b"hello jello", 1), out) == [
        "a is damaged and was left out."
    ]
    assert files(out) == ["b"]


def test_a_second_entry_of_one_name_is_left_out(out):
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = archive(("a", "1"), ("a", "2"))
    assert unpack(content, out) == ["a is there a second time and was left out."]
    assert (out / "a").read_text() == "1"


def test_a_file_where_a_folder_is_and_a_name_too_long_are_left_out(out):
    left_out = unpack(archive(("a/b", "1"), ("a", "2"), ("c", "3"), ("c/d", "4"), ("n" * 300, "5")), out)
    assert files(out) == ["a/b", "c"]
    assert len(left_out) == 3


def test_a_bomb_is_stopped_by_what_arrives_and_not_by_what_it_says(out):
    bomb = archive(("zeros", b"\0" * 20_000_000))
    assert len(bomb) < 30_000
    assert unpack(bomb, out, Bounds(file_bytes=1_000_000)) == ["zeros is too large and was left out."]
    assert files(out) == []


def test_an_archive_whose_files_are_too_much_together_is_refused(out):
    content = archive(*((str(n), b"\0" * 900_000) for n in range(5)))
    with pytest.raises(CourseError, match="holds more than 2000000 bytes"):
        unpack(content, out, Bounds(file_bytes=1_000_000, total_bytes=2_000_000))


def test_an_archive_with_too_many_files_is_refused(out):
    content = archive(*((str(n), b"") for n in range(12)))
    with pytest.raises(CourseError, match=r"holds more than 10 files \(got 12\)"):
        unpack(content, out, Bounds(files=10))


def test_a_list_of_entries_that_is_too_long_is_not_even_read(out):
    content = archive(*((f"{n:0200}", b"") for n in range(100)))
    with pytest.raises(CourseError, match="lists more files than can be looked at"):
        unpack(content, out, Bounds(directory_bytes=10_000))
    assert not out.exists()


def test_an_archive_inside_stays_closed(out):
    assert unpack(archive(("inner.zip", archive(("x", "1")))), out) == []
    assert files(out) == ["inner.zip"]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"x" * 100, archive(("a", "1"))[:-30]])
def test_what_is_no_zip_is_told(out, content):
    with pytest.raises(CourseError, match="the zip is no zip that can be opened"):
        unpack(content, out)


def test_the_name_of_a_file_is_told(tmp_path, out):
    (tmp_path / "class.zip").write_bytes(b"nothing")
    with pytest.raises(CourseError, match=r"^class\.zip is no zip"):
        unpack(tmp_path / "class.zip", out)


def test_names_in_utf8_that_are_not_marked_as_such_are_read(out):
    content = archive(("Zoé.txt", "1"))
    for mark, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        content = (
            content[: content.index(mark) + offset] + b"\0" + content[content.index(mark) + offset + 1 :]
        )
    unpack(content, out)
    assert files(out) == ["Zoé.txt"]


def test_what_computers_add_by_themselves_is_passed_over(out):
    assert unpack(archive(("__MACOSX/._a", "x"), ("a/.DS_Store", "x"), ("a/b", "1")), out) == []
    assert files(out) == ["a/b"]


def test_many_things_left_out_are_counted(out):
    content = archive(*((special(f"l{n}", stat.S_IFLNK), "x") for n in range(15)))
    left_out = unpack(content, out)
    assert len(left_out) == 11
    assert left_out[-1] == "5 more were left out."
