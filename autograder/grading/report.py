"""The Report: everything that grading found out about one submission, as stable JSON.

It holds no expected value, no check's source and no path of the machine, so it can be shown
to staff and its student-facing part to the student.  docs/report.md describes each field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from autograder.checking.verdicts import ExerciseResult, LimitMet, Outcome, Verdict
from autograder.errors import AutograderError

SCHEMA = 1


@dataclass(frozen=True)
class Repair:
    """One thing that intake had to put right in a notebook, as a sentence for student and TA."""

    cell: str
    what: str


@dataclass(frozen=True)
class CellRun:
    """How one cell of the student's notebook ended when the grader ran it.

    ``outcome`` is "ok", "raised" or "interrupted"; ``error`` is a sentence about the student's own line.
    """

    cell: str
    outcome: str
    error: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Picture:
    """A picture that the student saved in a demo cell: PNG re-encoded by us, base64 text.

    ``section`` is the heading above its cell; ``title`` and ``axes`` are what the cell's code calls it and
    its axes.  Each is empty where the notebook does not say it.
    """

    cell: str
    png: str
    width: int
    height: int
    section: str = ""
    title: str = ""
    axes: str = ""


@dataclass(frozen=True)
class Output:
    """A piece of what a cell showed: lines of plain text, or a PNG encoded anew by us (base64 text)."""

    text: str = ""
    png: str = ""


@dataclass(frozen=True)
class CellOutputs:
    """What a cell showed when the grader ran it; ``cell`` is "<notebook>/<its number, from 0>"."""

    cell: str
    outputs: tuple[Output, ...]


@dataclass(frozen=True)
class Report:
    """One submission's grading; points are of the automatic part, ``manual`` lists what a person grades.

    ``shown`` is filled where the tests sit in the notebooks; ``isolation`` then begins with "in-notebook".
    """

    assignment: str
    student: str
    points: float
    max_points: float
    exercises: Mapping[str, ExerciseResult]
    manual: Mapping[str, float] = field(default_factory=dict)
    unreadable: str = ""
    cells: tuple[CellRun, ...] = ()
    repairs: tuple[Repair, ...] = ()
    limits_met: tuple[LimitMet, ...] = ()
    pictures: tuple[Picture, ...] = ()
    isolation: str = ""
    seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[CellOutputs, ...] = ()
    schema: int = SCHEMA

    @property
    def broken(self) -> bool:
        """Whether a check of ours failed to do its work: then nothing of this Report becomes a grade."""
        return any(v.outcome is Outcome.BROKEN for e in self.exercises.values() for v in e.verdicts)

    def of(self, student: str) -> Report:
        """The same Report under a student's name (a stored Report has none)."""
        return replace(self, student=student)


def to_json(report: Report) -> str:
    """The Report as JSON text, keys in a fixed order; floats are plain numbers."""
    return json.dumps(asdict(report), indent=1, ensure_ascii=False)


def from_json(text: str) -> Report:
    """Read a Report back.  Raises AutograderError for another schema or a damaged text."""
    try:
        data = json.loads(text)
        if data["schema"] != SCHEMA:
            raise AutograderError(
                f"this Report has another schema; grade again (expected {SCHEMA}, got {data['schema']})"
            )
        return Report(
            **{
                **data,
                "exercises": {name: _exercise(inner) for name, inner in data["exercises"].items()},
                "cells": tuple(CellRun(**inner) for inner in data["cells"]),
                "repairs": tuple(Repair(**inner) for inner in data["repairs"]),
                "limits_met": tuple(LimitMet(**inner) for inner in data["limits_met"]),
                "pictures": tuple(Picture(**inner) for inner in data["pictures"]),
                "shown": tuple(
                    CellOutputs(inner["cell"], tuple(Output(**one) for one in inner["outputs"]))
                    for inner in data.get("shown", ())
                ),
            }
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AutograderError(
            f"this Report cannot be read; grade again (got {type(error).__name__})"
        ) from None


def _exercise(data: Mapping[str, Any]) -> ExerciseResult:
    verdicts = tuple(Verdict(**{**inner, "outcome": Outcome(inner["outcome"])}) for inner in data["verdicts"])
    return ExerciseResult(data["points"], data["max_points"], verdicts)
