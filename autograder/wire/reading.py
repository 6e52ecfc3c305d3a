"""From one frame back to a value: everything is checked, nothing is run, no object is made by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.errors import WireError
from autograder.wire.values import (
    DTYPE,
    HEAD,
    INT_BITS,
    Callback,
    Handle,
    LayerSpec,
    Limits,
    Uncarriable,
    Value,
    are_small_ints,
    are_texts,
    check_sizes,
    check_text,
    is_odd_key,
    list_tree,
    pair_tree,
    shape_tree,
    text_tree,
    whole_tree,
)


def decode(frame: bytes | bytearray, limits: Limits | None = None) -> Value:
    """Read one frame back into a value; arrays are fresh and writable.

    Raises WireError for anything that ``encode`` would not have written within the limits.
    """
    limits = limits or Limits()
    if len(frame) < HEAD.size:
        raise WireError(f"a frame has at least {HEAD.size} bytes (got {len(frame)})")
    header_size, body_size = frame_sizes(bytes(frame[: HEAD.size]), limits)
    if len(frame) != HEAD.size + header_size + body_size:
        raise WireError(
            f"a frame of {HEAD.size + header_size + body_size} bytes was announced (got {len(frame)})"
        )
    view = memoryview(frame)[HEAD.size :]
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
    header_size, body_size = HEAD.unpack(head)
    check_sizes(header_size, body_size, limits)
    return header_size, body_size


class _Reader:
    def __init__(self, limits: Limits, body: memoryview) -> None:
        self.limits = limits
        self.body = body
        self.position = 0
        self.items = 0
        self.odd_keys = 0
        self._tags: dict[str, Callable[[Any, int], Value]] = {
            "f": self._float,
            "l": self._list,
            "t": lambda inner, depth: tuple(self._list(inner, depth)),
            "d": self._dict,
            "a": lambda inner, depth: self._array(inner),
            "s": lambda inner, depth: self._array(inner)[()],
            "h": lambda inner, depth: Handle(whole_tree(pair_tree(inner)[0]), text_tree(pair_tree(inner)[1])),
            "c": lambda inner, depth: Callback(whole_tree(inner)),
            "u": lambda inner, depth: Uncarriable(
                text_tree(pair_tree(inner)[0]), text_tree(pair_tree(inner)[1])
            ),
            "y": self._layer,
        }

    def value(self, tree: Any, depth: int) -> Value:
        self.items += 1
        if depth > self.limits.depth or self.items > self.limits.items:
            raise WireError("a value is nested too deep or has too many items")
        if tree is None or type(tree) is bool:
            return tree
        if type(tree) is int:
            if tree.bit_length() > INT_BITS:
                raise WireError(f"an int may have {INT_BITS} bits (got {tree.bit_length()})")
            return tree
        if type(tree) is str:
            check_text(tree, self.limits)
            return tree
        if type(tree) is dict and len(tree) == 1:
            ((tag, inner),) = tree.items()
            if tag in self._tags:
                return self._tags[tag](inner, depth)
        raise WireError("a frame's header holds something that is no value")

    def _list(self, inner: Any, depth: int) -> list[Value]:
        items = list_tree(inner)
        if are_small_ints(items) and depth < self.limits.depth:
            self.items += len(items)
            if self.items > self.limits.items:
                raise WireError("a value is nested too deep or has too many items")
            return items
        return [self.value(item, depth + 1) for item in items]

    def _float(self, inner: Any, depth: int) -> float:
        try:
            return float.fromhex(text_tree(inner))
        except (ValueError, OverflowError):
            raise WireError("a float is written in hexadecimal") from None

    def _dict(self, inner: Any, depth: int) -> dict[Value, Value]:
        result: dict[Value, Value] = {}
        for pair in list_tree(inner):
            key, value = pair_tree(pair)
            decoded = self.value(key, depth + 1)
            self.odd_keys += is_odd_key(decoded)
            if self.odd_keys > self.limits.odd_keys:
                raise WireError(
                    f"{self.limits.odd_keys} keys may be no text and no int (got {self.odd_keys})"
                )
            try:
                result[decoded] = self.value(value, depth + 1)
            except TypeError:
                raise WireError(f"a dict's key is hashable (got a {type(decoded).__name__})") from None
        return result

    def _array(self, inner: Any) -> np.ndarray:
        dtype_text, shape = pair_tree(inner)
        if DTYPE.fullmatch(text_tree(dtype_text)) is None:
            raise WireError("an array's dtype is one of those that cross")
        dtype = np.dtype(dtype_text)
        lengths = [whole_tree(n) for n in list_tree(shape)]
        if len(lengths) > 32 or any(n < 0 for n in lengths):
            raise WireError(f"an array has at most 32 axes of 0 or more (got {len(lengths)})")
        size = dtype.itemsize
        for n in lengths:
            size *= n
        if size > len(self.body) - self.position:
            raise WireError("an array is larger than its frame")
        count = size // dtype.itemsize
        try:
            flat = np.empty(0, dtype)
            if count:
                flat = _sound(np.frombuffer(self.body, dtype, count=count, offset=self.position).copy())
            array = flat.reshape(lengths)
        except ValueError:  # lengths whose product is 0, and beyond what NumPy can count
            raise WireError("an array's shape does not fit its bytes") from None
        self.position += size
        return array

    def _layer(self, inner: Any, depth: int) -> LayerSpec:
        parts = list_tree(inner)
        if len(parts) != 4:
            raise WireError("a layer has four parts")
        name, config, shape, weights = parts
        settings = self.value(config, depth + 1)
        if type(settings) is not dict:
            raise WireError("a layer's configuration is a dict")
        return LayerSpec(
            text_tree(name),
            settings,
            None if shape is None else tuple(shape_tree(shape) or ()),
            None if weights is None else tuple(self._array(_array_tree(w)) for w in list_tree(weights)),
        )


def _sound(array: np.ndarray) -> np.ndarray:
    """The array, with no byte in it that its dtype cannot mean: NumPy itself trusts them."""
    if array.dtype.kind == "b":
        return np.not_equal(array.view(np.uint8), 0)
    if array.dtype.kind == "U" and not are_texts(array):
        raise WireError("an array of texts is made of whole characters")
    return array


def _array_tree(tree: Any) -> Any:
    if type(tree) is not dict or set(tree) != {"a"}:
        raise WireError("a layer's weights are arrays")
    return tree["a"]
