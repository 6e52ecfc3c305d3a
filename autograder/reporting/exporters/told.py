"""What the last feedback page of a student told: so that a change is noticed, dated, and said.

One small file per student in the state folder; a lost or damaged one only costs the dates.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from autograder.grading.files import write_whole
from autograder.reporting.feedback import ManualGrade

FOLDER = "feedback"
NEW = ("new",)


@dataclass(frozen=True)
class Told:
    """A page: the hash of its text, the Report behind it, the late penalty, and what people had decided."""

    page: str
    report: str
    penalty: float
    decided: tuple[ManualGrade, ...]


def read_told(state: Path, assignment: str, student: str) -> Told | None:
    """What the last page told; None where there was none, or its file is damaged."""
    try:
        found = json.loads(_file(state, assignment, student).read_text(encoding="utf-8"))
        decided = tuple(_read_grade(one) for one in found["decided"])
        return Told(str(found["page"]), str(found["report"]), float(found["penalty"]), decided)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_told(state: Path, assignment: str, student: str, told: Told) -> None:
    """Remember what a page told; the file appears whole or not at all."""
    text = json.dumps(asdict(told), indent=1, ensure_ascii=False, default=str)
    write_whole(_file(state, assignment, student), text + "\n")


def dated(decided: Sequence[ManualGrade], before: Told | None, today: date) -> list[ManualGrade]:
    """What people decided, with the day on which it was first seen; on a first page nobody knows that."""
    if before is None:
        return list(decided)
    known = {grade.cell: grade for grade in before.decided}
    return [replace(grade, on=_day(grade, known.get(grade.cell), today)) for grade in decided]


def changes(before: Told | None, now: Told) -> tuple[str, ...]:
    """Why a page has to be written: a few words each; none where it is as it was."""
    if before is None:
        return NEW
    if before.page == now.page:
        return ()
    why = []
    if before.report != now.report:
        why.append("graded anew")
    known = {grade.cell: grade for grade in before.decided}
    for grade in now.decided:
        why += _decided(known.get(grade.cell), grade)
    if before.penalty != now.penalty:
        why.append(f"late penalty {before.penalty:g} → {now.penalty:g}")
    return tuple(why) or ("the page has another form",)


def _decided(before: ManualGrade | None, now: ManualGrade) -> list[str]:
    why = []
    if before is None or before.points != now.points:
        if now.points is not None:
            why.append(f"a person gave {now.points:g} for {now.cell}")
        elif before is not None:
            why.append(f"a person took back the points for {now.cell}")
    if now.comment != (before.comment if before is not None else ""):
        why.append(
            f"a person commented on {now.cell}"
            if now.comment
            else f"a person removed the comment on {now.cell}"
        )
    return why


def _day(now: ManualGrade, before: ManualGrade | None, today: date) -> date | None:
    if before is not None and (now.points, now.comment) == (before.points, before.comment):
        return before.on
    return today


def _read_grade(found: dict[str, object]) -> ManualGrade:
    points, on = found["points"], found["on"]
    return ManualGrade(
        cell=str(found["cell"]),
        points=None if points is None else float(str(points)),
        max_points=float(str(found["max_points"])),
        comment=str(found["comment"]),
        on=None if on is None else date.fromisoformat(str(on)),
    )


def _file(state: Path, assignment: str, student: str) -> Path:
    return state / FOLDER / assignment / f"{student}.json"
