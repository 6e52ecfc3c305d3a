"""What a trained check draws, from the corpus that the course is graded on: generated reviews, or real ones.

It stays on the judge's side. Real reviews are read from a file that ``reviews.prepare`` has written.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from autograder.reviews.chance import order
from autograder.reviews.corpus import Draw, draw, hidden_draw
from autograder.reviews.real import Part, read


@dataclass(frozen=True)
class Sample:
    """n reviews, row by row."""

    tokens: list[list[str]]
    labels: np.ndarray  # (n,) int64, 1 positive, 0 negative
    families: np.ndarray | None  # (n,) str, as in Draw; None for real reviews, which nobody has sorted so


def for_training(n: int, seed: int | np.random.Generator, corpus: Path | None) -> Sample:
    """n reviews to train on; half of them are positive.

    Args:
        n: how many.
        seed: an int, or a numpy Generator, which moves on.
        corpus: a file of prepared reviews, of whose training set a sample is taken; None for generated ones.
    Raises:
        ValueError: the corpus holds too few reviews of a kind.
    """
    return _of(draw(n, seed)) if corpus is None else _sampled(corpus, "train", n, seed)


def for_testing(n: int, seed: int | np.random.Generator, corpus: Path | None) -> Sample:
    """n reviews to score a model on, none of them among those to train on; see ``for_training``."""
    return _of(hidden_draw(n, seed)) if corpus is None else _sampled(corpus, "test", n, seed)


def _of(found: Draw) -> Sample:
    return Sample(found.tokens, found.labels, found.families)


def _sampled(corpus: Path, which: str, n: int, seed: int | np.random.Generator) -> Sample:
    """Both labels equally often (a model without an idea is right once in two), in random order."""
    part = _parts(corpus)[which]
    rng = seed if isinstance(seed, np.random.Generator) else np.random.Generator(np.random.PCG64(seed))
    rows: list[int] = []
    for label, count in ((1, n - n // 2), (0, n // 2)):
        there = np.flatnonzero(part.labels == label)
        if len(there) < count:
            raise ValueError(
                f"the {which} set of the corpus must hold {count} reviews of label {label} (got {len(there)})"
            )
        rows += there[order(len(there), rng)[:count]].tolist()
    kept = [rows[i] for i in order(n, rng)]
    return Sample([part.tokens(i) for i in kept], part.labels[kept], None)


@lru_cache(maxsize=1)
def _parts(corpus: Path) -> dict[str, Part]:
    return read(corpus)
