"""The short journey: one small assignment from the exchange to the feedback page, by its three people.

All of it is real but the assignment, which needs no TensorFlow in the student's hands.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys import inspecting
from tests.journeys.browsing import PHONE, Browsing
from tests.journeys.courses import SMALL, add_small_assignment, exchange, staff_folder, student_folder
from tests.journeys.exchanging import AssignmentList
from tests.journeys.formgrading import Formgrader
from tests.journeys.lab import Lab
from tests.journeys.places import Place
from tests.journeys.serving import jupyterlabs

NOT_WRITTEN = "majority is not written yet: fill in its cell above, then run this cell again."
LARGER_ON_A_TIE = """\
if not labels:
    raise ValueError("no labels")
counts = {}
for label in labels:
    counts[label] = counts.get(label, 0) + 1
return max(sorted(counts, reverse=True), key=counts.get)"""
COMPLAINT = "majority: 1 of 3 visible checks do not pass yet."


def test_a_small_assignment_goes_from_the_exchange_to_the_feedback_page(
    browser: Browsing, tmp_path: Path
) -> None:
    between = exchange(tmp_path / "exchange")
    staff = Place(staff_folder(tmp_path / "course", between), tmp_path / "teacher")
    student = Place(student_folder(tmp_path / "ada", between), tmp_path / "ada")
    add_small_assignment(staff.root)
    with jupyterlabs(staff, student) as (staff_server, student_server):
        teacher = Formgrader(browser.window(), staff_server).enter()
        said = teacher.press(teacher.row(SMALL), "release")
        assert f"Successfully released '{SMALL}'" in said

        ada = Lab(browser.window(), student_server).enter()
        receipt = answer_and_hand_in(ada)

        assert "Successfully collected" in teacher.press(teacher.row(SMALL), "collect")
        grade(teacher)

        handed_in = AssignmentList(ada).show()
        handed_in.fetch_feedback(SMALL)
        page = handed_in.open_feedback(SMALL)
        expect(page).to_contain_text("Counted with you at the board.")
        expect(page).to_contain_text("gives the larger of two labels that occur equally often")
        expect(page).to_contain_text("4.5 of 5 points")
        expect(page).to_contain_text(receipt)
    (file,) = (student.root / SMALL / "feedback").glob(f"*/{SMALL}.html")
    look_at(browser, file)


def answer_and_hand_in(ada: Lab) -> str:
    """From the first cell to *Submit*; gives the sha256 of the receipt."""
    exercises = AssignmentList(ada).show()
    exercises.fetch(SMALL)
    notebook = exercises.open(SMALL)
    notebook.run_all()
    assert notebook.output("environment").startswith("Fits the course: Python 3.")
    assert notebook.output("majority_checks") == NOT_WRITTEN
    notebook.write_answer("majority", LARGER_ON_A_TIE)
    notebook.run_cell("majority")
    lines = notebook.run_cell("majority_checks").splitlines()
    assert lines[:2] == ["ok   majority([4, 1, 4, 2]) gives 4", "no   majority([2, 1]) gives 1"]
    assert lines[-2:] == ["visible checks 2/3 — hidden checks run at grading", COMPLAINT]
    assert COMPLAINT in notebook.validate()
    notebook.write_over("why_answer", "Always the same answer <script>document.title='caught'</script>")
    notebook.restart_and_run_all()
    assert notebook.output("look") == "4"
    assert "Nothing was packed." in notebook.output("hand-in")
    notebook.save()
    found = re.search(r"^sha256 +([0-9a-f]{64})$", notebook.run_cell("hand-in"), re.MULTILINE)
    assert found is not None, notebook.output("hand-in")
    exercises.show().submit(SMALL)
    return found[1]


def grade(teacher: Formgrader) -> None:
    teacher.submissions(SMALL)
    row = teacher.page.locator("tbody tr").first
    assert "Successfully autograded" in teacher.press(row, "autograde")
    expect(row).to_contain_text("needs manual grading")
    expect(row).to_contain_text("3 / 5")
    teacher.open_submission(SMALL, 1)
    expect(teacher.whole()).to_contain_text("gives the larger of two labels that occur equally often")
    assert "caught" not in teacher.page.title()
    teacher.give_points("why_answer", 0.5)
    teacher.give_points("majority_checks", 4)
    teacher.comment("majority", "Counted with you at the board.")
    teacher.submissions(SMALL)
    row = teacher.page.locator("tbody tr").first
    expect(row).to_contain_text("4.5 / 5")
    assert "Successfully generated" in teacher.press(row, "generate-feedback")
    assert "Successfully released" in teacher.press(row, "release-feedback")


def look_at(browser: Browsing, file: Path) -> None:
    for scheme in ("light", "dark"):
        page = browser.window(size=PHONE, scheme=scheme)
        page.goto(file.as_uri())
        assert inspecting.faults(page) == [], scheme
        assert inspecting.sideways(page) == 0


def test_a_page_that_cannot_be_read_is_told_of(browser: Browsing) -> None:
    page = browser.window(size=PHONE)
    pale, wide = "<p style='color: #eee; background: #fff'>pale</p>", "<p style='width: 500px'>wide</p>"
    page.set_content(f"<!doctype html><title>unreadable</title>{pale}<img src='x'>{wide}")
    found = inspecting.faults(page)
    assert {line.partition(":")[0] for line in found} >= {"color-contrast", "image-alt"}
    assert inspecting.sideways(page) > 100


def test_what_a_journey_saw_is_kept(browser: Browsing, tmp_path: Path) -> None:
    browser.window().set_content("<title>seen</title><iframe srcdoc='inside'></iframe>")
    kept = browser.keep_evidence(tmp_path)
    assert [file.suffix for file in kept] == [".png", ".html", ".html"]
    assert "inside" in kept[2].read_text(encoding="utf-8")
