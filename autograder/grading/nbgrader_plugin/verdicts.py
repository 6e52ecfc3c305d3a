"""A Report's verdicts as outputs of nbgrader's grade cells: the step that stands in for running a notebook.

No student's output ever goes into a grade cell, and no grade cell stays silent: nbgrader gives all
points to silence and to anything that is no number.
"""

from __future__ import annotations

import math

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.checking.verdicts import Outcome
from autograder.course import Assignment
from autograder.grading.report import Report

MARK = "autograder"


class WriteVerdicts(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader carries no types
    """Takes the place of nbgrader's Execute; its parent is the exporter that holds the Reports."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        graded = getattr(self.parent, "graded", None)
        if graded is None:
            # a key inside the notebook would not do: the notebook is the student's
            raise NbGraderException(
                "c.Autograde.exporter_class has to be the kit's CleanSubmissions: see nbgrader_config.py "
                f"(got {type(self.parent).__name__})"
            )
        entry = graded[resources["nbgrader"]["student"]]
        write(nb, entry.report)
        nb.metadata[MARK] = {"report": entry.key, "sha256": entry.intake.sha256}
        return nb, resources


def write(nb: NotebookNode, report: Report) -> None:
    """Give each grade cell its one number and the lines that a TA reads; empty all other outputs."""
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = []
        cell.execution_count = None
        if is_grade(cell) and not is_solution(cell):
            cell.outputs = outputs(report, exercise_of(cell))


def exercise_of(cell: NotebookNode) -> str:
    """The function that a grade cell is about: ``one_hot`` of ``one_hot_checks``."""
    name: str = cell.metadata.nbgrader["grade_id"]
    return name.removesuffix("_checks")


def outputs(report: Report, exercise: str) -> list[NotebookNode]:
    """One finite number first (nbgrader takes the first output), the verdicts as text after it."""
    number = points_of(report, exercise)
    return [
        new_output("execute_result", data={"text/plain": repr(number)}, execution_count=1),
        new_output("stream", name="stdout", text=lines_for_staff(report, exercise)),
    ]


def points_of(report: Report, exercise: str) -> float:
    """The points of one exercise; an unreadable submission has none."""
    return 0.0 if report.unreadable else float(report.exercises[exercise].points)


def lines_for_staff(report: Report, exercise: str) -> str:
    """What a TA reads under a grade cell in the formgrader."""
    if report.unreadable:
        return f"This submission could not be read: {report.unreadable}\n"
    lines = []
    for verdict in report.exercises[exercise].verdicts:
        lines.append(f"{verdict.outcome:<14}{verdict.claim}")
        if verdict.outcome is not Outcome.PASSED and verdict.message:
            lines.append(f"{'':<14}{verdict.message}")
    return "\n".join(lines) + "\n"


def fault(report: Report, assignment: Assignment) -> str:
    """Why ``report`` cannot become a grade, as one sentence; empty when it can.

    Points above the maximum are a fault of ours: cutting them off would hide it.
    """
    if report.broken:
        broken = [
            v.check for e in report.exercises.values() for v in e.verdicts if v.outcome is Outcome.BROKEN
        ]
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
