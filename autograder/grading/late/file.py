"""late.toml: the deadlines, what handing in late costs, and who has more time, in one file that people read.

A mistake in it is told with its line and what stands there, before anything is written anywhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from autograder.course import Course, assignment_names
from autograder.errors import CourseError
from autograder.grading.late.lines import Place
from autograder.grading.late.rules import DAY, HOUR, PERCENT, POINTS, Amount, Extension, LateRule
from autograder.grading.late.values import (
    FILE,
    FileText,
    known_keys,
    meant,
    moment_of,
    number_of,
    table_of,
    zone_of,
)

RATES = {
    "percent_per_day": (PERCENT, DAY),
    "percent_per_hour": (PERCENT, HOUR),
    "points_per_day": (POINTS, DAY),
    "points_per_hour": (POINTS, HOUR),
}
CAPS = {"at_most_percent": PERCENT, "at_most_points": POINTS}
SHARED = (*RATES, *CAPS, "grace_minutes", "accepted_days")
OWN = (*SHARED, "deadline", "accepted_until")
EXTENSION = ("student", "assignment", "deadline", "reason")


@dataclass(frozen=True)
class LateRules:
    """The rules by assignment; empty where there is no file.  ``zone`` is None where the file names none."""

    rules: Mapping[str, LateRule] = field(default_factory=dict)
    zone: tzinfo | None = None


def read_late_rules(course: Course) -> LateRules:
    """The rules of late.toml in the course folder.

    Raises CourseError for anything in it that is not understood; its students are looked up elsewhere.
    """
    file = course.root / FILE
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return LateRules()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{FILE} cannot be read as UTF-8 text (got {type(error).__name__})") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{FILE} is no TOML: {error}") from None
    return _rules(FileText(text), data, assignment_names(course))


def check_students(rules: Iterable[LateRule], known: Collection[str]) -> None:
    """Raises CourseError where an extension is that of somebody who is not among ``known``."""
    for rule in rules:
        for student, extension in rule.extensions.items():
            if student not in known:
                raise CourseError(
                    f"{FILE}, line {extension.line}: nobody of this name is in the gradebook or has handed "
                    f"in (a new student is entered by nbgrader db student add){meant(student, known)} "
                    f"(got {student})"
                )


def _rules(text: FileText, data: Mapping[str, Any], names: Collection[str]) -> LateRules:
    known_keys(text, (), data, ("timezone", "every", "assignment", "extension"))
    zone = zone_of(text, data.get("timezone"))
    every, own = table_of(text, ("every",), data), table_of(text, ("assignment",), data)
    known_keys(text, ("every",), every, SHARED)
    rules = {}
    for name, table in own.items():
        place = ("assignment", name)
        if name not in names:
            raise text.wrong(place, f"there is no such assignment{meant(name, names)}", name)
        known_keys(text, place, table_of(text, place, own), OWN)
        rules[name] = _rule(text, place, table, every, zone)
    for name, extensions in _extensions(text, data.get("extension", []), rules, zone).items():
        rules[name] = replace(rules[name], extensions=extensions)
    return LateRules(rules, zone)


def _rule(
    text: FileText, place: Place, own: Mapping[str, Any], every: Mapping[str, Any], zone: tzinfo | None
) -> LateRule:
    if "deadline" not in own:
        raise text.wrong(place, "an assignment needs its deadline", place[-1])
    deadline = moment_of(text, (*place, "deadline"), own["deadline"], zone)
    rate, step = _rate(text, place, own) or _rate(text, ("every",), every) or (None, DAY)
    most = _amount(text, place, own, CAPS) or _amount(text, ("every",), every, CAPS)
    accepted = _accepted(text, place, own, deadline, zone)
    if accepted is None:
        accepted = _accepted(text, ("every",), every, deadline, zone)
    at, table = (place, own) if "grace_minutes" in own else (("every",), every)
    grace = timedelta(minutes=number_of(text, (*at, "grace_minutes"), table.get("grace_minutes", 0), 60 * 24))
    return LateRule(deadline, grace, rate, step, most, accepted)


def _rate(text: FileText, place: Place, table: Mapping[str, Any]) -> tuple[Amount, timedelta] | None:
    amount = _amount(text, place, table, {key: unit for key, (unit, _) in RATES.items()})
    if amount is None:
        return None
    (key,) = table.keys() & RATES.keys()
    return amount, RATES[key][1]


def _amount(
    text: FileText, place: Place, table: Mapping[str, Any], units: Mapping[str, str]
) -> Amount | None:
    keys = [key for key in table if key in units]
    if not keys:
        return None
    if len(keys) > 1:
        raise text.wrong((*place, keys[1]), "one of these can be said, not both", " and ".join(keys))
    most = 100 if units[keys[0]] == PERCENT else 1_000_000
    return Amount(number_of(text, (*place, keys[0]), table[keys[0]], most), units[keys[0]])


def _accepted(
    text: FileText, place: Place, table: Mapping[str, Any], deadline: datetime, zone: tzinfo | None
) -> timedelta | None:
    if "accepted_until" in table and "accepted_days" in table:
        both = "accepted_until and accepted_days"
        raise text.wrong((*place, "accepted_days"), "one of these can be said, not both", both)
    if "accepted_days" in table:
        return timedelta(days=number_of(text, (*place, "accepted_days"), table["accepted_days"], 3660))
    if "accepted_until" not in table:
        return None
    until = moment_of(text, (*place, "accepted_until"), table["accepted_until"], zone)
    if until < deadline:
        raise text.wrong((*place, "accepted_until"), "this is before the deadline", table["accepted_until"])
    return until - deadline


def _extensions(
    text: FileText, listed: object, rules: Mapping[str, LateRule], zone: tzinfo | None
) -> dict[str, dict[str, Extension]]:
    """By assignment and student."""
    if not isinstance(listed, list):
        raise text.wrong(("extension",), "each extension is a table [[extension]] of its own", listed)
    found: dict[str, dict[str, Extension]] = {}
    for number, table in enumerate(listed):
        place: Place = ("extension", number)
        known_keys(text, place, table, EXTENSION)
        for key in ("student", "assignment", "deadline"):
            if key not in table:
                raise text.wrong(place, f"an extension needs its {key}", ", ".join(table) or "nothing")
        name, student = str(table["assignment"]), str(table["student"])
        if name not in rules:
            said = f"there are no rules for this assignment in this file{meant(name, rules)}"
            raise text.wrong((*place, "assignment"), said, name)
        if student in found.get(name, {}):
            raise text.wrong((*place, "student"), f"a second extension for {name}", student)
        deadline = moment_of(text, (*place, "deadline"), table["deadline"], zone)
        if deadline <= rules[name].deadline:
            said = f"an extension ends after the deadline of {name}"
            raise text.wrong((*place, "deadline"), said, table["deadline"])
        found.setdefault(name, {})[student] = Extension(
            deadline, str(table.get("reason", "")), text.line((*place, "student"))
        )
    return found
