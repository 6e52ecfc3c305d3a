"""A warm server that runs share: started when the first one asks, ended by itself when nobody needs it.

A small process, the holder, keeps the server.  A run keeps a connection to the holder while it hires
workers; the kernel closes it however the run ends, so there is nothing to clean up.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.errors import AutograderError, IsolationError
from autograder.worker.doors import connect, door_of, locked, log_of, remove
from autograder.worker.launcher import BEST, START_SECONDS, WARM, WarmServer

WATCH_MS = 1000
ANSWER_BYTES = 1 << 16
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG")
# the holder is nobody's child: whoever asked first never has to wait for its end
_DETACH = 'exec 3<&0; "$@" <&3 3<&- >/dev/null 2>"$LOG" &'


class Lease:
    """The use of a shared warm server; ``address``, ``isolation`` and ``refusals`` as of ``WarmServer``."""

    def __init__(self, connection: socket.socket, answer: Mapping[str, Any]) -> None:
        self._connection = connection
        self.address = Path(answer["address"])
        self.isolation: str = answer["isolation"]
        self.refusals: Mapping[str, str] = answer["refusals"]
        self.pid: int = answer["pid"]

    def close(self) -> None:
        """Give the server back; one that is to end with its last run has ended when this returns."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
            self._connection.settimeout(START_SECONDS)
            self._connection.recv(1)
        self._connection.close()

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def lease(
    hidden: Sequence[Path] = (),
    *,
    idle_seconds: float = 0.0,
    warm: Sequence[str] = WARM,
    level: str = BEST,
) -> Lease:
    """The use of the warm server for these arguments, started if there is none yet.

    Args:
        hidden: folders that no worker may see: the course.
        idle_seconds: how long a server that is started now stays after its last run; 0: it ends with it.
        warm, level: as of ``WarmServer.start``.
    Raises:
        IsolationError: this machine does not give the ``level``.
        AutograderError: the server cannot start.
    """
    order = {
        "hidden": [str(path.resolve()) for path in hidden],
        "warm": list(warm),
        "level": level,
        "idle": idle_seconds,
    }
    door = door_of(order)
    with locked(door):
        connection = connect(door) or _start(door, order)
    try:
        return Lease(connection, _answer(connection, log_of(door)))
    except BaseException:
        connection.close()
        raise


def _start(door: Path, order: Mapping[str, Any]) -> socket.socket:
    """Start a holder that listens at ``door``, and be its first client."""
    door.unlink(missing_ok=True)  # of a holder that was killed
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(door))
        listener.listen(64)
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        module = [sys.executable, "-s", "-P", "-B", "-m", __name__]
        done = subprocess.run(
            ["/bin/sh", "-c", _DETACH, "sh", *module, str(door), json.dumps(order)],
            check=False,
            stdin=listener.fileno(),
            env=environment | {"LOG": str(log_of(door))},
            cwd="/",
            start_new_session=True,  # Ctrl-C ends the run, which then gives its lease back
        )
        if done.returncode:
            raise AutograderError(f"the warm server did not start: its shell ended (got {done.returncode})")
        connection = connect(door)
    assert connection is not None  # we have listened until here
    return connection


def _answer(connection: socket.socket, log: Path) -> dict[str, Any]:
    """What the holder says once its server is warm.  Raises what the start raised."""
    connection.settimeout(START_SECONDS + 30)
    line = b""
    with contextlib.suppress(OSError):
        while not line.endswith(b"\n"):
            piece = connection.recv(ANSWER_BYTES)
            if not piece:
                break
            line += piece
    if not line.endswith(b"\n"):
        said = []
        with contextlib.suppress(OSError):  # whoever was ended this early has not even begun a log
            said = log.read_text(errors="replace").strip().splitlines()
        raise AutograderError(f"the warm server did not start: {said[-1] if said else 'it said nothing'}")
    answer: dict[str, Any] = json.loads(line)
    if "failed" in answer:
        raise (IsolationError if answer["isolation"] else AutograderError)(answer["failed"])
    return answer


# ------------------------------------------------------------------------------------------ the holder


def main() -> None:
    """Hold a warm server for whoever connects to the listening socket at descriptor 0."""
    door, order = Path(sys.argv[1]), json.loads(sys.argv[2])
    listener = socket.socket(fileno=os.dup(0))
    try:
        hidden = [Path(path) for path in order["hidden"]]
        server = WarmServer.start(order["warm"], level=order["level"], hidden=hidden)
    except AutograderError as error:
        answer: dict[str, Any] = {"failed": str(error), "isolation": isinstance(error, IsolationError)}
        _end(door, listener, answer)
        return
    with server:
        answer = {
            "address": str(server.address),
            "isolation": server.isolation,
            "refusals": dict(server.refusals),
            "pid": server.pid,
        }
        clients = _hold(door, listener, server.pid, answer, order["idle"])
    for client in clients:  # only now: a client that waits for the end has seen it
        client.close()


def _hold(
    door: Path, listener: socket.socket, server: int, answer: Mapping[str, Any], idle: float
) -> list[socket.socket]:
    """Answer every client until the server dies or is not needed; the clients that wait for the end."""
    clients: dict[int, socket.socket] = {}
    poller = select.poll()
    poller.register(listener, select.POLLIN)
    watched = os.pidfd_open(server)
    poller.register(watched, select.POLLIN)
    line = json.dumps(answer).encode() + b"\n"
    while True:
        events = dict(poller.poll(None if clients else idle * 1000))
        if watched in events:  # killed from outside: who comes next starts another
            _end(door, listener, {"failed": "the warm server was ended from outside", "isolation": False})
            return list(clients.values())
        if listener.fileno() in events:
            client, _ = listener.accept()
            clients[client.fileno()] = client
            poller.register(client, select.POLLIN | select.POLLHUP)
            with contextlib.suppress(OSError):
                client.sendall(line)
        gone = [clients.pop(number) for number in events if number in clients]
        for client in gone:
            poller.unregister(client)
        if not clients and (idle <= 0 or not events) and _try_to_end(door, listener):
            return gone
        for client in gone:
            client.close()


def _try_to_end(door: Path, listener: socket.socket) -> bool:
    """Vanish, unless somebody has just come or is about to."""
    try:
        with locked(door, wait=False):
            if select.select([listener], [], [], 0)[0]:
                return False
            listener.close()
            remove(door)
            return True
    except BlockingIOError:
        return False


def _end(door: Path, listener: socket.socket, answer: Mapping[str, Any]) -> None:
    """Vanish, and tell everybody who waits at the door why there is no server."""
    with locked(door):
        remove(door)
    while select.select([listener], [], [], 0)[0]:
        client, _ = listener.accept()
        with client, contextlib.suppress(OSError):
            client.sendall(json.dumps(answer).encode() + b"\n")
    listener.close()


if __name__ == "__main__":
    main()
