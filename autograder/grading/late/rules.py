"""What handing in late costs: the rules of one assignment, and how they apply to one student.

Each day or hour that has begun counts whole, from the deadline on; who is late by no more than the grace
loses nothing.  A share is one of the points that can be had: so a day costs everybody the same, and points
given by hand change no penalty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

PERCENT, POINTS = "percent", "points"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Amount:
    """Points, or a share of the points that can be had; ``unit`` is "points" or "percent"."""

    value: float
    unit: str

    def of(self, max_points: float) -> float:
        """This amount in points."""
        return self.value if self.unit == POINTS else max_points * self.value / 100


@dataclass(frozen=True)
class Extension:
    """One student's own deadline, and why; ``line`` is where the file says so."""

    deadline: datetime
    reason: str = ""
    line: int = 0


@dataclass(frozen=True)
class LateRule:
    """The rules of one assignment; times have a time zone.

    ``rate`` is lost for each ``step`` that has begun, ``most`` at most.  ``accepted`` is how long after a
    deadline, an extended one too, a hand-in still has points at all; None for any time.
    """

    deadline: datetime
    grace: timedelta = timedelta(0)
    rate: Amount | None = None
    step: timedelta = DAY
    most: Amount | None = None
    accepted: timedelta | None = None
    extensions: Mapping[str, Extension] = field(default_factory=dict)

    def deadline_of(self, student: str) -> datetime:
        """The deadline of one student."""
        extension = self.extensions.get(student)
        return self.deadline if extension is None else extension.deadline

    def in_time_until(self, student: str) -> datetime:
        """Until when this student's hand-in loses nothing."""
        return self.deadline_of(student) + self.grace


@dataclass(frozen=True)
class Lateness:
    """By how much somebody is late and what it costs, before it is held against the points that they have.

    ``too_late``: after the last acceptance, so that no points are left.
    """

    by: timedelta = timedelta(0)
    penalty: float = 0.0
    too_late: bool = False


def lateness(rule: LateRule, student: str, handed_in: datetime, max_points: float) -> Lateness:
    """What the rule makes of a hand-in; ``max_points`` are those that can be had."""
    by = handed_in - rule.deadline_of(student)
    if by <= timedelta(0):
        return Lateness()
    if rule.accepted is not None and by > max(rule.accepted, rule.grace):
        return Lateness(by, max_points, too_late=True)
    if by <= rule.grace or rule.rate is None:
        return Lateness(by)
    penalty = -(-by // rule.step) * rule.rate.of(max_points)
    if rule.most is not None:
        penalty = min(penalty, rule.most.of(max_points))
    return Lateness(by, round(min(penalty, max_points), 6))


def span(by: timedelta) -> str:
    """A span of time to the minute, such as "2 d 3 h 5 min"; a minute begun counts."""
    minutes = -(-by // timedelta(minutes=1))
    parts = [(minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
