"""``nbgrader collect`` and the formgrader's button Collect, done by the kit's own collecting.

nbgrader copies what lies in the exchange as it is: it follows links, stops for the whole class at a pipe, at
a folder that is too large or at a name without a time, and takes what one student hands in under another's
name.  Its formgrader then opens each timestamp.txt, whatever that is.  A course that names the class below in
``c.ExchangeFactory.collect`` has none of it.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.exchange.default import ExchangeCollect

from autograder.course import Course, find_course
from autograder.errors import AutograderError
from autograder.grading.collecting import collect
from autograder.grading.nbgrader_plugin.mirror import timestamp_of


class SafeCollect(ExchangeCollect):  # type: ignore[misc]  # nbgrader carries no types
    """Copies the hand-in that counts of each student: plain files only, with the time that its name tells.

    Which one counts is said by ``c.Autograder.attempt``, or by ``--before-duedate``.  Without ``--update``
    the students who have a submission keep it; with it, the one before is put aside, never overwritten.
    """

    def init_src(self) -> None:
        if not self.coursedir.course_id:
            self.fail("No course id specified. Re-run with --course flag.")
        self.inbound_path = Path(self.root) / self.coursedir.course_id / "inbound"
        if not self.inbound_path.is_dir():
            self.fail(f"Course not found: {self.inbound_path}")

    def copy_files(self) -> None:
        assignment = self.coursedir.assignment_id
        try:
            course = self._course()
            there = set() if self.update or self.before_duedate else _there(course, assignment)
            results = collect(
                self.inbound_path,
                course,
                assignment,
                wanted=lambda name: name not in there and fnmatchcase(name, self.coursedir.student_id or "*"),
                check_owner=self.check_owner,
            )
        except AutograderError as error:
            self.fail(str(error))
        for collected in results:
            if collected.counts is not None and self.coursedir.groupshared:
                _share(course.submitted / collected.student)
            (self.log.warning if collected.counts is None else self.log.info)("%s: %s", assignment, collected)
        if there:
            self.log.info("%d have a submission already; --update takes their newer ones", len(there))
        elif not results:
            self.log.warning("No submissions of '%s' in the exchange (%s)", assignment, self.inbound_path)

    def _course(self) -> Course:
        course = find_course(Path(self.coursedir.root))
        if not self.before_duedate:
            return course
        return replace(course, settings=replace(course.settings, attempt="last_before_deadline"))


def _there(course: Course, assignment: str) -> set[str]:
    """The students who have a submission."""
    return {folder.parent.name for folder in course.submitted.glob(f"*/{assignment}")}


def _share(folder: Path) -> None:
    """Let the group of the staff write what is below, as nbgrader does where ``groupshared`` is set."""
    for place, _, files in os.walk(folder):
        for path in (Path(place), *(Path(place) / name for name in files)):
            mode = path.lstat().st_mode
            wanted = mode | (0o2770 if stat.S_ISDIR(mode) else 0o660)
            if not stat.S_ISLNK(mode) and wanted != mode:
                with suppress(PermissionError):  # a colleague's, who shares it or not
                    path.chmod(stat.S_IMODE(wanted))


def _submitted_timestamp(self: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """When it was handed in; None where timestamp.txt is no small plain file that tells a time."""
    coursedir = self.coursedir
    folder = coursedir.format_path(coursedir.submitted_directory, student_id, assignment_id)
    return timestamp_of(Path(folder))


NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
