"""What stands between the students' files and nbgrader: it sees clean copies of graded submissions only.

nbgrader builds ``c.Autograde.exporter_class`` after it has listed the submissions and before it opens
any of their files; ``CleanSubmissions`` uses that moment.  Nothing here changes a student's folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Assignment, Course, find_course
from autograder.errors import AutograderError, CourseError
from autograder.grading.nbgrader_plugin import due_dates, gradebook, mirror
from autograder.grading.nbgrader_plugin.graded import Graded, grade_folders
from autograder.grading.nbgrader_plugin.in_notebook import assignment_called, notebooks_of
from autograder.grading.nbgrader_plugin.listing import left_out, list_every_folder, listed
from autograder.grading.nbgrader_plugin.planning import Plan, sort_out
from autograder.grading.nbgrader_plugin.recorded import recorded_key, texts_of
from autograder.grading.nbgrader_plugin.verdicts import WriteVerdicts
from autograder.grading.report import Report


class CleanSubmissions(NotebookExporter):  # type: ignore[misc]  # nbconvert carries no types
    """nbgrader's exporter of autograded notebooks, with the intake before it and the Reports in it."""

    def __init__(self, config: Any = None, **kw: Any) -> None:
        super().__init__(config=config, **kw)
        self.optimistic_validation = True  # once at the end, instead of after each of nine steps
        self.plan = Plan()
        if isinstance(self.parent, Autograde):
            try:
                self.plan = prepare(self.parent)
            except (AutograderError, SQLAlchemyError) as error:
                told = gradebook.unusable(error) if isinstance(error, SQLAlchemyError) else error
                self.parent.log.error("%s", told)
                raise NbGraderException(str(told)) from error


def prepare(converter: Autograde) -> Plan:
    """Grade what the converter listed, mirror what is to be written, and let it see nothing else.

    Raises AutograderError when nothing can be done at all; one student's accident never does.
    """
    coursedir = converter.coursedir
    course = find_course(Path(coursedir.root))
    assignment = assignment_called(course, coursedir, converter.config, coursedir.assignment_id)
    stand_in_for_execute(converter)
    due_dates.enter(coursedir, course)  # a mistake in late.toml is told before anything is graded
    folders = listed(converter)
    for sentence in left_out(converter):
        converter.log.error("%s", sentence)
    converter.log.info("Grading %d submissions of %s", len(folders), assignment.name)
    known: Mapping[str, Report] = getattr(converter, "reports", {})
    graded = sorted(grade_folders(course, assignment, folders, known), key=lambda item: item.student)
    gradebook.put_environment_on_path()
    plan = sort_out(converter, course, assignment, graded)
    _write_gradebook(converter, course, assignment, plan)
    due_dates.enter_after(converter, course)
    _show_mirror(converter, course, assignment, plan)
    _tell(converter, plan)
    _finish_after(converter, plan)
    return plan


def _write_gradebook(converter: Autograde, course: Course, assignment: Assignment, plan: Plan) -> None:
    """Copy the gradebook before the first write; enter the assignment; bring late penalties up to date."""
    coursedir = converter.coursedir
    penalties: dict[str, float] = {}
    if plan.unchanged and not assignment.notebooks:
        with gradebook.opened(coursedir) as book:
            penalties = gradebook.penalties_to_renew(converter, book, assignment.name, plan.unchanged)
    if not plan.write and not penalties:
        return
    before = getattr(converter, "before", None)
    if before is None or not before.written:  # one copy for each run: they are kept by number
        gradebook.keep_copy(coursedir, course.state)
    if not assignment.notebooks:
        if not gradebook.is_registered(coursedir, assignment):
            gradebook.register(converter, assignment)
            due_dates.enter(coursedir, course)
        with gradebook.opened(coursedir) as book:
            gradebook.set_penalties(book, assignment.name, penalties)
    gradebook.share(coursedir)


def _show_mirror(converter: Autograde, course: Course, assignment: Assignment, plan: Plan) -> None:
    """Write the clean copies and point the converter at them, and at nothing else."""
    original = converter.coursedir
    # relative to the course: nbgrader reads an absolute folder as a regular expression
    folder = os.path.relpath(course.state / "mirror", original.root)
    # beside each notebook nbgrader puts the files of the "source": here those that students were given
    converter.coursedir = clone(
        original, submitted_directory=folder, source_directory=original.release_directory
    )
    shown = {}
    for item in plan.write.values():
        copy = converter._format_source(assignment.name, item.student)
        notebooks = _notebooks(item)
        mirror.write_copy(Path(copy), item.original, assignment, notebooks)
        if not assignment.notebooks:
            plan.note_for_staff(item, texts_of(notebooks[assignment.name]))
        shown[copy] = [str(Path(copy) / f"{name}.ipynb") for name in notebooks]
    converter.assignments = shown
    converter.force = True  # nbgrader passes over what is graded already; only what changed is left here


def _notebooks(item: Graded) -> dict[str, NotebookNode]:
    if item.assignment.notebooks:
        return notebooks_of(item)
    notebook = item.intake.notebook
    if notebook is None:
        notebook = mirror.in_place_of_unreadable(item.assignment, item.report.unreadable)
    return {item.assignment.name: notebook}


def stand_in_for_execute(converter: Autograde) -> None:
    """Where a course has left nbgrader's own step in its list, ours takes its place.

    No student's code is ever run by nbgrader itself.  Raises CourseError where neither is in the list.
    """
    execute = (Execute, "nbgrader.preprocessors.Execute", "nbgrader.preprocessors.execute.Execute")
    steps = [WriteVerdicts if step in execute else step for step in converter.autograde_preprocessors]
    ours = (WriteVerdicts, f"{WriteVerdicts.__module__}.{WriteVerdicts.__name__}")
    if not any(step in ours for step in steps):
        raise CourseError(
            f"c.Autograde.autograde_preprocessors has to hold {ours[1]} (got {len(steps)} others)"
        )
    converter.autograde_preprocessors = steps


def _tell(converter: Autograde, plan: Plan) -> None:
    """One sentence per surprise on the log, before anything is written."""
    log = converter.log
    if plan.unchanged:
        log.info("%d submissions are unchanged: their grades stay as they are", len(plan.unchanged))
    for student in plan.named_in_html if getattr(converter, "before", None) is None else ():
        log.error(
            "nbgrader's pages would run the HTML in the name of %s: correct it with nbgrader db student add",
            student,
        )
    for student, reason in plan.unreadable.items():
        log.warning("%s has no points, because the submission could not be read: %s", student, reason)


def _finish_after(converter: Autograde, plan: Plan) -> None:
    """Once nbgrader has written: flags that nobody needs are taken off; a missing grade ends in an error."""
    convert, assignment = converter.convert_notebooks, converter.coursedir.assignment_id

    def convert_and_finish() -> None:
        # nbgrader calls this after the exporter is built; raising earlier would stop the others
        try:
            convert()
        finally:
            _take_flags_off(converter, plan)
            for student, reason in plan.broken.items():
                converter.log.error("%s was not graded and keeps the old grade: %s", student, reason)
        if plan.broken:
            raise NbGraderException(f"{assignment}: not graded, a fault of the kit: {', '.join(plan.broken)}")

    converter.convert_notebooks = convert_and_finish


def _take_flags_off(converter: Autograde, plan: Plan) -> None:
    """nbgrader asks to look again at all points by hand; here only where something has changed below them."""
    coursedir = converter.coursedir
    standing = {
        student: staff.carried.standing
        for student, staff in plan.staff.items()
        if recorded_key(coursedir, coursedir.assignment_id, student) == plan.write[student].key
    }
    if any(standing.values()):
        with gradebook.opened(coursedir) as book:
            gradebook.take_flags_off(book, coursedir.assignment_id, standing)


def clone(coursedir: CourseDirectory, **changes: Any) -> CourseDirectory:
    """The same course with other settings; the formgrader goes on using the original object."""
    values = {name: getattr(coursedir, name) for name in coursedir.trait_names(config=True)}
    return type(coursedir)(**{**values, **changes})


list_every_folder(
    CleanSubmissions
)  # nbgrader imports this file when it builds its converter, before it lists
