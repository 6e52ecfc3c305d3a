"""How received things are called in a sentence that a student reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checking.models import Model
from autograder.wire.values import Handle, Uncarriable

_UNSEEN = dict.fromkeys(("too large", "too many items"), ", which is too large to be looked at") | {
    "nested too deep": ", which is nested too deep to be looked at"
}


def kind(value: Any) -> str:
    """What kind of thing was received: "a list", "None", "an object of type set"."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, Model):
        return "a Keras model"
    if isinstance(value, Handle):
        return "a Keras layer"
    if isinstance(value, Uncarriable):
        # only these reasons are repeated: the worker's own words may be anything
        what = f"of type {value.type_name}" if value.type_name else "of a type that has no common name"
        return f"an object {what}{_UNSEEN.get(value.reason, '')}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {shape(value)}"
    if isinstance(value, bool | np.bool_):
        return f"the bool {value}"
    if isinstance(value, int | np.integer):
        return "an int"
    if isinstance(value, float | np.floating):
        return "a float"
    names = {"str": "a text", "list": "a list", "tuple": "a tuple", "dict": "a dict"}
    return names.get(type(value).__name__, f"a {type(value).__name__}")


def short(value: Any, width: int = 40) -> str:
    """A received value in few characters, as Python writes it."""
    if isinstance(value, Uncarriable | Model | Handle):
        return kind(value)
    try:
        text = repr(value)
    except ValueError:  # an int of too many digits has no decimal text
        text = "a very large int"
    return text if len(text) <= width else text[: width - 1] + "…"


def shape(array: np.ndarray) -> str:
    """``(2, 7, 5)``"""
    return str(tuple(int(n) for n in array.shape))


def axis_names(axes: str, ndim: int) -> list[str]:
    """One name per axis: ``"... depth"`` with 3 axes gives "axis 0", "axis 1", "depth".

    Raises ValueError when the names do not fit: the check itself is wrong.
    """
    names = axes.split()
    if names[:1] == ["..."]:
        named = names[1:]
        names = [f"axis {i}" for i in range(ndim - len(named))] + named
    if len(names) != ndim:
        raise ValueError(f"axes names {ndim} axes of the expected array (got {axes!r})")
    return names
