"""Made-up courses for the journeys: what an instructor's and a student's folder hold on the first day."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell

from autograder.commands.new import new_assignment
from autograder.commands.release import make_release
from autograder.course import find_course

KIT = Path(__file__).parents[2]
COURSE = "recurrent-networks"
SMALL = "first_steps"
QUESTION = "## 2 · In your words (1 point)\n\nWhy is every accuracy compared with that of the majority class?"

RUBRIC = """
[[why_answer]]
points = 0.5
text = "Says that `it` is right often without any learning."

[[why_answer]]
points = 0.5
text = "Concludes what a model has to be better than."

[comments]
so-what = "Say also what a model has to be better than."
"""


def exchange(folder: Path) -> Path:
    """A folder that everybody may write, as nbgrader's exchange has to be."""
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def settings(exchange_root: Path) -> str:
    return f'\nc.Exchange.root = "{exchange_root}"\n'


def staff_folder(folder: Path, exchange_root: Path) -> Path:
    """A course folder with the kit's own settings, and no assignment yet."""
    folder.mkdir(parents=True)
    config = (KIT / "nbgrader_config.py").read_text(encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(config + settings(exchange_root), encoding="utf-8")
    return folder


def student_folder(folder: Path, exchange_root: Path) -> Path:
    """Where a student works: nbgrader is told the course and the exchange, and nothing else is there."""
    folder.mkdir(parents=True)
    text = f'c = get_config()\nc.CourseDirectory.course_id = "{COURSE}"\n{settings(exchange_root)}'
    (folder / "nbgrader_config.py").write_text(text, encoding="utf-8")
    return folder


def add_small_assignment(root: Path) -> None:
    """The small exercise of ``autograder new`` with a question that a person grades; no TensorFlow in it."""
    new_assignment(find_course(root), SMALL)
    file = root / f"source/{SMALL}/{SMALL}.ipynb"
    notebook = nbformat.read(file, as_version=4)
    mark = {
        "schema_version": 3,
        "cell_type": "markdown",
        "grade_id": "why_answer",
        "grade": True,
        "solution": True,
        "locked": False,
        "task": False,
        "points": 1,
    }
    notebook.cells += [
        new_markdown_cell(QUESTION, id="why-text"),
        new_markdown_cell("YOUR ANSWER HERE", id="why_answer", metadata={"nbgrader": mark}),
    ]
    nbformat.write(notebook, file)
    make_release(root, [SMALL])


def add_rubric(root: Path) -> None:
    """What to look for in the small assignment's question, and a sentence for comments."""
    file = root / f"solutions/rubrics/{SMALL}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(RUBRIC, encoding="utf-8")


def add_assignment(root: Path, name: str) -> None:
    """One of the kit's own assignments, whole."""
    for path in (f"source/{name}", f"release/{name}"):
        shutil.copytree(KIT / path, root / path, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for path in (f"solutions/{name}.py", f"solutions/rubrics/{name}.toml", f"tests/hidden/test_{name}.py"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(KIT / path, root / path)
    for bars in (KIT / "tests/hidden/thresholds").glob(f"{name}.*json"):
        (root / "tests/hidden/thresholds").mkdir(exist_ok=True)
        shutil.copy(bars, root / "tests/hidden/thresholds")
