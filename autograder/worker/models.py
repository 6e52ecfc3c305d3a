"""The fixed verbs on Keras models and layers that stay in the worker: build, train, predict, weights.

Training follows the judge's recipe alone: optimiser, loss and seed are given, the student's own
compile settings decide nothing.  What a model *is* stands in ``describe``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.errors import WireError
from autograder.wire import LayerSpec

FEW_NUMBERS = 1000
"""An input of at most so many is predicted without a graph: tracing a recurrent model takes far longer."""


def build_layer(spec: LayerSpec, resolve: Callable[[Any], Any]) -> Any:
    """The Keras layer that ``spec`` names, built and with its weights where it says so."""
    import keras

    kind = getattr(keras.layers, spec.class_name, None)
    if not isinstance(kind, type) or not issubclass(kind, keras.layers.Layer):
        raise WireError(f"a layer's class is one of keras.layers (got {spec.class_name})")
    layer = kind(**{name: resolve(value) for name, value in spec.config.items()})
    if spec.input_shape is not None:
        layer.build(spec.input_shape)
    if spec.weights is not None:
        layer.set_weights(list(spec.weights))
    return layer


def fit(
    model: Any,
    inputs: Any,
    targets: Any,
    recipe: Mapping[str, Any],
    *,
    seed: int,
    epochs: int,
    resume: bool,
) -> dict[str, list[float]]:
    """Train by ``recipe``: {"learning_rate", "loss", "batch_size", "shuffle"}, the optimiser is Adam.

    Seeds and compiles first, unless ``resume`` goes on with what an earlier fit compiled.  Returns the
    history: a list of floats per quantity, one an epoch.
    """
    import keras

    if not resume:
        keras.utils.set_random_seed(seed)
        # metrics=[]: without it Keras would keep the student's, and run them
        adam = keras.optimizers.Adam(recipe["learning_rate"])
        model.compile(optimizer=adam, loss=recipe["loss"], metrics=[])
        if model.built:  # else its variables are made while the step is traced, which is traced again then
            adam.build(model.trainable_variables)
    with _untuned_batches():
        history = model.fit(
            inputs,
            targets,
            batch_size=recipe["batch_size"],
            shuffle=recipe["shuffle"],
            epochs=epochs,
            verbose=0,
        )
    return {name: [float(number) for number in numbers] for name, numbers in history.history.items()}


def predict(model: Any, inputs: Any, batch_size: int) -> Any:
    """What ``model.predict`` gives, in batches of at most ``batch_size`` rows."""
    import keras

    few = False
    if isinstance(inputs, np.ndarray) and inputs.ndim and inputs.size:
        few = inputs.size <= FEW_NUMBERS and isinstance(model, keras.Model)
        batches = -(-len(inputs) // batch_size)
        batch_size = -(-len(inputs) // batches)  # alike if they can be: one of another size is traced again
    with _untuned_batches(), _without_a_graph(model) if few else contextlib.nullcontext():
        return model.predict(inputs, batch_size=batch_size, verbose=0)


@contextlib.contextmanager
def _untuned_batches() -> Iterator[None]:
    """Keras' batches are ready when they are asked for, and are the same as ever.

    tf.data tunes how many threads each stage of a pipeline has, and a stage may stand still until the tuner
    looks again, up to 160 ms later: 0.3 s in all that the checks ask of one submission of ex2.
    """
    import tensorflow as tf

    untuned = tf.data.Options()
    untuned.autotune.enabled = False
    by_tensorflow = tf.data.Dataset.prefetch  # the last stage of Keras' pipelines

    def prefetch(dataset: Any, *args: Any, **settings: Any) -> Any:
        return by_tensorflow(dataset, *args, **settings).with_options(untuned)

    tf.data.Dataset.prefetch = prefetch
    try:
        yield
    finally:
        tf.data.Dataset.prefetch = by_tensorflow


@contextlib.contextmanager
def _without_a_graph(model: Any) -> Iterator[None]:
    """The model's operations run one by one; a graph that it has made is kept for larger inputs."""
    kept = model.predict_function, model.run_eagerly
    model.predict_function, model.run_eagerly = None, True
    try:
        yield
    finally:
        model.predict_function, model.run_eagerly = kept


def weights(model: Any) -> list[np.ndarray]:
    return list(model.get_weights())


def set_weights(model: Any, arrays: Sequence[np.ndarray]) -> None:
    model.set_weights(list(arrays))
