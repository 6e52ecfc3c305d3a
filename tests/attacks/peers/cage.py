"""A cage for graders that keep nothing in: no network, one writable folder, bounded time and memory.

It protects the machine on which the table is made; it is no part of any grader, and gives none an advantage
but that what would leave the cage is not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
INSIDE = "/grading"
BOUNDS = (
    "prlimit",
    "--nproc=600",
    f"--as={4 * 2**30}",
    f"--fsize={200 * 2**20}",
    "--core=0",
    "--nofile=1024",
)
# the command, then how many processes it left, then time for those that wait until grading is over
_SCRIPT = """\
"$@" > /grading/log 2>&1 < /dev/null
sleep 0.3
left=0
for place in /proc/[0-9]*; do left=$((left + 1)); done
[ "$left" -gt {own} ] && sleep 6
echo "left $((left - {own}))"
"""


@dataclass(frozen=True)
class Ran:
    """How a command in the cage went: whether it ended by itself, what it left alive, wall seconds."""

    ended: bool
    left_alive: int
    seconds: float


def run(command: Sequence[str], work: Path, environment: Path, seconds: float) -> Ran:
    """Run ``command`` with ``work`` as /grading; ``environment`` is the grader's own, readable there."""
    started = time.monotonic()
    root = os.getuid() == 0
    words = [shutil.which("bwrap") or "bwrap", *_walls(work, environment, root=root), "--"]
    if root:
        words += [
            "setpriv",
            f"--reuid={NOBODY}",
            f"--regid={NOBODY}",
            "--clear-groups",
            "--bounding-set=-all",
        ]
        words += ["--inh-caps=-all", "--no-new-privs"]
        subprocess.run(["chown", "-R", "-h", f"{NOBODY}:{NOBODY}", str(work)], check=True)
    # process 1 is bubblewrap's own, and there is the shell
    script = _SCRIPT.format(own=2)
    words += [*BOUNDS, "/bin/sh", "-c", script, "sh", *command]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        said, _ = process.communicate(timeout=seconds)
        ended = True
    except subprocess.TimeoutExpired:
        process.kill()  # what lives in its namespace ends with it
        said, _ = process.communicate()
        ended = False
    words_said = said.split()
    left = int(words_said[-1]) if len(words_said) > 1 and words_said[-1].lstrip("-").isdigit() else 0
    return Ran(ended, max(0, left), time.monotonic() - started)


def _walls(work: Path, environment: Path, *, root: bool) -> list[str]:
    own = [
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--die-with-parent",
        "--new-session",
    ]
    own += ["--clearenv", "--setenv", "HOME", INSIDE, "--setenv", "LANG", "C.UTF-8"]
    own += ["--setenv", "PATH", f"{environment / 'bin'}:/usr/bin:/bin", "--setenv", "BOMB_PROCS", "1000"]
    own += [
        "--setenv",
        "BOMB_THREADS",
        "1000",
        "--setenv",
        "BOMB_FILES",
        "20000",
        "--setenv",
        "BOMB_MB",
        "8192",
    ]
    own += ["--dev", "/dev", "--proc", "/proc", "--perms", "0755", "--dir", "/etc"]
    for name in (
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib64",
        "/etc/ld.so.cache",
        "/etc/alternatives",
        "/etc/hosts",
        "/etc/nsswitch.conf",
        "/etc/passwd",
    ):
        if Path(name).is_symlink():
            own += ["--symlink", str(Path(name).readlink()), name]
        elif Path(name).exists():
            own += ["--ro-bind", name, name]
    python = os.path.realpath(sys.base_prefix)
    for place in dict.fromkeys((python, str(environment))):
        for parent in reversed(Path(place).parents[:-1]):
            if not str(parent).startswith("/usr"):
                own += ["--perms", "0755", "--dir", str(parent)]
    for place in dict.fromkeys((python, str(environment))):
        own += ["--ro-bind", place, place]
    own += ["--perms", "1777", "--size", str(256 * 2**20), "--tmpfs", "/tmp", "--bind", str(work), INSIDE]
    own += ["--chdir", INSIDE]
    if not root:
        return [*own, "--unshare-user"]
    return [*own, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
            "--cap-add", "CAP_SETPCAP"]  # fmt: skip
