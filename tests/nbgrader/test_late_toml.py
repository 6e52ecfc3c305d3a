"""late.toml in nbgrader: due dates in its gradebook, penalties at every grading, feedback and export."""

from __future__ import annotations

import pytest
from nbgrader.apps import AutogradeApp, GenerateFeedbackApp

from autograder.checking.verdicts import Outcome
from autograder.commands.lateness import show_late
from autograder.errors import CourseError
from autograder.grading.collecting import collect
from autograder.grading.nbgrader_plugin.recording import record
from autograder.reporting.exporters.standing import class_standing

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

RULES = """timezone = "UTC"
[every]
percent_per_day = 10
[assignment.toy]
deadline = "2026-01-01 12:00"
"""
EXTENSION = """
[[extension]]
student = "zoe"
assignment = "toy"
deadline = "2026-01-03 12:00"
reason = "ill"
"""
PENALTIES = "SELECT sa.student_id, sn.late_submission_penalty FROM submitted_notebook sn"
PENALTIES += " JOIN submitted_assignment sa ON sa.id = sn.assignment_id ORDER BY 1"
DUE = "SELECT duedate FROM assignment"
EXTENSIONS = "SELECT student_id, extension FROM submitted_assignment ORDER BY 1"


@pytest.fixture
def late(toy):
    """Two students who handed in a day and two hours late, not graded yet."""
    for student in ("ada", "zoe"):
        toy.hand_in(student, timestamp="2026-01-02 14:00:00 UTC")
        toy.prepare(student, Outcome.PASSED, Outcome.PASSED, Outcome.FAILED)
    write(toy, RULES + EXTENSION)
    return toy


def write(toy, text):
    (toy.root / "late.toml").write_text(text)


def test_the_first_grading_takes_the_penalty_and_enters_dates_and_extensions(late, terminal):
    assert terminal(AutogradeApp, "toy") == 0
    assert late.rows(PENALTIES) == [("ada", 1.2), ("zoe", None)]
    assert late.rows(DUE) == [("2026-01-01 12:00:00.000000",)]
    assert late.rows(EXTENSIONS) == [("ada", None), ("zoe", "1970-01-03 00:00:00.000000")]


def test_a_changed_file_counts_at_once_in_exports_feedback_and_the_gradebook(late, terminal, capsys):
    record(late.course, "toy")
    write(late, RULES.replace("= 10", "= 20"))
    ada, zoe = class_standing(late.course, "toy")
    assert (ada.late_penalty, round(ada.score, 6), zoe.late_penalty) == (2.4, 0.6, 2.4)
    assert terminal(GenerateFeedbackApp, "toy --student ada") == 0
    assert "2.4" in (late.root / "feedback/ada/toy/toy.html").read_text()
    assert late.rows(PENALTIES) == [("ada", 1.2), ("zoe", None)]
    assert show_late(late.course, []) == 0
    assert late.rows(PENALTIES) == [("ada", 2.4), ("zoe", 2.4)]
    assert late.rows(EXTENSIONS) == [("ada", None), ("zoe", None)]
    assert "gradebook: toy, zoe: penalty → 2.4" in capsys.readouterr().out
    assert show_late(late.course, ["toy"]) == 0
    assert "gradebook:" not in capsys.readouterr().out
    write(late, RULES)
    assert record(late.course, "toy").unchanged == ("ada", "zoe")
    assert late.rows(PENALTIES) == [("ada", 1.2), ("zoe", 1.2)]


def test_nobody_loses_more_than_there_is_and_the_last_acceptance_leaves_nothing(late):
    write(late, RULES + "accepted_days = 1\n")
    record(late.course, "toy")
    assert late.rows(PENALTIES) == [("ada", 3.0), ("zoe", 3.0)]


def test_a_mistake_in_the_file_stops_everything_before_it_is_written(late, terminal, capfd):
    write(late, RULES + EXTENSION.replace("zoe", "zoé"))
    before = (late.root / "gradebook.db").read_bytes()
    for start in (record, class_standing):
        with pytest.raises(CourseError, match=r"late\.toml, line 8: nobody of this name.*\(got zoé\)"):
            start(late.course, "toy")
    assert terminal(AutogradeApp, "toy") == 1
    said = capfd.readouterr().err
    assert "late.toml, line 8" in said
    assert "Traceback" not in said
    assert (late.root / "gradebook.db").read_bytes() == before
    assert not (late.root / "autograded").exists()


def test_a_class_that_nobody_is_known_in_yet_may_have_extensions(clone):
    write(clone, RULES + EXTENSION)
    assert show_late(clone.course, []) == 0
    assert not (clone.root / "gradebook.db").exists()


def test_an_assignment_that_the_file_does_not_name_is_left_to_nbgrader(late):
    config = late.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    (late.root / "tests/hidden/test_other.py").touch()
    write(late, RULES.replace("toy", "other"))
    late.change("UPDATE assignment SET duedate = '2026-01-01 00:00:00.000000'")
    record(late.course, "toy")
    assert late.rows(PENALTIES) == [("ada", 3.0), ("zoe", 3.0)]
    assert late.rows(DUE) == [("2026-01-01 00:00:00.000000",)]


def test_the_command_shows_who_is_late_by_how_much_and_what_it_costs(late, capsys):
    assert show_late(late.course, ["toy"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "due 2026-01-01 12:00 UTC; 10% for each day begun" in said
    assert "1 d 2 h" in said
    assert "zoe" in said


def test_a_course_without_the_file_says_so(toy, capsys):
    assert show_late(toy.course, []) == 0
    assert "This course has no late.toml" in capsys.readouterr().out


def test_collecting_takes_the_last_hand_in_before_the_students_own_deadline(late):
    for time, text in (
        ("2026-01-01 10:00:00", "1"),
        ("2026-01-03 10:00:00", "2"),
        ("2026-01-05 10:00:00", "3"),
    ):
        for student in ("ada", "zoe"):
            folder = late.root / f"inbound/{student}+toy+{time} UTC"
            folder.mkdir(parents=True)
            (folder / "toy.ipynb").write_text(text)
    ada, zoe = collect(late.root / "inbound", late.course, "toy")
    assert (ada.counts.time.day, zoe.counts.time.day) == (1, 3)
    assert (ada.late, zoe.late) == (False, False)


def test_an_extension_that_is_entered_is_told_as_a_span(late, capsys):
    write(late, RULES + EXTENSION)
    record(late.course, "toy")
    write(late, RULES)
    assert show_late(late.course, ["toy"]) == 0
    assert "zoe: extension of 2 d → none" in " ".join(capsys.readouterr().out.split())
