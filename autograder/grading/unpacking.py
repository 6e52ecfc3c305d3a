"""Unpacking a zip that strangers wrote: plain files within limits, below one folder, and nothing else.

Sizes are counted while bytes arrive, whatever the archive says of itself.  An archive inside of an archive is
a file like others: it is not opened here.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from autograder.errors import CourseError
from autograder.grading import copying
from autograder.grading.copying import shown

CHUNK = 2**20
_END = b"PK\x05\x06"
_END_SIZE = 22
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises at a damaged entry: a wrong sum, an unknown method, a password."""
_IMPOSSIBLE = (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ENOTDIR)
"""How the system refuses a name."""


@dataclass(frozen=True)
class Bounds:
    """How much may come out of an archive; ``directory_bytes`` bounds the list of what is in it."""

    files: int = copying.MAX_FILES
    file_bytes: int = copying.MAX_FILE
    total_bytes: int = copying.MAX_TOTAL
    directory_bytes: int = 2**20


HAND_IN = Bounds()
CLASS = Bounds(files=50_000, total_bytes=8 * 2**30, directory_bytes=2**26)
"""A download of a whole class is somebody's own; these limits are for what they could not mean."""


def unpack(archive: Path | bytes, target: Path, bounds: Bounds = HAND_IN) -> list[str]:
    """Put the plain files of ``archive`` into the new folder ``target``; a sentence per thing left out.

    Each file gets the time that the archive has for it.

    Raises CourseError when it is no zip that can be opened, or holds more than the bounds allow.
    """
    name = "the zip" if isinstance(archive, bytes) else shown(archive.name)
    try:
        with io.BytesIO(archive) if isinstance(archive, bytes) else archive.open("rb") as file:
            _must_be_small(file, bounds, name)
            with zipfile.ZipFile(file) as opened:
                return _unpack(opened, target, bounds, name)
    except (zipfile.BadZipFile, struct.error, OSError, ValueError) as error:
        raise CourseError(f"{name} is no zip that can be opened (got {error})") from None


def _must_be_small(file: io.BufferedIOBase | io.BytesIO, bounds: Bounds, name: str) -> None:
    """Look at the archive's end: its list of entries is read as a whole before anything else is known."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2**16 - _END_SIZE))
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + _END_SIZE:
        raise zipfile.BadZipFile("it has no end")
    (listed,) = struct.unpack("<L", tail[place + 12 : place + 16])
    if listed > bounds.directory_bytes:
        raise CourseError(f"{name} lists more files than can be looked at (got {listed} bytes of names)")
    file.seek(0)


def _unpack(opened: zipfile.ZipFile, target: Path, bounds: Bounds, name: str) -> list[str]:
    left_out: list[str] = []
    target.mkdir(parents=True)
    files, left = 0, bounds.total_bytes
    for info in opened.infolist():
        path = _path(info)
        label = shown(str(path) if path else info.filename)
        reason = "has a name that leads elsewhere, or too deep," if path is None else _reason(info)
        if info.is_dir() or _is_clutter(path):
            continue
        if not reason and files == bounds.files:
            raise CourseError(f"{name} holds more than {bounds.files} files (got {len(opened.infolist())})")
        if not reason and path is not None:
            reason, size = _write(opened, info, target / path, bounds.file_bytes)
            files, left = files + 1, left - size
            if left < 0:
                raise CourseError(f"{name} holds more than {bounds.total_bytes} bytes (got {shown(label)})")
        if reason:
            left_out.append(f"{label} {reason} and was left out.")
    return left_out if len(left_out) <= 10 else [*left_out[:10], f"{len(left_out) - 10} more were left out."]


def _path(info: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where the entry goes, below the target; None for a name that leads elsewhere, or is none."""
    name = info.filename
    if not info.flag_bits & 0x800:  # the name is not marked as UTF-8, which many programs write all the same
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    path = PurePosixPath(name.replace("\\", "/"))
    odd = path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0][1:2]
    return path if not odd and name.isprintable() and len(path.parts) <= copying.MAX_DEPTH else None


def _is_clutter(path: PurePosixPath | None) -> bool:
    """What computers put into archives by themselves."""
    return path is not None and (path.parts[0] == "__MACOSX" or path.name in (".DS_Store", "Thumbs.db"))


def _reason(info: zipfile.ZipInfo) -> str:
    """Why an entry is not even opened; "" for a plain file."""
    if info.flag_bits & 0x1:
        return "is locked with a password"
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link" if stat.S_ISLNK(mode) else "is no plain file"
    return ""


def _write(opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, most: int) -> tuple[str, int]:
    """(why it was left out, bytes written) of one entry."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        copy = path.open("xb")
    except FileExistsError:
        return "is there a second time", 0
    except OSError as error:
        if error.errno not in _IMPOSSIBLE:
            raise
        return "has a name that no folder can hold", 0
    written = 0
    reason = ""
    with copy:
        try:
            with opened.open(info) as source:
                while (chunk := source.read(CHUNK)) and written <= most:
                    written += copy.write(chunk)
        except _DAMAGED:
            reason = "is damaged"
    if reason or written > most:
        path.unlink()
        return reason or "is too large", 0
    time = _seconds(info)
    os.utime(path, (time, time))
    return "", written


def _seconds(info: zipfile.ZipInfo) -> float:
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError):
        return 0.0
