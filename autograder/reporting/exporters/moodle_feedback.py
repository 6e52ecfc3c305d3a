"""The feedback pages in one zip, named as Moodle's "Upload multiple feedback files in a zip" reads them.

Moodle takes ``<full name>_<number>_assignfeedback_file_<file>``: it looks for the number of the participant
behind the first underscore, so that a name must hold none.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

from autograder.course import Course
from autograder.errors import CourseError
from autograder.lms.cells import SheetError
from autograder.lms.headers import Field
from autograder.lms.sheets import Kind, Sheet, participant
from autograder.reporting.exporters.feedback import write_feedback

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|_\x00-\x1f]+')


def pack_feedback(
    course: Course, assignment: str, sheet: Sheet, rows: Mapping[str, int], students: Sequence[str]
) -> bytes:
    """Make the pages of these students anew, and pack those that the sheet has a row for.

    Raises CourseError when there is no page to pack, SheetError for another sheet than Moodle's worksheet.
    """
    if sheet.kind is not Kind.WORKSHEET:
        raise SheetError(
            f"feedback files need the numbers of Moodle's grading worksheet: give it with --sheet "
            f"(got {sheet.kind.value})"
        )
    wanted = [student for student in students if student in rows]
    if not wanted:
        raise CourseError(f"there is no feedback to pack: nobody is graded yet (got {assignment})")
    pages = write_feedback(course, assignment, wanted)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, page in zip(sorted(wanted), pages, strict=True):
            archive.write(page, name_of(sheet, rows[student], f"{assignment}.html"))
    return file.getvalue()


def name_of(sheet: Sheet, row: int, file: str) -> str:
    """The name of one student's file in the zip."""
    names = [sheet.value(row, column) for column in sheet.fields.get(Field.NAME, ())]
    name = " ".join(_NOT_IN_NAMES.sub(" ", " ".join(names)).split()) or "Participant"
    return f"{name}_{participant(sheet, row)}_assignfeedback_file_{file}"
