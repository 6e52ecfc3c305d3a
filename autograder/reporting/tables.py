"""Tables that a spreadsheet opens as they are meant, and data as JSON: the bytes of files for staff."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Cell = str | float | int | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV, which begins with the mark by which spreadsheets know that accents are UTF-8.

    What is not defined is an empty cell, and no text starts a formula.
    """
    file = io.StringIO(newline="")
    csv.writer(file).writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig", "replace")


def csv_of_named(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> bytes:
    """The same, from rows that name what they have."""
    return csv_of([columns, *([row.get(name) for name in columns] for row in rows)])


def json_of(content: Any) -> bytes:
    """Data as JSON: plain numbers and null, never nan."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode("utf-8", "replace")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what could start one."""
    plain = unicodedata.normalize("NFKC", text)
    return f"'{text}" if plain.lstrip(" ").startswith(FORMULA) else text


def _cell(value: Cell) -> Cell:
    return harmless(value) if isinstance(value, str) else value
