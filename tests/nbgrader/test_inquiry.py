"""`autograder inquiry`: the bundle is made from the Report that the grade was written from."""

from __future__ import annotations

import json
import zipfile

import pytest
from typer.testing import CliRunner

from autograder.checking.verdicts import Outcome
from autograder.commands.main import app
from autograder.errors import CourseError
from autograder.grading import store
from autograder.grading.nbgrader_plugin import record


@pytest.fixture
def ask(toy, monkeypatch):
    """Runs the command for ada's graded submission: one of her three checks failed."""
    toy.hand_in("ada", {"double": "def double(x):\n    return x + 3"})
    report = toy.prepare("ada", Outcome.PASSED, Outcome.FAILED, Outcome.PASSED)
    record(toy.course, "toy", reports={"ada": report})
    monkeypatch.chdir(toy.root)

    def ask(*words: str):
        return CliRunner().invoke(app, ["inquiry", "toy", *words])

    return ask


def test_the_bundle_is_about_what_did_not_pass_unless_a_check_is_named(toy, ask):
    result = ask("--student", "ada")
    assert result.exit_code == 0, result.output
    assert "double, keeps_zero: FAILED" in result.output
    assert "The course secret is not in it" in result.output
    about = read(toy.root / "inquiry-toy-ada.zip")
    assert [(item["check"], item["seed"]) for item in about["checks"]] == [("keeps_zero", 4711)]
    assert ask("--student", "ada", "--check", "halves", "--to", "q.zip").exit_code == 0
    assert [item["check"] for item in read(toy.root / "q.zip")["checks"]] == ["halves"]


def read(file):
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read("inquiry.json"))


def test_a_student_without_a_grade_or_a_report_is_a_sentence(toy, ask):
    toy.hand_in("bob")
    assert "no grade by the kit" in said(ask("--student", "bob"))
    assert "did you mean keeps_zero" in said(ask("--student", "ada", "--check", "keep_zero"))
    toy.hand_in("eve")
    record(toy.course, "toy", ["eve"], reports={"eve": toy.prepare("eve")})
    assert "every check passed: name the one" in said(ask("--student", "eve"))
    store.clean(toy.course.state, older_than_seconds=0)
    assert "autograder grade toy makes it again (got ada)" in said(ask("--student", "ada"))
    assert not list(toy.root.glob("*.zip"))


def said(result) -> str:
    assert isinstance(result.exception, CourseError)
    return str(result.exception)
