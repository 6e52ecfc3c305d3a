"""A call in a worker of its own, for a student's function that judges others: it can remember nothing
from one call to the next, and cannot ask the rest of the notebook.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.checking.submission import StudentFunction

# Whoever kept such a function under a second name meets the exception as well, so its code is replaced
# too.  Compiled under a name of its own: an error is then told by the student's line that made the call.
_TAKE_AWAY = """
def _not_here(*args, **kwargs):
    raise NotImplementedError("this function of the notebook is not available here")

for _name in {names}:
    _taken = globals().get(_name)
    if type(_taken) is type(_not_here) and not _taken.__code__.co_freevars:
        _taken.__defaults__ = _taken.__kwdefaults__ = None
        _taken.__code__ = _not_here.__code__
    globals()[_name] = _not_here
"""


def apart(function: StudentFunction, *args: Any, without: Sequence[str] = ()) -> Any:
    """Call ``function`` in a fresh worker, in which the notebook has just run; what it returns.

    Args:
        function: such as ``submission.my_property``.
        args: its arguments; a Python callable stays with the judge and is called back.
        without: names of the notebook that raise NotImplementedError during the call.
    Raises:
        Stopped: as for any call.  The worker is ended in every case.
    """
    wall = function.wall
    wall.close()
    try:
        if without:
            text = _TAKE_AWAY.format(names=list(without))
            source = f"exec(compile({text!r}, '<taken away>', 'exec'), globals())"
            seconds = wall.limits.call_seconds
            question = {"ask": "run_cell", "name": function.name, "source": source, "seconds": seconds}
            wall.ask(question, function.name, seconds)
        return function(*args)
    finally:
        wall.close()
