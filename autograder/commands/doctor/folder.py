"""What the doctor sees of a course folder: may it be written, is the gradebook whole, is the secret kept."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from autograder.commands.doctor.finding import Finding, State
from autograder.course import Course, assignment_names
from autograder.errors import CourseError
from autograder.grading.collecting import SECRET as SUBMISSION_SECRET
from autograder.grading.collecting import TIMESTAMP
from autograder.grading.copying import shown
from autograder.grading.files import mode_inside

GRADEBOOK = "gradebook.db"
SECRET = "course_secret"
LATE_RULES, EXPORTS = "late.toml", "exports"
NAMED = 5


def examine_folder(course: Course) -> list[Finding]:
    """Findings about one course folder."""
    return [
        assignments(course),
        writable(
            [
                course.root,
                course.submitted,
                course.autograded,
                course.feedback,
                course.state,
                course.root / GRADEBOOK,
            ]
        ),
        gradebook(course.root / GRADEBOOK),
        secret(course.state / SECRET),
        marks(course.submitted),
        late_rules(course),
        kept_from_git(
            course.root,
            [
                course.state / SECRET,
                course.root / GRADEBOOK,
                course.submitted,
                course.autograded,
                course.feedback,
                course.private,
                *(path for path in (course.root / EXPORTS, course.root / LATE_RULES) if path.exists()),
            ],
        ),
    ]


def assignments(course: Course) -> Finding:
    """Whether each assignment with hidden checks also has its release and its solutions."""
    names = assignment_names(course)
    if not names:
        remedy = (
            f"An assignment a needs {course.settings.checks}/test_a.py, source/a/a.ipynb and solutions/a.py."
        )
        return Finding("assignments", State.WARNING, "none", remedy)
    lacking = [
        str(path.relative_to(course.root))
        for name in names
        for path in (course.release / name / f"{name}.ipynb", course.solutions / f"{name}.py")
        if not path.is_file()
    ]
    if lacking:
        remedy = "Run autograder release for a missing release; write what else is missing."
        return Finding("assignments", State.PROBLEM, f"missing: {', '.join(lacking)}", remedy)
    return Finding("assignments", State.OK, ", ".join(names))


def marks(submitted: Path) -> Finding:
    """Whether the time of each hand-in can be read: without one nobody is late."""
    # imported here: nbgrader takes a second
    from autograder.grading.nbgrader_plugin.mirror import timestamp_of

    odd = []
    for folder in sorted(submitted.glob("*/*")):
        for name in (TIMESTAMP, SUBMISSION_SECRET):
            file = folder / name
            if os.path.lexists(file) and (
                not stat.S_ISREG(file.lstat().st_mode) or (name == TIMESTAMP and timestamp_of(folder) is None)
            ):
                odd.append(shown(str(file.relative_to(submitted))))
    if odd:
        seen = f"{len(odd)} cannot be read as a time or a plain file: {', '.join(odd[:NAMED])}"
        remedy = (
            "Write the time there, in UTC, or move the file away: without a time nobody is late. "
            "A course that does not set c.ExchangeFactory.collect must do so before it opens the formgrader."
        )
        return Finding("times of handing in", State.PROBLEM, seen, remedy)
    return Finding("times of handing in", State.OK, "can be read")


def late_rules(course: Course) -> Finding:
    """Whether late.toml is right: a mistake in it stops every grading."""
    if not (course.root / LATE_RULES).exists():
        return Finding("late rules", State.OK, f"no {LATE_RULES}")
    # imported here: nbgrader takes a second
    from autograder.grading.nbgrader_plugin.renewing import check

    try:
        named = check(course)
    except CourseError as error:
        remedy = "Put that line right; docs/instructor.md shows what the file can say."
        return Finding("late rules", State.PROBLEM, str(error), remedy)
    return Finding("late rules", State.OK, f"for {', '.join(named) or 'no assignment'}")


def writable(folders: Sequence[Path]) -> Finding:
    """Whether grading may write into those of ``folders`` that exist."""
    closed = [
        place.name  # the gradebook, too, is among them
        for place in folders
        if place.exists() and not os.access(place, os.W_OK | (os.X_OK if place.is_dir() else 0))
    ]
    if closed:
        remedy = "Give yourself the right to write there (chmod, chown), or copy the course elsewhere."
        return Finding("folder", State.PROBLEM, f"not writable: {', '.join(closed)}", remedy)
    return Finding("folder", State.OK, "writable")


def gradebook(file: Path) -> Finding:
    """Whether the gradebook is whole.

    nbgrader writes its tables first and the version of its schema last, by calling alembic; when
    that call failed the gradebook is half made, and later calls do not notice.
    """
    if not file.exists():
        return Finding("gradebook", State.OK, "none yet: it is made at the first grading")
    restore = "Restore the newest whole copy from .autograder/backups, or move the file away and grade again."
    if file.stat().st_size == 0:
        return Finding("gradebook", State.PROBLEM, "empty file", "Remove it: nbgrader makes a new one.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=2)) as database:
            health = database.execute("PRAGMA quick_check(1)").fetchone()[0]
            tables = {
                row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            version = None
            if "alembic_version" in tables:
                version = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        remedy = "Close the formgrader and other programs that use the gradebook, then try again."
        return Finding("gradebook", State.PROBLEM, f"cannot be read: {error}", remedy)
    except sqlite3.DatabaseError as error:
        return Finding("gradebook", State.PROBLEM, f"damaged: {error}", restore)
    if health != "ok":
        return Finding("gradebook", State.PROBLEM, f"damaged: {health}", restore)
    if version is None or not {"assignment", "grade", "student"} <= tables:
        return Finding("gradebook", State.PROBLEM, "half made: it has no schema version", restore)
    return Finding("gradebook", State.OK, f"whole, {file.stat().st_size / 2**20:.1f} MiB")


def secret(file: Path) -> Finding:
    """Whether the course secret, which hidden inputs are drawn with, is for its owner or the staff alone."""
    if not file.exists():
        return Finding("course secret", State.OK, "none yet: it is made at the first grading")
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077 & ~mode_inside(file.parent):
        remedy = f"Run: chmod {mode_inside(file.parent):o} {file.parent.name}/{file.name}."
        return Finding("course secret", State.WARNING, f"others may read it (mode {mode:o})", remedy)
    return Finding("course secret", State.OK, "there; keep a backup of it with the gradebook")


def kept_from_git(root: Path, private: Sequence[Path]) -> Finding:
    """Whether git neither holds nor would add what must not leave the instructor's machine."""
    inside = [str(path.relative_to(root)) for path in private if path.is_relative_to(root)]
    if _git(root, "rev-parse", "--is-inside-work-tree") is None:
        return Finding("git", State.OK, "the course is in no git repository")
    held = (_git(root, "ls-files", "--", *inside) or "").split("\n")
    if held != [""]:
        more = f" and {len(held) - 1} more" if len(held) > 1 else ""
        remedy = (
            "Run git rm --cached on it; if it was pushed, make a new secret and tell the students concerned."
        )
        return Finding("git", State.PROBLEM, f"committed: {held[0]}{more}", remedy)
    ignored = set(
        (_git(root, "check-ignore", "--", *(f"{name}/x" for name in inside), *inside) or "").split("\n")
    )
    open_ = [name for name in inside if name not in ignored and f"{name}/x" not in ignored]
    if open_:
        remedy = f"Add to .gitignore: {' '.join(f'/{name}' for name in open_)}."
        return Finding("git", State.PROBLEM, f"not ignored: {', '.join(open_)}", remedy)
    return Finding("git", State.OK, "secret, gradebook, submissions and private checks are ignored")


def _git(root: Path, *arguments: str) -> str | None:
    """Git's answer, without its last line end; None when it says no or is not installed."""
    with contextlib.suppress(FileNotFoundError):
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else None
    return None
