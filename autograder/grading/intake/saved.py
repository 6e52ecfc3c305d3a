"""The outputs that a student saved in a notebook, made safe to look at: plain lines and pictures, capped.

Nothing here is graded.  HTML, scripts, SVG and widgets are named and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Assignment
from autograder.grading.intake.files import read_notebook
from autograder.grading.intake.pictures import (
    MAX_PIXELS,
    MAX_PIXELS_TOGETHER,
    MAX_TOTAL,
    encoded,
    encoded_anew,
)
from autograder.grading.intake.reading import read_pieces
from autograder.grading.intake.rebuilding import Piece
from autograder.grading.intake.release import Role
from autograder.grading.intake.result import Unreadable
from autograder.grading.report import Output

MAX_LINES = 60
"""Lines that are kept of one cell: its first ones, and its last ones after a note."""
MAX_LINES_TOGETHER = 1500
MAX_WIDTH = 300
MAX_PICTURES = 20
MAX_CHARACTERS = 200_000
"""Characters of one output that are looked at."""
_COLOURS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)?", re.DOTALL)
# what turns the direction of writing, or takes no place: one line could pretend to be another
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


@dataclass
class _Room:
    """How much of one notebook may still be shown."""

    lines: int = MAX_LINES_TOGETHER
    pictures: int = MAX_PICTURES
    pixels: int = MAX_PIXELS_TOGETHER
    bytes: int = MAX_TOTAL


@dataclass(frozen=True)
class SavedCell:
    """One cell of the notebook that nbgrader is given: its name in the Report, what was saved below it."""

    name: str
    shown: tuple[Output, ...]


def saved_cells(path: Path, assignment: Assignment, sha256: str) -> tuple[SavedCell, ...]:
    """The cells of the notebook that nbgrader is given, in its order, with what the student's copy shows.

    Empty where the notebook cannot be read, or is another one by now than the one whose hash is ``sha256``.
    The cells that carry points have none: what is below them is ours.
    """
    try:
        read = read_pieces(read_notebook(path, assignment.name), assignment)
    except Unreadable:
        return ()
    if read.sha256 != sha256:
        return ()
    room = _Room()
    return tuple(SavedCell(piece.name, tuple(_shown(_outputs(piece), room))) for piece in read.pieces)


def made_plain(outputs: Iterable[Any]) -> tuple[Output, ...]:
    """Unchecked outputs of one cell, made safe to look at."""
    return tuple(_shown(outputs, _Room()))


def _outputs(piece: Piece) -> Iterable[Any]:
    checks = piece.slot is not None and piece.slot.role is Role.CHECKS
    return () if piece.raw is None or piece.kind != "code" or checks else piece.raw.outputs


def _shown(outputs: Iterable[Any], room: _Room) -> Iterator[Output]:
    """Lines that follow each other become one; pictures stay in their place among them."""
    lines: list[str] = []
    for output in outputs:
        if not isinstance(output, dict):
            continue
        picture = _picture(output, room)
        if picture is None:
            lines += _lines(output)
            continue
        yield from _capped(lines, room)
        lines = []
        yield picture
    yield from _capped(lines, room)


def _picture(output: Mapping[str, Any], room: _Room) -> Output | None:
    for text in encoded([output]):
        if room.pictures <= 0:
            return None
        picture, cost = encoded_anew("", text, min(MAX_PIXELS, room.pixels))
        room.pixels -= cost
        room.pictures -= 1
        if picture is not None and len(picture.png) <= room.bytes:
            room.bytes -= len(picture.png)
            return Output(png=picture.png)
    return None


def _lines(output: Mapping[str, Any]) -> list[str]:
    """What an output that is no picture says."""
    kind = output.get("output_type")
    if kind == "stream":
        return plain_lines(output.get("text"))
    if kind == "error":
        trace = output.get("traceback")
        parts = [line for line in trace if isinstance(line, str)] if isinstance(trace, list) else []
        return plain_lines("\n".join(parts)) or plain_lines(f"{output.get('ename')}: {output.get('evalue')}")
    data = output.get("data")
    if not isinstance(data, dict):
        return []
    if "text/plain" in data:
        return plain_lines(data["text/plain"])
    kinds = ", ".join(sorted(str(kind)[:40] for kind in data)[:3])
    return plain_lines(f"[not shown here: {kinds}]") if kinds else []


def plain_lines(text: Any) -> list[str]:
    """The lines of an unchecked text: colours taken out, of a progress bar its last state."""
    if isinstance(text, list):
        text = "".join(part for part in text if isinstance(part, str))
    if not isinstance(text, str) or not text:
        return []
    text = _COLOURS.sub("", text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8"))
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.rstrip("\n").split("\n"))
    return [_narrow(_UNSEEN.sub("", line.expandtabs(4)).rstrip()) for line in lines]


def _narrow(line: str) -> str:
    return (
        line if len(line) <= MAX_WIDTH else f"{line[:MAX_WIDTH]}… ({len(line) - MAX_WIDTH} more characters)"
    )


def _capped(lines: list[str], room: _Room) -> Iterator[Output]:
    if not any(lines):
        return
    most = min(MAX_LINES, room.lines)
    if len(lines) > most:
        first, last = most * 2 // 3, most // 3
        left_out = f"… ({len(lines) - first - last} lines left out)"
        lines = [*lines[:first], left_out, *lines[len(lines) - last :]]
    room.lines -= min(room.lines, len(lines))
    yield Output("\n".join(lines))
