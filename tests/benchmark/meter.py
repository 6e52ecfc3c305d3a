"""What a command costs: seconds by the clock, CPU seconds of all that it started, and memory by process.

CPU time is the kernel's own account of a control group, exact whoever reaps whom; where none can be made, the
processes below are looked at twenty times a second, and their last moments are missed.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psutil

from autograder.commands.accounting import adopt_orphans

POLL_MS = 50
END_SECONDS = 20.0
_JOIN = 'echo $$ > "$0" && exec "$@"'


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of all processors; ``ended`` is False for a command that was killed."""

    wall: float
    cpu: float
    ended: bool = True


class CommandFailed(Exception):
    """A grader's command ended with an error; the text is the end of what it said."""


@dataclass
class ControlGroup:
    """A control group of this run; ``usage`` is the file with its account, in ``unit`` seconds."""

    folder: Path
    usage: str
    unit: float
    how: ClassVar[str] = "by the kernel's account of a control group"

    def seconds(self) -> float:
        text = (self.folder / self.usage).read_text().split()
        return int(text[1] if text[0] == "usage_usec" else text[0]) * self.unit

    def pids(self) -> list[int]:
        return [int(word) for word in (self.folder / "cgroup.procs").read_text().split()]

    def command(self, argv: Sequence[str]) -> list[str]:
        return ["/bin/sh", "-c", _JOIN, str(self.folder / "cgroup.procs"), *argv]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.folder.rmdir()


class Sampled:
    """The same from what is seen of the processes below this one."""

    how: ClassVar[str] = "as seen twenty times a second, so the last moments of each are missed"

    def __init__(self) -> None:
        adopt_orphans()
        self._seen: dict[tuple[int, float], float] = {}

    def seconds(self) -> float:
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                used = process.cpu_times()
                self._seen[process.pid, process.create_time()] = used.user + used.system
        return sum(self._seen.values())

    def pids(self) -> list[int]:
        living = []
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if process.status() != psutil.STATUS_ZOMBIE:
                    living.append(process.pid)
        return living

    def command(self, argv: Sequence[str]) -> list[str]:
        return list(argv)

    def close(self) -> None:
        """Nothing is left to remove."""


def account() -> ControlGroup | Sampled:
    """A new account: a control group where this user may make one."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, place, kind, options, *_ = line.split()
        usage = "cpu.stat" if kind == "cgroup2" else "cpuacct.usage"
        if kind == "cgroup2" or (kind == "cgroup" and "cpuacct" in options.split(",")):
            folder = Path(place) / f"benchmark-{os.getpid()}-{time.monotonic_ns()}"
            with contextlib.suppress(OSError):
                folder.mkdir()
                return ControlGroup(folder, usage, 1e-6 if kind == "cgroup2" else 1e-9)
    return Sampled()


def measure(
    argv: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    *,
    watch: Callable[[float, Sequence[int]], bool] | None = None,
    log: Path | None = None,
) -> Cost:
    """Run a command to the end of all that it started.

    Args:
        argv, cwd, environment: the command.
        watch: called every 50 ms with the seconds so far and the processes; True kills the command.
        log: where its output goes.
    Raises:
        CommandFailed: it ended with an error by itself.
    """
    group = account()
    said = log or cwd / "benchmark.log"
    try:
        started = time.monotonic()
        with said.open("wb") as file:
            process = subprocess.Popen(
                group.command(argv), cwd=cwd, env=dict(environment), stdout=file, stderr=subprocess.STDOUT
            )
        killed = False
        for _ in _until_end(process):
            group.seconds()  # where processes are looked at, it has to be while they live
            if watch is not None and watch(time.monotonic() - started, group.pids()):
                killed = True
                process.kill()
                break
        process.wait()
        wall = time.monotonic() - started
        _wait_for_others(group)
        if process.returncode and not killed:
            raise CommandFailed(f"{' '.join(argv)} (got {process.returncode}): {_end_of(said)}")
        return Cost(wall, group.seconds(), not killed)
    finally:
        group.close()


def _until_end(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """A step every 50 ms while the process lives, and none after its end."""
    descriptor = os.pidfd_open(process.pid)
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    try:
        while not poller.poll(POLL_MS):
            yield
    finally:
        os.close(descriptor)


def _wait_for_others(group: ControlGroup | Sampled) -> None:
    deadline = time.monotonic() + END_SECONDS
    while group.pids() and time.monotonic() < deadline:
        group.seconds()
        time.sleep(0.05)


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-1500:]
