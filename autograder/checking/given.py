"""A Keras model that a check hands to the student's function: built in the worker, from layers with known
weights, so that a check can compute by itself what the model answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.checking.models import Model
from autograder.checking.stops import failed
from autograder.checking.submission import StudentFunction
from autograder.wire.values import LayerSpec

_BUILDER = "_model_of_layers"
_SOURCE = f"""
def {_BUILDER}(shape, layers):
    import keras

    return keras.Sequential([keras.Input(tuple(shape)), *layers])
"""


def given_model(
    function: StudentFunction, input_shape: Sequence[int | None], layers: Sequence[LayerSpec]
) -> Model:
    """A Keras model of ``layers`` in the worker of ``function``, to be given to it as an argument.

    Args:
        function: such as ``submission.rollout``.
        input_shape: of one input, without the batch axis; None for a free axis, such as any length.
        layers: each with its config, its input shape and its weights.
    Raises:
        Stopped: as for any call, and when the notebook keeps the model from being built.
    """
    wall = function.wall
    seconds = wall.limits.call_seconds
    wall.ask(
        {"ask": "run_cell", "name": function.name, "source": _SOURCE, "seconds": seconds},
        function.name,
        seconds,
    )
    model = wall.call(_BUILDER, [list(input_shape), list(layers)], {}).value
    if not isinstance(model, Model):
        raise failed(
            f"the model that `{function.name}` is to be called with could not be built in your notebook.",
            hint="Does your notebook give the name `keras` to something else?",
        )
    return model
