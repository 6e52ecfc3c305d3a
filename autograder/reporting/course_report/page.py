"""The course report as one HTML file: pure, from the report's data to text."""

from __future__ import annotations

from autograder.reporting.course_report.reached import ENOUGH, KNOWN
from autograder.reporting.course_report.report import CourseReport
from autograder.reporting.figures import Picture, ranges
from autograder.reporting.pages import percent, script, template

SIGNS = {
    "reached": "●",
    "partly": "◐",
    "not yet": "○",
    "not started": "–",
    "not handed in": "",
    "waits for a person": "…",
    "not known": "?",
}
"""How a state is shown where there are many; the words stand beside it for those who listen."""
ORDER = {state.value: rank for rank, state in enumerate(KNOWN)}


def course_page(report: CourseReport) -> str:
    """The page."""
    return template("course.html").render(
        report=report,
        picture=points_picture(report),
        goals=_by_assignment(report),
        signs=SIGNS,
        order=ORDER,
        enough=ENOUGH,
        sorting=script("sortable.js"),
    )


def points_picture(report: CourseReport) -> Picture | None:
    """The quartiles of each assignment; None before anything is graded."""
    rows = {each.assignment: each.quartiles for each in report.assignments if each.quartiles is not None}
    if not rows:
        return None
    middles = ", ".join(f"{name} {percent(middle)}" for name, (_, middle, _) in rows.items())
    says = (
        "For each assignment, from where a quarter of the class has less to where a quarter has more, with a "
        f"line in the middle. In the middle: {middles}."
    )
    return ranges("points", rows, says=says)


def _by_assignment(report: CourseReport) -> dict[str, list[int]]:
    """By assignment, the places of the goals that some part of it shows."""
    found: dict[str, list[int]] = {}
    for place, goal in enumerate(report.goals):
        for name in dict.fromkeys(assignment for assignment, _ in goal.parts):
            found.setdefault(name, []).append(place)
    return found
