"""Where each student stands: points and people from the gradebook, what the checks found from the store."""

from __future__ import annotations

import pytest

from autograder.checking.verdicts import Outcome
from autograder.grading import store
from autograder.grading.nbgrader_plugin.recording import record
from autograder.reporting.exporters.standing import class_standing

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")


@pytest.fixture
def graded(toy):
    toy.hand_in("ada", {"double": "def double(x):\n    return x + 2", "why_answer": "Because."})
    toy.prepare("ada", Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)
    record(toy.course, "toy")
    toy.change("INSERT INTO student (id, first_name, email) VALUES ('zoe', 'Zoé', 'zoe@example.org')")
    return toy


def test_a_student_who_handed_in_has_points_of_checks_and_people(graded):
    graded.change(
        "UPDATE grade SET manual_score = 1, needs_manual_grade = 0"
        " WHERE manual_score IS NULL AND auto_score IS NULL"
    )
    ada = next(one for one in class_standing(graded.course, "toy") if one.student == "ada")
    assert (ada.handed_in, ada.score, ada.max_score, ada.waiting) == (True, 4.5, 6.0, False)
    assert ada.report is not None
    assert ada.report.student == "ada"
    assert {grade.cell: grade.points for grade in ada.decided}["why_answer"] == 1.0


def test_who_handed_in_nothing_has_no_grade_rather_than_zero(graded):
    zoe = next(one for one in class_standing(graded.course, "toy") if one.student == "zoe")
    assert (zoe.first_name, zoe.email, zoe.handed_in, zoe.score, zoe.report) == (
        "Zoé",
        "zoe@example.org",
        False,
        None,
        None,
    )


def test_a_report_that_the_store_forgot_leaves_the_grade(graded):
    store.clean(graded.course.state, older_than_seconds=0)
    ada = next(one for one in class_standing(graded.course, "toy") if one.student == "ada")
    assert (ada.report, ada.score, ada.waiting) == (None, 3.5, True)
    assert len(ada.key) == 64


def test_looking_at_a_class_makes_no_gradebook(clone):
    assert class_standing(clone.course, "toy") == []
    assert not (clone.root / "gradebook.db").exists()
