"""What a Keras model is: shapes, layers, parameters, and what it was compiled with, as plain data.

Reads the settings that Keras 3 keeps at compile time; the names are canonical whatever their spelling.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.worker.raised import clean_name, type_name

CUSTOM, UNKNOWN = "custom", "unknown"
_ACCURACIES = {
    "binary_accuracy": {1},
    "categorical_accuracy": {2},
    "sparse_categorical_accuracy": {2},
}
"""The accuracies by the outputs that they fit: 1 for one probability, 2 for one per class."""


def describe(model: Any) -> dict[str, Any]:
    """A model's description; what it does not have (a shape before it is built) is None.

    Keys: class_name, input_shape, output_shape (tuples with None for free axes, or lists of tuples),
    layers, parameters, trainable_parameters, loss, metrics, optimizer.
    """
    return {
        "class_name": type_name(type(model)),
        "input_shape": _shape(lambda: model.input_shape),
        "output_shape": _shape(lambda: model.output_shape),
        "layers": [_layer(layer) for layer in getattr(model, "layers", [])],
        "parameters": _count(model, "weights"),
        "trainable_parameters": _count(model, "trainable_weights"),
        **compile_settings(model),
    }


def compile_settings(model: Any) -> dict[str, Any]:
    """What a model was compiled with: {"loss", "metrics", "optimizer"}; None, [], None when it was not."""
    output_shape = _shape(lambda: model.output_shape)
    compiled = bool(getattr(model, "compiled", False))
    optimizer = getattr(model, "optimizer", None)
    return {
        "loss": loss_of(model.loss, output_shape) if compiled and hasattr(model, "loss") else None,
        "metrics": [metric_of(metric, output_shape) for metric in _metrics(model)] if compiled else [],
        "optimizer": None if optimizer is None else _snake(type_name(type(optimizer))),
    }


def loss_of(identifier: Any, output_shape: Any) -> dict[str, Any] | list[Any] | None:
    """{"name", "class", "from_logits", "config"} of a loss as Keras accepts it; a list for several outputs.

    ``name`` is Keras' snake-case name, "custom", or "unknown" for what is none;
    ``from_logits`` is None where there is no such option.
    """
    import keras

    if identifier is None:
        return None
    parts = _parts(identifier)
    if parts is not None:
        several = [loss_of(part, None if len(parts) > 1 else output_shape) for part in parts]
        return several[0] if len(several) == 1 else several
    if isinstance(identifier, str) and identifier.lower() in ("crossentropy", "ce"):
        # Keras chooses by the shapes when it trains
        name = "binary_crossentropy" if _outputs(output_shape) == 1 else "categorical_crossentropy"
        identifier = name
    resolved = _resolved(identifier, keras.losses.get)
    if resolved is None:
        return {"name": UNKNOWN, "class": UNKNOWN, "from_logits": None, "config": {}}
    keywords: dict[str, Any] = {}
    while isinstance(resolved, functools.partial):
        keywords, resolved = {**resolved.keywords, **keywords}, resolved.func
    config = resolved.get_config() if isinstance(resolved, keras.losses.Loss) else keywords
    name = _keras_name(resolved, (keras.losses, keras.ops, keras.metrics))
    if name == CUSTOM and _is_binary_crossentropy(resolved):
        name = "binary_crossentropy"
    logits = config.get("from_logits", _default(resolved, "from_logits"))
    return {
        "name": name,
        "class": _object_name(resolved),
        "from_logits": logits if isinstance(logits, bool) else None,
        "config": config,
    }


def metric_of(identifier: Any, output_shape: Any) -> dict[str, Any]:
    """{"name", "class"} of a metric as given at compile time.

    Every accuracy that fits the output is "accuracy".  One that does not keeps its own name, and
    ``keras.metrics.Accuracy``, which asks for equal numbers, is "accuracy_by_equality".
    """
    import keras

    if isinstance(identifier, str) and identifier.lower() in ("accuracy", "acc"):
        return {"name": "accuracy", "class": "accuracy"}
    resolved = _resolved(identifier, keras.metrics.get)
    if resolved is None:
        return {"name": UNKNOWN, "class": UNKNOWN}
    name = _keras_name(resolved, (keras.metrics, keras.losses))
    outputs = _outputs(output_shape)
    if name in _ACCURACIES and (outputs is None or min(outputs, 2) in _ACCURACIES[name]):
        name = "accuracy"
    elif name == "accuracy":
        name = "accuracy_by_equality"
    return {"name": name, "class": _object_name(resolved)}


def _layer(layer: Any) -> dict[str, Any]:
    return {
        "class_name": type_name(type(layer)),
        "name": clean_name(layer.name),
        "config": _config(layer),
        "output_shape": _shape(lambda: _map_shape(layer.output)),
        "parameters": _count(layer, "weights"),
    }


def _config(layer: Any) -> Any:
    try:
        return layer.get_config()
    except NotImplementedError:  # a layer of the student's own need not have one
        return {}


def _map_shape(output: Any) -> Any:
    if isinstance(output, list | tuple):
        return [_map_shape(item) for item in output]
    if isinstance(output, dict):
        return {name: _map_shape(item) for name, item in output.items()}
    return tuple(output.shape)


def _shape(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (AttributeError, ValueError):  # Keras' two ways to say that there is none yet
        return None


def _count(thing: Any, kind: str) -> int | None:
    """The number of parameters; None for a model or layer that is not built."""
    if not getattr(thing, "built", False):
        return None
    return sum(int(math.prod(weight.shape)) for weight in getattr(thing, kind))


def _metrics(model: Any) -> Iterator[Any]:
    settings = getattr(model, "_compile_metrics", None)
    for given in (
        getattr(settings, "_user_metrics", None),
        getattr(settings, "_user_weighted_metrics", None),
    ):
        if given is not None:
            yield from _flat(given)


def _flat(given: Any) -> Iterator[Any]:
    parts = _parts(given)
    if parts is None:
        if given is not None:
            yield given
        return
    for part in parts:
        yield from _flat(part)


def _parts(given: Any) -> list[Any] | None:
    """The members of a list or dict of settings; None for one setting (which may be a config dict)."""
    if isinstance(given, list | tuple):
        return list(given)
    if isinstance(given, dict) and "class_name" not in given:
        return list(given.values())
    return None


def _outputs(output_shape: Any) -> int | None:
    """The length of the output's last axis; None when that is not one known number."""
    if isinstance(output_shape, tuple) and output_shape and isinstance(output_shape[-1], int):
        return output_shape[-1]
    return None


def _resolved(identifier: Any, get: Callable[[Any], Any]) -> Any:
    """The loss or metric that Keras makes of ``identifier``; None where it would refuse it at training."""
    try:
        return get(dict(identifier) if isinstance(identifier, dict) else identifier)
    except (ValueError, TypeError):
        return None


def _keras_name(thing: Any, modules: tuple[Any, ...]) -> str:
    """The snake-case name of one of Keras' own losses or metrics; "custom" for anything else."""
    wanted = thing if inspect.isfunction(thing) else type(thing)
    for module in modules:
        for name, known in vars(module).items():
            if known is wanted:
                return _snake(name if not inspect.isclass(known) else known.__name__)
    return CUSTOM


def _object_name(thing: Any) -> str:
    return clean_name(thing.__name__) if inspect.isfunction(thing) else type_name(type(thing))


def _snake(name: str) -> str:
    from keras.src.utils.naming import to_snake_case

    return str(to_snake_case(name))


def _default(function: Any, name: str) -> Any:
    """The default of a function's parameter; None where there is no such parameter."""
    if not inspect.isfunction(function):
        return None
    parameter = inspect.signature(function).parameters.get(name)
    return None if parameter is None else parameter.default


def _is_binary_crossentropy(loss: Any) -> bool:
    """Whether a loss of the student's own computes what Keras' binary cross-entropy does."""
    import keras

    truth = np.array([[0.0], [1.0], [1.0], [0.0]], np.float32)
    predicted = np.array([[0.2], [0.7], [0.4], [0.9]], np.float32)
    try:
        theirs = np.mean(np.asarray(loss(truth, predicted)))
    except Exception:  # their own function, on a shape that it may not take
        return False
    ours = np.mean(np.asarray(keras.losses.binary_crossentropy(truth, predicted)))
    return bool(np.isclose(theirs, ours, rtol=1e-4))
