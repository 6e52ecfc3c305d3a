"""What can be said of a saved picture without looking at it: the heading above it, and what its code says.

Nothing is run and nothing is guessed: where neither says anything, there is nothing.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.grading.headings import headings
from autograder.grading.intake import code
from autograder.grading.intake.parsing import Raw
from autograder.grading.intake.rebuilding import Piece, Run

LONGEST = 120
MOST = 4
_TITLES = ("title", "set_title", "suptitle")
_AXES = ("xlabel", "ylabel", "set_xlabel", "set_ylabel")


@dataclass(frozen=True)
class Caption:
    """Of one demo cell: its name, the nearest heading above it, the titles and axis labels in its code."""

    cell: str
    section: str = ""
    title: str = ""
    axes: str = ""


def demo_cells(pieces: Sequence[Piece]) -> Iterator[tuple[Caption, Raw]]:
    """The demo cells that the student handed in, each with what is known of its pictures."""
    section = ""
    for piece in pieces:
        if piece.kind == "markdown":
            for heading in headings(piece.source):
                section = heading.text
        if piece.raw is not None and piece.run is Run.IF_NEEDED:
            title, axes = labels(piece.source)
            yield Caption(piece.name, _short(section), title, axes), piece.raw


@functools.lru_cache(maxsize=code.REMEMBERED)
def labels(source: str) -> tuple[str, str]:
    """The titles and the axis labels that a cell's code gives, each as one text; "" where it gives none."""
    titles: dict[str, None] = {}
    axes: dict[str, None] = {}
    for node in ast.walk(code.tree(source) or ast.Module([], [])):
        if not isinstance(node, ast.Call):
            continue
        said = [(word.arg or "", word.value) for word in node.keywords]
        if isinstance(node.func, ast.Attribute) and node.args:
            said.append((node.func.attr, node.args[0]))
        titles |= {_text(value): None for name, value in said if name in _TITLES}
        axes |= {_text(value): None for name, value in said if name in _AXES}
    return _listed(titles), _listed(axes)


def _listed(texts: Iterable[str]) -> str:
    return _short(", ".join([text for text in texts if text][:MOST]))


def _text(value: ast.expr) -> str:
    """A text in code; what is only known when it runs becomes …"""
    if isinstance(value, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "…" for part in value.values]
        return " ".join("".join(parts).split())
    said = value.value if isinstance(value, ast.Constant) else ""
    return " ".join(said.split()) if isinstance(said, str) else ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
