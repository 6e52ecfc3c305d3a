"""A sheet or a list that a person named: what is wrong with it is told with the name of the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from autograder.lms.cells import SheetError

Content = TypeVar("Content")


def read_file(file: Path, read: Callable[[bytes], Content]) -> Content:
    """What ``read`` makes of the file.  Raises SheetError where that cannot be done."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SheetError(f"this file cannot be read: {error.strerror} (got {file})") from None
    try:
        return read(content)
    except SheetError as error:
        raise SheetError(f"{file.name}: {error}") from None
