"""Each page that the kit makes, with everything that it can show, from made-up Reports."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PIL import Image

from autograder.checking.verdicts import LimitMet, Outcome, Verdict, result
from autograder.grading.report import CellRun, Picture, Repair, Report
from autograder.reporting.anonymous import names_of
from autograder.reporting.class_report.page import class_page
from autograder.reporting.class_report.report import ClassReport, class_report
from autograder.reporting.course_report.goals import Goal
from autograder.reporting.course_report.page import course_page
from autograder.reporting.course_report.report import course_report
from autograder.reporting.exporters.standing import Standing
from autograder.reporting.feedback import ManualGrade, Received, feedback_page
from autograder.reporting.similarity import similarity_page
from autograder.similarity.comparing import compare
from autograder.similarity.own import OwnCell
from autograder.similarity.pieces import cut
from tests.reporting.simulated import EXERCISES, abilities, assignment, simulated_class
from tests.similarity.test_comparing import classroom

LONG = "`a_function_with_a_very_long_name_that_no_phone_is_wide_enough_for(ids, depth)` is what it should be."
WIDE = "\n".join(["# " + "a line that no phone is wide enough for " * 6, "print('</pre>')"])
ABSENT = {"handed_in": False, "report": None, "key": "", "score": None, "decided": ()}


def feedback() -> str:
    """Every outcome, what a person decided, a question that waits, repairs, limits, a picture."""
    verdicts = [Verdict(o.lower(), LONG, o, "`f(3)` returned `(2, 7, 5)`.", "Which axis?") for o in Outcome]
    passed = [Verdict(f"check_{n}", LONG, Outcome.PASSED) for n in range(9)]
    unwritten = [Verdict(f"check_{n}", LONG, Outcome.NOT_ATTEMPTED) for n in range(3)]
    exercises = {
        "build_a_classifier_of_film_reviews": result(verdicts, 4.0),
        "one_hot": result(verdicts[:1], 2.0),
        "multi_hot": result([*passed, verdicts[1]], 2.0),
        "tokenize": result(unwritten, 2.0),
        "encode": result(passed[:2], 1.0),
    }
    png = io.BytesIO()
    Image.new("RGB", (900, 300), "white").save(png, "PNG")
    report = Report(
        assignment="ex",
        student="ada",
        points=sum(found.points for found in exercises.values()),
        max_points=11.0,
        exercises=exercises,
        manual={"memory_answer": 1.0, "why_answer": 1.0},
        cells=(CellRun("cell 12", "raised", "It stopped with NameError in line 1: `plot(reviews)`.", 0.1),),
        repairs=(
            Repair("one_hot_checks", "The locked cell had been changed; the released text was put back."),
        ),
        limits_met=(
            LimitMet("one_hot", "seconds", "The call of `one_hot` did not finish within 10 seconds."),
        ),
        pictures=(Picture("cell 14", base64.b64encode(png.getvalue()).decode(), 900, 300, "Zipf's law"),),
        versions={"python": "3.11.7", "keras": "3.11.3"},
    )
    when = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)
    decided = [
        ManualGrade("one_hot", 1.5, 2.0, "Seen with you at the board.", when),
        ManualGrade("encode", 1.0, 1.0, "", when),
        ManualGrade("memory_answer", 0.5, 1.0, "Say in which unit."),
    ]
    return feedback_page(
        report,
        manual=decided,
        late_penalty=1.0,
        title="One-hot encoding",
        sections={"one_hot": "5 · One-hot vectors", "tokenize": "2 · From a text to words"},
        received=Received("0123456789abcdef" * 4, when, newer=True),
    )


def unreadable() -> str:
    report = Report("ex", "ada", 0.0, 4.0, {}, {}, unreadable="The file is empty.")
    return feedback_page(report, manual=(), late_penalty=0.0, title="One-hot encoding")


def _class(name: str, standings: Sequence[Standing]) -> ClassReport:
    return class_report(
        assignment(name),
        standings,
        title="One-hot encoding, and a classifier on it",
        names=names_of([], handed_out=""),
        cell_of=lambda student, exercise: WIDE,
    )


def of_a_class() -> str:
    """A class of 30 with everything that is planted in it, and events around the checks."""
    standings = simulated_class(abilities(30, 5), seed=5)
    eventful = replace(
        standings[0].report,
        repairs=(Repair("one_hot", "Its cell was lost; it was found by the function in it."),),
        limits_met=(LimitMet("encode", "seconds", LONG),),
        cells=(CellRun("cell 12", "raised", "It stopped with NameError in line 1: `plot(reviews)`.", 0.1),),
    )
    standings[0] = replace(standings[0], report=eventful)
    standings[1] = replace(standings[1], **ABSENT)
    return class_page(_class("ex2_one_hot", standings))


def of_a_course() -> str:
    """Three assignments; somebody stopped handing in."""
    standings = {f"ex{n}": simulated_class(abilities(20, 1), seed=n, name=f"ex{n}") for n in (1, 2, 3)}
    for name in ("ex2", "ex3"):
        standings[name][4] = replace(standings[name][4], **ABSENT)
    goals = [Goal(f"Know how {e} works", tuple((name, e) for name in standings)) for e in EXERCISES]
    reports = [_class(name, found) for name, found in standings.items()]
    return course_page(
        course_report(
            "the course", reports, standings, goals, called=lambda one: one.student, anonymous=False
        )
    )


def of_who_wrote_alike() -> str:
    """A planted copy, code that leaves its box, and a notebook that could not be compared."""
    answers = classroom(12)
    answers["s07"] = {"scale": f"{answers['s03']['scale']}{WIDE}\n", "mean": answers["s07"]["mean"]}
    works = {
        student: cut([OwnCell(*cell) for cell in cells.items()], {"np": "numpy"}, ["scale", "mean"])
        for student, cells in answers.items()
    }
    found = compare("toy", works, not_compared={"zoe": "The file is empty."})
    return similarity_page(found, title="One-hot encoding")


PAGES: Mapping[str, Callable[[], str]] = {
    "feedback": feedback,
    "feedback on nothing readable": unreadable,
    "class": of_a_class,
    "course": of_a_course,
    "alike": of_who_wrote_alike,
}
