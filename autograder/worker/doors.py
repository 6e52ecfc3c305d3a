"""Where the holders of this user's warm servers are found: a socket each, its lock and its log beside it."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from autograder.errors import AutograderError
from autograder.worker.folders import temporary
from autograder.worker.staging import KIT

_LOCK, _LOG = ".lock", ".log"


def door_of(order: Mapping[str, Any]) -> Path:
    """The door of the server that is started with this ``order``; its folder is there.

    One name for each server that answers the same way: by its arguments, interpreter and code.
    """
    digest = hashlib.sha256(json.dumps([order, sys.executable], sort_keys=True).encode())
    for path in sorted((KIT / "worker").glob("*.py")) + sorted((KIT / "wire").glob("*.py")):
        digest.update(path.read_bytes())
    return _folder() / digest.hexdigest()[:16]


def log_of(door: Path) -> Path:
    """What a holder says while it starts goes there."""
    return door.with_suffix(_LOG)


def _folder() -> Path:
    """A folder that nobody else can write or look into."""
    folder = temporary() / f"autograder-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o170077 != 0o040000:
        raise AutograderError(f"this folder has to be yours alone: remove it and try again (got {folder})")
    return folder


@contextlib.contextmanager
def locked(door: Path, *, wait: bool = True) -> Iterator[None]:
    """One process at a time looks for a holder, starts one, or ends as one.

    Raises BlockingIOError where another has the lock and ``wait`` is not set.
    """
    while True:
        file = _open_lock(door)
        with file:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_there(door.with_suffix(_LOCK), file):
                yield
                return


def _open_lock(door: Path) -> IO[str]:
    while True:
        try:
            return door.with_suffix(_LOCK).open("a")
        except FileNotFoundError:  # a holder that ended has just removed the folder
            _folder()


def _is_there(lock: Path, file: IO[str]) -> bool:
    """Whether the open file still is the one of that name: a lock that was removed holds nobody off."""
    try:
        return os.path.samestat(lock.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def connect(door: Path) -> socket.socket | None:
    """A connection to the holder; None where there is none."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(door))
    except OSError:
        connection.close()
        return None
    return connection


def remove(door: Path) -> None:
    """Leave nothing behind, nor what holders left that were killed.  The caller holds the lock."""
    locks = door.parent.glob(f"*{_LOCK}")  # looked for while our own keeps the folder there
    others = [lock.with_suffix("") for lock in locks if lock.stem != door.name]
    _remove(door)
    for other in others:
        with contextlib.suppress(OSError), locked(other, wait=False):
            if not _listens(other):
                _remove(other)
    with contextlib.suppress(OSError):  # other holders have their doors there
        door.parent.rmdir()


def _remove(door: Path) -> None:
    for path in (door, log_of(door), door.with_suffix(_LOCK)):  # the lock goes last
        path.unlink(missing_ok=True)


def _listens(door: Path) -> bool:
    """Whether anybody is behind the door.  To a holder, this is a client who leaves at once."""
    with socket.socket(socket.AF_UNIX) as knock:
        knock.setblocking(False)  # many may be waiting there
        try:
            knock.connect(str(door))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:  # in doubt, yes
            return True
    return True
