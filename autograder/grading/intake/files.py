"""Finding and reading the one notebook of a submission; follows no link and opens nothing but plain files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.copying import shown
from autograder.grading.intake.result import Unreadable

MAX_BYTES = 100 * 2**20
MAX_ENTRIES = 2000
# O_NONBLOCK: opening a fifo must not wait for a writer that never comes
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Found:
    """The bytes of the notebook that counts, and sentences about how it was found."""

    content: bytes
    remarks: tuple[str, ...] = ()


def read_notebook(path: Path, assignment: str) -> Found:
    """The notebook of ``assignment`` in the folder ``path``, or the file ``path`` itself.

    Raises Unreadable when there is none, or none that is safe and small enough to be read.
    """
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        raise Unreadable("Nothing was handed in: the folder of this assignment is missing.") from None
    if not stat.S_ISDIR(mode):
        return Found(_read(path.parent, path.name))
    for folder in (path, *_subfolders(path)):
        names, odd = _notebooks(folder)
        if names or odd:
            name, remarks = _choose(names, odd, assignment)
            return Found(_read(folder, name), remarks)
    raise Unreadable(
        f"There is no notebook in the submission (a file called {assignment}.ipynb is expected)."
    )


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        raise Unreadable("The folder of the submission cannot be opened, or is a link.") from None
    try:
        yield number
    finally:
        os.close(number)


def _entries(folder: Path) -> list[tuple[str, int]]:
    """(name, mode) of what lies in ``folder``, in alphabetical order; links are not followed."""
    with _opened(folder) as number, os.scandir(number) as entries:
        listed: list[tuple[str, int]] = []
        for entry in entries:
            if len(listed) == MAX_ENTRIES:
                raise Unreadable(f"The submission has more than {MAX_ENTRIES} files.")
            listed.append((entry.name, entry.stat(follow_symlinks=False).st_mode))
    return sorted(listed)


def _subfolders(folder: Path) -> list[Path]:
    # an archive is often unpacked into a folder of its own
    return [
        folder / n for n, mode in _entries(folder) if stat.S_ISDIR(mode) and not n.startswith((".", "__"))
    ]


def _notebooks(folder: Path) -> tuple[list[str], list[str]]:
    """Names of the notebooks in ``folder``: plain files, and others (links, pipes, folders)."""
    plain: list[str] = []
    odd: list[str] = []
    for name, mode in _entries(folder):
        if name.lower().endswith(".ipynb") and not name.startswith("."):
            (plain if stat.S_ISREG(mode) else odd).append(name)
    return plain, odd


def _choose(names: list[str], odd: list[str], assignment: str) -> tuple[str, tuple[str, ...]]:
    wanted = f"{assignment}.ipynb"
    if wanted in names:
        others = ", ".join(shown(name) for name in names if name != wanted)
        return wanted, (
            (f"There are several notebooks; {wanted} counts (beside it: {others}).",) if others else ()
        )
    if not names:
        raise Unreadable(f"{shown(odd[0])} is a link or another special file; hand in the notebook itself.")
    alike = [name for name in names if name.lower().startswith(assignment.lower())]
    chosen = names if len(names) == 1 else alike
    if len(chosen) != 1:
        listed = ", ".join(shown(name) for name in names[:5])
        raise Unreadable(
            f"There are {len(names)} notebooks and none is called {wanted}, so it is not clear which one "
            f"counts ({listed})."
        )
    return chosen[0], (
        f"The notebook is called {shown(chosen[0])} instead of {wanted}; it was read all the same.",
    )


def _read(folder: Path, name: str) -> bytes:
    with _opened(folder) as parent:
        try:
            number = os.open(name, _OPEN, dir_fd=parent)
        except OSError:
            raise Unreadable(
                f"{shown(name)} cannot be opened, or is a link; hand in the notebook itself."
            ) from None
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise Unreadable(f"{shown(name)} is not a plain file; hand in the notebook itself.")
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Unreadable(
            f"The notebook has more than {MAX_BYTES // 2**20} MB. Clear its outputs and hand it in again."
        )
    return content
