"""The namespaces of one worker: no process, no mount, no network and no name outside it can be reached.

Every function belongs to one process: ``separate`` to the keeper, ``furnish`` and ``stand_by`` to
process 1 of the new namespaces, which never runs a student's code.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.worker import kernel, processes
from autograder.worker.limits import WorkerLimits

SMALL_BYTES = 64 * 2**20
ENTRIES = 10_000
_OCTAL = re.compile(r"\\([0-7]{3})")  # how the kernel writes a space in a path


def separate() -> None:
    """Part with the network, host names and ipc of the system; children get process ids of their own.

    Raises OSError where an unprivileged process may not make namespaces.
    """
    user, group = os.getuid(), os.getgid()
    kernel.prctl("be dumpable", kernel.SET_DUMPABLE, 1)  # or /proc/self belongs to root
    kernel.unshare(kernel.NEW_USER | kernel.NEW_PID | kernel.NEW_NET | kernel.NEW_IPC | kernel.NEW_UTS)
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{user} {user} 1")
    (own / "gid_map").write_text(f"{group} {group} 1")
    kernel.prctl("not be dumpable", kernel.SET_DUMPABLE, 0)


def furnish(scratch: str, limits: WorkerLimits) -> None:
    """Everything read-only but small folders in memory that end with the worker; a /proc of its own."""
    kernel.unshare(kernel.NEW_MOUNT)
    kernel.make_mounts_private()
    kernel.make_mounts_read_only()
    plain = kernel.NO_SUID | kernel.NO_DEVICES
    sizes = {scratch: limits.scratch_bytes, "/tmp": SMALL_BYTES, "/dev/shm": SMALL_BYTES}
    with _held_open(_mounted_below(tuple(sizes))) as kept:
        for folder, size in sizes.items():
            kernel.mount("tmpfs", folder, plain, f"size={size},nr_inodes={ENTRIES},mode=700")
        for place, number in kept.items():
            _make_place(place, number)
            kernel.bind(number, str(place))
    kernel.mount("proc", "/proc", plain | kernel.NO_PROGRAMS)


def _mounted_below(folders: tuple[str, ...]) -> list[Path]:
    """What the box bound inside of ``folders``: an environment below /tmp, which must stay in sight."""
    found: list[Path] = []
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    for line in lines:
        place = Path(_OCTAL.sub(lambda code: chr(int(code[1], 8)), line.split(" ")[4]))
        if any(place.is_relative_to(kept) for kept in found):
            continue  # it is kept with what it lies in
        if any(Path(folder) in place.parents for folder in folders):
            found.append(place)
    return found


@contextlib.contextmanager
def _held_open(places: list[Path]) -> Iterator[dict[Path, int]]:
    """A descriptor of each place, by which it can still be named once it is covered."""
    numbers = {place: os.open(place, os.O_PATH | os.O_CLOEXEC) for place in places}
    try:
        yield numbers
    finally:
        for number in numbers.values():
            os.close(number)


def _make_place(place: Path, number: int) -> None:
    """An empty folder or file for what is open at ``number`` to be mounted on."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if stat.S_ISDIR(os.fstat(number).st_mode):
        place.mkdir()
    else:
        place.touch()


def stand_by(worker: int, report: Callable[[int], None]) -> None:
    """Reap orphans until ``worker`` has ended, report its wait status, and end: so does everything here."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == worker:
            report(status)
            os._exit(0)


def hold_no_descriptor_but(kept: int) -> None:
    os.closerange(0, kept)
    os.closerange(kept + 1, processes.MOST_DESCRIPTORS)
