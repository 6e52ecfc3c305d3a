"""A course folder and its assignments, found by name; nothing is registered anywhere.

Reads the settings of ``nbgrader_config.py`` (without importing nbgrader, which is slow).
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.limits import Limits, check_limit, check_limits

CONFIG = "nbgrader_config.py"
LEVELS = ("process", "restricted", "sandbox")
ATTEMPTS = ("last_before_deadline", "last", "first")
GENERATED, IMDB = "generated", "imdb"
IN_NOTEBOOK_SECONDS = 1800.0
"""For all cells of a notebook with its tests in it: nbgrader has no such bound."""


@dataclass(frozen=True)
class Settings:
    """What an instructor sets under ``c.Autograder`` in nbgrader_config.py.

    ``isolation`` is the lowest level that is accepted; ``cell_seconds``, ``call_seconds`` and
    ``memory_bytes`` hold for every assignment, ``limits`` (by assignment, then by the name of a limit)
    for one.  ``corpus`` is what trained checks draw film reviews from: "generated", "imdb" (through
    Keras), or the path of a file like Keras' imdb.npz, seen from the course folder.  ``warm_seconds`` is
    how long the warm server stays for the next run; 0: it ends with the last one.  ``libraries`` are what it
    imports before it forks; None for those of a deep-learning course.  ``in_notebook`` lets assignments be
    graded whose tests sit in their notebooks.
    """

    isolation: str = "sandbox"
    attempt: str = "last_before_deadline"
    cell_seconds: float = Limits.cell_seconds
    call_seconds: float = Limits.call_seconds
    memory_bytes: int = Limits.memory_bytes
    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    jobs: int = 0
    warm_seconds: float = 0.0
    libraries: Sequence[str] | None = None
    in_notebook: bool = False
    checks: str = "tests/hidden"
    solutions: str = "solutions"
    messages: str = "tests/golden"
    rubrics: str = "solutions/rubrics"
    corpus: str = GENERATED
    private: str = "private"
    state: str = ".autograder"


@dataclass(frozen=True)
class Course:
    """Where everything of one course lies; all paths are absolute."""

    root: Path
    settings: Settings = field(default_factory=Settings)
    source: Path = Path("source")
    release: Path = Path("release")
    submitted: Path = Path("submitted")
    autograded: Path = Path("autograded")
    feedback: Path = Path("feedback")

    @property
    def checks(self) -> Path:
        return self.root / self.settings.checks

    @property
    def solutions(self) -> Path:
        return self.root / self.settings.solutions

    @property
    def private(self) -> Path:
        """The instructor's own folder, ignored by git: more checks, bars and answers under the same names."""
        return self.root / self.settings.private

    @property
    def messages(self) -> Path:
        """Golden files: what students read about each wrong answer."""
        return self.root / self.settings.messages

    @property
    def rubrics(self) -> Path:
        """What staff look for in written answers; never handed out."""
        return self.root / self.settings.rubrics

    @property
    def state(self) -> Path:
        """The kit's own folder: course secret, Reports, copies of the gradebook.  Back it up."""
        return self.root / self.settings.state


@dataclass(frozen=True)
class Assignment:
    """One assignment: its released notebook, its checks, its solutions, and its points.

    One whose tests sit in its notebooks has names in ``notebooks`` and no checks; what nbgrader puts back
    into their locked cells is in ``locked``, by notebook and grade_id, and lines of stderr that match
    ``ignored_stderr`` count for nothing.
    """

    name: str
    source: Path
    release: Path
    checks: Path
    solutions: Path
    points: dict[str, float]
    manual: dict[str, float]
    private_checks: Path | None = None
    private_solutions: Path | None = None
    notebooks: tuple[str, ...] = ()
    locked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored_stderr: str = ""

    @property
    def check_files(self) -> tuple[Path, ...]:
        """The public file of hidden checks, then the instructor's private one where there is one."""
        return (self.checks,) if self.private_checks is None else (self.checks, self.private_checks)

    @property
    def solution_files(self) -> tuple[Path, ...]:
        """The public solutions, then the instructor's private answers where there are any."""
        return (
            (self.solutions,) if self.private_solutions is None else (self.solutions, self.private_solutions)
        )

    @property
    def notebook(self) -> Path:
        return self.release / f"{self.name}.ipynb"


def find_course(start: Path) -> Course:
    """The course whose folder is ``start`` or a parent of it.  Raises CourseError when there is none."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / CONFIG).is_file():
            return _read_course(folder)
    raise CourseError(f"no {CONFIG} here or in a folder above: go to a course folder (got {start})")


def find_assignment(course: Course, name: str) -> Assignment:
    """The assignment called ``name``.  Raises CourseError, with the nearest name, when it is not complete."""
    known = assignment_names(course)
    if name in in_notebook_names(course):
        raise CourseError(
            "the tests of this assignment sit in its notebooks: autograder grade can grade it, and nbgrader "
            f"does the rest (got {name})"
        )
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        guess = f"; did you mean {near[0]}?" if near else f"; this course has {', '.join(known) or 'none'}"
        raise CourseError(f"there is no such assignment{guess} (got {name})")
    release = course.release / name
    notebook = release / f"{name}.ipynb"
    if not notebook.is_file():
        raise CourseError(
            f"release/{name}/{name}.ipynb is missing: run autograder release first (got {name})"
        )
    points, manual = _points(notebook)
    return Assignment(
        name=name,
        source=course.source / name / f"{name}.ipynb",
        release=release,
        checks=course.checks / f"test_{name}.py",
        solutions=course.solutions / f"{name}.py",
        points=points,
        manual=manual,
        private_checks=_if_there(course.private / course.settings.checks / f"test_{name}.py"),
        private_solutions=_if_there(course.private / course.settings.solutions / f"{name}.py"),
    )


def assignment_names(course: Course) -> list[str]:
    """The assignments that have hidden checks, in alphabetical order."""
    return sorted(path.stem.removeprefix("test_") for path in course.checks.glob("test_*.py"))


def in_notebook_names(course: Course) -> list[str]:
    """The assignments whose tests sit in their notebooks, where the course accepts such, by name."""
    if not course.settings.in_notebook:
        return []
    found = {path.parent.name for path in course.source.glob("*/*.ipynb")}
    return sorted(found - set(assignment_names(course)))


def limits_of(course: Course, assignment: str) -> Limits:
    """The limits of one assignment: its own where they are set, else the course's, else the defaults."""
    settings = course.settings
    in_notebook = assignment in in_notebook_names(course)
    common = Limits(
        cell_seconds=settings.cell_seconds,
        notebook_seconds=IN_NOTEBOOK_SECONDS if in_notebook else Limits.notebook_seconds,
        call_seconds=settings.call_seconds,
        memory_bytes=settings.memory_bytes,
    )
    return replace(common, **dict(settings.limits.get(assignment, {})))  # type: ignore[arg-type]


def with_corpus(course: Course, chosen: str) -> Course:
    """The course, graded on other film reviews.

    Raises CourseError unless ``chosen`` is "generated", "imdb" or a file that is there, seen from the course.
    """
    _check_corpus(course.root, chosen)
    return replace(course, settings=replace(course.settings, corpus=chosen))


def _check_corpus(root: Path, chosen: object) -> None:
    if not isinstance(chosen, str) or not (chosen in (GENERATED, IMDB) or (root / chosen).is_file()):
        raise CourseError(
            f'the corpus (c.Autograder.corpus) is "{GENERATED}", "{IMDB}" or an existing file like Keras\' '
            f"imdb.npz (got {chosen!r})"
        )


def _check_libraries(chosen: object) -> None:
    names = chosen if isinstance(chosen, list | tuple) else [None]
    if chosen is not None and not all(
        isinstance(name, str) and all(part.isidentifier() for part in name.split(".")) for name in names
    ):
        raise CourseError(f"c.Autograder.libraries is a list of names of modules (got {chosen!r})")


def _if_there(path: Path) -> Path | None:
    return path if path.is_file() else None


def _read_course(root: Path) -> Course:
    config = _load_config(root)
    chosen = dict(config.get("Autograder", {}))
    if chosen.get("in_notebook") and "cell_seconds" not in chosen:  # what nbgrader itself would wait
        timeout = config.get("Execute", {}).get(
            "timeout", config.get("ExecutePreprocessor", {}).get("timeout")
        )
        chosen |= {} if timeout is None else {"cell_seconds": timeout}
    known = {f.name: f.type for f in fields(Settings)}
    for name in chosen:
        if name not in known:
            raise CourseError(f"c.Autograder.{name} is no setting; there are {', '.join(known)} (got {name})")
    settings = Settings(**chosen)
    if settings.isolation not in LEVELS:
        raise CourseError(f"c.Autograder.isolation is one of {', '.join(LEVELS)} (got {settings.isolation})")
    if settings.attempt not in ATTEMPTS:
        raise CourseError(f"c.Autograder.attempt is one of {', '.join(ATTEMPTS)} (got {settings.attempt})")
    warm = settings.warm_seconds
    if not isinstance(warm, int | float) or not 0 <= warm <= 24 * 3600:
        raise CourseError(f"c.Autograder.warm_seconds is a number of seconds from 0 to a day (got {warm!r})")
    if not isinstance(settings.in_notebook, bool):
        raise CourseError(f"c.Autograder.in_notebook is True or False (got {settings.in_notebook!r})")
    _check_libraries(settings.libraries)
    _check_corpus(root, settings.corpus)
    folders = config.get("CourseDirectory", {})
    names = ("source", "release", "submitted", "autograded", "feedback")
    paths = {name: root / str(folders.get(f"{name}_directory", name)) for name in names}
    course = Course(root=root, settings=settings, **paths)
    for name in ("cell_seconds", "call_seconds", "memory_bytes"):
        check_limit(name, getattr(settings, name), f"c.Autograder.{name}")
    check_limits(settings.limits, [*assignment_names(course), *in_notebook_names(course)])
    return course


def _load_config(root: Path) -> dict[str, Any]:
    from traitlets.config.loader import PyFileConfigLoader

    try:
        return dict(PyFileConfigLoader(CONFIG, path=str(root)).load_config())
    except Exception as error:  # the file is the instructor's own Python: anything can be wrong in it
        raise CourseError(f"{CONFIG} cannot be read: {error} (got {type(error).__name__})") from error


def _points(notebook: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Points by exercise (grade cells ``<function>_checks``) and by manual answer, in notebook order."""
    points: dict[str, float] = {}
    manual: dict[str, float] = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if not mark.get("grade"):
            continue
        if mark.get("solution"):
            manual[mark["grade_id"]] = float(mark["points"])
        else:
            points[mark["grade_id"].removesuffix("_checks")] = float(mark["points"])
    return points, manual
