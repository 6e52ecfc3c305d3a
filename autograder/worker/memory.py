"""The peak memory of one call.

Two meters run together.  ``tracemalloc`` sees every Python object and NumPy buffer, exactly, but no
tensor.  The kernel's high-water mark of resident memory sees everything that was touched, tensors too,
but also the noise of allocators and of libraries paged in.  The answer is tracemalloc's, unless the
resident growth beyond its own noise is larger.  Both count from the level at the start of the call;
arguments are not counted, the returned value is.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

NOISE_BYTES = 24 * 2**20
_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


def peak_of(work: Callable[[], Any]) -> tuple[Any, int]:
    """What ``work`` returns, and the peak in bytes above the level at its start."""
    _warm_tensors()
    gc.collect()
    started_here = not tracemalloc.is_tracing()
    if started_here:
        tracemalloc.start(1)
    try:
        before = _resident()
        start = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        returned = work()
        traced = tracemalloc.get_traced_memory()[1] - start
        resident = _grown(before, tracemalloc.get_tracemalloc_memory())
    finally:
        if started_here:
            tracemalloc.stop()
    return returned, max(traced, resident - NOISE_BYTES, 0)


def _warm_tensors() -> None:
    # TensorFlow's own start takes a hundred MB at the first operation, which is not the student's
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensorflow.zeros((8, 8)) @ tensorflow.zeros((8, 8))


def _resident() -> dict[str, int] | None:
    """VmHWM set back to now, then {"VmHWM", "RssFile"} in bytes; None where the system has no such meter."""
    try:
        ctypes.CDLL(None).malloc_trim(0)  # freed memory that is kept would hide the next allocation
        _RESET.write_text("5")
        return _read_status()
    except (OSError, AttributeError):
        return None


def _grown(before: dict[str, int] | None, meter_bytes: int) -> int:
    if before is None:
        return 0
    after = _read_status()
    paged_in = max(0, after["RssFile"] - before["RssFile"])
    return after["VmHWM"] - before["VmHWM"] - paged_in - meter_bytes


def _read_status() -> dict[str, int]:
    lines = (line.split() for line in _STATUS.read_text().splitlines())
    return {words[0][:-1]: int(words[1]) * 1024 for words in lines if words[0] in ("VmHWM:", "RssFile:")}
