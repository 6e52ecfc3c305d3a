"""The reports from a course folder: gradebook, store and autograded copies in, pages out."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace

import pytest

from autograder.checking.verdicts import Outcome
from autograder.commands.reporting import WHOLE, write_reports
from autograder.errors import CourseError
from autograder.grading import store
from autograder.grading.content import report_key
from autograder.grading.nbgrader_plugin.recording import record
from autograder.reporting.exporters.classes import class_of
from autograder.reporting.exporters.standing import class_standing
from tests.nbgrader.conftest import Toy
from tests.reporting.pagecheck import Page, must_stand_alone

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

P, F = Outcome.PASSED, Outcome.FAILED
ADAS = '''\
# Ada Lovelace wrote this
def double(x):
    """by Ada"""
    result_ada = x + 2
    return result_ada'''


@pytest.fixture(scope="module")
def graded_once(template, tmp_path_factory):
    root = tmp_path_factory.mktemp("graded") / template.name
    shutil.copytree(template, root)
    toy = Toy(root, template.parent / "generated.db")
    shutil.copy(toy.generated, root / "gradebook.db")
    toy.hand_in("ada", {"double": ADAS, "why_answer": "Because."})
    toy.prepare("ada", F, P, P)
    toy.hand_in("bob", {"double": "def double(x):\n    return 2 * x"})
    toy.prepare("bob", P, P, F)
    record(toy.course, "toy")
    toy.change("UPDATE student SET first_name = 'Ada', last_name = 'Lovelace' WHERE id = 'ada'")
    toy.change("INSERT INTO student (id, first_name, email) VALUES ('zoe', 'Zoé', 'zoe@example.org')")
    return toy


@pytest.fixture
def graded(graded_once, tmp_path):
    """A graded class of two, and a third student who handed in nothing."""
    root = tmp_path / graded_once.root.name
    shutil.copytree(graded_once.root, root)
    return Toy(root, graded_once.generated)


def written(toy, name):
    return (toy.root / "reports" / name).read_text(encoding="utf-8")


def test_one_assignment_gives_page_table_and_json_and_no_course_page(graded):
    assert write_reports(graded.course, ["toy"], folder=None, anonymous=False) == 0
    assert sorted(path.name for path in (graded.root / "reports").iterdir()) == [
        "toy.csv",
        "toy.html",
        "toy.json",
    ]
    must_stand_alone(Page(written(graded, "toy.html")))
    found = json.loads(written(graded, "toy.json"))
    assert (found["students"], found["handed_in"], found["graded"]) == (3, 2, 2)
    assert [e["name"] for e in found["exercises"]] == ["double", "halve"]


def test_a_misconception_is_shown_with_the_students_own_cell_and_not_with_the_student(graded):
    report = class_of(graded.course, "toy").report
    (found,) = [m for m in report.misconceptions if m.exercise == "double"]
    assert found.students == 1
    assert found.cell == "def double(x):\n    result_somebody = x + 2\n    return result_somebody"
    write_reports(graded.course, ["toy"], folder=None, anonymous=False)
    for name in ("toy.html", "toy.csv", "toy.json"):
        text = written(graded, name).lower()
        assert "lovelace" not in text
        assert "zoe" not in text
        assert "bob" not in text


def test_none_named_gives_the_course_page_with_names(graded):
    write_reports(graded.course, [], folder=None, anonymous=False)
    page = Page(written(graded, f"{WHOLE}.html"))
    must_stand_alone(page)
    assert "Ada Lovelace (ada)" in page.text
    assert "Zoé (zoe)" in page.text
    found = json.loads(written(graded, f"{WHOLE}.json"))
    assert [goal["words"] for goal in found["goals"]] == ["Twice", "Half"]


def test_anonymous_gives_the_same_numbers_every_time_and_no_names(graded, tmp_path):
    for folder in ("one", "two"):
        write_reports(graded.course, [], folder=tmp_path / folder, anonymous=True)
    one, two = ((tmp_path / folder / f"{WHOLE}.csv").read_text("utf-8-sig") for folder in ("one", "two"))
    assert one == two
    who = {row["student"] for row in csv.DictReader(one.splitlines()) if row["kind"] == "student"}
    assert len(who) == 3
    assert all(number.isdigit() for number in who)
    html = (tmp_path / "one" / f"{WHOLE}.html").read_text("utf-8")
    assert not any(name in html for name in ("Ada", "ada", "Zoé", "zoe", "bob", "Lovelace"))


def test_nobody_has_handed_in_and_there_is_no_gradebook(clone, capsys):
    assert write_reports(clone.course, [], folder=None, anonymous=False) == 0
    assert "The gradebook knows no student yet" in written(clone, "toy.html")
    assert "The gradebook knows no student yet" in capsys.readouterr().out
    assert not (clone.root / "gradebook.db").exists()
    assert class_standing(clone.course, "toy") == []


def test_reports_that_the_store_forgot_or_that_another_kit_wrote_are_told(graded):
    state = graded.course.state
    keys = {one.student: one.key for one in class_standing(graded.course, "toy") if one.key}
    entry = state / "reports" / keys["ada"][:2] / f"{keys['ada']}.json"
    entry.write_text(entry.read_text().replace('"schema": 1', '"schema": 0'))
    (state / "reports" / keys["bob"][:2] / f"{keys['bob']}.json").unlink()
    write_reports(graded.course, [], folder=None, anonymous=False)
    page = Page(written(graded, "toy.html")).text
    assert "The store has no Report any more of one graded submission" in page
    assert "The Report of one graded submission cannot be read" in page
    assert json.loads(written(graded, "toy.json"))["graded"] == 2
    assert "not known" in written(graded, f"{WHOLE}.csv")


def test_a_submission_graded_with_other_checks_is_counted_and_put_aside(graded):
    (graded.root / "tests/hidden/test_toy.py").write_text("# another check\n")
    graded.hand_in("cleo", {"double": "def double(x):\n    return x * x"})
    graded.prepare("cleo", F, F, P)
    record(graded.course, "toy", ["cleo"])
    report = class_of(graded.course, "toy").report
    assert (report.graded, report.compared) == (3, 2)
    assert any("One submission has been graded with other checks than most" in note for note in report.notes)
    assert any("The hidden checks have changed since this class was graded" in note for note in report.notes)


def test_a_late_hand_in_is_late_whatever_it_costs(toy):
    toy.change("UPDATE assignment SET duedate = '2026-03-01 12:00:00'")
    toy.hand_in("ada", {"double": ADAS}, timestamp="2026-03-01 12:01:00 UTC")
    toy.prepare("ada")
    record(toy.course, "toy")
    (ada,) = class_standing(toy.course, "toy")
    assert (ada.late_seconds, ada.late_penalty) == (60.0, 0.0)
    assert class_of(toy.course, "toy").report.late.students == 1


def test_a_wrong_name_or_place_is_refused_before_anything_is_written(graded):
    with pytest.raises(CourseError, match=r"did you mean toy\? \(got tooy\)"):
        write_reports(graded.course, ["tooy"], folder=None, anonymous=False)
    assert not (graded.root / "reports").exists()
    with pytest.raises(CourseError, match="reports go into a folder"):
        write_reports(graded.course, ["toy"], folder=graded.root / "gradebook.db", anonymous=False)
    with pytest.raises(CourseError, match=r"this file cannot be written: Not a directory"):
        write_reports(graded.course, ["toy"], folder=graded.root / "gradebook.db" / "x", anonymous=False)


def test_a_gradebook_that_is_none_is_told_in_a_sentence(graded):
    (graded.root / "gradebook.db").write_text("no database " * 99)
    with pytest.raises(CourseError, match=r"the gradebook cannot be used.*\(got DatabaseError\)"):
        write_reports(graded.course, ["toy"], folder=None, anonymous=False)


def test_an_assignment_that_is_only_being_prepared_is_left_out_and_named(graded):
    (graded.root / "tests/hidden/test_next.py").write_text("# to come\n")
    write_reports(graded.course, [], folder=None, anonymous=False)
    assert json.loads(written(graded, f"{WHOLE}.json"))["notes"] == [
        "next is not released yet, so it is not in this report."
    ]


def test_reports_are_for_their_owner_and_replaced_whole(graded):
    for _ in range(2):
        write_reports(graded.course, ["toy"], folder=None, anonymous=False)
    files = list((graded.root / "reports").iterdir())
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_report_changes_neither_gradebook_nor_store(graded):
    before = graded.grades()
    write_reports(graded.course, [], folder=None, anonymous=False)
    assert graded.grades() == before
    (ada, *_) = class_standing(graded.course, "toy")
    assert ada.report is not None
    kept = store.get(graded.course.state, report_key(ada.report.content))
    assert kept == replace(ada.report, student="")


def test_staff_who_share_a_folder_share_its_reports(graded, tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o2770)
    write_reports(graded.course, ["toy"], folder=shared, anonymous=False)
    assert {file.stat().st_mode & 0o777 for file in shared.iterdir()} == {0o660}
