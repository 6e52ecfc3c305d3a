"""Every page that the kit makes, in light and dark: no serious fault by axe-core, and wide enough a phone."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image

from autograder.checking.verdicts import LimitMet, Outcome, Verdict, result
from autograder.grading.report import CellRun, Picture, Repair, Report
from autograder.reporting.feedback import ManualGrade, feedback_page
from tests.journeys import inspecting
from tests.journeys.browsing import DESK, PHONE, Browsing

LONG = "`a_function_with_a_very_long_name_that_no_phone_is_wide_enough_for(ids, depth)` is what it should be."


def feedback() -> str:
    """A feedback page with everything that it can show."""
    verdicts = [Verdict(o.lower(), LONG, o, "`f(3)` returned `(2, 7, 5)`.", "Which axis?") for o in Outcome]
    exercises = {
        "build_a_classifier_of_film_reviews": result(verdicts, 4.0),
        "one_hot": result(verdicts[:1], 2.0),
    }
    png = io.BytesIO()
    Image.new("RGB", (900, 300), "white").save(png, "PNG")
    report = Report(
        assignment="ex",
        student="ada",
        points=2.5,
        max_points=6.0,
        exercises=exercises,
        manual={"memory_answer": 1.0, "why_answer": 1.0},
        cells=(CellRun("cell 12", "raised", "It stopped with NameError in line 1: `plot(reviews)`.", 0.1),),
        repairs=(
            Repair("one_hot_checks", "The locked cell had been changed; the released text was put back."),
        ),
        limits_met=(
            LimitMet("one_hot", "seconds", "The call of `one_hot` did not finish within 10 seconds."),
        ),
        pictures=(Picture("cell 14", base64.b64encode(png.getvalue()).decode(), 900, 300),),
        versions={"python": "3.11.7", "keras": "3.11.3"},
    )
    decided = [
        ManualGrade("one_hot", 1.5, 2.0, "Seen with you at the board."),
        ManualGrade("memory_answer", 0.5, 1.0, "Say in which unit."),
    ]
    return feedback_page(report, manual=decided, late_penalty=1.0, title="One-hot encoding")


PAGES: Mapping[str, Callable[[], str]] = {"feedback": feedback}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(name: str, browser: Browsing, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.html"
    file.write_text(PAGES[name](), encoding="utf-8")
    for scheme in ("light", "dark"):
        for size in (DESK, PHONE):
            page = browser.window(size=size, scheme=scheme)
            page.goto(file.as_uri())
            assert inspecting.faults(page) == [], (scheme, size)
            assert inspecting.sideways(page) == 0, (scheme, size)
