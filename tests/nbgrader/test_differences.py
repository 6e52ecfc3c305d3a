"""``autograder grade --diff``: whose points would change and why, with nothing written."""

from __future__ import annotations

import json

import pytest

from autograder.checking.verdicts import Outcome
from autograder.commands.differing import show_differences
from autograder.errors import CourseError
from autograder.grading import store
from autograder.grading.nbgrader_plugin.recording import record

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED


@pytest.fixture
def graded(class_of_three):
    """A person has lowered bob's points."""
    class_of_three.give("bob", "double_checks", manual_score=2.5)
    return class_of_three


def change_a_check(toy):
    (toy.root / "tests/hidden/test_toy.py").write_text("# another check\n")
    toy.prepare("ada", PASSED, PASSED, PASSED)
    toy.prepare("bob", FAILED, PASSED, PASSED)
    toy.prepare("cleo", PASSED, FAILED, PASSED)


def differences(toy, capsys, names=("toy",), students=(), json_file=None):
    code = show_differences(toy.course, names, students, jobs=1, json_file=json_file, fresh=False)
    return code, " ".join(capsys.readouterr().out.split())


def everything_below(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_nothing_differs_after_grading(graded, capsys):
    code, said = differences(graded, capsys)
    assert (code, said) == (0, "toy: 0 of 3 students would have other points; nothing was written")


def test_a_changed_check_is_told_with_points_verdicts_and_reason(graded, capsys):
    change_a_check(graded)
    code, said = differences(graded, capsys)
    assert code == 1
    assert "toy: 2 of 3 students would have other points" in said
    assert (
        "ada 3.5 → 5 changed: the hidden checks double 1.5 → 3 of 3 "
        "FAILED → PASSED `double(3)` is 6. (doubles) `double(3)` returned 5." in said
    )


def test_points_of_a_person_stay_and_are_named(graded, capsys):
    change_a_check(graded)
    _, said = differences(graded, capsys)
    bob = said[said.index("bob") :]
    assert bob.startswith("bob 4.5 changed: the hidden checks")
    assert "double 3 → 1.5 of 3 by the checks; a person gave 2.5, which stays: look at it again" in bob


def test_the_same_points_by_other_verdicts_are_named(graded, capsys):
    change_a_check(graded)
    assert "The same points, other verdicts: cleo" in differences(graded, capsys)[1]


def test_no_file_but_the_store_of_reports_is_written(graded, capsys, tmp_path):
    change_a_check(graded)
    config = graded.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    graded.change("UPDATE submitted_assignment SET timestamp = '2026-01-02 00:00:00.000000'")
    graded.change("UPDATE assignment SET duedate = '2026-01-01 00:00:00.000000'")
    before = everything_below(graded.root)
    code, said = differences(graded, capsys, json_file=tmp_path / "changes.json")
    assert code == 1
    assert "ada 3.5 → 0 changed: the hidden checks late penalty 0 → 5" in said
    assert everything_below(graded.root) == before
    changes = json.loads((tmp_path / "changes.json").read_text())["changes"]["toy"]
    assert [(one["student"], one["before"], one["after"]) for one in changes] == [
        ("ada", 3.5, 0.0),
        ("bob", 4.5, 0.0),
        ("cleo", 3.5, 0.0),
    ]


def test_what_it_says_is_what_grading_does(graded, capsys, tmp_path):
    change_a_check(graded)
    differences(graded, capsys, json_file=tmp_path / "changes.json")
    foretold = {
        one["student"]: one["after"]
        for one in json.loads((tmp_path / "changes.json").read_text())["changes"]["toy"]
    }
    record(graded.course, "toy")
    rows = graded.rows(
        """SELECT sa.student_id, sum(coalesce(g.manual_score, g.auto_score, 0)) FROM grade g
           JOIN submitted_notebook sn ON sn.id = g.notebook_id
           JOIN submitted_assignment sa ON sa.id = sn.assignment_id GROUP BY 1"""
    )
    assert dict(rows) == foretold
    assert differences(graded, capsys)[0] == 0


def test_without_a_gradebook_everybody_is_new_and_none_is_made(clone, capsys):
    clone.hand_in("ada")
    clone.prepare("ada", FAILED, PASSED, PASSED)
    code, said = differences(clone, capsys)
    assert code == 1
    assert "ada – → 3.5 no grade yet" in said
    assert not (clone.root / "gradebook.db").exists()
    assert not (clone.root / "autograded").exists()


def test_points_are_compared_where_the_old_report_is_forgotten(graded, capsys):
    store.clean(graded.course.state, older_than_seconds=0)
    change_a_check(graded)
    code, said = differences(graded, capsys, students=("ada",))
    assert code == 1
    assert "ada 3.5 → 5 the old Report is not in the store any more" in said
    assert "double 1.5 → 3 of 3" in said


def test_a_broken_report_would_leave_the_old_grade_and_ends_with_code_3(graded, capsys):
    (graded.root / "tests/hidden/test_toy.py").write_text("# another check\n")
    graded.prepare("ada", Outcome.BROKEN, PASSED, PASSED)
    code, said = differences(graded, capsys, students=("ada",))
    assert code == 3
    assert "ada BROKEN, the old grade would stay: a check of ours failed to do its work" in said


def test_a_name_that_is_mistyped_is_one_sentence(graded, capsys):
    with pytest.raises(CourseError, match="did you mean toy"):
        differences(graded, capsys, names=("tyo",))
    with pytest.raises(CourseError, match="nothing of this student was handed in"):
        differences(graded, capsys, students=("zoe",))
