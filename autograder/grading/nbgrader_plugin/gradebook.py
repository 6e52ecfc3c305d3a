"""nbgrader's gradebook, as far as recording needs it: copied first, registered in, asked what it holds.

Everything is written through nbgrader's own classes; no table is touched by hand.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbgrader import api
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveCells
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Assignment
from autograder.errors import CourseError
from autograder.grading.copying import can_be_shown

COPIES_KEPT = 20


@contextmanager
def opened(coursedir: CourseDirectory) -> Iterator[Gradebook]:
    """The course's gradebook, made when there is none yet.  Raises CourseError when it cannot be used."""
    put_environment_on_path()
    try:
        gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        try:
            yield gradebook
        finally:
            gradebook.close()
    except SQLAlchemyError as error:
        raise unusable(error) from error


def unusable(error: SQLAlchemyError) -> CourseError:
    """What to say of a gradebook that is damaged, or of another version."""
    return CourseError(
        "the gradebook cannot be used; if an older nbgrader made it, copy it and run nbgrader db upgrade "
        f"(got {type(error).__name__})"
    )


def put_environment_on_path() -> None:
    """Let nbgrader find ``alembic`` beside the running Python.

    A new gradebook asks that executable for its version; when it is not found nbgrader leaves a
    half-made file behind on which the next call seems to succeed.
    """
    folder = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if folder not in path:
        os.environ["PATH"] = os.pathsep.join([folder, *path])


def keep_copy(coursedir: CourseDirectory, state: Path) -> Path | None:
    """Copy the gradebook to ``state``/backups/<time>.db and keep the last 20; None when there is none yet.

    Uses SQLite's backup call, which is right even while the formgrader writes.  Another kind of
    database is its administrator's to copy.
    """
    file = sqlite_file(coursedir.db_url)
    if file is None or not file.is_file():
        return None
    folder = state / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}.db"
    part = copy.with_suffix(".part")
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        raise CourseError(f"the gradebook cannot be copied, so nothing was written (got {error})") from error
    part.replace(copy)
    for old in sorted(folder.glob("*.db"))[:-COPIES_KEPT]:
        old.unlink()
    return copy


def share(coursedir: CourseDirectory) -> None:
    """Let the group write the gradebook of a course that is shared: SQLite makes it for its owner alone.

    Only the owner can; nobody else is stopped by it.
    """
    file = sqlite_file(coursedir.db_url)
    if coursedir.groupshared and file is not None:
        with suppress(PermissionError):
            file.chmod(file.stat().st_mode | stat.S_IRGRP | stat.S_IWGRP)


def is_there(coursedir: CourseDirectory) -> bool:
    """Whether there is a gradebook: who only looks makes none.  Another kind of database is always there."""
    file = sqlite_file(coursedir.db_url)
    return file is None or file.is_file()


def sqlite_file(db_url: str) -> Path | None:
    """The file behind a gradebook's address; None when it is no SQLite file."""
    url = make_url(db_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def is_registered(coursedir: CourseDirectory, assignment: Assignment) -> bool:
    """Whether the gradebook holds the released notebook's cells, with their checksums and points."""
    if not is_there(coursedir):
        return False
    with opened(coursedir) as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment.name, assignment.name)
        except MissingEntry:
            return False
        held = {cell.name: cell.checksum for cell in notebook.source_cells}
        points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    wanted: dict[str, str | None] = {}
    wanted_points: dict[str, float] = {}
    for cell in nbformat.read(assignment.notebook, as_version=4).cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") or mark.get("solution") or mark.get("locked"):
            wanted[mark["grade_id"]] = mark.get("checksum")
        if mark.get("grade"):
            wanted_points[mark["grade_id"]] = float(mark["points"])
    return held == wanted and points == wanted_points


def register(converter: BaseConverter, assignment: Assignment) -> None:
    """Enter the released notebook's cells, as ``generate_assignment --force`` would, leaving release/ alone.

    Only nbgrader's last step is taken (its SaveCells): the released notebook has been through the others.
    """
    coursedir = converter.coursedir
    with opened(coursedir) as gradebook:
        gradebook.update_or_create_assignment(assignment.name)
    notebook = nbformat.read(assignment.notebook, as_version=4)
    names = {"notebook": assignment.name, "assignment": assignment.name, "db_url": coursedir.db_url}
    try:
        SaveCells(parent=converter).preprocess(notebook, {"nbgrader": names})
    except RuntimeError as error:
        raise CourseError(
            f"release/{assignment.name} has other cells than the gradebook knows, and submissions are "
            f"already graded: bring the old release back, or start a new gradebook (got {error})"
        ) from error


def late_penalty(converter: BaseConverter, gradebook: Gradebook, assignment: str, student: str) -> float:
    """The penalty that nbgrader's plug-in gives now, with today's due date, extension and manual points.

    nbgrader itself asks the plug-in at autograding only, when manual points are not known yet.
    """
    submission = gradebook.find_submission(assignment, student)
    notebook = gradebook.find_submission_notebook(assignment, assignment, student)
    return _penalty(converter, gradebook, submission, notebook)


def _penalty(
    converter: BaseConverter,
    gradebook: Gradebook,
    submission: api.SubmittedAssignment,
    notebook: api.SubmittedNotebook,
) -> float:
    late = submission.total_seconds_late
    if late <= 0:
        return 0.0
    step = AssignLatePenalties(parent=converter)
    # the plug-in is not told the assignment: those that ask read it from the step
    step.assignment_id = step.notebook_id = notebook.name
    student = submission.student_id
    step.student_id, step.db_url, step.gradebook = student, converter.coursedir.db_url, gradebook
    step.init_plugin()
    penalty = step.plugin_inst.late_submission_penalty(student, notebook.score, late)
    return 0.0 if penalty is None else float(step._check_late_penalty(notebook, penalty))


def penalties_to_renew(
    converter: BaseConverter, gradebook: Gradebook, assignment: str, students: Iterable[str]
) -> dict[str, float]:
    """By student: the penalty of today's due date and points, where another one is written."""
    new, chosen = {}, frozenset(students)
    for submission, notebook in _handed_in(gradebook, assignment):
        if submission.student_id in chosen:
            penalty = _penalty(converter, gradebook, submission, notebook)
            if penalty != (notebook.late_submission_penalty or 0.0):
                new[submission.student_id] = penalty
    return new


def _handed_in(
    gradebook: Gradebook, assignment: str
) -> Iterator[tuple[api.SubmittedAssignment, api.SubmittedNotebook]]:
    """Every submission with its notebook, by student; one question for the whole class."""
    query = (
        gradebook.db.query(api.SubmittedAssignment, api.SubmittedNotebook)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.Assignment.name == assignment, api.Notebook.name == assignment)
        .order_by(api.SubmittedAssignment.student_id)
    )
    yield from query


def set_penalties(gradebook: Gradebook, assignment: str, penalties: Mapping[str, float]) -> None:
    """Write late penalties; none is written as nbgrader writes it."""
    for student, penalty in penalties.items():
        notebook = gradebook.find_submission_notebook(assignment, assignment, student)
        notebook.late_submission_penalty = penalty or None
    gradebook.db.commit()


def take_flags_off(gradebook: Gradebook, assignment: str, cells: Mapping[str, Iterable[str]]) -> None:
    """Let nbgrader ask nobody to look at these cells (exercises or questions, by student)."""
    for student, names in cells.items():
        notebook = gradebook.find_submission_notebook(assignment, assignment, student)
        for grade in notebook.grades:
            if grade.name.removesuffix("_checks") in names:
                grade.needs_manual_grade = False
    gradebook.db.commit()


def named_in_html(gradebook: Gradebook) -> list[str]:
    """The students whose first or last name would act in nbgrader's pages, which show names as they are."""
    return [
        student.id
        for student in gradebook.students
        if not can_be_shown(f"{student.first_name or ''}{student.last_name or ''}")
    ]
