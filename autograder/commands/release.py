"""Makes release/ from source/ with nbgrader, in a scratch course, so that no gradebook is touched.

The same source gives the same bytes, so a committed release can be tested to be fresh.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from autograder.commands.release_extras import write_handout
from autograder.course import CONFIG, Course, find_course
from autograder.errors import CourseError


def make_release(course_root: Path, names: list[str]) -> None:
    """Write release/<name> anew from source/<name> for each name; an empty list means all of them.

    Raises CourseError, and changes nothing, when a source is missing or nbgrader refuses one.
    """
    course = find_course(course_root)
    names = names or sources(course)
    with generated(course, names) as made:
        for name in names:
            replace_folder(course.release / name, made.release / name)


@contextmanager
def generated(course: Course, names: Sequence[str]) -> Iterator[Course]:
    """The same course, but for its releases: these, made anew, in a folder that is then removed.

    Raises CourseError when a source is missing or nbgrader refuses one.
    """
    for name in names:
        if not (course.source / name / f"{name}.ipynb").is_file():
            raise CourseError(f"source/{name}/{name}.ipynb is missing (got {name})")
    with tempfile.TemporaryDirectory(prefix="autograder-release-") as scratch:
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # each waits for an nbgrader of its own
            made = list(pool.map(lambda name: _generate(course, name, Path(scratch)), names))
        for folder in made:
            write_handout(folder, course.root)
        yield replace(course, release=Path(scratch) / "release")


def replace_folder(target: Path, made: Path) -> None:
    """Put a copy of ``made`` in the place of ``target``; what is there stays until the copy is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=target.parent) as beside:
        shutil.copytree(made, Path(beside) / "new")
        if target.exists():
            target.rename(Path(beside) / "old")
        (Path(beside) / "new").rename(target)


def sources(course: Course) -> list[str]:
    """The assignments that have a source notebook; CourseError when there is none."""
    names = sorted(path.stem for path in course.source.glob("*/*.ipynb") if path.stem == path.parent.name)
    if not names:
        raise CourseError(f"no source/<name>/<name>.ipynb to release (got {course.source.name})")
    return names


def _generate(course: Course, name: str, scratch: Path) -> Path:
    source = course.source / name
    # copies follow links: what students receive are plain files
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.pyc")
    shutil.copytree(source, scratch / "source" / name, ignore=ignored)
    shutil.copy(course.root / CONFIG, scratch)
    argv = [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--force"]
    argv += [f"--db=sqlite:///{scratch / name}.db", f"--course-dir={scratch}"]
    argv += [f"--CourseDirectory.{folder}_directory={folder}" for folder in ("source", "release")]
    result = subprocess.run(
        argv, cwd=scratch, env=_environment(), capture_output=True, text=True, check=False
    )
    made = scratch / "release" / name
    if result.returncode or not (made / f"{name}.ipynb").is_file():
        last = (result.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise CourseError(f"nbgrader could not make the release: {last} (got {name})")
    return made


def _environment() -> dict[str, str]:
    """nbgrader calls alembic by name, so this Python's own commands come first."""
    commands = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": commands + os.pathsep + os.environ.get("PATH", "")}
