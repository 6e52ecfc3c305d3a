"""What is in the zip for Gradescope: the kit, its lock, one assignment, and a secret of its own.

No other assignment, no submission, no gradebook; the course secret neither, but one derived from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import autograder
from autograder.checking.exercise import thresholds_file
from autograder.course import CONFIG, GENERATED, IMDB, Assignment, Course
from autograder.errors import CourseError
from autograder.grading.archives import zipped
from autograder.grading.corpus import prepared_corpus
from autograder.grading.secret import FILE, course_secret, gradescope_secret

HERE = Path(__file__).parent
KIT = Path(autograder.__file__).parent
SETUP, RUN = "setup.sh", "run_autograder"
COURSE, STATE = "course", ".autograder"
SPARE_SECONDS = 30
"""Less than the time that Gradescope gives, so that the run ends before it is ended."""
SETTINGS = ("cell_seconds", "call_seconds", "memory_bytes", "checks", "solutions", "private", "corpus")


def gradescope_zip(
    course: Course, assignment: Assignment, *, isolation: str, visibility: str, minutes: int
) -> bytes:
    """The bytes of the zip, its files at the root as Gradescope wants them; the same for the same course.

    Args:
        course: whose secret, settings and corpus are used.
        assignment: the one that is handed in there.
        isolation: the lowest level that is accepted there.
        visibility: when students see the exercises' tests.
        minutes: how long Gradescope lets it run.
    Raises:
        CourseError: the lock of the kit is not there, or the corpus cannot be prepared.
    """
    chosen = {"@SECONDS@": str(minutes * 60 - SPARE_SECONDS), "@VISIBILITY@": visibility}
    entries = {name: (HERE / name).read_text(encoding="utf-8") for name in (SETUP, RUN)}
    for mark, value in chosen.items():
        entries[RUN] = entries[RUN].replace(mark, value)
    content = {name: text.encode() for name, text in entries.items()}
    content |= _locks()
    content |= {f"kit/autograder/{name}": data for name, data in _folder(KIT)}
    content |= {f"{COURSE}/{name}": data for name, data in _course(course, assignment, isolation)}
    return zipped(content, executable=(SETUP, RUN))


def _locks() -> dict[str, bytes]:
    """The lock of each Python: which one is there is known only on Gradescope."""
    files = sorted((KIT.parent / "requirements").glob("lock-py*.txt"))
    if not files:
        raise CourseError(
            "the kit's lock of packages is not there, and Gradescope installs from it: run this with a "
            f"checkout of the kit (got {KIT.parent / 'requirements'})"
        )
    return {f"requirements/{file.name}": file.read_bytes() for file in files}


def _course(course: Course, assignment: Assignment, isolation: str) -> Iterator[tuple[str, bytes]]:
    """A course folder with the one assignment, by paths seen from it."""
    yield CONFIG, _config(course, assignment, isolation).encode()
    secret = gradescope_secret(course_secret(course.state), assignment.name)
    yield f"{STATE}/{FILE}", f"{secret.hex()}\n".encode("ascii")
    for name, data in _folder(assignment.release):
        yield f"release/{assignment.name}/{name}", data
    for file in _files(course, assignment):
        if file.is_file():
            yield file.relative_to(course.root).as_posix(), file.read_bytes()
    corpus = prepared_corpus(course)
    if corpus is not None:
        yield f"{STATE}/corpus/{corpus.name}", corpus.read_bytes()


def _files(course: Course, assignment: Assignment) -> list[Path]:
    """Checks, bars and answers, public and private, and the file of reviews where the course has its own."""
    checks = list(assignment.check_files)
    found = [*checks, *(thresholds_file(file) for file in checks), *assignment.solution_files]
    if course.settings.corpus != GENERATED:
        found += [thresholds_file(file, IMDB) for file in checks]
    found.append(course.solutions / "__init__.py")
    source = course.root / course.settings.corpus
    if course.settings.corpus not in (GENERATED, IMDB):
        if not source.resolve().is_relative_to(course.root):
            raise CourseError(
                f"the file of reviews must lie in the course folder to be taken along (got {source})"
            )
        beside = (f"{source.stem}_word_index.json", "imdb_word_index.json")
        found += [source, *(source.with_name(name) for name in beside)]
    return found


def _config(course: Course, assignment: Assignment, isolation: str) -> str:
    """The settings of the course that bear on this assignment, with the isolation that is accepted there."""
    settings: dict[str, Any] = {name: getattr(course.settings, name) for name in SETTINGS}
    own = course.settings.limits.get(assignment.name)
    limits = {assignment.name: dict(own)} if own else {}
    lines = [
        "# Made by `autograder gradescope`: the settings under which this assignment is graded there.",
        "c = get_config()  # noqa: F821",
        "",
        "# The lowest isolation of students' code that is accepted there.",
        f"c.Autograder.isolation = {isolation!r}",
        f"c.Autograder.state = {STATE!r}",
        f"c.Autograder.limits = {limits!r}",
        *(f"c.Autograder.{name} = {value!r}" for name, value in settings.items()),
    ]
    return "\n".join(lines) + "\n"


def _folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The plain files of a folder of ours, by their paths in it, without what Python leaves behind."""
    for file in sorted(folder.rglob("*")):
        hidden = {"__pycache__", ".ipynb_checkpoints"} & set(file.parts)
        if file.is_file() and not hidden and file.suffix != ".pyc":
            yield file.relative_to(folder).as_posix(), file.read_bytes()
