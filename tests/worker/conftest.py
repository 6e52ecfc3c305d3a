"""One warm server for all tests of the worker room, and a light one without Keras; a worker per test.

Each test runs at every isolation level that this machine gives; what it does not give is told at the end.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from autograder.errors import IsolationError
from autograder.worker.launcher import WarmServer, Worker, hire
from autograder.worker.levels import LEVELS

LIGHT = ("numpy",)
REFUSED: dict[str, str] = {}
SKIPPED: Counter[str] = Counter()


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


def start(warm: tuple[str, ...] | None, level: str) -> WarmServer:
    """A server at ``level``, or a skip that is counted."""
    try:
        if level not in REFUSED:
            return WarmServer.start(level=level) if warm is None else WarmServer.start(warm, level=level)
    except IsolationError as error:
        REFUSED[level] = str(error)
    return pytest.skip(REFUSED[level])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    level = getattr(item, "callspec", None) and item.callspec.params.get("level")
    if report.skipped and level in REFUSED:
        SKIPPED[level] += 1
    return report


def pytest_terminal_summary(terminalreporter):
    for level, reason in REFUSED.items():
        terminalreporter.section(
            f"{SKIPPED[level]} tests of level {level} were not run", bold=True, yellow=True
        )
        terminalreporter.line(reason)


@pytest.fixture(scope="session", params=LEVELS)
def level(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def start_light(level: str) -> Callable[[], WarmServer]:
    """Starts a server of one's own, at the level of the test."""
    return lambda: start(LIGHT, level)


@pytest.fixture(scope="session")
def light_server(level: str) -> Iterator[WarmServer]:
    with start(LIGHT, level) as server:
        yield server


@pytest.fixture(scope="session")
def keras_server(level: str) -> Iterator[WarmServer]:
    with start(None, level) as server:
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
