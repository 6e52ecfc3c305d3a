"""The feedback page: one student's Report as one HTML file that needs nothing else.

Pure: text in, text out.  Shows no check's source, no seed, no expected value and no path; a Report's
sentences are shown as they are, everything is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from autograder.checking.verdicts import ExerciseResult, Outcome, Verdict
from autograder.grading.report import Report
from autograder.reporting.pages import template


@dataclass(frozen=True)
class ManualGrade:
    """What a person decided about one question, or about one exercise in place of its checks.

    ``cell`` is the question's grade_id or the exercise's function.  ``points`` is None where no person
    gave points: a question is then waiting, an exercise has the points of its checks.  ``on`` is the day of
    the decision, where it is known.
    """

    cell: str
    points: float | None
    max_points: float
    comment: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Received:
    """The file that was graded: the sha256 of the notebook as it was handed in, and when it was received.

    ``newer`` says that another file was received since, which is not graded yet.
    """

    sha256: str
    at: datetime | None = None
    newer: bool = False


@dataclass(frozen=True)
class Word:
    """How an outcome is shown: a word, a sign beside it, a style, and a sentence where the check has none."""

    word: str
    sign: str
    style: str
    otherwise: str = ""


WORDS: Mapping[Outcome, Word] = {
    Outcome.PASSED: Word("Passed", "✓", "good"),
    Outcome.FAILED: Word("Not yet", "○", "open", "The result is not the one that this sentence asks for."),
    Outcome.RAISED: Word("Stopped", "△", "open", "Your function stopped with an error."),
    Outcome.TIMED_OUT: Word("Too slow", "◷", "open", "Your function did not answer within its time."),
    Outcome.KILLED: Word(
        "Limit met", "□", "open", "Your function met a limit of memory, processes or output."
    ),
    Outcome.MISSING: Word("Not found", "?", "rest", "No function of this name was found in your notebook."),
    Outcome.NOT_ATTEMPTED: Word("Not started", "–", "rest", "You have not written this function yet."),
    Outcome.BROKEN: Word(
        "Our fault",
        "!",
        "rest",
        "We could not run this check. It costs you nothing; your teacher has been told.",
    ),
}


@dataclass(frozen=True)
class Exercise:
    """One exercise as the page shows it; ``note`` stands once for verdicts that all say the same."""

    name: str
    points: float
    max_points: float
    checks_points: float
    verdicts: tuple[Verdict, ...]
    note: str
    changed: bool
    comment: str
    on: date | None
    section: str

    @property
    def untouched(self) -> bool:
        """Whether there is nothing yet that could be read again."""
        return all(verdict.outcome is Outcome.NOT_ATTEMPTED for verdict in self.verdicts)

    @property
    def confirmed(self) -> bool:
        """Whether a person gave what the checks had given, to the two decimals that are shown."""
        return self.changed and round(self.points, 2) == round(self.checks_points, 2)


@dataclass(frozen=True)
class Question:
    """One question that a person grades."""

    name: str
    max_points: float
    points: float | None
    comment: str
    section: str


def feedback_page(
    report: Report,
    *,
    manual: Sequence[ManualGrade],
    late_penalty: float,
    title: str,
    sections: Mapping[str, str] = MappingProxyType({}),
    received: Received | None = None,
) -> str:
    """The page of one student, as HTML text.

    Args:
        report: what the checks found; its student's name heads the page.
        manual: what people decided, on questions and on exercises.
        late_penalty: points taken off for handing in late, 0 or more.
        title: the assignment's title, as students know it.
        sections: where in the notebook each exercise and question is explained.
        received: the file that was graded; None where it is not known.
    """
    decided = {grade.cell: grade for grade in manual}
    exercises = [
        _exercise(name, item, decided.get(name), sections.get(name, ""))
        for name, item in report.exercises.items()
    ]
    questions = [
        _question(name, points, decided.get(name), sections.get(name, ""))
        for name, points in report.manual.items()
    ]
    points = sum(e.points for e in exercises) + sum(q.points or 0.0 for q in questions)
    return template("feedback.html").render(
        report=report,
        title=title,
        exercises=exercises,
        questions=questions,
        waiting=[question for question in questions if question.points is None],
        stopped=[cell for cell in report.cells if cell.outcome != "ok" and cell.error],
        points=max(0.0, points - late_penalty),
        max_points=sum(e.max_points for e in exercises) + sum(q.max_points for q in questions),
        late_penalty=late_penalty,
        received=received,
        words=WORDS,
    )


def _exercise(name: str, found: ExerciseResult, decided: ManualGrade | None, section: str) -> Exercise:
    changed = decided is not None and decided.points is not None
    points = decided.points if decided is not None and decided.points is not None else found.points
    return Exercise(
        name=name,
        points=points,
        max_points=found.max_points,
        checks_points=found.points,
        verdicts=tuple(sorted(found.verdicts, key=lambda verdict: verdict.outcome is Outcome.PASSED)),
        note=_common_note(found.verdicts),
        changed=changed,
        comment=decided.comment if decided is not None else "",
        on=decided.on if decided is not None else None,
        section=section,
    )


def _question(name: str, max_points: float, decided: ManualGrade | None, section: str) -> Question:
    points, comment = (None, "") if decided is None else (decided.points, decided.comment)
    return Question(name, max_points, points, comment, section)


def _common_note(verdicts: Sequence[Verdict]) -> str:
    """The one sentence of a function that was never written or not found, instead of once per check."""
    said = {(verdict.outcome, verdict.message) for verdict in verdicts}
    if len(verdicts) < 2 or len(said) != 1:
        return ""
    outcome, message = said.pop()
    return "" if outcome is Outcome.PASSED else message or WORDS[outcome].otherwise
