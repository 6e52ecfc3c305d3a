"""What was found about mutants, written down: a file per assignment, and the page made from all of them."""

from __future__ import annotations

import datetime
import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.assurance.mutants import Caught, folder_of
from autograder.course import Assignment, Course

INTRODUCTION = """# Mutants: small changes that the checks must notice

Made by `autograder prove --mutants --write`, from `tests/hidden/mutants/<assignment>.json`. A mutant is a
reference with one small change: an operator, a constant, an argument dropped, a comparison, the order of what
is returned. It is graded as a student's answer would be, and is caught when a check of its exercise does not
pass. Mutants that compute the same as the reference, or keep the contract as well as it does, are dropped,
each by a written reason in `tests/hidden/mutants/<assignment>.toml`; what survives is listed here as it is.
"""


def write(course: Course, assignment: Assignment, caught: Caught) -> Path:
    """Write what was found for one assignment, and the page anew; returns the file."""
    file = folder_of(assignment) / f"{assignment.name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    found = {"date": datetime.date.today().isoformat(), **asdict(caught)}
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    path = page_path(course)
    path.parent.mkdir(exist_ok=True)
    path.write_text(page(course), encoding="utf-8")
    return file


def page_path(course: Course) -> Path:
    return course.root / "docs" / "mutants.md"


def page(course: Course) -> str:
    """The page as text: a table, then survivors and what was dropped."""
    files = sorted((course.checks / "mutants").glob("*.json"))
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    rows = [_row(each) for each in found]
    head = [
        "| assignment | mutants | equivalent | tried | caught | date |",
        "|---|---|---|---|---|---|",
    ]
    parts = [line for file, each in zip(files, found, strict=True) for line in _part(file, each)]
    return "\n".join([INTRODUCTION, *head, *rows, "", *parts])


def _row(found: dict[str, Any]) -> str:
    tried, left = found["tried"], len(found["survivors"])
    share = f"{(tried - left) / tried:.0%}" if tried else "none tried"
    return (
        f"| `{found['assignment']}` | {found['made']} | {found['equivalent']} | {tried} | "
        f"{tried - left} ({share}) | {found['date']} |"
    )


def _part(file: Path, found: dict[str, Any]) -> list[str]:
    lines = []
    if found["survivors"]:
        lines += [f"## Survivors in `{found['assignment']}`", ""]
        lines += [f"- {_code(name)}" for name in found["survivors"]] + [""]
    reasons = file.with_suffix(".toml")
    if reasons.is_file():
        dropped = tomllib.loads(reasons.read_text(encoding="utf-8"))["equivalent"]
        lines += [f"## Dropped in `{found['assignment']}`", ""]
        lines += [f"- {_code(item['mutant'])}: {item['reason']}" for item in dropped] + [""]
    return lines


def _code(name: str) -> str:
    return f"`{name.replace('`', chr(39))}`"
