"""One warm server for all tests of the worker room, and a light one without Keras; a worker per test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from autograder.worker.launcher import WarmServer, Worker, hire


class Session:
    """A worker spoken to in few words."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.callbacks: dict[int, Any] = {}

    def cell(self, source: str, name: str = "cell", seconds: float = 20.0) -> Mapping[str, Any]:
        return self.ask({"ask": "run_cell", "name": name, "source": source, "seconds": seconds})

    def call(self, function: str, *args: Any, seconds: float = 20.0, **extra: Any) -> Mapping[str, Any]:
        question = {"function": function, "args": list(args), "kwargs": {}, "seconds": seconds, "seed": None}
        return self.ask({"ask": "call", "measure_memory": False, **question, **extra})

    def ask(self, question: Mapping[str, Any], seconds: float = 60.0) -> Mapping[str, Any]:
        return self.worker.ask(question, self.serve, seconds)

    def serve(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            value = self.callbacks[question["number"]](*question["args"], **question["kwargs"])
        except ValueError as error:
            return {"outcome": "raised", "type": "ValueError", "message": str(error)}
        return {"outcome": "returned", "value": value}


@pytest.fixture(scope="session")
def light_server() -> Iterator[WarmServer]:
    with WarmServer.start(("numpy",)) as server:
        yield server


@pytest.fixture(scope="session")
def keras_server() -> Iterator[WarmServer]:
    with WarmServer.start() as server:
        yield server


@pytest.fixture
def session(light_server: WarmServer) -> Iterator[Session]:
    with hire(light_server.address) as worker:
        yield Session(worker)


@pytest.fixture(scope="module")
def keras_session(keras_server: WarmServer) -> Iterator[Session]:
    """One worker for a whole file: TensorFlow's first operations cost half a second in each."""
    with hire(keras_server.address) as worker:
        yield Session(worker)


@pytest.fixture
def open_keras_session(keras_server: WarmServer) -> Iterator[Callable[[], Session]]:
    with contextlib.ExitStack() as stack:
        yield lambda: Session(stack.enter_context(hire(keras_server.address)))
