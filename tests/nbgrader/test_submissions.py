"""What nbgrader gets to see: clean copies, whatever a student handed in."""

from __future__ import annotations

import os
import shutil

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.apps import AutogradeApp
from nbgrader.apps.api import NbGraderAPI

from autograder.checking.verdicts import Outcome
from autograder.commands.grading import submissions_of
from autograder.grading.arrivals import look
from autograder.grading.nbgrader_plugin.markdown import fenced, is_harmless
from autograder.grading.nbgrader_plugin.recording import record
from autograder.grading.nbgrader_plugin.running import nbgrader_app
from tests.nbgrader import hostile

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")


def test_a_grade_cell_holds_one_number_and_the_lines_for_a_ta(toy):
    toy.hand_in("ada", {"double_checks": "3.0  # the student's own number"})
    toy.prepare("ada", Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)
    record(toy.course, "toy")
    cells = {cell.id: cell for cell in toy.autograded("ada").cells}
    number, lines = cells["double_checks"].outputs
    assert (number.output_type, number.data) == ("execute_result", {"text/plain": "1.5"})
    assert lines.data["text/plain"].splitlines() == [
        "1.5 of 3 points: 1 of 2 checks passed",
        "",
        "✗ FAILED  `double(3)` is 6.  (doubles)",
        "    `double(3)` returned 5.",
        "    Hint: Twice what?",
        "",
        "✓ PASSED  `double(0)` is 0.  (keeps_zero)",
    ]
    assert "<code>double(3)</code> is 6." in lines.data["text/html"]
    assert cells["double_checks"].source == "print('visible checks')"
    assert cells["double"].outputs == []


def test_an_unreadable_submission_shows_its_reason_on_top_and_its_original_is_kept(toy):
    folder = toy.hand_in("dan", content="{ no notebook")
    toy.prepare("dan")
    recorded = record(toy.course, "toy")
    assert recorded.written == ("dan",)
    assert "is not JSON" in recorded.unreadable["dan"]
    ours, first, *_ = toy.autograded("dan").cells
    assert "is not JSON" in ours.source
    assert recorded.unreadable["dan"] in first.source
    assert (folder / "toy.ipynb").read_text() == "{ no notebook"


def test_links_pipes_and_folders_in_a_submission_stop_nobody(toy, tmp_path, terminal):
    secret = tmp_path / "secret.txt"
    secret.write_text("the gradebook's password")
    ada = toy.hand_in("ada")
    (ada / "note.txt").symlink_to(secret)
    os.mkfifo(ada / "pipe.txt")
    (ada / "timestamp.txt").mkdir()
    bob = toy.hand_in("bob")
    (bob / "toy.ipynb").unlink()
    os.mkfifo(bob / "toy.ipynb")
    cleo = toy.hand_in("cleo", timestamp="yesterday evening")
    (cleo / "page.html").write_text("<script>alert(1)</script>")
    (cleo / "data.csv").write_text("1,2")
    (cleo / "big.txt").write_bytes(b"x" * (3 * 2**20))
    dan = toy.hand_in("dan")
    (dan / "toy.ipynb").unlink()
    (dan / "toy.ipynb").symlink_to(toy.root / "source/toy/toy.ipynb")
    for student in ("ada", "bob", "cleo", "dan"):
        toy.prepare(student)
    assert terminal(AutogradeApp, "toy") == 0
    seen = {
        path.relative_to(toy.root / "autograded").as_posix() for path in toy.root.glob("autograded/**/*.*")
    }
    assert seen == {f"{who}/toy/toy.ipynb" for who in ("ada", "bob", "cleo", "dan")} | {"cleo/toy/data.csv"}
    assert toy.automatic("ada")["double_checks"] == 3.0
    assert toy.automatic("bob")["double_checks"] == toy.automatic("dan")["double_checks"] == 0.0


@pytest.mark.parametrize("content", ["", "# my notes"])
def test_a_student_without_a_notebook_has_zero_and_its_reason_at_the_button(toy, content):
    """An empty folder, or only another file; nbgrader itself refuses where no folder holds a notebook."""
    folder = toy.hand_in("eve", content=content, name="notes.txt")
    if not content:
        (folder / "notes.txt").unlink()
    toy.prepare("eve", *[Outcome.MISSING] * 3)
    app = nbgrader_app(toy.course)
    done = NbGraderAPI(coursedir=app.coursedir, parent=app).autograde("toy", "eve")
    assert done["success"], done
    assert toy.automatic("eve") == {"double_checks": 0.0, "halve_checks": 0.0, "why_answer": 0.0}
    assert "There is no notebook in the submission" in toy.autograded("eve").cells[0].source
    assert "There is no notebook in the submission" in toy.autograded("eve").cells[1].source


def test_a_class_without_any_notebook_is_graded_by_bare_nbgrader(toy, terminal):
    (toy.hand_in("eve") / "toy.ipynb").unlink()
    toy.prepare("eve", *[Outcome.MISSING] * 3)
    assert terminal(AutogradeApp, "toy") == 0
    assert toy.automatic("eve")["double_checks"] == 0.0


@pytest.mark.usefixtures("toy")
def test_where_nobody_handed_in_nbgrader_says_its_own_sentence(terminal, capfd):
    assert terminal(AutogradeApp, "toy") == 1
    assert "No notebooks were matched" in capfd.readouterr().err


def test_what_lies_beside_a_notebook_comes_from_the_release(toy):
    """No sources are needed, and a student's own version of a handed-out file is replaced."""
    shutil.rmtree(toy.root / "source")
    (toy.root / "release/toy/helper.py").write_text("handed out")
    (toy.hand_in("ada") / "helper.py").write_text("changed by ada")
    toy.prepare("ada")
    assert record(toy.course, "toy").written == ("ada",)
    assert (toy.root / "autograded/ada/toy/helper.py").read_text() == "handed out"


def test_submitted_folders_are_left_as_they_were(toy):
    toy.hand_in("ada", {"why_answer": "<script>1</script>"}, timestamp="2026-01-02 00:00:00 UTC")
    toy.prepare("ada")
    before = {path: path.read_bytes() for path in toy.root.glob("submitted/**/*.*")}
    record(toy.course, "toy")
    assert {path: path.read_bytes() for path in toy.root.glob("submitted/**/*.*")} == before


def test_the_formgrader_keeps_its_course_folder(toy):
    toy.hand_in("ada")
    toy.prepare("ada")
    app = nbgrader_app(toy.course)
    api = NbGraderAPI(coursedir=app.coursedir, parent=app)
    assert api.autograde("toy", "ada")["success"]
    assert api.coursedir.submitted_directory == "submitted"
    assert api.get_submitted_students("toy") == {"ada"}
    assert api.get_autograded_students("toy") == {"ada"}


def test_reports_are_not_taken_from_a_notebook(toy, terminal, capfd):
    """A notebook may carry another student's key; without our exporter nothing is graded."""
    toy.hand_in("ada")
    config = toy.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("c.Autograde.exporter_class", "unused"))
    config.write_text("unused = ''\n" + config.read_text())
    assert terminal(AutogradeApp, "toy") == 1
    assert "c.Autograde.exporter_class has to be the kit's CleanSubmissions" in capfd.readouterr().err
    assert toy.rows("SELECT auto_score FROM grade WHERE auto_score IS NOT NULL") == []


@pytest.mark.parametrize("name", hostile.TEXTS)
def test_active_text_is_refused(name):
    assert not is_harmless(hostile.TEXTS[name], {})


@pytest.mark.parametrize("text", hostile.HARMLESS)
def test_plain_text_is_left_alone(text):
    assert is_harmless(text, {})


def test_the_formgraders_page_of_a_hostile_notebook_runs_nothing(toy):
    answer = "\n\n".join(hostile.TEXTS[name] for name in list(hostile.TEXTS)[:13])
    toy.hand_in("ada", {"why_answer": answer, "intro": hostile.TEXTS["script"]})
    toy.prepare("ada")
    record(toy.course, "toy")
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(toy.autograded("ada"))
    for live in ("<script>window", "<img", "<a href", "<iframe", "onclick=window"):
        assert live not in page
    assert "&lt;script&gt;window.top.caught" in page


def test_a_heading_may_not_take_the_place_of_a_box_for_points():
    """nbconvert makes an id of it, and the formgrader finds a question's box by its id."""
    ids = frozenset({"why_answer", "double-comment"})
    assert is_harmless("# Why answer", {}, ids)
    assert not is_harmless("# why_answer", {}, ids)
    assert not is_harmless("text\n\n### double comment", {}, ids)


def test_a_folder_whose_name_would_act_in_a_page_is_left_out_and_told(toy, terminal, capfd):
    names = ("<img src=x onerror=alert(1)>", 'a" onmouseover="alert(1)')
    for student in ("ada", *names):
        toy.hand_in(student)
        toy.prepare(student)
    assert terminal(AutogradeApp, "toy") == 0
    assert {row[0] for row in toy.grades()} == {"ada"}
    toy.change("UPDATE student SET last_name = '<script>alert(1)</script>'")
    assert terminal(AutogradeApp, "toy") == 0
    said = capfd.readouterr().err
    assert said.count("would run the HTML in the name of ada") == 1
    assert said.count("would act in nbgrader's pages, so it was left out") == 4  # two, in each run
    assert [item.student for item in submissions_of(toy.course, "toy", [])] == ["ada"]
    assert [arrival.student for arrival in look(toy.course.submitted, ["toy"])] == ["ada"]


def test_tags_of_a_cell_cannot_become_classes_of_the_page(toy):
    folder = toy.hand_in("ada")
    notebook = nbformat.read(folder / "toy.ipynb", as_version=4)
    notebook.cells.append(new_code_cell("1", metadata={"tags": ["demo", "x nbgrader_cell", '"><b>']}))
    nbformat.write(notebook, folder / "toy.ipynb")
    toy.prepare("ada")
    record(toy.course, "toy")
    assert toy.autograded("ada").cells[-1].metadata.tags == ["demo"]


def test_a_fence_cannot_be_closed_from_inside():
    cell = new_markdown_cell(fenced("~~~~\n<script>1</script>\n~~~~~"))
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(new_notebook(cells=[cell]))
    assert "<script>" not in page
