"""Times as Moodle writes them in its sheets: in words, in the language of whoever downloads.

"Tuesday, 3 March 2026, 10:05 PM" and "mardi 3 mars 2026, 22:05".  Only what leaves no doubt is read: a date
all of digits could have its month first or its day.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, tzinfo

from autograder.lms.headers import plain

LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt", "ca")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:h](\d{2})(?::\d{2})?\s*([ap])?\.?\s?(?(3)m)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:\.|º|er)?\s+(?:de\s+|d')?([^\W\d_]+)\.?\s+(?:de\s+)?(\d{4})(?!\d)")


def read_moment(text: str, zone: tzinfo | None) -> datetime | None:
    """The time that ``text`` tells, in UTC; None where it tells none that is sure.

    ``zone`` is that of the text; None for the zone of this machine.
    """
    told = plain(text)
    day, clock = _DAY.search(told), _CLOCK.search(told)
    month = months().get(day[2]) if day else None
    if day is None or clock is None or month is None:
        return None
    hour = int(clock[1])
    if clock[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock[3] == "p" else 0)
    try:
        # of an hour that the clock shows twice a year, the earlier one: nobody is made late by the clock
        local = datetime(int(day[3]), month, int(day[1]), hour, int(clock[2]), tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@functools.cache
def months() -> dict[str, int]:
    """The number of a month by its full name, in each language."""
    # imported here: Babel is needed for this one table alone
    from babel.dates import get_month_names

    return {
        plain(name): number
        for language in LANGUAGES
        for form in ("format", "stand-alone")
        for number, name in get_month_names("wide", form, locale=language).items()
    }
