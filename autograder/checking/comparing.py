"""How a received answer differs from the reference's, and which known confusion explains it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.checking.naming import kind, short
from autograder.wire.values import Uncarriable


def same_array(got: np.ndarray, want: np.ndarray, *, atol: float, rtol: float) -> bool:
    """Equal shape, and equal values within the tolerance; dtypes may differ within numbers."""
    if got.shape != want.shape:
        return False
    if not (_numeric(got) and _numeric(want)):
        return bool(got.dtype.kind == want.dtype.kind and np.array_equal(got, want))
    return bool(_close(got, want, atol, rtol).all())


def known_confusion(
    got: np.ndarray, want: np.ndarray, names: Sequence[str], *, atol: float, rtol: float
) -> str:
    """A sentence for an answer that is right but for its axes; "" when none explains it."""

    def same(candidate: np.ndarray) -> bool:
        return same_array(got, candidate, atol=atol, rtol=rtol)

    axes = f"axes are ({', '.join(names)})"
    if want.ndim <= 5:
        for order in itertools.permutations(range(want.ndim)):
            moved = [i for i, axis in enumerate(order) if i != axis]
            if moved and same(want.transpose(order)):
                first, *rest = [names[i] for i in moved]
                return f"{axes}: {', '.join([first, *rest[:-1]])} and {rest[-1]} look exchanged"
    if same(want[..., np.newaxis]):
        return f"{axes}: there is an extra last axis of 1"
    if want.ndim and want.shape[0] == 1 and same(want[0]):
        return f"{axes}: the {names[0]} axis is missing"
    if want.ndim and same(want[np.newaxis]):
        return f"{axes}: there is an extra first axis of 1"
    if want.ndim > 2 and same(want.reshape(-1, want.shape[-1])):
        return f"{axes}: {' and '.join(names[:-1])} were flattened into one"
    if want.ndim > 1 and got.ndim == 1 and same(want.reshape(-1)):
        return f"{axes}: everything was flattened into one axis"
    return ""


def shape_problem(got: np.ndarray, want: np.ndarray, names: Sequence[str]) -> str:
    """What is wrong with the shape, the first axis that differs; "" when nothing is."""
    named = f"({', '.join(names)})"
    if got.ndim != want.ndim:
        count = f"{want.ndim} axes {named} are asked" if want.ndim != 1 else f"1 axis {named} is asked"
        return f"{count}, and it has {got.ndim}"
    for name, received, asked in zip(names, got.shape, want.shape, strict=True):
        if received != asked:
            return f"axes are {named}: {name} has {received}, and {asked} is asked"
    return ""


def value_problem(got: np.ndarray, want: np.ndarray, atol: float, rtol: float) -> str:
    """How many values differ and what stands at the first of them (never what should)."""
    if not _numeric(got):
        return f"its values are of dtype {got.dtype.name}, not numbers"
    wrong = ~_close(got, want, atol, rtol)
    missing = np.isnan(got) & ~np.isnan(want) if got.dtype.kind in "fc" else np.zeros(got.shape, bool)
    if missing.any():
        return f"{int(missing.sum())} of its {got.size} values are nan"
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    where = (
        f"the first at {list(place)}, where yours is {_rounded(got[place].item())}"
        if place
        else (f"yours is {_rounded(got.item())}")
    )
    return f"{int(wrong.sum())} of {got.size} values differ, {where}"


def _rounded(value: Any) -> str:
    """The value with the six digits that somebody reads."""
    return short(float(f"{value:.6g}") if isinstance(value, float) else value)


def plain(value: Any) -> Any:
    """The value with tuples and arrays as lists and NumPy scalars as numbers."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {
            plain(key) if isinstance(key, np.generic) else key: plain(item) for key, item in value.items()
        }
    return value


def same_plain(got: Any, want: Any, atol: float) -> bool:
    """Equality of plain values; numbers within ``atol``; nan equals only nan."""
    if _number(got) and _number(want):
        if got != got or want != want:
            return bool(got != got and want != want)
        return bool(got == want or abs(got - want) <= atol)
    if isinstance(got, list) and isinstance(want, list):
        return len(got) == len(want) and all(same_plain(g, w, atol) for g, w in zip(got, want, strict=True))
    if isinstance(got, dict) and isinstance(want, dict):
        return got.keys() == want.keys() and all(same_plain(got[key], want[key], atol) for key in want)
    return bool(type(got) is type(want) and got == want)


def difference(got: Any, want: Any, atol: float) -> str:
    """The first difference, as the end of a sentence that starts with the call."""
    if isinstance(got, Uncarriable) or (type(got) is not type(want) and not (_number(got) and _number(want))):
        return f"returned {kind(got)}, where {kind(want)} is asked"
    if isinstance(want, list):
        return _list_difference(got, want, atol)
    if isinstance(want, dict):
        return _dict_difference(got, want, atol)
    return f"returned {short(got)}, which is not right"


def _list_difference(got: list[Any], want: list[Any], atol: float) -> str:
    for i, (received, asked) in enumerate(zip(got, want, strict=False)):
        if same_plain(received, asked, atol):
            continue
        if isinstance(received, list) and isinstance(asked, list):
            return f"differs in item {i}: it {_list_difference(received, asked, atol)}"
        return f"has {short(received)} as item {i}, which is not right"
    items, are = ("item" if len(got) == 1 else "items"), ("is" if len(want) == 1 else "are")
    return f"has {len(got)} {items}, and {len(want)} {are} asked"


def _dict_difference(got: dict[Any, Any], want: dict[Any, Any], atol: float) -> str:
    extra = [key for key in got if key not in want]
    if extra:
        return (
            f"has a key {short(extra[0])} that does not belong there ({len(got)} keys, {len(want)} are asked)"
        )
    if len(got) != len(want):
        return f"has {len(got)} keys, and {len(want)} are asked"
    key = next(key for key in want if not same_plain(got[key], want[key], atol))
    return f"has {short(got[key])} for {short(key)}, which is not right"


def _close(got: np.ndarray, want: np.ndarray, atol: float, rtol: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        if atol == 0.0 and rtol == 0.0:
            return np.asarray((got == want) | (_nan(got) & _nan(want)))
        return np.asarray(np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True))


def _nan(array: np.ndarray) -> np.ndarray:
    return np.asarray(np.isnan(array)) if array.dtype.kind in "fc" else np.zeros(array.shape, bool)


def _numeric(array: np.ndarray) -> bool:
    return array.dtype.kind in "biufc"


def _number(value: Any) -> bool:
    return isinstance(value, bool | int | float)
