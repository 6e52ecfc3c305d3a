"""`autograder similar` in a course folder: from hand-ins to the page, with whatever was handed in."""

from __future__ import annotations

import json
import random

import pytest
from typer.testing import CliRunner

from autograder.commands.main import app
from autograder.commands.similar import compare_hand_ins
from autograder.course import find_assignment
from autograder.errors import CourseError
from autograder.grading.engine import Submission
from tests.grading.conftest import RIGHT
from tests.similarity.disguises import rename
from tests.similarity.test_comparing import written


def answer(seed: int, name: str = "double") -> str:
    return written(random.Random(seed), statements=14).replace("scale(a, b, c, d)", f"{name}(a, b, c, d)")


@pytest.fixture
def handed_in(course, hand_in):
    for seed in range(6):
        hand_in(f"s{seed}", double=answer(seed))
    hand_in("copy", double=rename(answer(2), random.Random(1), ["double"]))
    hand_in("empty")
    (hand_in("broken") / "toy.ipynb").write_text("{")
    return course


def run(course, monkeypatch, *words):
    monkeypatch.chdir(course.root)
    return CliRunner().invoke(app, ["similar", *words])


def test_the_command_writes_page_json_and_table_and_names_the_pair(handed_in, monkeypatch):
    result = run(handed_in, monkeypatch)
    assert result.exit_code == 0, result.output
    assert "copy and s2" in result.output
    assert "never a penalty" in result.output
    folder = handed_in.root / "similar"
    assert {file.name for file in folder.iterdir()} == {"toy.html", "toy.json", "toy.csv"}
    told = json.loads((folder / "toy.json").read_text())
    assert [pair["students"] for pair in told["pairs"] if pair["stands_out"]] == [["copy", "s2"]]
    assert set(told["not_compared"]) == {"empty", "broken"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


def test_pairs_can_be_shown_that_do_not_stand_out(course, hand_in, monkeypatch):
    text = "def double(x):\n    return np.stack([x[at] for at in range(len(x))]).sum(axis=1)\n"
    hand_in("ada", double=text)
    hand_in("bob", double=text)
    assert "<mark" not in page_of(course, monkeypatch)
    assert "<mark" in page_of(course, monkeypatch, "--pairs", "5")


def page_of(course, monkeypatch, *words):
    result = run(course, monkeypatch, "--to", str(course.root / "out"), *words)
    assert "none stands out" in result.output
    return (course.root / "out" / "toy.html").read_text()


def test_code_that_was_handed_in_is_never_run(course, hand_in, tmp_path):
    trap = tmp_path / "trap"
    text = f"open({str(trap)!r}, 'w').close()\ndef double(x):\n    return x\n"
    compare_hand_ins(find_assignment(course, "toy"), [Submission("ada", hand_in("ada", double=text))])
    assert not trap.exists()


def test_cells_that_lost_their_names_are_found_by_their_functions(handed_in):
    file = handed_in.submitted / "copy/toy/toy.ipynb"
    notebook = json.loads(file.read_text())
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    file.write_text(json.dumps(notebook))
    submissions = [Submission(path.name, path / "toy") for path in sorted(handed_in.submitted.iterdir())]
    found = compare_hand_ins(find_assignment(handed_in, "toy"), submissions)
    assert [pair.students for pair in found.standing_out] == [("copy", "s2")]


def test_code_of_the_files_beside_the_notebook_is_not_the_students(course, hand_in):
    (course.release / "toy" / "helper.py").write_text(answer(9, "helper"))
    text = f"{answer(9, 'helper')}\n{RIGHT['double']}"
    folders = {who: hand_in(who, double=text) for who in ("ada", "bob")}
    submissions = [Submission(who, folder) for who, folder in folders.items()]
    assert compare_hand_ins(find_assignment(course, "toy"), submissions).standing_out == ()


def test_nobody_and_a_name_that_is_mistyped_are_a_sentence_each(course, monkeypatch):
    for words in ([], ["toy"], ["tyo"]):
        result = run(course, monkeypatch, *words)
        assert isinstance(result.exception, CourseError)
        assert str(result.exception).endswith(")")


def test_a_place_that_cannot_be_written_is_a_sentence(handed_in, monkeypatch):
    (handed_in.root / "file").write_text("")
    result = run(handed_in, monkeypatch, "--to", "file")
    assert isinstance(result.exception, CourseError)
    assert "cannot be written" in str(result.exception)
