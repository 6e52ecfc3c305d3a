"""The released notebook as intake needs it: its marked cells, in order, each with what it is for."""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.grading.intake import code


class Role(enum.Enum):
    """What a marked cell of the release is for."""

    SOLUTION = "solution"  # a student writes code here
    ANSWER = "answer"  # a student writes here and a person grades it
    CHECKS = "checks"  # carries the points of an exercise
    LOCKED = "locked"  # handed out to be left alone


@dataclass(frozen=True)
class Slot:
    """One marked cell of the release; ``place`` is its position among all cells of the release."""

    name: str
    role: Role
    kind: str
    source: str
    metadata: Mapping[str, Any]
    id: str
    place: int

    @property
    def functions(self) -> frozenset[str]:
        """The functions that the student is asked to write in this cell."""
        if self.role is not Role.SOLUTION:
            return frozenset()
        defined = code.functions(self.source)
        return frozenset({self.name}) if self.name in defined else defined


@dataclass(frozen=True)
class Release:
    """``slots`` in order; ``sources`` are the texts of all cells; ``demos`` those of the demo cells."""

    slots: tuple[Slot, ...]
    sources: tuple[str, ...]
    demos: frozenset[str]
    metadata: Mapping[str, Any]
    minor: int


def read_release(path: Path) -> Release:
    """The release notebook at ``path``; it is ours, so nothing in it is doubted."""
    return _read(path.read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=16)
def _read(text: str) -> Release:
    """Taken apart once for a class; nobody writes into it."""
    notebook = nbformat.reads(text, as_version=4)
    slots = []
    for place, cell in enumerate(notebook.cells):
        role = _role(cell)
        if role is not None:
            metadata = dict(cell.metadata)
            name = cell.metadata["nbgrader"]["grade_id"]
            slots.append(Slot(name, role, cell.cell_type, cell.source, metadata, cell.get("id", ""), place))
    return Release(
        slots=tuple(slots),
        sources=tuple(cell.source for cell in notebook.cells),
        demos=frozenset(c.source.strip() for c in notebook.cells if "demo" in c.metadata.get("tags", ())),
        metadata=dict(notebook.metadata),
        minor=notebook.nbformat_minor,
    )


def _role(cell: Any) -> Role | None:
    mark = cell.metadata.get("nbgrader", {})
    if mark.get("grade") and mark.get("solution"):
        return Role.ANSWER
    if mark.get("grade"):
        return Role.CHECKS
    if mark.get("solution"):
        return Role.SOLUTION
    return Role.LOCKED if mark.get("locked") or mark.get("task") else None
