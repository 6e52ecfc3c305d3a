"""The visible checks below each exercise: one line per check, then how many pass.

You may read this file; it holds no secret.  The points come from hidden checks that run at grading.
"""

import ast
import contextlib
import io
import linecache
import re
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np

Check = Callable[[Callable[..., Any], str], tuple[str, str]]
"""Takes the function and its name; returns what was checked and, where it does not pass, what was seen."""


class NotYet(Exception):
    """Says in one sentence what does not pass yet; Jupyter shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def run_checks(function: Callable[..., Any], *checks: Check) -> None:
    """Run each check on `function`, print a line for each, and say how many pass.

    Raises NotYet, one sentence, when a check does not pass.
    """
    name = getattr(function, "__name__", "this")
    passed = 0
    for check in checks:
        try:
            # a warning must not look like a failure, so what goes to stderr stays here
            with contextlib.redirect_stderr(io.StringIO()):
                title, complaint = check(function, name)
        except NotImplementedError as error:
            missing = _unwritten(error) or name
            sentence = f"{missing} is not written yet: fill in its cell above, then run this cell again."
            raise NotYet(sentence) from None
        print(f"no   {title}\n     {complaint}" if complaint else f"ok   {title}")
        passed += not complaint
    print(f"visible checks {passed}/{len(checks)} — hidden checks run at grading")
    if passed < len(checks):
        raise NotYet(f"{name}: {len(checks) - passed} of {len(checks)} visible checks do not pass yet.")


def say_what_is_missing() -> None:
    """In Jupyter, end a cell that needs a function not yet written in one sentence, without a traceback.

    The same for a cell that needs a name which such a cell would have made.  Every other error is shown
    as always.
    """
    shell = _shell()
    if shell is None:
        return
    waiting: dict[str, str] = {}  # name that no cell has made yet -> the function that it waits for

    def show(
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
        tb_offset: int | None = None,
    ) -> None:
        function, name = _unwritten(error), _unknown(error)
        if function:
            sentence = f"This cell needs {function}, which is not written yet: fill in its cell above first."
        elif name in waiting:
            function = waiting[name]
            sentence = (
                f"This cell needs {name} from a cell above that waits for {function}: run that cell first."
            )
        else:
            shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
            return
        made = _names_made(shell.user_ns["In"][-1]) - set(shell.user_ns)
        waiting.update(dict.fromkeys(made, function))
        shell.showtraceback((NotYet, NotYet(sentence), None))

    shell.set_custom_exc((NotImplementedError, NameError), show)


def gives(*arguments: Any, result: Any) -> Check:
    """The function returns `result`; a tuple or an array counts as a list, floats may be off by 1e-9."""
    return _gives(arguments, "gives", _plain(result), within=1e-9)


def gives_about(*arguments: Any, result: Any, within: float = 1e-4) -> Check:
    """The function returns these numbers, each to `within`."""
    return _gives(arguments, "gives about", _plain(result), within)


def has_shape(*arguments: Any, shape: tuple[int, ...]) -> Check:
    """The function returns an array of this shape."""

    def judge(value: Any) -> str:
        received = tuple(value.shape) if hasattr(value, "shape") else None
        return "" if received == shape else f"yours has shape {received}"

    return _check(arguments, f"has shape {shape}", judge)


def has_dtype(*arguments: Any, dtype: str) -> Check:
    """The function returns an array of this dtype."""

    def judge(value: Any) -> str:
        received = np.asarray(value).dtype.name
        return "" if received == dtype else f"yours has dtype {received}"

    return _check(arguments, f"has dtype {dtype}", judge)


def refuses(*arguments: Any, error: type[Exception]) -> Check:
    """The function raises `error`."""

    def check(function: Callable[..., Any], name: str) -> tuple[str, str]:
        title = f"{_call(name, arguments)} raises {error.__name__}"
        try:
            value = function(*arguments)
        except NotImplementedError:
            raise
        except Exception as raised:
            return title, "" if isinstance(raised, error) else f"yours raises {type(raised).__name__}"
        return title, f"yours gives {_short(_plain(value))}"

    return check


def leaves_unchanged(*arguments: Any) -> Check:
    """The function does not change its arguments."""
    before = repr(arguments)

    def judge(_: Any) -> str:
        return "" if repr(arguments) == before else f"they are now {_short(arguments)}"

    return _check(arguments, "leaves its arguments unchanged", judge)


def model_has(*arguments: Any, **wanted: Any) -> Check:
    """The function returns a Keras model with this `input_shape`, `output_shape` or `parameters`."""

    def judge(model: Any) -> str:
        received = {key: _property(model, key) for key in wanted}
        return "" if received == wanted else f"yours has {_listed(received)}"

    return _check(arguments, f"has {_listed(wanted)}", judge)


def _gives(arguments: tuple[Any, ...], verb: str, wanted: Any, within: float) -> Check:
    def judge(value: Any) -> str:
        received = _plain(value)
        if _near(received, wanted, within):
            return ""
        if isinstance(received, dict) and isinstance(wanted, dict) and received.keys() == wanted.keys():
            wrong = {key for key in wanted if not _near(received[key], wanted[key], within)}
            received = {key: value for key, value in received.items() if key in wrong}
        return f"yours gives {_result(_rounded(received) if within >= 1e-4 else received)}"

    return _check(arguments, f"{verb} {_result(wanted)}", judge)


def _check(arguments: tuple[Any, ...], claim: str, judge: Callable[[Any], str]) -> Check:
    def check(function: Callable[..., Any], name: str) -> tuple[str, str]:
        title = f"{_call(name, arguments)} {claim}"
        try:
            return title, judge(function(*arguments))
        except NotImplementedError:
            raise
        except Exception as error:
            text = " ".join(str(error).split())[:120]
            return title, f"yours raises {type(error).__name__}: {text}"

    return check


def _shell() -> Any:
    """The running IPython; None in plain Python."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _unwritten(error: BaseException) -> str:
    """The function whose starter line raised this; "" for any other error."""
    frame, line = _place(error)
    text = linecache.getline(frame.f_code.co_filename, line).strip() if frame else ""
    return frame.f_code.co_name if text == "raise NotImplementedError()" else ""


def _unknown(error: BaseException) -> str:
    """The name that a cell, outside of its functions, does not find; "" for any other error."""
    frame, _ = _place(error)
    if isinstance(error, NameError) and frame and frame.f_code.co_name.startswith("<"):
        return error.name or ""
    return ""


def _place(error: BaseException) -> tuple[Any, int]:
    """Where it was raised: the innermost frame, and the line there."""
    frame, line, trace = None, 0, error.__traceback__
    while trace:
        frame, line, trace = trace.tb_frame, trace.tb_lineno, trace.tb_next
    return frame, line


def _names_made(source: str) -> set[str]:
    """The names that a cell gives a value, or a function."""
    nodes = list(ast.walk(ast.parse(source)))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def _property(model: Any, key: str) -> Any:
    if key == "parameters":
        return model.count_params() if getattr(model, "built", False) else None
    value = getattr(model, key, None)
    return tuple(value) if isinstance(value, (list, tuple)) else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "numpy"):
        value = value.numpy()
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _near(received: Any, wanted: Any, within: float) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(received, list)
            and len(received) == len(wanted)
            and all(_near(item, other, within) for item, other in zip(received, wanted, strict=True))
        )
    if isinstance(wanted, dict):
        return (
            isinstance(received, dict)
            and received.keys() == wanted.keys()
            and all(_near(received[key], wanted[key], within) for key in wanted)
        )
    if isinstance(wanted, (int, float)):
        return isinstance(received, (int, float)) and abs(received - wanted) <= within
    return bool(received == wanted)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value


def _result(value: Any) -> str:
    text = _short(value)
    return _short(_rounded(value), width=110) if text.endswith("…") else text


def _call(name: str, arguments: tuple[Any, ...]) -> str:
    return f"{name}({', '.join(_short(argument) for argument in arguments)})"


def _listed(properties: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in properties.items())


def _short(value: Any, width: int = 72) -> str:
    if callable(value) and hasattr(value, "__name__"):
        return str(value.__name__)
    if isinstance(value, np.ndarray):
        return repr(_rounded(value.tolist())) if value.size <= 4 else f"array of shape {value.shape}"
    if hasattr(value, "count_params"):  # Keras' own text says nothing that helps here
        return type(value).__name__
    text = re.sub(r"\n\s*", " ", repr(value))
    return text if len(text) <= width else text[: width - 1] + "…"
