"""Flags: what in a class's results asks for a look at an exercise or a check, in words.

A flag says what the numbers show and where to look; it never says that somebody was wrong.  The bars are
conventions, named in docs/class-report.md; a flag about discrimination is raised only where chance is an
unlikely reason for it.
"""

from __future__ import annotations

import statistics as plain
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.reporting.class_report.items import CheckItem, ExerciseItem
from autograder.reporting.pages import decimal, percent
from autograder.reporting.statistics import Number

ENOUGH = 10
"""Students who must have been judged by an item before anything is said about it."""
ENOUGH_TO_COMPARE = 20
"""… and before anything is said about its discrimination."""
BOTH_KINDS = 5
"""Of those, at least so many must have passed, and so many not."""
POOR = 0.2
"""A discrimination below this is poor (Ebel)."""
FAR = 0.35
"""A difficulty that lies so far from the middle of the other exercises is out of line."""
MANY = 0.25
"""The share of a class that is worth a word."""

KINDS = (
    "nobody passes",
    "good students fail",
    "people decided otherwise",
    "out of line",
    "many did not start",
    "limits",
    "tells nobody apart",
    "everybody passes",
)
"""What flags say, the most pressing first."""


@dataclass(frozen=True)
class Flag:
    """Something to look at; ``check`` is "" where it concerns the whole exercise.

    ``kind`` is one of KINDS.
    """

    kind: str
    exercise: str
    check: str
    sentence: str


def flags_of(
    exercises: Sequence[ExerciseItem], alpha: Number, *, students: int, by_hand: Mapping[str, int]
) -> tuple[Flag, ...]:
    """Everything that asks for a look, by kind and then in the notebook's order.

    Args:
        exercises: the items.
        alpha: of all exercises together.
        students: how many the items were made of.
        by_hand: by exercise, of how many students a person decided the points.
    """
    found: list[Flag] = []
    for exercise in exercises:
        others = [other for other in exercises if other is not exercise]
        found += _out_of_line(exercise, others, alpha, students)
        found += _around(exercise, students, by_hand.get(exercise.name, 0))
        for check in exercise.checks:
            found += _about(exercise.name, check)
    return tuple(sorted(found, key=lambda flag: KINDS.index(flag.kind)))


def _about(exercise: str, check: CheckItem) -> Iterator[Flag]:
    item, passed = check.item, check.item.solved
    failed = item.students - passed
    if item.students >= ENOUGH and failed == 0:
        yield Flag(
            "everybody passes",
            exercise,
            check.name,
            f"All {passed} who answered pass this check. It is a first step that everybody takes, or it asks "
            "for less than it claims.",
        )
    elif item.students >= ENOUGH and passed == 0:
        yield Flag(
            "nobody passes",
            exercise,
            check.name,
            f"None of the {item.students} who answered passes this check. Look at the check and at what the "
            "notebook says about it before you look at the answers.",
        )
    elif item.students >= ENOUGH_TO_COMPARE and min(passed, failed) >= BOTH_KINDS:
        yield from _discriminates(exercise, check)


def _discriminates(exercise: str, check: CheckItem) -> Iterator[Flag]:
    r, high = check.item.discrimination.value, check.item.likely.high
    if r is None or high is None:
        return
    if high < 0:
        yield Flag(
            "good students fail",
            exercise,
            check.name,
            f"Students who are good in the rest fail this check more often than others (discrimination "
            f"{decimal(r, 2)}). Perhaps it refuses a right answer, or its sentence misleads those who think "
            "further.",
        )
    elif high < POOR:
        yield Flag(
            "tells nobody apart",
            exercise,
            check.name,
            f"Students who are good in the rest pass this check no more often than others (discrimination "
            f"{decimal(r, 2)}). It may ask for something else than the rest does, or be passed by chance.",
        )


def _out_of_line(
    exercise: ExerciseItem, others: Sequence[ExerciseItem], alpha: Number, students: int
) -> Iterator[Flag]:
    r, high, without = exercise.item.discrimination.value, exercise.item.likely.high, exercise.alpha_without
    rest = [o.item.discrimination.value for o in others if o.item.discrimination.value is not None]
    if (
        students >= ENOUGH_TO_COMPARE
        and rest
        and r is not None
        and high is not None
        and high < plain.median(rest)
        and alpha.value is not None
        and without.value is not None
        and without.value > alpha.value
    ):
        yield Flag(
            "out of line",
            exercise.name,
            "",
            f"Who does well here is hardly who does well elsewhere (discrimination "
            f"{decimal(r, 2)}, the others {decimal(plain.median(rest), 2)} in the middle): the others agree "
            "better without it. It may ask for something else, or be decided by luck.",
        )
    levels = [o.item.difficulty.value for o in others if o.item.difficulty.value is not None]
    own = exercise.item.difficulty.value
    if students >= ENOUGH and len(levels) > 1 and own is not None:
        middle = plain.median(levels)
        if abs(own - middle) >= FAR:
            yield Flag(
                "out of line",
                exercise.name,
                "",
                f"This exercise is much {'easier' if own > middle else 'harder'} than the others: "
                f"{percent(own)} of its points were reached, {percent(middle)} in the middle of the others.",
            )


def _around(exercise: ExerciseItem, students: int, by_hand: int) -> Iterator[Flag]:
    if students >= ENOUGH and exercise.not_attempted >= MANY * students:
        yield Flag(
            "many did not start",
            exercise.name,
            "",
            f"{exercise.not_attempted} of {students} did not start this exercise. Was there time enough, and "
            "does the text say where to begin?",
        )
    met = max(
        check.outcomes.get("TIMED_OUT", 0) + check.outcomes.get("KILLED", 0) for check in exercise.checks
    )
    if students >= ENOUGH and met >= MANY * students:
        yield Flag(
            "limits",
            exercise.name,
            "",
            f"{met} of {students} met a limit of time or memory in a check of this exercise. Perhaps it is "
            "too tight for answers that are right and slow.",
        )
    if by_hand:
        who = "one student" if by_hand == 1 else f"{by_hand} students"
        yield Flag(
            "people decided otherwise",
            exercise.name,
            "",
            f"A person gave {who} other points than the checks. If it was for one reason, the check may be "
            "what is to be changed.",
        )
