"""Time limits inside the worker: an interrupt that is raised in the student's code.

Only the main thread can be interrupted, and only between two bytecodes: a student who catches
everything, or a long call into C, ends by the judge's own deadline instead.
"""

from __future__ import annotations

import signal
import time
from types import FrameType, TracebackType

AGAIN_SECONDS = 0.5


class Interrupted(BaseException):
    """The time of a cell or a call is over.  No Exception, so that ``except Exception`` lets it through."""


class Alarm:
    """One SIGALRM timer, shared by nested limits (a call inside a callback inside a call)."""

    def __init__(self) -> None:
        self.deadline: float | None = None
        self.held = False

    def limit(self, seconds: float) -> _Limit:
        """A context that raises Interrupted inside its block after ``seconds``, and again until it ends."""
        return _Limit(self, seconds)

    def hold(self) -> _Hold:
        """A context in which nothing is raised: half a frame on the wire would be the end of it.

        On leaving, an interrupt that came meanwhile is raised.
        """
        return _Hold(self)

    def set_timer(self) -> None:
        if self.deadline is None:
            signal.setitimer(signal.ITIMER_REAL, 0)
        else:
            # the student may have replaced the handler: install it each time
            signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, max(1e-3, self.deadline - time.monotonic()), AGAIN_SECONDS)

    def check(self) -> None:
        if self.deadline is not None and not self.held and time.monotonic() >= self.deadline:
            raise Interrupted

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        self.check()


class _Limit:
    def __init__(self, alarm: Alarm, seconds: float) -> None:
        self.alarm = alarm
        self.seconds = seconds

    def __enter__(self) -> None:
        self.outer = (self.alarm.deadline, self.alarm.held)
        self.alarm.held = False
        self.alarm.deadline = time.monotonic() + self.seconds
        self.alarm.set_timer()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.alarm.deadline, self.alarm.held = self.outer
        self.alarm.set_timer()


class _Hold:
    def __init__(self, alarm: Alarm) -> None:
        self.alarm = alarm

    def __enter__(self) -> None:
        self.was = self.alarm.held
        self.alarm.held = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.alarm.held = self.was
        if error is None:
            self.alarm.check()
