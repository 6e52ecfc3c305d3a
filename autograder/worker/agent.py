"""The worker's end of the wire: answers the judge's questions with the student's code.

Everything here runs beside the student's code and may be tampered with by it; so nothing here is
believed by the judge, and nothing that it must not know is ever here.
"""

from __future__ import annotations

import builtins
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from typing import Any

from autograder.errors import WireError
from autograder.wire import Callback, Channel, Handle, LayerSpec, Limits
from autograder.worker import calls, models
from autograder.worker.alarm import Alarm
from autograder.worker.convert import outgoing
from autograder.worker.describe import compile_settings, describe
from autograder.worker.limits import limits_from, values_of
from autograder.worker.outputs import Outputs
from autograder.worker.shell import Shell, attach_streams, close_figures, run_cell

SECONDS = 60.0  # for verbs that carry no time of their own

Message = Mapping[str, Any]


class Agent:
    """One student's session: their shell, the things the judge holds handles of, the open wire."""

    def __init__(self, channel: Channel, shell: Shell, isolation: str) -> None:
        self.channel = channel
        self.shell = shell
        self.isolation = isolation
        self.alarm = Alarm()
        self.output_bytes = 0
        self.value_limits = Limits()
        self.kept: dict[int, Any] = {}
        self.compiled_as: dict[int, dict[str, Any]] = {}
        self.next_number = 1
        self._verbs: dict[str, Callable[[Message], Message]] = {
            "begin": self._begin,
            "run_cell": self._run_cell,
            "call": self._call,
            "defined": self._defined,
            "describe": self._model_verb(self._describe),
            "weights": self._model_verb(lambda model, _: models.weights(model)),
            "set_weights": self._model_verb(lambda model, q: models.set_weights(model, q["weights"])),
            "predict": self._model_verb(lambda model, q: models.predict(model, q["inputs"], q["batch_size"])),
            "fit": self._model_verb(self._fit),
            "build_layer": self._build_layer,
            "forget": self._forget,
        }

    def run(self) -> None:
        """Answer until the judge hangs up."""
        attach_streams()
        while self.channel.answer(self.serve):
            pass

    def serve(self, question: Message) -> Message:
        verb = self._verbs.get(question.get("ask", ""))
        if verb is None:
            raise WireError("a question to the worker has a known key ask")
        return verb(question)

    def _begin(self, question: Message) -> Message:
        limits = limits_from(question["limits"])
        self.output_bytes = limits.output_bytes
        self.value_limits = values_of(limits.value_bytes)
        scratch = question["scratch"]
        os.environ |= {"HOME": scratch, "TMPDIR": scratch}
        tempfile.tempdir = None
        sys.path.insert(0, "")  # as in a kernel: files beside the notebook can be imported
        calls.seed_everything(0)  # a function that uses no seed of its own gives the same grade twice
        return {"pid": os.getpid(), "isolation": self.isolation}

    def _run_cell(self, question: Message) -> Message:
        outputs = Outputs(self.output_bytes)
        return run_cell(
            self.shell, self.alarm, outputs, question["name"], question["source"], question["seconds"]
        )

    def _call(self, question: Message) -> Message:
        function = self.shell.user_ns.get(question["function"])
        if not callable(function):
            return {"outcome": "missing"}

        def work() -> dict[str, Any]:
            args = [self.resolve(value) for value in question["args"]]
            kwargs = {name: self.resolve(value) for name, value in question["kwargs"].items()}
            if question["seed"] is not None:
                calls.seed_everything(question["seed"])
            return calls.call(
                function, args, kwargs, self.outgoing, measure_memory=question["measure_memory"]
            )

        result = self._guarded(question, work)
        return {"outcome": "returned", **result["value"]} if result["outcome"] == "returned" else result

    def _defined(self, question: Message) -> Message:
        return {"defined": [name for name in question["names"] if callable(self.shell.user_ns.get(name))]}

    def _model_verb(self, work: Callable[[Any, Message], Any]) -> Callable[[Message], Message]:
        """A verb on a kept model: its result, within the question's seconds, converted."""

        def answer(question: Message) -> Message:
            number = question["model"].number
            return self._guarded(question, lambda: self.outgoing(work(self.kept[number], question)))

        return answer

    def _describe(self, model: Any, question: Message) -> Any:
        return describe(model) | self.compiled_as.get(question["model"].number, {})

    def _fit(self, model: Any, question: Message) -> Any:
        number = question["model"].number
        resume = question["resume"] and number in self.compiled_as
        if number not in self.compiled_as:
            # training compiles again: keep what the student's own settings were
            self.compiled_as[number] = compile_settings(model)
        return models.fit(
            model,
            question["inputs"],
            question["targets"],
            question["recipe"],
            seed=question["seed"],
            epochs=question["epochs"],
            resume=resume,
        )

    def _build_layer(self, question: Message) -> Message:
        build = models.build_layer
        return self._guarded(question, lambda: self.outgoing(build(question["spec"], self.resolve)))

    def _guarded(self, question: Message, work: Callable[[], Any]) -> Message:
        seconds = question.get("seconds") or SECONDS
        try:
            with self.shell.builtin_trap:  # display and get_ipython, as in a cell
                return calls.guarded(self.alarm, seconds, self.shell.compile.sources, work)
        finally:
            close_figures()

    def _forget(self, question: Message) -> Message:
        self.kept.pop(question["handle"].number, None)
        self.compiled_as.pop(question["handle"].number, None)
        return {}

    def outgoing(self, thing: Any) -> Any:
        return outgoing(thing, self.keep, self.value_limits)

    def keep(self, thing: Any) -> Handle | None:
        """A handle of a Keras model or layer, the same one each time; None of anything else."""
        keras = sys.modules.get("keras")
        if keras is None or not isinstance(thing, keras.layers.Layer):  # a Model is a Layer
            return None
        kind = "model" if isinstance(thing, keras.Model) else "layer"
        for number, known in self.kept.items():
            if known is thing:
                return Handle(number, kind)
        number, self.next_number = self.next_number, self.next_number + 1
        self.kept[number] = thing
        return Handle(number, kind)

    def resolve(self, value: Any) -> Any:
        """An argument as the student's function gets it: handles, layers and callbacks made real."""
        if type(value) in (list, tuple):
            return type(value)(self.resolve(item) for item in value)
        if type(value) is dict:
            return {key: self.resolve(item) for key, item in value.items()}
        if type(value) is Handle:
            return self.kept[value.number]
        if type(value) is LayerSpec:
            return models.build_layer(value, self.resolve)
        if type(value) is Callback:
            return self._function_of(value)
        return value

    def _function_of(self, callback: Callback) -> Callable[..., Any]:
        number, owner = callback.number, threading.get_ident()

        def call_back(*args: Any, **kwargs: Any) -> Any:
            if threading.get_ident() != owner:
                raise RuntimeError("this function can be called in the main thread only")
            question = {
                "ask": "callback",
                "number": number,
                "args": [self.outgoing(value) for value in args],
                "kwargs": {name: self.outgoing(value) for name, value in kwargs.items()},
            }
            reply = self.alarm.holding(lambda: self.channel.ask(question, self.serve))
            if reply["outcome"] == "returned":
                return self.resolve(reply["value"])
            raise _builtin_exception(reply.get("type", ""))(reply.get("message", ""))

        return call_back


def _builtin_exception(name: str) -> type[Exception]:
    kind = vars(builtins).get(name)
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError
