"""What becomes of each submission of a run: written, left as it is, or no grade at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde

from autograder.course import Assignment, Course
from autograder.grading.changes import Held
from autograder.grading.content import hash_text
from autograder.grading.nbgrader_plugin import gradebook, in_notebook, mirror
from autograder.grading.nbgrader_plugin.graded import Graded
from autograder.grading.nbgrader_plugin.recorded import AutogradedCopy, autograded_copy, held
from autograder.grading.nbgrader_plugin.verdicts import ForStaff, fault
from autograder.grading.overrides import Carried, Override, carry, wanting_a_look
from autograder.grading.rubrics import Rubrics, read_rubrics

FEEDBACK = "autograder.reporting.exporters.feedback.FeedbackExporter"
HANDED_IN_MEANWHILE = "Something else was handed in while this was graded: grade it again."


@dataclass
class Plan:
    """What becomes of each submission of a run; ``broken`` holds a sentence per student.

    ``staff`` is what the copies that are written show to staff; ``held`` and ``copies`` what was recorded
    before, by student; ``named_in_html`` the students whose name nbgrader's pages would run.
    """

    write: dict[str, Graded] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    assignment: Assignment | None = None
    staff: dict[str, ForStaff] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    copies: dict[str, AutogradedCopy] = field(default_factory=dict)
    rubrics: Rubrics = field(default_factory=Rubrics)
    panels: bool = False
    named_in_html: list[str] = field(default_factory=list)

    def note_for_staff(self, item: Graded, texts: Mapping[str, str]) -> None:
        """Decide what the copy of one submission shows, given the texts of its marked cells."""
        before, copy = self.held.get(item.student), self.copies.get(item.student, AutogradedCopy())
        carried = Carried()
        if before is not None:
            same = {name for name in before.grades if copy.texts.get(name) == texts.get(name)}
            carried = carry(before, copy.made_on, item.report, same)
        shown = self.shown(item, carried.again)
        self.staff[item.student] = ForStaff(self.rubrics, carried, self.panels, shown)

    def shown(self, item: Graded, again: Iterable[Override]) -> str:
        """A hash of all that staff see in a copy and that is no part of the Report."""
        looks = [[one.cell, one.given, one.made_on, one.now] for one in again]
        rubrics = [repr(self.rubrics.questions), repr(self.rubrics.comments)] if self.panels else []
        return hash_text(json.dumps([item.sha256, looks, rubrics]))


def sort_out(converter: Autograde, course: Course, assignment: Assignment, graded: Iterable[Graded]) -> Plan:
    """Which Reports are to be written, which are in the gradebook already, and which are no grade."""
    coursedir = converter.coursedir
    plan = Plan(assignment=assignment)
    if not assignment.notebooks:
        plan.rubrics = read_rubrics(course, assignment)
        plan.panels = feedback_is_ours(converter.config)
    book: Gradebook | None = None
    with ExitStack() as stack:
        if assignment.notebooks or gradebook.is_registered(coursedir, assignment):
            book = stack.enter_context(gradebook.opened(coursedir))
            plan.named_in_html = gradebook.named_in_html(book)
            plan.held = {} if assignment.notebooks else held(book, assignment.name)
        for item in graded:
            reason = fault(item.report, assignment)
            if reason:
                plan.broken[item.student] = reason
                continue
            if item.report.unreadable:
                plan.unreadable[item.student] = item.report.unreadable
            if book is not None and _is_recorded(plan, converter, book, item):
                plan.unchanged.append(item.student)
            elif not item.holds():
                plan.broken[item.student] = HANDED_IN_MEANWHILE
            else:
                plan.write[item.student] = item
    return plan


def feedback_is_ours(config: Mapping[str, Any]) -> bool:
    """Whether students get our feedback page: nbgrader's own would show them our cells for staff."""
    return str(config.get("GenerateFeedback", {}).get("exporter_class", "")) == FEEDBACK


def _is_recorded(plan: Plan, converter: Autograde, book: Gradebook, item: Graded) -> bool:
    """Whether the gradebook holds this Report's scores, and the copy shows it with all that staff see now."""
    coursedir, student = converter.coursedir, item.student
    time = mirror.timestamp_of(item.original)
    if item.assignment.notebooks:
        return in_notebook.is_recorded(book, coursedir, item, time)
    if student not in plan.held:
        return False
    copy = plan.copies[student] = autograded_copy(coursedir, item.assignment.name, student)
    looks = wanting_a_look(plan.held[student], copy.made_on, item.report.exercises)
    return (
        plan.held[student].equals(item.report, time)
        and copy.report == item.key
        and copy.shown == plan.shown(item, looks)
    )
