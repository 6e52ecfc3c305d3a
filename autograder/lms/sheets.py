"""A sheet of Moodle or Canvas, recognised by its columns: whose row is which, and which column is ours."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from autograder.lms.cells import DELIMITERS, SheetError, Table, decode, first_row, read_table
from autograder.lms.headers import Field, canvas_fields, is_computed, moodle_fields, plain, printable
from autograder.lms.people import Identity

POINTS_POSSIBLE = "Points Possible"
_HIDDEN = re.compile(r"\s*(?:Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9][0-9.,]*")
NAMED = 8


class Kind(enum.Enum):
    """The sheets that are known."""

    WORKSHEET = "Moodle's grading worksheet"
    MOODLE = "Moodle's gradebook"
    CANVAS = "Canvas' gradebook"


@dataclass(frozen=True)
class Sheet:
    """A sheet that was recognised; ``fields`` are its columns, ``people`` the rows that are somebody's."""

    kind: Kind
    table: Table
    fields: Mapping[Field, Sequence[int]]
    people: tuple[int, ...]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.table.rows[0])

    def value(self, row: int, column: int | None) -> str:
        """The text of a cell; "" where the row has no such cell."""
        cells = self.table.rows[row]
        return cells[column].text.strip() if column is not None and column < len(cells) else ""

    def first(self, field: Field) -> int | None:
        """The column that holds this; None where there is none."""
        return next(iter(self.fields.get(field, ())), None)


def read_sheet(content: bytes) -> Sheet:
    """Recognise a sheet.  Raises SheetError, with what to do, for anything else."""
    text = decode(content)[0]
    for delimiter in DELIMITERS:
        header = first_row(text, delimiter)
        fields = canvas_fields(header)
        if _is_canvas(fields):
            return _sheet(Kind.CANVAS, read_table(content, delimiter), fields)
        fields = moodle_fields(header)
        if Field.NUMBER in fields and Field.GRADE in fields and Field.MAXIMUM in fields:
            return _sheet(Kind.WORKSHEET, read_table(content, delimiter), fields)
        if Field.FIRST in fields and Field.LAST in fields and (fields.keys() & {Field.EMAIL, Field.LOGIN}):
            return _sheet(Kind.MOODLE, read_table(content, delimiter), fields)
    first = max((first_row(text, delimiter) for delimiter in DELIMITERS), key=len)
    raise SheetError(
        "this is no sheet of Moodle or Canvas that is known: download Moodle's grading worksheet, or the "
        "gradebook of Moodle or Canvas, as CSV, with the platform set to English, French, German, Spanish "
        f"or Italian (got the columns {listed(first)})"
    )


def _is_canvas(fields: Mapping[Field, Sequence[int]]) -> bool:
    named = Field.NAME in fields or {Field.FIRST, Field.LAST} <= fields.keys()
    return named and Field.NUMBER in fields and Field.SECTION in fields


def _sheet(kind: Kind, table: Table, fields: Mapping[Field, Sequence[int]]) -> Sheet:
    people = []
    for row, cells in enumerate(table.rows[1:], start=1):
        texts = [cell.text for cell in cells]
        if not any(text.strip() for text in texts):
            continue
        if kind is Kind.CANVAS and (POINTS_POSSIBLE in texts[0] or all(map(_HIDDEN.fullmatch, texts))):
            continue
        people.append(row)
    if not people:
        raise SheetError(f"the sheet has no row of a student (got {len(table.rows)} rows)")
    return Sheet(kind, table, fields, tuple(people))


def identity_of(sheet: Sheet, row: int) -> Identity:
    """What a row says of its person."""

    def values(field: Field) -> tuple[str, ...]:
        return tuple(filter(None, (sheet.value(row, column) for column in sheet.fields.get(field, ()))))

    parts = " ".join((*values(Field.FIRST), *values(Field.LAST)))
    names = (*values(Field.NAME), *filter(None, [parts]))
    emails, logins, numbers = values(Field.EMAIL), values(Field.LOGIN), values(Field.NUMBER)
    called = next(iter((*names, *emails, *logins, *numbers)), "nobody")
    return Identity(
        shown=f"{printable(called)} (row {row + 1})",
        # Moodle's number is of this assignment alone: it is no user's number
        number=numbers[0] if numbers and sheet.kind is Kind.CANVAS else "",
        emails=frozenset(emails),
        logins=frozenset(logins),
        names=names,
    )


def participant(sheet: Sheet, row: int) -> str:
    """The number at the end of Moodle's identifier, as in "Participant 123"; Canvas' number of the user."""
    found = re.search(r"(\d+)\s*$", sheet.value(row, sheet.first(Field.NUMBER)))
    return found[1] if found else ""


def grade_column(sheet: Sheet, wanted: str, hints: Sequence[str]) -> int:
    """The column for the grades.

    Args:
        sheet: the sheet.
        wanted: its name, or a part that no other name has; "" to look for the hints.
        hints: names of the assignment, any of which may be part of the column's name.
    Raises:
        SheetError: there is none, or more than one.
    """
    if sheet.kind is Kind.WORKSHEET and not wanted:
        return sheet.fields[Field.GRADE][0]
    known = {column for columns in sheet.fields.values() for column in columns}
    if sheet.kind is Kind.WORKSHEET:
        known -= set(sheet.fields[Field.GRADE])
    free = [column for column in range(len(sheet.header)) if column not in known]
    open_ = [column for column in free if not is_computed(sheet.header[column])]
    if wanted:
        exact = [column for column in free if plain(sheet.header[column]) == plain(wanted)]
        found = exact or [column for column in open_ if plain(wanted) in plain(sheet.header[column])]
    else:
        found = [
            column for column in open_ if any(plain(hint) in plain(sheet.header[column]) for hint in hints)
        ]
    if len(found) == 1:
        return found[0]
    names = listed([sheet.header[column] for column in (found or open_)])
    said = f"called {wanted}" if wanted else f"named after {' or '.join(hints)}"
    what = "more than one column is" if found else "no column is"
    raise SheetError(
        f"{what} {said}: is it the sheet of this course? Name one with --column (got the columns {names})"
    )


def maximum(sheet: Sheet, column: int) -> Decimal | None:
    """The points that the sheet's item is out of; None where the sheet does not tell.

    Raises SheetError where it tells several, or what is no number of points.
    """
    if sheet.kind is Kind.MOODLE:
        return None
    if sheet.kind is Kind.CANVAS:
        rows = [row for row, cells in enumerate(sheet.table.rows) if POINTS_POSSIBLE in cells[0].text]
        told = {sheet.value(row, column) for row in rows} - {""}
    else:
        told = {sheet.value(row, sheet.first(Field.MAXIMUM)) for row in sheet.people} - {""}
    numbers = {number(text) for text in told}
    if None in numbers or len(numbers) > 1:
        raise SheetError(
            "the maximum in the sheet is no number of points: is the item graded by points, and not by a "
            f"scale of words? (got {listed(sorted(told))})"
        )
    return next(iter(numbers), None)


def number(text: str) -> Decimal | None:
    """A number of points, with a point or a comma before its decimals; None for anything else."""
    told = re.sub(r"\s", "", text)
    if not _NUMBER.fullmatch(told):
        return None
    parts = re.split(r"[.,]", told)
    try:
        return Decimal("".join(parts[:-1]) + "." + parts[-1]) if len(parts) > 1 else Decimal(told)
    except InvalidOperation:
        return None


def decimal_sign(sheet: Sheet, column: int) -> str:
    """How the sheet writes decimals: a comma where its numbers have one, else a point."""
    columns = [column, *sheet.fields.get(Field.MAXIMUM, ())]
    texts = [sheet.value(row, each) for row in range(1, len(sheet.table.rows)) for each in columns]
    return "," if any(re.fullmatch(r"\d+,\d+", text) for text in texts) else "."


def listed(names: Sequence[str]) -> str:
    """Some names, as text for a sentence."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(printable(name.strip()) or "(no name)" for name in names[:NAMED]) + more
