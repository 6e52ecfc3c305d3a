"""From a folder of hand-ins to submitted/<student>/<assignment>: which one counts, and a safe copy of it.

Only plain files are copied, no link is followed, and nothing of a student's is lost.  Grading is somebody
else's, as are downloads of Moodle and Canvas (``downloads``).
"""

from __future__ import annotations

import os
import pwd
import re
import stat
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.copying import shown
from autograder.grading.late import read_late_rules
from autograder.grading.placing import SECRET, TIMESTAMP, Collected, HandIn, is_name, place, time_of

__all__ = ["SECRET", "TIMESTAMP", "Collected", "HandIn", "choose", "collect", "deadlines", "due_date"]


def collect(
    inbound: Path,
    course: Course,
    assignment_name: str,
    *,
    deadline: datetime | None = None,
    wanted: Callable[[str], bool] = lambda student: True,
    check_owner: bool = False,
) -> list[Collected]:
    """Copy the hand-in that counts of each student to ``submitted/``.

    Args:
        inbound: a folder of folders ``<student>+<assignment>+<time>`` or ``…+<time>+<anything>``, as
            nbgrader's exchange names them; times are UTC.
        course: whose ``attempt`` setting says which of several counts.
        assignment_name: hand-ins of other assignments are left alone.
        deadline: for everybody, UTC where it names no zone; None for those of late.toml, or for the due date
            in the gradebook, if there is one.
        wanted: of which students.
        check_owner: leave out a folder that another user made than the one whose name it has.
    Returns:
        One Collected per wanted student and per folder that fits no student, by name.
    Raises:
        CourseError: ``inbound`` is no folder that can be read, or late.toml has a mistake.
    """
    deadline_of = deadlines(course, assignment_name, deadline)
    handed_in, results = _hand_ins(inbound, assignment_name, wanted, check_owner=check_owner)
    by_student: dict[str, list[HandIn]] = {}
    for item in handed_in:
        by_student.setdefault(item.student, []).append(item)
    for student, items in by_student.items():
        due = deadline_of(student)
        counts, why = choose(items, course.settings.attempt, due)
        late = due is not None and counts.time > due
        results.append(place(course, assignment_name, counts, why=why, late=late))
    return sorted(results, key=lambda collected: collected.student)


def deadlines(
    course: Course, assignment_name: str, deadline: datetime | None = None, *, grace: bool = True
) -> Callable[[str], datetime | None]:
    """Until when each student hands in without being late, an extension included, with the grace or without.

    Raises CourseError for a mistake in late.toml.
    """
    if deadline is not None:
        fixed = deadline.replace(tzinfo=UTC) if deadline.tzinfo is None else deadline
        return lambda _: fixed
    rule = read_late_rules(course).rules.get(assignment_name)
    if rule is not None:
        return rule.in_time_until if grace else rule.deadline_of
    due = due_date(course, assignment_name)
    return lambda _: due


def choose(items: Sequence[HandIn], attempt: str, deadline: datetime | None) -> tuple[HandIn, str]:
    """Which of a student's hand-ins counts, and why in a few words ("" where there was no choice)."""
    ordered = sorted(items, key=lambda item: (item.time, item.folder.name))
    if len(ordered) == 1:
        return ordered[0], ""
    if attempt == "first":
        return ordered[0], f"the first of {len(ordered)} counts"
    if attempt == "last_before_deadline" and deadline is not None:
        in_time = [item for item in ordered if item.time <= deadline]
        if in_time:
            return in_time[-1], f"the last of {len(ordered)} before the deadline counts"
        return ordered[-1], f"the last of {len(ordered)} counts, none was before the deadline"
    return ordered[-1], f"the last of {len(ordered)} counts"


def due_date(course: Course, assignment_name: str) -> datetime | None:
    """The due date in the gradebook, in UTC; None where there is no gradebook yet or no date in it."""
    # imported here: nbgrader takes a second to import, and tests of the rest need no gradebook
    from autograder.grading.nbgrader_plugin import gradebook
    from autograder.grading.nbgrader_plugin.running import running

    with running(course) as app:
        if not gradebook.is_there(app.coursedir):
            return None
        with gradebook.opened(app.coursedir) as book:
            dates = [item.duedate for item in book.assignments if item.name == assignment_name]
    return dates[0].replace(tzinfo=UTC) if dates and dates[0] is not None else None


def _hand_ins(
    inbound: Path, assignment: str, wanted: Callable[[str], bool], *, check_owner: bool
) -> tuple[list[HandIn], list[Collected]]:
    pattern = re.compile(rf"(?P<student>.+)\+{re.escape(assignment)}\+(?P<time>[^+]+)(?:\+.*)?", re.DOTALL)
    try:
        entries = sorted(os.scandir(inbound), key=lambda entry: entry.name)
    except OSError as error:
        raise CourseError(
            f"the folder of hand-ins cannot be read (got {inbound}: {error.strerror})"
        ) from None
    found, odd = [], []
    for entry in entries:
        parts = pattern.fullmatch(entry.name)
        if parts is None or not wanted(parts["student"]):
            continue
        student = parts["student"]
        try:
            about = entry.stat(follow_symlinks=False)
        except FileNotFoundError:  # its student may take it away at any moment
            continue
        someone = _someone_else(about, student) if check_owner else None
        if not stat.S_ISDIR(about.st_mode):
            odd.append(Collected(shown(student), None, remarks=(f"{shown(entry.name)} is no folder.",)))
        elif not is_name(student):
            odd.append(Collected(shown(student), None, remarks=("This is no name that a folder can have.",)))
        elif someone is not None:
            said = f"{shown(entry.name)} was handed in by {someone}, under this name; ask both."
            odd.append(Collected(student, None, remarks=(said,)))
        else:
            found.append(_dated(entry, about, student, parts["time"]))
    return found, odd


def _someone_else(about: os.stat_result, student: str) -> str | None:
    """The user who made the folder, where that is neither the student, nor root, nor whoever collects.

    None, too, where no user of this machine has the student's name: then names of users say nothing.
    """
    try:
        students_own = pwd.getpwnam(student).pw_uid
    except (KeyError, ValueError):
        return None
    owner = about.st_uid
    if owner in (students_own, 0, os.geteuid()):
        return None
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return f"the user of number {owner}"


def _dated(entry: os.DirEntry[str], about: os.stat_result, student: str, named: str) -> HandIn:
    """The hand-in, with the time in its name; the folder's own where the name tells none."""
    told = time_of(named)
    if told is not None:
        return HandIn(student, Path(entry.path), told)
    own = datetime.fromtimestamp(about.st_mtime, UTC)
    odd = f"The name {shown(entry.name)} tells no time that can be read; the folder's own is taken."
    return HandIn(student, Path(entry.path), own, remarks=(odd,))
