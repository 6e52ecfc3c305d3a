"""Points that a person gave in place of the checks': they stay, and want a look when something changed."""

from __future__ import annotations

import pytest
from nbgrader.apps.api import NbGraderAPI

from autograder.checking.verdicts import Outcome
from autograder.commands.showing import looks_wanted
from autograder.grading.nbgrader_plugin.recording import record
from autograder.grading.nbgrader_plugin.running import nbgrader_app

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED


@pytest.fixture
def overridden(class_of_three):
    """ada's double is worth 2.5 to a person, who says why; her answer is graded, too."""
    class_of_three.give("ada", "double_checks", manual_score=2.5)
    class_of_three.give("ada", "double", manual_comment="x + 2 is a start.")
    class_of_three.give("ada", "why_answer", manual_score=0.5)
    return class_of_three


def change_a_check(toy, *outcomes, number=0):
    (toy.root / "tests/hidden/test_toy.py").write_text(f"# another check {number}\n")
    toy.prepare("ada", *outcomes)


def again(toy):
    return {
        student: [f"{one.cell}: {one}" for one in found]
        for student, found in record(toy.course, "toy", ["ada"]).again.items()
    }


def row(toy, cell):
    (found,) = [
        rest
        for who, name, *rest, flag, _, _ in toy.grades()
        if (who, name) == ("ada", cell) and flag is not None
    ]
    return found


def test_points_by_hand_stand_where_nothing_changed_below_them(overridden):
    """nbgrader itself would ask for a look at every one of them."""
    change_a_check(overridden, FAILED, PASSED, FAILED)
    assert again(overridden) == {}
    assert row(overridden, "double_checks") == [1.5, 2.5, None]
    assert overridden.automatic("ada")["halve_checks"] == 0.0
    assert overridden.flags("ada") == {"double_checks": False, "halve_checks": False, "why_answer": False}


def test_other_automatic_points_keep_those_by_hand_and_ask_for_a_look(overridden):
    change_a_check(overridden, PASSED, PASSED, PASSED)
    sentence = "double: a person gave 2.5 when the checks gave 1.5; now they give 3"
    assert again(overridden) == {"ada": [sentence]}
    assert row(overridden, "double_checks") == [3.0, 2.5, None]
    assert overridden.flags("ada") == {"double_checks": True, "halve_checks": False, "why_answer": False}
    copy = overridden.autograded("ada")
    assert "<code>double</code> a person gave 2.5 when" in copy.cells[0].source
    (checks,) = [cell for cell in copy.cells if cell.id == "double_checks"]
    assert (
        "Look at this again: a person gave 2.5 when the checks gave 1.5"
        in checks.outputs[1].data["text/plain"]
    )
    assert again(overridden) == {"ada": [sentence]}  # until somebody has looked
    told = [line.plain for line in looks_wanted(record(overridden.course, "toy").again)]
    assert told[1:] == [f"  ada  {sentence}; the reason given: x + 2 is a start."]


def test_the_points_that_an_override_was_made_on_are_remembered_over_several_changes(overridden):
    change_a_check(overridden, PASSED, PASSED, PASSED, number=1)
    record(overridden.course, "toy", ["ada"])
    change_a_check(overridden, FAILED, FAILED, PASSED, number=2)
    assert again(overridden) == {
        "ada": ["double: a person gave 2.5 when the checks gave 1.5; now they give 0"]
    }


def test_once_somebody_has_looked_it_stands(overridden):
    change_a_check(overridden, PASSED, PASSED, PASSED, number=1)
    record(overridden.course, "toy", ["ada"])
    overridden.give("ada", "double_checks", manual_score=2.75)
    assert again(overridden) == {}
    assert "looked at again" not in overridden.autograded("ada").cells[0].source
    change_a_check(overridden, PASSED, PASSED, FAILED, number=2)
    assert again(overridden) == {}
    change_a_check(overridden, FAILED, PASSED, FAILED, number=3)
    assert again(overridden) == {
        "ada": ["double: a person gave 2.75 when the checks gave 3; now they give 1.5"]
    }


def test_another_answer_asks_for_a_look_at_that_answer_alone(overridden):
    overridden.hand_in("ada", {"why_answer": "I think otherwise now."})
    overridden.prepare("ada", FAILED, PASSED, PASSED)
    assert again(overridden) == {
        "ada": ["why_answer: a person gave 0.5; the student's answer has changed since"]
    }
    assert overridden.flags("ada") == {"double_checks": False, "halve_checks": False, "why_answer": True}


def test_other_code_with_the_same_points_asks_for_a_look(overridden):
    overridden.hand_in("ada", {"double": "def double(x):\n    return x + x", "why_answer": "ada thinks so."})
    overridden.prepare("ada", FAILED, PASSED, PASSED)
    assert again(overridden) == {"ada": ["double: a person gave 2.5; the student's code has changed since"]}


def test_the_formgraders_button_asks_for_the_same_looks(overridden):
    change_a_check(overridden, PASSED, PASSED, PASSED)
    app = nbgrader_app(overridden.course)
    assert NbGraderAPI(coursedir=app.coursedir, parent=app).autograde("toy", "ada")["success"]
    assert overridden.flags("ada") == {"double_checks": True, "halve_checks": False, "why_answer": False}
    assert again(overridden) == {
        "ada": ["double: a person gave 2.5 when the checks gave 1.5; now they give 3"]
    }
