"""Reading one submission: the steps of intake, in order.  It never raises for what a student handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.course import Assignment
from autograder.grading.intake.captions import demo_cells
from autograder.grading.intake.files import Found, read_notebook
from autograder.grading.intake.matching import Match, match
from autograder.grading.intake.parsing import Parsed, Raw, parse
from autograder.grading.intake.pictures import pictures
from autograder.grading.intake.rebuilding import Piece, rebuild
from autograder.grading.intake.release import Release, read_release
from autograder.grading.intake.result import Intake, Unreadable
from autograder.grading.intake.running import cells_to_run, untouched_and_absent
from autograder.grading.report import Repair


@dataclass(frozen=True)
class Read:
    """A submission that can be read: its pieces, and sentences about how it was found and put right."""

    release: Release
    pieces: tuple[Piece, ...]
    repairs: tuple[Repair, ...]
    sha256: str


def read_submission(path: Path, assignment: Assignment) -> Intake:
    """What a student handed in for ``assignment``, made ready for worker and nbgrader.

    Args:
        path: the student's folder of this assignment, or one notebook.
        assignment: its release notebook says which cells there are.
    Returns:
        an Intake; what cannot be read at all has a sentence in ``unreadable``.
    """
    sha256 = ""
    try:
        found = read_notebook(path, assignment.name)
        sha256 = hashlib.sha256(found.content).hexdigest()
        read = read_pieces(found, assignment)
    except Unreadable as reason:
        return Intake(unreadable=str(reason), sha256=sha256)
    exercises = frozenset(assignment.points)
    untouched, absent = untouched_and_absent(read.pieces, exercises)
    return Intake(
        cells=cells_to_run(read.pieces, exercises),
        untouched=untouched,
        absent=absent,
        notebook=rebuilt(read.release, read.pieces),
        repairs=read.repairs,
        pictures=pictures(demo_cells(read.pieces)),
        sha256=sha256,
    )


def read_pieces(found: Found, assignment: Assignment) -> Read:
    """The pieces of the notebook that nbgrader is given, in its order.  Raises Unreadable."""
    release = read_release(assignment.notebook)
    parsed = parse(found.content)
    matches = match(release, parsed.cells)
    _must_belong(parsed, matches, assignment.name)
    pieces, repairs = rebuild(release, parsed.cells, matches)
    remarks = [*found.remarks, *parsed.remarks, *_language(parsed.language)]
    said = (*(Repair("notebook", what) for what in remarks), *repairs)
    return Read(release, pieces, said, hashlib.sha256(found.content).hexdigest())


def _must_belong(parsed: Parsed, matches: Sequence[Match], name: str) -> None:
    if not any(cell.source.strip() for cell in parsed.cells):
        raise Unreadable("The notebook is empty: it has no cell with any text in it.")
    if not matches:  # a released notebook without any marked cell: nothing tells whose it is
        return
    slots = {m.slot.name for m in matches}
    foreign = {cell.grade_id for cell in parsed.cells if cell.grade_id} - slots
    known = [m for m in matches if m.by == "id"]
    others = [m for m in matches if m.counts is not None]
    if not others or (not known and len(foreign) > len(others)):
        raise Unreadable(
            f"This is the notebook of something else: none of its cells belongs to {name}. "
            f"Please hand in {name}.ipynb."
        )


def _language(language: str) -> list[str]:
    if not language or language.lower().startswith(("python", "ipython", "conda", "xpython")):
        return []
    return [f"The notebook names another language than Python ({language}); it was run as Python."]


def rebuilt(release: Release, pieces: Sequence[Piece]) -> NotebookNode:
    """The pieces as a notebook of the release's own format, with ids that depend on the pieces alone."""
    used = {piece.slot.id for piece in pieces if piece.slot is not None}
    cells = []
    for place, piece in enumerate(pieces):
        cell = _cell(piece)
        if release.minor >= 5:
            own = f"own-{place}"
            while own in used:
                own += "x"
            cell["id"] = piece.slot.id if piece.slot is not None else own
        cells.append(cell)
    data: dict[str, Any] = {
        "cells": cells,
        "metadata": dict(release.metadata),
        "nbformat": 4,
        "nbformat_minor": release.minor,
    }
    return from_dict(data)


def _cell(piece: Piece) -> dict[str, Any]:
    raw: Raw | None = None if piece.handed_out else piece.raw
    metadata: dict[str, Any] = dict(piece.slot.metadata) if piece.slot is not None else {}
    if raw is not None and raw.tags and piece.slot is None:
        metadata["tags"] = list(dict.fromkeys(raw.tags))
    cell: dict[str, Any] = {"cell_type": piece.kind, "metadata": metadata, "source": piece.source}
    if piece.kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    elif raw is not None and raw.attachments:
        cell["attachments"] = {name: dict(bundle) for name, bundle in raw.attachments.items()}
    return cell
