"""System calls that Python has no names for.  A refusal is an OSError that says what was tried."""

from __future__ import annotations

import ctypes
import os
from typing import Any

SET_DEATH_SIGNAL, SET_DUMPABLE, SET_SECCOMP, DROP_BOUND, SET_SUBREAPER = 1, 4, 22, 24, 36
SET_NO_NEW_PRIVILEGES = 38
NEW_MOUNT, NEW_UTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET = (
    0x00020000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
NO_SUID, NO_DEVICES, NO_PROGRAMS = 2, 4, 8
_RECURSIVE_PRIVATE = 0x4000 | 0x40000
_BIND_ALL = 0x1000 | 0x4000
_MOUNT_SETATTR, _RECURSIVE, _ATTR_READ_ONLY, _ATTR_NO_SUID = 442, 0x8000, 1, 2
_CAPABILITY_VERSION, _CAPABILITIES = 0x20080522, 64
_libc: list[Any] = []


def libc() -> Any:
    """The C library of this process, opened at the first use."""
    if not _libc:
        _libc.append(ctypes.CDLL(None, use_errno=True))
    return _libc[0]


def check(what: str, result: int) -> int:
    """The result of a call.  Raises OSError, its text starting with ``what``, when it is negative."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def system_call(what: str, number: int, *arguments: object) -> int:
    """Call the kernel by number; integers are passed as long, bytes and None as pointers."""
    passed = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    return check(what, int(libc().syscall(ctypes.c_long(number), *passed)))


def prctl(what: str, option: int, value: int, third: Any = 0) -> None:
    last = third if not isinstance(third, int) else ctypes.c_ulong(third)
    words = [ctypes.c_ulong(value), last, ctypes.c_ulong(0), ctypes.c_ulong(0)]
    check(what, libc().prctl(ctypes.c_int(option), *words))


def unshare(flags: int) -> None:
    check("new namespaces", libc().unshare(ctypes.c_int(flags)))


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mount a new file system of ``kind`` at ``target``."""
    words = (kind.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode() or None)
    check(f"mount {kind} at {target}", libc().mount(*words))


def bind(source: int, target: str) -> None:
    """Mount the folder or file open at ``source``, with all that is mounted below it, at ``target`` too."""
    words = (f"/proc/self/fd/{source}".encode(), target.encode(), None, ctypes.c_ulong(_BIND_ALL), None)
    check(f"mount {target} again", libc().mount(*words))


def make_mounts_private() -> None:
    """No mount made from here on is seen in another mount namespace."""
    flags = ctypes.c_ulong(_RECURSIVE_PRIVATE)
    check("make the mounts private", libc().mount(None, b"/", None, flags, None))


def make_mounts_read_only() -> None:
    """Everything that is mounted now can only be read (a device can still be written to)."""
    attributes = (_ATTR_READ_ONLY | _ATTR_NO_SUID).to_bytes(8, "little") + bytes(24)
    system_call("make the mounts read-only", _MOUNT_SETATTR, -100, b"/", _RECURSIVE, attributes, 32)


def drop_capabilities() -> None:
    """Give up every capability, and the right to get one back by starting a program."""
    for number in range(_CAPABILITIES):
        # beyond the last one that the kernel knows this fails, and there is nothing to drop
        libc().prctl(
            DROP_BOUND, ctypes.c_ulong(number), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)
        )
    header = _CAPABILITY_VERSION.to_bytes(4, "little") + bytes(4)
    check("drop the capabilities", libc().capset(header, bytes(24)))
