"""From a value to one frame: two lengths, a JSON tree, the arrays' raw bytes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from autograder.errors import WireError
from autograder.wire.values import (
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
    crosses,
    is_odd_key,
    shape_tree,
    text_tree,
    whole_tree,
)


def encode(value: Value, limits: Limits | None = None) -> bytes:
    """Write ``value`` as one frame.

    Raises WireError where the value is too large, too deep, or of a type that does not cross.
    """
    writer = _Writer(limits or Limits())
    header = json.dumps(writer.tree(value, 0), separators=(",", ":")).encode("ascii")
    check_sizes(len(header), writer.bytes, writer.limits)
    return b"".join([HEAD.pack(len(header), writer.bytes), header, *writer.buffers])


class _Writer:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.buffers: list[bytes | memoryview] = []
        self.items = 0
        self.bytes = 0
        self.odd_keys = 0

    def tree(self, value: Value, depth: int) -> Any:
        self._count(depth)
        if value is None or type(value) is bool:
            return value
        if type(value) is int:
            if value.bit_length() > INT_BITS:
                raise WireError(f"an int may have {INT_BITS} bits (got {value.bit_length()})")
            return value
        if type(value) is float:
            return {"f": value.hex()}
        if type(value) is str:
            check_text(value, self.limits)
            return value
        if type(value) in (list, tuple):
            return {"t" if type(value) is tuple else "l": self._items(value, depth)}
        if type(value) is dict:
            self.odd_keys += sum(map(is_odd_key, value))
            if self.odd_keys > self.limits.odd_keys:
                raise WireError(
                    f"{self.limits.odd_keys} keys may be no text and no int (got {self.odd_keys})"
                )
            return {"d": [[self.tree(k, depth + 1), self.tree(v, depth + 1)] for k, v in value.items()]}
        if isinstance(value, np.ndarray | np.generic):
            return self._array(value)
        return self._token(value, depth)

    def _items(self, value: list[Value] | tuple[Value, ...], depth: int) -> list[Any]:
        if are_small_ints(value) and depth < self.limits.depth:
            self.items += len(value) - 1
            self._count(depth + 1)
            return list(value)
        return [self.tree(item, depth + 1) for item in value]

    def _count(self, depth: int) -> None:
        self.items += 1
        if depth > self.limits.depth:
            raise WireError(f"a value may be nested {self.limits.depth} deep")
        if self.items > self.limits.items:
            raise WireError(f"a value may have {self.limits.items} items")

    def _array(self, value: np.ndarray | np.generic) -> Any:
        # into a plain ndarray: a subclass cannot speak for itself here
        array = np.asarray(value, order="C")
        if not crosses(array.dtype):
            raise WireError(f"an array of dtype {array.dtype} does not cross")
        if array.dtype.kind == "U" and not are_texts(array):
            raise WireError("an array of texts is made of whole characters")
        self.bytes += array.nbytes
        if self.bytes > self.limits.frame_bytes:
            raise WireError(f"a value may have {self.limits.frame_bytes} bytes (got {self.bytes} and more)")
        # as it lies in memory: a training set is copied once, when the frame is put together
        self.buffers.append(array.reshape(-1).view(np.uint8).data if array.nbytes else b"")
        tag = "s" if isinstance(value, np.generic) else "a"
        return {tag: [array.dtype.str, list(array.shape)]}

    def _token(self, value: Value, depth: int) -> Any:
        if type(value) is Handle:
            return {"h": [whole_tree(value.number), text_tree(value.kind)]}
        if type(value) is Callback:
            return {"c": whole_tree(value.number)}
        if type(value) is Uncarriable:
            return {"u": [text_tree(value.type_name), text_tree(value.reason)]}
        if type(value) is LayerSpec:
            shape = shape_tree(None if value.input_shape is None else list(value.input_shape))
            weights = None if value.weights is None else [self._array(w) for w in value.weights]
            return {
                "y": [text_tree(value.class_name), self.tree(dict(value.config), depth + 1), shape, weights]
            }
        raise WireError(f"a value of type {type(value).__name__} does not cross")
