"""The self-test of a server: a worker of it really tries to get out, and is watched from outside.

Trusted, and never staged.  The level in force is what this shows, not what was asked for.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import IsolationError
from autograder.wire.channel import Message
from autograder.worker.folders import VanishingFolder
from autograder.worker.hiring import hire

SECONDS = 20.0
NAMED = 3
"""How many ways out a sentence names."""
_ESCAPES = Path(__file__).with_name("escapes.py")
_FILES_OF_A_FOLDER = 20
_VICTIM = ("/bin/sh", "-c", "read -r _")  # ends when our end of its standard input closes


@dataclass(frozen=True)
class Outside:
    """What lies outside of a worker to be reached for, and our own ends of it."""

    targets: dict[str, Any]
    canary: Path
    listeners: tuple[socket.socket, ...]
    victim: subprocess.Popen[bytes]


def examine(address: Path, user: int | None = None, hidden: Sequence[Path] = ()) -> None:
    """Let a worker of the server at ``address`` try every way out.

    Args:
        address: of a warm server.
        user: whose processes the workers are; None for ours.
        hidden: folders whose files must not be readable.
    Raises:
        IsolationError: it got out, and how.
        WorkerLost: no worker began.
    """
    with _outside(user, hidden) as outside:
        escaped = _attempts(address, outside.targets) + _seen(outside)
    if escaped:
        raise IsolationError(f"in the self-test a worker could {' and '.join(escaped[:NAMED])}")


def _attempts(address: Path, targets: dict[str, Any]) -> list[str]:
    source = f"TARGETS = {targets!r}\n{_ESCAPES.read_text(encoding='utf-8')}"
    question = {"ask": "run_cell", "name": "escapes", "source": source, "seconds": SECONDS}
    with hire(address) as worker:
        reply = worker.ask(question, _refuse, SECONDS + 5)
    printed = "".join(item["text"] for item in reply["outputs"] if item["output_type"] == "stream")
    if reply["outcome"] != "ok" or not printed:
        raise IsolationError(f"the self-test did not come to its end: {json.dumps(reply['error'])[:300]}")
    found: list[str] = json.loads(printed.splitlines()[-1])
    return found


def _seen(outside: Outside) -> list[str]:
    """What shows on our side, whatever the worker says."""
    seen = []
    if outside.victim.poll() is not None:
        seen.append("end another process")
    if outside.canary.read_text() != "canary":
        seen.append("change a file outside")
    for listener in outside.listeners:
        with contextlib.suppress(BlockingIOError):
            listener.recv(1) if listener.type == socket.SOCK_DGRAM else listener.accept()[0].close()
            seen.append("reach a socket outside")
    return seen


@contextlib.contextmanager
def _outside(user: int | None, hidden: Sequence[Path]) -> Iterator[Outside]:
    """Everything at hand for whoever is not walled in: files for all to read and write, open doors."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(VanishingFolder()).path
        folder.chmod(0o777)
        canary = folder / "canary"
        canary.write_text("canary")
        canary.chmod(0o666)
        abstract = b"\0" + secrets.token_hex(8).encode() if sys.platform == "linux" else None
        tcp = _bound(stack, socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        udp = _bound(stack, socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        named = _bound(stack, socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "socket"))
        datagram = _bound(stack, socket.AF_UNIX, socket.SOCK_DGRAM, str(folder / "datagram"))
        nameless = _bound(stack, socket.AF_UNIX, socket.SOCK_STREAM, abstract)
        for name in ("socket", "datagram"):
            (folder / name).chmod(0o777)
        victim = stack.enter_context(
            subprocess.Popen(
                _VICTIM, stdin=subprocess.PIPE, user=user, group=user, cwd="/", start_new_session=True
            )
        )
        targets = {
            "files": [str(canary), *(str(path) for place in hidden for path in _some_files(place))],
            "writable": [str(canary)],
            "folder": str(folder),
            "folders": [str(folder), "/", "/var/tmp", "/usr", sys.prefix, sys.base_prefix, "/dev", ".."],
            "tcp": tcp.getsockname()[1],
            "udp": udp.getsockname()[1],
            "abstract": abstract,
            "socket": str(folder / "socket"),
            "datagram": str(folder / "datagram"),
            "victim": victim.pid,
        }
        yield Outside(targets, canary, (tcp, udp, named, datagram, nameless), victim)


def _bound(stack: contextlib.ExitStack, family: int, kind: int, address: Any) -> socket.socket:
    listener = stack.enter_context(socket.socket(family, kind))
    listener.bind(address)
    listener.setblocking(False)
    if kind == socket.SOCK_STREAM:
        listener.listen(8)
    return listener


def _some_files(folder: Path) -> list[Path]:
    """A few regular files directly in a folder: enough to see whether it can be seen."""
    with contextlib.suppress(OSError):
        found = [Path(entry) for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
        return sorted(found)[:_FILES_OF_A_FOLDER]
    return []


def _refuse(_question: Message) -> Message:
    return {"outcome": "raised", "type": "RuntimeError", "message": "nothing to call"}
