"""The command that says who is late, by how much, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.course import Assignment, Course, find_assignment
from autograder.grading.late import LateRule, lateness, read_late_rules, span
from autograder.grading.late.rules import DAY, PERCENT

DONE = 0


def show_late(course: Course, names: Sequence[str]) -> int:
    """Bring the gradebook in line with late.toml, and print a table per assignment that it names."""
    from autograder.grading.nbgrader_plugin.renewing import bring_up_to_date

    for name in names:
        find_assignment(course, name)
    console = Console()
    changes = bring_up_to_date(course)
    late_rules = read_late_rules(course)
    if not late_rules.rules:
        _say(console, "This course has no late.toml, so nobody loses points by it: see docs/instructor.md.")
        return DONE
    for change in changes:
        _say(console, f"gradebook: {change}")
    for name in names or late_rules.rules:
        rule = late_rules.rules.get(name)
        if rule is None:
            _say(console, f"{name}: late.toml says nothing of it.")
            continue
        _show(console, course, find_assignment(course, name), rule, late_rules.zone or UTC)
    return DONE


def _show(console: Console, course: Course, assignment: Assignment, rule: LateRule, zone: tzinfo) -> None:
    times = handed_in(course, assignment.name)
    max_points = sum(assignment.points.values()) + sum(assignment.manual.values())
    table = Table(title=f"{assignment.name}: {in_words(rule, zone)}", title_justify="left")
    for heading in ("student", "handed in", "deadline", "late by", "points lost", ""):
        table.add_column(heading, justify="right" if heading == "points lost" else "left")
    for student in sorted({*times, *rule.extensions}):
        extension, time = rule.extensions.get(student), times.get(student)
        found = None if time is None else lateness(rule, student, time, max_points)
        if extension is None and (found is None or not found.by):
            continue
        notes = [] if extension is None else [f"extension: {extension.reason or 'no reason given'}"]
        notes += ["too late for any points"] if found and found.too_late else []
        notes += ["within the grace"] if found and found.by and not found.penalty and rule.rate else []
        table.add_row(
            student,
            "not yet" if time is None else _clock(time, zone, named=False),
            _clock(rule.deadline_of(student), zone, named=False),
            span(found.by) if found else "",
            f"{found.penalty:g}" if found else "",
            Text("; ".join(notes)),
        )
    if table.row_count:
        console.print(table)
        _say(console, f"{len(times)} handed in; nobody loses more than the points that they have.")
    else:
        _say(console, f"{assignment.name}: {in_words(rule, zone)}. Nobody is late ({len(times)} handed in).")


def handed_in(course: Course, assignment: str) -> Mapping[str, datetime]:
    """When each student handed in, as far as submitted/ says it."""
    from autograder.grading.nbgrader_plugin.mirror import timestamp_of

    times = {}
    for folder in sorted(course.submitted.glob(f"*/{assignment}")):
        time = timestamp_of(Path(folder))
        if time is not None:
            times[folder.parent.name] = time.replace(tzinfo=UTC)
    return times


def in_words(rule: LateRule, zone: tzinfo) -> str:
    """The rule as a line of text."""
    words = [f"due {_clock(rule.deadline, zone)}"]
    if rule.grace:
        words.append(f"{span(rule.grace)} of grace")
    if rule.rate is not None:
        sign = "%" if rule.rate.unit == PERCENT else " points"
        most = rule.most
        cap = "" if most is None else f", at most {most.value:g}{'%' if most.unit == PERCENT else ' points'}"
        words.append(f"{rule.rate.value:g}{sign} for each {'day' if rule.step == DAY else 'hour'} begun{cap}")
    if rule.accepted is not None:
        words.append(f"accepted until {_clock(rule.deadline + rule.accepted, zone)}")
    return "; ".join(words)


def _clock(time: datetime, zone: tzinfo, *, named: bool = True) -> str:
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M{' %Z' if named else ''}}"


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
