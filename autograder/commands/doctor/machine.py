"""What the doctor sees of the machine: disk, memory, limits, shared memory, encoding, processor."""

from __future__ import annotations

import locale
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psutil

from autograder.commands.doctor.finding import Finding, State

GIB = 2**30
SOCKET_PATH_LIMIT = 70
"""Characters of a temporary folder that leave room for a socket's name: Linux stops at 107."""
LEAST = {
    "open files": (resource.RLIMIT_NOFILE, 1024, "ulimit -n 4096"),
    "processes": (resource.RLIMIT_NPROC, 1024, "ulimit -u 4096"),
    "address space": (resource.RLIMIT_AS, 16 * GIB, "ulimit -v unlimited"),
    "file size": (resource.RLIMIT_FSIZE, GIB, "ulimit -f unlimited"),
}
"""Limits by name: which, the least that grading a class needs, the command that raises it."""


def examine_machine(place: Path) -> list[Finding]:
    """Findings about this machine, for a course on the disk of ``place``."""
    memory = psutil.virtual_memory()
    soft = {name: resource.getrlimit(number)[0] for name, (number, _, _) in LEAST.items()}
    return [
        disk(shutil.disk_usage(place).free),
        cores_and_memory(len(os.sched_getaffinity(0)), memory.available),
        limits(soft),
        shared_memory(Path("/dev/shm")),
        temporary_folder(Path(tempfile.gettempdir())),
        encoding(locale.getpreferredencoding(False), sys.getfilesystemencoding()),
        processor(Path("/proc/cpuinfo")),
    ]


def disk(free: int) -> Finding:
    """Whether ``free`` bytes hold a class: submissions, their graded copies, feedback, gradebook copies."""
    seen = f"{free / GIB:.1f} GiB free"
    remedy = "Free some space: a class of 200 takes about 2 GiB with its feedback."
    if free < GIB // 2:
        return Finding("disk", State.PROBLEM, seen, remedy)
    return Finding("disk", State.WARNING, seen, remedy) if free < 4 * GIB else Finding("disk", State.OK, seen)


def cores_and_memory(cores: int, available: int) -> Finding:
    """Whether there are about 1 GiB per judge and worker; each core runs one of both."""
    seen = f"{cores} cores, {available / GIB:.1f} GiB of memory available"
    if available < min(cores, 2) * GIB:
        return Finding("memory", State.PROBLEM, seen, "Close other programs, or grade with --jobs 1.")
    if available < cores * GIB:
        jobs = max(1, available // GIB)
        return Finding("memory", State.WARNING, seen, f"Grade with --jobs {jobs}: each takes about 1 GiB.")
    return Finding("memory", State.OK, seen)


def limits(soft: Mapping[str, int]) -> Finding:
    """Whether this shell's limits (ulimit), by name as in LEAST, leave room for grading."""
    low = {
        name: value
        for name, value in soft.items()
        if value != resource.RLIM_INFINITY and value < LEAST[name][1]
    }
    if not low:
        return Finding("limits", State.OK, "wide enough for a class")
    seen = ", ".join(f"{name} {value}" for name, value in low.items())
    remedy = f"Run before grading: {'; '.join(LEAST[name][2] for name in low)}."
    return Finding("limits", State.WARNING, seen, remedy)


def shared_memory(folder: Path) -> Finding:
    """Whether processes can share memory, which several judges at work need for their locks."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        remedy = "Mount it (containers: --shm-size=256m), or grade with --jobs 1."
        return Finding("shared memory", State.PROBLEM, f"no writable {folder}", remedy)
    free = shutil.disk_usage(folder).free
    seen = f"{free / 2**20:.0f} MiB free in {folder}"
    if free < 32 * 2**20:
        return Finding("shared memory", State.WARNING, seen, "Give it 64 MiB or more (--shm-size=256m).")
    return Finding("shared memory", State.OK, seen)


def temporary_folder(folder: Path) -> Finding:
    """Whether sockets can be made in ``folder``: their paths are short by law."""
    seen, length = str(folder), len(os.fsencode(folder))
    if not os.access(folder, os.W_OK):
        return Finding(
            "temporary folder", State.PROBLEM, f"{seen} is not writable", "Run: export TMPDIR=/tmp."
        )
    if length > SOCKET_PATH_LIMIT:
        remedy = "Run: export TMPDIR=/tmp (a socket's path may not be long)."
        return Finding("temporary folder", State.PROBLEM, f"{seen} ({length} characters)", remedy)
    return Finding("temporary folder", State.OK, seen)


def encoding(text: str, names: str) -> Finding:
    """Whether texts and file names are UTF-8; students' names and notebooks are."""
    seen = f"{text} for texts, {names} for file names"
    if {text.lower().replace("-", ""), names.lower().replace("-", "")} == {"utf8"}:
        return Finding("encoding", State.OK, seen)
    return Finding("encoding", State.PROBLEM, seen, "Run: export LC_ALL=C.UTF-8.")


def processor(cpuinfo: Path) -> Finding:
    """Whether the processor has AVX, without which TensorFlow's x86 build ends in an illegal instruction."""
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    flags = next((line.split() for line in text.splitlines() if line.startswith("flags")), None)
    if flags is None or "avx" in flags:  # only x86 has a line of flags
        return Finding("processor", State.OK, "fit for TensorFlow" if flags else "no x86 processor")
    remedy = "Use another machine, or a virtual machine that passes the processor's AVX on."
    return Finding("processor", State.PROBLEM, "no AVX instructions", remedy)
