"""What is in the zip for Gradescope: the kit, its lock, one assignment, and a secret of its own.

No other assignment, no submission, no gradebook; the course secret neither, but one derived from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import autograder
from autograder.checking.exercise import thresholds_file
from autograder.course import CONFIG, GENERATED, IMDB, Assignment, Course, limits_of
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
CONTAINERS: Mapping[float, str] = {
    0.75: "0.5 CPU, 0.75GB RAM",
    1.5: "1.0 CPU, 1.5GB RAM",
    3.0: "2.0 CPU, 3.0GB RAM",
    6.0: "4.0 CPU, 6.0GB RAM",
}
"""What Gradescope offers, by gigabytes, in its own words."""
OWN_BYTES, LEAST_BYTES = 700 * 2**20, 64 * 2**20
"""What the kit and its libraries need themselves, and what is left for students' code at least."""
SETTINGS = ("cell_seconds", "call_seconds", "libraries", "checks", "solutions", "private", "corpus")


@dataclass(frozen=True)
class Setup:
    """What is chosen for Gradescope: the lowest isolation of students' code that is accepted there, when
    students see the exercises' tests, how many minutes a run is given, and the container's gigabytes.
    """

    isolation: str = "restricted"
    visibility: str = "after_due_date"
    minutes: int = 10
    gigabytes: float = 1.5


def gradescope_zip(course: Course, assignment: Assignment, setup: Setup) -> bytes:
    """The bytes of the zip, its files at the root as Gradescope wants them; the same for the same course.

    Args:
        course: whose secret, settings and corpus are used.
        assignment: the one that is handed in there.
        setup: what is chosen for Gradescope.
    Raises:
        CourseError: the lock of the kit is not there, or the corpus cannot be prepared.
    """
    chosen = {"@SECONDS@": str(setup.minutes * 60 - SPARE_SECONDS), "@VISIBILITY@": setup.visibility}
    entries = {name: (HERE / name).read_text(encoding="utf-8") for name in (SETUP, RUN)}
    for mark, value in chosen.items():
        entries[RUN] = entries[RUN].replace(mark, value)
    content = {name: text.encode() for name, text in entries.items()}
    content |= _locks()
    content |= {f"kit/autograder/{name}": data for name, data in _folder(KIT)}
    content |= {f"{COURSE}/{name}": data for name, data in _course(course, assignment, setup)}
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


def _course(course: Course, assignment: Assignment, setup: Setup) -> Iterator[tuple[str, bytes]]:
    """A course folder with the one assignment, by paths seen from it."""
    yield CONFIG, _config(course, assignment, setup).encode()
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


def _config(course: Course, assignment: Assignment, setup: Setup) -> str:
    """The settings of the course that bear on this assignment, and those of there.

    Students' code may use what the container has beside the kit: more, and the system would end anything.
    """
    given = {name: getattr(course.settings, name) for name in SETTINGS}
    settings: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    left = max(LEAST_BYTES, int(setup.gigabytes * 2**30) - OWN_BYTES)
    own = dict(course.settings.limits.get(assignment.name, {}))
    own["memory_bytes"] = min(left, limits_of(course, assignment.name).memory_bytes)
    lines = [
        "# Made by `autograder gradescope`: the settings under which this assignment is graded there.",
        "c = get_config()  # noqa: F821",
        "",
        "# The lowest isolation of students' code that is accepted there.",
        f"c.Autograder.isolation = {setup.isolation!r}",
        f"c.Autograder.state = {STATE!r}",
        f"c.Autograder.limits = {{{assignment.name!r}: {own!r}}}",
        *(f"c.Autograder.{name} = {value!r}" for name, value in settings.items()),
    ]
    return "\n".join(lines) + "\n"


def _folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The plain files of a folder of ours, by their paths in it, without what Python leaves behind."""
    for file in sorted(folder.rglob("*")):
        hidden = {"__pycache__", ".ipynb_checkpoints"} & set(file.parts)
        if file.is_file() and not hidden and file.suffix != ".pyc":
            yield file.relative_to(folder).as_posix(), file.read_bytes()
