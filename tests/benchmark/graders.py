"""The graders side by side: how each gets its course and its hand-ins, and the command that grades them.

Peers are installed apart, with the libraries of this environment in the same versions; all have the same
settings for threads.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.assurance.variants import write_notebook
from autograder.course import Assignment, Course
from autograder.grading.secret import FILE
from tests.benchmark.classes import student, without_demo

SAME, SHIPPED = "same cells", "as shipped"
PEERS: Mapping[str, Sequence[str]] = {"nbgrader": ("nbgrader==0.9.6",), "otter": ("otter-grader",)}
ALIKE = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "matplotlib")
THREADS = dict.fromkeys(
    ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"
)
SECRET = bytes(range(32))
"""Hidden inputs of every course and tape of a benchmark are drawn with it: all rounds make the same calls."""
STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.ExecutePreprocessor.timeout = 600
"""


@dataclass(frozen=True)
class Lot:
    """What is graded: hand-ins of one assignment, the cells to be run, the peers' tests.

    ``numbers`` of the students; none for those from 0 on.
    """

    assignment: Assignment
    notebooks: Sequence[NotebookNode]
    cells: str
    tests: Mapping[str, str]
    numbers: Sequence[int] = ()

    def students(self) -> list[str]:
        return [student(number) for number in self.numbers or range(len(self.notebooks))]

    def handed_in(self) -> list[NotebookNode]:
        copies = [nbformat.from_dict(json.loads(json.dumps(notebook))) for notebook in self.notebooks]
        return [without_demo(notebook) for notebook in copies] if self.cells == SAME else copies


def environment(commands: Path, home: Path) -> dict[str, str]:
    """The surroundings of every grader's command, whose own programs lie in ``commands``."""
    kept = {name: os.environ[name] for name in ("TMPDIR", "LANG") if name in os.environ}
    path = os.pathsep.join([str(commands), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"])
    quiet = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return {**kept, **THREADS, **quiet, "PATH": path, "HOME": str(home)}


def install(name: str, folder: Path) -> Path:
    """The environment of a peer, made where there is none yet; the folder of its commands."""
    place = folder / name
    done = place / "installed"
    if not done.is_file():
        print(f"installing {name} in {place}", flush=True)
        venv.create(place, with_pip=True, clear=True)
        pip = [str(place / "bin" / "pip"), "install", "--quiet"]
        subprocess.run([*pip, *PEERS[name], *_alike(), "ipykernel"], check=True)
        listed = subprocess.run([place / "bin/pip", "freeze"], capture_output=True, text=True, check=True)
        done.write_text(listed.stdout, encoding="utf-8")
    return place / "bin"


def peer_versions(folder: Path) -> dict[str, str]:
    """By package, the version of each peer that is installed."""
    found = {}
    for name, (package, *_) in PEERS.items():
        listed = folder / name / "installed"
        wanted = package.partition("=")[0]
        for line in listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else ():
            if line.partition("==")[0] == wanted:
                found[wanted] = line.partition("==")[2]
    return found


def _alike() -> list[str]:
    """The libraries that students' code uses, pinned to the versions here."""
    found = []
    for name in ALIKE:
        try:
            found.append(f"{name}=={importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def lay_kit(course: Course, lots: Sequence[Lot], place: Path) -> None:
    """A copy of this course with these hand-ins and an empty gradebook."""
    shutil.copy(course.root / "nbgrader_config.py", place)
    shutil.copytree(course.checks, place / course.settings.checks)
    shutil.copytree(course.solutions, place / course.settings.solutions)
    secret = place / course.settings.state / FILE
    secret.parent.mkdir()
    secret.write_text(SECRET.hex() + "\n", encoding="ascii")
    for lot in lots:
        shutil.copytree(lot.assignment.release, place / "release" / lot.assignment.name)
        _lay_hand_ins(lot, place)


def kit_command(names: Sequence[str], jobs: int) -> list[str]:
    return [str(Path(sys.executable).parent / "autograder"), "grade", *names, "--jobs", str(jobs)]


def lay_stock(lot: Lot, place: Path, commands: Path) -> None:
    """A course for nbgrader alone, hidden tests between its marks, registered by its own command."""
    (place / "nbgrader_config.py").write_text(STOCK_CONFIG, encoding="utf-8")
    name = lot.assignment.name
    source = place / "source" / name
    shutil.copytree(lot.assignment.release, source)
    notebook = nbformat.read(lot.assignment.notebook, as_version=4)
    if lot.cells == SAME:
        without_demo(notebook)
    for cell in notebook.cells:
        exercise = _checked(cell)
        if exercise:
            visible = "" if lot.cells == SAME else f"{cell.source}\n"
            hidden = f"{lot.tests[exercise]}\nhidden(globals())\n"
            cell.source = f"{visible}### BEGIN HIDDEN TESTS\n{hidden}### END HIDDEN TESTS"
    nbformat.write(notebook, source / f"{name}.ipynb")
    command = [str(commands / "nbgrader"), "generate_assignment", name]
    subprocess.run(command, cwd=place, env=environment(commands, place), check=True, capture_output=True)
    _lay_hand_ins(lot, place)


def stock_command(commands: Path, name: str) -> list[str]:
    return [str(commands / "nbgrader"), "autograde", name]


def lay_otter(lot: Lot, place: Path) -> None:
    """The zip file that ``otter run`` grades with: one test function per exercise."""
    with zipfile.ZipFile(place / "autograder.zip", "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"show_hidden": True}))
        for exercise, text in lot.tests.items():
            points = lot.assignment.points[exercise]
            head = "from otter.test_files import test_case\n\nOK_FORMAT = False\n"
            head += f"name = {exercise!r}\npoints = {points}\n\n"
            case = f"\n\n@test_case(points={points}, hidden=True)\ndef test_hidden(env):\n    hidden(env)\n"
            archive.writestr(f"tests/{exercise}.py", head + text + case)
    _lay_hand_ins(lot, place)


def otter_command(commands: Path, name: str, students: Sequence[str]) -> list[str]:
    """One ``otter run`` after the other: without its containers Otter grades one notebook per command."""
    lines = ["set -e"]
    for student_id in students:
        notebook = f"submitted/{student_id}/{name}/{name}.ipynb"
        out = f"results/{student_id}"
        options = f"-a autograder.zip -o {out} --no-logo"
        lines.append(f"mkdir -p {out}; {commands / 'otter'} run {options} {notebook}")
    return ["/bin/sh", "-c", "\n".join(lines)]


def _lay_hand_ins(lot: Lot, place: Path) -> None:
    """Each student's folder: what was released, with their notebook."""
    name = lot.assignment.name
    for student_id, notebook in zip(lot.students(), lot.handed_in(), strict=True):
        folder = place / "submitted" / student_id / name
        shutil.copytree(lot.assignment.release, folder)
        write_notebook(notebook, folder / f"{name}.ipynb")


def _checked(cell: NotebookNode) -> str:
    """The exercise whose grade cell this is; "" for any other cell."""
    mark = cell.metadata.get("nbgrader", {})
    name = str(mark.get("grade_id", ""))
    is_checks = mark.get("grade") and not mark.get("solution") and cell.cell_type == "code"
    return name.removesuffix("_checks") if is_checks else ""
