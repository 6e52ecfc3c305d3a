"""What a grading run may not leave behind, and where nothing may arrive: taken before, compared after."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue")
PATIENCE_SECONDS = 10.0
OTHER_RUN_SECONDS = 600.0
SYSTEM_V_KEY = "4242"
TRACES = ("leaked.txt", "answer", "pickled", "written", "usercustomize.py", "fill", "x")


@dataclass(frozen=True)
class Trace:
    """The machine as this test sees it: its mounts, shared memory, and files that a case would leave."""

    mounts: str
    shared_memory: str
    files: frozenset[str]
    own_processes: frozenset[tuple[int, str]]


def trace(*, patient: bool = False) -> Trace:
    """The machine now; ``patient`` gives what is just ending a few seconds for it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while patient and own_processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    found = {str(Path(folder) / name) for folder in SHARED for name in TRACES}
    return Trace(
        Path("/proc/self/mountinfo").read_text(),
        _keys_of_the_cases(),
        frozenset(name for name in found if Path(name).exists()),
        own_processes(),
    )


def _keys_of_the_cases() -> str:
    """What the system has under the key that a case uses; others may have keys of their own."""
    lines = [
        line
        for kind in ("shm", "sem", "msg")
        for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()
        if line.split()[0] == SYSTEM_V_KEY
    ]
    return "\n".join(lines)


def own_processes() -> frozenset[tuple[int, str]]:
    """Everything that this process started and that lives, orphans too (after ``adopt_orphans``)."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            command = " ".join(child.cmdline())
            if child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in command:
                found.add((child.pid, command))
    return frozenset(found)


def fingerprints(folder: Path) -> dict[str, str]:
    """What lies below a folder: kind, rights and content of each thing; links are not followed."""
    found = {}
    for place, names, files in os.walk(folder):
        for name in (*names, *files):
            path = Path(place) / name
            status = path.lstat()
            content = ""
            if path.is_symlink():
                content = str(path.readlink())
            elif path.is_file() and status.st_size < 2**30:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(folder))] = f"{status.st_mode:o} {status.st_size} {content}"
    return found


@dataclass
class Ears:
    """Listeners on the host: what reaches one of them has got out."""

    heard: list[str] = field(default_factory=list)


@contextlib.contextmanager
def ears(folder: Path) -> Iterator[Ears]:
    """Listen on UDP and TCP port 9998, on abstract names, and on a path that everybody may connect to."""
    places = (
        ("udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 9998)),
        ("tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 9998)),
        ("abstract", socket.AF_UNIX, socket.SOCK_STREAM, "\0exfil"),
        ("abstract datagram", socket.AF_UNIX, socket.SOCK_DGRAM, "\0exfil-datagram"),
        ("path", socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "ear")),
    )
    found = Ears()
    with contextlib.ExitStack() as stack:
        listening = {}
        for name, family, kind, address in places:
            listener = stack.enter_context(socket.socket(family, kind))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            _bind(listener, address)
            if kind == socket.SOCK_STREAM:
                listener.listen(8)
            listening[name] = listener
        (folder / "ear").chmod(0o777)
        yield found
        for name, listener in listening.items():
            listener.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                if listener.type == socket.SOCK_STREAM:
                    listener.accept()[0].close()
                else:
                    listener.recv(1)
                found.heard.append(name)


def _bind(listener: socket.socket, address: object) -> None:
    """Bind; another run of these tests on this machine may have the address for a while."""
    deadline = time.monotonic() + OTHER_RUN_SECONDS
    while True:
        try:
            return listener.bind(address)  # type: ignore[arg-type]
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise
            time.sleep(0.5)
