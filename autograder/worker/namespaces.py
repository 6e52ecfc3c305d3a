"""The namespaces of one worker: no process, no mount, no network and no name outside it can be reached.

Every function belongs to one process: ``separate`` to the keeper, ``furnish`` and ``stand_by`` to
process 1 of the new namespaces, which never runs a student's code.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from autograder.worker import kernel, processes
from autograder.worker.limits import WorkerLimits

SMALL_BYTES = 64 * 2**20
ENTRIES = 10_000


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
    for folder, size in (
        (scratch, limits.scratch_bytes),
        ("/tmp", SMALL_BYTES),
        ("/dev/shm", SMALL_BYTES),
    ):
        kernel.mount("tmpfs", folder, plain, f"size={size},nr_inodes={ENTRIES},mode=700")
    kernel.mount("proc", "/proc", plain | kernel.NO_PROGRAMS)


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
