"""The trusted end of the worker room, and the one module that starts processes.

It hands the student's side nothing but its own code and the released files: no check, no solution, no
path of the course, no environment of the caller.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
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
from autograder.worker.staging import clean_environment, copy_regular_files, library_folders, stage_kit

__all__ = ["WARM", "WarmServer", "Worker", "WorkerLimits", "hire"]

WARM = ("numpy", "tensorflow", "keras", "matplotlib", "matplotlib.pyplot")
START_SECONDS = 120.0
HIRE_SECONDS = 30.0
END_SECONDS = 10.0
SOCKET_FOLDER_CHARACTERS = 80


class WarmServer:
    """A running warm server; ``address`` is where workers are hired, from any process of this user."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, folder: Path) -> None:
        self._process = process
        self._control = control
        self._folder = folder
        self.address = folder / "socket"

    @classmethod
    def start(cls, warm: Sequence[str] = WARM) -> WarmServer:
        """Start a server that has imported the modules ``warm``.  Raises AutograderError when it cannot."""
        if len(tempfile.gettempdir()) > SOCKET_FOLDER_CHARACTERS:
            raise AutograderError(
                f"a socket's path must be short: let TMPDIR name a folder of at most "
                f"{SOCKET_FOLDER_CHARACTERS} characters (got {len(tempfile.gettempdir())})"
            )
        folder = Path(tempfile.mkdtemp(prefix="worker-"))
        ours, theirs = socket.socketpair()
        try:
            server = cls(_start_process(folder, theirs), ours, folder)
        finally:
            theirs.close()
        try:
            server._order(warm)
        except BaseException:
            server.close()
            raise
        return server

    def _order(self, warm: Sequence[str]) -> None:
        order = {
            "path": [str(self._folder / "kit"), *library_folders()],
            "socket": "socket",
            "folder": str(self._folder),
            "warm": list(warm),
        }
        self._control.sendall(json.dumps(order).encode() + b"\n")
        self._control.settimeout(START_SECONDS)
        with contextlib.suppress(OSError):
            if self._control.recv(16) == b"ready\n":
                return
        log = (self._folder / "log").read_text(errors="replace").strip().splitlines()
        raise AutograderError(f"the warm server did not start: {log[-1] if log else 'it said nothing'}")

    def close(self) -> None:
        """End the server and every worker it started; remove its folder."""
        self._control.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> WarmServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Worker:
    """One student's session.  ``scratch`` is its working folder, ``isolation`` the level in force.

    ``fate`` says, once the worker is lost or closed, why it ended: "memory", "processes" (a limit was
    met), "hangup" (we ended it), "exit <code>", "signal <number>", or "" while it lives.
    """

    def __init__(self, channel: Channel, report: int, scratch: Path) -> None:
        self._channel = channel
        self._report = report
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
        if self._report < 0:
            return
        self._channel.close()  # the keeper notices, ends the worker's whole family, and then itself
        for process in self._processes:
            process.end(END_SECONDS)
        self._learn_fate()
        os.close(self._report)
        self._report = -1
        shutil.rmtree(self.scratch, ignore_errors=True)

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _learn_fate(self) -> None:
        if not self.fate and self._report >= 0:
            with contextlib.suppress(WorkerLost):
                self.fate = str(_report_line(self._report, END_SECONDS).get("fate", ""))

    def _begin(self, limits: WorkerLimits) -> None:
        pids = _report_line(self._report, HIRE_SECONDS)
        self.pid = pids["worker"]
        self._processes = [_Process(pids["keeper"]), _Process(self.pid)]
        question = {"ask": "begin", "scratch": str(self.scratch), "limits": limits.message()}
        reply = self.ask(question, _refuse, HIRE_SECONDS)
        self.isolation = str(reply["isolation"])


def hire(address: Path, *, files: Path | None = None, limits: WorkerLimits | None = None) -> Worker:
    """A fresh worker of the server at ``address``; its scratch folder holds copies of the regular ``files``.

    Raises AutograderError when nobody serves there, WorkerLost when the worker ended at once.
    """
    limits = limits or WorkerLimits()
    connection = _connect(address)  # first: the server forks while the files are copied
    scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=address.parent))
    report, theirs = os.pipe()
    worker = Worker(Channel(connection), report, scratch)
    try:
        introduction = json.dumps(limits.message()).encode() + b"\n"
        try:
            if files is not None:
                copy_regular_files(files, scratch)
            socket.send_fds(connection, [introduction], [theirs])
        finally:
            os.close(theirs)  # the keeper's copy is then the only one: its end is the end of the pipe
        worker._begin(limits)
    except BaseException:
        worker.close()
        raise
    return worker


class _Process:
    """A process by its pidfd, so that a number used again by the system can never be hit.

    Elsewhere than on Linux there is none, and the keeper alone ends the worker.
    """

    def __init__(self, pid: int) -> None:
        self.descriptor = -1
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(ProcessLookupError):
                self.descriptor = os.pidfd_open(pid)

    def end(self, seconds: float) -> None:
        """Wait for its end, and after ``seconds`` bring it about."""
        if self.descriptor < 0:
            return
        poller = select.poll()
        poller.register(self.descriptor, select.POLLIN)
        if not poller.poll(seconds * 1000):
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)
            poller.poll(seconds * 1000)
        os.close(self.descriptor)
        self.descriptor = -1


def _connect(address: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(address))
    except OSError as error:
        connection.close()
        raise AutograderError(f"no warm server answers: {error.strerror} (got {address.name})") from None
    return connection


def _start_process(folder: Path, control: socket.socket) -> subprocess.Popen[bytes]:
    for name in ("kit", "home"):
        (folder / name).mkdir()
    stage_kit(folder / "kit" / "autograder")
    script = folder / "kit" / "autograder" / "worker" / "server.py"
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            # -S: no .pth file is read (an editable install would put the course on the path);
            # -P, -s: neither the script's folder nor the user's packages are on it
            [sys.executable, "-s", "-S", "-P", "-B", str(script)],
            stdin=control.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd=str(folder),
            env=clean_environment(folder / "home"),
            start_new_session=True,  # Ctrl-C is ours to handle
        )


def _report_line(report: int, seconds: float) -> dict[str, Any]:
    """The next line of the keeper's reports.  Raises WorkerLost when there is none in time."""
    line = b""
    deadline = time.monotonic() + seconds
    poller = select.poll()
    poller.register(report, select.POLLIN)
    while not line.endswith(b"\n"):
        if not poller.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise WorkerLost("the worker's keeper says nothing")
        piece = os.read(report, 1)
        if not piece:
            raise WorkerLost("the worker's keeper is gone")
        line += piece
    message: dict[str, Any] = json.loads(line)
    return message


def _refuse(_question: Message) -> Message:
    raise WireError("a worker asks nothing while it begins")
