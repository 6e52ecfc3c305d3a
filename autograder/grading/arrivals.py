"""What has arrived in submitted/ since it was last graded, and who has to wait: nothing is graded here.

A submission is ready when its files are the same at two looks (nobody is writing them any more) and
other than at its last grading; a student who was graded too often within the hour waits.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.grading.copying import can_be_shown
from autograder.grading.files import write_whole

HOUR = 3600.0
LEDGER = "watch.json"

Place = tuple[str, str]
"""(assignment, student)."""


@dataclass(frozen=True)
class Arrival:
    """One submission as it lies there; ``state`` changes whenever one of its files does."""

    assignment: str
    student: str
    folder: Path
    state: str

    @property
    def place(self) -> Place:
        return (self.assignment, self.student)


@dataclass
class Ledger:
    """What was graded last in each place, and when; kept in a file, so that a restart forgets nothing.

    Times are seconds since 1970; only those of the last hour are kept.
    """

    graded: dict[Place, str] = field(default_factory=dict)
    times: dict[Place, list[float]] = field(default_factory=dict)

    def note(self, arrival: Arrival, now: float) -> None:
        """This one has been graded."""
        self.graded[arrival.place] = arrival.state
        recent = [time for time in self.times.get(arrival.place, []) if time > now - HOUR]
        self.times[arrival.place] = [*recent, now]


def look(submitted: Path, assignments: Iterable[str]) -> list[Arrival]:
    """Everything handed in for these assignments, by assignment and student; links are not followed."""
    found = []
    students = _folders(submitted)
    for assignment in assignments:
        for student in students:
            folder = student / assignment
            if os.path.lexists(folder) and can_be_shown(student.name):
                found.append(Arrival(assignment, student.name, folder, state_of(folder)))
    return found


def ready(
    before: Sequence[Arrival], now_there: Sequence[Arrival], ledger: Ledger, *, now: float, per_hour: int
) -> tuple[list[Arrival], dict[Place, float]]:
    """What to grade now, and for each place that has to wait the time when its turn comes.

    Args:
        before: the last look.
        now_there: this look.
        ledger: what was graded.
        now: seconds since 1970.
        per_hour: gradings of one student's assignment within an hour, at most; 0 for no bound.
    """
    known = {arrival.place: arrival.state for arrival in before}
    due: list[Arrival] = []
    waiting: dict[Place, float] = {}
    for arrival in now_there:
        if known.get(arrival.place) != arrival.state or ledger.graded.get(arrival.place) == arrival.state:
            continue
        recent = [time for time in ledger.times.get(arrival.place, []) if time > now - HOUR]
        if per_hour and len(recent) >= per_hour:
            waiting[arrival.place] = recent[-per_hour] + HOUR
        else:
            due.append(arrival)
    return due, waiting


def read_ledger(state: Path) -> Ledger:
    """The ledger kept in ``state``; an empty one where there is none or it is damaged: all is graded anew."""
    try:
        kept = json.loads((state / LEDGER).read_text(encoding="utf-8"))
        return Ledger(
            {(a, s): str(found) for a, students in kept["graded"].items() for s, found in students.items()},
            {
                (a, s): [float(time) for time in times]
                for a, students in kept["times"].items()
                for s, times in students.items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Ledger()


def write_ledger(state: Path, ledger: Ledger) -> None:
    """Keep the ledger; the file changes whole or not at all."""
    text = json.dumps({"graded": _nested(ledger.graded), "times": _nested(ledger.times)}, indent=1)
    write_whole(state / LEDGER, text + "\n")


def _nested(flat: Mapping[Place, object]) -> dict[str, dict[str, object]]:
    nested: dict[str, dict[str, object]] = {}
    for (assignment, student), value in flat.items():
        nested.setdefault(assignment, {})[student] = value
    return nested


def _folders(place: Path) -> list[Path]:
    try:
        entries = sorted(os.scandir(place), key=lambda entry: entry.name)
    except FileNotFoundError:  # nobody has handed in anything yet
        return []
    return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]


def state_of(folder: Path) -> str:
    """Names, kinds, sizes and times of all that lies there; no file is opened, no link followed."""
    digest = hashlib.sha256()
    pending = [folder]
    while pending:
        path = pending.pop()
        try:
            found = path.lstat()
            digest.update(
                f"{path}\0{found.st_mode}\0{found.st_size}\0{found.st_mtime_ns}\n".encode(errors="replace")
            )
            if path.is_dir() and not path.is_symlink():
                pending += sorted(path.iterdir())
        except OSError as error:  # it changes while we look: the next look sees another state
            digest.update(f"{path}\0{error.errno}\n".encode(errors="replace"))
    return digest.hexdigest()
