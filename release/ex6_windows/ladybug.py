"""A made-up ladybug and a model without training, for `ex6_windows`; you may read it, it holds no secret."""

from typing import Any

import numpy as np

ARMS = ((5.0, 97.0), (2.5, -36.0))
"""Radius in cm and steps per turn of each rotation; the second one turns the other way round."""


def ladybug_track(n_steps: int = 1000, seed: int = 6, noise: float = 0.01) -> np.ndarray:
    """Where the ladybug is at each step: (n_steps, 2) float32, in cm.

    It walks on a turntable that is fixed to the rim of another one, both at constant speed; `noise` is
    the standard deviation, in cm, of what the measurement adds.
    """
    rng = np.random.default_rng(seed)
    steps = np.arange(n_steps)
    track = np.full((n_steps, 2), (20.0, 8.0))
    for radius, period in ARMS:
        angle = 2 * np.pi * (steps / period + rng.random())
        track += radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (track + rng.normal(0, noise, size=track.shape)).astype("float32")


def straight_on(length: int, features: int) -> Any:
    """A Keras model with nothing to learn: the next point goes on as the last two did.

    It takes (batch, length, features) and gives (batch, features).
    """
    import keras

    window = keras.Input((length, features))
    model = keras.Model(window, 2 * window[:, -1] - window[:, -2], name="straight_on")
    model.compile(run_eagerly=True)  # to prepare a graph would take longer than all that it computes
    return model
