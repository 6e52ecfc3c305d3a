"""Copying what strangers wrote: plain files within limits, and nothing that leads anywhere else."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

MAX_FILE = 100 * 2**20
MAX_TOTAL = 250 * 2**20
MAX_FILES = 1000
MAX_ENTRIES = 2000
MAX_DEPTH = 8
# O_NONBLOCK: opening a fifo must not wait for a writer that never comes
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def shown(name: str) -> str:
    """A file name as a short text that is safe to print anywhere."""
    text = os.fsencode(name).decode("utf-8", "replace")
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= 80 else text[:77] + "…"


def can_be_shown(student: str) -> bool:
    """Whether a student's folder name means nothing in HTML: nbgrader puts it into its pages as it is."""
    return not set(student) & set('<>&"')


def not_shown(student: str) -> str:
    """The sentence about a student's folder that is left out for its name."""
    return (
        "this folder's name would act in nbgrader's pages, so it was left out: rename it without any of "
        f'< > & " (got {shown(student)})'
    )


def read_plain_file(path: Path, limit: int = 2**16) -> bytes | None:
    """The bytes of a plain file of at most ``limit`` bytes; None for anything else."""
    try:
        number = os.open(path, _OPEN)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(number).st_mode):  # first: Python makes no file of a folder
        os.close(number)
        return None
    with os.fdopen(number, "rb") as file:
        content = file.read(limit + 1)
    return content if len(content) <= limit else None


def copy_plain_files(source: Path, target: Path) -> list[str]:
    """Copy the plain files below ``source`` to the new folder ``target``; a sentence per thing left out."""
    left_out: list[str] = []
    files, total = 0, 0
    folders = [(source, target, 0)]
    while folders:
        folder, copy, depth = folders.pop()
        copy.mkdir(parents=True)
        for name, mode in _entries(folder, left_out):
            label = shown(os.path.relpath(folder / name, source))
            if stat.S_ISDIR(mode):
                if depth < MAX_DEPTH:
                    folders.append((folder / name, copy / name, depth + 1))
                else:
                    left_out.append(f"{label} lies too deep and was left out.")
                continue
            if not stat.S_ISREG(mode):
                left_out.append(f"{label} is {_kind(mode)} and was left out.")
                continue
            content = read_plain_file(folder / name, min(MAX_FILE, MAX_TOTAL - total))
            if content is None or files == MAX_FILES:
                why = "cannot be read or is too large" if content is None else "is one file too many"
                left_out.append(f"{label} {why} and was left out.")
                continue
            (copy / name).write_bytes(content)
            files, total = files + 1, total + len(content)
    return left_out if len(left_out) <= 10 else [*left_out[:10], f"{len(left_out) - 10} more were left out."]


def _entries(folder: Path, left_out: list[str]) -> list[tuple[str, int]]:
    """(name, mode) of what lies in ``folder``; a folder that was exchanged for a link is not entered."""
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        left_out.append(f"{shown(folder.name)} cannot be opened and was left out.")
        return []
    try:
        with os.scandir(number) as entries:
            return sorted(_modes(itertools.islice(entries, MAX_ENTRIES)))
    finally:
        os.close(number)


def _modes(entries: Iterable[os.DirEntry[str]]) -> Iterator[tuple[str, int]]:
    for entry in entries:
        with contextlib.suppress(FileNotFoundError):  # taken away since the folder was read
            yield entry.name, entry.stat(follow_symlinks=False).st_mode


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a link"
    return "a pipe" if stat.S_ISFIFO(mode) else "no plain file"
