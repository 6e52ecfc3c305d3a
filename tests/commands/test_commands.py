"""What a person types, and what comes back: sentences, exit codes, files."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.commands.main import main
from autograder.course import Course
from tests.grading.conftest import RIGHT

HandIn = Callable[..., Path]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command in the toy course: exit code, output, errors."""

    def run(*words: str, folder: Path = course.root) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["autograder", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_help_says_what_there_is_and_imports_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['autograder', '--help']\n"
        "from autograder.commands.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n"
        "    print([m for m in ('tensorflow', 'keras', 'numpy', 'pytest', 'nbgrader') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")
    for command in (
        "grade",
        "check",
        "prove",
        "calibrate",
        "demo",
        "collect",
        "export",
        "late",
        "release",
        "doctor",
    ):
        assert command in done.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("grade", "tyo"), "there is no such assignment; did you mean toy? (got tyo)"),
        (("check", "no.ipynb"), "there is no such notebook (got no.ipynb)"),
        (("check", "nbgrader_config.py"), "add --assignment with one of toy (got nbgrader_config.py)"),
        (("grade", "toy"), "nobody has handed in toy"),
        (("prove", "zzz"), "there is no such assignment; this course has toy (got zzz)"),
        (("calibrate", "toy"), "no check of this assignment trains"),
        (("export", "toy"), "the gradebook knows no student yet"),
        (("export", "toy", "--format", "canvas"), "give it with --sheet (got none)"),
        (("late", "tyo"), "there is no such assignment; did you mean toy? (got tyo)"),
        (("collect", "toy", "nowhere"), "the folder of hand-ins cannot be read (got nowhere"),
    ],
)
def test_a_request_that_does_not_fit_is_one_sentence_and_code_2(
    run: Run, words: tuple[str, ...], sentence: str
) -> None:
    code, out, errors = run(*words)
    assert (code, out) == (2, "")
    assert errors.startswith("autograder: ")
    assert sentence in errors
    assert errors.count("\n") == 1


def test_outside_a_course_the_folder_is_named(run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    code, _, errors = run("grade", "toy", folder=elsewhere)
    assert code == 2
    assert "go to a course folder" in errors


def test_a_student_who_handed_in_nothing_is_named(run: Run, hand_in: HandIn) -> None:
    hand_in("ada", **RIGHT)
    code, _, errors = run("grade", "toy", "--student", "zoe")
    assert code == 2
    assert "nothing of this student was handed in for toy (got zoe)" in errors
    for words in (
        ("--student", "zoe"),
        ("--student", "ada", "--student", "zoe"),
        ("--diff", "--student", "zoe"),
    ):
        code, _, errors = run("grade", *words, "--student", "zoe")
        assert code == 2
        assert errors == "autograder: nothing of this student was handed in (got zoe)\n"


def test_a_mistake_in_the_rubrics_is_told_before_anything_is_graded(
    run: Run, hand_in: HandIn, course: Course
) -> None:
    hand_in("ada", **RIGHT)
    course.rubrics.mkdir(parents=True)
    (course.rubrics / "toy.toml").write_text("x = [")
    code, _, errors = run("grade", "toy")
    assert code == 2
    assert "solutions/rubrics/toy.toml cannot be read" in errors
    assert not (course.state / "reports").exists()


@pytest.mark.parametrize(
    ("sources", "code", "points"), [(RIGHT, 0, 5), ({"double": RIGHT["double"]}, 1, 3), ({}, 1, 0)]
)
def test_check_prints_the_report_of_one_notebook(
    run: Run, hand_in: HandIn, sources: dict[str, str], code: int, points: float
) -> None:
    notebook = hand_in("ada", **sources) / "toy.ipynb"
    ended, out, _ = run("check", str(notebook), "--json")
    report = json.loads(out)
    assert (ended, report["points"], report["max_points"]) == (code, points, 5)
    assert not (notebook.parents[3] / "gradebook.db").exists()


def test_check_reads_like_a_page(run: Run, hand_in: HandIn) -> None:
    notebook = hand_in("ada", double="def double(x):\n    return x\n", triple=RIGHT["triple"]) / "toy.ipynb"
    code, out, _ = run("check", str(notebook))
    assert code == 1
    assert "toy: 3 of 5 points" in out
    assert "✓ Twice zero is zero." in out
    assert "✗ `double(x)` is twice x." in out
    assert "Hint: Add x to itself." in out


def test_a_broken_check_ends_with_code_3(run: Run, hand_in: HandIn, course: Course) -> None:
    checks = course.checks / "test_toy.py"
    checks.write_text(checks.read_text().replace("reference.triple(5)", "reference.no_such(5)"))
    notebook = hand_in("ada", **RIGHT) / "toy.ipynb"
    assert run("check", str(notebook))[0] == 3


def test_a_wrong_setting_is_named(run: Run, course: Course) -> None:
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.Autograder.isolatoin = "process"\n')
    code, _, errors = run("grade", "toy")
    assert code == 2
    assert "c.Autograder.isolatoin is no setting" in errors
