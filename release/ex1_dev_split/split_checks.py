"""Visible checks for a split of rows, beside `visible_checks.py`; you may read them, they hold no secret.

Each takes the arguments that your function is called with, and looks at the pair that comes back.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Check = Callable[[Callable[..., Any], str], tuple[str, str]]


def has_each_row_once(*arguments: Any) -> Check:
    """Train and dev together hold each row number exactly once."""

    def judge(function: Callable[..., Any]) -> str:
        train, dev = _sides(function(*arguments))
        rows = np.sort(np.concatenate([train, dev])).tolist()
        return "" if rows == list(range(len(arguments[0]))) else f"yours holds the rows {_short(rows)}"

    return _check(arguments, "has each row once", judge)


def has_dev_rows(*arguments: Any, of_class: dict[int, int]) -> Check:
    """Dev holds this many rows of each class."""

    def judge(function: Callable[..., Any]) -> str:
        _, dev = _sides(function(*arguments))
        labels = np.asarray(arguments[0])[dev]
        received = {label: int((labels == label).sum()) for label in of_class}
        return "" if received == of_class else f"your dev has {received}"

    return _check(arguments, f"has dev rows {of_class}", judge)


def cuts_no_group(*arguments: Any) -> Check:
    """No group has rows on both sides."""

    def judge(function: Callable[..., Any]) -> str:
        train, dev = _sides(function(*arguments))
        groups = np.asarray(arguments[1])
        both = sorted(set(groups[train].tolist()) & set(groups[dev].tolist()))
        return f"on both sides: {_short(both)}" if both else ""

    return _check(arguments, "cuts no group", judge)


def has_two_sides(*arguments: Any) -> Check:
    """Neither train nor dev is empty."""

    def judge(function: Callable[..., Any]) -> str:
        train, dev = _sides(function(*arguments))
        return "" if len(train) and len(dev) else f"yours has {len(train)} and {len(dev)} rows"

    return _check(arguments, "has rows on both sides", judge)


def is_the_same_again(*arguments: Any) -> Check:
    """Two calls with the same arguments give the same split."""

    def judge(function: Callable[..., Any]) -> str:
        first, second = (_sides(function(*arguments)) for _ in range(2))
        same = all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
        return "" if same else "two calls give two different splits"

    return _check(arguments, "is the same again", judge)


def changes_with_the_seed(*arguments: Any, seeds: tuple[int, int]) -> Check:
    """The two seeds, as the last argument, give two different dev sets."""

    def judge(function: Callable[..., Any]) -> str:
        first, second = (set(_sides(function(*arguments, seed))[1].tolist()) for seed in seeds)
        return "" if first != second else "both seeds give the same dev set"

    return _check(arguments, f"changes with the seeds {seeds}", judge)


def _sides(value: Any) -> tuple[np.ndarray, np.ndarray]:
    train, dev = value
    return np.asarray(train, dtype=int), np.asarray(dev, dtype=int)


def _check(arguments: tuple[Any, ...], claim: str, judge: Callable[[Callable[..., Any]], str]) -> Check:
    def check(function: Callable[..., Any], name: str) -> tuple[str, str]:
        title = f"{name}({', '.join(_short(argument) for argument in arguments)}) {claim}"
        try:
            return title, judge(function)
        except NotImplementedError:
            raise
        except Exception as error:  # whatever an unfinished function does is one line of the list
            return title, f"yours raises {type(error).__name__}: {' '.join(str(error).split())[:120]}"

    return check


def _short(value: Any, width: int = 56) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= width else text[: width - 1] + "…"
