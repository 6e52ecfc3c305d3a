"""The toy course on disk, for this kit: released notebook, hidden checks, solutions, settings, gradebook.

Everything in it that a student must not know holds a canary: a text found nowhere else.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import dataclass, fields
from pathlib import Path

from autograder.course import Course, find_course
from tests.attacks.cases.case import ASSIGNMENT, RIGHT_ONE_HOT, RIGHT_SPLIT, Case
from tests.attacks.course.notebooks import KIT_TESTS, notebook, sources_of

CHECKS = Path(__file__).parent / "hidden_checks.txt"
CONFIG = """\
c = get_config()
c.Autograder.isolation = "{level}"
c.Autograder.call_seconds = 1.0
c.Autograder.cell_seconds = 2.0
c.Autograder.memory_bytes = 300 * 2**20
"""


def _canary() -> str:
    return f"CANARY{secrets.token_hex(8)}"


@dataclass(frozen=True)
class Canaries:
    """What must not be seen: in the checks' code, as a hidden argument, in the secret, in the gradebook, in
    the environment of the grader.
    """

    code: str
    argument: str
    secret: str
    gradebook: str
    environment: str

    def all(self) -> list[str]:
        return [getattr(self, field.name) for field in fields(self)]


def make_canaries() -> Canaries:
    return Canaries(_canary(), _canary(), secrets.token_hex(32), _canary(), _canary())


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_course(root: Path, level: str, canaries: Canaries) -> Course:
    """The course in ``root``, graded at no level below ``level``."""
    checks = CHECKS.read_text(encoding="utf-8")
    write(root / "nbgrader_config.py", CONFIG.format(level=level))
    write(
        root / "tests/hidden/test_toy.py",
        checks.replace("@CODE@", canaries.code).replace("@ARGUMENT@", canaries.argument),
    )
    write(root / "solutions/toy.py", f"import numpy as np\n\n\n{RIGHT_ONE_HOT}\n\n{RIGHT_SPLIT}")
    released = notebook({}, tests=KIT_TESTS)
    write(root / f"release/{ASSIGNMENT}/{ASSIGNMENT}.ipynb", json.dumps(released))
    write(root / f"release/{ASSIGNMENT}/numbers.txt", "1 2 3\n")
    write(root / ".autograder/course_secret", canaries.secret + "\n")
    base = sqlite3.connect(root / "gradebook.db")
    base.execute("create table grade (id text, student_id text, auto_score real, manual_score real)")
    base.execute("insert into grade values (?, 'alice', 10, null)", [canaries.gradebook])
    base.commit()
    base.close()
    return find_course(root)


def hand_in(course: Course, student: str, sources: dict[str, str], case: Case | None = None) -> Path:
    """A student's folder with their notebook, or with what ``case`` makes of it."""
    folder = course.submitted / student / ASSIGNMENT
    folder.mkdir(parents=True)
    made = notebook(sources, tests=KIT_TESTS)
    (case or Case("", "", "", 0)).hand_in(folder, made)
    return folder


def hand_in_case(course: Course, student: str, case: Case) -> Path:
    folder = course.submitted / student / ASSIGNMENT
    sources = {slot: text for slot, text in sources_of(case, str(course.root), str(folder)).items() if text}
    return hand_in(course, student, sources, case)
