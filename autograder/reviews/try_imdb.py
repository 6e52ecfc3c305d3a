"""Trains the one-hot classifier of ex2 on real reviews: python -m autograder.reviews.try_imdb imdb.npz

Prints what docs/reviews.md quotes, for your own file and machine. Without a path it asks Keras for IMDB.
"""

import argparse
import datetime
import sys
import time
from typing import Any

import numpy as np

from autograder.reviews import training
from autograder.reviews.measure import versions
from autograder.reviews.student.film_reviews import Reviews, ReviewsError, load_reviews

EPOCHS = 10
DEV_FRACTION = 0.2
CHUNK = 2000  # test rows made dense at a time
SAMPLE_TRAIN, SAMPLE_TEST = 4000, 2000


def main() -> int:
    """0 when everything was trained, 2 when the file does not fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", default="imdb", help="an imdb.npz (default: IMDB through Keras)")
    parser.add_argument("--vocabulary", nargs="+", type=int, default=[1000, 5000])
    parser.add_argument("--sample", action="store_true", help="the sample alone, not all reviews")
    options = parser.parse_args()
    try:
        start = time.perf_counter()
        whole = load_reviews(options.path)
        seconds = time.perf_counter() - start
        sample = load_reviews(
            options.path,
            n_train=min(SAMPLE_TRAIN, len(whole.y_train)),
            n_test=min(SAMPLE_TEST, len(whole.y_test)),
        )
    except ReviewsError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{datetime.date.today()} · {versions()} · one thread · loaded in {seconds:.1f} s")
    print(f"mean length {np.mean([len(tokens) for tokens in whole.train_tokens]):.0f} words")
    print(
        "| reviews: train, of them dev, test | vocabulary | unknown | epochs | seconds | train | dev | test |"
    )
    print("|---|---|---|---|---|---|---|---|")
    training.one_thread()
    for reviews in [sample] if options.sample else [sample, whole]:
        for size in options.vocabulary:
            print(row(reviews, size), flush=True)
    return 0


def row(reviews: Reviews, size: int) -> str:
    """A Markdown row: trained with early stopping on a dev set, scored once on the test set."""
    import keras

    start = time.perf_counter()
    order = np.random.default_rng(0).permutation(len(reviews.y_train))
    n_dev = round(DEV_FRACTION * len(order))
    dev, train = order[:n_dev], order[n_dev:]
    ids = training.vocabulary([reviews.train_tokens[i] for i in train], size)
    encoded = training.encoded(reviews.train_tokens, ids)
    x_train, x_dev = (training.multi_hot([encoded[i] for i in part], size) for part in (train, dev))
    keras.utils.set_random_seed(0)
    model = training.onehot_model(size)
    stop = keras.callbacks.EarlyStopping("val_loss", patience=2, restore_best_weights=True)
    history = model.fit(
        x_train,
        reviews.y_train[train],
        validation_data=(x_dev, reviews.y_train[dev]),
        epochs=EPOCHS,
        batch_size=training.BATCH,
        callbacks=[stop],
        verbose=0,
    ).history
    seconds = time.perf_counter() - start
    best = int(np.argmin(history["val_loss"]))
    test_ids = training.encoded(reviews.test_tokens, ids)
    unknown = np.mean([word == 2 for sequence in test_ids for word in sequence[1:]])
    return (
        f"| {len(order)}, {n_dev}, {len(test_ids)} | {size} | {unknown:.1%} | {len(history['loss'])} "
        f"| {seconds:.0f} | {history['accuracy'][best]:.3f} | {history['val_accuracy'][best]:.3f} "
        f"| {test_accuracy(model, test_ids, reviews.y_test, size):.3f} |"
    )


def test_accuracy(model: Any, sequences: list[list[int]], labels: np.ndarray, size: int) -> float:
    """The share of right answers; rows are made dense a chunk at a time, to spare memory."""
    right = [
        training.correct(model, training.multi_hot(sequences[i : i + CHUNK], size), labels[i : i + CHUNK])
        for i in range(0, len(sequences), CHUNK)
    ]
    return float(np.concatenate(right).mean())


if __name__ == "__main__":
    sys.exit(main())
