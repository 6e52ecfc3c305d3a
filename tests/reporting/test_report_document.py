"""docs/report.md describes the Report as it is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from autograder.checking.verdicts import ExerciseResult, Outcome, Verdict
from autograder.grading.report import CellRun, LimitMet, Picture, Repair, Report, from_json, to_json
from autograder.reporting.feedback import WORDS

TEXT = (Path(__file__).parents[2] / "docs/report.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)[1]


def test_every_field_is_described():
    described = TEXT.replace(EXAMPLE, "")
    for kind in (Report, ExerciseResult, Verdict, CellRun, Repair, LimitMet, Picture):
        for field in fields(kind):
            assert f"`{field.name}`" in described, (kind, field.name)


def test_every_outcome_has_the_word_of_the_feedback_page():
    for outcome in Outcome:
        assert f"| `{outcome}` | {WORDS[outcome].word} |" in TEXT


def test_the_example_is_a_report_as_it_is_written():
    assert to_json(from_json(EXAMPLE)) + "\n" == EXAMPLE


def test_the_example_names_every_field():
    for kind in (Report, ExerciseResult, Verdict, CellRun, Repair, LimitMet, Picture):
        for field in fields(kind):
            assert f'"{field.name}":' in EXAMPLE
