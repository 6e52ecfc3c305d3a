"""What a worker gives up before it meets the student's code: the steps of each isolation level."""

from __future__ import annotations

import contextlib
import os
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from platform import machine

from autograder.worker import kernel, landlock, processes, seccomp
from autograder.worker.levels import PROCESS, SANDBOX
from autograder.worker.limits import WorkerLimits

_DEVICES_READ = ("/dev/urandom", "/dev/random", "/dev/zero")
_DEVICES_WRITTEN = ("/dev/null", "/dev/full")
_PROC_READ = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu")


@dataclass(frozen=True)
class Room:
    """Where a worker lives: its level, its writable folder, what it may read besides, the cores it runs on.

    ``readable`` counts at level ``restricted``; in a sandbox nothing else is there.
    """

    level: str
    scratch: str
    readable: Sequence[str]
    limits: WorkerLimits
    cores: Sequence[int]


def settle(room: Room, files: int | None) -> None:
    """Unpack the released files from the descriptor ``files``, set the limits, give up the rest.

    Raises OSError where the kernel refuses.  Nothing of it can be undone.
    """
    with contextlib.suppress(OSError):  # a server that was started on other cores alone stays there
        os.sched_setaffinity(0, room.cores)
    os.umask(0o022)
    os.chdir(room.scratch)
    if files is not None:
        unpack(files, Path(room.scratch))
        os.close(files)
    if room.level == PROCESS:
        processes.bound_this_process(room.limits)
        return
    kernel.prctl("be dumpable", kernel.SET_DUMPABLE, 1)  # or its own /proc/self is closed to it
    processes.bound_this_process(room.limits)
    if room.level == SANDBOX:
        # a process of TensorFlow has some thirty threads, and the kernel counts threads
        processes.bound_threads(32 * room.limits.processes)
        known = landlock.restrict([Path("/")], _writable(room.scratch, "/tmp", "/dev/shm"))
        kernel.drop_capabilities()
    else:
        readable = (*room.readable, *_DEVICES_READ, *_PROC_READ)
        known = landlock.restrict(map(Path, readable), _writable(room.scratch))
    private = room.level == SANDBOX
    only = None if private or known >= landlock.SCOPED else os.getpid()
    seccomp.load(seccomp.program(machine(), seccomp.rules(private=private, signals_only_to=only)))


def unpack(files: int, target: Path) -> None:
    """Write the regular files of the archive open at ``files``, which the launcher packed."""
    with os.fdopen(os.dup(files), "rb") as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
        for member in archive:
            place = target / member.name
            if member.isdir():
                place.mkdir(parents=True, exist_ok=True)
            elif (content := archive.extractfile(member)) is not None:
                place.write_bytes(content.read())


def _writable(*folders: str) -> list[Path]:
    # of its own entries in /proc the worker resets the meter of its memory, and makes itself the
    # first to be killed when memory runs out
    return [Path(name) for name in (*folders, *_DEVICES_WRITTEN, "/proc/self")]
