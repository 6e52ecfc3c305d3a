"""Files that the kit leaves behind: whole or not at all, and for its owner or the staff alone."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from autograder.errors import CourseError

SHARED = stat.S_ISGID | stat.S_IWGRP


def mode_inside(folder: Path) -> int:
    """The mode of a private file in this folder.

    A folder that its group may write, and that hands its group on (``chmod g+ws``), is shared: what
    one of the group has graded, the others have to be able to read.
    """
    shared = folder.stat().st_mode & SHARED == SHARED
    return 0o660 if shared else 0o600


def write_whole(path: Path, content: str | bytes, *, mode: int | None = None) -> None:
    """Write a file that somebody named, its folders too; what was there stays until the new one is whole.

    Args:
        path: the file.
        content: text is written as UTF-8, a lone surrogate in it as a question mark.
        mode: who may read it; ``mode_inside`` its folder by default, since names and code of students are
            nobody else's to read.
    Raises:
        CourseError: it cannot be written.
    """
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        replace_file(path, data, mode=mode)
    except OSError as error:
        raise CourseError(f"this file cannot be written: {error.strerror} (got {path})") from error


def replace_file(path: Path, data: bytes, *, mode: int | None = None, durable: bool = False) -> None:
    """The same, for a file of our own.  ``durable``: also when the machine stops meanwhile.

    Raises OSError where that cannot be done.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}-", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.chmod(mode_inside(path.parent) if mode is None else mode)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; systems that cannot open a folder do without."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
