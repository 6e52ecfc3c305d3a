"""The classifiers of the course, trained as the thresholds were: one thread, Adam 1e-2, batch 128.

For measurements only: nothing is graded here. Keras is imported when a model is built.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

BATCH = 128
LEARNING_RATE = 1e-2
FIRST_WORD = 3  # 0 pad, 1 start, 2 unknown


def one_thread() -> None:
    """Makes runs comparable between machines. Call it before the first model; it cannot be undone."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def vocabulary(token_lists: Sequence[Sequence[str]], max_size: int) -> dict[str, int]:
    """The most frequent words with ids from 3, so that all ids are below max_size."""
    counts = Counter(token for tokens in token_lists for token in tokens)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: FIRST_WORD + rank for rank, word in enumerate(ranked[: max(max_size - FIRST_WORD, 0)])}


def encoded(token_lists: Sequence[Sequence[str]], ids: dict[str, int]) -> list[list[int]]:
    """Reviews as ids: 1, then a word's id or 2."""
    return [[1, *(ids.get(token, 2) for token in tokens)] for tokens in token_lists]


def multi_hot(sequences: Sequence[Sequence[int]], depth: int) -> np.ndarray:
    """(n, depth) float32 of 0 and 1."""
    rows = np.zeros((len(sequences), depth), dtype=np.float32)
    for row, sequence in zip(rows, sequences, strict=True):
        row[np.asarray(sequence, dtype=np.intp)] = 1
    return rows


def padded(sequences: Sequence[Sequence[int]], length: int) -> np.ndarray:
    """(n, length) int32, zeros after the last word; what is too long loses its end."""
    rows = np.zeros((len(sequences), length), dtype=np.int32)
    for row, sequence in zip(rows, sequences, strict=True):
        kept = sequence[:length]
        row[: len(kept)] = kept
    return rows


def onehot_model(depth: int) -> Any:
    """Dense(1, sigmoid) on multi-hot rows."""
    import keras

    return _compiled([keras.Input((depth,)), keras.layers.Dense(1, activation="sigmoid")])


def embedding_model(vocab_size: int, dim: int = 16) -> Any:
    """The mean of the words' vectors, pads left out, then Dense(1, sigmoid)."""
    import keras

    return _compiled(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(vocab_size, dim, mask_zero=True),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def flatten_model(vocab_size: int, length: int, dim: int = 16) -> Any:
    """A usual mistake: every position has weights of its own."""
    import keras

    return _compiled(
        [
            keras.Input((length,), dtype="int32"),
            keras.layers.Embedding(vocab_size, dim),
            keras.layers.Flatten(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def lstm_model(vocab_size: int, dim: int = 16, units: int = 24) -> Any:
    """An LSTM that reads to the last real word, then Dense(1, sigmoid)."""
    import keras

    return _compiled(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(vocab_size, dim, mask_zero=True),
            keras.layers.LSTM(units),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


def _compiled(layers: list[Any]) -> Any:
    import keras

    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Adam(LEARNING_RATE), "binary_crossentropy", metrics=["accuracy"])
    return model


def correct(model: Any, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(n,) bool: which rows the model gets right at the threshold 0.5."""
    p = model.predict(x, batch_size=512, verbose=0)[:, 0]
    return np.asarray((p >= 0.5) == (y == 1))
