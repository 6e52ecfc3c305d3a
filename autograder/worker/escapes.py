"""Every way out that is tried: this file is run as a student's cell would be, and tells what succeeded.

It is text for ``selftest``, never imported: only the standard library, no name of the kit.
``TARGETS`` stands above it, and holds what lies outside.  Where a way is open, nothing is left changed
but what was put there for it.
"""

# ruff: noqa: F821, PTH108, PTH109, PTH118, PTH119, PTH123, PTH208 - TARGETS stands above; paths are texts here
# mypy: ignore-errors

import ctypes
import json
import os
import signal
import socket

MACHINE = os.uname().machine
NUMBERS = {  # unshare and the mounts go through the C library
    "x86_64": {"keyctl": 250, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323},
    "aarch64": {"keyctl": 219, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282},
}[MACHINE] | {"io_uring_setup": 425, "open_tree": 428, "fsopen": 430, "pidfd_getfd": 438}
FAMILIES = ("AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG")
LIBC = ctypes.CDLL(None, use_errno=True)
succeeded = []


def attempt(what, work):
    """Note ``what`` unless ``work`` raises OSError, or says False."""
    try:
        if work() is not False:
            succeeded.append(what)
    except OSError:
        pass


def read(path):
    with open(path, "rb") as file:
        file.read(1)


def write(path):
    with open(path, "ab") as file:
        file.write(b"x")


def create(folder):
    path = os.path.join(folder, "escaped")
    write(path)
    os.unlink(path)


def send(family, kind, address):
    with socket.socket(family, kind) as way:
        way.settimeout(1)
        way.connect(address)
        way.send(b"escaped")


def send_unconnected(address):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        ours.sendto(b"escaped", address)


def open_socket(family):
    socket.socket(family, socket.SOCK_RAW if family == "AF_PACKET" else socket.SOCK_DGRAM).close()


def alg_socket(family):
    socket.socket(family, socket.SOCK_SEQPACKET).close()


def called(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), "refused")


def signal_outside(pid):
    if pid in (1, os.getpid()):
        return False  # a number of ours: the victim cannot even be named
    os.kill(pid, signal.SIGKILL)
    return True


def others_in_proc():
    ours = {1, os.getpid(), os.getppid()} if os.getppid() <= 1 else {os.getpid()}
    return any(int(name) not in ours for name in os.listdir("/proc") if name.isdigit())


def mount_and_unmount():
    here = os.getcwd().encode()
    called(LIBC.mount(b"none", here, b"tmpfs", 0, None))
    LIBC.umount2(here, 2)


for path in TARGETS["files"]:
    attempt(f"read a file outside ({os.path.basename(path)})", lambda path=path: read(path))
for path in TARGETS["writable"]:
    attempt("write to a file outside", lambda path=path: write(path))
for path in TARGETS["folders"]:
    attempt("write into a folder outside", lambda path=path: create(path))
attempt("list a folder outside", lambda: os.listdir(TARGETS["folder"]))

attempt("connect over TCP", lambda: send(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", TARGETS["tcp"])))
attempt("send over UDP", lambda: send(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", TARGETS["udp"])))
for address in (TARGETS["abstract"], TARGETS["socket"]):
    attempt("reach a unix socket", lambda a=address: send(socket.AF_UNIX, socket.SOCK_STREAM, a))
attempt("reach a unix socket unconnected", lambda: send_unconnected(TARGETS["datagram"]))
for name in FAMILIES:
    if hasattr(socket, name):
        family = getattr(socket, name)
        make = alg_socket if name == "AF_ALG" else open_socket
        attempt(f"open a socket of {name}", lambda make=make, family=family: make(family))

victim = TARGETS["victim"]
attempt("signal another process", lambda: signal_outside(victim))
attempt("see other processes", others_in_proc)
for name in ("cmdline", "environ", "mem", "maps"):
    attempt(f"read another process ({name})", lambda name=name: read(f"/proc/{victim}/{name}"))
attempt("trace another process", lambda: called(LIBC.ptrace(0x4206, victim, None, None)))

attempt("mount", mount_and_unmount)
for flag in (0x10000000, 0x00020000, 0x20000000, 0x40000000):
    attempt("make a namespace", lambda flag=flag: called(LIBC.unshare(flag)))
for name, number in NUMBERS.items():
    attempt(f"call {name}", lambda number=number: called(LIBC.syscall(number, 0, 0, 0, 0, 0)))
attempt("change the root", lambda: os.chroot("."))
attempt("become another user", lambda: os.setuid(0 if os.getuid() else 65534))

print(json.dumps(sorted(set(succeeded))))
