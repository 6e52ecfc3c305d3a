"""The feedback page through nbgrader: ``nbgrader generate_feedback`` and our own command write the same file.

Points come from the gradebook, so that what a person decided counts; sentences come from the Report
under which the autograded copy was written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.api import Grade, SubmittedNotebook
from nbgrader.converters import BaseConverter, GenerateFeedback
from nbgrader.converters.base import NbGraderException

from autograder.course import Course, assignment_names, find_assignment, find_course
from autograder.errors import AutograderError, CourseError
from autograder.grading import headings, store
from autograder.grading.collecting import SECRET, TIMESTAMP
from autograder.grading.content import hash_text
from autograder.grading.copying import read_plain_file
from autograder.grading.nbgrader_plugin import due_dates, gradebook
from autograder.grading.nbgrader_plugin.listing import student_of
from autograder.grading.nbgrader_plugin.recorded import MARK, AutogradedCopy, copy_in
from autograder.grading.nbgrader_plugin.running import running
from autograder.grading.nbgrader_plugin.submissions import clone
from autograder.grading.report import Report
from autograder.grading.rubrics import expanded, read_rubrics
from autograder.grading.secret import course_secret
from autograder.reporting.exporters.received import received
from autograder.reporting.exporters.told import Told, dated, read_told, write_told
from autograder.reporting.feedback import ManualGrade, feedback_page

UNANSWERED = "This question was left unanswered."


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]  # nbconvert carries no types
    """nbgrader's exporter of feedback; a notebook that the kit did not grade gets nbgrader's own page."""

    def __init__(self, config: Any = None, **kw: Any) -> None:
        super().__init__(config=config, **kw)
        if isinstance(self.parent, GenerateFeedback):
            # a page is made from the gradebook of this minute: an older one is never right
            self.parent.force = True
            coursedir = self.parent.coursedir
            course = find_course(Path(coursedir.root))
            try:
                due_dates.enter(coursedir, course)
            except AutograderError as error:
                self.parent.log.error("%s", error)
                raise NbGraderException(str(error)) from error
            if coursedir.assignment_id in assignment_names(course):
                # the page needs no other file; nbgrader would hand out all that lies beside the notebook
                self.parent.coursedir = clone(coursedir, ignore=[*coursedir.ignore, "*"])

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, ResourcesDict]:
        if not nb.metadata.get(MARK, {}).get("report") or not isinstance(self.parent, GenerateFeedback):
            by_nbgrader: tuple[str, ResourcesDict] = super().from_notebook_node(nb, resources, **kw)
            return by_nbgrader
        resources = self._init_resources(resources)
        names = resources["nbgrader"]
        try:
            page = page_of(self.parent, names["assignment"], names["student"], copy_in(nb))
        except AutograderError as error:
            raise NbGraderException(str(error)) from error
        write_told(_course(self.parent).state, names["assignment"], names["student"], page.told)
        _put_marks(self.parent, names["assignment"], names["student"])
        return page.html, resources


def _put_marks(converter: BaseConverter, assignment: str, student: str) -> None:
    """The two files that ``nbgrader release_feedback`` reads beside each page.

    Where one was not handed in, or is no text, there is a stand-in: without it the release stops for the
    whole class.
    """
    key = course_secret(_course(converter).state)
    stand_in = hashlib.blake2b(f"{assignment} {student}".encode(), key=key).hexdigest().encode()
    source = Path(converter._format_source(assignment, student))
    target = Path(converter._format_dest(assignment, student))
    target.mkdir(parents=True, exist_ok=True)
    for name, otherwise in ((TIMESTAMP, b""), (SECRET, stand_in)):
        content = read_plain_file(source / name) or b""
        (target / name).write_bytes(content if content and content.isascii() else otherwise)


@dataclass(frozen=True)
class Page:
    """A feedback page, and what it tells; ``before`` is what the student's last one told."""

    html: str
    told: Told
    before: Told | None


def page_of(converter: BaseConverter, assignment_name: str, student: str, graded: AutogradedCopy) -> Page:
    """The feedback page of one student, whose grades were written with this autograded copy.

    Raises CourseError when the store does not have the Report any more that the grades were written from.
    """
    course = _course(converter)
    assignment = find_assignment(course, assignment_name)
    report = store.get(course.state, graded.report)
    if report is None:
        raise CourseError(
            f"the Report is not in the store any more: grade {assignment_name} again (got {student})"
        )
    with gradebook.opened(converter.coursedir) as book:
        notebook = book.find_submission_notebook(assignment_name, assignment_name, student)
        decided = decisions(notebook, report, read_rubrics(course, assignment).comments)
        penalty = gradebook.late_penalty(converter, book, assignment_name, student)
        at = book.find_submission(assignment_name, student).timestamp
    before = read_told(course.state, assignment_name, student)
    decided = dated(decided, before, date.today())
    cells = nbformat.read(assignment.notebook, as_version=4).cells
    coursedir = converter.coursedir
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment_name))
    html = feedback_page(
        report.of(student),
        manual=decided,
        late_penalty=penalty,
        title=headings.title(cells) or assignment_name,
        sections={name: str(section) for name, section in headings.sections(cells).items()},
        received=received(folder, assignment, report, recorded=graded.sha256, at=at),
    )
    return Page(html, Told(hash_text(html), graded.report, penalty, tuple(decided)), before)


def decisions(
    notebook: SubmittedNotebook, report: Report, codes: Mapping[str, str] = MappingProxyType({})
) -> list[ManualGrade]:
    """What the gradebook says beyond the checks: points given by hand, and comments.

    ``codes`` are the sentences that a ``#code`` in a comment stands for.
    """
    comments = {comment.name: comment for comment in notebook.comments}
    found = []
    for grade in notebook.grades:
        name = grade.name.removesuffix("_checks")
        comment = comments.get(name) or comments.get(grade.name)
        written = expanded((comment.manual_comment or "") if comment is not None else "", codes)
        if name in report.exercises:
            found.append(ManualGrade(name, _points_by_hand(grade), float(grade.max_score), written))
        else:
            waiting = grade.manual_score is None and grade.auto_score is None
            unanswered = grade.manual_score is None and grade.auto_score is not None
            text = written or (UNANSWERED if unanswered else "")
            points = None if waiting else float(grade.score)
            found.append(ManualGrade(grade.name, points, float(grade.max_score), text))
    return found


def write_feedback(
    course: Course, assignment_name: str, students: Collection[str] | None = None
) -> list[Path]:
    """Write the feedback pages of an assignment, as ``nbgrader generate_feedback`` would.

    Args:
        course: where gradebook, autograded copies and settings lie.
        assignment_name: the assignment.
        students: whose pages; None for everyone who is graded.
    Returns:
        The pages written, in order of the students' names.
    Raises:
        CourseError: there is nobody to write for, or a page could not be written.
    """
    gradebook.put_environment_on_path()
    with running(course, assignment_name) as app:
        converter = ChosenFeedback(coursedir=app.coursedir, parent=app)
        converter.chosen = None if students is None else frozenset(students)
        try:
            converter.start()
        except NbGraderException as error:
            raise CourseError(f"not every feedback page could be written: {error}") from error
    folders = [converter._format_dest(assignment_name, student) for student in sorted(converter.wanted())]
    return [Path(folder) / f"{assignment_name}.html" for folder in folders]


class ChosenFeedback(GenerateFeedback):  # type: ignore[misc]  # nbgrader carries no types
    """nbgrader's GenerateFeedback for the students that a command names."""

    chosen: Collection[str] | None = None

    assignments: dict[str, list[str]]

    def init_notebooks(self) -> None:
        super().init_notebooks()
        wanted = self.wanted()
        self.assignments = {folder: self.assignments[folder] for folder in wanted.values()}

    def wanted(self) -> dict[str, str]:
        """The folder of each student who is graded and chosen."""
        folders = {student_of(self, folder): str(folder) for folder in self.assignments}
        return {name: at for name, at in folders.items() if self.chosen is None or name in self.chosen}


def _course(converter: BaseConverter) -> Course:
    return find_course(Path(converter.coursedir.root))


def _points_by_hand(grade: Grade) -> float | None:
    """The points that a person gave to an exercise, extra points included; None when the checks decide."""
    if grade.manual_score is None and not grade.extra_credit:
        return None
    return float(grade.score)
