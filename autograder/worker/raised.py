"""What may be told about an exception of the student's code: its type, and the line of theirs that raised it.

Never its text, when hidden arguments were in play: the text can repeat them.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from types import TracebackType
from typing import Any

NAME_CHARACTERS = 60
LINE_CHARACTERS = 200
TEXT_CHARACTERS = 1000

Sources = Mapping[str, tuple[str, list[str]]]
"""File name → name of the cell, lines of the cell."""


def clean_name(name: object) -> str:
    """A type's name as letters, digits, dots and underscores, cut; "unnamed" when nothing is left."""
    text = str.__str__(name) if isinstance(name, str) else ""
    kept = "".join(c for c in text[:NAME_CHARACTERS] if c.isalnum() or c in "._")
    return kept or "unnamed"


def type_name(kind: type) -> str:
    # type.__dict__ and not kind.__name__: a metaclass may lie, or raise
    return clean_name(type.__dict__["__name__"].__get__(kind))


def whole(text: str) -> str:
    """The text as a plain str, halves of surrogate pairs replaced: they cannot cross."""
    return str.__str__(text).encode("utf-8", "replace").decode("utf-8")


def describe_type(error: BaseException) -> dict[str, Any]:
    """{"type", "builtin", "ancestors"}; the last names the built-in types that it is or derives from."""
    kinds = type.__dict__["__mro__"].__get__(type(error))
    ancestors = [type_name(kind) for kind in kinds if _is_builtin(kind) and kind is not object]
    return {"type": type_name(type(error)), "builtin": _is_builtin(type(error)), "ancestors": ancestors}


def raised(error: BaseException, sources: Sources) -> dict[str, Any]:
    """The *result* of a call that raised ``error``."""
    cell, line, text = own_line(error, sources)
    return {"outcome": "raised", **describe_type(error), "cell": cell, "line": line, "text": text}


def error_of_cell(error: BaseException, sources: Sources) -> dict[str, Any]:
    """The "error" of a cell's reply: {"type", "builtin", "ancestors", "cell", "line", "text"}."""
    result = raised(error, sources)
    del result["outcome"]
    return result


def own_line(error: BaseException, sources: Sources) -> tuple[str | None, int | None, str]:
    """(cell, line, text) of the innermost frame that belongs to a cell; (None, None, "") without one."""
    found: tuple[str, int] | None = None
    if issubclass(type(error), SyntaxError):
        # vars() and not error.filename: a subclass may answer with anything, or never
        file_name, line = (vars(SyntaxError)[name].__get__(error) for name in ("filename", "lineno"))
        if type(file_name) is str and type(line) is int and file_name in sources:
            found = (file_name, line)
    if found is None:
        trace: TracebackType | None = vars(BaseException)["__traceback__"].__get__(error)
        while trace is not None:
            file_name = trace.tb_frame.f_code.co_filename
            if file_name in sources and trace.tb_lineno is not None:
                found = (file_name, trace.tb_lineno)
            trace = trace.tb_next
    if found is None:
        return None, None, ""
    cell, lines = sources[found[0]]
    text = lines[found[1] - 1] if 0 < found[1] <= len(lines) else ""
    return cell, found[1], whole(text.strip()[:LINE_CHARACTERS])


def plain_text(error: BaseException) -> str:
    """The text of an exception that a *cell* raised, where no hidden argument can be; cut."""
    return whole(str(error))[:TEXT_CHARACTERS]


def _is_builtin(kind: type) -> bool:
    return vars(builtins).get(type.__dict__["__name__"].__get__(kind)) is kind
