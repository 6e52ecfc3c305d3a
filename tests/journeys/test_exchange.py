"""nbgrader's exchange between three real Unix users: an instructor, a teaching assistant, a student.

The round trip by command, then fetch, validate and submit by the assignment list in the student's browser,
while ``autograder watch`` answers across users.
"""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Browsing
from tests.journeys.courses import COURSE, SMALL, add_small_assignment, staff_folder, student_folder
from tests.journeys.exchanging import AssignmentList
from tests.journeys.handed_in import RIGHT
from tests.journeys.lab import Lab
from tests.journeys.people import ASSISTANT, STAFF, STUDENT, TEACHER, People, hindrance, people
from tests.journeys.places import Place
from tests.journeys.serving import jupyterlabs

SHARED = "\nc.CourseDirectory.groupshared = True\n"
SENTENCE = "majority is not written yet"
STOP_SECONDS = 60

pytestmark = [
    pytest.mark.whole_journey,
    pytest.mark.skipif(bool(hindrance()), reason=hindrance()),
]


@pytest.fixture(scope="module")
def three() -> Iterator[People]:
    with people() as made:
        yield made


@pytest.fixture(scope="module")
def exchange(three: People) -> Path:
    return three.give(three.folder / "exchange", TEACHER, STAFF, 0o2777)


@pytest.fixture(scope="module")
def course(three: People, exchange: Path) -> Path:
    """The course folder as docs/exchange.md says: the staff's group may write, and nobody else may look."""
    root = staff_folder(three.folder / "course", exchange)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(SHARED)
    add_small_assignment(root)
    for path in (root, *root.rglob("*")):
        shutil.chown(path, TEACHER, STAFF)
        path.chmod(0o2770 if path.is_dir() else 0o660)
    return root


@pytest.fixture(scope="module")
def student(three: People, exchange: Path) -> Place:
    folder = student_folder(three.home(STUDENT) / "work", exchange)
    for path in (folder, *folder.iterdir()):
        shutil.chown(path, STUDENT, STUDENT)
    return three.place(STUDENT, folder)


@pytest.fixture(scope="module")
def teacher(three: People, course: Path) -> Place:
    return three.place(TEACHER, course, umask="007")


@pytest.fixture(scope="module")
def assistant(three: People, course: Path) -> Place:
    return three.place(ASSISTANT, course, umask="007")


def test_the_round_trip_by_command(teacher: Place, assistant: Place, student: Place) -> None:
    teacher.type(f"nbgrader release_assignment {SMALL}")
    assert SMALL in student.type("nbgrader list")
    student.type(f"nbgrader fetch_assignment {SMALL}")
    assert SENTENCE in student.type(f"nbgrader validate {SMALL}/{SMALL}.ipynb")
    student.type(f"nbgrader submit {SMALL}")
    assistant.type(f"nbgrader collect {SMALL}")
    assert STUDENT in assistant.type(f"autograder grade {SMALL}")
    teacher.type(f"nbgrader autograde {SMALL}")
    teacher.type(f"nbgrader generate_feedback {SMALL}")
    assistant.type(f"nbgrader release_feedback {SMALL}")
    student.type(f"nbgrader fetch_feedback {SMALL}")
    (page,) = (student.root / SMALL / "feedback").glob("*/*.html")
    assert "You have not written this function yet." in page.read_text(encoding="utf-8")


def test_a_student_sees_nothing_of_the_course_nor_of_others(
    student: Place, course: Path, exchange: Path
) -> None:
    for place in (course, course / "gradebook.db", course / ".autograder/course_secret"):
        assert student.run(f"cat '{place}' || ls '{place}'").returncode != 0
    handed_in = exchange / COURSE / "inbound"
    assert student.run(f"ls '{handed_in}'").returncode != 0
    assert student.run(f"ls '{exchange / COURSE / 'feedback'}'").returncode != 0
    assert stat.S_IMODE((course / ".autograder/course_secret").stat().st_mode) == 0o660


def test_fetch_validate_and_submit_in_the_browser(browser: Browsing, teacher: Place, student: Place) -> None:
    shutil.rmtree(student.root / SMALL, ignore_errors=True)
    with jupyterlabs(student) as (server,):
        lab = Lab(browser.window(), server).enter()
        exercises = AssignmentList(lab).show()
        exercises.fetch(SMALL)
        assert SENTENCE in exercises.validate(SMALL)
        notebook = exercises.open(SMALL)
        notebook.write_over("majority", RIGHT)
        notebook.write_over("why_answer", "It is what learning nothing gives.")
        notebook.save()
        assert "Success" in AssignmentList(lab).show().validate(SMALL)
        exercises.submit(SMALL)
        with watching(teacher):
            exercises.wait_for_feedback(SMALL)
        exercises.fetch_feedback(SMALL)
        expect(exercises.open_feedback(SMALL)).to_contain_text("4 of 4")


@contextmanager
def watching(teacher: Place) -> Iterator[None]:
    """``autograder watch --exchange`` collects, grades and releases what the student has handed in."""
    process = subprocess.Popen(
        [*teacher.run_as, "autograder", "watch", SMALL, "--exchange", "--every", "1"],
        cwd=teacher.root,
        env=teacher.environment,
        stdin=subprocess.DEVNULL,
    )
    try:
        yield
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
