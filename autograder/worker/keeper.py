"""The process between the warm server and one worker: watches it, and leaves nothing of it behind.

It runs no code of the student.  It ends the worker when the judge hangs up, when the server ends, or
when the worker's family grows beyond its limits; it says why on a socket that only it holds.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from autograder.worker import lockdown, namespaces, processes
from autograder.worker.levels import SANDBOX
from autograder.worker.limits import WorkerLimits
from autograder.worker.lockdown import Room

WATCH_MS = 150
INTRODUCTION_BYTES = 1 << 16  # it lists the cores of a machine
FAILED = 1


@dataclass(frozen=True)
class Charge:
    """One worker to keep: the wire that it will speak on, where it lives, and the keeper's own socket.

    ``files`` is a descriptor of the packed released files, None where there are none.
    """

    wire: socket.socket
    room: Room
    report: socket.socket
    files: int | None


def keep(
    connection: socket.socket,
    work: Callable[[socket.socket, str], None],
    server: int,
    level: str,
    readable: Sequence[str],
) -> NoReturn:
    """Fork the worker, watch it to its end, clean up.  Runs in a process of its own."""
    os.setsid()
    # no death signal for the keeper itself: it must outlive a server that is killed, to clean up
    processes.adopt_orphans()
    charge = _introduction(connection, level, readable)
    notes, theirs = os.pipe()
    try:
        first = _start(charge, work, theirs)
    except OSError as error:
        _say(charge.report, {"fate": f"failed: {error}"})
        os._exit(FAILED)
    os.close(theirs)
    if charge.files is not None:
        os.close(charge.files)
    try:
        fate = _watch(charge, first, server)
    finally:
        processes.end_group(first)
        processes.end_descendants()
    _say(charge.report, {"fate": _noted(notes, fate)})
    os._exit(0)


def _introduction(connection: socket.socket, level: str, readable: Sequence[str]) -> Charge:
    """The first line of the connection, and with it the socket for reports and the packed files."""
    line, descriptors, _, _ = socket.recv_fds(connection, INTRODUCTION_BYTES, 2)
    if len(descriptors) not in (1, 2) or not line.endswith(b"\n"):
        os._exit(FAILED)
    words = json.loads(line)
    room = Room(level, words["scratch"], readable, WorkerLimits(**words["limits"]), words["cores"])
    files = descriptors[1] if len(descriptors) == 2 else None
    return Charge(connection, room, socket.socket(fileno=descriptors[0]), files)


def _start(charge: Charge, work: Callable[[socket.socket, str], None], notes: int) -> int:
    """Fork the worker, or at level ``sandbox`` process 1 of its namespaces; its process id.

    It does nothing before its own pidfd, by which it can be killed whatever it does, is on its way.
    """
    keeper = os.getpid()
    if charge.room.level == SANDBOX:
        namespaces.separate()
    wait, go = os.pipe()
    first = os.fork()
    if first == 0:
        os.close(go)
        processes.die_with_parent()
        if os.read(wait, 1) != b"g":  # the keeper ended before the call above
            os._exit(FAILED)
        os.close(wait)
        _become(charge, work, notes)
    os.close(wait)
    _say(charge.report, {"keeper": keeper, "worker": first}, processes.pidfds(keeper, first))
    os.write(go, b"g")
    os.close(go)
    return first


def _become(charge: Charge, work: Callable[[socket.socket, str], None], notes: int) -> NoReturn:
    """Be the worker, or process 1 above it; what goes wrong before the student's code is noted."""
    try:
        charge.report.close()
        if charge.room.level == SANDBOX:
            namespaces.furnish(charge.room.scratch, charge.room.limits)
            worker = os.fork()
            if worker != 0:
                charge.wire.detach()
                namespaces.hold_no_descriptor_but(notes)
                namespaces.stand_by(worker, lambda status: _note(notes, {"status": status}))
        os.setsid()
        lockdown.settle(charge.room, charge.files)
    except Exception as error:
        _note(notes, {"failed": str(error) or type(error).__name__})
        os._exit(FAILED)
    work(charge.wire, charge.room.level)
    os._exit(0)


def _watch(charge: Charge, worker: int, server: int) -> str:
    """Wait for the worker's end; the reason: "hangup", "memory", "processes", "exit 1", "signal 11"."""
    connection, limits = charge.wire, charge.room.limits
    own = 1 if charge.room.level == SANDBOX else 0  # process 1 of the namespaces is ours
    # pages that are shared with the server count in part for the family too, the fewer share them the more
    memory_bytes = limits.memory_bytes + processes.resident_bytes(server)
    poller = select.poll()
    poller.register(connection, select.POLLHUP)
    for descriptor in processes.pidfds(worker):
        poller.register(descriptor, select.POLLIN)
    while True:
        poller.poll(WATCH_MS)
        ended = processes.reap()
        # asked again now: a worker that saw the hang-up first has ended because of it
        hung_up = connection.fileno() in dict(poller.poll(0))
        if hung_up or os.getppid() != server:
            return "hangup"
        if worker in ended:
            return _ending(ended[worker])
        family = processes.descendants(os.getpid())
        if len(family) - own > limits.processes:
            return "processes"
        if _beyond(memory_bytes, family):
            return "memory"


def _beyond(memory_bytes: int, family: dict[int, int]) -> bool:
    # the quick sum counts pages that forks share once for each; the exact one is asked for only then
    return sum(family.values()) > memory_bytes and processes.proportional_bytes(family) > memory_bytes


def _noted(notes: int, fate: str) -> str:
    """The fate, made exact by what was noted: why it never began, or how the worker below process 1 ended."""
    os.set_blocking(notes, False)
    with contextlib.suppress(BlockingIOError, ValueError):
        note: dict[str, Any] = json.loads(os.read(notes, 4096))
        if "failed" in note:
            return f"failed: {note['failed']}"
        if fate.startswith(("exit ", "signal ")):
            return _ending(note["status"])
    return fate


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit {os.WEXITSTATUS(status)}"


def _note(notes: int, message: dict[str, object]) -> None:
    os.write(notes, json.dumps(message).encode())


def _say(report: socket.socket, message: dict[str, object], descriptors: Sequence[int] = ()) -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        socket.send_fds(report, [json.dumps(message).encode() + b"\n"], descriptors)
