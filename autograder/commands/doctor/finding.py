"""A finding: one thing the doctor looked at, how it stands, and what to do about it."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class State(enum.StrEnum):
    """How a thing stands: a warning can spoil a day, a problem spoils grades or stops the work."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """``what`` was looked at, what was ``seen``, and a ``remedy`` sentence unless the state is ok."""

    what: str
    state: State
    seen: str
    remedy: str = ""

    def __post_init__(self) -> None:
        if (self.state is State.OK) == bool(self.remedy):
            raise ValueError(f"a finding has a remedy unless it is ok (got {self.state}: {self.remedy!r})")
