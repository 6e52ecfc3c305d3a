"""The zip for Gradescope: what is in it, and what is not."""

from __future__ import annotations

import io
import subprocess
import zipfile

import pytest
from typer.testing import CliRunner

from autograder.commands.gradescope.archive import Setup, gradescope_zip
from autograder.commands.main import app
from autograder.course import CONFIG, find_assignment, find_course, limits_of
from autograder.errors import CourseError
from autograder.grading.secret import course_secret, gradescope_secret


def packed(course, **more) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(gradescope_zip(course, find_assignment(course, "toy"), Setup(**more))))


@pytest.fixture
def full(course, hand_in):
    """A course with everything beside the assignment that must stay at home."""
    hand_in("ada")
    for name in (
        "gradebook.db",
        "feedback/ada/toy/toy.html",
        "source/toy/toy.ipynb",
        "tests/hidden/test_other.py",
        "tests/golden/toy/double.txt",
        "solutions/other.py",
        "private/notes.txt",
        "release/other/other.ipynb",
        ".autograder/reports/ab/ab.json",
        "release/toy/__pycache__/x.pyc",
    ):
        file = course.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    for name in (
        "private/tests/hidden/test_toy.py",
        "private/solutions/toy.py",
        "tests/hidden/thresholds/toy.json",
    ):
        file = course.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    return course


def test_it_holds_one_assignment_and_nothing_else_of_the_course(full):
    names = {name for name in packed(full).namelist() if not name.startswith(("kit/", "requirements/"))}
    assert names == {
        "setup.sh",
        "run_autograder",
        "course/nbgrader_config.py",
        "course/.autograder/course_secret",
        "course/release/toy/toy.ipynb",
        "course/release/toy/numbers.txt",
        "course/tests/hidden/test_toy.py",
        "course/tests/hidden/thresholds/toy.json",
        "course/solutions/toy.py",
        "course/private/tests/hidden/test_toy.py",
        "course/private/solutions/toy.py",
    }


def test_it_holds_the_kit_and_its_locks(course):
    names = packed(course).namelist()
    assert {"kit/autograder/grading/engine.py", "kit/autograder/worker/server.py"} <= set(names)
    assert [name for name in names if name.startswith("requirements/")] == [
        f"requirements/lock-py{version}.txt" for version in ("311", "312", "313")
    ]
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_both_scripts_can_be_run_and_are_shell(course, tmp_path):
    archive = packed(course)
    for name in ("setup.sh", "run_autograder"):
        assert archive.getinfo(name).external_attr >> 16 & 0o777 == 0o755
        script = tmp_path / name
        script.write_bytes(archive.read(name))
        assert script.read_text().startswith("#!/usr/bin/env bash\n")
        assert "@" not in script.read_text().replace('"$@"', "").replace("${BASH_SOURCE[@]}", "")
        subprocess.run(["bash", "-n", script], check=True)


def test_the_secret_is_not_the_course_s_own_and_the_same_each_time(course):
    own = course_secret(course.state)
    archive = packed(course)
    there = bytes.fromhex(archive.read("course/.autograder/course_secret").decode())
    assert there == gradescope_secret(own, "toy")
    assert there != own
    assert gradescope_secret(own, "other") != there
    assert own.hex().encode() not in b"".join(archive.read(name) for name in archive.namelist())


def test_the_same_course_gives_the_same_bytes(course):
    setup = Setup("sandbox", "visible", minutes=40, gigabytes=6.0)
    first = gradescope_zip(course, find_assignment(course, "toy"), setup)
    assert gradescope_zip(course, find_assignment(course, "toy"), setup) == first


def test_its_course_folder_has_the_settings_that_bear_on_the_assignment(course, tmp_path):
    config = course.root / CONFIG
    config.write_text(
        config.read_text()
        + 'c.Autograder.limits = {"toy": {"processes": 5}}\nc.Autograder.messages = "elsewhere"\n'
    )
    packed(find_course(course.root), isolation="process").extractall(tmp_path / "source")
    there = find_course(tmp_path / "source" / "course")
    assert there.settings.isolation == "process"
    assert there.settings.limits == {"toy": {"processes": 5, "memory_bytes": 836 * 2**20}}  # of 1.5 GB
    assert (there.settings.call_seconds, there.settings.cell_seconds) == (2.0, 2.0)
    assert there.settings.state == ".autograder"
    assert find_assignment(there, "toy").points == {"double": 3.0, "triple": 2.0}


@pytest.mark.parametrize(("gigabytes", "left"), [(0.75, 68), (3.0, 2372), (6.0, 4096)])
def test_students_code_may_use_what_the_container_has_beside_the_kit(course, tmp_path, gigabytes, left):
    packed(course, gigabytes=gigabytes).extractall(tmp_path / "source")
    there = find_course(tmp_path / "source" / "course")
    assert limits_of(there, "toy").memory_bytes == left * 2**20


def run(course, monkeypatch, *words):
    monkeypatch.chdir(course.root)
    return CliRunner().invoke(app, ["gradescope", *words])


def test_the_command_writes_it_and_says_what_to_set_there(course, monkeypatch):
    result = run(course, monkeypatch, "toy", "--minutes", "20")
    assert result.exit_code == 0, result.output
    assert "5 autograder points, container 1.0 CPU, 1.5GB RAM, timeout 20 minutes" in result.output
    assert "Accepted isolation: restricted" in result.output
    target = course.root / "gradescope-toy.zip"
    assert target.stat().st_mode & 0o077 == 0
    assert b'"1170"' in zipfile.ZipFile(target).read("run_autograder")


@pytest.mark.parametrize(
    ("words", "received"),
    [
        (["tyo"], "tyo"),
        (["toy", "--isolation", "jail"], "jail"),
        (["toy", "--visibility", "soon"], "soon"),
        (["toy", "--minutes", "0"], "0"),
        (["toy", "--minutes", "41"], "41"),
        (["toy", "--gigabytes", "2"], "2"),
    ],
)
def test_what_does_not_fit_is_a_sentence(course, monkeypatch, words, received):
    result = run(course, monkeypatch, *words)
    assert isinstance(result.exception, CourseError)
    assert str(result.exception).endswith(f"(got {received})")


def test_reviews_outside_of_the_course_cannot_be_taken_along(course, tmp_path_factory):
    reviews = tmp_path_factory.mktemp("elsewhere") / "imdb.npz"
    reviews.write_bytes(b"")
    config = course.root / CONFIG
    config.write_text(config.read_text() + f"c.Autograder.corpus = {str(reviews)!r}\n")
    with pytest.raises(CourseError, match="must lie in the course folder"):
        packed(find_course(course.root))
