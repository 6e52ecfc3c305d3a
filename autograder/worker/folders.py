"""Folders of ours in the temporary folder: they vanish with the process that made them, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from autograder.errors import AutograderError
from autograder.worker.staging import remove

PREFIX = "autograder-worker-"
MOST_CHARACTERS = 68
"""Of the temporary folder's name: a socket's whole path has 107 at most, and ours need up to 39."""
# "$1" is removed when our end of its standard input closes, however we end
_JANITOR = 'read -r _; rm -rf -- "$1" || { sleep 2; chmod -R u+rwx -- "$1"; rm -rf -- "$1"; }'


def temporary() -> Path:
    """The temporary folder.  Raises AutograderError where its name is too long for sockets in it."""
    folder = tempfile.gettempdir()
    if len(folder) > MOST_CHARACTERS:
        raise AutograderError(
            f"a socket's path must be short: let TMPDIR name a folder of at most {MOST_CHARACTERS} "
            f"characters (got {len(folder)})"
        )
    return Path(folder)


class VanishingFolder:
    """A new folder, ``path``, that is removed at the end.

    A shell, the janitor, waits for our end and removes it.  Where that was killed too, whoever makes or
    closes such a folder next does: a lock tells which folders are still somebody's.
    """

    def __init__(self) -> None:
        _remove_abandoned()
        self.path, self._lock = _new()
        try:
            self._janitor = subprocess.Popen(
                ["/bin/sh", "-c", _JANITOR, "janitor", str(self.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        except OSError:  # no process is left
            remove(self.path)
            os.close(self._lock)
            raise

    def close(self) -> None:
        """Remove the folder, and those that nobody holds any more."""
        remove(self.path)
        assert self._janitor.stdin is not None
        self._janitor.stdin.close()
        self._janitor.wait()
        os.close(self._lock)
        _remove_abandoned()

    def __enter__(self) -> VanishingFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _new() -> tuple[Path, int]:
    """A folder and the descriptor that holds its lock."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temporary()))
        with contextlib.suppress(FileNotFoundError):  # taken for abandoned before it was locked
            lock = _opened(path)
            with contextlib.suppress(OSError):  # without locks, none is ever taken for abandoned
                fcntl.flock(lock, fcntl.LOCK_EX)
            if path.is_dir():
                return path, lock
            os.close(lock)


def _remove_abandoned() -> None:
    """Remove the folders of this user that nobody holds any more."""
    for path in _ours():
        with contextlib.suppress(OSError):  # somebody's, or just gone
            lock = _opened(path)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(path)
            finally:
                os.close(lock)


def _ours() -> Iterator[Path]:
    for path in temporary().glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_uid == os.getuid():
                yield path


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
