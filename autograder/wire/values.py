"""The values that cross the wall, and their bytes.

A value is None, a bool, an int, a float, a str, a list, a tuple, a dict, a NumPy array or
scalar, or one of the three tokens below.  Nothing is ever pickled and no object is rebuilt
by name: what the judge decodes is data, whatever the worker sent.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from autograder.errors import WireError

Value: TypeAlias = Any
"""A value of the wire.  (A recursive alias would be exact, and every use of it a cast.)"""


@dataclass(frozen=True)
class Limits:
    """How large one value may be; the sizes are in bytes, the counts in items."""

    frame_bytes: int = 512 * 2**20
    header_bytes: int = 64 * 2**20
    items: int = 4_000_000
    depth: int = 16
    text_characters: int = 1_000_000


@dataclass(frozen=True)
class Handle:
    """A thing that stays in the worker, such as a Keras model; the judge holds only its number."""

    number: int
    kind: str


@dataclass(frozen=True)
class Callback:
    """A function that stays with the judge; the worker calls it back through the wire."""

    number: int


@dataclass(frozen=True)
class LayerSpec:
    """A Keras layer to be built on the worker's side, given there as an argument.

    ``weights`` are set once the layer has been built for ``input_shape`` (batch axis None).
    """

    class_name: str
    config: Mapping[str, Value] = field(default_factory=dict)
    input_shape: tuple[int | None, ...] | None = None
    weights: tuple[np.ndarray, ...] | None = None


@dataclass(frozen=True)
class Uncarriable:
    """Stands for a value that cannot cross: only the name of its type does."""

    type_name: str
    reason: str = ""


_ARRAY_KINDS = "biufcSU"
_HEAD = struct.Struct("<II")
_INT_BITS = 128
_TOKENS = (Handle, Callback, LayerSpec, Uncarriable)


def encode(value: Value, limits: Limits | None = None) -> bytes:
    """Write ``value`` as one frame: two lengths, a JSON tree, the arrays' raw bytes.

    Raises WireError where the value is too large, too deep, or of a type that does not cross.
    """
    writer = _Writer(limits or Limits())
    header = json.dumps(writer.tree(value, 0), separators=(",", ":")).encode("ascii")
    body = b"".join(writer.buffers)
    return _HEAD.pack(len(header), len(body)) + header + body


def decode(frame: bytes, limits: Limits | None = None) -> Value:
    """Read one frame back into a value; arrays are fresh and writable.

    Raises WireError for anything that ``encode`` would not have written within the limits.
    """
    limits = limits or Limits()
    if len(frame) < _HEAD.size:
        raise WireError(f"a frame has at least {_HEAD.size} bytes (got {len(frame)})")
    header_size, body_size = frame_sizes(frame[: _HEAD.size], limits)
    if len(frame) != _HEAD.size + header_size + body_size:
        raise WireError(
            f"a frame of {_HEAD.size + header_size + body_size} bytes was announced (got {len(frame)})"
        )
    view = memoryview(frame)[_HEAD.size :]
    try:
        tree = json.loads(bytes(view[:header_size]))
    except (ValueError, RecursionError) as error:
        raise WireError(f"a frame's header is JSON (got {type(error).__name__})") from None
    reader = _Reader(limits, view[header_size:])
    value = reader.value(tree, 0)
    if reader.position != body_size:
        raise WireError(f"{body_size - reader.position} bytes of a frame belong to no array")
    return value


def frame_sizes(head: bytes, limits: Limits) -> tuple[int, int]:
    """The lengths of header and body that a frame announces; WireError beyond the limits."""
    header_size, body_size = _HEAD.unpack(head)
    if header_size > limits.header_bytes or header_size + body_size > limits.frame_bytes:
        raise WireError(f"a value may have {limits.frame_bytes} bytes (got {header_size + body_size})")
    return header_size, body_size


HEAD_SIZE = _HEAD.size


class _Writer:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.buffers: list[bytes] = []
        self.items = 0
        self.bytes = 0

    def tree(self, value: Value, depth: int) -> Any:
        self._count(depth)
        if value is None or type(value) is bool:
            return value
        if type(value) is int:
            if value.bit_length() > _INT_BITS:
                raise WireError(f"an int may have {_INT_BITS} bits (got {value.bit_length()})")
            return value
        if type(value) is float:
            return {"f": value.hex()}
        if type(value) is str:
            if len(value) > self.limits.text_characters:
                raise WireError(
                    f"a text may have {self.limits.text_characters} characters (got {len(value)})"
                )
            return value
        if type(value) in (list, tuple):
            return {"t" if type(value) is tuple else "l": [self.tree(item, depth + 1) for item in value]}
        if type(value) is dict:
            return {"d": [[self.tree(k, depth + 1), self.tree(v, depth + 1)] for k, v in value.items()]}
        if isinstance(value, np.ndarray | np.generic):
            return self._array(value)
        return self._token(value, depth)

    def _count(self, depth: int) -> None:
        self.items += 1
        if depth > self.limits.depth:
            raise WireError(f"a value may be nested {self.limits.depth} deep")
        if self.items > self.limits.items:
            raise WireError(f"a value may have {self.limits.items} items")

    def _array(self, value: np.ndarray | np.generic) -> Any:
        # np.array copies into a plain ndarray: a subclass cannot speak for itself here.
        array = np.array(value, order="C", subok=False)
        if array.dtype.kind not in _ARRAY_KINDS:
            raise WireError(f"an array of dtype {array.dtype} does not cross")
        self.bytes += array.nbytes
        if self.bytes > self.limits.frame_bytes:
            raise WireError(f"a value may have {self.limits.frame_bytes} bytes (got {self.bytes} and more)")
        self.buffers.append(array.tobytes())
        tag = "s" if isinstance(value, np.generic) else "a"
        return {tag: [array.dtype.str, list(array.shape)]}

    def _token(self, value: Value, depth: int) -> Any:
        if type(value) is Handle:
            return {"h": [value.number, value.kind]}
        if type(value) is Callback:
            return {"c": value.number}
        if type(value) is Uncarriable:
            return {"u": [value.type_name, value.reason]}
        if type(value) is LayerSpec:
            shape = None if value.input_shape is None else list(value.input_shape)
            weights = None if value.weights is None else [self._array(w) for w in value.weights]
            return {"y": [value.class_name, self.tree(dict(value.config), depth + 1), shape, weights]}
        raise WireError(f"a value of type {type(value).__name__} does not cross")


class _Reader:
    def __init__(self, limits: Limits, body: memoryview) -> None:
        self.limits = limits
        self.body = body
        self.position = 0
        self.items = 0
        self._tags: dict[str, Callable[[Any, int], Value]] = {
            "f": self._float,
            "l": lambda inner, depth: [self.value(item, depth + 1) for item in _list(inner)],
            "t": lambda inner, depth: tuple(self.value(item, depth + 1) for item in _list(inner)),
            "d": self._dict,
            "a": lambda inner, depth: self._array(inner),
            "s": lambda inner, depth: self._array(inner)[()],
            "h": lambda inner, depth: Handle(_int(_pair(inner)[0]), _text(_pair(inner)[1])),
            "c": lambda inner, depth: Callback(_int(inner)),
            "u": lambda inner, depth: Uncarriable(_text(_pair(inner)[0]), _text(_pair(inner)[1])),
            "y": self._layer,
        }

    def value(self, tree: Any, depth: int) -> Value:
        self.items += 1
        if depth > self.limits.depth or self.items > self.limits.items:
            raise WireError("a value is nested too deep or has too many items")
        if tree is None or type(tree) is bool:
            return tree
        if type(tree) is int:
            if tree.bit_length() > _INT_BITS:
                raise WireError(f"an int may have {_INT_BITS} bits (got {tree.bit_length()})")
            return tree
        if type(tree) is str:
            if len(tree) > self.limits.text_characters:
                raise WireError(f"a text may have {self.limits.text_characters} characters (got {len(tree)})")
            return tree
        if type(tree) is dict and len(tree) == 1:
            ((tag, inner),) = tree.items()
            if tag in self._tags:
                return self._tags[tag](inner, depth)
        raise WireError("a frame's header holds something that is no value")

    def _float(self, inner: Any, depth: int) -> float:
        try:
            return float.fromhex(_text(inner))
        except (ValueError, OverflowError):
            raise WireError("a float is written in hexadecimal") from None

    def _dict(self, inner: Any, depth: int) -> dict[Value, Value]:
        result: dict[Value, Value] = {}
        for pair in _list(inner):
            key, value = _pair(pair)
            decoded = self.value(key, depth + 1)
            try:
                result[decoded] = self.value(value, depth + 1)
            except TypeError:
                raise WireError(f"a dict's key is hashable (got a {type(decoded).__name__})") from None
        return result

    def _array(self, inner: Any) -> np.ndarray:
        dtype_text, shape = _pair(inner)
        try:
            dtype = np.dtype(_text(dtype_text))
        except (TypeError, ValueError):
            raise WireError("an array's dtype is unknown") from None
        if dtype.kind not in _ARRAY_KINDS or dtype.hasobject or dtype.names or dtype.subdtype:
            raise WireError(f"an array of dtype {dtype} does not cross")
        lengths = [_int(n) for n in _list(shape)]
        if len(lengths) > 32 or any(n < 0 for n in lengths):
            raise WireError(f"an array has at most 32 axes of 0 or more (got {len(lengths)})")
        size = dtype.itemsize
        for n in lengths:
            size *= n
        if size > len(self.body) - self.position:
            raise WireError("an array is larger than its frame")
        count = size // dtype.itemsize if dtype.itemsize else 0
        flat = (
            np.frombuffer(self.body, dtype, count=count, offset=self.position)
            if count
            else np.empty(0, dtype)
        )
        self.position += size
        try:
            return flat.reshape(lengths).copy()
        except ValueError:
            raise WireError("an array's shape does not fit its bytes") from None

    def _layer(self, inner: Any, depth: int) -> LayerSpec:
        parts = _list(inner)
        if len(parts) != 4:
            raise WireError("a layer has four parts")
        name, config, shape, weights = parts
        settings = self.value(config, depth + 1)
        if type(settings) is not dict:
            raise WireError("a layer's configuration is a dict")
        return LayerSpec(
            _text(name),
            settings,
            None if shape is None else tuple(None if n is None else _int(n) for n in _list(shape)),
            None if weights is None else tuple(self._array(_array_tree(w)) for w in _list(weights)),
        )


def _array_tree(tree: Any) -> Any:
    if type(tree) is not dict or set(tree) != {"a"}:
        raise WireError("a layer's weights are arrays")
    return tree["a"]


def _list(tree: Any) -> list[Any]:
    if type(tree) is not list:
        raise WireError(f"a list was announced (got {type(tree).__name__})")
    return tree


def _pair(tree: Any) -> tuple[Any, Any]:
    items = _list(tree)
    if len(items) != 2:
        raise WireError(f"a pair was announced (got {len(items)} items)")
    return items[0], items[1]


def _int(tree: Any) -> int:
    if type(tree) is not int or tree.bit_length() > 63:
        raise WireError("a number of at most 63 bits was announced")
    return tree


def _text(tree: Any) -> str:
    if type(tree) is not str or len(tree) > 10_000:
        raise WireError("a short text was announced")
    return tree
