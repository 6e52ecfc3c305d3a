"""The doctor sees what would spoil grading, and has a remedy for each thing."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from autograder.commands.doctor import environment, folder, machine, wall
from autograder.commands.doctor.finding import Finding, State
from autograder.course import find_course

ALL_TABLES = ("assignment", "student", "grade")


def make_command(place, name):
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text("#!/bin/sh\n")
    (place / name).chmod(0o755)


def make_gradebook(file, *, version):
    with closing(sqlite3.connect(file)) as database:
        for table in ALL_TABLES:
            database.execute(f"CREATE TABLE {table} (id TEXT)")
        if version is not None:
            database.execute("CREATE TABLE alembic_version (version_num TEXT)")
            database.executemany("INSERT INTO alembic_version VALUES (?)", [(version,)] if version else [])
        database.commit()


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    return find_course(tmp_path)


@pytest.fixture
def repository(course):
    subprocess.run(["git", "init", "--quiet", course.root], check=True)
    (course.root / ".autograder").mkdir()
    (course.root / ".autograder/course_secret").write_text("00\n")
    return course


def git_finding(course):
    return folder.kept_from_git(
        course.root, [course.state / "course_secret", course.root / "gradebook.db", course.submitted]
    )


def test_a_finding_has_a_remedy_unless_it_is_ok():
    with pytest.raises(ValueError, match="a remedy unless"):
        Finding("disk", State.PROBLEM, "full")
    with pytest.raises(ValueError, match="a remedy unless"):
        Finding("disk", State.OK, "fine", "Buy a disk.")


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ((3, 10, 14), State.PROBLEM),
        ((3, 11, 0), State.OK),
        ((3, 13, 9), State.OK),
        ((3, 14, 0), State.PROBLEM),
    ],
)
def test_only_the_pythons_that_are_tested_are_ok(version, state):
    assert environment.python(version).state is state


def test_a_package_that_is_missing_is_a_problem():
    missing, there = environment.packages({"numpy": None, "keras": "3.15.1"})
    assert (missing.state, there.state) == (State.PROBLEM, State.OK)


def test_this_environment_is_seen_to_be_as_locked_or_not(tmp_path):
    numpy = environment._version("numpy")
    lock = tmp_path / "lock.txt"
    lock.write_text(f"numpy=={numpy} \\\n    --hash=sha256:00\n")
    assert environment.locked(lock).state is State.OK
    lock.write_text("numpy==1.0\nno-such-package==1.0\n")
    finding = environment.locked(lock)
    assert finding.state is State.WARNING
    assert finding.seen == f"numpy {numpy} instead of 1.0"


def test_a_kit_without_a_checkout_has_no_lock_to_compare(tmp_path):
    assert environment.locked(tmp_path / "lock-py312.txt").state is State.OK


def test_a_missing_alembic_is_a_problem_and_another_environments_a_warning(tmp_path):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for name in environment.COMMANDS:
        make_command(here, name)
    states = {f.what: f.state for f in environment.commands(str(elsewhere), here)}
    assert states["alembic on PATH"] is State.PROBLEM
    assert states["python on PATH"] is State.WARNING
    make_command(elsewhere, "alembic")
    both = f"{elsewhere}{os.pathsep}{here}"
    findings = {f.what: f for f in environment.commands(both, here)}
    assert findings["alembic on PATH"].state is State.WARNING
    assert "another one" in findings["alembic on PATH"].seen
    assert all(f.state is State.OK for f in environment.commands(str(here), here))


def test_a_variable_that_mixes_other_code_in_is_a_warning():
    finding = environment.variables({"PYTHONPATH": "elsewhere", "HOME": "x"})
    assert finding.state is State.WARNING
    assert "unset PYTHONPATH" in finding.remedy
    assert environment.variables({"PYTHONPATH": ""}).state is State.OK


def test_another_backend_of_keras_is_a_problem_wherever_it_is_chosen(tmp_path):
    file = tmp_path / "keras.json"
    assert environment.keras_backend({}, file).state is State.OK
    assert environment.keras_backend({"KERAS_BACKEND": "jax"}, file).state is State.PROBLEM
    file.write_text('{"backend": "torch"}')
    assert environment.keras_backend({}, file).state is State.PROBLEM
    assert environment.keras_backend({"KERAS_BACKEND": "tensorflow"}, file).state is State.OK
    file.write_text("[not an object")
    assert environment.keras_backend({}, file).state is State.OK


@pytest.mark.parametrize(
    ("free", "state"), [(2**20, State.PROBLEM), (2 * 2**30, State.WARNING), (2**34, State.OK)]
)
def test_a_full_disk_is_seen(free, state):
    assert machine.disk(free).state is state


def test_little_memory_names_the_jobs_that_fit():
    assert machine.cores_and_memory(8, 2**29).state is State.PROBLEM
    assert "--jobs 3" in machine.cores_and_memory(8, 3 * 2**30).remedy
    assert machine.cores_and_memory(2, 8 * 2**30).state is State.OK


def test_a_narrow_limit_is_named_with_the_command_that_widens_it():
    finding = machine.limits({"open files": 256, "processes": -1, "address space": -1, "file size": -1})
    assert finding.state is State.WARNING
    assert finding.seen == "open files 256"
    assert "ulimit -n 4096" in finding.remedy
    assert machine.limits(dict.fromkeys(machine.LEAST, -1)).state is State.OK


def test_shared_memory_that_is_not_there_is_a_problem(tmp_path):
    assert machine.shared_memory(tmp_path / "shm").state is State.PROBLEM
    assert machine.shared_memory(tmp_path).state in {State.OK, State.WARNING}


def test_a_temporary_folder_too_long_for_a_socket_is_a_problem(tmp_path):
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    assert machine.temporary_folder(deep).state is State.PROBLEM
    assert machine.temporary_folder(Path(tempfile.gettempdir())).state is State.OK


@pytest.mark.parametrize(
    ("text", "state"), [("UTF-8", State.OK), ("utf8", State.OK), ("ANSI_X3.4-1968", State.PROBLEM)]
)
def test_an_encoding_that_is_not_utf_8_is_a_problem(text, state):
    assert machine.encoding(text, "utf-8").state is state


def test_a_processor_without_avx_is_a_problem(tmp_path):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor : 0\nflags\t\t: fpu sse2\n")
    assert machine.processor(cpuinfo).state is State.PROBLEM
    cpuinfo.write_text("flags : fpu avx\n")
    assert machine.processor(cpuinfo).state is State.OK
    cpuinfo.write_text("Features : asimd\n")
    assert machine.processor(cpuinfo).state is State.OK
    assert machine.processor(tmp_path / "none").state is State.OK


def test_an_assignment_without_its_release_or_solutions_is_a_problem(course):
    assert folder.assignments(course).state is State.WARNING
    course.checks.mkdir(parents=True)
    (course.checks / "test_a.py").touch()
    finding = folder.assignments(course)
    assert finding.state is State.PROBLEM
    assert "release/a/a.ipynb, solutions/a.py" in finding.seen
    for file in (course.release / "a/a.ipynb", course.solutions / "a.py"):
        file.parent.mkdir(parents=True)
        file.touch()
    assert folder.assignments(course) == Finding("assignments", State.OK, "a")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path):
    tmp_path.chmod(0o500)
    assert folder.writable([tmp_path]).state is State.PROBLEM


def test_folders_that_do_not_exist_yet_are_no_problem(tmp_path):
    assert folder.writable([tmp_path, tmp_path / "later"]).state is State.OK


def test_a_whole_gradebook_is_ok_and_so_is_none(tmp_path):
    file = tmp_path / "gradebook.db"
    assert folder.gradebook(file).state is State.OK
    make_gradebook(file, version="e43177bfe90b")
    assert folder.gradebook(file).state is State.OK


@pytest.mark.parametrize("version", [None, ""])
def test_a_gradebook_that_alembic_never_finished_is_half_made(tmp_path, version):
    file = tmp_path / "gradebook.db"
    make_gradebook(file, version=version)
    finding = folder.gradebook(file)
    assert finding.state is State.PROBLEM
    assert "half made" in finding.seen


def test_a_damaged_or_empty_gradebook_is_a_problem(tmp_path):
    file = tmp_path / "gradebook.db"
    file.write_bytes(b"this is no database, but it is longer than a header" * 20)
    assert "damaged" in folder.gradebook(file).seen
    file.write_bytes(b"")
    assert folder.gradebook(file).seen == "empty file"


def test_a_gradebook_is_only_read(tmp_path):
    file = tmp_path / "gradebook.db"
    make_gradebook(file, version="e43177bfe90b")
    before = file.read_bytes()
    folder.gradebook(file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["gradebook.db"]


def test_a_secret_that_others_may_read_is_a_warning(tmp_path):
    file = tmp_path / "course_secret"
    assert folder.secret(file).state is State.OK
    file.touch(mode=0o600)
    assert folder.secret(file).state is State.OK
    file.chmod(0o644)
    finding = folder.secret(file)
    assert finding.state is State.WARNING
    assert "chmod 600" in finding.remedy


def test_a_secret_that_the_staff_share_is_in_order_and_an_open_one_is_not(tmp_path):
    tmp_path.chmod(0o2770)
    file = tmp_path / "course_secret"
    file.touch()
    file.chmod(0o660)
    assert folder.secret(file).state is State.OK
    file.chmod(0o664)
    assert "chmod 660" in folder.secret(file).remedy


def test_a_time_that_cannot_be_read_is_a_problem(tmp_path):
    assert folder.marks(tmp_path / "submitted").state is State.OK
    for student in ("ada", "bob", "cleo", "dan"):
        (tmp_path / student / "toy").mkdir(parents=True)
    (tmp_path / "ada/toy/timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    assert folder.marks(tmp_path).state is State.OK
    (tmp_path / "bob/toy/timestamp.txt").write_text("yesterday evening")
    os.mkfifo(tmp_path / "cleo/toy/timestamp.txt")
    (tmp_path / "dan/toy/submission_secret.txt").symlink_to("nowhere")
    finding = folder.marks(tmp_path)
    assert finding.state is State.PROBLEM
    assert finding.seen == (
        "3 cannot be read as a time or a plain file: bob/toy/timestamp.txt, cleo/toy/timestamp.txt, "
        "dan/toy/submission_secret.txt"
    )


def test_a_course_outside_git_gives_nothing_away(course):
    assert git_finding(course).state is State.OK


def test_a_secret_that_git_would_add_is_a_problem(repository):
    finding = git_finding(repository)
    assert finding.state is State.PROBLEM
    assert "/.autograder/course_secret" in finding.remedy
    (repository.root / ".gitignore").write_text("/.autograder/\n/gradebook.db*\n/submitted/\n")
    assert git_finding(repository).state is State.OK


def test_a_secret_that_git_already_holds_is_a_problem_even_when_ignored(repository):
    subprocess.run(["git", "-C", repository.root, "add", ".autograder"], check=True)
    (repository.root / ".gitignore").write_text("/.autograder/\n/gradebook.db*\n/submitted/\n")
    finding = git_finding(repository)
    assert finding.state is State.PROBLEM
    assert finding.seen == "committed: .autograder/course_secret"


@pytest.mark.parametrize(
    ("available", "required", "state"),
    [
        ("process", None, State.OK),
        ("process", "process", State.OK),
        ("sandbox", "process", State.OK),
        ("process", "sandbox", State.PROBLEM),
        ("restricted", "sandbox", State.PROBLEM),
    ],
)
def test_isolation_below_what_the_course_requires_is_a_problem(available, required, state):
    assert wall.compare(available, required).state is state


def test_the_command_prints_every_finding_and_fails_for_a_missing_alembic(course):
    bare = {name: os.environ[name] for name in ("HOME", "TMPDIR", "LC_ALL") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "doctor"],
        cwd=course.root,
        env={**bare, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert re.search(r"^alembic on PATH +problem", done.stdout, re.MULTILINE)
    assert re.search(r"^isolation +(ok|problem)", done.stdout, re.MULTILINE)
    assert "source .venv/bin/activate" in done.stdout
