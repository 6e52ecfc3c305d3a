"""A Report's verdicts as outputs of nbgrader's grade cells: the step that stands in for running a notebook.

No student's output ever goes into a grade cell, and no grade cell stays silent: nbgrader gives all
points to silence and to anything that is no number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.checking.verdicts import Outcome
from autograder.course import Assignment
from autograder.grading.intake.saved import SavedCell, saved_cells
from autograder.grading.nbgrader_plugin import lines, panels
from autograder.grading.nbgrader_plugin.recorded import MARK
from autograder.grading.overrides import Carried, Override
from autograder.grading.report import Report
from autograder.grading.rubrics import Rubrics


@dataclass(frozen=True)
class ForStaff:
    """What an autograded copy shows to staff beside the verdicts; ``shown`` stands for all of it.

    ``panels`` is False where students would see them: in feedback that is made of the copy itself.
    """

    rubrics: Rubrics = field(default_factory=Rubrics)
    carried: Carried = field(default_factory=Carried)
    panels: bool = False
    shown: str = ""


class WriteVerdicts(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader carries no types
    """Takes the place of nbgrader's Execute; its parent is the exporter that holds the Reports."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        plan = getattr(self.parent, "plan", None)
        if plan is None:
            # a key inside the notebook would not do: the notebook is the student's
            raise NbGraderException(
                "c.Autograde.exporter_class has to be the kit's CleanSubmissions: see nbgrader_config.py "
                f"(got {type(self.parent).__name__})"
            )
        entry = plan.write[resources["nbgrader"]["student"]]
        if entry.assignment.notebooks:
            from autograder.grading.nbgrader_plugin import in_notebook

            in_notebook.write(nb, entry, resources["nbgrader"]["notebook"])
            return nb, resources
        staff = plan.staff.get(entry.student, ForStaff())
        saved = saved_cells(entry.original, entry.assignment, entry.sha256)
        write(nb, entry.report, staff, saved)
        nb.metadata[MARK] = {
            "report": entry.key,
            "sha256": entry.sha256,
            "shown": staff.shown,
            "made_on": dict(staff.carried.made_on),
        }
        return nb, resources


def write(
    nb: NotebookNode, report: Report, staff: ForStaff | None = None, saved: Sequence[SavedCell] = ()
) -> None:
    """Give each grade cell its one number and the lines that a TA reads.

    Below the student's own cells comes what the student ``saved``, in the order of the notebook's cells;
    nothing where it is not known.  Panels for staff are put between the cells.
    """
    staff = staff or ForStaff()
    stopped = {run.cell: run.error for run in report.cells}
    found = list(saved) if len(saved) == len(nb.cells) else [SavedCell("", ())] * len(nb.cells)
    for cell, kept in zip(nb.cells, found, strict=True):
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        if is_grade(cell) and not is_solution(cell):
            cell.outputs = outputs(report, exercise_of(cell), staff.carried.again)
        else:
            cell.outputs = lines.under_students_cell(kept.shown, stopped.get(kept.name, ""))
    if staff.panels:
        nb.cells = _with_panels(nb.cells, report, staff)
        if (nb.nbformat, nb.nbformat_minor) < (4, 5):
            for cell in nb.cells:
                cell.pop("id", None)


def _with_panels(cells: Sequence[NotebookNode], report: Report, staff: ForStaff) -> list[NotebookNode]:
    """The cells, with what grading found at the top, and a rubric above each question."""
    arranged = [panels.summary(report, staff.carried.again)]
    for cell in cells:
        if is_grade(cell) and is_solution(cell):
            name = cell.metadata.nbgrader["grade_id"]
            criteria = staff.rubrics.questions.get(name, ())
            if criteria or staff.rubrics.comments:
                arranged.append(panels.rubric(name, criteria, staff.rubrics.comments))
        arranged.append(cell)
    return arranged


def exercise_of(cell: NotebookNode) -> str:
    """The function that a grade cell is about: ``one_hot`` of ``one_hot_checks``."""
    name: str = cell.metadata.nbgrader["grade_id"]
    return name.removesuffix("_checks")


def outputs(report: Report, exercise: str, again: Sequence[Override] = ()) -> list[NotebookNode]:
    """One finite number first (nbgrader takes the first output), the verdicts as text after it."""
    return [score_output(report, exercise), lines.under_grade_cell(report, exercise, again)]


def score_output(report: Report, exercise: str) -> NotebookNode:
    """The output that nbgrader reads the points of an exercise from."""
    number = points_of(report, exercise)
    return new_output("execute_result", data={"text/plain": repr(number)}, execution_count=1)


def points_of(report: Report, exercise: str) -> float:
    """The points of one exercise; an unreadable submission has none."""
    return 0.0 if report.unreadable else float(report.exercises[exercise].points)


def fault(report: Report, assignment: Assignment) -> str:
    """Why ``report`` cannot become a grade, as one sentence; empty when it can.

    Points above the maximum are a fault of ours: cutting them off would hide it.
    """
    if report.broken:
        broken = [
            v.check for e in report.exercises.values() for v in e.verdicts if v.outcome is Outcome.BROKEN
        ]
        if assignment.notebooks:
            return f"the value of a test cell cannot be its points (got {', '.join(broken)})"
        return f"a check of ours failed to do its work (got BROKEN for {', '.join(broken)})"
    if report.unreadable:
        return ""
    if set(report.exercises) != set(assignment.points):
        return (
            "its Report has other exercises than the released notebook: "
            f"{', '.join(assignment.points) or 'none'} (got {', '.join(report.exercises) or 'none'})"
        )
    for name, exercise in report.exercises.items():
        maximum = assignment.points[name]
        if exercise.max_points != maximum:
            return f"{name} is worth {maximum} points in the released notebook (got {exercise.max_points})"
        if not math.isfinite(exercise.points) or not 0 <= exercise.points <= maximum:
            return f"{name} can have 0 to {maximum} points (got {exercise.points})"
    return ""
