"""A course whose tests sit in its notebooks: nbgrader's example course, by nbgrader alone and by us."""

from __future__ import annotations

import copy
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.apps import GenerateAssignmentApp
from nbgrader.apps.quickstartapp import __file__ as QUICKSTART
from nbgrader.utils import determine_grade

from autograder.checking.verdicts import LimitMet, Outcome
from autograder.commands.differing import show_differences
from autograder.commands.grading import grade_assignments
from autograder.course import find_assignment, find_course, limits_of
from autograder.errors import CourseError
from autograder.grading.in_notebook import scored
from autograder.grading.nbgrader_plugin.gradebook import put_environment_on_path
from autograder.grading.nbgrader_plugin.recording import record
from autograder.grading.report import CellRun

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

EXAMPLE = Path(QUICKSTART).parents[1] / "docs/source/user_guide/source"
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "course101"
c.IncludeHeaderFooter.header = "source/header.ipynb"
"""
LINES = """
c.Autograder.in_notebook = True
c.Autograder.isolation = "process"
c.Autograder.libraries = ["numpy"]
c.Autograde.exporter_class = "autograder.grading.nbgrader_plugin.submissions.CleanSubmissions"
"""
EXTRA = {
    "hidden": (
        "assert squares(1)\n### BEGIN HIDDEN TESTS\nassert squares(3) == [1, 4, 9]\n### END HIDDEN TESTS",
        2,
    ),
    "partial": ("sum(squares(n)[-1] == n * n for n in (1, 2, 3)) / 2", 2),
    "says_nan": ("float('nan')", 1),
    "words": ("'all good'", 1),
    "prints": ("print(0.0)", 1),
    "warns": ("import warnings\nif squares(2) != [1, 4]:\n    warnings.warn('not the squares')", 1),
    "place": ("import os\nassert os.environ['NBGRADER_EXECUTION'] and os.path.exists('jupyter.png')", 1),
}
SQUARES = (
    "def squares(n):\n    if n < 1:\n        raise ValueError\n    return [i ** 2 for i in range(1, n + 1)]"
)
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"
SUBMISSIONS = {
    "right": {"squares": SQUARES, "sum_of_squares": SUM, "sum_of_squares_equation": "An answer."},
    "half": {"squares": SQUARES.replace("raise ValueError", "return []"), "sum_of_squares": "1 +"},
    "wrong": {"squares": "def squares(n):\n    return list(range(n))", "correct_squares": "1.0"},
}


def nbgrader_alone(course: Path) -> None:
    """Stock ``nbgrader autograde``, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "ps1"],
        cwd=course,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def generate(course: Path) -> None:
    path = list(sys.path)
    app = GenerateAssignmentApp()
    app.load_cwd_config = False
    app.initialize(["ps1"], root=str(course))
    app.start()
    app.deinit_logging()
    sys.path[:] = path


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(graded by us, graded by stock nbgrader): the example course, some cells added, the same hand-ins."""
    folder = tmp_path_factory.mktemp("quickstart")
    course = folder / "course101"
    put_environment_on_path()
    # the files of `nbgrader quickstart course101`, which itself starts six processes
    shutil.copytree(EXAMPLE, course / "source", ignore=shutil.ignore_patterns("*.html", "ps1_autotest"))
    (course / "nbgrader_config.py").write_text(CONFIG)
    (course / "source/ps1/problem2.ipynb").unlink()  # it has no code
    source = course / "source/ps1/problem1.ipynb"
    notebook = nbformat.read(source, as_version=4)
    mark = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
    for name, (text, points) in EXTRA.items():
        cell = new_code_cell(text, metadata={"nbgrader": {**mark, "grade_id": name, "points": points}})
        del cell["id"]
        notebook.cells.append(cell)
    nbformat.write(notebook, source)
    generate(course)
    for student, cells in SUBMISSIONS.items():
        hand_in(course, student, cells)
    stock = folder / "stock"
    shutil.copytree(course, stock)
    nbgrader_alone(stock)
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + LINES)
    # not for nbgrader alone, which such a notebook stops
    (hand_in(course, "damaged", {}) / "problem1.ipynb").write_text("{ no notebook")
    return course, stock


def hand_in(course: Path, student: str, cells: dict[str, str]) -> Path:
    folder = course / "submitted" / student / "ps1"
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(course / "release/ps1/problem1.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    nbformat.write(notebook, folder / "problem1.ipynb")
    shutil.copy(course / "release/ps1/jupyter.png", folder)
    return folder


def grades(course: Path) -> dict[tuple[str, str], tuple]:
    database = sqlite3.connect(course / "gradebook.db")
    rows = database.execute(
        """SELECT sa.student_id, bc.name, g.auto_score, g.needs_manual_grade FROM grade g
           JOIN base_cell bc ON bc.id = g.cell_id JOIN submitted_notebook sn ON sn.id = g.notebook_id
           JOIN submitted_assignment sa ON sa.id = sn.assignment_id"""
    ).fetchall()
    database.close()
    return {(student, cell): tuple(rest) for student, cell, *rest in rows}


def test_the_example_course_gets_nbgraders_points(courses, capsys):
    ours, stock = courses
    course = find_course(ours)
    assert grade_assignments(course, [], [], jobs=1, json_file=None, fresh=False) == 1  # one is unreadable
    said = capsys.readouterr()
    assert "isolation: in-notebook, " in said.out
    assert "damaged: graded zero. The file is no notebook" in said.err
    expected, given = grades(stock), grades(ours)
    assert {place: got for place, got in given.items() if place[0] != "damaged"} == expected
    assert {got for (student, _), (got, _) in given.items() if student == "damaged"} == {0.0, None}
    points = {
        student: {cell: got for (who, cell), (got, _) in expected.items() if who == student}
        for student in SUBMISSIONS
    }
    # the comparison is worth something only where these differ
    assert points["right"]["hidden"] == 2
    assert points["wrong"]["hidden"] == points["wrong"]["correct_squares"] == 0
    assert (points["half"]["partial"], points["wrong"]["partial"]) == (1.5, 0)
    assert (points["right"]["warns"], points["wrong"]["warns"]) == (1, 0)
    assert points["right"]["sum_of_squares_equation"] is None
    assert points["wrong"]["sum_of_squares_equation"] == 0
    shown = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in nbformat.read(ours / "autograded/wrong/ps1/problem1.ipynb", as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("grade_id")
    }
    assert shown["hidden"].outputs[0].data == {"text/plain": "0.0"}
    assert "AssertionError" in shown["hidden"].outputs[1].data["text/plain"]
    assert "squares(3)" in shown["hidden"].source
    # what has not changed is not run again, whichever way it is asked for
    assert record(course, "ps1").unchanged == ("damaged", "half", "right", "wrong")


def test_other_commands_say_that_its_tests_sit_in_the_notebooks(courses):
    course = find_course(courses[0])
    with pytest.raises(CourseError, match="the tests of this assignment sit in its notebooks"):
        find_assignment(course, "ps1")
    with pytest.raises(CourseError, match="sit in its notebooks"):
        show_differences(course, ["ps1"], [], jobs=1, json_file=None, fresh=False)
    with pytest.raises(CourseError, match=r"graded on this machine \(got tcp://192.0.2.1:1\)"):
        grade_assignments(
            course, ["ps1"], [], jobs=1, json_file=None, fresh=False, scheduler="tcp://192.0.2.1:1"
        )


def test_an_assignment_that_nbgrader_has_not_generated_is_one_sentence(courses):
    ours, _ = courses
    shutil.copytree(ours / "source/ps1", ours / "source/ps2", dirs_exist_ok=True)
    (ours / "submitted/right/ps2").mkdir(exist_ok=True)
    try:
        with pytest.raises(CourseError, match="run nbgrader generate_assignment ps2"):
            grade_assignments(find_course(ours), ["ps2"], [], jobs=1, json_file=None, fresh=False)
    finally:
        shutil.rmtree(ours / "source/ps2")
        shutil.rmtree(ours / "submitted/right/ps2")


def test_nbgraders_own_timeout_holds(courses, tmp_path):
    shutil.copytree(courses[0] / "source", tmp_path / "source")
    config = tmp_path / "nbgrader_config.py"
    config.write_text("c = get_config()\nc.Execute.timeout = 77\nc.Autograder.in_notebook = True\n")
    course = find_course(tmp_path)
    assert limits_of(course, "ps1").cell_seconds == 77
    assert limits_of(course, "ps1").notebook_seconds > 1000
    config.write_text(config.read_text() + "c.Autograder.cell_seconds = 5\n")
    assert limits_of(find_course(tmp_path), "ps1").cell_seconds == 5


@pytest.mark.parametrize(
    "line",
    [
        "c.Autograder.in_notebook = 1",
        'c.Autograder.libraries = "numpy"',
        "c.Autograder.libraries = ['a b']",
        "c.Execute.timeout = -1\nc.Autograder.in_notebook = True",
    ],
)
def test_a_setting_that_does_not_fit_is_named(tmp_path, line):
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{line}\n")
    with pytest.raises(CourseError, match=r"c.Autograder\.(in_notebook|libraries|cell_seconds) .*got"):
        find_course(tmp_path)


def result(text):
    return {
        "output_type": "execute_result",
        "data": {"text/plain": text},
        "metadata": {},
        "execution_count": 1,
    }


ERROR = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
STDERR = {"output_type": "stream", "name": "stderr", "text": "a warning"}
STDOUT = {"output_type": "stream", "name": "stdout", "text": "4.0"}
DISPLAY = {"output_type": "display_data", "data": {"text/plain": "1.0"}, "metadata": {}}


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        *(
            [result(text)]
            for text in (
                "2.5",
                "0",
                "5",
                "nan",
                "-1",
                "-0.0",
                "1e-3",
                "all good",
                "np.float64(2.5)",
                "[1]",
                "True",
                " 3 ",
                "1_0e-1",
            )
        ),
        [ERROR],
        [STDERR],
        [STDOUT],
        [DISPLAY],
        [STDOUT, DISPLAY, result("2.5"), ERROR],
        [STDERR, result("2.5")],
        [result("2.5"), STDERR],
        [ERROR, result("2.5")],
    ],
    ids=str,
)
def test_a_cell_has_the_points_that_nbgrader_gives(outputs):
    mark = {"grade": True, "solution": False, "locked": True, "grade_id": "f", "points": 5}
    cell = new_code_cell("", outputs=[nbformat.from_dict(copy.deepcopy(one)) for one in outputs])
    cell.metadata["nbgrader"] = mark
    assert scored("n/f", 5.0, CellRun("f", "ok"), outputs, None).points == determine_grade(cell)[0]


@pytest.mark.parametrize("text", ["5.5", "inf", ""])
def test_where_nbgrader_fails_no_grade_is_written(text):
    (verdict,) = scored("n/f", 5.0, CellRun("f", "ok"), [result(text)], None).verdicts
    assert verdict.outcome is Outcome.BROKEN


def test_a_limit_costs_the_cell_that_met_it():
    run = CellRun("f", "interrupted", "It did not finish.")
    slow = scored("n/f", 5.0, run, [result("5")], LimitMet("f", "seconds", "Too slow."))
    large = scored("n/f", 5.0, run, [], LimitMet("f", "memory", "Too large."))
    assert (slow.points, slow.verdicts[0].outcome, large.verdicts[0].outcome) == (
        0.0,
        Outcome.TIMED_OUT,
        Outcome.KILLED,
    )


def test_a_pattern_of_nbgraders_lets_stderr_pass():
    run = CellRun("f", "ok")
    assert scored("n/f", 5.0, run, [STDERR], None, "^a warn").points == 5.0
    assert scored("n/f", 5.0, run, [STDERR], None, "^another").points == 0.0


@pytest.mark.parametrize("outputs", [[7], [{}], [{"output_type": "execute_result"}], [{"output_type": []}]])
def test_outputs_that_are_none_stop_nothing(outputs):
    scored("n/f", 5.0, CellRun("f", "ok"), outputs, None)
