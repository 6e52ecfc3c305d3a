"""The judge's handle on a Keras model that stays in the worker, with fixed verbs.

The model's labels of a test set never cross: the judge predicts, and scores by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from autograder.checking.limits import CallLimits
from autograder.checking.stops import failed
from autograder.wire.channel import Message
from autograder.wire.values import Handle, Value


@dataclass(frozen=True)
class TrainingRecipe:
    """How the grader trains a student's model: Adam at ``learning_rate``, whatever the student compiled."""

    loss: str = "binary_crossentropy"
    learning_rate: float = 1e-2
    batch_size: int = 128


@dataclass(frozen=True)
class Layer:
    """One layer as the worker describes it; ``output_shape`` has None for free axes."""

    class_name: str
    name: str
    config: Mapping[str, Value]
    output_shape: Value
    parameters: int


@dataclass(frozen=True)
class Loss:
    """The compiled loss under Keras' snake-case name; ``from_logits`` is None where it has no such option."""

    name: str
    from_logits: bool | None


class Conversation(Protocol):
    """What a handle needs of the wall: to ask, and to say what was asked last."""

    limits: CallLimits
    last_call: str

    def ask(
        self, question: Message, name: str, seconds: float, *, generation: int | None = None
    ) -> Message: ...


@dataclass(frozen=True)
class Model:
    """A model that ``name`` returned; every verb is a question to the worker that holds it.

    ``with model:`` lets the worker free it at the end.
    """

    wall: Conversation
    handle: Handle
    name: str
    generation: int

    @cached_property
    def _description(self) -> Mapping[str, Any]:
        value = self._ask("describe", seconds=self.wall.limits.call_seconds)
        return value if isinstance(value, dict) else {}

    @property
    def parameters(self) -> int:
        """The number of parameters; -1 for a model that is not built."""
        return _whole(self._description.get("parameters"))

    @property
    def trainable_parameters(self) -> int:
        return _whole(self._description.get("trainable_parameters"))

    @property
    def input_shape(self) -> Value:
        """The input's shape with None for free axes, or None for a model that is not built."""
        return self._description.get("input_shape")

    @property
    def output_shape(self) -> Value:
        return self._description.get("output_shape")

    @property
    def layers(self) -> tuple[Layer, ...]:
        found = self._description.get("layers")
        return (
            tuple(_layer(item) for item in found if isinstance(item, dict)) if isinstance(found, list) else ()
        )

    @property
    def loss(self) -> Loss | None:
        """The compiled loss; None for a model that was not compiled."""
        loss = self._description.get("loss")
        if not isinstance(loss, dict):
            return None
        logits = loss.get("from_logits")
        return Loss(str(loss.get("name")), logits if isinstance(logits, bool) else None)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The compiled metrics under Keras' names ("accuracy" for every spelling that means it)."""
        found = self._description.get("metrics")
        if not isinstance(found, list):
            return ()
        return tuple(str(item.get("name") if isinstance(item, dict) else item) for item in found)

    def weights(self) -> list[np.ndarray]:
        """The weights, in Keras' order."""
        value = self._ask("weights", seconds=self.wall.limits.call_seconds)
        return [_numbers(item) for item in value] if isinstance(value, list) else []

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Set all weights, in Keras' order and with the shapes of ``weights()``."""
        self._ask("set_weights", weights=list(weights), seconds=self.wall.limits.call_seconds)

    def predict(self, inputs: Value, *, batch_size: int = 256) -> Value:
        """``model.predict``: an array of numbers, or a list or dict of arrays for several outputs.

        Raises Stopped for anything else: a model may have a ``predict`` of its own.
        """
        value = self._ask(
            "predict", inputs=inputs, batch_size=batch_size, seconds=self.wall.limits.model_seconds
        )
        if isinstance(value, list | tuple):
            return [_numbers(item) for item in value]
        if isinstance(value, dict):
            return {name: _numbers(item) for name, item in value.items()}
        return _numbers(value)

    def fit(
        self,
        inputs: Value,
        targets: Value,
        recipe: TrainingRecipe,
        *,
        seed: int,
        epochs: int = 1,
        resume: bool = False,
    ) -> Mapping[str, list[float]]:
        """Train by the grader's recipe; ``resume`` goes on where the last ``fit`` stopped.

        Returns the history: a list of floats per quantity, one item an epoch.
        """
        value = self._ask(
            "fit",
            inputs=inputs,
            targets=targets,
            recipe={
                "loss": recipe.loss,
                "learning_rate": recipe.learning_rate,
                "batch_size": recipe.batch_size,
                "shuffle": True,
            },
            seed=seed,
            epochs=epochs,
            resume=resume,
            seconds=self.wall.limits.model_seconds,
        )
        if not isinstance(value, dict):
            return {}
        return {
            str(name): [float(number) for number in numbers if isinstance(number, int | float)]
            for name, numbers in value.items()
            if isinstance(numbers, list)
        }

    def __enter__(self) -> Model:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # what went wrong in between may be the worker's end: asking again would hide it
        if kind is None or kind is GeneratorExit:
            self._put({"ask": "forget", "handle": self.handle}, self.wall.limits.call_seconds)

    def _ask(self, verb: str, *, seconds: float, **payload: Value) -> Value:
        question = {"ask": verb, "model": self.handle, "seconds": seconds, **payload}
        return self._put(question, seconds).get("value")

    def _put(self, question: Message, seconds: float) -> Message:
        self.wall.last_call = f"the model of `{self.name}`"
        return self.wall.ask(question, self.name, seconds, generation=self.generation)


def _numbers(value: Value) -> np.ndarray:
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "biufc":
        return np.asarray(value)
    raise failed(
        "{call} answers with something that is no array of numbers.",
        hint="Does a method of your own stand in the place of one of Keras?",
    )


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else -1


def _layer(item: Mapping[str, Value]) -> Layer:
    config = item.get("config")
    return Layer(
        str(item.get("class_name")),
        str(item.get("name")),
        config if isinstance(config, dict) else {},
        item.get("output_shape"),
        _whole(item.get("parameters")),
    )
