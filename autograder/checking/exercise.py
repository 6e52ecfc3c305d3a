"""How a check says what it belongs to and where its bar lies."""

from __future__ import annotations

import json
from contextvars import ContextVar
from pathlib import Path

import pytest

running_check: ContextVar[Path] = ContextVar("running_check")
"""The file of the check that is running; the plug-in sets it."""

bars_for: ContextVar[str] = ContextVar("bars_for", default="generated")
"""The kind of reviews that the running check draws from, "generated" or "imdb"; the plug-in sets it."""


def exercise(name: str, *, weight: float = 1.0) -> pytest.MarkDecorator:
    """Mark a check as one of the function ``name``; ``weight`` is its share of that exercise's points."""
    if weight <= 0:
        raise ValueError(f"weight must be positive (got {weight})")
    return pytest.mark.exercise(name, weight=float(weight))


def threshold(name: str) -> float:
    """The calibrated bar ``name`` of the running check's assignment, from ``thresholds/<assignment>.json``.

    A check that asks for ``corpus`` has bars of its own for real reviews.

    Raises KeyError, with the bars there are, for a name that was never calibrated.
    """
    file = thresholds_file(running_check.get(), bars_for.get())
    if not file.is_file():
        raise KeyError(f"no bars are calibrated for these reviews: autograder calibrate (got {file.name})")
    bars = json.loads(file.read_text(encoding="utf-8"))["bars"]
    if name not in bars:
        raise KeyError(f"no bar of this name is calibrated; there are {', '.join(sorted(bars))} (got {name})")
    return float(bars[name]["bar"])


def thresholds_file(check: Path, reviews: str = "generated") -> Path:
    """Where the bars of the assignment lie that ``check`` (``test_<assignment>.py``) belongs to.

    ``reviews`` says what they were calibrated on: "generated", or "imdb" for real ones.
    """
    kind = "" if reviews == "generated" else f".{reviews}"
    return check.parent / "thresholds" / f"{check.stem.removeprefix('test_')}{kind}.json"
