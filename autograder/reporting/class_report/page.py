"""The class report as one HTML file: pure, from the report's data to text."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.reporting.class_report import flags
from autograder.reporting.class_report.misconceptions import SHOWN
from autograder.reporting.class_report.points import Points
from autograder.reporting.class_report.report import ClassReport
from autograder.reporting.figures import Picture, bars, scatter, shares
from autograder.reporting.pages import number, percent, script, template
from autograder.reporting.statistics import Number

PARTS = ("all points", "a part", "none", "no answer")


def class_page(report: ClassReport) -> str:
    """The page."""
    return template("class.html").render(
        report=report,
        pictures=_pictures(report),
        undefined=sorted(set(_undefined(report))),
        enough=flags.ENOUGH,
        enough_to_compare=flags.ENOUGH_TO_COMPARE,
        shown=SHOWN,
        sorting=script("sortable.js"),
    )


def _pictures(report: ClassReport) -> dict[str, Picture | None]:
    if not report.graded:
        return {}
    found: dict[str, Picture | None] = {"points": points_picture(report.points)}
    if report.exercises:
        found |= {"exercises": exercises_picture(report), "checks": checks_picture(report)}
    return found


def points_picture(points: Points) -> Picture:
    """How many students have how many points."""
    edges = [points.bins[0].low, *(each.high for each in points.bins)] if points.bins else [0.0, 1.0]
    heights = [each.students for each in points.bins] or [points.students]
    return bars(
        "points",
        heights,
        edges,
        middle=points.mean.value,
        label=f"points (of {number(points.max_points)}); the dashed line is the mean",
        says=say_points(points),
    )


def say_points(points: Points) -> str:
    """What is seen on the histogram."""
    if points.mean.value is None or points.lowest.value is None or points.highest.value is None:
        return "Nobody has points yet."
    if points.lowest.value == points.highest.value:
        who = "One student has" if points.students == 1 else f"All {points.students} students have"
        return f"{who} {number(points.mean.value)} of {number(points.max_points)} points."
    most = max(points.bins, key=lambda each: each.students)
    said = (
        f"Points of {points.students} students, from {number(points.lowest.value)} to "
        f"{number(points.highest.value)} of {number(points.max_points)}; mean {number(points.mean.value)}"
    )
    if points.deviation.value is not None:
        said += f", standard deviation {number(points.deviation.value)}"
    said += f". Most, {most.students}, lie between {number(most.low)} and {number(most.high)}"
    return f"{said}; {points.full or 'nobody'} {'have' if points.full > 1 else 'has'} all of them."


def exercises_picture(report: ClassReport) -> Picture:
    """What the class got in each exercise."""
    rows = {
        each.name: (each.item.solved, each.in_part, each.nothing, each.not_attempted + each.not_found)
        for each in report.exercises
    }
    solved = {name: row[0] / report.compared for name, row in rows.items()}
    best, last = max(solved, key=lambda name: solved[name]), min(solved, key=lambda name: solved[name])
    if len(rows) > 1 and solved[best] > solved[last]:
        says = (
            f"A bar for each of {len(rows)} exercises. Most have all the points in {best} "
            f"({percent(solved[best])}), fewest in {last} ({percent(solved[last])})."
        )
    else:
        says = f"A bar for each exercise: {percent(solved[best])} have all the points" + (
            " in every one." if len(rows) > 1 else f" in {best}."
        )
    return shares("exercises", rows, PARTS, says=says)


def checks_picture(report: ClassReport) -> Picture | None:
    """Difficulty against discrimination of every check that has both; None when none has."""
    flagged = {(flag.exercise, flag.check) for flag in report.flags}
    usual: list[tuple[float, float]] = []
    marked: list[tuple[float, float]] = []
    for exercise in report.exercises:
        for check in exercise.checks:
            x, y = check.item.difficulty.value, check.item.discrimination.value
            if x is not None and y is not None:
                (marked if (exercise.name, check.name) in flagged else usual).append((x, y))
    both = [*usual, *marked]
    if not both:
        return None
    low = sum(y < flags.POOR for _, y in both)
    says = (
        f"{len(both)} checks, from hard (left) to easy (right) and by how well they tell strong from weak "
        f"(up). {low or 'None'} of them {'lies' if low == 1 else 'lie'} below {flags.POOR}, the dashed line; "
        f"{len(marked) or 'none'} {'has' if len(marked) == 1 else 'have'} a flag."
    )
    return scatter("checks", usual, marked, bar=flags.POOR, says=says)


def _undefined(report: ClassReport) -> Iterator[str]:
    """Why numbers of the tables are not defined."""
    for exercise in report.exercises:
        numbers: list[Number] = [exercise.alpha_without]
        for item in (exercise.item, *(check.item for check in exercise.checks)):
            numbers += [item.success, item.difficulty, item.discrimination, item.upper_lower]
        yield from (found.why for found in numbers if found.value is None)
