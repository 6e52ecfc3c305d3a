"""A worker as its trusted end sees it: hired from a warm server, asked, ended."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.errors import AutograderError, WireError, WorkerLost
from autograder.wire import Channel
from autograder.wire.channel import Message, Serve
from autograder.worker.limits import WorkerLimits
from autograder.worker.staging import pack_regular_files, remove

HIRE_SECONDS = 30.0
END_SECONDS = 10.0
ENDING_SECONDS = 0.2
LINE_BYTES = 4096
DOOR, CARD = "socket", "card"
"""In a server's folder: where workers are hired, and a line of JSON about them."""


class Worker:
    """One student's session.  ``scratch`` is its working folder, ``isolation`` the level in force.

    In a sandbox ``scratch`` is a path of the worker's own world, and ``pid`` the process there that
    everything ends with.  ``fate`` says, once the worker is lost or closed, why it ended: "memory",
    "processes" (a limit was met), "hangup" (we ended it), "exit <code>", "signal <number>", "failed: <why>"
    (it never began), or "" while it lives.
    """

    def __init__(self, channel: Channel, report: socket.socket, scratch: Path, *, ours: bool) -> None:
        self._channel = channel
        self._report: Report | None = Report(report)
        self._scratch_is_ours = ours
        self.fate = ""
        self.scratch = scratch
        self.pid = 0
        self.isolation = ""
        self._processes: list[_Process] = []

    def ask(self, question: Message, serve: Serve, seconds: float | None) -> Message:
        """Ask the worker; see Channel.ask for what it raises."""
        try:
            return self._channel.ask(question, serve, seconds)
        except WorkerLost:
            self._learn_fate()
            raise

    def close(self) -> None:
        """End the worker and everything it started; remove its scratch folder."""
        if self._report is None:
            return
        self._channel.close()  # the keeper notices, ends the worker's whole family, and then itself
        for process in self._processes:
            process.end(END_SECONDS)
        self._learn_fate()
        self._report.close()
        self._report = None
        if self._scratch_is_ours:
            remove(self.scratch)

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _learn_fate(self) -> None:
        if not self.fate and self._report is not None:
            with contextlib.suppress(WorkerLost):
                self.fate = str(self._report.line(END_SECONDS).get("fate", ""))

    def _begin(self, limits: WorkerLimits) -> None:
        assert self._report is not None
        message = self._report.line(HIRE_SECONDS)
        if "fate" in message:
            self.fate = str(message["fate"])
            raise WorkerLost(f"the worker did not begin: {self.fate}")
        self._processes = [_Process(descriptor) for descriptor in self._report.descriptors]
        self.pid = self._processes[-1].pid() if self._processes else message["worker"]
        question = {"ask": "begin", "scratch": str(self.scratch), "limits": limits.message()}
        try:
            reply = self.ask(question, _refuse, HIRE_SECONDS)
        except WorkerLost:
            raise WorkerLost(f"the worker did not begin: {self.fate or 'it ended at once'}") from None
        self.isolation = str(reply["isolation"])


def hire(address: Path, *, files: Path | None = None, limits: WorkerLimits | None = None) -> Worker:
    """A fresh worker of the server at ``address``; its scratch folder holds copies of the regular ``files``.

    Raises AutograderError when nobody serves there, WorkerLost when the worker ended at once, twice.
    """
    try:
        return _hire(address, files, limits or WorkerLimits())
    except WorkerLost:  # before it began: no student's code ran, so something else ended it
        return _hire(address, files, limits or WorkerLimits())


def answers(address: Path) -> bool:
    """Whether workers can still be hired at ``address``: asked a moment later, when what ends has ended."""
    time.sleep(ENDING_SECONDS)
    try:
        _connect(address).close()
    except AutograderError:
        return False
    return True


def _hire(address: Path, files: Path | None, limits: WorkerLimits) -> Worker:
    connection = _connect(address)  # first: the server forks while the files are packed
    report, theirs = socket.socketpair()
    worker: Worker | None = None
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(theirs)  # the keeper's copy is then the only one: its end is the end
            passed = [theirs.fileno()]
            if files is not None:
                packed = stack.enter_context(tempfile.TemporaryFile())
                pack_regular_files(files, packed)
                passed.append(packed.fileno())
            scratch, ours = _scratch(address)
            worker = Worker(Channel(connection), report, scratch, ours=ours)
            cores = sorted(os.sched_getaffinity(0))  # the judge's own: while one works, the other waits
            introduction = {"limits": limits.message(), "scratch": str(scratch), "cores": cores}
            socket.send_fds(connection, [json.dumps(introduction).encode() + b"\n"], passed)
        worker._begin(limits)
    except BaseException:
        if worker is None:
            connection.close()
            report.close()
        else:
            worker.close()
        raise
    return worker


class Report:
    """The socket on which a keeper tells, a line at a time, whom it keeps and how that ended."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self.descriptors: Sequence[int] = ()

    def line(self, seconds: float) -> dict[str, Any]:
        """The next line; what came with it is in ``descriptors``.  Raises WorkerLost when there is none."""
        line = b""
        deadline = time.monotonic() + seconds
        while not line.endswith(b"\n"):
            self._socket.settimeout(max(1e-3, deadline - time.monotonic()))
            try:
                # byte by byte after the first, which carries the descriptors: lines may follow at once
                piece, descriptors, _, _ = socket.recv_fds(self._socket, 1, 4)
            except TimeoutError:
                raise WorkerLost("the worker's keeper says nothing") from None
            except OSError:
                piece, descriptors = b"", []
            if descriptors:
                self.descriptors = descriptors
            if not piece or len(line) > LINE_BYTES:
                raise WorkerLost("the worker's keeper is gone")
            line += piece
        message: dict[str, Any] = json.loads(line)
        return message

    def close(self) -> None:
        self._socket.close()


class _Process:
    """A process by its pidfd, so that a number used again by the system can never be hit.

    Elsewhere than on Linux there is none, and the keeper alone ends the worker.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def pid(self) -> int:
        """Its number among our processes, which may be another among its own."""
        return pid_of(self.descriptor)

    def end(self, seconds: float) -> None:
        """Wait for its end, and after ``seconds`` bring it about."""
        if self.descriptor < 0:
            return
        poller = select.poll()
        poller.register(self.descriptor, select.POLLIN)
        if not poller.poll(seconds * 1000):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)
            poller.poll(seconds * 1000)
        os.close(self.descriptor)
        self.descriptor = -1


def pid_of(descriptor: int) -> int:
    """The process id that a pidfd has here; -1 when the process has ended."""
    for line in Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return -1


def _connect(address: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(address))
    except OSError as error:
        connection.close()
        raise AutograderError(f"no warm server answers: {error.strerror} (got {address.name})") from None
    return connection


def _scratch(address: Path) -> tuple[Path, bool]:
    """The worker's folder, and whether it lies on our disk: made here then, for the user of the workers."""
    try:
        card = json.loads((address.parent / CARD).read_text())
    except OSError as error:
        raise AutograderError(f"no warm server answers: {error.strerror} (got {address.name})") from None
    if card["scratch"]:
        return Path(card["scratch"]), False
    scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=address.parent))
    if card["user"] is not None:
        os.chown(scratch, card["user"], card["user"])
    return scratch, True


def _refuse(_question: Message) -> Message:
    raise WireError("a worker asks nothing while it begins")
