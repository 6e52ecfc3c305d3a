"""Grades in nbgrader's gradebook: the same by every way in, on every run."""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import AutogradeApp
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from autograder.checking.verdicts import Outcome
from autograder.errors import CourseError
from autograder.grading.nbgrader_plugin.gradebook import COPIES_KEPT, keep_copy
from autograder.grading.nbgrader_plugin.recorded import MARK
from autograder.grading.nbgrader_plugin.recording import record
from autograder.grading.nbgrader_plugin.running import nbgrader_app

# nbgrader's own way with SQLAlchemy's sessions
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
DUE = "UPDATE assignment SET duedate = '2026-01-01 00:00:00.000000'"


def hand_in_a_class(toy):
    """Untouched, half right with an answer, late and right, unreadable, and one without any notebook."""
    toy.hand_in("ada", {"double": "def double(x):\n    return x + 2", "why_answer": "Because of **that**."})
    toy.prepare("ada", FAILED, PASSED, PASSED)
    toy.hand_in("bob")
    toy.prepare("bob", *[Outcome.NOT_ATTEMPTED] * 3)
    toy.hand_in("cleo", {"double": "def double(x):\n    return 2 * x"}, timestamp="2026-01-02 00:00:00 UTC")
    toy.prepare("cleo", PASSED, PASSED, FAILED)
    toy.hand_in("dan", content="no notebook at all")
    toy.prepare("dan", *[Outcome.MISSING] * 3)
    toy.hand_in("eve", content="# my notes", name="notes.txt")
    toy.prepare("eve", *[Outcome.MISSING] * 3)


def by_button(toy):
    """What the formgrader does when somebody presses its button, once per student."""
    app = nbgrader_app(toy.course)
    app.config.merge(Config({"NbGraderAPI": {"log_level": 50}}))
    api = NbGraderAPI(coursedir=app.coursedir, parent=app)
    for student in sorted(api.get_submitted_students("toy")):
        done = api.autograde("toy", student)
        assert done["success"], done
    app.deinit_logging()


def teacher_grades(toy):
    """A TA gives points and comments; sqlite stands for the formgrader's own writing."""
    cell = "(SELECT id FROM base_cell WHERE name = '{}')"
    answer, checks, function = (cell.format(name) for name in ("why_answer", "double_checks", "double"))
    ada = """SELECT sn.id FROM submitted_notebook sn JOIN submitted_assignment sa
             ON sa.id = sn.assignment_id WHERE sa.student_id = 'ada'"""
    for change, where in (
        ("grade SET manual_score = 0.5, needs_manual_grade = 0", answer),
        ("grade SET manual_score = 2.5, extra_credit = 0.25", checks),
        ("comment SET manual_comment = 'Nearly.'", function),
    ):
        toy.change(f"UPDATE {change} WHERE cell_id IN {where} AND notebook_id = ({ada})")


def test_nbgrader_autograde_in_a_fresh_clone_writes_the_verdicts(clone, terminal, monkeypatch, capfd):
    """No gradebook yet, and alembic is not on the path."""
    toy = clone
    hand_in_a_class(toy)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert terminal(AutogradeApp, "toy") == 0
    assert toy.rows("SELECT count(*) FROM alembic_version") == [(1,)]
    assert toy.automatic("ada") == {"double_checks": 1.5, "halve_checks": 2.0, "why_answer": None}
    assert toy.flags("ada") == {"double_checks": False, "halve_checks": False, "why_answer": True}
    assert toy.automatic("bob") == {"double_checks": 0.0, "halve_checks": 0.0, "why_answer": 0.0}
    assert not any(toy.flags("bob").values())
    for nothing in ("dan", "eve"):
        assert toy.automatic(nothing) == {"double_checks": 0.0, "halve_checks": 0.0, "why_answer": 0.0}
        assert not any(toy.flags(nothing).values())
    assert "dan has no points, because the submission could not be read" in capfd.readouterr().err


def three_runs(toy, start):
    """Grades and copies after a first run, after people graded, and after a check was changed."""
    toy.start_again()
    hand_in_a_class(toy)
    start()
    yield toy.grades(), copies(toy)
    toy.change(DUE)
    teacher_grades(toy)
    start()
    yield toy.grades(), copies(toy)
    (toy.root / "tests/hidden/test_toy.py").write_text("# another check\n")
    toy.prepare("ada", PASSED, PASSED, FAILED)
    for student in ("bob", "cleo", "dan", "eve"):
        toy.prepare(student)
    start()
    yield toy.grades(), copies(toy)


def copies(toy):
    """The autograded copies but for the Reports' names, which depend on a course's secret."""
    found = {path: json.loads(path.read_text()) for path in toy.root.glob("autograded/*/*/*.ipynb")}
    for notebook in found.values():
        del notebook["metadata"][MARK]["report"]
    return found


def test_command_terminal_and_button_write_the_same_grades_and_copies(toy, terminal):
    config = toy.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    command = list(three_runs(toy, lambda: record(toy.course, "toy")))
    by_terminal = list(three_runs(toy, lambda: terminal(AutogradeApp, "toy")))
    button = list(three_runs(toy, lambda: by_button(toy)))
    assert by_terminal == command == button
    first, second, third = command
    assert first != second
    assert second != third


def test_points_and_comments_by_hand_survive_a_changed_check(toy):
    hand_in_a_class(toy)
    record(toy.course, "toy", ["ada"])
    teacher_grades(toy)
    (toy.root / "tests/hidden/test_toy.py").write_text("# changed\n")
    toy.prepare("ada", PASSED, PASSED, PASSED)
    assert record(toy.course, "toy", ["ada"]).written == ("ada",)
    rows = {(name, flag is None): rest for who, name, *rest, flag, _, _ in toy.grades()}
    assert rows["double_checks", False] == [3.0, 2.5, 0.25]
    assert rows["why_answer", False] == [None, 0.5, None]
    assert [row[-1] for row in toy.grades() if row[-1]] == ["Nearly."]


def test_a_second_run_writes_nothing(toy):
    hand_in_a_class(toy)
    everyone = ("ada", "bob", "cleo", "dan", "eve")
    assert record(toy.course, "toy").written == everyone
    before = (toy.root / "gradebook.db").read_bytes()
    again = record(toy.course, "toy")
    assert (again.written, again.unchanged, set(again.unreadable)) == ((), everyone, {"dan", "eve"})
    assert (toy.root / "gradebook.db").read_bytes() == before


def test_a_new_time_of_handing_in_is_recorded(toy):
    toy.hand_in("cleo", timestamp="2026-01-02 00:00:00 UTC")
    toy.prepare("cleo")
    record(toy.course, "toy")
    toy.hand_in("cleo", timestamp="2026-01-03 00:00:00 UTC")
    assert record(toy.course, "toy").written == ("cleo",)
    assert toy.rows("SELECT timestamp FROM submitted_assignment") == [("2026-01-03 00:00:00.000000",)]


def test_a_late_penalty_follows_the_due_date_and_the_points_by_hand(toy):
    config = toy.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    toy.hand_in("cleo", timestamp="2026-01-02 00:00:00 UTC")
    toy.prepare("cleo", PASSED, FAILED, PASSED)
    penalty = "SELECT late_submission_penalty FROM submitted_notebook"
    record(toy.course, "toy")
    assert toy.rows(penalty) == [(None,)]
    toy.change(DUE)
    assert record(toy.course, "toy").unchanged == ("cleo",)
    assert toy.rows(penalty) == [(3.5,)]
    toy.change("UPDATE grade SET manual_score = 1 WHERE auto_score = 1.5")
    record(toy.course, "toy")
    assert toy.rows(penalty) == [(3.0,)]
    toy.change("UPDATE assignment SET duedate = NULL")
    record(toy.course, "toy")
    assert toy.rows(penalty) == [(None,)]


def test_a_broken_report_leaves_the_old_grade_and_ends_with_an_error(toy, terminal, capfd):
    for student in ("ada", "bob"):
        toy.hand_in(student)
        toy.prepare(student, PASSED, FAILED, PASSED)
    record(toy.course, "toy")
    (toy.root / "tests/hidden/test_toy.py").write_text("# changed\n")
    toy.hand_in("ada", {"double": "def double(x): return 4 * x"})
    toy.prepare("ada", Outcome.BROKEN, PASSED, PASSED)
    toy.hand_in("bob", {"double": "def double(x): return 2 * x"})
    toy.prepare("bob")
    toy.hand_in("new", {"double": "def double(x): return 3 * x"})
    toy.prepare("new", Outcome.BROKEN, PASSED, PASSED)
    before = toy.autograded("ada")
    assert terminal(AutogradeApp, "toy") == 1
    log = capfd.readouterr().err
    assert log.count("keeps the old grade: a check of ours failed") == 2
    assert "Traceback" not in log
    assert toy.automatic("ada")["double_checks"] == 1.5
    assert toy.autograded("ada") == before
    assert toy.automatic("bob")["double_checks"] == 3.0
    assert toy.automatic("new") == {}
    assert set(record(toy.course, "toy").broken) == {"ada", "new"}


def test_points_above_the_maximum_are_a_fault_of_ours(clone):
    toy = clone
    toy.hand_in("ada")
    report = toy.report("ada")
    double = report.exercises["double"]
    too_many = {**report.exercises, "double": type(double)(3.5, 3.0, double.verdicts)}
    reports = {"ada": type(report)(**{**vars(report), "exercises": too_many})}
    recorded = record(toy.course, "toy", reports=reports)
    assert recorded.broken == {"ada": "double can have 0 to 3.0 points (got 3.5)"}
    assert not (toy.root / "gradebook.db").exists()


def test_registering_writes_what_generate_assignment_writes(clone):
    toy = clone
    toy.hand_in("ada")
    toy.prepare("ada")
    record(toy.course, "toy")
    tables = {
        "source_cell": "bc.name, c.cell_type, c.locked, c.source, c.checksum",
        "grade_cells": "bc.name, c.cell_type, c.max_score",
        "solution_cells": "bc.name",
    }
    for table, columns in tables.items():
        query = f"SELECT {columns} FROM {table} c JOIN base_cell bc ON bc.id = c.id ORDER BY 1"
        with closing(sqlite3.connect(toy.generated)) as generated:
            assert toy.rows(query) == generated.execute(query).fetchall(), table
    query = "SELECT name, kernelspec FROM notebook"
    with closing(sqlite3.connect(toy.generated)) as generated:
        assert toy.rows(query) == generated.execute(query).fetchall()


def test_registering_leaves_release_alone(toy):
    before = {path: path.read_bytes() for path in (toy.root / "release").rglob("*.*")}
    toy.hand_in("ada")
    toy.prepare("ada")
    record(toy.course, "toy")
    assert {path: path.read_bytes() for path in (toy.root / "release").rglob("*.*")} == before


def test_the_gradebook_is_copied_before_each_run_that_writes(toy):
    toy.hand_in("ada")
    toy.prepare("ada", FAILED, PASSED, PASSED)
    record(toy.course, "toy")
    copies = toy.root / ".autograder/backups"
    assert len(list(copies.iterdir())) == 1
    record(toy.course, "toy")
    assert len(list(copies.iterdir())) == 1  # nothing was written
    (toy.root / "tests/hidden/test_toy.py").write_text("# changed\n")
    toy.prepare("ada")
    record(toy.course, "toy")
    _first, copy = sorted(copies.iterdir())
    with closing(sqlite3.connect(copy)) as old:
        assert (1.5,) in old.execute("SELECT auto_score FROM grade").fetchall()


def test_only_the_students_that_are_named_are_written(toy):
    hand_in_a_class(toy)
    assert record(toy.course, "toy", ["bob", "eve"]).written == ("bob", "eve")
    assert {row[0] for row in toy.grades()} == {"bob", "eve"}


def test_recording_leaves_the_import_path_and_the_folder_as_they_were(toy, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    toy.hand_in("ada")
    toy.prepare("ada")
    record(toy.course, "toy")
    assert (sys.path, Path.cwd()) == (path, tmp_path)


def test_a_student_may_have_any_name(toy):
    names = ("10%", "a+b", "o'brien", "x[1]", "élodie 2")
    for name in names:
        toy.hand_in(name)
        toy.prepare(name)
    assert record(toy.course, "toy", names[:4]).written == names[:4]
    assert record(toy.course, "toy").written == names[4:]
    assert toy.automatic("x[1]")["double_checks"] == 3.0


def test_twenty_copies_of_the_gradebook_are_kept(toy):
    coursedir = nbgrader_app(toy.course).coursedir
    made = [keep_copy(coursedir, toy.course.state) for _ in range(COPIES_KEPT + 2)]
    assert sorted((toy.course.state / "backups").iterdir()) == made[2:]


def test_a_release_with_other_cells_than_the_gradebook_is_refused_before_anything_is_written(toy):
    toy.hand_in("ada")
    toy.prepare("ada")
    record(toy.course, "toy")
    release = toy.root / "release/toy/toy.ipynb"
    notebook = nbformat.read(release, as_version=4)
    del notebook.cells[-1]
    release.chmod(0o644)
    nbformat.write(notebook, release)
    toy.prepare("ada")
    before = toy.grades()
    with pytest.raises(CourseError, match="bring the old release back"):
        record(toy.course, "toy")
    assert toy.grades() == before


# nbgrader's Gradebook leaves its connection open when its constructor raises; Python 3.13 remarks on it
@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
@pytest.mark.parametrize("content", ["this is no database", ""])
def test_a_gradebook_that_cannot_be_used_is_told_in_a_sentence_and_left_alone(toy, content):
    toy.hand_in("ada")
    toy.prepare("ada")
    gradebook = toy.root / "gradebook.db"
    if content:
        gradebook.write_text(content * 100)
    else:  # what an old or a half-made one lacks
        toy.change("DROP TABLE grade")
        toy.change("ALTER TABLE source_cell RENAME COLUMN checksum TO old")
    before = gradebook.read_bytes()
    with pytest.raises(CourseError, match="the gradebook cannot be used"):
        record(toy.course, "toy")
    if content:
        assert gradebook.read_bytes() == before
    gc.collect()  # so that the remark comes here, and not in whichever test runs next


@pytest.mark.parametrize(("shared", "mode"), [(True, 0o660), (False, 0o600)])
def test_the_gradebook_is_the_groups_where_the_course_is_shared(toy, shared, mode):
    config = toy.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.CourseDirectory.groupshared = {shared}\n")
    (toy.root / "gradebook.db").chmod(0o600)
    toy.hand_in("ada")
    toy.prepare("ada")
    assert record(toy.course, "toy").written == ("ada",)
    assert (toy.root / "gradebook.db").stat().st_mode & 0o777 == mode
