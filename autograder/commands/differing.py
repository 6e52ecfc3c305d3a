"""``autograder grade --diff``: whose points another grading would change, and why; no grade is written.

The Reports that it makes stay in the store, so that the grading itself is done at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.commands.grading import BROKEN, DONE, NO, grade_handed_in, what_was_handed_in
from autograder.course import Course, find_assignment, in_notebook_names
from autograder.grading.changes import Change, ExerciseChange, VerdictChange
from autograder.grading.files import must_be_writable, write_whole


def show_differences(
    course: Course,
    names: Sequence[str],
    students: Sequence[str],
    *,
    jobs: int,
    json_file: Path | None,
    fresh: bool,
    scheduler: str = "",
) -> int:
    """Grade into the store, compare with what is recorded, and print what differs, by assignment."""
    from autograder.grading.nbgrader_plugin.comparison import changes, held_by

    for name in names:
        find_assignment(course, name)
    if json_file is not None:
        must_be_writable(json_file)
    handed_in = {
        name: items
        for name, items in what_was_handed_in(course, names, students).items()
        if name not in in_notebook_names(course)
    }
    # first: a Report that is made anew takes the place of the one that is recorded
    folders = {name: {one.student: one.path for one in items} for name, items in handed_in.items()}
    held = {name: held_by(course, name, found) for name, found in folders.items()}
    graded = grade_handed_in(
        course, handed_in, Console(stderr=True), jobs=jobs, fresh=fresh, scheduler=scheduler
    )
    reports = sorted(graded, key=lambda report: (report.assignment, report.student))
    console = Console()
    everything: dict[str, list[Change]] = {}
    for name in handed_in:
        found = [report for report in reports if report.assignment == name]
        everything[name] = changes(course, name, held[name], found, folders[name])
        for line in told(name, everything[name]):
            console.print(line, soft_wrap=True)
    if json_file is not None:
        content = {name: [asdict(change) for change in found] for name, found in everything.items()}
        text = json.dumps({"changes": content}, indent=1, ensure_ascii=False)
        write_whole(json_file, text + "\n")
    return _status([change for found in everything.values() for change in found])


def _status(found: Sequence[Change]) -> int:
    if any(change.broken for change in found):
        return BROKEN
    return NO if any(change.matters for change in found) else DONE


def told(assignment: str, found: Sequence[Change]) -> Iterator[Text]:
    """The lines about one assignment: who would have other points and why, then how many would not."""
    moved = [change for change in found if change.matters]
    yield Text(
        f"{assignment}: {len(moved)} of {_students(len(found))} would have other points; nothing was written",
        style="bold",
    )
    for change in moved:
        yield from _student(change)
    for change in found:
        if change.broken:
            yield Text(f"\n{change.student}  BROKEN, the old grade would stay: {change.broken}", style="red")
    reworded = [
        change.student for change in found if change.exercises and not (change.matters or change.broken)
    ]
    if reworded:
        yield Text(f"\nThe same points, other verdicts: {', '.join(reworded)}")


def _student(change: Change) -> Iterator[Text]:
    line = Text(f"\n{change.student}  ")
    line.append(_arrow(change.before, change.after), style="bold")
    if change.before is None:
        line.append("  no grade yet")
    elif change.forgotten:
        line.append("  the old Report is not in the store any more, so its verdicts cannot be compared")
    elif change.because:
        line.append(f"  changed: {', '.join(change.because)}")
    yield line
    if change.unreadable:
        yield Text(f"  {change.unreadable}")
    if change.penalty_before != change.penalty_after:
        yield Text(f"  late penalty  {_arrow(change.penalty_before, change.penalty_after)}")
    if change.before is not None:
        for exercise in change.exercises:
            yield from _exercise(exercise)


def _exercise(change: ExerciseChange) -> Iterator[Text]:
    points = f"{_arrow(change.before, change.after)} of {change.max_points:g}"
    if change.given is not None:
        points += f" by the checks; a person gave {change.given:g}, which stays: look at it again"
    yield Text(f"  {change.exercise}  {points}")
    for verdict in change.verdicts:
        yield Text(f"    {_outcomes(verdict)}  {verdict.claim}  ({verdict.check})")
        if verdict.message:
            yield Text(f"      {verdict.message}")


def _outcomes(change: VerdictChange) -> str:
    if not change.before:
        return f"new check: {change.after}"
    return f"{change.before} → {change.after or 'no such check'}"


def _arrow(before: float | None, after: float | None) -> str:
    if before == after:
        return f"{0.0 if after is None else after:g}"
    return f"{'–' if before is None else f'{before:g}'} → {'–' if after is None else f'{after:g}'}"


def _students(number: int) -> str:
    return "1 student" if number == 1 else f"{number} students"
