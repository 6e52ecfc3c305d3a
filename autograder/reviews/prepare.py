"""Real reviews in a file that a judge reads in a moment: python -m autograder.reviews.prepare SOURCE TARGET

SOURCE is "imdb" (through Keras, which downloads it once) or a file like Keras' imdb.npz, which the students'
own loader reads. That takes seconds, so it is done once; `real.py` reads what is written here.
"""

import argparse
import json
import os
import sys
from itertools import chain
from pathlib import Path

import numpy as np

from autograder.reviews.student.film_reviews import ReviewsError, load_reviews


def prepare(source: str, target: Path) -> None:
    """Write the reviews of a source to ``target``; two at once do no harm.

    Raises ReviewsError when the source cannot be read, or one of its sets lacks a label.
    """
    reviews = load_reviews(source)
    for which, labels in (("training", reviews.y_train), ("test", reviews.y_test)):
        if set(labels.tolist()) != {0, 1}:
            raise ReviewsError(f"the {which} set must hold both labels (got {sorted(set(labels.tolist()))})")
    ids_of: dict[str, int] = {}
    train_ids, train_ends = _flat(reviews.train_tokens, ids_of)
    test_ids, test_ends = _flat(reviews.test_tokens, ids_of)
    target.parent.mkdir(parents=True, exist_ok=True)
    mine = target.with_name(f".{target.name}.{os.getpid()}")
    with mine.open("wb") as file:
        np.savez_compressed(
            file,
            words=np.frombuffer(json.dumps(list(ids_of)).encode(), np.uint8),
            train_ids=train_ids,
            train_ends=train_ends,
            train_labels=reviews.y_train,
            test_ids=test_ids,
            test_ends=test_ends,
            test_labels=reviews.y_test,
        )
    mine.replace(target)  # whole or not at all


def _flat(rows: list[list[str]], ids_of: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """The ids of all words, one row after the other, and where each row ends; new words join ``ids_of``."""
    words = chain.from_iterable(rows)
    ids = np.fromiter((ids_of.setdefault(word, len(ids_of)) for word in words), np.int32)
    return ids, np.cumsum([len(row) for row in rows], dtype=np.int64)


def main() -> int:
    """0 when the file is written, 2 and a sentence when the source does not fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    try:
        prepare(options.source, options.target)
    except ReviewsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
