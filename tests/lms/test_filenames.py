"""The names of files in downloads of Moodle and Canvas, and Moodle's dates in words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from autograder.lms.filenames import CANVAS, MOODLE, LmsName, identity_of, own_name, read_name
from autograder.lms.moments import read_moment

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ada Lovelace_123_assignsubmission_file_", LmsName(MOODLE, "Ada Lovelace", "123", "")),
        ("Ada Lovelace_123_assignsubmission_file", LmsName(MOODLE, "Ada Lovelace", "123", "")),
        ("Zoé d'Été, jr_9_assignsubmission_onlinetext_", LmsName(MOODLE, "Zoé d'Été, jr", "9", "")),
    ],
)
def test_moodles_folders(name, told):
    assert read_name(name, folder=True) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "Ada Lovelace_123_assignsubmission_file_ex2_one_hot.ipynb",
            LmsName(MOODLE, "Ada Lovelace", "123", "ex2_one_hot.ipynb"),
        ),
        (
            "lovelaceada_12345_67890_ex2_one_hot.ipynb",
            LmsName(CANVAS, "lovelaceada", "12345", "ex2_one_hot.ipynb"),
        ),
        (
            "lovelaceada_LATE_12345_67890_ex2-1.ipynb",
            LmsName(CANVAS, "lovelaceada", "12345", "ex2-1.ipynb", late=True),
        ),
        ("lovelaceada_late_12345_67890_a.zip", LmsName(CANVAS, "lovelaceada", "12345", "a.zip", late=True)),
        ("de_la_croixada2_12_34_5_6_x.ipynb", LmsName(CANVAS, "de_la_croixada2", "12", "5_6_x.ipynb")),
        ("lovelaceada_12345_text.html", LmsName(CANVAS, "lovelaceada", "12345", "text.html")),
        ("anon_x1Y2z_678_ex2.ipynb", LmsName(CANVAS, "", "anon_x1Y2z", "ex2.ipynb")),
    ],
)
def test_files_of_both(name, told):
    assert read_name(name, folder=False) == told


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("ex2_one_hot.ipynb", False),
        ("ada+ex2+2026-03-01 10:00:00 UTC", True),
        ("lovelaceada_1_2_x.ipynb", True),
        ("_12_34_x.ipynb", False),
        ("notes.txt", False),
    ],
)
def test_other_names_are_not_taken_for_theirs(name, folder):
    assert read_name(name, folder=folder) is None


def test_moodles_number_says_nothing_of_who_it_is_and_a_group_may_stand_before_the_name():
    told = identity_of(LmsName(MOODLE, "TD 1-Anne-Marie Curie", "7001", ""))
    assert (told.number, told.names) == ("", ("TD 1-Anne-Marie Curie", "Anne-Marie Curie", "Marie Curie"))


@pytest.mark.parametrize(
    ("file", "own"),
    [
        ("ex2-1.ipynb", "ex2.ipynb"),
        ("ex2 (3).ipynb", "ex2.ipynb"),
        ("ex2.ipynb", "ex2.ipynb"),
        ("a-1", "a"),
        ("ex2_v-final.ipynb", "ex2_v-final.ipynb"),
    ],
)
def test_what_a_platform_adds_to_the_second_file_of_a_name(file, own):
    assert own_name(file) == own


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday, 3 March 2026, 10:05 PM",
        "mardi 3 mars 2026, 22:05",
        "Dienstag, 3. März 2026, 22:05",
        "martes, 3 de marzo de 2026, 22:05",
        "martedì, 3 marzo 2026, 22:05",
        "dinsdag, 3 maart 2026, 22:05",
        "terça-feira, 3 de março de 2026 às 22:05",
    ],
)
def test_a_date_in_words_is_read_in_several_languages(text):
    assert read_moment(text, PARIS) == datetime(2026, 3, 3, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "",
        "3/4/2026, 22:05",
        "3 March 2026",
        "31 February 2026, 10:00 AM",
        "3 Nothing 2026, 10:00",
        "3 March 2026, 13:05 PM",
        "3 March 2026, 25:05",
    ],
)
def test_a_date_that_leaves_a_doubt_is_none(text):
    assert read_moment(text, PARIS) is None


def test_noon_and_midnight():
    assert read_moment("1 July 2026, 12:30 AM", UTC) == datetime(2026, 7, 1, 0, 30, tzinfo=UTC)
    assert read_moment("1 July 2026, 12:30 PM", UTC) == datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
