"""Which pieces the worker runs, and which exercises are untouched or absent."""

from __future__ import annotations

from collections.abc import Sequence

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
    grown = True
    while grown:
        grown = False
        for i, piece in enumerate(code_pieces):
            if piece.run is Run.IF_NEEDED and not running[i] and _is_needed(i, names, running, exercises):
                running[i] = grown = True
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


def _is_needed(
    i: int, names: Sequence[code.Names], running: Sequence[bool], exercises: frozenset[str]
) -> bool:
    earlier = [n for j, n in enumerate(names) if running[j] and j < i]
    later = [n for j, n in enumerate(names) if running[j] and j > i]
    # `import numpy as np` once more is no reason to run a long training
    imported = {pair for n in earlier for pair in n.imports}
    offered = (
        names[i].binds - exercises - {name for name, text in names[i].imports if (name, text) in imported}
    )
    if any(offered & (n.now | n.later) for n in later):
        return True
    bound = {name for n in (*earlier, *later) for name in n.binds}
    return any((offered - bound) & n.later for n in earlier)
