"""Measures what the course's classifiers reach on the course draw: python -m autograder.reviews.measure

Prints the table of docs/reviews.md. It decides nothing; thresholds are calibrated elsewhere.
"""

import argparse
import datetime
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.reviews import training
from autograder.reviews.corpus import TEST_SIZE, VERSION, Draw, course_draw, hidden_draw
from autograder.reviews.grammar import FAMILIES, ORDER_FAMILIES

VOCABULARY = 1000
LENGTH = 40


@dataclass(frozen=True)
class Recipe:
    """One model of the table."""

    name: str
    build: Callable[[], Any]
    epochs: int
    multi_hot: bool


RECIPES = {
    "onehot": Recipe("one-hot logistic", lambda: training.onehot_model(VOCABULARY), 10, multi_hot=True),
    "embedding": Recipe(
        "embedding 16, masked mean", lambda: training.embedding_model(VOCABULARY), 8, multi_hot=False
    ),
    "flatten": Recipe(
        "wrong: embedding 16, Flatten",
        lambda: training.flatten_model(VOCABULARY, LENGTH),
        8,
        multi_hot=False,
    ),
    "lstm": Recipe("LSTM 24", lambda: training.lstm_model(VOCABULARY), 8, multi_hot=False),
}


def main() -> int:
    """Trains each asked model with each seed and prints one Markdown row per model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="+", choices=sorted(RECIPES), default=sorted(RECIPES))
    parser.add_argument("--seeds", type=int, default=2, help="how many seeds per model (default 2)")
    parser.add_argument(
        "--hidden-draws",
        type=int,
        default=0,
        help="score on this many hidden draws (default: the course test)",
    )
    options = parser.parse_args()
    tests = [hidden_draw(TEST_SIZE, 100 + i) for i in range(options.hidden_draws)] or [course_draw().test]
    print(f"{datetime.date.today()} · corpus version {VERSION} · {versions()} · one thread")
    print("| model | seeds | seconds | test | " + " | ".join(FAMILIES) + " | order families |")
    print("|---|---|---|---|" + "---|" * (len(FAMILIES) + 1))
    training.one_thread()
    for name in options.models:
        print(row(RECIPES[name], range(options.seeds), tests), flush=True)
    return 0


def row(recipe: Recipe, seeds: range, tests: list[Draw]) -> str:
    """A Markdown row: mean, smallest and largest accuracy over seeds and draws, in all and per family."""
    import keras

    train = course_draw().train
    ids = training.vocabulary(train.tokens, VOCABULARY)

    def inputs(draw: Draw) -> np.ndarray:
        rows = training.encoded(draw.tokens, ids)
        return training.multi_hot(rows, VOCABULARY) if recipe.multi_hot else training.padded(rows, LENGTH)

    x_train, x_tests = inputs(train), [inputs(test) for test in tests]
    shares, seconds = [], []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        model = recipe.build()
        start = time.perf_counter()
        model.fit(x_train, train.labels, epochs=recipe.epochs, batch_size=training.BATCH, verbose=0)
        seconds.append(time.perf_counter() - start)
        for test, x in zip(tests, x_tests, strict=True):
            right = training.correct(model, x, test.labels)
            groups = [np.ones(len(right), dtype=bool), *(test.families == family for family in FAMILIES)]
            groups.append(np.isin(test.families, ORDER_FAMILIES))
            shares.append([right[group].mean() for group in groups])
    columns = zip(np.mean(shares, 0), np.min(shares, 0), np.max(shares, 0), strict=True)
    cells = [f"{mean:.3f} ({low:.3f}-{high:.3f})" for mean, low, high in columns]
    return f"| {recipe.name} | {len(seeds)} | {np.median(seconds):.1f} | " + " | ".join(cells) + " |"


def versions() -> str:
    """The versions that a measurement depends on."""
    import keras
    import tensorflow as tf

    python = platform.python_version()
    return f"Python {python}, numpy {np.__version__}, TensorFlow {tf.__version__}, Keras {keras.__version__}"


if __name__ == "__main__":
    sys.exit(main())
