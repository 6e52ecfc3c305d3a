"""The toy course as stock nbgrader and as Otter have it, and how each of them grades a class of three."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.attacks.cases.case import ASSIGNMENT, RIGHT_ONE_HOT, RIGHT_SPLIT, Case
from tests.attacks.course.notebooks import ALICE, EXAMPLES, ZOE, notebook, sources_of
from tests.attacks.peers import cage

ATTACKER = "mallory"
STUDENTS = ("alice", ATTACKER, "zoe")
COURSE = f"{cage.INSIDE}/course"
SECONDS_OF_A_CELL = 10
PATIENCE = 100.0
HIDDEN = {
    "one_hot": """\
rng = np.random.default_rng(7)
ids = rng.integers(0, 5, size=(2, 3))
got = one_hot(ids, 5)
want = np.eye(5, dtype="float32")[ids]
np.testing.assert_array_equal(got, want)
""",
    "split": """\
rows = [f"row {n}" for n in range(6)]
for at in (1, 4):
    want = (rows[:at], rows[at:])
    first, rest = split(list(rows), at)
    assert list(first) == want[0] and list(rest) == want[1]
""",
}
PEER_TESTS: Mapping[str, Mapping[str, tuple[str, float]]] = {
    name: {f"{name}_example": (EXAMPLES[name], 2.0), f"{name}_hidden": ("", 3.0)} for name in EXAMPLES
}
_CONFIG = f"""\
c = get_config()
c.ExecutePreprocessor.timeout = {SECONDS_OF_A_CELL}
c.CourseDirectory.course_id = "toy"
"""
_SCORES = """
select submitted_assignment.student_id, sum(coalesce(grade.manual_score, grade.auto_score, 0))
from grade join submitted_notebook on grade.notebook_id = submitted_notebook.id
join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
group by submitted_assignment.student_id
"""


def hidden(name: str, canary: str) -> str:
    """A hidden test; the canary stands far enough from what may fail not to be in its traceback."""
    return f"# {canary}\n" + "# ...\n" * 12 + HIDDEN[name]


def write_nbgrader_course(root: Path, environment: Path, canary: str) -> None:
    """Source, release and gradebook of stock nbgrader, made by its own command."""
    tests = {
        name: {
            f"{name}_example": (EXAMPLES[name], 2.0),
            f"{name}_hidden": (f"### BEGIN HIDDEN TESTS\n{hidden(name, canary)}### END HIDDEN TESTS\n", 3.0),
        }
        for name in EXAMPLES
    }
    sources = {
        "one_hot": _solution(RIGHT_ONE_HOT),
        "split": _solution(RIGHT_SPLIT),
    }
    folder = root / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook(sources, tests=tests)))
    (root / "nbgrader_config.py").write_text(_CONFIG)
    subprocess.run(
        [environment / "bin/nbgrader", "generate_assignment", ASSIGNMENT],
        cwd=root,
        check=True,
        capture_output=True,
        env={"PATH": f"{environment / 'bin'}:/usr/bin:/bin", "HOME": str(root), "LANG": "C.UTF-8"},
    )


def write_otter_course(root: Path, canary: str) -> None:
    """The zip file that Otter grades with: a test file per function, the second case of each hidden."""
    root.mkdir(parents=True)
    config = {"show_stdout": True, "show_hidden": False, "points_possible": 10}
    with zipfile.ZipFile(root / "autograder.zip", "w") as archive:
        archive.writestr("otter_config.json", json.dumps(config))
        for name, example in EXAMPLES.items():
            cases = [
                {"code": _doctest(example), "hidden": False, "locked": False, "points": 2},
                {"code": _doctest(hidden(name, canary)), "hidden": True, "locked": False, "points": 3},
            ]
            suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
            test = {"name": name, "points": None, "suites": [suite]}
            archive.writestr(f"tests/{name}.py", f"OK_FORMAT = True\n\ntest = {test!r}\n")


def hand_in(root: Path, case: Case) -> None:
    """The three students' folders; the case's own files are written by the case."""
    texts = {"alice": dict(ALICE), "zoe": dict(ZOE), ATTACKER: {}}
    texts[ATTACKER] = {
        slot: text
        for slot, text in sources_of(case, COURSE, f"{COURSE}/submitted/{ATTACKER}/{ASSIGNMENT}").items()
        if text
    }
    for student in STUDENTS:
        folder = root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        made = notebook(texts[student], tests=PEER_TESTS)
        (case if student == ATTACKER else Case("", "", "", 0)).hand_in(folder, made)


def nbgrader_scores(root: Path) -> dict[str, float]:
    """By student what the gradebook says; nobody where it cannot be read."""
    try:
        base = sqlite3.connect(f"file:{root / 'gradebook.db'}?mode=ro", uri=True)
        try:
            return {student: float(score) for student, score in base.execute(_SCORES)}
        finally:
            base.close()
    except sqlite3.Error:
        return {}


def nbgrader_texts(root: Path) -> str:
    """All outputs that nbgrader kept of the attacker's notebook, and what it wrote beside it."""
    texts = []
    for path in (root / "autograded" / ATTACKER).glob("*/*.ipynb"):
        if path.is_file() and path.stat().st_size < 2**28:
            cells = json.loads(path.read_text(encoding="utf-8", errors="replace")).get("cells", [])
            texts += [json.dumps(cell.get("outputs", [])) for cell in cells]
    return "\n".join(texts)


def otter_scores(root: Path) -> dict[str, float]:
    found = {}
    for student in STUDENTS:
        results = _results(root, student)
        if results is not None:
            found[student] = sum(float(test.get("score") or 0) for test in results.get("tests", []))
    return found


def otter_texts(root: Path) -> str:
    """What a student is shown: the tests that are visible to them, and the printed output."""
    results = _results(root, ATTACKER) or {}
    shown = [test for test in results.get("tests", []) if test.get("visibility") != "hidden"]
    return json.dumps([shown, results.get("output", "")])


def nbgrader_command() -> list[str]:
    return ["/bin/sh", "-c", f"cd {COURSE} && exec nbgrader autograde {ASSIGNMENT}"]


def otter_command(*students: str) -> list[str]:
    lines = [
        f"mkdir -p {COURSE}/results/{student}; "
        f"otter run -a {COURSE}/autograder.zip -o {COURSE}/results/{student} --no-logo "
        f"{COURSE}/submitted/{student}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
        for student in students
    ]
    return ["/bin/sh", "-c", "; ".join(lines)]


def fresh_work(template: Path, work: Path) -> Path:
    """A copy of the template course in ``work``; its course folder."""
    work.mkdir(parents=True)
    shutil.copytree(template, work / "course")
    return work / "course"


def _results(root: Path, student: str) -> dict[str, Any] | None:
    path = root / "results" / student / "results.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _solution(text: str) -> str:
    head, *body = text.splitlines()
    return "\n".join([head, "    ### BEGIN SOLUTION", *body, "    ### END SOLUTION"])


def _doctest(text: str) -> str:
    lines, inside = [], False
    for line in text.splitlines():
        inside = inside and line.startswith((" ", "\t"))
        lines.append(("... " if inside else ">>> ") + line)
        inside = inside or line.rstrip().endswith(":")
    return "\n".join(lines) + "\n"
