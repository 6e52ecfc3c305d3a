"""The class report as one table: a row per thing that it says, for a spreadsheet to sort and filter."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.reporting.class_report.around import Event
from autograder.reporting.class_report.items import ExerciseItem, Item
from autograder.reporting.class_report.report import ClassReport
from autograder.reporting.tables import Cell, csv_of_named

COLUMNS = (
    "kind",
    "exercise",
    "check",
    "students",
    "of",
    "points",
    "max_points",
    "success",
    "difficulty",
    "discrimination",
    "upper_lower",
    "alpha",
    "low",
    "high",
    "seconds",
    "text",
)
"""What a column means depends little on the kind of row; docs/class-report.md says it."""
Row = dict[str, Cell]


def class_table(report: ClassReport) -> bytes:
    """The CSV file."""
    return csv_of_named(COLUMNS, _rows(report))


def _rows(report: ClassReport) -> Iterator[Row]:
    yield from _class(report)
    for each in report.exercises:
        yield _exercise(each)
        for check in each.checks:
            yield {
                "kind": "check",
                "exercise": each.name,
                "check": check.name,
                "of": check.item.students,
                "max_points": check.points,
                "seconds": check.seconds,
                "text": check.claim,
                **_item(check.item),
            }
    for flag in report.flags:
        yield {
            "kind": f"flag: {flag.kind}",
            "exercise": flag.exercise,
            "check": flag.check,
            "text": flag.sentence,
        }
    for said in report.misconceptions:
        yield {
            "kind": "misconception",
            "exercise": said.exercise,
            "check": " ".join(said.checks),
            "students": said.students,
            "of": report.compared,
            "text": said.sentence,
        }
    yield from _around(report)


def _class(report: ClassReport) -> Iterator[Row]:
    points, agreement = report.points, report.consistency
    yield {
        "kind": "class",
        "students": report.handed_in,
        "of": report.students,
        "points": points.mean.value,
        "max_points": points.max_points,
        "text": report.title,
    }
    for note in report.notes:
        yield {"kind": "note", "text": note}
    for each in points.bins:
        yield {
            "kind": "points",
            "students": each.students,
            "of": points.students,
            "low": each.low,
            "high": each.high,
        }
    yield {
        "kind": "agreement",
        "students": agreement.students,
        "alpha": agreement.alpha.value,
        "low": agreement.interval.low,
        "high": agreement.interval.high,
        "text": " ".join(agreement.sentences),
    }


def _exercise(each: ExerciseItem) -> Row:
    return {
        "kind": "exercise",
        "exercise": each.name,
        "of": each.item.students,
        "points": each.mean_points.value,
        "max_points": each.max_points,
        "alpha": each.alpha_without.value,
        "seconds": each.seconds,
        "text": f"{each.in_part} a part, {each.nothing} nothing, {each.not_attempted} not started, "
        f"{each.not_found} not found",
        **_item(each.item),
    }


def _item(item: Item) -> Row:
    return {
        "students": item.solved,
        "success": item.success.value,
        "difficulty": item.difficulty.value,
        "discrimination": item.discrimination.value,
        "low": item.likely.low,
        "high": item.likely.high,
        "upper_lower": item.upper_lower.value,
    }


def _around(report: ClassReport) -> Iterator[Row]:
    for question in report.questions:
        yield {
            "kind": "question",
            "exercise": question.name,
            "students": question.graded,
            "of": question.graded + question.waiting,
            "points": question.mean.value,
            "max_points": question.max_points,
        }
    yield {
        "kind": "late",
        "students": report.late.students,
        "of": report.handed_in,
        "points": report.late.points,
        "text": f"points were taken off {report.late.with_penalty} of them",
    }
    for kind, events in (
        ("unreadable", report.unreadable),
        ("repair", report.repairs),
        ("limit", report.limits),
        ("stopped", report.stops),
    ):
        yield from (_event(kind, event) for event in events)
    yield {
        "kind": "time",
        "students": report.graded,
        "seconds": report.seconds.median,
        "high": report.seconds.longest,
        "text": "seconds of grading: the middle and the longest",
    }


def _event(kind: str, event: Event) -> Row:
    return {"kind": kind, "exercise": event.where, "students": event.students, "text": event.what}
