"""A toy course in a temporary folder: a released notebook, two functions, a question, prepared Reports."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.apps import GenerateAssignmentApp, NbGrader

from autograder.checking.verdicts import Outcome, Verdict, result
from autograder.course import Assignment, Course, find_assignment, find_course
from autograder.grading import store
from autograder.grading.content import at_level, content_hashes, intake_hash, report_key
from autograder.grading.intake import read_submission
from autograder.grading.isolation import isolation_of
from autograder.grading.nbgrader_plugin.gradebook import put_environment_on_path
from autograder.grading.nbgrader_plugin.recording import record
from autograder.grading.report import Report
from autograder.grading.secret import course_secret

KIT = Path(__file__).parents[2]
DOUBLE = "def double(x):\n    return 2 * x"
HALVE = "def halve(x):\n    return x / 2"


def cell(kind: str, name: str, source: str, points: float | None = None, *, solution: bool = False) -> dict:
    mark = {
        "schema_version": 3,
        "grade_id": name,
        "grade": points is not None,
        "solution": solution,
        "locked": not solution,
        "task": False,
    }
    if points is not None:
        mark["points"] = points
    new = new_code_cell if kind == "code" else new_markdown_cell
    return new(source, id=name, metadata={"nbgrader": mark})


def source_notebook() -> nbformat.NotebookNode:
    def solved(text: str) -> str:
        head, _, body = text.partition("\n")
        return f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"

    return new_notebook(
        cells=[
            new_markdown_cell("# Toy\n\nA <span>released</span> text.", id="intro"),
            new_markdown_cell("## 1 · Twice: `double` (3 points)", id="double-text"),
            cell("code", "double", solved(DOUBLE), solution=True),
            cell("code", "double_checks", "print('visible checks')", 3.0),
            new_markdown_cell("## 2 · Half: `halve` (2 points)", id="halve-text"),
            cell("code", "halve", solved(HALVE), solution=True),
            cell("code", "halve_checks", "print('visible checks')", 2.0),
            cell("markdown", "why_answer", "Your answer here.", 1.0, solution=True),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with a release made by nbgrader, as in a fresh clone: no gradebook."""
    root = tmp_path_factory.mktemp("template") / "course (1)"
    (root / "source/toy").mkdir(parents=True)
    (root / "tests/hidden").mkdir(parents=True)
    (root / "solutions").mkdir()
    (root / "tests/hidden/test_toy.py").write_text('"""The hidden checks."""\n')
    (root / "solutions/toy.py").write_text(f"{DOUBLE}\n\n\n{HALVE}\n")
    shutil.copy(KIT / "nbgrader_config.py", root)
    nbformat.write(source_notebook(), root / "source/toy/toy.ipynb")
    put_environment_on_path()
    path = list(sys.path)
    app = GenerateAssignmentApp()
    app.load_cwd_config = False
    app.initialize(["toy"], root=str(root))
    app.start()
    app.deinit_logging()
    sys.path[:] = path
    (root / "gradebook.db").rename(root.parent / "generated.db")
    return root


@dataclass(frozen=True)
class Toy:
    """The toy course, and what tests do with it."""

    root: Path
    generated: Path

    @property
    def course(self) -> Course:
        return find_course(self.root)

    @property
    def assignment(self) -> Assignment:
        return find_assignment(self.course, "toy")

    def start_again(self) -> None:
        """The course as it was at first, its store of Reports and its gradebook included."""
        for folder in ("submitted", "autograded", ".autograder"):
            shutil.rmtree(self.root / folder, ignore_errors=True)
        shutil.copy(self.generated, self.root / "gradebook.db")
        (self.root / "tests/hidden/test_toy.py").write_text("# a check\n")

    def hand_in(
        self,
        student: str,
        cells: Mapping[str, str] | None = None,
        *,
        timestamp: str = "",
        content: str = "",
        name: str = "toy.ipynb",
    ) -> Path:
        """Put a notebook with these cells (by grade_id) into submitted/; ``content`` instead is raw text."""
        folder = self.root / "submitted" / student / "toy"
        folder.mkdir(parents=True, exist_ok=True)
        notebook = nbformat.read(self.root / "release/toy/toy.ipynb", as_version=4)
        for item in notebook.cells:
            item.source = (cells or {}).get(item.id, item.source)
        (folder / name).write_text(content or nbformat.writes(notebook))
        if timestamp:
            (folder / "timestamp.txt").write_text(timestamp)
        return folder

    def prepare(self, student: str, *outcomes: Outcome) -> Report:
        """Store the Report that will be found for this submission: double is checked twice, halve once."""
        report = self.report(student, *outcomes)
        store.put(self.course.state, report_key(report.content), report)
        return report

    def report(self, student: str, *outcomes: Outcome) -> Report:
        first, second, third = outcomes or (Outcome.PASSED,) * 3
        intake = read_submission(self.root / "submitted" / student / "toy", self.assignment)
        double = [
            Verdict("doubles", "`double(3)` is 6.", first, "`double(3)` returned 5.", "Twice what?"),
            Verdict("keeps_zero", "`double(0)` is 0.", second, "`double(0)` returned 1.", seed=4711),
        ]
        halve = [Verdict("halves", "`halve(6)` is 3.", third, "`halve(6)` returned 2.")]
        exercises = {"double": result(double, 3.0), "halve": result(halve, 2.0)}
        return Report(
            assignment="toy",
            student=student,
            points=sum(item.points for item in exercises.values()),
            max_points=5.0,
            exercises=exercises,
            manual={"why_answer": 1.0},
            unreadable=intake.unreadable,
            repairs=intake.repairs,
            isolation=isolation_of(self.course).level,
            content=at_level(
                content_hashes(
                    self.course, self.assignment, course_secret(self.course.state), intake_hash(intake)
                ),
                isolation_of(self.course).level,
            ),
        )

    def rows(self, query: str) -> list[tuple]:
        database = sqlite3.connect(self.root / "gradebook.db")
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def grades(self) -> list[tuple]:
        """(student, cell, automatic, manual, extra, needs a person, automatic comment, comment) of all."""
        return self.rows(
            """
            SELECT sa.student_id, bc.name, g.auto_score, g.manual_score, g.extra_credit,
                   g.needs_manual_grade, NULL, NULL
            FROM grade g JOIN base_cell bc ON bc.id = g.cell_id
            JOIN submitted_notebook sn ON sn.id = g.notebook_id
            JOIN submitted_assignment sa ON sa.id = sn.assignment_id
            UNION ALL
            SELECT sa.student_id, bc.name, NULL, NULL, NULL, NULL, c.auto_comment, c.manual_comment
            FROM comment c JOIN base_cell bc ON bc.id = c.cell_id
            JOIN submitted_notebook sn ON sn.id = c.notebook_id
            JOIN submitted_assignment sa ON sa.id = sn.assignment_id
            UNION ALL
            SELECT sa.student_id, 'penalty', sn.late_submission_penalty, NULL, NULL, NULL, sa.timestamp, NULL
            FROM submitted_notebook sn JOIN submitted_assignment sa ON sa.id = sn.assignment_id
            ORDER BY 1, 2, 6, 7
            """
        )

    def automatic(self, student: str) -> dict[str, float | None]:
        return {
            name: auto
            for who, name, auto, _, _, flag, *_ in self.grades()
            if who == student and flag is not None
        }

    def flags(self, student: str) -> dict[str, bool]:
        return {
            name: bool(flag)
            for who, name, _, _, _, flag, *_ in self.grades()
            if who == student and flag is not None
        }

    def give(self, student: str, cell: str, **columns: object) -> None:
        """What a TA enters in the formgrader: ``manual_score``, ``extra_credit`` or ``manual_comment``.

        The formgrader takes the flag of whatever is given points.
        """
        table = "comment" if "manual_comment" in columns else "grade"
        if "manual_score" in columns:
            columns = {"needs_manual_grade": 0, **columns}
        assigned = ", ".join(f"{name} = ?" for name in columns)
        where = """cell_id IN (SELECT id FROM base_cell WHERE name = ?) AND notebook_id IN
            (SELECT sn.id FROM submitted_notebook sn JOIN submitted_assignment sa ON sa.id = sn.assignment_id
             WHERE sa.student_id = ?)"""
        database = sqlite3.connect(self.root / "gradebook.db")
        with database:
            done = database.execute(
                f"UPDATE {table} SET {assigned} WHERE {where}", (*columns.values(), cell, student)
            )
        database.close()
        assert done.rowcount == 1

    def change(self, statement: str) -> None:
        database = sqlite3.connect(self.root / "gradebook.db")
        with database:
            database.execute(statement)
        database.close()

    def autograded(self, student: str) -> nbformat.NotebookNode:
        return nbformat.read(self.root / "autograded" / student / "toy/toy.ipynb", as_version=4)


@pytest.fixture
def clone(template: Path, tmp_path: Path) -> Toy:
    """The course as in a fresh clone: no gradebook yet."""
    root = tmp_path / template.name
    shutil.copytree(template, root)
    return Toy(root, template.parent / "generated.db")


@pytest.fixture
def toy(clone: Toy) -> Toy:
    """The course with a gradebook, in which nbgrader registered the assignment."""
    shutil.copy(clone.generated, clone.root / "gradebook.db")
    return clone


@pytest.fixture(scope="session")
def graded_once(template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(folder of a course whose class is graded, copy of it): grading costs a second, copying nothing."""
    root = tmp_path_factory.mktemp("graded") / "course (1)"
    shutil.copytree(template, root)
    toy = Toy(root, template.parent / "generated.db")
    shutil.copy(toy.generated, root / "gradebook.db")
    for student, first in (("ada", Outcome.FAILED), ("bob", Outcome.PASSED), ("cleo", Outcome.FAILED)):
        toy.hand_in(student, {"why_answer": f"{student} thinks so."})
        toy.prepare(student, first, Outcome.PASSED, Outcome.PASSED)
    record(toy.course, "toy")
    copy = root.parent / "copy"
    shutil.copytree(root, copy)
    return root, copy


@pytest.fixture
def class_of_three(graded_once: tuple[Path, Path], template: Path) -> Toy:
    """A graded class: ada and cleo have 3.5 of 5 points by the checks, bob has 5; an answer of each waits."""
    root, copy = graded_once
    shutil.rmtree(root)
    shutil.copytree(copy, root)
    return Toy(root, template.parent / "generated.db")


@pytest.fixture(scope="module")
def shared(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """The course with a gradebook, for tests of one file that only look at it."""
    root = tmp_path_factory.mktemp("shared") / template.name
    shutil.copytree(template, root)
    shutil.copy(template.parent / "generated.db", root / "gradebook.db")
    return Toy(root, template.parent / "generated.db")


@pytest.fixture
def terminal(clone: Toy, monkeypatch: pytest.MonkeyPatch) -> Callable[[type[NbGrader], str], int]:
    """What ``nbgrader <command> …`` does in a terminal, in this process; gives its exit code."""

    def start(command: type[NbGrader], words: str) -> int:
        monkeypatch.chdir(clone.root)
        monkeypatch.setattr(sys, "path", list(sys.path))
        app = command()
        app.initialize(words.split())
        try:
            app.start()
        except SystemExit as stop:
            return int(stop.code or 0)
        finally:
            app.deinit_logging()
        return 0

    return start
