"""The trusted end of the worker room, and the one module that starts processes.

It hands the student's side nothing but its own code and the released files: no check, no solution, no
path of the course, no environment of the caller.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType

from autograder.errors import AutograderError, IsolationError
from autograder.worker import selftest
from autograder.worker.box import Plan, missing, plan, remedy
from autograder.worker.folders import VanishingFolder
from autograder.worker.hiring import CARD, DOOR, END_SECONDS, Worker, answers, hire, pid_of
from autograder.worker.levels import LEVELS, PROCESS
from autograder.worker.limits import WorkerLimits
from autograder.worker.staging import clean_environment, open_to_others, stage_accounts, stage_kit

__all__ = ["BEST", "WARM", "WarmServer", "Worker", "WorkerLimits", "answers", "hire"]

WARM = ("numpy", "tensorflow", "keras", "matplotlib", "matplotlib.pyplot")
BEST = "best"
START_SECONDS = 120.0
TRIES = 2
"""A level is given up after two failures: one can come from a machine that is too busy for a moment."""


class WarmServer:
    """A running warm server; ``address`` is where workers are hired, from any process of this user.

    ``isolation`` is the level that its workers have, ``refusals`` says of each higher one why it is
    not that: empty unless the best was asked for and could not be had.
    """

    def __init__(self, level: str, hidden: Sequence[Path]) -> None:
        self.isolation = level
        self.refusals: Mapping[str, str] = MappingProxyType({})
        self.pid = 0
        self._home = VanishingFolder()
        self._folder = self._home.path
        self._plan = plan(level, self._folder, hidden)
        self._control, self._theirs = socket.socketpair()
        self._process: subprocess.Popen[bytes] | None = None
        self.address = self._folder / DOOR

    @classmethod
    def start(
        cls, warm: Sequence[str] = WARM, *, level: str = BEST, hidden: Sequence[Path] = ()
    ) -> WarmServer:
        """Start a server that has imported the modules ``warm``; it ends with the thread that started it.

        Args:
            warm: names of modules.
            level: the isolation of its workers, or "best": the highest that a self-test finds to hold here.
            hidden: folders that no worker may see, wherever they lie: the course.
        Raises:
            IsolationError: this machine does not give the ``level``, with what to install or allow.
            AutograderError: the server cannot start.
        """
        refusals: dict[str, str] = {}
        for name in reversed(LEVELS) if level == BEST else (level,):
            if name not in LEVELS:
                raise IsolationError(f"the levels are {', '.join(LEVELS)} and {BEST} (got {name})")
            reason = missing(name)
            for _ in range(0 if reason else TRIES):
                try:
                    server = cls._tested(name, warm, hidden)
                    server.refusals = MappingProxyType(refusals)
                    return server
                except IsolationError as error:
                    reason = remedy(name, str(error))
            refusals[name] = reason
        raise IsolationError(f"level {level} cannot be had here: {refusals[level]} (got {level})")

    @classmethod
    def _tested(cls, level: str, warm: Sequence[str], hidden: Sequence[Path]) -> WarmServer:
        """A server whose workers could not escape.  Raises IsolationError when one could, or none began."""
        server = cls(level, hidden)
        try:
            server._start(warm)
            if level != PROCESS:
                selftest.examine(server.address, server._plan.user, hidden)
        except AutograderError as error:
            server.close()
            if level == PROCESS:
                raise
            raise IsolationError(str(error)) from error
        except BaseException:
            server.close()
            raise
        return server

    def _start(self, warm: Sequence[str]) -> None:
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(str(self.address))
            listener.listen(64)
            self._process = _start_process(self._plan, self._folder, self._theirs)
            self._order(warm, listener)
        except OSError as error:
            raise AutograderError(f"the warm server did not start: {error}") from error
        finally:
            listener.close()  # the server's copy is then the only one: when it ends, nobody answers
            self._theirs.close()

    def _order(self, warm: Sequence[str], listener: socket.socket) -> None:
        order = {
            "level": self.isolation,
            "path": self._plan.path,
            "readable": self._plan.readable,
            "warm": list(warm),
        }
        self._control.settimeout(START_SECONDS)
        with contextlib.suppress(OSError):
            socket.send_fds(self._control, [json.dumps(order).encode() + b"\n"], [listener.fileno()])
            self._theirs.close()
            answer, descriptors, _, _ = socket.recv_fds(self._control, 16, 1)
            if answer == b"ready\n":
                for descriptor in descriptors:  # none but on Linux
                    self.pid = pid_of(descriptor)
                    os.close(descriptor)
                return
        log = (self._folder / "log").read_text(errors="replace").strip().splitlines()
        raise AutograderError(f"the warm server did not start: {log[-1] if log else 'it said nothing'}")

    def close(self) -> None:
        """End the server and every worker it started; remove its folder."""
        self._theirs.close()
        self._control.close()
        if self._process is not None:
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._home.close()

    def __enter__(self) -> WarmServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _start_process(chosen: Plan, folder: Path, control: socket.socket) -> subprocess.Popen[bytes]:
    for name in ("kit", "home"):
        (folder / name).mkdir()
    stage_kit(folder / "kit" / "autograder")
    stage_accounts(folder / "etc")
    card = {"scratch": chosen.scratch, "user": chosen.user}
    (folder / CARD).write_text(json.dumps(card))
    for name in ("kit", "etc"):
        open_to_others(folder / name)
    change: dict[str, object] = {}
    if chosen.user is not None:
        shutil.chown(folder / "home", chosen.user, chosen.user)
        folder.chmod(0o711)  # others may pass through, and see nothing
        change = {"user": chosen.user, "group": chosen.user, "extra_groups": []}
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            chosen.command,
            stdin=control.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd=str(folder),
            env=clean_environment(chosen.home),
            start_new_session=True,  # Ctrl-C is ours to handle
            **change,
        )
