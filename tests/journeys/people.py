"""Three real Unix users on this machine: an instructor, a teaching assistant and a student.

Root makes them and removes them again; everything of theirs lies in one folder.
"""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.journeys.places import Place

KIT = Path(__file__).parents[2]
TEACHER, ASSISTANT, STUDENT, STAFF = "kit-teacher", "kit-assistant", "kit-student", "kit-staff"
MADE_BY = "made by make journeys"
TOOLS = ("useradd", "userdel", "groupadd", "groupdel", "unshare", "setpriv")


def hindrance() -> str:
    """Why there can be no three users here, as a sentence; empty when there can."""
    if os.geteuid() != 0:
        return "the exchange of three Unix users is tried as root only: sudo make journeys"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"three Unix users need {', '.join(missing)}: sudo apt-get install passwd util-linux" * bool(
        missing
    )


@dataclass(frozen=True)
class People:
    """The three, and the folder in which all of theirs lies."""

    folder: Path

    def place(self, user: str, root: Path, *, umask: str = "022") -> Place:
        """A folder in which this user works, in a shell with this umask."""
        return Place(root, self.home(user), as_user(user, umask))

    def home(self, user: str) -> Path:
        return self.folder / "home" / user

    def give(self, path: Path, user: str, group: str, mode: int) -> Path:
        """Make a folder of this user and group."""
        path.mkdir(parents=True, exist_ok=True)
        shutil.chown(path, user, group)
        path.chmod(mode)
        return path


@contextmanager
def people() -> Iterator[People]:
    """Make the three users and the group of the staff; remove them, their folder and their processes."""
    with ExitStack() as stack:
        stack.enter_context(_alone())
        folder = Path(tempfile.mkdtemp(prefix="journeys-"))
        stack.callback(shutil.rmtree, folder)
        folder.chmod(0o755)
        (folder / "home").mkdir()
        _remove_group(STAFF)
        _call("groupadd", STAFF)
        stack.callback(_remove_group, STAFF)
        for user in (TEACHER, ASSISTANT, STUDENT):
            _remove_user(user)
            home = str(folder / "home" / user)
            _call("useradd", "--create-home", "--home-dir", home, "--comment", MADE_BY, "--user-group", user)
            stack.callback(_remove_user, user)
            Path(home).chmod(0o700)
        for user in (TEACHER, ASSISTANT):
            _call("usermod", "--append", "--groups", STAFF, user)
        yield People(folder)


@contextmanager
def _alone() -> Iterator[None]:
    """The users have fixed names, so two such journeys at one time would remove each other's."""
    with (Path(tempfile.gettempdir()) / "kit-journeys.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(f"another journey of three users is under way (got {lock.name})") from None
        yield


def as_user(user: str, umask: str) -> list[str]:
    """Words before a command that this user is to run, in mounts where the kit and its Python can be read.

    Where they lie in a folder that is closed to others, such as root's home, an open one takes its place.
    """
    needed = sorted({Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), KIT})
    closed = {path: _closed_folder(path) for path in needed}
    lines = ["set -e", "mount -t tmpfs none /mnt"] if any(closed.values()) else ["set -e"]
    for number, (path, folder) in enumerate(closed.items()):
        if folder is not None:
            lines += [f"mkdir /mnt/{number}", f"mount --bind {shlex.quote(str(path))} /mnt/{number}"]
    for folder in sorted({folder for folder in closed.values() if folder is not None}):
        lines.append(f"mount -t tmpfs -o mode=755 none {shlex.quote(str(folder))}")
    for number, (path, folder) in enumerate(closed.items()):
        if folder is not None:
            there = shlex.quote(str(path))
            lines += [f"mkdir -p {there}", f"mount --bind /mnt/{number} {there}"]
    lines.append(f"umask {umask}")
    become = f"--reuid {user} --regid {user} --init-groups --inh-caps=-all --pdeathsig TERM"
    lines.append(f'exec setpriv {become} -- "$@"')
    return ["unshare", "--mount", "sh", "-c", "\n".join(lines), "sh"]


def _closed_folder(path: Path) -> Path | None:
    """The topmost folder on the way to ``path`` that others may not enter."""
    return next((above for above in reversed([path, *path.parents]) if not above.stat().st_mode & 1), None)


def _remove_user(name: str) -> None:
    """Remove one of ours; a user of this name whom we did not make is left alone, and stops the journey."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return
    if entry.pw_gecos != MADE_BY:
        raise RuntimeError(f"there is a user of this name whom the journeys did not make (got {name})")
    for process in psutil.process_iter(["uids"]):
        if process.info["uids"] and process.info["uids"].real == entry.pw_uid:
            process.kill()
    _call("userdel", name)


def _remove_group(name: str) -> None:
    try:
        grp.getgrnam(name)
    except KeyError:
        return
    _call("groupdel", name)


def _call(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr.strip()}")
