"""The conversation with the worker behind one submission: questions out, outcomes back.

Every reply is read as coming from a stranger, and every accident becomes a Stopped.  A worker
that died is replaced, so that one function's accident leaves the other exercises alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from autograder.checking import hearsay
from autograder.checking.hearsay import Notebook
from autograder.checking.limits import ACCIDENTS_ALLOWED, GRACE_SECONDS, CallLimits
from autograder.checking.models import Model
from autograder.checking.stops import Stopped, StudentError
from autograder.checking.verdicts import LimitMet, Outcome
from autograder.errors import WireError, WorkerLost
from autograder.wire.channel import Message, Serve
from autograder.wire.values import Callback, Handle, Uncarriable, Value

ENDS = {
    "memory": ("memory", "There was no memory left for your code during"),
    "processes": ("processes", "Too many processes or threads were started during"),
}
"""Why a worker ended -> the limit that was met, and how its sentence begins."""


class Workplace(Protocol):
    """A worker in which the submission's cells have run.

    ``fate`` says why a lost worker ended: "memory", "processes", or what needs no sentence of its own.
    """

    @property
    def fate(self) -> str: ...

    def ask(self, question: Message, serve: Serve, seconds: float) -> Message: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class CallReport:
    """One call of a student's function: what it returned and what it did on the way.

    ``changed`` names the arguments that the call modified; ``generators`` the global generators that
    it drew from or seeded ("numpy.random", "random"); ``peak_bytes`` is the memory that it held at
    most beyond what was there before (None when it was not measured).
    """

    value: Value
    changed: tuple[str, ...] = ()
    peak_bytes: int | None = None
    seconds: float = 0.0
    generators: tuple[str, ...] = ()


@dataclass
class Wall:
    """The conversation with the worker behind one submission, across the workers' deaths."""

    hire: Callable[[], Workplace]
    limits: CallLimits
    signatures: dict[str, Sequence[str]]
    why_missing: dict[str, str]
    notebook: Notebook = field(default_factory=Notebook)
    limits_met: list[LimitMet] = field(default_factory=list)
    last_call: str = "your function"
    _place: Workplace | None = None
    _generation: int = 0
    _callers: set[str] = field(default_factory=set)
    _accidents: dict[str, int] = field(default_factory=dict)
    _callbacks: dict[int, Callable[..., Any]] = field(default_factory=dict)

    def call(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        *,
        seed: int | None = None,
        measure_memory: bool = False,
    ) -> CallReport:
        """Call the student's function; raises Stopped when it gives no value."""
        self.last_call = _label(name, args, kwargs, self.signatures.get(name, ()))
        self._refuse_after_accidents(name)
        question = {
            "ask": "call",
            "function": name,
            "args": [self._outward(arg) for arg in args],
            "kwargs": {key: self._outward(arg) for key, arg in kwargs.items()},
            "seconds": self.limits.call_seconds,
            "seed": seed,
            "measure_memory": measure_memory,
        }
        reply = self.ask(question, name, self.limits.call_seconds)
        if reply.get("outcome") == "missing":
            why = self.why_missing.get(name, "")
            raise Stopped(
                Outcome.MISSING,
                f"`{name}` is not defined once your notebook has run{why}.",
                hint=f"Keep the name `{name}` and run the notebook from top to bottom.",
            )
        peak, seconds = reply.get("peak_bytes"), reply.get("seconds", 0.0)
        return CallReport(
            self._inward(reply.get("value"), name),
            hearsay.argument_names(
                reply.get("changed"), self.notebook, frozenset((*self.signatures.get(name, ()), *kwargs))
            ),
            peak if isinstance(peak, int) else None,
            seconds if isinstance(seconds, float) else 0.0,
            hearsay.generators(reply.get("generators")),
        )

    def ask(self, question: Message, name: str, seconds: float, *, generation: int | None = None) -> Message:
        """Put a question about function ``name``; turn every accident into a Stopped."""
        if generation is not None and generation != self._generation:
            raise Stopped(Outcome.KILLED, f"the process that held the model of `{name}` has ended.")
        worker = self._worker()  # where none can be hired, that is our fault and not the student's
        others = self._callers - {name}
        self._callers.add(name)
        try:
            reply = worker.ask(question, self._serve, seconds + GRACE_SECONDS)
        except (TimeoutError, WorkerLost, WireError) as lost:
            fate = self._place.fate if self._place else ""
            self._lose_worker()
            if others and generation is None and _stands_alone(question, name):
                # what another function left behind may have ended it: once more, without them
                return self.ask(question, name, seconds)
            if isinstance(lost, TimeoutError):
                raise self._accident(name, Outcome.TIMED_OUT, seconds) from None
            raise self._accident(name, Outcome.KILLED, seconds, fate) from None
        if reply.get("outcome") == "timed_out":
            raise self._accident(name, Outcome.TIMED_OUT, seconds)
        if reply.get("outcome") == "raised":
            error = hearsay.student_error(reply, self.notebook)
            raise Stopped(
                Outcome.RAISED, f"{{call}} {error.sentence()}.", hint=_raised_hint(error), error=error
            )
        return reply

    def close(self) -> None:
        self._lose_worker()

    def _worker(self) -> Workplace:
        if self._place is None:
            self._generation += 1
            self._place = self.hire()
        return self._place

    def _lose_worker(self) -> None:
        if self._place is not None:
            self._place.close()
            self._place = None
        self._callers.clear()

    def _refuse_after_accidents(self, name: str) -> None:
        if self._accidents.get(name, 0) >= ACCIDENTS_ALLOWED:
            raise Stopped(
                Outcome.TIMED_OUT,
                f"`{name}` met a limit {ACCIDENTS_ALLOWED} times in earlier checks and was not called again.",
            )

    def _accident(self, name: str, outcome: Outcome, seconds: float, fate: str = "") -> Stopped:
        self._accidents[name] = self._accidents.get(name, 0) + 1
        if outcome is Outcome.TIMED_OUT:
            met = LimitMet(name, "seconds", f"`{name}` did not finish within {seconds:g} seconds.")
            hint = "Look for a loop that never ends, or for work that grows too fast with the input."
        else:
            limit, what = ENDS.get(fate, ("process", "The process that ran your code ended during"))
            met = LimitMet(name, limit, f"{what} `{name}`.")
            hint = "Look for what grows without end, or for what ends Python itself."
        if met not in self.limits_met:
            self.limits_met.append(met)
        return Stopped(outcome, met.what, hint=hint)

    def _outward(self, value: Any) -> Value:
        if isinstance(value, Model):
            return value.handle
        if callable(value) and not isinstance(value, type):
            number = len(self._callbacks) + 1
            self._callbacks[number] = value
            return Callback(number)
        return value

    def _inward(self, value: Value, name: str) -> Value:
        if isinstance(value, Handle):
            return Model(self, value, name, self._generation) if value.kind == "model" else value
        if isinstance(value, Uncarriable):
            return Uncarriable(hearsay.type_name(value.type_name, self.notebook), value.reason)
        if isinstance(value, list | tuple):
            return type(value)(self._inward(item, name) for item in value)
        if isinstance(value, dict):
            return {key: self._inward(item, name) for key, item in value.items()}
        return value

    def _serve(self, question: Message) -> Message:
        """Answer the worker's question: only a call of a function that a check handed over."""
        number = question.get("number") if question.get("ask") == "callback" else None
        function = self._callbacks.get(number) if isinstance(number, int) else None
        args, kwargs = question.get("args"), question.get("kwargs")
        if function is None or not isinstance(args, list) or not isinstance(kwargs, dict):
            return {"outcome": "raised", "type": "RuntimeError", "message": "there is no such function"}
        try:
            return {"outcome": "returned", "value": function(*args, **kwargs)}
        except Exception as error:  # the arguments are the student's: any error is theirs to see
            return {"outcome": "raised", "type": type(error).__name__, "message": str(error)[:500]}


def _stands_alone(question: Message, name: str) -> bool:
    """Whether a fresh worker can answer: it has no model of before, and no function of the kit's own."""
    return not name.startswith("_") and not _holds_handle([question.get("args"), question.get("kwargs")])


def _holds_handle(value: Value) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_handle, value.values()))
    return isinstance(value, Handle) or (isinstance(value, list | tuple) and any(map(_holds_handle, value)))


def _raised_hint(error: StudentError) -> str:
    if error.type_name == "NotImplementedError":
        return "The line `raise NotImplementedError()` of the starter is still there."
    return "Try the worked example of the section by hand and look at each intermediate value."


def _label(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], parameters: Sequence[str]) -> str:
    """``one_hot(ids, 7)``: plain numbers as they are, anything larger by its parameter's name."""
    shown = [
        repr(arg) if _plain(arg) else (parameters[i] if i < len(parameters) else f"argument {i + 1}")
        for i, arg in enumerate(args)
    ]
    shown += [f"{key}={arg!r}" if _plain(arg) else f"{key}={key}" for key, arg in kwargs.items()]
    return f"`{name}({', '.join(shown)})`"


def _plain(value: Any) -> bool:
    return value is None or type(value) in (bool, int, float)
