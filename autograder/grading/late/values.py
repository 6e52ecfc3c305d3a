"""The values that late.toml may hold, each read with its line at hand: times, numbers, names of tables."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from autograder.errors import CourseError
from autograder.grading.late.lines import Place, line_of

FILE = "late.toml"
EXAMPLE = '"2026-03-06 23:59"'
YEARS = range(2000, 2200)


@dataclass(frozen=True)
class FileText:
    """The file's text, for the lines that sentences name."""

    text: str

    def line(self, place: Place) -> int:
        """The line in which ``place`` stands."""
        return line_of(self.text, place)

    def wrong(self, place: Place, what: str, got: object) -> CourseError:
        """The error that says what is wrong there."""
        line = self.line(place)
        where = f"{FILE}, line {line}" if line else FILE
        return CourseError(f"{where}: {what} (got {got})")


def table_of(text: FileText, place: Place, inside: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table called by the last name of ``place``; an empty one where there is none."""
    value = inside.get(str(place[-1]), {})
    if not isinstance(value, dict):
        raise text.wrong(place, f"{place[-1]} is a table, with its lines below [{place[-1]}]", value)
    return value


def known_keys(text: FileText, place: Place, table: object, known: Collection[str]) -> None:
    """Raises CourseError for a key that means nothing here."""
    if not isinstance(table, dict):
        raise text.wrong(place, f"a table is expected, with {', '.join(known)}", table)
    for key in table:
        if key not in known:
            raise text.wrong((*place, key), f"{key} means nothing here{meant(key, known)}", table[key])


def meant(name: str, known: Collection[str]) -> str:
    """The name that was probably meant, or those there are, as the end of a sentence."""
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; there are {', '.join(sorted(known))}" if 0 < len(known) <= 10 else ""


def number_of(text: FileText, place: Place, value: object, most: float) -> float:
    """A number from 0 to ``most``."""
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not fits or not 0 <= float(value) <= most:  # type: ignore[arg-type]  # it is a number if it fits
        raise text.wrong(place, f"{place[-1]} is a number from 0 to {most:,g}", repr(value))
    return float(value)  # type: ignore[arg-type]


def zone_of(text: FileText, value: object) -> tzinfo | None:
    """The time zone that the file names."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and value:
            return ZoneInfo(value)
    except (ValueError, OSError, KeyError):  # zoneinfo's own error is a KeyError
        pass
    raise text.wrong(("timezone",), 'no time zone is called so; one is "Europe/Paris"', value)


def moment_of(text: FileText, place: Place, value: object, zone: tzinfo | None) -> datetime:
    """A day with its time, in UTC."""
    told = _read(value)
    if told is None:
        raise text.wrong(place, f"{place[-1]} is a day and a time, such as {EXAMPLE}", value)
    if told.year not in YEARS:
        raise text.wrong(place, f"{place[-1]} lies in no year of a course", value)
    if told.tzinfo is not None:
        return told.astimezone(UTC)
    if zone is None:
        raise text.wrong(
            place, f'whose time is it? Write timezone = "Europe/Paris" at the top of {FILE}', value
        )
    # of an hour that the clock shows twice a year, the later one: nobody is made late by the clock
    moment = told.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != told:
        raise text.wrong(place, f"the clocks of {zone} go forward that night and leave this time out", value)
    return moment


def _read(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    # a day without a time could mean its beginning or its end
    if isinstance(value, date) or not isinstance(value, str) or not re.search(r"\d[ T]\d", value):
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None
