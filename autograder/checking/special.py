"""An input that is special in one way: a function that raises for it alone is told so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.checking.stops import Stopped, failed
from autograder.checking.verdicts import Outcome


def special(
    function: Callable[..., Any], given: Sequence[Any], *, plain: Sequence[Any], seen: str, hint: str
) -> Any:
    """What the student's ``function`` returns for the arguments ``given``.

    Where it raises for them and not for ``plain``, the difference between the two is what it stumbles over:
    the check fails with ``seen``, which names that difference, and with the line that raised.
    """
    try:
        return function(*given)
    except Stopped as stopped:
        if stopped.outcome is not Outcome.RAISED or stopped.error is None:
            raise
        first = stopped
    try:
        function(*plain)
    except Stopped:
        raise first from None
    try:
        return function(*given)  # once more: a sentence shows the call that was made last
    except Stopped as stopped:
        if stopped.outcome is not Outcome.RAISED or stopped.error is None:
            raise
        raise failed(f"{seen}, and there {{call}} {stopped.error.sentence()}.", hint=hint) from None
