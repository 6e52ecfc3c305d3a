"""What a worker says about the student's code, kept to words that a student may read.

A worker that was tampered with can say anything, the input of a hidden call too.  So no text of it is
repeated: names must be known here or stand in the student's notebook, and lines are read from there.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from autograder.checking.stops import StudentError
from autograder.wire.channel import Message
from autograder.wire.values import Value

GENERATORS = ("numpy.random", "random")
MOST_NAMES = 8
LINE_CHARACTERS = 200
_WORD = re.compile(r"\w+")
_TYPES = frozenset(
    (
        *("function", "generator", "coroutine", "method", "builtin_function_or_method", "module", "ufunc"),
        *("partial", "ellipsis", "dict_keys", "dict_values", "dict_items", "list_iterator", "range_iterator"),
        *("Counter", "OrderedDict", "defaultdict", "deque", "count", "cycle", "repeat", "chain", "islice"),
        *(
            "ndarray",
            "matrix",
            "recarray",
            "MaskedArray",
            "MaskedConstant",
            "void",
            "datetime64",
            "longdouble",
        ),
        *("Generator", "RandomState", "DataFrame", "Series", "Index", "Tensor", "EagerTensor", "Variable"),
        *("SymbolicTensor", "KerasTensor", "RaggedTensor", "SparseTensor", "TensorShape", "History"),
        *("Path", "PosixPath", "Decimal", "Fraction", "Pattern", "Match", "SimpleNamespace"),
        *(name for name, kind in vars(builtins).items() if isinstance(kind, type)),
    )
)


@dataclass(frozen=True)
class Notebook:
    """The texts of the student's cells by their names: what they themselves wrote."""

    cells: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for text in self.cells.values() for word in _WORD.findall(text))

    def line(self, cell: str, number: int) -> str:
        """A line of a cell, counted from 1, without its indentation; "" where there is none."""
        lines = self.cells.get(cell, "").splitlines()
        return printable(lines[number - 1].strip()[:LINE_CHARACTERS]) if 0 < number <= len(lines) else ""


def student_error(reply: Message, notebook: Notebook) -> StudentError:
    """An exception's description as it came from the worker, every part of which may be a lie."""
    told = reply.get("ancestors")
    ancestors = tuple(name for name in (told if isinstance(told, list) else []) if _is_exception(name))
    name, cell, number = reply.get("type"), reply.get("cell"), reply.get("line")
    known_cell = cell if isinstance(cell, str) and cell in notebook.cells else ""
    line = notebook.line(known_cell, number) if isinstance(number, int) else ""
    return StudentError(
        name if isinstance(name, str) and _is_exception(name) else "",
        ancestors[:MOST_NAMES],
        known_cell,
        number if line and isinstance(number, int) else None,
        line,
    )


def type_name(name: str, notebook: Notebook) -> str:
    """The name of a type, where it is a known one or stands in the notebook; else ""."""
    return name if name in _TYPES or name in notebook.words else ""


def argument_names(told: Value, notebook: Notebook, known: frozenset[str]) -> tuple[str, ...]:
    """The arguments that the worker says were changed; one whose name nobody wrote is "(unnamed)"."""
    names = told if isinstance(told, list) else []
    kept = (
        name
        if isinstance(name, str) and (name in known or name in notebook.words or _numbered(name))
        else "(unnamed)"
        for name in names[:1000]
    )
    return tuple(dict.fromkeys(kept))[:MOST_NAMES]


def generators(told: Value) -> tuple[str, ...]:
    names = told if isinstance(told, list) else []
    return tuple(name for name in GENERATORS if name in names[:1000])


def printable(text: str) -> str:
    """The text without characters that act on a screen instead of being shown there."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _is_exception(name: Value) -> bool:
    kind = vars(builtins).get(name) if isinstance(name, str) else None
    return isinstance(kind, type) and issubclass(kind, BaseException)


def _numbered(name: str) -> bool:
    return re.fullmatch(r"argument [1-9][0-9]?", name) is not None
