"""Makes release/ from source/ with nbgrader, in a scratch course, so that no gradebook is touched.

The same source gives the same bytes, so a committed release can be tested to be fresh.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.course import CONFIG, Course, find_course
from autograder.errors import CourseError


def make_release(course_root: Path, names: list[str]) -> None:
    """Write release/<name> anew from source/<name> for each name; an empty list means all of them.

    Raises CourseError, and changes nothing, when a source is missing or nbgrader refuses one.
    """
    course = find_course(course_root)
    names = names or _sources(course)
    for name in names:
        if not (course.source / name / f"{name}.ipynb").is_file():
            raise CourseError(f"source/{name}/{name}.ipynb is missing (got {name})")
    with tempfile.TemporaryDirectory(prefix="autograder-release-") as scratch:
        made = [_generate(course, name, Path(scratch)) for name in names]
        for folder in made:
            _replace(course.release / folder.name, folder)


def _sources(course: Course) -> list[str]:
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
    argv += [f"--db=sqlite:///{scratch / 'gradebook.db'}", f"--course-dir={scratch}"]
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


def _replace(target: Path, made: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(made, target)
