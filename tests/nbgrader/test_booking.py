"""Grades that are written while others are still being made: all of them in the end, and one backup."""

from __future__ import annotations

import pytest

from autograder.checking.verdicts import Outcome
from autograder.commands import booking
from autograder.commands.booking import Book
from autograder.errors import CourseError
from autograder.grading import nbgrader_plugin

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED


@pytest.fixture
def reports(toy):
    for student in ("ada", "bob", "zoe"):
        toy.hand_in(student, {"double": f"def double(x):\n    return 2 * x  # {student}"})
    return [
        toy.prepare("ada", PASSED, PASSED, PASSED),
        toy.prepare("bob", FAILED, PASSED, PASSED),
        toy.prepare("zoe", PASSED, PASSED, FAILED),
    ]


def test_a_report_is_written_once_twenty_seconds_are_over_and_the_rest_at_the_end(toy, reports, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(booking.time, "monotonic", lambda: now[0])
    book = Book(toy.course)
    book.take(reports[0])
    assert not toy.automatic("ada")
    now[0] += booking.EVERY_SECONDS
    book.take(reports[1])
    assert toy.automatic("ada")
    assert toy.automatic("bob")
    book.take(reports[2])
    assert not toy.automatic("zoe")
    book.write()
    assert toy.automatic("zoe")
    assert book.recorded["toy"].written == ("ada", "bob", "zoe")


def test_a_run_keeps_one_copy_of_the_gradebook_however_often_it_writes(toy, reports, monkeypatch):
    monkeypatch.setattr(booking, "EVERY_SECONDS", 0.0)
    book = Book(toy.course)
    for report in reports:
        book.take(report)
    assert book.recorded["toy"].written == ("ada", "bob", "zoe")
    assert len(list((toy.course.state / "backups").glob("*.db"))) == 1


def test_a_gradebook_that_fails_on_the_way_is_tried_again_and_at_the_end_it_is_told(
    toy, reports, monkeypatch
):
    monkeypatch.setattr(booking, "EVERY_SECONDS", 0.0)
    fails = [True]
    writing = nbgrader_plugin.record

    def record(*args, **kwargs):
        if fails[0]:
            raise CourseError("the gradebook of toy cannot be written")
        return writing(*args, **kwargs)

    monkeypatch.setattr(nbgrader_plugin, "record", record)
    book = Book(toy.course)
    book.take(reports[0])
    with pytest.raises(CourseError, match="cannot be written"):
        book.write()
    fails[0] = False
    book.take(reports[1])
    assert book.recorded["toy"].written == ("ada", "bob")


def test_an_unchanged_class_is_told_to_be_so(toy, reports):
    for run in range(2):
        book = Book(toy.course)
        for report in reports:
            book.take(report)
        book.write()
        found = book.recorded["toy"]
        assert (found.written, found.unchanged)[run] == ("ada", "bob", "zoe")
        assert (found.unchanged, found.written)[run] == ()
