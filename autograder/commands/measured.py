"""The page of measurements: what each assignment costs, against its limits."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograder.grading.content import versions

COMMAND = "make measure"
NOTEBOOK_SECONDS, NOTEBOOK_MEGABYTES = 90.0, 1500.0
GRADING_SECONDS = {"ex5_lstm": 30.0}
OTHER_GRADING_SECONDS = 10.0

HEAD = """# What it costs: time and memory

Written by `{command}` on {day}, with {versions}, on {cores} cores of {cpu}.

A **notebook** is the solved one, run whole by `jupyter nbconvert --execute` as a student would: time by
the clock, time of all processors, and the largest memory of the kernel and all that it started. A
**submission** is graded by a judge and its workers; their CPU seconds are counted (a worker's are looked at
twenty times a second, until it ends), the start of the warm server, which serves a whole class, is not. The
first submission of a judge bears the judge's start; every other one does not. The **worst** one answers
each trained exercise wrongly in a way that fails all three trainings, and every other exercise rightly;
where nothing is trained there is none.

Limits: {seconds:g} s and {megabytes:g} MB for a notebook, {grading:g} CPU-s for a submission, {more}.
What is beyond its limit is **bold**. {note}

| assignment | notebook, s | CPU-s | MB | first submission, CPU-s | every other | worst |
|---|--:|--:|--:|--:|--:|--:|
"""


@dataclass(frozen=True)
class Run:
    """What a notebook took: seconds of the clock and of all processors, and the largest memory in MB."""

    wall: float
    cpu: float
    megabytes: float


@dataclass(frozen=True)
class Costs:
    """What one assignment costs; ``worst`` holds CPU seconds by answer, none where nothing is trained."""

    assignment: str
    notebook: Run
    first: float
    other: float
    worst: dict[str, float] = field(default_factory=dict)


def page(found: Sequence[Costs], *, cores: int, note: str = "") -> str:
    """The whole page, in Markdown; ``note`` is a sentence about the machine."""
    more = ", ".join(f"{seconds:g} for {name}" for name, seconds in GRADING_SECONDS.items())
    head = HEAD.format(
        command=COMMAND,
        day=datetime.now(UTC).date(),
        versions=", ".join(f"{name} {version}" for name, version in versions().items()),
        cores=cores,
        cpu=processor(),
        seconds=NOTEBOOK_SECONDS,
        megabytes=NOTEBOOK_MEGABYTES,
        grading=OTHER_GRADING_SECONDS,
        more=more,
        note=note,
    )
    return head.replace(" \n", "\n") + "".join(f"{row(costs)}\n" for costs in found)


def row(costs: Costs) -> str:
    """One line of the table; the worst answer is named."""
    limit = GRADING_SECONDS.get(costs.assignment, OTHER_GRADING_SECONDS)
    worst = max(costs.worst, key=lambda name: costs.worst[name], default="")
    cells = [
        f"`{costs.assignment}`",
        held(costs.notebook.wall, NOTEBOOK_SECONDS),
        f"{costs.notebook.cpu:.1f}",
        held(costs.notebook.megabytes, NOTEBOOK_MEGABYTES, digits=0),
        held(costs.first, limit),
        held(costs.other, limit),
        f"{held(costs.worst[worst], limit)} ({worst})" if worst else "",
    ]
    return f"| {' | '.join(cells)} |"


def held(value: float, limit: float, *, digits: int = 1) -> str:
    """The value as text, bold where it is beyond its limit."""
    return f"{value:.{digits}f}" if value <= limit else f"**{value:.{digits}f}**"


def processor() -> str:
    """The name that the processor gives itself."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()
