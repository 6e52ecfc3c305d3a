"""The misconceptions that occurred: what the checks said to several students alike, and one answer each.

One mistake is usually found by several checks: where they say the same of much the same students, it is
told once, with the names of those checks.  Students are counted, not sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.checking.verdicts import Outcome, Verdict
from autograder.reporting.anonymous import Names
from autograder.reporting.class_report.responses import Responses
from autograder.reporting.wording import Wording, shared, wording

CellOf = Callable[[str, str], str]
"""(student, exercise) -> that student's cell without comments and names; "" where it cannot be shown."""
SHOWN = 5
"""Misconceptions of an exercise that are shown with a cell; the others are listed in a line each."""
SAME_STUDENTS = 0.5
"""Two checks that say the same found the same mistake where they share so much of their students."""
TRIED = 12
"""Answers that are looked at for the shortest that shows a misconception."""


@dataclass(frozen=True)
class Misconception:
    """One sentence that ``students`` read about an exercise; ``share`` is of those who are counted at all.

    ``cell`` is the answer of one of them, without comments and names; "" where none can be shown.
    """

    exercise: str
    outcome: str
    sentence: str
    students: int
    share: float
    checks: tuple[str, ...]
    cell: str = ""


@dataclass(frozen=True)
class _Said:
    """One line of one student's feedback that is no pass."""

    student: str
    check: str
    outcome: Outcome
    wording: Wording


def misconceptions(responses: Responses, names: Names, cell_of: CellOf) -> tuple[Misconception, ...]:
    """By exercise in the notebook's order, the most frequent first."""
    found: list[Misconception] = []
    for exercise in responses.exercises:
        said = _said(responses, exercise)
        ordered = sorted(_groups(said), key=lambda group: (-len(_students(group)), group[0].wording.key))
        for rank, group in enumerate(ordered):
            shown = rank < SHOWN and group[0].outcome is not Outcome.MISSING
            cell = _shortest(exercise, group, said, cell_of) if shown else ""
            found.append(_misconception(exercise, group, names, len(responses.reports), cell))
    return tuple(found)


def _groups(said: Sequence[_Said]) -> list[list[_Said]]:
    """The lines of one exercise by check and sentence; checks that say it of the same students as one."""
    by_check: dict[tuple[str, str], list[_Said]] = {}
    for line in said:
        by_check.setdefault((line.wording.key, line.check), []).append(line)
    groups: dict[str, list[list[_Said]]] = {}
    for (key, _), lines in sorted(by_check.items(), key=lambda item: -len(item[1])):
        known = groups.setdefault(key, [])
        same = next((group for group in known if _alike(_students(group), _students(lines))), None)
        if same is None:
            known.append(lines)
        else:
            same.extend(lines)
    return [group for known in groups.values() for group in known]


def _alike(some: set[str], others: set[str]) -> bool:
    return len(some & others) >= SAME_STUDENTS * len(some | others)


def _said(responses: Responses, exercise: str) -> list[_Said]:
    return [
        _Said(report.student, verdict.check, verdict.outcome, _wording(verdict))
        for report in responses.reports
        for verdict in report.exercises[exercise].verdicts
        if verdict.outcome not in (Outcome.PASSED, Outcome.NOT_ATTEMPTED, Outcome.BROKEN)
    ]


def _wording(verdict: Verdict) -> Wording:
    """What the student read; a check that said nothing is told by its claim, which is everybody's."""
    claim = f"Not yet: {verdict.claim}"
    return wording(verdict.message) if verdict.message else Wording(claim, (), (claim,))


def _misconception(
    exercise: str, group: Sequence[_Said], names: Names, everybody: int, cell: str
) -> Misconception:
    students = len(_students(group))
    sentence = shared((line.wording for line in group), students=students)
    return Misconception(
        exercise=exercise,
        outcome=group[0].outcome.value,
        sentence=names.without(sentence),
        students=students,
        share=students / everybody,
        checks=tuple(dict.fromkeys(line.check for line in group)),
        cell=cell,
    )


def _students(group: Sequence[_Said]) -> set[str]:
    return {line.student for line in group}


def _shortest(exercise: str, group: Sequence[_Said], said: Sequence[_Said], cell_of: CellOf) -> str:
    """The cell that shows this misconception and as little else as can be; of those, the shortest."""
    other: dict[str, set[str]] = {}
    for line in said:
        other.setdefault(line.student, set()).add(line.wording.key)
    students = sorted(_students(group), key=lambda student: (len(other[student]), student))
    cells = {student: cell_of(student, exercise) for student in students[:TRIED]}
    shown = [student for student, cell in cells.items() if cell]
    best = min(shown, key=lambda student: (len(other[student]), len(cells[student])), default="")
    return cells.get(best, "")
