"""From whatever a student's code returns to a value of the wire.

Only exact built-in types and plain arrays come out; what a subclass or a strange object says about
itself is not asked where it can be avoided.  Runs under the call's time limit: it may meet lazy objects.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.wire import Limits, Uncarriable
from autograder.wire.values import Value, are_texts, crosses, is_odd_key, is_text
from autograder.worker.raised import clean_name, type_name

ROOM = 6  # levels that a message puts around a value
TAG_BYTES = 48  # at most, around one item in a frame's header
CHARACTER_BYTES = 12  # at most, of one character written as JSON
HALF = "it holds half a surrogate pair"

Keep = Callable[[Any], Value | None]
"""Makes a Handle of a thing that stays in the worker, None of any other thing."""


class _TooLarge(Exception):
    """The value does not fit into a frame."""


def outgoing(thing: Any, keep: Keep, limits: Limits | None = None) -> Value:
    """The value for ``thing``; ``encode`` accepts it within the limits.  Raises what the thing raises."""
    limits = limits or Limits()
    try:
        return _Converter(keep, limits).value(thing, 0)
    except _TooLarge as reason:
        return Uncarriable(type_name(type(thing)), str(reason))


class _Converter:
    def __init__(self, keep: Keep, limits: Limits) -> None:
        self.keep = keep
        self.limits = limits
        self.items = limits.items - 1000
        self.odd_keys = limits.odd_keys - 10
        self.header = limits.header_bytes - 10_000
        self.body = limits.frame_bytes - limits.header_bytes

    def value(self, thing: Any, depth: int) -> Value:
        if depth > self.limits.depth - ROOM:
            raise _TooLarge("nested too deep")
        self._spend(TAG_BYTES)
        kind = type(thing)
        if thing is None or kind is bool:
            return thing
        if issubclass(kind, np.ndarray | np.generic):
            return self._array(thing)
        for plain, convert in _PLAIN.items():
            if issubclass(kind, plain):
                return convert(self, thing, depth)
        handle = self.keep(thing)
        if handle is not None:
            return handle
        if _is_tensor(thing):
            return self._array(np.array(thing.numpy(), subok=False))
        return Uncarriable(type_name(kind))

    def integer(self, thing: int, _depth: int) -> Value:
        number = int.__int__(thing)
        return number if number.bit_length() <= 128 else Uncarriable("int", "more than 128 bits")

    def real(self, thing: float, _depth: int) -> Value:
        return float.__float__(thing)

    def text(self, thing: str, _depth: int) -> Value:
        size = str.__len__(thing)
        if size > self.limits.text_characters:
            return Uncarriable("str", f"longer than {self.limits.text_characters} characters")
        plain = str.__str__(thing)
        if not is_text(plain):
            return Uncarriable("str", HALF)
        self._spend(size * 2 if plain.isascii() and plain.isprintable() else size * CHARACTER_BYTES)
        return plain

    def sequence(self, thing: Any, depth: int) -> Value:
        base = tuple if issubclass(type(thing), tuple) else list
        items = [self.value(item, depth + 1) for item in base.__iter__(thing)]
        return tuple(items) if base is tuple else items

    def range(self, thing: range, depth: int) -> Value:
        return [self.value(item, depth + 1) for item in thing]

    def mapping(self, thing: dict[Any, Any], depth: int) -> Value:
        # dict.items and not thing.items: a subclass may answer otherwise.  list(): it may change meanwhile
        pairs = [(self.value(k, depth + 1), self.value(v, depth + 1)) for k, v in list(dict.items(thing))]
        self.odd_keys -= sum(is_odd_key(key) for key, _ in pairs)
        if self.odd_keys < 0:
            raise _TooLarge("too many keys that are neither a text nor an int")
        try:
            return dict(pairs)
        except TypeError:
            return Uncarriable(type_name(type(thing)), "a key cannot cross")

    def _array(self, thing: Any) -> Value:
        # of a subclass only the data count: its methods are never asked
        plain = np.ndarray if issubclass(type(thing), np.ndarray) else np.generic
        size = plain.nbytes.__get__(thing)
        dtype = plain.dtype.__get__(thing)
        if not crosses(dtype):
            return Uncarriable(type_name(type(thing)), f"its dtype is {clean_name(str(dtype))}")
        self.body -= size
        if self.body < 0:
            raise _TooLarge("too large")
        array = np.array(thing, order="C", subok=False)
        if type(array) is not np.ndarray or array.dtype != dtype or array.nbytes > size:
            return Uncarriable(type_name(type(thing)))
        self._spend(20 * array.ndim)
        if dtype.kind == "U" and not are_texts(array):
            return Uncarriable(type_name(type(thing)), HALF)
        return array if plain is np.ndarray else array[()]

    def _spend(self, header_bytes: int) -> None:
        self.items -= 1
        self.header -= header_bytes
        if self.items < 0 or self.header < 0:
            raise _TooLarge("too many items")


# the order matters for nothing: no type is a subclass of two of these
_PLAIN: dict[type, Callable[[_Converter, Any, int], Value]] = {
    int: _Converter.integer,
    float: _Converter.real,
    str: _Converter.text,
    list: _Converter.sequence,
    tuple: _Converter.sequence,
    dict: _Converter.mapping,
    range: _Converter.range,
}


def _is_tensor(thing: Any) -> bool:
    """Whether it is a TensorFlow or Keras tensor or variable that has a value."""
    tensorflow, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    kinds: tuple[type, ...] = ()
    if tensorflow is not None:
        kinds += (tensorflow.Tensor, tensorflow.Variable)
    if keras is not None:
        kinds += (keras.Variable,)
    return isinstance(thing, kinds) and hasattr(thing, "numpy")
