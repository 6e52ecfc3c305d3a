"""Time limits inside the worker: an interrupt that is raised in the student's code.

Only the main thread can be interrupted, and only between two bytecodes: a student who catches
everything, or a long call into C, ends by the judge's own deadline instead.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

AGAIN_SECONDS = 0.5

T = TypeVar("T")


class Interrupted(BaseException):
    """The time of a cell or a call is over.  No Exception, so that ``except Exception`` lets it through."""


class Alarm:
    """One SIGALRM timer, shared by nested limits (a call inside a callback inside a call)."""

    def __init__(self) -> None:
        self._deadline: float | None = None
        self._held = False

    def limited(self, seconds: float, work: Callable[[], T]) -> T:
        """What ``work`` returns; raises Interrupted inside it after ``seconds``, and again until it ends."""
        outer = (self._deadline, self._held)
        try:
            try:
                self._set(time.monotonic() + seconds, held=False)
                return work()
            finally:
                self._set(*outer)
        except Interrupted:
            # it may have come just before the line above, and skipped it
            self._set(*outer)
            raise

    def holding(self, work: Callable[[], T]) -> T:
        """What ``work`` returns; an interrupt that comes meanwhile is raised after it.

        For the wire: half a frame written or read would be the end of it.
        """
        was, self._held = self._held, True
        try:
            return work()
        finally:
            self._held = was
            self._check()

    def _set(self, deadline: float | None, held: bool) -> None:  # noqa: FBT001 - a pair, kept and put back
        self._deadline, self._held = deadline, held
        if deadline is None:
            signal.setitimer(signal.ITIMER_REAL, 0)
        else:
            signal.signal(signal.SIGALRM, self._ring)  # the student may have put another in its place
            signal.setitimer(signal.ITIMER_REAL, max(1e-3, deadline - time.monotonic()), AGAIN_SECONDS)

    def _check(self) -> None:
        if self._deadline is not None and not self._held and time.monotonic() >= self._deadline:
            raise Interrupted

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        self._check()
