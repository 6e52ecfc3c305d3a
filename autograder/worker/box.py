"""How the warm server is started at each isolation level: command lines and paths, no process.

Trusted, and never staged.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.worker.levels import PROCESS, RESTRICTED, SANDBOX
from autograder.worker.seccomp import known_machine
from autograder.worker.staging import KIT, library_folders

NOBODY = 65534
"""Who runs the students' code when root grades: root's rights would reach through the walls."""
SCRATCH = "/box"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
_KIT_INSIDE, _HOME_INSIDE = "/kit", "/warm"
_FIRST_RIGHTS = ("CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
# bubblewrap covers parts of the /proc that it mounts for root, and the kernel then refuses a worker its own
_MOUNT_PROC = ("/bin/sh", "-c", 'mount -t proc -o nosuid,nodev,noexec proc /proc && exec "$@"', "sh")
_SYSCTLS = {
    "kernel/unprivileged_userns_clone": ("0", "kernel.unprivileged_userns_clone=1"),
    "kernel/apparmor_restrict_unprivileged_userns": ("1", "kernel.apparmor_restrict_unprivileged_userns=0"),
    "user/max_user_namespaces": ("0", "user.max_user_namespaces=10000"),
}


@dataclass(frozen=True)
class Plan:
    """How to start a server: ``path`` and ``readable`` are as its workers see them.

    ``user`` is the id that the started process changes to, None for no change; ``scratch`` is the
    folder of every worker, "" where each gets one on the disk.
    """

    command: tuple[str, ...]
    home: Path
    path: tuple[str, ...]
    readable: tuple[str, ...]
    user: int | None = None
    scratch: str = ""


def plan(level: str, folder: Path, hidden: Sequence[Path] = ()) -> Plan:
    """The plan for a server whose files lie in ``folder`` (its kit and home, and etc for a sandbox).

    ``hidden`` are folders that no worker may see, wherever they lie.
    """
    if level == SANDBOX:
        libraries = library_folders()
        command = (*_bubblewrap(folder, _places(libraries), [*hidden, KIT]), *_python(Path(_KIT_INSIDE)))
        return Plan(command, Path(_HOME_INSIDE), (_KIT_INSIDE, *libraries), (), scratch=SCRATCH)
    kit, home = folder / "kit", folder / "home"
    libraries = library_folders()
    readable = (*_SYSTEM, *_SETTINGS, *map(str, _places(libraries)), str(kit), str(home))
    user = NOBODY if level == RESTRICTED and os.getuid() == 0 else None
    return Plan(tuple(_python(kit)), home, (str(kit), *libraries), readable, user=user)


def missing(level: str) -> str:
    """What this machine obviously lacks for ``level``, as a sentence that says what to do; "" for nothing."""
    if level == PROCESS:
        return ""
    if sys.platform != "linux" or not known_machine():
        return f"it needs Linux on x86_64 or aarch64 (got {sys.platform} on {os.uname().machine})"
    if level == SANDBOX:
        if shutil.which("bwrap") is None:
            return "bubblewrap is not installed: apt-get install bubblewrap"
        if os.getuid() == 0 and shutil.which("setpriv") is None:
            return "setpriv is not installed: apt-get install util-linux"
    return ""


def remedy(level: str, reason: str) -> str:
    """``reason`` with what would allow ``level`` here, where that can be known."""
    if level == SANDBOX and "namespace" in reason:
        for name, (closed, setting) in _SYSCTLS.items():
            path = Path("/proc/sys") / name
            if path.is_file() and path.read_text().strip() == closed:
                return f"{reason}; allow unprivileged user namespaces: sysctl -w {setting}"
        return (
            f"{reason}; unprivileged user namespaces must be allowed (in a container: by its seccomp profile)"
        )
    if level == RESTRICTED and os.getuid() == 0:
        return f"{reason}; grade as an ordinary user, or let others read {sys.prefix} and {sys.base_prefix}"
    return reason


def _python(kit: Path) -> list[str]:
    # -S: no .pth file is read (an editable install would put the course on the path);
    # -P, -s: neither the script's folder nor the user's packages are on it
    script = kit / "autograder" / "worker" / "server.py"
    return [sys.executable, "-s", "-S", "-P", "-B", str(script)]


def _places(libraries: Iterable[str]) -> list[Path]:
    """What the interpreter consists of: its folders, and each link on the way to it."""
    found = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    found += [os.path.realpath(sys.base_prefix), *libraries]
    link = sys.executable
    while Path(link).is_symlink():
        link = str(Path(link).parent / Path(link).readlink())
        found.append(link)
    return [Path(os.path.normpath(name)) for name in dict.fromkeys(found) if name != "/"]


def _bubblewrap(folder: Path, places: Sequence[Path], hidden: Sequence[Path]) -> list[str]:
    own = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    command = [shutil.which("bwrap") or "bwrap", *own, "--die-with-parent", "--new-session"]
    command += ["--hostname", "box", "--dev", "/dev"]
    binds = {Path(name): Path(name) for name in (*_SYSTEM, *_SETTINGS) if _is_real(Path(name))}
    binds |= {place: place for place in places}
    binds |= {Path("/etc") / name: folder / "etc" / name for name in ("passwd", "group")}
    binds[Path(_KIT_INSIDE)] = folder / "kit"
    command += _layers(binds, [path.resolve() for path in hidden])
    for name in _SYSTEM:
        if Path(name).is_symlink():
            command += ["--symlink", str(Path(name).readlink()), name]
    command += ["--perms", "1777", "--tmpfs", _HOME_INSIDE, "--perms", "0755", "--dir", SCRATCH]
    command += ["--chdir", _HOME_INSIDE]
    if os.getuid() != 0:
        command += ["--proc", "/proc", "--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]
        return [*command, "--"]
    command += ["--cap-drop", "ALL", "--dir", "/proc"]
    for right in _FIRST_RIGHTS:
        command += ["--cap-add", right]
    drop = ["--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--inh-caps=-all"]
    return [*command, "--", *_MOUNT_PROC, "setpriv", *drop, "--bounding-set=-all", "--no-new-privs"]


def _layers(binds: dict[Path, Path], hidden: Sequence[Path]) -> list[str]:
    """The mounts from the outermost folder inwards: a hidden folder covers, what is bound in it stays.

    So does an environment below /tmp: the box has a /tmp of its own, in which that alone is bound.
    """
    layers: dict[Path, list[str]] = {Path("/tmp"): ["--perms", "1777", "--tmpfs", "/tmp"]}
    # folders that bubblewrap makes on the way are closed to others, and root's workers are others
    for target in (*binds, Path(_HOME_INSIDE)):
        for parent in reversed(target.parents[:-1]):
            if not _below(parent, binds):
                layers.setdefault(parent, ["--perms", "0755", "--dir", str(parent)])
    covered = [path for path in hidden if _below(path, binds) and path not in binds]
    for path in covered:
        layers[path] = ["--perms", "0755", "--tmpfs", str(path)]
    for target, source in binds.items():
        around = [place for place in binds if place != target and target.is_relative_to(place)]
        nearest = max(around, key=lambda place: len(place.parts), default=None)
        between = [path for path in covered if nearest in path.parents and target.is_relative_to(path)]
        if nearest is None or between or source != target:
            layers[target] = ["--ro-bind", str(source), str(target)]
    ordered = sorted(layers, key=lambda path: len(path.parts))
    return [word for path in ordered for word in layers[path]]


def _below(path: Path, folders: Iterable[Path]) -> bool:
    """Whether ``path`` is one of ``folders`` or lies in one."""
    return any(path.is_relative_to(folder) for folder in folders)


def _is_real(path: Path) -> bool:
    return path.exists() and not (path.is_symlink() and str(path) in _SYSTEM)
