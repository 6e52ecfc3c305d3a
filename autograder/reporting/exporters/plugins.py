"""nbgrader's export plug-ins: ``nbgrader export --exporter=autograder.reporting.exporters.PlainCsv``.

They write what ``autograder export`` writes; ``--to`` names the file, and a sheet is named as in
``--MoodleWorksheet.sheet=Grades.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Float, Unicode

from autograder.course import assignment_names, find_assignment, find_course
from autograder.errors import AutograderError, CourseError
from autograder.grading.files import write_whole
from autograder.lms.opening import read_file
from autograder.lms.sheets import Kind, read_sheet
from autograder.lms.students import read_students
from autograder.reporting.account import sentences
from autograder.reporting.exporters.grades import Chosen, class_lines, fill_sheet, must_not_name_another
from autograder.reporting.filling import Wish
from autograder.reporting.plain import Line, as_csv, as_json


def _names(values: Iterable[object]) -> list[str]:
    """Names as they are typed: ``--assignment a``, and ``--assignment [a,b]`` of nbgrader's own help."""
    texts = (text for value in values for text in str(value).strip("[] ").split(","))
    return [name for name in (text.strip("'\" ") for text in texts) if name]


class _Grades(ExportPlugin):  # type: ignore[misc]  # nbgrader carries no types
    """What all of them have in common."""

    with_waiting = Bool(False, help="Also grades that wait for a person to grade an answer.").tag(config=True)
    students = Unicode("", help="A list of students (CSV) beside the gradebook's.").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; a mistake of the user's ends the command with one sentence."""
        try:
            self.write()
        except AutograderError as error:
            self.parent.fail("%s", error)

    def write(self) -> None:
        """Write the file."""
        raise NotImplementedError

    def lines(self) -> list[Line]:
        """The class, in each assignment that was asked for."""
        course = find_course(Path(self.parent.coursedir.root))
        list_ = read_file(Path(self.students), read_students) if self.students else []
        chosen = Chosen(self.with_waiting, _names(self.student), list_)
        names = _names(self.assignment) or assignment_names(course)
        return [line for name in names for line in class_lines(course, name, chosen, app=self.parent)]

    def asked_for(self) -> list[Line]:
        """The lines of those students alone whom ``--student`` names."""
        only = _names(self.student)
        return [line for line in self.lines() if not only or line.person.student in only]

    def save(self, content: bytes, otherwise: str) -> None:
        """Write the file that ``--to`` names."""
        target = Path(self.to or otherwise)
        write_whole(target, content)
        self.log.warning("Written: %s", target)


class PlainCsv(_Grades):
    """Plain CSV with the points of each exercise."""

    def write(self) -> None:
        lines = self.asked_for()
        self.save(as_csv(lines, [name for line in lines for name in line.points]), "grades.csv")


class PlainJson(_Grades):
    """The same as JSON."""

    def write(self) -> None:
        self.save(as_json(self.asked_for()), "grades.json")


class _Sheet(_Grades):
    """A downloaded sheet with our column filled; every other byte stays."""

    kind: Kind

    sheet = Unicode("", help="The sheet as it was downloaded.").tag(config=True)
    column = Unicode("", help="The column, where its name does not show.").tag(config=True)
    scale = Bool(False, help="Convert points where the sheet's maximum is another one.").tag(config=True)
    maximum = Float(None, allow_none=True, help="The maximum, where the sheet does not tell it.").tag(
        config=True
    )

    def write(self) -> None:
        course = find_course(Path(self.parent.coursedir.root))
        names = _names(self.assignment)
        if not self.sheet or len(names) != 1:
            raise CourseError(
                f"name one assignment with --assignment and the sheet with --{type(self).__name__}.sheet "
                f"(got {', '.join(names) or 'no assignment'} and {self.sheet or 'no sheet'})"
            )
        source = Path(self.sheet)
        assignment = find_assignment(course, names[0])
        must_not_name_another(assignment_names(course), assignment.name, source.name)
        sheet = read_file(source, read_sheet)
        filled = fill_sheet(course, self.lines(), sheet, Wish(self.column, self.scale, self.maximum))
        if sheet.kind is not self.kind:
            raise CourseError(f"this is not {self.kind.value} (got {sheet.kind.value})")
        target = Path(self.to or f"{source.stem}-filled{source.suffix}")
        if target.resolve() == source.resolve():
            raise CourseError(
                f"the sheet itself is not written over: name another file with --to (got {target})"
            )
        self.save(filled.content, str(target))
        for sentence in sentences(filled):
            self.log.warning("%s", sentence)


class MoodleWorksheet(_Sheet):
    """Moodle's offline grading worksheet."""

    kind = Kind.WORKSHEET


class MoodleGradebook(_Sheet):
    """Moodle's gradebook, exported as CSV."""

    kind = Kind.MOODLE


class CanvasGradebook(_Sheet):
    """Canvas' gradebook, exported as CSV."""

    kind = Kind.CANVAS
