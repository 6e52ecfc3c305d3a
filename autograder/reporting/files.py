"""What a report leaves behind: files that appear whole or not at all, and tables that a spreadsheet opens."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.grading.modes import mode_inside

Cell = str | float | int | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all.  Raises CourseError where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".part")
    except OSError as error:
        raise CourseError(f"nothing can be written there: {error.strerror} (got {path.parent})") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.chmod(mode_inside(path.parent))  # for its owner, or the staff where they share the folder
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CourseError(f"this file cannot be written: {error.strerror} (got {path})") from error


def as_json(report: Any) -> bytes:
    """A report's data as JSON: plain numbers and null, never nan."""
    text = json.dumps(dataclasses.asdict(report), indent=1, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> bytes:
    """A table as CSV, which begins with the mark by which spreadsheets know that accents are UTF-8.

    What is not defined is an empty cell.  A text that a spreadsheet would run as a formula begins with an
    apostrophe.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe(value) for name, value in row.items()})
    return text.getvalue().encode("utf-8-sig", "replace")


def _safe(value: Cell) -> Cell:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
