"""What a check expects of an answer: each function passes in silence or stops the check with one sentence.

A sentence says what was received, in the course's words, and never what was expected
beyond the contract; ``hint`` says where to look, never the answer.  ``confusions`` are wrong
answers that students really give: sentence -> the value that this mistake would return.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.checking import comparing, naming
from autograder.checking.models import Model
from autograder.checking.stops import Stopped, failed
from autograder.checking.verdicts import Outcome
from autograder.checking.wall import CallReport


def array(
    got: Any,
    want: np.ndarray,
    *,
    axes: str,
    hint: str,
    dtype: str | None = None,
    atol: float = 0.0,
    rtol: float = 0.0,
    confusions: Mapping[str, np.ndarray] | None = None,
) -> None:
    """``got`` is an array with the shape and values of ``want``.

    Looked at in this order: kind, known confusions, number of axes, each named axis, dtype, values.

    Args:
        got: what the student's function returned.
        want: the reference's answer.
        axes: the axes' names in order, such as ``"batch time depth"``; ``"..."`` first stands for any others.
        hint: where to look.
        dtype: "float32" or another exact name, "integer" for any integer dtype, None for no check.
        atol, rtol: absolute and relative tolerance of each value.
        confusions: sentence -> the array that this mistake would return.
    """
    names = naming.axis_names(axes, want.ndim)
    if not isinstance(got, np.ndarray):
        if not isinstance(got, np.generic) or want.ndim:
            raise failed(f"{{call}} returned {naming.kind(got)}, where a NumPy array is asked.", hint=hint)
        got = np.asarray(got)
    if comparing.same_array(got, want, atol=atol, rtol=rtol):
        _dtype(got, dtype, hint)
        return
    for sentence, wrong in (confusions or {}).items():
        if comparing.same_array(got, np.asarray(wrong), atol=atol, rtol=rtol):
            raise failed(sentence, hint=hint)
    confused = comparing.known_confusion(got, want, names, atol=atol, rtol=rtol)
    if confused:
        raise failed(f"{{call}} returned shape {naming.shape(got)}; {confused}.", hint=hint)
    problem = comparing.shape_problem(got, want, names)
    if problem:
        raise failed(f"{{call}} returned shape {naming.shape(got)}; {problem}.", hint=hint)
    _dtype(got, dtype, hint)
    raise failed(
        f"{{call}} has the right shape, but {comparing.value_problem(got, want, atol, rtol)}.", hint=hint
    )


def arrays(
    got: Any,
    want: Mapping[str, np.ndarray],
    *,
    axes: Mapping[str, str],
    hint: str,
    dtype: str | None = None,
    atol: float = 0.0,
    rtol: float = 0.0,
    confusions: Mapping[str, Sequence[np.ndarray]] | None = None,
) -> None:
    """``got`` holds the arrays of ``want`` in that order, such as outputs, h_T and c_T; list or tuple.

    ``axes`` and ``want`` go by the arrays' names; a confusion is what a mistake would return as a whole.
    The other arguments are those of ``array``, and so is the order in which things are looked at.
    """
    names = " and ".join(filter(None, [", ".join([*want][:-1]), [*want][-1]]))
    if not isinstance(got, list | tuple | np.ndarray) or (isinstance(got, np.ndarray) and got.ndim == 0):
        raise failed(f"{{call}} returned {naming.kind(got)}, where {names} are asked.", hint=hint)
    for sentence, wrong in (confusions or {}).items():
        if _same_arrays(got, wrong, atol, rtol) and not _same_arrays(got, [*want.values()], atol, rtol):
            raise failed(sentence, hint=hint)
    if len(got) != len(want):
        received = naming.kind(got) if isinstance(got, np.ndarray) else f"{len(got)} values"
        raise failed(f"{{call}} returned {received}, where {len(want)} are asked: {names}.", hint=hint)
    for item, (name, wanted) in zip(got, want.items(), strict=True):
        try:
            array(item, wanted, axes=axes[name], hint=hint, dtype=dtype, atol=atol, rtol=rtol)
        except Stopped as stopped:
            raise failed(stopped.message.replace("{call}", f"`{name}` of {{call}}"), hint=hint) from None


def equal(
    got: Any,
    want: Any,
    *,
    hint: str,
    atol: float = 0.0,
    confusions: Mapping[str, Any] | None = None,
) -> None:
    """``got`` equals ``want``: lists, dicts, texts, numbers, nested.

    A tuple or array equals a list, a NumPy scalar a number.  ``atol`` is the absolute tolerance of numbers.
    """
    received, wanted = comparing.plain(got), comparing.plain(want)
    if comparing.same_plain(received, wanted, atol):
        return
    for sentence, wrong in (confusions or {}).items():
        if comparing.same_plain(received, comparing.plain(wrong), atol):
            raise failed(sentence, hint=hint)
    raise failed(f"{{call}} {comparing.difference(received, wanted, atol)}.", hint=hint)


def that(condition: Any, seen: str, *, hint: str) -> None:
    """``condition`` holds; ``seen`` is the whole sentence that the student reads when it does not."""
    if not (isinstance(condition, bool | np.bool_) and bool(condition)):
        raise failed(seen, hint=hint)


def raises(
    error: type[Exception] | tuple[type[Exception], ...],
    function: Callable[..., Any],
    *args: Any,
    hint: str,
    otherwise: str = "",
    **kwargs: Any,
) -> None:
    """Calling the student's ``function`` with these arguments raises ``error`` (or one derived from it).

    ``otherwise`` is the sentence for a call that returns; without it the sentence names the exception asked.
    """
    asked = error if isinstance(error, tuple) else (error,)
    names = " or ".join(kind.__name__ for kind in asked)
    try:
        value = function(*args, **kwargs)
    except Stopped as stopped:
        if stopped.outcome is not Outcome.RAISED or stopped.error is None:
            raise
        if any(_derives(name, asked) for name in stopped.error.ancestors):
            return
        raise failed(f"{{call}} {stopped.error.sentence()}; {names} is asked here.", hint=hint) from None
    raise failed(otherwise or f"{{call}} returned {naming.kind(value)}; {names} is asked here.", hint=hint)


def unchanged(report: CallReport, *, hint: str) -> None:
    """The call left its arguments as they were."""
    if report.changed:
        raise failed(f"{{call}} changed its argument {' and '.join(report.changed)}.", hint=hint)


def own_generator(report: CallReport, *, hint: str) -> None:
    """The call drew its random numbers from a generator of its own: the global ones are as they were."""
    if report.generators:
        raise failed(
            f"{{call}} changed the global generator of {' and '.join(report.generators)}, "
            "so every random number that is drawn after it changes too.",
            hint=hint,
        )


def model(value: Any, *, hint: str) -> Model:
    """``value`` is a Keras model; returns it as such."""
    if isinstance(value, Model):
        return value
    raise failed(f"{{call}} returned {naming.kind(value)}, where a Keras model is asked.", hint=hint)


def sequence(value: Any, *, hint: str) -> Sequence[Any]:
    """``value`` is a list, a tuple or an array of at least one axis; returns it as a list."""
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, np.ndarray) and value.ndim:
        return list(value)
    raise failed(f"{{call}} returned {naming.kind(value)}, where a list is asked.", hint=hint)


def mapping(value: Any, *, hint: str) -> dict[Any, Any]:
    """``value`` is a dict; returns it."""
    if isinstance(value, dict):
        return value
    raise failed(f"{{call}} returned {naming.kind(value)}, where a dict is asked.", hint=hint)


def _same_arrays(got: Any, want: Sequence[np.ndarray], atol: float, rtol: float) -> bool:
    return len(got) == len(want) and all(
        isinstance(item, np.ndarray) and comparing.same_array(item, np.asarray(wanted), atol=atol, rtol=rtol)
        for item, wanted in zip(got, want, strict=True)
    )


def _dtype(got: np.ndarray, dtype: str | None, hint: str) -> None:
    if dtype is None or got.dtype.name == dtype or (dtype == "integer" and got.dtype.kind in "iu"):
        return
    asked = "an integer dtype" if dtype == "integer" else dtype
    raise failed(f"{{call}} returned dtype {got.dtype.name}, where {asked} is asked.", hint=hint)


def _derives(name: str, asked: tuple[type[Exception], ...]) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, asked)
