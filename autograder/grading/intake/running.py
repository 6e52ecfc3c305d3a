"""Which pieces the worker runs, and which exercises are untouched or absent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from autograder.grading.intake import code
from autograder.grading.intake.rebuilding import Piece, Run
from autograder.grading.intake.release import Role
from autograder.grading.intake.result import Cell


def cells_to_run(pieces: Sequence[Piece], exercises: frozenset[str]) -> tuple[Cell, ...]:
    """The code cells to run, in order; a demo cell is among them when another cell needs a name of it."""
    code_pieces = [piece for piece in pieces if piece.kind == "code" and piece.source.strip()]
    written = _written_elsewhere(code_pieces)
    running = [
        piece.run is Run.YES
        and not (_is_stub(piece) and piece.slot is not None and piece.slot.functions <= written)
        for piece in code_pieces
    ]
    names = [code.names(piece.source) for piece in code_pieces]
    known = _Known()
    for place, runs in enumerate(running):
        if runs:
            known.add(place, names[place])
    grown = True
    while grown:
        grown = False
        for place, piece in enumerate(code_pieces):
            asked = piece.run is Run.IF_NEEDED and not running[place]
            if asked and known.needs(place, names[place], exercises):
                running[place] = grown = True
                known.add(place, names[place])
    chosen = [piece for piece, runs in zip(code_pieces, running, strict=True) if runs]
    return tuple(Cell(piece.name, piece.source) for piece in chosen)


def untouched_and_absent(
    pieces: Sequence[Piece], exercises: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Exercises whose cell is still the stub, and those that have no cell; a cell elsewhere is a cell."""
    untouched: set[str] = set()
    absent: set[str] = set()
    written = _written_elsewhere(pieces)
    for piece in pieces:
        if piece.slot is None or piece.slot.role is not Role.SOLUTION:
            continue
        asked = (piece.slot.functions | {piece.slot.name}) & exercises - written
        if piece.raw is None:
            absent |= asked
        elif code.same_code(piece.source, piece.slot.source):
            untouched |= asked
    return frozenset(untouched), frozenset(absent)


def _is_stub(piece: Piece) -> bool:
    slot = piece.slot
    return slot is not None and slot.role is Role.SOLUTION and code.same_code(piece.source, slot.source)


def _written_elsewhere(pieces: Sequence[Piece]) -> frozenset[str]:
    """Functions that are defined by a running cell which was not handed out for them."""
    written: set[str] = set()
    for piece in pieces:
        if piece.run is Run.YES and piece.kind == "code" and not piece.handed_out and not _is_stub(piece):
            own = piece.slot.functions if piece.slot is not None else frozenset()
            written |= code.functions(piece.source) - own
    return frozenset(written)


@dataclass
class _Known:
    """Names of the cells that run: by name, how late one reads it, and how early one binds or needs it."""

    last_reader: dict[str, int] = field(default_factory=dict)
    first_later_reader: dict[str, int] = field(default_factory=dict)
    first_import: dict[tuple[str, str], int] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)

    def add(self, place: int, names: code.Names) -> None:
        """Count the cell at ``place`` among those that run."""
        for name in names.now | names.later:
            self.last_reader[name] = max(place, self.last_reader.get(name, place))
        for name in names.later:
            self.first_later_reader[name] = min(place, self.first_later_reader.get(name, place))
        for pair in names.imports:
            self.first_import[pair] = min(place, self.first_import.get(pair, place))
        self.bound |= names.binds

    def needs(self, place: int, names: code.Names, exercises: frozenset[str]) -> bool:
        """Whether a running cell reads a name of the cell at ``place`` that it would not have otherwise."""
        # `import numpy as np` once more is no reason to run a long training
        imported = {pair[0] for pair in names.imports if self.first_import.get(pair, place) < place}
        return any(
            self.last_reader.get(name, place) > place
            or (name not in self.bound and self.first_later_reader.get(name, place) < place)
            for name in names.binds - exercises - imported
        )
