"""What another grading would change: old and new grades of a class, compared.

Pure; knows nothing of where grades are kept.  Who graded by hand keeps those points, whatever changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from autograder.grading.report import Report

REASONS: Mapping[str, str] = {
    "submission": "what was handed in",
    "release": "the released files",
    "checks": "the hidden checks",
    "solutions": "the reference solutions",
    "thresholds": "the bars of trained checks",
    "private": "your private checks",
    "corpus": "the film reviews",
    "secret": "the course secret",
    "limits": "the limits",
    "engine": "the kit itself",
    "versions": "the versions of libraries",
    "isolation": "the isolation",
}
"""By part of a Report's content: what is said to have changed."""


@dataclass(frozen=True)
class HeldGrade:
    """The grade of one cell: ``automatic`` points, points ``given`` by a person, and ``extra`` ones.

    None: there are none.  ``flagged`` says that a person is asked to look at it.
    """

    automatic: float | None
    given: float | None = None
    extra: float = 0.0
    flagged: bool = False

    @property
    def counts(self) -> float | None:
        """The points that count now; None where nobody and nothing has given any."""
        points = self.given if self.given is not None else self.automatic
        return None if points is None else points + self.extra


@dataclass(frozen=True)
class Held:
    """What the gradebook holds of one submission, handed in at ``timestamp``.

    ``grades`` are by exercise and by question, ``comments`` by the cell that they belong to; ``penalty`` is
    for handing in late.  ``report`` is the one that it was written from; None where it was not looked for, or
    where the store has forgotten it.
    """

    grades: Mapping[str, HeldGrade]
    penalty: float = 0.0
    timestamp: datetime | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
    report: Report | None = None

    @property
    def score(self) -> float:
        """What counts: all points, less the penalty."""
        points = sum(grade.counts or 0.0 for grade in self.grades.values())
        return max(0.0, round(points - self.penalty, 6))

    def equals(self, report: Report, timestamp: datetime | None) -> bool:
        """Whether these are the scores of ``report``, handed in at ``timestamp`` (None: whenever it was)."""
        if timestamp is not None and self.timestamp != timestamp:
            return False
        return all(
            name in self.grades and self.grades[name].automatic == points_now(report, name)
            for name in report.exercises
        )


def points_now(report: Report, name: str) -> float | None:
    """The automatic points of an exercise; None for a question, which has none."""
    if name not in report.exercises:
        return None
    return 0.0 if report.unreadable else float(report.exercises[name].points)


@dataclass(frozen=True)
class VerdictChange:
    """One check whose outcome changes; "" where there is no such check, ``message`` is what is read now."""

    check: str
    claim: str
    before: str
    after: str
    message: str


@dataclass(frozen=True)
class ExerciseChange:
    """The automatic points of one exercise, before (None: there were none) and after.

    ``given`` are the points of a person, which stay; None where the checks decide.
    """

    exercise: str
    before: float | None
    after: float
    max_points: float
    given: float | None
    verdicts: tuple[VerdictChange, ...]


@dataclass(frozen=True)
class Change:
    """What another grading would change for one student.

    ``before`` and ``after`` are the whole scores, late penalties taken off; None where there is no grade.
    ``exercises`` holds those whose automatic points or verdicts change.  ``because`` names what has
    changed since (empty where the old Report is forgotten).  ``broken`` says why nothing would be written.
    """

    student: str
    before: float | None
    after: float | None
    penalty_before: float = 0.0
    penalty_after: float = 0.0
    exercises: tuple[ExerciseChange, ...] = ()
    because: tuple[str, ...] = ()
    forgotten: bool = False
    unreadable: str = ""
    broken: str = ""

    @property
    def matters(self) -> bool:
        """Whether points change: those that count, or automatic ones below a person's."""
        return not self.broken and (
            self.before != self.after or any(one.before != one.after for one in self.exercises)
        )


def compare(
    held: Held | None, report: Report, *, score: float | None, penalty: float, broken: str = ""
) -> Change:
    """What recording ``report`` would change for its student.

    Args:
        held: what is recorded now; None for a student who has no grade.
        report: the new one.
        score, penalty: what would count then.
        broken: why the Report can be no grade; "" when it can.
    """
    old = held.report if held is not None else None
    recorded = held is not None and any(grade.automatic is not None for grade in held.grades.values())
    return Change(
        student=report.student,
        before=held.score if held is not None and recorded else None,
        after=score,
        penalty_before=held.penalty if held is not None else 0.0,
        penalty_after=penalty,
        exercises=() if broken else _exercises(held, report),
        because=_because(old, report),
        forgotten=recorded and old is None,
        unreadable=report.unreadable,
        broken=broken,
    )


def _exercises(held: Held | None, report: Report) -> tuple[ExerciseChange, ...]:
    old = held.report if held is not None else None
    changes = []
    for name, exercise in report.exercises.items():
        grade = held.grades.get(name) if held is not None else None
        change = ExerciseChange(
            exercise=name,
            before=grade.automatic if grade is not None else None,
            after=points_now(report, name) or 0.0,
            max_points=exercise.max_points,
            given=grade.given if grade is not None else None,
            verdicts=_verdicts(old, report, name) if old is not None else (),
        )
        if change.before != change.after or change.verdicts:
            changes.append(change)
    return tuple(changes)


def _verdicts(old: Report, new: Report, exercise: str) -> tuple[VerdictChange, ...]:
    """The checks whose outcome differs, new ones and those that are gone included."""
    before = {v.check: v for v in old.exercises[exercise].verdicts} if exercise in old.exercises else {}
    after = {v.check: v for v in new.exercises[exercise].verdicts}
    changes = []
    for check in [*after, *(check for check in before if check not in after)]:
        was, now = before.get(check), after.get(check)
        if (was and was.outcome) != (now and now.outcome):
            one = now or was
            assert one is not None
            said = now.message if now is not None else ""
            changes.append(
                VerdictChange(check, one.claim, was.outcome if was else "", now.outcome if now else "", said)
            )
    return tuple(changes)


def _because(old: Report | None, new: Report) -> tuple[str, ...]:
    if old is None:
        return ()
    return tuple(
        REASONS.get(part, part)
        for part in dict.fromkeys([*REASONS, *old.content, *new.content])
        if old.content.get(part, "") != new.content.get(part, "")
    )
