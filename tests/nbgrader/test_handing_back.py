"""``autograder feedback``: pages that are due are written, with their reason; staff read what still waits."""

from __future__ import annotations

import json
from datetime import date

import pytest
from nbgrader.apps import GenerateFeedbackApp

from autograder.checking.verdicts import Outcome
from autograder.commands.handing_back import give_feedback
from autograder.errors import CourseError
from autograder.grading import store
from autograder.grading.nbgrader_plugin.recording import record
from autograder.reporting.exporters.told import Told, changes, dated, read_told, write_told
from autograder.reporting.feedback import ManualGrade

pytestmark = [
    pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning"),
    # nbgrader leaves open each timestamp that it reads
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
EVERYBODY = ("ada", "bob", "cleo")


@pytest.fixture
def told(class_of_three, capsys):
    """Run the command; what it says, as lines."""

    def run(*students, release=False, code=0):
        assert give_feedback(class_of_three.course, "toy", students, release=release) == code
        return capsys.readouterr().out.splitlines()

    return run


def pages(toy):
    return {path.parent.parent.name: path for path in sorted(toy.root.glob("feedback/*/toy/toy.html"))}


def test_first_all_pages_are_new_then_none_is_written_again(class_of_three, told):
    assert told()[0] == "toy: 3 pages new, 0 written again, 0 as before"
    before = {student: path.stat().st_mtime_ns for student, path in pages(class_of_three).items()}
    assert tuple(before) == EVERYBODY
    said = told()
    assert said[:2] == ["toy: 0 pages new, 0 written again, 3 as before", "Not graded by a person yet:"]
    assert said[2:] == [f"  {student}  why_answer" for student in EVERYBODY]
    assert {student: path.stat().st_mtime_ns for student, path in pages(class_of_three).items()} == before


def test_what_a_person_changed_is_told_and_dated(class_of_three, told):
    told()
    class_of_three.give("ada", "double_checks", manual_score=2.5)
    class_of_three.give("bob", "why_answer", manual_score=1)
    class_of_three.give("bob", "why_answer", manual_comment="Well said.")
    said = told()
    assert said[:3] == [
        "toy: 0 pages new, 2 written again, 1 as before",
        "  ada  a person gave 2.5 for double",
        "  bob  a person gave 1 for why_answer; a person commented on why_answer",
    ]
    silent = "ada: a person gave points for double without a word; the comment box below the cell double is"
    assert f"{silent} its place" in said
    assert "gave it 2.5 points; the checks alone gave 1.5" in pages(class_of_three)["ada"].read_text()
    decided = {one.cell: one.on for one in read_told(class_of_three.course.state, "toy", "ada").decided}
    assert decided == {"double": date.today(), "halve": None, "why_answer": None}
    assert told()[0] == "toy: 0 pages new, 0 written again, 3 as before"


def test_a_page_for_one_student_alone(class_of_three, told):
    assert told("bob")[0] == "toy: 1 page new, 0 written again, 0 as before"
    assert tuple(pages(class_of_three)) == ("bob",)


def test_nbgraders_own_command_and_ours_know_of_each_others_pages(class_of_three, told, monkeypatch):
    told()
    class_of_three.give("ada", "double_checks", manual_score=2.5)
    monkeypatch.chdir(class_of_three.root)
    app = GenerateFeedbackApp()
    app.initialize(["toy"])
    app.start()
    app.deinit_logging()
    assert told()[0] == "toy: 0 pages new, 0 written again, 3 as before"


def test_a_page_that_was_removed_or_changed_is_written_again(class_of_three, told):
    told()
    pages(class_of_three)["ada"].unlink()
    pages(class_of_three)["bob"].write_text("something else")
    assert told()[:3] == [
        "toy: 0 pages new, 2 written again, 1 as before",
        "  ada  the page is not where it was",
        "  bob  the page is not where it was",
    ]


def test_a_new_grade_and_an_override_to_look_at_again_are_told(class_of_three, told):
    class_of_three.give("ada", "double_checks", manual_score=2.5)
    class_of_three.give("ada", "double", manual_comment="#nealy")
    rubrics = class_of_three.root / "solutions/rubrics"
    rubrics.mkdir()
    (rubrics / "comments.toml").write_text('[comments]\nnearly = "Nearly right."\n')
    told()
    (class_of_three.root / "tests/hidden/test_toy.py").write_text("# another\n")
    class_of_three.prepare("ada")
    record(class_of_three.course, "toy", ["ada"])
    said = told("ada")
    assert said[:2] == ["toy: 0 pages new, 1 written again, 0 as before", "  ada  graded anew"]
    assert (
        "  ada  double: a person gave 2.5 when the checks gave 1.5; now they give 3; the reason given: #nealy"
        in said
    )
    assert "ada: a comment says #nealy, which is read as it stands; #nearly was meant?" in said


def test_before_grading_it_is_one_sentence(clone, class_of_three):
    with pytest.raises(CourseError, match="nobody is graded in toy yet: run autograder grade toy first"):
        give_feedback(clone.course, "toy", [], release=False)
    assert not (clone.root / "gradebook.db").exists()
    with pytest.raises(CourseError, match=r"feedback needs a grade: .* \(got yan, zoe\)"):
        give_feedback(class_of_three.course, "toy", ["zoe", "ada", "yan"], release=False)
    with pytest.raises(CourseError, match="did you mean toy"):
        give_feedback(class_of_three.course, "toi", [], release=False)
    assert not (class_of_three.root / "feedback").exists()


def test_a_forgotten_report_costs_one_page_and_stops_nobody(class_of_three, told):
    (class_of_three.root / "tests/hidden/test_toy.py").write_text("# another\n")
    class_of_three.prepare("ada", Outcome.FAILED, Outcome.FAILED, Outcome.PASSED)
    record(class_of_three.course, "toy", ["ada"])
    lost = next(
        entry.path
        for entry in store.entries(class_of_three.course.state)
        if json.loads(entry.path.read_text())["report"]["points"] == 2.0
    )
    lost.unlink()
    said = told(code=1)
    assert said[0] == "toy: 2 pages new, 0 written again, 0 as before"
    assert said[1].startswith("  ada  no page: the Report is not in the store any more")
    assert tuple(pages(class_of_three)) == ("bob", "cleo")


def test_pages_are_released_for_those_who_were_chosen(class_of_three, told, tmp_path):
    config = class_of_three.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f'\nc.Exchange.root = "{tmp_path / "exchange"}"\n')
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    assert told("ada", release=True)[-1] == "released to the exchange: 1 page"
    assert len(list((tmp_path / "exchange").rglob("feedback/*.html"))) == 1
    assert told(release=True)[-1] == "released to the exchange: 3 pages"
    assert len(list((tmp_path / "exchange").rglob("feedback/*.html"))) == 3


GRADE = ManualGrade("double", 2.5, 3.0, "Nearly.")


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"page": 1}', '{"page": "", "report": "", "penalty": 0, "decided": [1]}']
)
def test_a_damaged_note_of_a_page_is_none(tmp_path, damage):
    write_told(tmp_path, "toy", "ada", Told("hash", "key", 0.5, (GRADE,)))
    assert read_told(tmp_path, "toy", "ada") == Told("hash", "key", 0.5, (GRADE,))
    (tmp_path / "feedback/toy/ada.json").write_text(damage)
    assert read_told(tmp_path, "toy", "ada") is None


def test_a_decision_keeps_the_day_on_which_it_was_first_seen():
    first, later = date(2026, 3, 1), date(2026, 3, 9)
    known = Told("", "", 0.0, tuple(dated([GRADE], Told("", "", 0.0, ()), first)))
    (same,) = dated([GRADE], known, later)
    (other,) = dated([ManualGrade("double", 3.0, 3.0, "Nearly.")], known, later)
    assert (same.on, other.on) == (first, later)
    assert dated([GRADE], None, later) == [GRADE]


def test_each_reason_for_another_page_is_named():
    before = Told("1", "a", 0.0, (GRADE,))
    now = Told("2", "b", 1.5, (ManualGrade("double", None, 3.0),))
    assert changes(before, now) == (
        "graded anew",
        "a person took back the points for double",
        "a person removed the comment on double",
        "late penalty 0 → 1.5",
    )
    assert changes(before, Told("2", "a", 0.0, (GRADE,))) == ("the page has another form",)
    assert changes(before, before) == ()
