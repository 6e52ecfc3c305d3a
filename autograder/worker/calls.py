"""One call of a student's function: arguments in, result out, and what the call did meanwhile.

Knows nothing of what is right: it reports, the judge decides.
"""

from __future__ import annotations

import inspect
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.worker import memory
from autograder.worker.alarm import Alarm, Interrupted
from autograder.worker.raised import Sources, clean_name, raised


def guarded(alarm: Alarm, seconds: float, sources: Sources, work: Callable[[], Any]) -> dict[str, Any]:
    """Run ``work`` under a time limit; the *result* of the protocol, whatever it raises."""
    try:
        return {"outcome": "returned", "value": alarm.limited(seconds, work)}
    except Interrupted:
        return {"outcome": "timed_out"}
    except BaseException as error:  # the wall: whatever a student's code raises is an answer
        return raised(error, sources)


def call(
    function: Callable[..., Any],
    args: list[Any],
    kwargs: dict[str, Any],
    convert: Callable[[Any], Any],
    *,
    measure_memory: bool,
) -> dict[str, Any]:
    """Call and convert; {"value", "changed", "generators", "peak_bytes", "seconds"}.

    ``seconds`` is the function's own time; ``changed`` names the arguments whose data are not what
    they were; ``generators`` the global generators that were drawn from or seeded; ``peak_bytes`` is
    described in ``memory``, None unless asked for.  Raises what the function raises.
    """
    names = parameter_names(function, len(args))
    before = [snapshot(value) for value in (*args, *kwargs.values())]
    states = generator_states()
    started = time.monotonic()
    if measure_memory:
        returned, peak = memory.peak_of(lambda: function(*args, **kwargs))
    else:
        returned, peak = function(*args, **kwargs), None
    seconds = time.monotonic() - started
    after = zip((*names, *kwargs), before, (*args, *kwargs.values()), strict=True)
    changed = [name for name, old, new in after if not same(old, new)]
    moved = [name for name, state in generator_states().items() if not same(states[name], state)]
    return {
        "value": convert(returned),
        "changed": changed,
        "generators": moved,
        "peak_bytes": peak,
        "seconds": seconds,
    }


def generator_states() -> dict[str, Any]:
    """The state of each global generator, by the name of its module."""
    return {"numpy.random": np.random.get_state(), "random": random.getstate()}


def seed_everything(seed: int) -> None:
    """Seed the global generators: through Keras when it is there, so that its initialisers follow."""
    keras = sys.modules.get("keras")
    if keras is not None:
        keras.utils.set_random_seed(seed)
    else:
        random.seed(seed)
        np.random.seed(seed)


def parameter_names(function: Callable[..., Any], count: int) -> list[str]:
    """The names of the first ``count`` positional parameters; "argument 1" where there is none."""
    names = [f"argument {number + 1}" for number in range(count)]
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (ValueError, TypeError):
        return names
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    for number, parameter in enumerate(parameters[:count]):
        if parameter.kind not in positional:
            break
        names[number] = clean_name(parameter.name)
    return names


def snapshot(value: Any) -> Any:
    """A copy of plain data; anything else (a model, a callback) stands for itself."""
    if type(value) is np.ndarray:
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(snapshot(item) for item in value)
    if type(value) is dict:
        return {key: snapshot(item) for key, item in value.items()}
    return value


def same(old: Any, new: Any) -> bool:
    """Whether ``new`` still holds exactly what the snapshot holds: types, order, bits (so nan is nan)."""
    if type(old) is not type(new):
        return False
    if isinstance(old, np.ndarray):
        return bool(old.dtype == new.dtype) and old.shape == new.shape and old.tobytes() == new.tobytes()
    if type(old) in (list, tuple):
        return len(old) == len(new) and all(map(same, old, new))
    if type(old) is dict:
        return len(old) == len(new) and all(map(same, _flat(old), _flat(new)))
    if type(old) in (int, str, bool, bytes):
        return bool(old == new)
    return old is new or (type(old) is float and old.hex() == new.hex())


def _flat(mapping: dict[Any, Any]) -> Iterator[Any]:
    for pair in mapping.items():
        yield from pair
