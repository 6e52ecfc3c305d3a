"""A simulated class: Reports by an item-response law, with known abilities and planted peculiarities."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from autograder.checking.verdicts import LimitMet, Outcome, Verdict, result
from autograder.course import Assignment
from autograder.grading.report import Repair, Report
from autograder.reporting.exporters.standing import Standing
from autograder.reporting.feedback import ManualGrade

EXERCISES = ("tokenize", "encode", "one_hot", "multi_hot", "pad_batch", "nearest")
CHECKS = 4
POINTS = 3.0
SLOPE = 1.7
QUESTION = {"memory_answer": 2.0}
TIMIDITY = -2.2

# what is planted
EASY = ("tokenize", "check_0")  # everybody passes
IMPOSSIBLE = ("pad_batch", "check_3")  # nobody passes
INVERTED = ("encode", "check_2")  # the better somebody is, the more likely it fails
LUCK = "nearest"  # passed or not by a coin, whatever somebody can
CONFUSED = ("one_hot", "check_1")  # most who fail it have exchanged the axes
CONFUSION = "`one_hot(…)` returned shape (…); axes are (batch, time, depth): time and depth look exchanged."


def assignment(name: str = "ex2_one_hot", exercises: Sequence[str] = EXERCISES) -> Assignment:
    """The assignment that the class worked at; none of its files exists."""
    nowhere = Path("nowhere")
    points = dict.fromkeys(exercises, POINTS)
    return Assignment(name, nowhere, nowhere, nowhere, nowhere, points, dict(QUESTION))


def abilities(students: int, seed: int) -> np.ndarray:
    """A class of the usual kind."""
    return np.random.default_rng(seed).normal(size=students)


def simulated_class(theta: Sequence[float], *, seed: int, name: str = "ex2_one_hot") -> list[Standing]:
    """Where students of these abilities stand: the weaker one is, the more fails and the more is left out."""
    rng = np.random.default_rng(seed)
    hardness = {(e, f"check_{n}"): rng.normal(0, 0.8) for e in EXERCISES for n in range(CHECKS)}
    return [
        standing(_report(f"student{number:03}", ability, hardness, rng, name))
        for number, ability in enumerate(theta)
    ]


def standing(report: Report, **changes: object) -> Standing:
    """Where somebody with this Report stands, every question answered and graded."""
    questions = [ManualGrade(cell, most / 2, most) for cell, most in report.manual.items()]
    values = {
        "student": report.student,
        "first_name": "",
        "last_name": "",
        "email": "",
        "lms_user_id": "",
        "max_score": report.max_points + sum(report.manual.values()),
        "handed_in": True,
        "key": "0" * 64,
        "report": report,
        "decided": tuple(questions),
        "score": report.points + sum(question.points or 0.0 for question in questions),
    }
    return Standing(**{**values, **changes})


def report_of(
    student: str, outcomes: dict[str, Sequence[Outcome]], *, name: str = "ex2_one_hot", message: str = ""
) -> Report:
    """A Report with these outcomes, by exercise."""
    exercises = {
        exercise: result(
            [
                Verdict(f"check_{n}", f"`{exercise}` does part {n}.", outcome, message, seconds=0.01)
                for n, outcome in enumerate(found)
            ],
            POINTS,
        )
        for exercise, found in outcomes.items()
    }
    points = round(sum(item.points for item in exercises.values()), 2)
    most = POINTS * len(exercises)
    return Report(name, student, points, most, exercises, manual=dict(QUESTION), content={"checks": "now"})


def _report(
    student: str, ability: float, hardness: dict[tuple[str, str], float], rng: np.random.Generator, name: str
) -> Report:
    exercises = {}
    for exercise in EXERCISES:
        left_out = exercise != "tokenize" and rng.random() < _logistic(TIMIDITY - ability)
        verdicts = []
        for number in range(CHECKS):
            key = (exercise, f"check_{number}")
            passed = rng.random() < _chance(key, ability, hardness[key])
            verdicts.append(_verdict(key, rng, left_out=left_out, passed=passed))
        exercises[exercise] = result(verdicts, POINTS)
    limits = (LimitMet("pad_batch", "seconds", "`pad_batch` did not finish within 10 seconds."),)
    repairs = (
        Repair("notebook", f"The notebook is called {student}.ipynb instead of {name}.ipynb; so be it."),
    )
    return Report(
        assignment=name,
        student=student,
        points=round(sum(item.points for item in exercises.values()), 2),
        max_points=POINTS * len(EXERCISES),
        exercises=exercises,
        manual=dict(QUESTION),
        limits_met=limits if ability < -1.5 else (),
        repairs=repairs if rng.random() < 0.1 else (),
        isolation="process",
        seconds=round(float(rng.gamma(4, 0.5)), 2),
        content={"checks": "now"},
    )


def _chance(key: tuple[str, str], ability: float, hardness: float) -> float:
    if key == EASY:
        return 1.0
    if key == IMPOSSIBLE:
        return 0.0
    if key == INVERTED:
        return _logistic(-SLOPE * ability)
    if key[0] == LUCK:
        return 0.5
    return _logistic(SLOPE * (ability - hardness))


def _verdict(key: tuple[str, str], rng: np.random.Generator, *, left_out: bool, passed: bool) -> Verdict:
    exercise, check = key
    claim = f"`{exercise}` does what {check} asks."
    seconds = round(float(rng.gamma(2, 0.01)), 4)
    if left_out:
        return Verdict(check, claim, Outcome.NOT_ATTEMPTED, "You have not written this function yet.")
    if passed:
        return Verdict(check, claim, Outcome.PASSED, seconds=seconds)
    shape = tuple(int(n) for n in rng.integers(2, 9, size=3))
    if key == CONFUSED and rng.random() < 0.7:
        message = (
            f"`one_hot(ids, {shape[0]})` returned shape {shape}; axes are (batch, time, depth): time and "
            "depth look exchanged."
        )
        return Verdict(check, claim, Outcome.FAILED, message, "Which axis is last?", seconds=seconds)
    if rng.random() < 0.15:
        line = int(rng.integers(2, 30))
        message = f"`{exercise}(x)` raised ValueError in cell {exercise}, line {line}: `return x[{line}]`."
        return Verdict(check, claim, Outcome.RAISED, message, seconds=seconds)
    wrong = float(np.round(rng.normal(), 3))
    message = (
        f"`{exercise}(x)` has the right shape, but {shape[0]} of 9 values differ, the first at "
        f"[0, {shape[1]}], where yours is {wrong}."
    )
    return Verdict(check, claim, Outcome.FAILED, message, "Look at the first row.", seconds=seconds)


def _logistic(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))
