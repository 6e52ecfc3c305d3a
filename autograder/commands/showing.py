"""How Reports look on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.checking.verdicts import Outcome, Verdict
from autograder.grading.overrides import Override
from autograder.grading.report import Report

MARKS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.BROKEN: ("!", "magenta"),
    Outcome.NOT_ATTEMPTED: ("·", "dim"),
}


def class_table(title: str, reports: Sequence[Report]) -> Table:
    """One line a student: points, what they will read first."""
    levels = ", ".join(sorted({report.isolation for report in reports if report.isolation}))
    table = Table(title=f"{title} · isolation: {levels or 'no code was run'}", title_justify="left")
    table.add_column("student")
    table.add_column("points", justify="right")
    table.add_column("of", justify="right")
    table.add_column("what they read first")
    for report in reports:
        points = "broken" if report.broken else f"{report.points:g}"
        table.add_row(report.student, points, f"{report.max_points:g}", Text(first_sentence(report)))
    return table


def looks_wanted(again: Mapping[str, Sequence[Override]]) -> Iterator[Text]:
    """The points by hand that somebody should look at again, by student; nothing where there are none."""
    if again:
        yield Text("Points by hand that count, to be looked at again in the formgrader:", style="bold")
    for student, found in again.items():
        for one in found:
            reason = f"; the reason given: {one.reason}" if one.reason else "; no reason was written"
            yield Text(f"  {student}  {one.cell}: {one}{reason}")


def first_sentence(report: Report) -> str:
    """The first thing that a student reads which is not a pass."""
    if report.unreadable:
        return report.unreadable
    for exercise in report.exercises.values():
        for verdict in exercise.verdicts:
            if verdict.outcome is not Outcome.PASSED:
                return verdict.message or verdict.claim
    return "All checks passed."


def print_report(console: Console, report: Report) -> None:
    """One submission's Report, exercise by exercise."""
    console.print(
        f"{report.assignment}: {report.points:g} of {report.max_points:g} points "
        f"(isolation: {report.isolation or 'no code was run'}, {report.seconds:.1f} s)",
        highlight=False,
    )
    if report.unreadable:
        console.print(Text(report.unreadable))
    for note in (*(item.what for item in report.repairs), *(item.what for item in report.limits_met)):
        console.print(Text(f"  note: {note}"))
    for run in report.cells:
        if run.error:
            console.print(Text(f"  cell {run.cell}: {run.error}"))
    for name, exercise in report.exercises.items():
        console.print(
            f"\n{name}: {exercise.points:g} of {exercise.max_points:g}", highlight=False, style="bold"
        )
        for verdict in exercise.verdicts:
            _print_verdict(console, verdict)
    for name, points in report.manual.items():
        console.print(f"\n{name}: {points:g} points, read by a person", highlight=False, style="bold")


def _print_verdict(console: Console, verdict: Verdict) -> None:
    mark, style = MARKS.get(verdict.outcome, ("✗", "red"))
    console.print(Text(f"  {mark} {verdict.claim}", style=style))
    if verdict.outcome is not Outcome.PASSED:
        console.print(Text(f"      {verdict.outcome}: {verdict.message}".rstrip(": ")))
        if verdict.hint:
            console.print(Text(f"      Hint: {verdict.hint}", style="dim"))
