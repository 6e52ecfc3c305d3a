"""How long a call may take, and how often it may go wrong."""

from __future__ import annotations

from dataclasses import dataclass

GRACE_SECONDS = 3.0
"""What the judge waits beyond a limit for the worker's own interrupt, before it ends the worker."""

ACCIDENTS_ALLOWED = 2
"""A function may run into its limits this often; then its remaining calls are not made."""


@dataclass(frozen=True)
class CallLimits:
    """Seconds that one call, and one training or prediction of a model, may take."""

    call_seconds: float = 10.0
    model_seconds: float = 120.0
