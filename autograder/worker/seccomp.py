"""The filter of system calls: what a student's code may ask the kernel for.

A list of what is refused, and a number beyond which every call is unknown: what a newer kernel
brings is refused until it is looked at.  The table is written by hand for the two machines there are.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.worker import kernel

NEWEST = 452
"""The last number that is known here; up to it the two machines agree from 424 on."""
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SAME = {
    "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "clone3": 435, "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443,
    "memfd_secret": 447, "process_mrelease": 448,
}  # fmt: skip
_X86_64 = {
    "acct": 163, "add_key": 248, "adjtimex": 159, "bpf": 321, "chroot": 161, "clock_adjtime": 305,
    "clock_settime": 227, "clone": 56, "connect": 42, "delete_module": 176, "fanotify_init": 300,
    "finit_module": 313, "init_module": 175, "ioctl": 16, "ioperm": 173, "iopl": 172, "ioprio_set": 251,
    "kcmp": 312, "kexec_file_load": 320, "kexec_load": 246, "keyctl": 250, "kill": 62,
    "lookup_dcookie": 212, "memfd_create": 319, "migrate_pages": 256, "modify_ldt": 154, "mount": 165,
    "move_pages": 279,
    "mq_open": 240, "msgget": 68, "name_to_handle_at": 303, "nfsservctl": 180, "open_by_handle_at": 304,
    "perf_event_open": 298, "personality": 135, "pivot_root": 155, "prlimit64": 302,
    "process_vm_readv": 310, "process_vm_writev": 311, "ptrace": 101, "quotactl": 179, "reboot": 169,
    "request_key": 249, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "sched_setaffinity": 203,
    "sched_setattr": 314, "sched_setparam": 142, "sched_setscheduler": 144, "semget": 64,
    "setdomainname": 171, "sethostname": 170, "setns": 308, "setpriority": 141, "settimeofday": 164,
    "shmget": 29, "socket": 41, "socketpair": 53, "swapoff": 168, "swapon": 167, "sysfs": 139,
    "syslog": 103, "tgkill": 234, "tkill": 200, "umount2": 166, "unshare": 272, "userfaultfd": 323,
    "uselib": 134, "ustat": 136, "vhangup": 153,
}  # fmt: skip
_AARCH64 = {
    "acct": 89, "add_key": 217, "adjtimex": 171, "bpf": 280, "chroot": 51, "clock_adjtime": 266,
    "clock_settime": 112, "clone": 220, "connect": 203, "delete_module": 106, "fanotify_init": 262,
    "finit_module": 273, "init_module": 105, "ioctl": 29, "ioprio_set": 30, "kcmp": 272,
    "kexec_file_load": 294, "kexec_load": 104, "keyctl": 219, "kill": 129, "lookup_dcookie": 18,
    "memfd_create": 279, "migrate_pages": 238, "mount": 40, "move_pages": 239, "mq_open": 180, "msgget": 186,
    "name_to_handle_at": 264, "nfsservctl": 42, "open_by_handle_at": 265, "perf_event_open": 241,
    "personality": 92, "pivot_root": 41, "prlimit64": 261, "process_vm_readv": 270,
    "process_vm_writev": 271, "ptrace": 117, "quotactl": 60, "reboot": 142, "request_key": 218,
    "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240, "sched_setaffinity": 122, "sched_setattr": 274,
    "sched_setparam": 118, "sched_setscheduler": 119, "semget": 190, "setdomainname": 162,
    "sethostname": 161, "setns": 268, "setpriority": 140, "settimeofday": 170, "shmget": 194,
    "socket": 198, "socketpair": 199, "swapoff": 225, "swapon": 224, "syslog": 116, "tgkill": 131,
    "tkill": 130, "umount2": 39, "unshare": 97, "userfaultfd": 282, "vhangup": 58,
}  # fmt: skip
NUMBERS = {"x86_64": _X86_64 | _SAME, "aarch64": _AARCH64 | _SAME}

_REFUSED_NAMES = """
mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr setns
unshare ptrace process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_getfd kcmp
bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register memfd_secret
add_key request_key keyctl open_by_handle_at name_to_handle_at fanotify_init lookup_dcookie
init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl
quotactl_fd nfsservctl syslog sethostname setdomainname settimeofday clock_settime clock_adjtime adjtimex
ioperm iopl modify_ldt personality uselib ustat sysfs vhangup migrate_pages move_pages
shmget semget msgget mq_open
"""
_NEW_NAMESPACES = 0x7E020000
_UNIX, _STREAM, _SEQPACKET = 1, 1, 5
_PUSH_INPUT, _PASTE = 0x5412, 0x541C  # TIOCSTI, TIOCLINUX: type into somebody's terminal

_LOAD, _AND, _JUMP_EQUAL, _JUMP_ABOVE, _RETURN = 0x20, 0x54, 0x15, 0x25, 0x06
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_ALL_BITS = 0xFFFFFFFF


@dataclass(frozen=True)
class Rule:
    """Refuse the call ``name`` with an errno; with ``values``, only when the argument's masked bits are
    among them, or, with ``unless``, when they are not.
    """

    name: str
    number: int = errno.EPERM
    argument: int = 0
    mask: int = _ALL_BITS
    values: tuple[int, ...] = ()
    unless: bool = False


def rules(*, private: bool, signals_only_to: int | None = None) -> list[Rule]:
    """What is refused; ``private`` where namespaces cut off other processes and sockets.

    ``signals_only_to`` is the one process that may be signalled, where nothing else bounds signals.
    """
    listed = [Rule(name) for name in _REFUSED_NAMES.split()]
    listed += [
        # such a file's memory belongs to no process and no folder: nothing would bound it
        Rule("memfd_create", errno.ENOSYS),
        # glibc falls back to clone, whose flags can be looked at
        Rule("clone3", errno.ENOSYS),
        Rule("clone", mask=_NEW_NAMESPACES, values=(0,), unless=True),
        Rule("ioctl", argument=1, values=(_PUSH_INPUT, _PASTE)),
    ]
    if private:
        return [*listed, Rule("socket", errno.EAFNOSUPPORT, values=(_UNIX,), unless=True)]
    # a datagram socket of a pair could still send to any name, and the host's sockets are in reach
    kinds = Rule("socketpair", argument=1, mask=0xF, values=(_STREAM, _SEQPACKET), unless=True)
    listed += [Rule("socket", errno.EACCES), Rule("connect", errno.EACCES), kinds]
    # 0 is the caller itself; another process of the same user would obey as well
    for name in ("prlimit64", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler"):
        listed.append(Rule(name, values=(0,), unless=True))
    for name in ("setpriority", "ioprio_set"):
        listed.append(Rule(name, argument=1, values=(0,), unless=True))
    if signals_only_to is not None:
        for name in ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
            listed.append(Rule(name, values=(signals_only_to,), unless=True))
        listed += [Rule("tkill"), Rule("pidfd_send_signal")]
    return listed


def program(machine: str, refused: Sequence[Rule]) -> bytes:
    """The filter for the kernel: 8 bytes per instruction."""
    numbers = NUMBERS[machine]
    steps = [
        _step(_LOAD, 4),
        _step(_JUMP_EQUAL, ARCHITECTURES[machine], 1, 0),
        _step(_RETURN, _KILL),  # a call in the convention of another machine
        _step(_LOAD, 0),
        _step(_JUMP_ABOVE, NEWEST, 0, 1),
        _step(_RETURN, _FAIL | errno.ENOSYS),
    ]
    for rule in refused:
        if rule.name in numbers:
            body = _body(rule)
            steps += [_step(_JUMP_EQUAL, numbers[rule.name], 0, len(body)), *body]
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def load(code: bytes) -> None:
    """Filter this thread and whatever it starts, for good.  Raises OSError where there is no seccomp."""
    buffer = ctypes.create_string_buffer(code, len(code))
    described = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    kernel.prctl("give up new privileges", kernel.SET_NO_NEW_PRIVILEGES, 1)
    kernel.prctl("filter system calls", kernel.SET_SECCOMP, 2, ctypes.create_string_buffer(described))


def known_machine() -> bool:
    return platform.machine() in NUMBERS


def _body(rule: Rule) -> list[bytes]:
    """The instructions for a call that ``rule`` names; they end with the call's number loaded again."""
    fail = _step(_RETURN, _FAIL | rule.number)
    if not rule.values:
        return [fail]
    look = [_step(_LOAD, 16 + 8 * rule.argument)]  # the lower half: both machines are little-endian
    if rule.mask != _ALL_BITS:
        look.append(_step(_AND, rule.mask))
    count = len(rule.values)
    for place, value in enumerate(rule.values):
        after = count - 1 - place  # comparisons that are left
        if rule.unless:
            look.append(_step(_JUMP_EQUAL, value, after + 1, 0))
        else:
            look.append(_step(_JUMP_EQUAL, value, after, 1 if after == 0 else 0))
    return [*look, fail, _step(_LOAD, 0)]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)
