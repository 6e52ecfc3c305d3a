"""The student's journey, in one of the course's own assignments: from the zip to the feedback page.

Each step is a function of what is open then, so that a new feature becomes one more step.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autograder.assurance.toy_class import MEMORY_ANSWER
from autograder.assurance.variants import as_cell, variants
from autograder.course import find_assignment, find_course
from tests.journeys import inspecting
from tests.journeys.browsing import DESK, PHONE, Browsing
from tests.journeys.courses import KIT, add_assignment, exchange, staff_folder, student_folder
from tests.journeys.exchanging import AssignmentList
from tests.journeys.lab import Lab, Notebook
from tests.journeys.places import Place
from tests.journeys.serving import jupyterlabs

NAME = "ex2_one_hot"
ASSIGNMENT = find_assignment(find_course(KIT), NAME)
FUNCTIONS = list(ASSIGNMENT.points)
ONE_SENTENCE = re.compile(r"This cell needs .+\.|\w+ is not written yet: .+\.")
TOKENIZE = "words = text.lower()\nreturn words.split()"
FLOAT64 = "one_hot__wrong_float64"

pytestmark = pytest.mark.whole_journey


def test_from_the_zip_to_the_feedback_page(browser: Browsing, tmp_path: Path) -> None:
    between = exchange(tmp_path / "exchange")
    staff = Place(staff_folder(tmp_path / "course", between), tmp_path / "teacher")
    add_assignment(staff.root, NAME)
    staff.type(f"nbgrader release_assignment {NAME}")
    student = Place(student_folder(tmp_path / "ada", between), tmp_path / "ada")
    unpack(tmp_path, student)
    with jupyterlabs(student) as (server,):
        ada = Lab(browser.window(), server).enter()
        notebook = ada.open(f"{NAME}/{NAME}.ipynb")
        run_untouched(notebook)
        answer(notebook)
        check_all_at_once(notebook)
        receipt = hand_in(notebook)
        staff.type(f"nbgrader collect {NAME}")
        staff.type(f"autograder grade {NAME}")
        staff.type(f"autograder feedback {NAME} --release")
        read_feedback(ada, receipt)
    (file,) = (student.root / NAME / "feedback").glob(f"*/{NAME}.html")
    look_at(browser, file)


def unpack(folder: Path, student: Place) -> None:
    """The folder comes as a zip, as from a course page."""
    packed = shutil.make_archive(str(folder / NAME), "zip", KIT / "release", NAME)
    shutil.unpack_archive(packed, student.root)


def run_untouched(notebook: Notebook) -> None:
    """Run All on the notebook as it was handed out: one sentence per missing function, and no traceback."""
    notebook.run_all()
    assert notebook.output("environment").startswith("Fits the course: Python 3.")
    for function in FUNCTIONS:
        sentence = f"{function} is not written yet: fill in its cell above, then run this cell again."
        assert notebook.output(f"{function}_checks") == sentence
    for name in ("tokenize-all", "zipf", "decode", "oov", "toy-image", "training", "weights"):
        assert ONE_SENTENCE.fullmatch(notebook.output(name)), notebook.output(name)
    whole = notebook.page.locator(".jp-Notebook").inner_text()
    assert "Traceback" not in whole


def answer(notebook: Notebook) -> None:
    """Type one answer key by key, get one wrong at first, and write the others."""
    notebook.write_answer("tokenize", TOKENIZE)
    notebook.run_cell("tokenize")
    assert notebook.run_cell("tokenize_checks").endswith("hidden checks run at grading")
    known = {variant.symbol: variant for variant in variants(ASSIGNMENT.solutions)}
    notebook.write_over("one_hot", as_cell(ASSIGNMENT.solutions, known[FLOAT64]))
    notebook.run_cell("one_hot")
    assert "yours has dtype float64" in notebook.run_cell("one_hot_checks")
    assert "visible checks do not pass yet" in notebook.validate()
    for function in FUNCTIONS[1:]:
        notebook.write_over(function, as_cell(ASSIGNMENT.solutions, known[function]))
    notebook.write_over("memory_answer", MEMORY_ANSWER)


def check_all_at_once(notebook: Notebook) -> None:
    """Restart & Run All, the pictures at the end, and the same answer from nbgrader's Validate button."""
    notebook.restart_and_run_all()
    for function in FUNCTIONS:
        last = notebook.output(f"{function}_checks").splitlines()[-1]
        assert re.fullmatch(r"visible checks (\d+)/\1 — hidden checks run at grading", last), last
    for name in ("zipf", "oov", "toy-image", "training", "weights"):
        expect(notebook.cell(name).locator("img").first).to_be_visible()
    notebook.save()
    assert "Success" in notebook.validate()


def hand_in(notebook: Notebook) -> str:
    """Pack one file by the last cell, and submit the same notebook; gives the sha256 of the receipt."""
    said = notebook.run_cell("hand-in")
    for line in (f"written       {', '.join(FUNCTIONS)}", "answered      memory_answer"):
        assert line in said
    path = notebook.lab.server.root / notebook.path
    with zipfile.ZipFile(path.with_name(f"{NAME}-hand-in.zip")) as packed:
        assert packed.read(f"{NAME}.ipynb") == path.read_bytes()
    AssignmentList(notebook.lab).show().submit(NAME)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_feedback(ada: Lab, receipt: str) -> None:
    shown = AssignmentList(ada).show()
    shown.fetch_feedback(NAME)
    page = shown.open_feedback(NAME)
    expect(page).to_contain_text("19 of 20 points")
    expect(page).to_contain_text("One-hot encoding, and a classifier on it")
    expect(page).to_contain_text(receipt)  # of the notebook that was graded
    # a link inside the page has to work where JupyterLab shows it, too
    page.get_by_role("link", name="one_hot", exact=True).click()
    expect(page.locator(":target")).to_contain_text("one_hot")
    expect(page.locator(":target")).to_be_in_viewport()


def look_at(browser: Browsing, file: Path) -> None:
    for scheme in ("light", "dark"):
        for size in (DESK, PHONE):
            page = browser.window(size=size, scheme=scheme)
            page.goto(file.as_uri())
            assert inspecting.faults(page) == [], (scheme, size)
            assert inspecting.sideways(page) == 0
