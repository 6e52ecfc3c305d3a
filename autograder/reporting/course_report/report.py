"""The course report as data: where each student and each learning goal stands, across assignments."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograder.reporting.anonymous import plain
from autograder.reporting.class_report.report import ClassReport
from autograder.reporting.course_report.goals import Goal
from autograder.reporting.course_report.reached import KNOWN, Reached, reached, share_of
from autograder.reporting.exporters.standing import Standing

SCHEMA = 1
HALF = 0.5
UNDER_WAY = 0.5
"""An assignment that less of the class has handed in is under way: that one is missing says nothing yet."""


@dataclass(frozen=True)
class Mark:
    """One student's result in one assignment; ``score`` is None without a grade, which is not zero."""

    assignment: str
    handed_in: bool
    score: float | None
    max_score: float
    waiting: bool
    late: bool

    @property
    def share(self) -> float | None:
        return self.score / self.max_score if self.score is not None and self.max_score else None


@dataclass(frozen=True)
class Person:
    """One student: results in the order of assignments, and how far with each goal in the order of goals."""

    who: str
    marks: tuple[Mark, ...]
    points: float
    max_points: float
    goals: tuple[str, ...]

    @property
    def reached(self) -> int:
        return sum(state == Reached.REACHED for state in self.goals)

    @property
    def known(self) -> int:
        return sum(state in KNOWN for state in self.goals)


@dataclass(frozen=True)
class GoalResult:
    """How far the class is with one goal; ``share`` is the mean share of its points, of those known."""

    words: str
    parts: tuple[tuple[str, str], ...]
    known: int
    reached: int
    partly: int
    not_yet: int
    not_started: int
    share: float | None


@dataclass(frozen=True)
class Summary:
    """One assignment in a row; the quartiles are of the shares of the points, None when nobody has any."""

    assignment: str
    title: str
    handed_in: int
    graded: int
    quartiles: tuple[float, float, float] | None
    alpha: float | None
    flags: int


@dataclass(frozen=True)
class CourseReport:
    """What a course shows; ``left`` and ``behind`` are whom somebody may want to ask how it goes."""

    course: str
    anonymous: bool
    notes: tuple[str, ...]
    assignments: tuple[Summary, ...]
    people: tuple[Person, ...]
    goals: tuple[GoalResult, ...]
    left: tuple[str, ...]
    behind: tuple[str, ...]
    schema: int = SCHEMA


def course_report(
    course: str,
    reports: Sequence[ClassReport],
    standings: Mapping[str, Sequence[Standing]],
    goals: Sequence[Goal],
    *,
    called: Callable[[Standing], str],
    anonymous: bool,
    notes: Sequence[str] = (),
) -> CourseReport:
    """Put the report together.

    Args:
        course: its name.
        reports: of its assignments, in order.
        standings: by assignment, where each student stands; everybody is in each.
        goals: of all assignments.
        called: the name, or number, that the page shows of somebody.
        anonymous: whether those are numbers.
        notes: sentences about what is left out.
    """
    by_student: dict[str, dict[str, Standing]] = {}
    for name, ones in standings.items():
        for one in ones:
            by_student.setdefault(one.student, {})[name] = one
    order = [report.assignment for report in reports]
    people = sorted(
        (_person(called, order, goals, ones) for ones in by_student.values()),
        key=lambda person: (plain(person.who), person.who),
    )
    done = [report.assignment for report in reports if report.handed_in >= UNDER_WAY * report.students > 0]
    return CourseReport(
        course=course,
        anonymous=anonymous,
        notes=(*notes, *(() if by_student else ("The gradebook knows no student yet.",))),
        assignments=tuple(_summary(report, standings[report.assignment]) for report in reports),
        people=tuple(people),
        goals=tuple(_goal(goal, list(by_student.values())) for goal in goals),
        left=tuple(person.who for person in people if _has_left(person, done)),
        behind=tuple(person.who for person in people if _is_behind(person)),
    )


def _person(
    called: Callable[[Standing], str],
    order: Sequence[str],
    goals: Sequence[Goal],
    ones: Mapping[str, Standing],
) -> Person:
    marks = [
        Mark(
            name,
            ones[name].handed_in,
            ones[name].score,
            ones[name].max_score,
            ones[name].waiting and ones[name].score is not None,
            ones[name].late_seconds > 0,
        )
        for name in order
    ]
    graded = [mark for mark in marks if mark.score is not None]
    return Person(
        who=called(next(iter(ones.values()))),
        marks=tuple(marks),
        points=round(sum(mark.score or 0.0 for mark in graded), 2),
        max_points=sum(mark.max_score for mark in graded),
        goals=tuple(reached(goal, ones)[0].value for goal in goals),
    )


def _goal(goal: Goal, everybody: Sequence[Mapping[str, Standing]]) -> GoalResult:
    found = [reached(goal, ones) for ones in everybody]
    count = Counter(state for state, _ in found)
    return GoalResult(
        words=goal.words,
        parts=goal.parts,
        known=sum(count[state] for state in KNOWN),
        reached=count[Reached.REACHED],
        partly=count[Reached.PARTLY],
        not_yet=count[Reached.NOT_YET],
        not_started=count[Reached.NOT_STARTED],
        share=share_of(share for _, share in found),
    )


def _summary(report: ClassReport, standings: Sequence[Standing]) -> Summary:
    shares = sorted(one.score / one.max_score for one in standings if one.score is not None and one.max_score)
    quartiles = None
    if shares:
        low, middle, high = (
            statistics.quantiles(shares, method="inclusive") if len(shares) > 1 else shares * 3
        )
        quartiles = (round(low, 4), round(middle, 4), round(high, 4))
    return Summary(
        assignment=report.assignment,
        title=report.title,
        handed_in=report.handed_in,
        graded=report.graded,
        quartiles=quartiles,
        alpha=report.consistency.alpha.value,
        flags=sum(flag.kind != "everybody passes" for flag in report.flags),
    )


def _has_left(person: Person, done: Sequence[str]) -> bool:
    """Whether somebody handed in before and not the last assignment that the class has done."""
    marks = [mark for mark in person.marks if mark.assignment in done]
    return len(marks) > 1 and not marks[-1].handed_in and any(mark.handed_in for mark in marks[:-1])


def _is_behind(person: Person) -> bool:
    """Whether somebody has less than half of the points in the last two assignments that have a grade."""
    shares = [mark.share for mark in person.marks if mark.share is not None and not mark.waiting]
    return len(shares) > 1 and max(shares[-2:]) < HALF
