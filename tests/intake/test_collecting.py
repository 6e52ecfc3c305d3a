"""Which hand-in counts, what is copied of it, and that nothing of a student's is lost."""

import contextlib
import os
from datetime import UTC, datetime

import pytest

from autograder.course import Course, Settings
from autograder.errors import CourseError
from autograder.grading.collecting import HandIn, choose, collect, due_date
from autograder.grading.copying import copy_plain_files

EARLY, MIDDLE, LATE = (f"2026-03-0{day} 10:00:00.000000 UTC" for day in (1, 2, 3))
DEADLINE = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "toy"\n')
    return Course(root=tmp_path, submitted=tmp_path / "submitted")


@pytest.fixture
def inbound(tmp_path):
    folder = tmp_path / "inbound"
    folder.mkdir()
    return folder


def hand_in(inbound, student, time, text="x", **files):
    folder = inbound / f"{student}+toy+{time}+abc"
    folder.mkdir()
    (folder / "toy.ipynb").write_text(text)
    for name, content in files.items():
        (folder / f"{name}.txt").write_text(content)
    return folder


def take(course, inbound):
    return collect(inbound, course, "toy", deadline=DEADLINE)


def read(course, student, name="toy.ipynb"):
    return (course.submitted / student / "toy" / name).read_text()


@pytest.mark.parametrize(
    ("attempt", "deadline", "chosen", "why"),
    [
        ("last_before_deadline", DEADLINE, MIDDLE, "the last of 3 before the deadline counts"),
        ("last_before_deadline", None, LATE, "the last of 3 counts"),
        ("last", DEADLINE, LATE, "the last of 3 counts"),
        ("first", DEADLINE, EARLY, "the first of 3 counts"),
        (
            "last_before_deadline",
            datetime(2020, 1, 1, tzinfo=UTC),
            LATE,
            "the last of 3 counts, none was before the deadline",
        ),
    ],
)
def test_which_of_three_counts(tmp_path, attempt, deadline, chosen, why):
    items = [
        HandIn("ada", tmp_path / t, datetime.fromisoformat(t[:-4] + "+00:00")) for t in (LATE, EARLY, MIDDLE)
    ]
    counts, said = choose(items, attempt, deadline)
    assert (counts.folder.name, said) == (chosen, why)


def test_the_hand_in_that_counts_is_copied_and_told(course, inbound):
    hand_in(inbound, "ada", EARLY, "old")
    hand_in(inbound, "ada", MIDDLE, "good")
    hand_in(inbound, "ada", LATE, "too late")
    (collected,) = take(course, inbound)
    assert read(course, "ada") == "good"
    assert str(collected) == (
        "ada: handed in 2026-03-02 10:00 UTC (the last of 3 before the deadline counts)."
    )


def test_a_late_hand_in_is_taken_and_called_late(course, inbound):
    hand_in(inbound, "ada", LATE)
    assert str(take(course, inbound)[0]) == "ada: handed in 2026-03-03 10:00 UTC (late)."


def test_the_setting_of_the_course_decides(course, inbound):
    hand_in(inbound, "ada", EARLY, "first")
    hand_in(inbound, "ada", MIDDLE, "second")
    chosen = Course(root=course.root, submitted=course.submitted, settings=Settings(attempt="first"))
    take(chosen, inbound)
    assert read(course, "ada") == "first"


def test_time_and_secret_are_written_for_nbgrader(course, inbound):
    hand_in(inbound, "ada", EARLY, timestamp="1999-01-01 00:00:00 UTC", submission_secret="from the exchange")
    hand_in(inbound, "bob", EARLY)
    take(course, inbound)
    assert read(course, "ada", "timestamp.txt") == EARLY
    assert read(course, "ada", "submission_secret.txt") == "from the exchange"
    assert len(read(course, "bob", "submission_secret.txt")) == 128


def test_collecting_again_changes_nothing(course, inbound):
    hand_in(inbound, "bob", EARLY)
    take(course, inbound)
    secret = read(course, "bob", "submission_secret.txt")
    (collected,) = take(course, inbound)
    assert not collected.new
    assert read(course, "bob", "submission_secret.txt") == secret
    assert not (course.state / "attempts").exists()


def test_a_version_collected_before_is_kept(course, inbound):
    hand_in(inbound, "ada", EARLY, "first")
    take(course, inbound)
    (course.submitted / "ada" / "toy" / "note.txt").write_text("by a TA")
    hand_in(inbound, "ada", MIDDLE, "second")
    (collected,) = take(course, inbound)
    kept = course.state / "attempts" / "toy" / "ada" / "2026-03-01T10-00-00"
    assert read(course, "ada") == "second"
    assert (kept / "toy.ipynb").read_text() == "first"
    assert (kept / "note.txt").read_text() == "by a TA"
    assert collected.remarks == (
        "What was collected before is kept in .autograder/attempts/toy/ada/2026-03-01T10-00-00.",
    )


def test_two_versions_of_one_time_are_both_kept(course, inbound):
    for text in ("first", "second", "third"):
        folder = inbound / f"ada+toy+{EARLY}+abc"
        folder.mkdir(exist_ok=True)
        (folder / "toy.ipynb").write_text(text)
        take(course, inbound)
    kept = course.state / "attempts" / "toy" / "ada"
    assert sorted((path / "toy.ipynb").read_text() for path in kept.iterdir()) == ["first", "second"]


def test_only_plain_files_are_copied(course, inbound, tmp_path):
    (tmp_path / "gradebook.db").write_text("secret")
    folder = hand_in(inbound, "eve", EARLY)
    (folder / "link.txt").symlink_to(tmp_path / "gradebook.db")
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    (folder / "data").mkdir()
    (folder / "data" / "mine.csv").write_text("1")
    (folder / "timestamp.txt").symlink_to(tmp_path / "gradebook.db")
    (collected,) = take(course, inbound)
    taken = course.submitted / "eve" / "toy"
    assert sorted(path.name for path in taken.iterdir()) == [
        "data",
        "submission_secret.txt",
        "timestamp.txt",
        "toy.ipynb",
    ]
    assert read(course, "eve", "timestamp.txt") == EARLY
    assert (taken / "data" / "mine.csv").read_text() == "1"
    assert "pipe is a pipe and was left out." in collected.remarks
    assert "link.txt is a link and was left out." in collected.remarks


def test_a_linked_place_of_a_student_is_not_written_to(course, inbound, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    course.submitted.mkdir()
    (course.submitted / "eve").symlink_to(tmp_path / "elsewhere")
    hand_in(inbound, "eve", EARLY)
    (collected,) = take(course, inbound)
    assert collected.counts is None
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_names_that_lead_elsewhere_are_refused(course, inbound):
    hand_in(inbound, "..", EARLY)
    hand_in(inbound, ".hidden", EARLY)
    (inbound / f"file+toy+{EARLY}").write_text("no folder")
    assert [collected.counts for collected in take(course, inbound)] == [None, None, None]
    assert not course.submitted.exists()


def test_a_name_may_hold_a_plus_and_other_assignments_are_left_alone(course, inbound):
    hand_in(inbound, "ada+eve", EARLY)
    (inbound / f"bob+other+{EARLY}+abc").mkdir()
    assert [collected.student for collected in take(course, inbound)] == ["ada+eve"]


def test_a_time_that_cannot_be_read_is_told(course, inbound):
    hand_in(inbound, "ada", "yesterday")
    (collected,) = take(course, inbound)
    assert "tells no time" in collected.remarks[0]
    assert read(course, "ada", "timestamp.txt").endswith(" UTC")


def test_a_folder_that_is_not_there_is_refused(course, tmp_path):
    with pytest.raises(CourseError, match="cannot be read"):
        collect(tmp_path / "nowhere", course, "toy", deadline=DEADLINE)


def test_a_course_without_a_gradebook_has_no_due_date_and_gets_no_gradebook(course):
    assert due_date(course, "toy") is None
    assert not (course.root / "gradebook.db").exists()


def test_the_due_date_in_the_gradebook_is_the_deadline(course, inbound, monkeypatch):
    from nbgrader.api import Gradebook

    from autograder.grading.nbgrader_plugin.gradebook import put_environment_on_path

    monkeypatch.setenv("PATH", os.environ["PATH"])
    put_environment_on_path()
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "toy") as book:
        book.update_or_create_assignment("toy", duedate="2026-03-02 12:00:00 UTC")
    hand_in(inbound, "ada", MIDDLE)
    hand_in(inbound, "ada", LATE)
    (collected,) = collect(inbound, course, "toy")
    assert due_date(course, "toy") == DEADLINE
    assert collected.why == "the last of 2 before the deadline counts"


def test_folders_that_lie_too_deep_are_left_out(tmp_path):
    deep = tmp_path / "source" / "/".join("abcdefghijkl")
    deep.mkdir(parents=True)
    assert copy_plain_files(tmp_path / "source", tmp_path / "copy") == [
        "a/b/c/d/e/f/g/h/i lies too deep and was left out."
    ]


def test_what_is_taken_away_meanwhile_stops_nobody(course, inbound, monkeypatch):
    gone = hand_in(inbound, "ada", EARLY)
    kept = hand_in(inbound, "bob", EARLY)
    (kept / "notes.txt").write_text("x")
    listed = os.scandir

    def listed_before(place):
        entries = listed(place)
        found = list(entries)
        if gone.exists():
            gone.rename(course.root / "taken away")
        (kept / "notes.txt").unlink(missing_ok=True)
        return contextlib.nullcontext(found) if isinstance(place, int) else found

    monkeypatch.setattr(os, "scandir", listed_before)
    (collected,) = take(course, inbound)
    assert collected.student == "bob"
    assert read(course, "bob") == "x"
    assert not (course.submitted / "bob/toy/notes.txt").exists()
