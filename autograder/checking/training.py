"""Checks that train: one rule for all of them, used by the judge and by calibration alike.

A run draws its data and trains from one seed.  It may be looked at on its way, on reviews of the grader's
own, and goes no further than the first bar that it misses; at its end it is scored once, on reviews that
the model never saw.  The check passes if one of the seeds' runs reaches every bar.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from contextvars import ContextVar

from autograder.checking.exercise import threshold
from autograder.checking.stops import failed

Scores = Mapping[str, float]
"""What one run reached, by the name of the bar that it is held against."""
Run = Callable[[int], Generator[Scores, None, None]]
"""Draws data and trains from the seed alone; yields the scores of each stage, the last one at the end."""

recorded_runs: ContextVar[list[dict[str, float]] | None] = ContextVar("recorded_runs", default=None)
"""Where calibration collects the runs' scores, of all stages; None while grading."""


def reaches(seeds: Sequence[int], run: Run, *, hint: str) -> None:
    """One of the runs reaches all of its bars.

    Args:
        seeds: one run each, in this order, until one passes.
        run: a generator; it is closed at the first stage that misses a bar, so what must be done all the
            same belongs in a ``finally``.
        hint: where to look.
    """
    collected = recorded_runs.get()
    if collected is not None:
        collected.extend(_all_stages(run(seed)) for seed in seeds)
        return
    tried: list[list[Scores]] = []
    for seed in seeds:
        tried.append(_stages_until_one_fails(run(seed)))
        if tried[-1] and _reached(tried[-1][-1]):
            return
    furthest = max(map(len, tried))
    best = max((stages[-1] for stages in tried if len(stages) == furthest and stages), key=_margin)
    listed = ", ".join(
        f"{name.replace('_', ' ')} {value:.2f}, where {threshold(name):.2f} is asked"
        for name, value in best.items()
    )
    raise failed(f"Trained by the grader, {{call}} reached at best: {listed}.", hint=hint)


def passes(scores: Scores, bars: Mapping[str, float]) -> bool:
    """Whether a run reaches every bar; nan reaches none."""
    return bool(scores) and all(value >= bars[name] for name, value in scores.items())


def _all_stages(run: Generator[Scores, None, None]) -> dict[str, float]:
    with closing(run):
        return {name: value for scores in run for name, value in scores.items()}


def _stages_until_one_fails(run: Generator[Scores, None, None]) -> list[Scores]:
    stages: list[Scores] = []
    with closing(run):
        for scores in run:
            stages.append(scores)
            if not _reached(scores):
                break
    return stages


def _reached(scores: Scores) -> bool:
    return passes(scores, {name: threshold(name) for name in scores})


def _margin(scores: Scores) -> float:
    return min(value - threshold(name) for name, value in scores.items())
