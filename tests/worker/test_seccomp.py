"""The filter of system calls, run by a small interpreter, and its tables against the kernel's headers."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from autograder.worker import seccomp

ALLOWED, KILLED = "allowed", "killed"
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def run(machine, number, *arguments, architecture=None, **settings):
    """What the kernel would answer: allowed, killed, or an errno."""
    code = seccomp.program(machine, seccomp.rules(**({"private": True} | settings)))
    steps = list(struct.iter_unpack("<HBBI", code))
    words = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack(
        "<IIQ6Q", number, architecture or seccomp.ARCHITECTURES[machine], 0, *(w % 2**64 for w in words)
    )
    place = accumulator = 0
    while True:
        kind, if_true, if_false, value = steps[place]
        place += 1
        if kind == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif kind == 0x54:
            accumulator &= value
        elif kind == 0x15:
            place += if_true if accumulator == value else if_false
        elif kind == 0x25:
            place += if_true if accumulator > value else if_false
        elif value == 0x7FFF0000:
            return ALLOWED
        elif value == 0x80000000:
            return KILLED
        else:
            return value & 0xFFFF


@pytest.fixture(params=sorted(seccomp.NUMBERS))
def machine(request):
    return request.param


@pytest.fixture
def call(machine):
    return lambda name, *arguments, **settings: run(
        machine, seccomp.NUMBERS[machine][name], *arguments, **settings
    )


@pytest.mark.parametrize("name", ["mount", "ptrace", "bpf", "keyctl", "unshare", "setns", "io_uring_setup"])
def test_what_nobody_needs_is_refused(call, name):
    assert call(name) == errno.EPERM


def test_namespaces_are_refused_and_threads_are_not(call):
    assert call("clone", 0x10000011) == errno.EPERM
    assert call("clone", 0x003D0F00) == ALLOWED
    assert call("clone3") == errno.ENOSYS


def test_in_a_sandbox_sockets_are_local(call):
    assert call("socket", 1, 1) == ALLOWED
    assert [call("socket", family) for family in (2, 10, 16, 17, 38, 40)] == [errno.EAFNOSUPPORT] * 6
    assert call("connect", 3) == ALLOWED
    assert call("kill", 7, 9) == ALLOWED


def test_without_namespaces_there_are_pairs_only_that_lead_nowhere_else(call):
    assert call("socket", 1, private=False) == errno.EACCES
    assert call("connect", 3, private=False) == errno.EACCES
    assert [call("socketpair", 1, kind, private=False) for kind in (1, 0x80001, 5)] == [ALLOWED] * 3
    assert [call("socketpair", 1, kind, private=False) for kind in (2, 3, 0x80002)] == [errno.EPERM] * 3


def test_without_namespaces_others_keep_their_limits_and_priorities(call):
    assert call("prlimit64", 0, 7, private=False) == ALLOWED
    assert call("prlimit64", 4711, 7, private=False) == errno.EPERM
    assert call("setpriority", 0, 4711, private=False) == errno.EPERM


def test_signals_can_be_kept_to_one_process(call):
    only = {"private": False, "signals_only_to": 4711}
    assert [call("kill", 4711, 9, **only), call("tgkill", 4711, 4712, 6, **only)] == [ALLOWED] * 2
    assert [call("kill", pid, 9, **only) for pid in (1, 0, -1, -4711)] == [errno.EPERM] * 4
    assert call("tkill", 4711, **only) == errno.EPERM


def test_typing_into_a_terminal_is_refused_and_asking_its_size_is_not(call):
    assert call("ioctl", 0, 0x5412) == errno.EPERM
    assert call("ioctl", 0, 0x541C) == errno.EPERM
    assert call("ioctl", 0, 0xFFFFFFFF00005412) == errno.EPERM
    assert call("ioctl", 0, 0x5413) == ALLOWED


def test_calls_that_are_not_known_are_not_there(machine):
    assert run(machine, 0) == ALLOWED
    assert run(machine, seccomp.NEWEST) == ALLOWED
    assert [run(machine, number) for number in (453, 0x40000000, 0xFFFFFFFF)] == [errno.ENOSYS] * 3


def test_the_convention_of_another_machine_ends_the_process(machine):
    assert run(machine, 0, architecture=0x40000003) == KILLED


def test_every_rule_names_a_call_of_some_machine():
    known = set().union(*seccomp.NUMBERS.values())
    for private in (True, False):
        assert {rule.name for rule in seccomp.rules(private=private, signals_only_to=1)} <= known


def test_the_numbers_are_those_of_the_kernels_headers(machine):
    if not HEADERS[machine].is_file():
        pytest.skip("the headers of the kernel are not installed")
    pattern = re.compile(r"#define __NR(?:3264)?_(\w+)\s+(\d+)")
    official = {name: int(number) for name, number in pattern.findall(HEADERS[machine].read_text())}
    ours = seccomp.NUMBERS[machine]
    assert {name: number for name, number in ours.items() if official.get(name, number) != number} == {}
    assert len(ours.keys() & official.keys()) > 60
