"""The command that shows and cleans the store of Reports."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from autograder.course import Course, find_assignment
from autograder.grading import readings, store

DAY = 86_400.0
DAMAGED = "damaged or half written"


def show_store(course: Course, assignments: Sequence[str], *, older_than_days: float | None) -> int:
    """Print a row per assignment: Reports kept, their size, the oldest; after cleaning where asked."""
    for name in assignments:
        find_assignment(course, name)
    console = Console()
    if older_than_days is not None:
        removed = store.clean(course.state, older_than_seconds=older_than_days * DAY, assignments=assignments)
        readings.forget(course.state, older_than_seconds=older_than_days * DAY)
        console.print(f"removed: {len(removed)} Reports, {_size(sum(entry.size for entry in removed))}")
    console.print(_table(list(store.entries(course.state)), assignments))
    return 0


def _table(entries: Sequence[store.Entry], assignments: Sequence[str]) -> Table:
    table = Table(title="Reports kept")
    table.add_column("assignment")
    for heading in ("Reports", "size", "oldest", "newest"):
        table.add_column(heading, justify="right")
    for name in sorted({entry.assignment for entry in entries}):
        if not assignments or name in assignments:
            table.add_row(name or DAMAGED, *_row([entry for entry in entries if entry.assignment == name]))
    table.add_section()
    shown = [entry for entry in entries if not assignments or entry.assignment in assignments]
    table.add_row("together", *_row(shown))
    return table


def _row(entries: Sequence[store.Entry]) -> list[str]:
    times = sorted(entry.written for entry in entries)
    return [
        str(len(entries)),
        _size(sum(entry.size for entry in entries)),
        *(_day(times[i]) if times else "" for i in (0, -1)),
    ]


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def _day(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds).strftime("%Y-%m-%d")
