"""The pages tell the truth about what can be looked up: commands, settings, exit codes, fields, links."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

from autograder.checking.verdicts import ExerciseResult, LimitMet, Outcome, Verdict
from autograder.commands.main import app
from autograder.course import ATTEMPTS, LEVELS, Settings
from autograder.grading.report import CellRun, Picture, Repair, Report

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
COMMANDS = get_command(app).commands

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text_of(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@each_page
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@each_page
def test_every_command_on_a_page_is_one(page):
    named = re.findall(r"(?:^|`)autograder ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= set(COMMANDS)


def test_every_command_and_option_is_on_the_instructors_page():
    page = text_of("instructor.md")
    for name, command in COMMANDS.items():
        row = re.search(rf"^\| `autograder {name}\b.*", page, re.MULTILINE)
        assert row, name
        for option in (flag for param in command.params for flag in param.opts if flag.startswith("--")):
            assert option in row.group() or option == "--jobs", f"{name} {option}"


def test_every_setting_is_on_the_instructors_page():
    page = text_of("instructor.md")
    for setting in fields(Settings):
        assert re.search(rf"`(?:c\.Autograder)?\.{setting.name}`", page), setting.name
    for word in (*LEVELS, *ATTEMPTS):
        assert f'"{word}"' in page, word


def test_the_exit_codes_are_the_same_wherever_they_are_told():
    tables = [
        re.findall(r"^\| [0-3] \| .*", text_of(name), re.MULTILINE)
        for name in ("architecture.md", "instructor.md")
    ]
    assert tables[0] == tables[1]
    assert len(tables[0]) == 4


@pytest.mark.parametrize("kind", [Report, ExerciseResult, Verdict, CellRun, Repair, LimitMet, Picture])
def test_every_field_of_a_report_is_described(kind):
    page = text_of("report.md")
    assert [field.name for field in fields(kind) if f"`{field.name}`" not in page] == []


@pytest.mark.parametrize("name", ["report.md", "student.md"])
def test_every_outcome_is_explained(name):
    assert [outcome for outcome in Outcome if outcome not in text_of(name)] == []
