"""What the kernel is asked about processes: bounds, families, ends.  Elsewhere than on Linux it does less."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from autograder.worker import kernel
from autograder.worker.limits import WorkerLimits

LINUX = sys.platform == "linux"
_PROC = Path("/proc")
MOST_DESCRIPTORS = 4096  # the server itself never has more than a few


def die_with_parent() -> None:
    """Be killed when the parent ends; one that has ended before this call is for the caller to notice."""
    if LINUX:
        kernel.prctl("die with the parent", kernel.SET_DEATH_SIGNAL, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, instead of process 1."""
    if LINUX:
        kernel.prctl("adopt orphans", kernel.SET_SUBREAPER, 1)


def pidfds(*pids: int) -> list[int]:
    """A descriptor of each process, so that a number used again can never be hit; none but on Linux."""
    return [os.pidfd_open(pid) for pid in pids] if hasattr(os, "pidfd_open") else []


def bound_this_process(limits: WorkerLimits) -> None:
    """Set the kernel's limits for this process and what it starts; they cannot be raised again.

    Memory counts from what the process holds now (the libraries of the warm server).  The number of
    processes is watched by the keeper: the kernel's own limit counts all processes of the user.
    """
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_NOFILE, limits.files)
    _bound(resource.RLIMIT_FSIZE, limits.file_bytes)
    if LINUX:
        _bound(resource.RLIMIT_DATA, _status_bytes("VmData") + limits.memory_bytes)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("800")


def bound_threads(number: int) -> None:
    """Bound the threads of this user: of this worker alone, where it has a user namespace of its own."""
    _bound(resource.RLIMIT_NPROC, number)


def descendants(root: int) -> dict[int, int]:
    """Resident bytes by process id of everything that ``root`` started, directly or not."""
    children = _children()
    found: dict[int, int] = {}
    waiting = [root]
    while waiting:
        for pid, size in children.pop(waiting.pop(), []):
            found[pid] = size
            waiting.append(pid)
    return found


def resident_bytes(pid: int) -> int:
    """What a process holds in memory; 0 for one that has ended."""
    try:
        words = (_PROC / str(pid) / "statm").read_text().split()
    except OSError:
        return 0
    return int(words[1]) * resource.getpagesize()


def proportional_bytes(family: Mapping[int, int]) -> int:
    """Memory of the processes together, a shared page counted once (slow: the kernel walks every page).

    A process that hides its pages counts with the resident bytes that ``family`` gives it.
    """
    total = 0
    for pid, resident in family.items():
        try:
            for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except PermissionError:
            total += resident
        except OSError:
            continue  # it has ended
    return total


def end_group(leader: int) -> None:
    """Kill the process ``leader``, a child of this one, and the group that it leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(leader, signal.SIGKILL)


def end_descendants() -> None:
    """Kill everything below this process and reap it; needs ``adopt_orphans`` to miss nothing."""
    for _ in range(200):
        family = descendants(os.getpid())
        for pid in family:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        reap()
        if not family:
            return
        time.sleep(0.005)


def end_orphans(known: Collection[int]) -> None:
    """Kill the children of this process that are not ``known``: adopted from a keeper that was killed."""
    for pid, _size in _children().get(os.getpid(), []):
        if pid not in known:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def reap() -> dict[int, int]:
    """Collect the ended children; wait status by process id."""
    ended: dict[int, int] = {}
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            ended[pid] = status
    return ended


def _children() -> dict[int, list[tuple[int, int]]]:
    """(process id, resident bytes) of all living processes, by their parent."""
    page = resource.getpagesize()
    children: dict[int, list[tuple[int, int]]] = {}
    for folder in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # the name in brackets may hold spaces and brackets: read from its end
            words = (folder / "stat").read_text().rpartition(")")[2].split()
            if words[0] not in "ZX":  # zombies, and those about to vanish
                children.setdefault(int(words[1]), []).append((int(folder.name), int(words[21]) * page))
    return children


def _bound(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _status_bytes(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0
