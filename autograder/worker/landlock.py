"""Landlock: which files a student's code may read and write, whatever the file permissions say."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from autograder.worker import kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_MAKE_CHARACTER_DEVICE, _MAKE_BLOCK_DEVICE = 1 << 6, 1 << 11
_REFER, _TRUNCATE, _DEVICE_CONTROL = 1 << 13, 1 << 14, 1 << 15
_TCP, _SCOPES = 3, 3  # bind and connect; abstract unix sockets and signals
SCOPED = 6
"""The first version that bounds signals and abstract sockets."""


def version() -> int:
    """The version of the kernel's Landlock; 0 where there is none."""
    try:
        return kernel.system_call("landlock", _CREATE, None, 0, 1)
    except OSError:
        return 0


def restrict(readable: Iterable[Path], writable: Iterable[Path]) -> int:
    """Let this thread, and what it starts, touch nothing but these; the version in force, 0 for none.

    A folder stands for everything below it.  A path that is not there is left out.
    """
    known = version()
    if known == 0:
        return 0
    rights = (_REFER - 1) | _extra_rights(known)
    net, scopes = (_TCP if known >= 4 else 0), (_SCOPES if known >= SCOPED else 0)
    attributes = struct.pack("<QQQ", rights, net, scopes)[: 8 if known < 4 else 16 if known < SCOPED else 24]
    ruleset = kernel.system_call("landlock", _CREATE, attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path, _EXECUTE | _READ | _LIST)
        for path in writable:
            _allow(ruleset, path, rights & ~(_MAKE_CHARACTER_DEVICE | _MAKE_BLOCK_DEVICE | _DEVICE_CONTROL))
        kernel.prctl("give up new privileges", kernel.SET_NO_NEW_PRIVILEGES, 1)
        kernel.system_call("landlock", _RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
    return known


def _extra_rights(known: int) -> int:
    extra = 0
    for first, right in ((2, _REFER), (3, _TRUNCATE), (5, _DEVICE_CONTROL)):
        if known >= first:
            extra |= right
    return extra


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not path.is_dir():
            rights &= _EXECUTE | _WRITE | _READ | _TRUNCATE
        rule = struct.pack("<Qi", rights, place)
        kernel.system_call("landlock", _ADD, ruleset, 1, rule, 0)
    finally:
        os.close(place)
