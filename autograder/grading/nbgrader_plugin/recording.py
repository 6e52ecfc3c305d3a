"""Recording a class from our own command: nbgrader's converter, in this process, with the course's settings.

Does nothing that ``nbgrader autograde`` would not do; it only chooses students and says what became of each.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.preprocessors import CheckCellMetadata
from nbgrader.utils import setenv
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from autograder.course import Assignment, Course
from autograder.errors import CourseError
from autograder.grading.nbgrader_plugin import gradebook
from autograder.grading.nbgrader_plugin.connection import one_connection
from autograder.grading.nbgrader_plugin.in_notebook import assignment_called
from autograder.grading.nbgrader_plugin.planning import Plan
from autograder.grading.nbgrader_plugin.recorded import held, looks_wanted, written_from
from autograder.grading.nbgrader_plugin.running import running
from autograder.grading.nbgrader_plugin.submissions import CleanSubmissions
from autograder.grading.overrides import Override
from autograder.grading.report import Report


@dataclass(frozen=True)
class Recorded:
    """Students whose grades were written, those that were up to date already, and those without a new grade.

    ``unreadable`` (graded with zero, so also among the written or unchanged) and ``broken`` (the old
    grade stays) hold a sentence per student; ``again`` the points by hand that want another look.
    """

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)
    again: Mapping[str, tuple[Override, ...]] = field(default_factory=dict)

    def and_then(self, more: Recorded) -> Recorded:
        """What was recorded of other students after that, with this."""
        return Recorded(
            written=self.written + more.written,
            unchanged=self.unchanged + more.unchanged,
            unreadable={**self.unreadable, **more.unreadable},
            broken={**self.broken, **more.broken},
            again={**self.again, **more.again},
        )


class ChosenSubmissions(Autograde):  # type: ignore[misc]  # nbgrader carries no types
    """nbgrader's Autograde for the students that a command names; ``reports`` holds those already made.

    ``before`` is what the same run has recorded of other students, None at its beginning.
    """

    chosen: Collection[str] | None = None
    reports: Mapping[str, Report] = {}
    before: Recorded | None = None
    save: Callable[[], None] = staticmethod(lambda: None)
    """Makes durable what was written so far."""

    def init_notebooks(self) -> None:
        """List nothing: the exporter lists submissions, also those in which nbgrader sees no notebook."""
        self.assignments: dict[str, list[str]] = {}
        self.notebooks: list[str] = []

    def _init_preprocessors(self) -> None:
        """All steps but the one that holds cells' marks against nbgrader's schema: intake wrote them."""
        self.exporter._preprocessors = []
        for step in (*self.sanitize_preprocessors, *self.autograde_preprocessors):
            if _name(step) != CheckCellMetadata.__name__:
                self.exporter.register_preprocessor(step)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Take nbgrader's steps in its order in one pass; it makes two, with a file between them."""
        self.log.info("Autograding %s", notebook_filename)
        self._init_preprocessors()
        with setenv(NBGRADER_EXECUTION="autograde"):
            BaseConverter.convert_single_notebook(self, notebook_filename)

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Begin with a submission: the one before is done with."""
        self.save()
        super().init_assignment(assignment_id, student_id)


def record(
    course: Course,
    assignment_name: str,
    students: Collection[str] | None = None,
    *,
    reports: Mapping[str, Report] | None = None,
    before: Recorded | None = None,
) -> Recorded:
    """Write the grades of an assignment into nbgrader's gradebook, as ``nbgrader autograde`` would.

    Args:
        course: where gradebook, submissions and settings lie.
        assignment_name: the assignment.
        students: whose submissions; None for everyone who handed in.
        reports: Reports by student that were made already; the others come from the store or are made.
        before: what the same run has recorded of other students: it has copied the gradebook, and told
            what concerns the whole class; it is a part of the result.
    Raises:
        CourseError: nothing could be written at all; the text says why.
    """
    with running(course, assignment_name) as app:
        converter = ChosenSubmissions(coursedir=app.coursedir, parent=app)
        if not issubclass(converter.exporter_class, CleanSubmissions):
            raise CourseError(
                "nbgrader_config.py has to name the kit's exporter under c.Autograde.exporter_class "
                f"(got {converter.exporter_class.__name__})"
            )
        converter.chosen = None if students is None else frozenset(students)
        converter.reports = dict(reports or {})
        converter.before = before
        failure = _run(converter, assignment_name)
        if not converter.trait_has_value("exporter"):
            raise CourseError(f"nothing was recorded: {failure}")
        return (before or Recorded()).and_then(_outcome(app, converter.exporter.plan))


def _run(converter: ChosenSubmissions, assignment_name: str) -> str:
    """What nbgrader says where it could not write every grade; "" where it could."""
    try:
        with warnings.catch_warnings(), one_connection() as converter.save:
            # nbgrader adds submissions to its session in an order of its own; SQLAlchemy remarks on each
            warnings.filterwarnings("ignore", "Object of type", SAWarning)
            converter.start()
    except NbGraderException as error:
        return str(error)
    except SQLAlchemyError as error:
        raise CourseError(
            f"the gradebook of {assignment_name} cannot be written; run again, the Reports are kept "
            f"(got {type(error).__name__})"
        ) from error
    return ""


def assignment_with_its_tests(course: Course, name: str) -> Assignment:
    """The assignment of this name whose tests sit in its notebooks; see ``in_notebook.assignment_called``."""
    with running(course) as app:
        return assignment_called(course, app.coursedir, app.config, name)


def _name(step: type | str) -> str:
    """The name of a step of nbgrader's, which a configuration gives as a class or by its place."""
    return step.rpartition(".")[2] if isinstance(step, str) else step.__name__


def _outcome(app: NbGrader, plan: Plan) -> Recorded:
    """What was really written: where nbgrader itself failed, the autograded copy lacks our mark."""
    assignment = plan.assignment
    assert assignment is not None  # else nothing was recorded, and that is told by now
    written = [
        student
        for student, item in plan.write.items()
        if written_from(app.coursedir, assignment, student) == item.key
    ]
    failed = {
        student: "nbgrader could not write this grade; its own message is above"
        for student in plan.write
        if student not in written
    }
    return Recorded(
        written=tuple(written),
        unchanged=tuple(plan.unchanged),
        unreadable=dict(plan.unreadable),
        broken={**plan.broken, **failed},
        again=_again(app, assignment, sorted([*written, *plan.unchanged])),
    )


def _again(app: NbGrader, assignment: Assignment, students: Sequence[str]) -> dict[str, tuple[Override, ...]]:
    """By student: points by hand that somebody should look at again."""
    if not students or assignment.notebooks:
        return {}
    with gradebook.opened(app.coursedir) as book:
        return looks_wanted(app.coursedir, held(book, assignment.name), assignment, students)
