"""Checks that train: one rule for all of them, used by the judge and by calibration alike.

A run draws its data and trains from one seed, and is scored once, on reviews that the model never
saw.  The check passes if one of the seeds' runs reaches every bar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar

from autograder.checking.exercise import threshold
from autograder.checking.stops import failed

Scores = Mapping[str, float]
"""What one run reached, by the name of the bar that it is held against."""

recorded_runs: ContextVar[list[dict[str, float]] | None] = ContextVar("recorded_runs", default=None)
"""Where calibration collects the runs' scores; None while grading."""


def reaches(seeds: Sequence[int], run: Callable[[int], Scores], *, hint: str) -> None:
    """One of the runs reaches all of its bars.

    Args:
        seeds: one run each, in this order, until one passes.
        run: draws data and trains from the seed alone; gives the scores by the names of their bars.
        hint: where to look.
    """
    collected = recorded_runs.get()
    if collected is not None:
        collected.extend(dict(run(seed)) for seed in seeds)
        return
    scores: list[Scores] = []
    for seed in seeds:
        scores.append(run(seed))
        if passes(scores[-1], {name: threshold(name) for name in scores[-1]}):
            return
    best = max(scores, key=lambda found: min(found[name] - threshold(name) for name in found))
    listed = ", ".join(
        f"{name.replace('_', ' ')} {value:.2f}, where {threshold(name):.2f} is asked"
        for name, value in best.items()
    )
    raise failed(f"Trained by the grader, {{call}} reached at best: {listed}.", hint=hint)


def passes(scores: Scores, bars: Mapping[str, float]) -> bool:
    """Whether a run reaches every bar; nan reaches none."""
    return bool(scores) and all(value >= bars[name] for name, value in scores.items())
