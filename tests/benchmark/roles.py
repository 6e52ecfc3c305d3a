"""Which process is what while a grader runs: its memory (PSS) and its CPU seconds, by role."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

EVERY_SECONDS = 0.25
WORKER, SERVER, JUDGE, ENGINE = "worker", "server and keepers", "judge", "command itself and the rest"


@dataclass
class Roles:
    """What was seen so far: the largest worker, the largest sum of all, CPU seconds by role."""

    largest_worker: int = 0
    largest_sum: int = 0
    _cpu: dict[tuple[int, float], tuple[str, float]] = field(default_factory=dict)
    _next: float = 0.0

    def look(self, seconds: float, pids: Sequence[int]) -> bool:
        """Look at the processes, four times a second; for ``measure``'s watch."""
        if seconds < self._next:
            return False
        self._next = seconds + EVERY_SECONDS
        found = {}
        for pid in pids:
            with contextlib.suppress(psutil.NoSuchProcess, OSError):
                process = psutil.Process(pid)
                found[pid] = (process, " ".join(process.cmdline()), process.ppid())
        memory: dict[str, list[int]] = defaultdict(list)
        for pid, (process, _, _) in found.items():
            with contextlib.suppress(psutil.NoSuchProcess, OSError):
                role = role_of(pid, {other: (line, parent) for other, (_, line, parent) in found.items()})
                used = process.cpu_times()
                self._cpu[pid, process.create_time()] = (role, used.user + used.system)
                memory[role].append(proportional_set_size(pid))
        self.largest_worker = max([self.largest_worker, *memory[WORKER]])
        self.largest_sum = max(self.largest_sum, sum(map(sum, memory.values())))
        return False

    def cpu(self) -> dict[str, float]:
        """CPU seconds by role, as far as they were seen."""
        found: dict[str, float] = defaultdict(float)
        for role, seconds in self._cpu.values():
            found[role] += seconds
        return dict(found)


def role_of(pid: int, processes: dict[int, tuple[str, int]]) -> str:
    """The role of a process among ``processes``: its command line and parent by process id.

    A worker of the kit is the last in a row of forks: server, keeper, process 1 of its namespaces, worker.
    """
    line, parent = processes[pid]
    if "ipykernel" in line:
        return WORKER
    if "worker/server.py" in line:
        forks = {other for other, (text, _) in processes.items() if "worker/server.py" in text}
        above = parent
        depth = 0
        while above in forks and "bwrap" not in processes[above][0].split(" ")[0]:
            depth, above = depth + 1, processes[above][1]
        has_children = any(up == pid for _, up in processes.values())
        return WORKER if depth >= 2 and not has_children else SERVER
    if "multiprocessing" in line:
        return JUDGE
    return SERVER if "worker.sharing" in line else ENGINE


def proportional_set_size(pid: int) -> int:
    """PSS in bytes: own pages, and of each shared page its part."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
