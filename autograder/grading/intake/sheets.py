"""Reading a submission whose tests sit in its notebooks: each rebuilt as nbgrader's own autograding would.

Locked cells get the text that nbgrader has in its database, hidden tests included.  It never raises for
what a student handed in.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from autograder.course import Assignment
from autograder.grading.collecting import SECRET, TIMESTAMP
from autograder.grading.copying import copy_plain_files
from autograder.grading.intake.files import read_notebook
from autograder.grading.intake.reading import Read, read_pieces, rebuilt
from autograder.grading.intake.rebuilding import Piece
from autograder.grading.intake.release import Role
from autograder.grading.intake.result import Intake, Sheet, SheetCell, Unreadable
from autograder.grading.report import Repair

LOCKED = (Role.CHECKS, Role.LOCKED)


def read_sheets(path: Path, assignment: Assignment) -> Intake:
    """What a student handed in, notebook by notebook; what cannot be read has its reason."""
    sheets, notebooks, hashes = [], {}, []
    repairs: list[Repair] = []
    for name in assignment.notebooks:
        try:
            read = _read(path, assignment, name)
        except Unreadable as reason:
            sheets.append(Sheet(name, unreadable=str(reason)))
            continue
        sheets.append(Sheet(name, tuple(_cells(read, assignment, name))))
        notebooks[name] = rebuilt(read.release, read.pieces)
        hashes.append(read.sha256)
        repairs += [Repair(f"{name}/{one.cell}", one.what) for one in read.repairs]
    reasons = [sheet.unreadable for sheet in sheets if sheet.unreadable]
    return Intake(
        repairs=(
            *(Repair(sheet.notebook, sheet.unreadable) for sheet in sheets if sheet.unreadable),
            *repairs,
        ),
        unreadable=" ".join(reasons) if len(reasons) == len(sheets) else "",
        sha256=hashlib.sha256(" ".join(hashes).encode()).hexdigest() if hashes else "",
        sheets=tuple(sheets),
        beside=tuple(_beside(path)),
        notebooks=notebooks,
    )


def _read(path: Path, assignment: Assignment, name: str) -> Read:
    file = path / f"{name}.ipynb"
    if not os.path.lexists(file):
        raise Unreadable(f"{file.name} was not handed in.")
    return read_pieces(read_notebook(file, name), replace(assignment, name=name))


def _cells(read: Read, assignment: Assignment, notebook: str) -> Iterator[SheetCell]:
    """All code cells, as nbgrader runs all; of a locked cell that was edited, the original alone."""
    originals = {p.raw.number for p in read.pieces if p.slot and p.slot.role in LOCKED and p.raw}
    locked = assignment.locked.get(notebook, {})
    for place, piece in enumerate(read.pieces):
        edited = piece.slot is None and piece.raw is not None and piece.raw.number in originals
        if piece.kind != "code" or edited:
            continue
        points = assignment.points.get(f"{notebook}/{piece.slot.name}") if piece.slot is not None else None
        yield SheetCell(piece.name, _source(piece, locked), place, points)


def _source(piece: Piece, locked: Mapping[str, str]) -> str:
    return piece.source if piece.slot is None else locked.get(piece.slot.name, piece.source)


def _beside(path: Path) -> Iterator[tuple[str, str]]:
    """The plain files beside the notebooks, by name, each with its hash: a test may read them."""
    with tempfile.TemporaryDirectory(prefix="beside-") as folder:
        copy = Path(folder) / "files"
        copy_plain_files(path, copy)
        for file in sorted(copy.rglob("*")):
            name = file.relative_to(copy).as_posix()
            if file.is_file() and file.suffix != ".ipynb" and name not in (TIMESTAMP, SECRET):
                yield name, hashlib.sha256(file.read_bytes()).hexdigest()
