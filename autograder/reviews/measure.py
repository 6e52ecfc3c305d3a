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
from autograder.reviews.corpus import VERSION, course_draw
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
    "lstm": Recipe("LSTM 24", lambda: training.lstm_model(VOCABULARY), 8, multi_hot=False),
}


def main() -> int:
    """Trains each asked model with each seed and prints one Markdown row per model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="+", choices=sorted(RECIPES), default=sorted(RECIPES))
    parser.add_argument("--seeds", type=int, default=2, help="how many seeds per model (default 2)")
    options = parser.parse_args()
    print(f"{datetime.date.today()} · corpus version {VERSION} · {versions()} · one thread")
    print("| model | seeds | seconds | test | " + " | ".join(FAMILIES) + " | order families |")
    print("|---|---|---|---|" + "---|" * (len(FAMILIES) + 1))
    training.one_thread()
    for name in options.models:
        print(row(RECIPES[name], range(options.seeds)), flush=True)
    return 0


def row(recipe: Recipe, seeds: range) -> str:
    """A Markdown row: mean, smallest and largest accuracy over the seeds, as a whole and per family."""
    import keras

    course = course_draw()
    ids = training.vocabulary(course.train.tokens, VOCABULARY)
    x_train, x_test = (
        training.multi_hot(rows, VOCABULARY) if recipe.multi_hot else training.padded(rows, LENGTH)
        for rows in (training.encoded(course.train.tokens, ids), training.encoded(course.test.tokens, ids))
    )
    shares, seconds = [], []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        model = recipe.build()
        start = time.perf_counter()
        model.fit(x_train, course.train.labels, epochs=recipe.epochs, batch_size=training.BATCH, verbose=0)
        seconds.append(time.perf_counter() - start)
        right = training.correct(model, x_test, course.test.labels)
        groups = [np.ones(len(right), dtype=bool), *(course.test.families == f for f in FAMILIES)]
        groups.append(np.isin(course.test.families, ORDER_FAMILIES))
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
