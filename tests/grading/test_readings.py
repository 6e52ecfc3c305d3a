"""A hand-in that was read before is known by its bytes; whatever it rests on is part of that."""

from __future__ import annotations

import dataclasses
import os
import time
from pathlib import Path

import pytest

from autograder.course import find_assignment
from autograder.grading import readings
from autograder.grading.content import intake_hash
from autograder.grading.engine import Submission, grade_class
from autograder.grading.intake import read_submission
from autograder.grading.readings import forget, reading_of
from tests.grading.conftest import RIGHT


def kept(course) -> list[Path]:
    return sorted(path for path in (course.state / readings.FOLDER).glob("??/*"))


def test_a_notebook_is_read_once_and_known_by_its_bytes(course, hand_in):
    assignment, folder = find_assignment(course, "toy"), hand_in("ada", **RIGHT)
    first = reading_of(course, assignment, folder)
    assert first.intake is not None
    assert first.submission == intake_hash(read_submission(folder, assignment))
    again = reading_of(course, assignment, folder)
    assert again == dataclasses.replace(first, intake=None)

    other = reading_of(course, assignment, hand_in("ada", double=RIGHT["double"]))
    assert other.intake is not None
    assert other.submission != first.submission


def test_another_name_of_the_file_or_another_release_is_read_anew(course, hand_in):
    assignment, folder = find_assignment(course, "toy"), hand_in("ada", **RIGHT)
    reading_of(course, assignment, folder)
    (folder / "toy.ipynb").rename(folder / "toy (1).ipynb")  # students read a remark about it
    assert reading_of(course, assignment, folder).intake is not None
    assert reading_of(course, assignment, folder).intake is None
    release = assignment.notebook
    release.write_text(release.read_text().replace('"cells"', ' "cells"', 1))
    assert reading_of(course, assignment, folder).intake is not None


@pytest.mark.parametrize("damage", [b"", b"no hash", b"\xff" * 64, b"A" * 64])
def test_a_damaged_entry_is_read_anew_and_put_right(course, hand_in, damage):
    assignment, folder = find_assignment(course, "toy"), hand_in("ada", **RIGHT)
    first = reading_of(course, assignment, folder)
    (entry,) = kept(course)
    entry.write_bytes(damage)
    assert reading_of(course, assignment, folder) == first
    assert entry.read_text() == first.submission


def test_where_nothing_can_be_kept_it_is_read_every_time(course, hand_in):
    assignment, folder = find_assignment(course, "toy"), hand_in("ada", **RIGHT)
    course.state.mkdir(exist_ok=True)
    (course.state / readings.FOLDER).write_text("a file where a folder is wanted")
    assert reading_of(course, assignment, folder).intake is not None
    assert reading_of(course, assignment, folder).intake is not None


def test_what_cannot_be_read_is_told_every_time(course, hand_in):
    assignment, folder = find_assignment(course, "toy"), hand_in("ada")
    (folder / "toy.ipynb").write_text("{")
    first, again = (reading_of(course, assignment, folder) for _ in range(2))
    assert first.submission == again.submission
    (folder / "toy.ipynb").unlink()
    assert reading_of(course, assignment, folder).sha256 == ""
    (report,) = grade_class(course, assignment, [Submission("ada", folder)], jobs=1)
    assert "no notebook in the submission" in report.unreadable


def test_old_entries_are_forgotten_and_new_ones_stay(course, hand_in):
    assignment = find_assignment(course, "toy")
    reading_of(course, assignment, hand_in("ada", **RIGHT))
    (old,) = kept(course)
    os.utime(old, (0, time.time() - 1000))
    reading_of(course, assignment, hand_in("bob", double=RIGHT["double"]))
    forget(course.state, older_than_seconds=500)
    assert len(kept(course)) == 1
    assert old not in kept(course)
