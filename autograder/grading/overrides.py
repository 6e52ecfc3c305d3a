"""Points that people gave, when a submission is graded again: which stand, and which want another look.

Pure.  Points of a person are never changed by grading; at most a person is asked to look again.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from autograder.grading.changes import Held, HeldGrade, points_now
from autograder.grading.report import Report


@dataclass(frozen=True)
class Override:
    """Points that a person gave for an exercise or a question, and that a person should look at again.

    ``made_on`` are the automatic points at that time, ``now`` those of today; None for a question.
    """

    cell: str
    given: float
    made_on: float | None
    now: float | None
    reason: str = ""

    def __str__(self) -> str:
        if self.made_on != self.now:
            before = "nothing yet" if self.made_on is None else f"{self.made_on:g}"
            return f"a person gave {self.given:g} when the checks gave {before}; now they give {self.now:g}"
        what = "answer" if self.now is None else "code"
        return f"a person gave {self.given:g}; the student's {what} has changed since"


@dataclass(frozen=True)
class Carried:
    """What people's points become when a Report is recorded over another.

    ``made_on`` holds the automatic points on which each override was made, to be remembered with the grade;
    ``standing`` the cells that nobody need look at again, ``again`` the others.
    """

    made_on: Mapping[str, float] = field(default_factory=dict)
    standing: frozenset[str] = frozenset()
    again: tuple[Override, ...] = ()


def carry(held: Held, made_on: Mapping[str, float], report: Report, same: Container[str]) -> Carried:
    """What becomes of the points that people gave, when ``report`` is recorded.

    Args:
        held: what is recorded now.
        made_on: as it was remembered with that.
        report: the new one.
        same: exercises and questions whose text the student has not changed since.
    """
    remembered: dict[str, float] = {}
    standing = set()
    again = []
    for name, grade in held.grades.items():
        if grade.given is None:
            continue
        now = points_now(report, name)
        base = _base(grade, made_on.get(name))
        if base is not None:
            remembered[name] = base
        if not grade.flagged and name in same and now == (grade.automatic if now is not None else None):
            standing.add(name)
        else:
            again.append(Override(name, grade.given, None if now is None else base, now, _reason(held, name)))
    return Carried(remembered, frozenset(standing), tuple(again))


def wanting_a_look(
    held: Held, made_on: Mapping[str, float], exercises: Container[str]
) -> tuple[Override, ...]:
    """The points in the gradebook that somebody gave and should look at again."""
    return tuple(
        Override(
            name,
            grade.given,
            _base(grade, made_on.get(name)) if name in exercises else None,
            grade.automatic if name in exercises else None,
            _reason(held, name),
        )
        for name, grade in held.grades.items()
        if grade.given is not None and grade.flagged
    )


def _base(grade: HeldGrade, remembered: float | None) -> float | None:
    """The automatic points that the override was made on: while it waits for a look, the remembered ones."""
    return remembered if grade.flagged and remembered is not None else grade.automatic


def _reason(held: Held, name: str) -> str:
    # a comment belongs to the cell with the student's code; nbgrader has none for a cell of checks
    return held.comments.get(name, "") or held.comments.get(f"{name}_checks", "")
