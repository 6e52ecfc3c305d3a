"""A class of damaged hand-ins through nbgrader itself: it grades everybody, and touches nothing of theirs.

``make fuzz`` makes the class larger, by HAND_INS.
"""

from __future__ import annotations

import json
import os
import random

import nbformat
import pytest
from nbgrader.apps import AutogradeApp
from nbgrader.apps.api import NbGraderAPI

from autograder.checking.verdicts import Outcome
from autograder.grading.intake import read_submission
from autograder.grading.nbgrader_plugin.running import nbgrader_app
from tests.intake import mutating
from tests.intake.fuzz import snapshot

HAND_INS = int(os.environ.get("HAND_INS", "16"))
SEED = int(os.environ.get("SEED", "1"))

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")


def hand_in_damaged(toy, outside):
    """As many students as asked for, each with the released notebook damaged in another way."""
    released = json.loads((toy.root / "release/toy/toy.ipynb").read_text())
    students = [f"s{number:04}" for number in range(HAND_INS)]
    for student in students:
        rng = random.Random(f"{SEED}-{student}")
        folder = toy.root / "submitted" / student / "toy"
        mutating.lay_down(rng, folder, "toy.ipynb", mutating.mutate(rng, released), outside)
        intake = read_submission(folder, toy.assignment)
        toy.prepare(student, *[Outcome.MISSING if intake.unreadable else Outcome.PASSED] * 3)
    return students


def test_nbgrader_grades_every_damaged_hand_in_and_changes_none(toy, terminal, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.ipynb").write_text("a secret")
    students = hand_in_damaged(toy, outside)
    before = snapshot(toy.root / "submitted"), snapshot(outside)
    assert terminal(AutogradeApp, "toy") == 0
    assert (snapshot(toy.root / "submitted"), snapshot(outside)) == before
    for student in students:
        intake = read_submission(toy.root / "submitted" / student / "toy", toy.assignment)
        wanted = {"double_checks": 0.0, "halve_checks": 0.0} if intake.unreadable else {
            "double_checks": 3.0, "halve_checks": 2.0
        }  # fmt: skip
        assert toy.automatic(student).items() >= wanted.items(), student
        nbformat.validate(toy.autograded(student))
    seen = [path for path in (toy.root / "autograded").rglob("*") if path.is_symlink() or path.is_fifo()]
    assert seen == []


def test_the_button_grades_what_the_terminal_grades(toy, tmp_path):
    students = hand_in_damaged(toy, tmp_path)[:3]
    app = nbgrader_app(toy.course)
    api = NbGraderAPI(coursedir=app.coursedir, parent=app)
    for student in students:
        done = api.autograde("toy", student)
        assert done["success"], done
        assert set(toy.automatic(student)) == {"double_checks", "halve_checks", "why_answer"}
