"""Feedback pages through nbgrader: points from the gradebook, sentences from the Report."""

from __future__ import annotations

import hashlib
import re

import pytest
from nbgrader.apps import GenerateFeedbackApp

from autograder.checking.verdicts import Outcome
from autograder.errors import CourseError
from autograder.grading.nbgrader_plugin.recording import record
from autograder.reporting.exporters.feedback import write_feedback

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

ADA = """(SELECT sn.id FROM submitted_notebook sn JOIN submitted_assignment sa
         ON sa.id = sn.assignment_id WHERE sa.student_id = 'ada')"""


def cell(name):
    return f"cell_id IN (SELECT id FROM base_cell WHERE name = '{name}') AND notebook_id = {ADA}"


@pytest.fixture
def graded(toy):
    toy.hand_in("ada", {"double": "def double(x):\n    return x + 2", "why_answer": "Because."})
    toy.prepare("ada", Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)
    toy.hand_in("bob")
    toy.prepare("bob", *[Outcome.NOT_ATTEMPTED] * 3)
    record(toy.course, "toy")
    return toy


def text_of(page):
    text = re.sub(r"<(style|head)>.*?</\1>", "", page.read_text(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


def test_nbgrader_and_our_command_write_the_same_pages(graded, terminal):
    assert terminal(GenerateFeedbackApp, "toy") == 0
    by_nbgrader = {path: path.read_text() for path in graded.root.glob("feedback/*/toy/*.html")}
    pages = write_feedback(graded.course, "toy")
    assert [page.parent.parent.name for page in pages] == ["ada", "bob"]
    assert {page: page.read_text() for page in pages} == by_nbgrader


def test_a_page_holds_points_claims_and_what_happened_but_no_seed(graded):
    folder = graded.root / "autograded/ada/toy"
    (folder / "submission_secret.txt").write_text("staff and ada only")
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    text = text_of(page)
    assert "Toy 3.5 of 6 points so far" in text
    assert "double(3) is 6. double(3) returned 5. Where to look: Twice what?" in text
    assert "4711" not in page.read_text()
    assert str(graded.root) not in page.read_text()
    # nbgrader release_feedback reads the two files beside the page
    beside = {path.name: path.read_text() for path in page.parent.iterdir() if path != page}
    assert beside == {"submission_secret.txt": "staff and ada only", "timestamp.txt": ""}
    assert "staff and ada only" not in page.read_text()


def test_points_and_comments_of_a_person_count_at_once(graded):
    write_feedback(graded.course, "toy", ["ada"])
    graded.change(f"UPDATE grade SET manual_score = 2.5, extra_credit = 0.25 WHERE {cell('double_checks')}")
    graded.change(f"UPDATE grade SET manual_score = 1, needs_manual_grade = 0 WHERE {cell('why_answer')}")
    graded.change(f"UPDATE comment SET manual_comment = 'Well said.' WHERE {cell('why_answer')}")
    graded.change(f"UPDATE comment SET manual_comment = 'x + 2 is a start.' WHERE {cell('double')}")
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    text = text_of(page)
    assert "Toy 5.75 of 6 points" in text
    assert "so far" not in text
    assert "gave it 2.75 points; the checks alone gave 1.5" in text
    assert "Well said." in text
    assert "x + 2 is a start." in text


def test_an_unanswered_question_is_not_said_to_be_waiting(graded):
    (page,) = write_feedback(graded.course, "toy", ["bob"])
    text = text_of(page)
    assert "This question was left unanswered." in text
    assert "not graded yet" not in text


def test_a_late_penalty_of_today_is_taken_off(graded):
    config = graded.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    graded.change("UPDATE submitted_assignment SET timestamp = '2026-01-02 00:00:00.000000'")
    graded.change("UPDATE assignment SET duedate = '2026-01-01 00:00:00.000000'")
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    assert "Toy 0 of 6 points" in text_of(page)
    assert "Handed in late: 3.5 points are taken off." in text_of(page)


def test_a_lost_report_is_told_and_the_others_are_written(graded):
    (lost,) = (
        path
        for path in graded.root.glob(".autograder/reports/**/*.json")
        if '"outcome": "NOT_ATTEMPTED"' in path.read_text()
    )
    lost.unlink()
    with pytest.raises(CourseError, match="not every feedback page could be written"):
        write_feedback(graded.course, "toy")
    assert (graded.root / "feedback/ada/toy/toy.html").is_file()


def test_a_notebook_that_the_kit_did_not_grade_gets_nbgraders_own_page(graded, terminal):
    path = graded.root / "autograded/ada/toy/toy.ipynb"
    path.chmod(0o644)
    path.write_text(path.read_text().replace('"autograder"', '"another"'))
    assert terminal(GenerateFeedbackApp, "toy --student ada") == 0
    page = (graded.root / "feedback/ada/toy/toy.html").read_text()
    assert "bootstrap" in page.lower()


def sha256_of(folder):
    return hashlib.sha256((folder / "toy.ipynb").read_bytes()).hexdigest()


def test_the_page_names_the_file_that_was_graded(graded):
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    digest = sha256_of(graded.root / "submitted/ada/toy")
    assert digest in "".join(re.sub(r"<[^>]+>", "", page.read_text()).split())
    graded.hand_in("cyd", {"double": "def double(x):\n    return x"}, timestamp="2026-01-02 13:05:00 UTC")
    graded.prepare("cyd", Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)
    record(graded.course, "toy")
    (page,) = write_feedback(graded.course, "toy", ["cyd"])
    assert "Graded: your notebook received on 2 January 2026 at 13:05 UTC, whose sha256 is" in text_of(page)


def test_a_notebook_that_was_only_saved_again_is_the_one_that_was_graded(graded):
    folder = graded.root / "submitted/ada/toy"
    before = sha256_of(folder)
    notebook = folder / "toy.ipynb"
    notebook.write_text(notebook.read_text().replace('"execution_count": null', '"execution_count": 7'))
    assert sha256_of(folder) != before
    record(graded.course, "toy")
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    text = text_of(page)
    assert sha256_of(folder) in text
    assert before not in text


@pytest.mark.parametrize("newer", ["def double(x):\n    return 2 * x", ""])
def test_a_newer_notebook_that_waits_is_told(graded, newer):
    folder = graded.root / "submitted/ada/toy"
    before = sha256_of(folder)
    graded.hand_in("ada", {"double": newer} if newer else None, content="" if newer else "broken")
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    text = text_of(page)
    assert "Another version that you handed in has been received since; it is not graded yet." in text
    assert before in text
    assert sha256_of(folder) not in text


def test_where_the_file_is_gone_the_page_says_what_was_graded_all_the_same(graded):
    folder = graded.root / "submitted/ada/toy"
    before = sha256_of(folder)
    (folder / "toy.ipynb").unlink()
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    assert before in text_of(page)
    assert "received since" not in text_of(page)


def test_a_copy_graded_before_hashes_were_written_down_has_that_of_the_same_content(graded):
    path = graded.root / "autograded/ada/toy/toy.ipynb"
    path.chmod(0o644)
    path.write_text(re.sub(r'"sha256": "\w+"', '"other": ""', path.read_text()))
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    assert sha256_of(graded.root / "submitted/ada/toy") in text_of(page)
    graded.hand_in("ada")
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    assert "sha256" not in text_of(page)


def test_what_lost_points_says_what_to_read_again(graded):
    (page,) = write_feedback(graded.course, "toy", ["ada"])
    assert "To read again in the notebook: Section 1 · Twice" in text_of(page)
    assert "Section 2" not in text_of(page)  # halve has all its points
    (page,) = write_feedback(graded.course, "toy", ["bob"])
    assert "Where to begin in the notebook: Section 1 · Twice" in text_of(page)
    assert "Where to begin in the notebook: Section 2 · Half" in text_of(page)
    assert "To read again in the notebook: Section 2 · Half" in text_of(page)  # a question without an answer
