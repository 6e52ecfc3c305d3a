"""The values that cross the wall, and how large they may be; their bytes are in ``writing`` and ``reading``.

A value is None, a bool, an int, a float, a str, a list, a tuple, a dict, a NumPy array or
scalar, or one of the three tokens below.  Nothing is ever pickled and no object is rebuilt
by name: what the judge decodes is data, whatever the worker sent.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from autograder.errors import WireError

Value: TypeAlias = Any
"""A value of the wire.  (A recursive alias would be exact, and every use of it a cast.)"""


@dataclass(frozen=True)
class Limits:
    """How large one value may be; the sizes are in bytes, the counts in items.

    A header of ``header_bytes`` can take twenty times as much memory once it is parsed: keep it small.
    ``odd_keys`` bounds the keys of dicts that are neither texts nor ordinary ints, because their
    hashes can be chosen so that every insertion is slower than the one before.
    """

    frame_bytes: int = 256 * 2**20
    header_bytes: int = 16 * 2**20
    items: int = 1_000_000
    depth: int = 16
    text_characters: int = 1_000_000
    odd_keys: int = 10_000


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


HEAD = struct.Struct("<II")
INT_BITS = 128
DTYPE = re.compile(
    r"\|b1|[|<>][iu]1|[<>][iu][248]|[<>]f[248]|[<>]c(8|16)|\|S[1-9][0-9]{0,5}|[<>]U[1-9][0-9]{0,5}"
)
_HALF = re.compile("[\ud800-\udfff]")


def crosses(dtype: np.dtype[Any]) -> bool:
    """Whether arrays of this dtype are values: bool, ints, floats to 64 bits, complex, bytes, texts."""
    return not dtype.hasobject and DTYPE.fullmatch(dtype.str) is not None


def is_odd_key(key: Value) -> bool:
    """Whether a dict's key counts against ``Limits.odd_keys``."""
    return type(key) is not str and not (type(key) is int and key.bit_length() <= 60)


def are_small_ints(items: list[Value] | tuple[Value, ...]) -> bool:
    """Whether these are plain ints that may cross: ids come by the ten thousand, and need no look each."""
    return set(map(type, items)) == {int} and all(
        number.bit_length() <= INT_BITS for number in (min(items), max(items))
    )


def is_text(text: str) -> bool:
    """Whether a str can be written as UTF-8: half of a surrogate pair can not, and would stop a report."""
    return text.isascii() or _HALF.search(text) is None


def are_texts(array: np.ndarray) -> bool:
    """The same for an array of texts: NumPy itself trusts what its bytes say."""
    points = array.reshape(-1).view(array.dtype.byteorder.replace("|", "=") + "u4")
    return not bool(((points > 0x10FFFF) | ((points >= 0xD800) & (points <= 0xDFFF))).any())


def check_sizes(header_size: int, body_size: int, limits: Limits) -> None:
    if header_size > limits.header_bytes:
        raise WireError(f"a value's header may have {limits.header_bytes} bytes (got {header_size})")
    if header_size + body_size > limits.frame_bytes:
        raise WireError(f"a value may have {limits.frame_bytes} bytes (got {header_size + body_size})")


def check_text(text: str, limits: Limits) -> None:
    if len(text) > limits.text_characters:
        raise WireError(f"a text may have {limits.text_characters} characters (got {len(text)})")
    if not is_text(text):
        raise WireError("a text is made of whole characters (got half a surrogate pair)")


def list_tree(tree: Any) -> list[Any]:
    if type(tree) is not list:
        raise WireError(f"a list was announced (got {type(tree).__name__})")
    return tree


def pair_tree(tree: Any) -> tuple[Any, Any]:
    items = list_tree(tree)
    if len(items) != 2:
        raise WireError(f"a pair was announced (got {len(items)} items)")
    return items[0], items[1]


def shape_tree(tree: Any) -> list[int | None] | None:
    return None if tree is None else [None if n is None else whole_tree(n) for n in list_tree(tree)]


def whole_tree(tree: Any) -> int:
    if type(tree) is not int or tree.bit_length() > 63:
        raise WireError("a number of at most 63 bits was announced")
    return tree


def text_tree(tree: Any) -> str:
    if type(tree) is not str or len(tree) > 10_000 or not is_text(tree):
        raise WireError("a short text was announced")
    return tree
