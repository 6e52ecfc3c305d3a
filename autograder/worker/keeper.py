"""The process between the warm server and one worker: watches it, and leaves nothing of it behind.

It runs no code of the student.  It ends the worker when the judge hangs up, when the server ends, or
when the worker's family grows beyond its limits; it says why on a pipe that only it holds.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
from collections.abc import Callable

from autograder.worker import processes
from autograder.worker.limits import WorkerLimits

WATCH_MS = 150


def keep(connection: socket.socket, work: Callable[[socket.socket], None], server: int) -> None:
    """Fork the worker, watch it to its end, clean up.  Runs in a process of its own; does not return."""
    os.setsid()
    # no death signal for the keeper itself: it must outlive a server that is killed, to clean up
    processes.adopt_orphans()
    limits, report = _introduction(connection)
    keeper = os.getpid()
    worker = os.fork()
    if worker == 0:
        os.setsid()
        processes.die_with(keeper)
        os.close(report)
        work(connection)
        os._exit(0)
    _say(report, {"keeper": keeper, "worker": worker})
    try:
        fate = _watch(connection, worker, limits, server)
    finally:
        processes.end_group(worker)
        processes.end_descendants()
    _say(report, {"fate": fate})
    os._exit(0)


def _introduction(connection: socket.socket) -> tuple[WorkerLimits, int]:
    """The first line of the connection: the limits, and with it the pipe for reports."""
    line, descriptors, _, _ = socket.recv_fds(connection, 4096, 1)
    if len(descriptors) != 1 or not line.endswith(b"\n"):
        os._exit(1)
    return WorkerLimits(**json.loads(line)), descriptors[0]


def _watch(connection: socket.socket, worker: int, limits: WorkerLimits, server: int) -> str:
    """Wait for the worker's end; the reason: "hangup", "memory", "processes", "exit 1", "signal 11"."""
    poller = select.poll()
    poller.register(connection, select.POLLHUP)
    if hasattr(os, "pidfd_open"):
        poller.register(os.pidfd_open(worker), select.POLLIN)
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
        if len(family) > limits.processes:
            return "processes"
        if _beyond(limits.memory_bytes, family):
            return "memory"


def _beyond(memory_bytes: int, family: dict[int, int]) -> bool:
    # the quick sum counts pages that forks share once for each; the exact one is asked for only then
    return sum(family.values()) > memory_bytes and processes.proportional_bytes(family) > memory_bytes


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit {os.WEXITSTATUS(status)}"


def _say(report: int, message: dict[str, object]) -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.write(report, json.dumps(message).encode() + b"\n")
