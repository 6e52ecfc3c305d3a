"""The headings of a notebook: its title, and the section that a cell lies in, as a reader would name it.

A student's own headings are read too, so what they cost grows with their length and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.course import Assignment

LONGEST = 200
"""Characters of a heading that are looked at."""
_NUMBERED = re.compile(r"(\d+) ?[·.:)–-] ?(\S.*)")
_BRACKETS = re.compile(r" ?\([^()]*\bpoints?\b[^()]*\)$")
_CODE_AT_END = re.compile(r" ?:? ?`[^`]+`(?: ?(?:,|and|et) ?`[^`]+`)*$")
_EMPHASIS = re.compile(r"[`*]|(?<!\w)_+|_+(?!\w)")


@dataclass(frozen=True)
class Heading:
    """One heading: its level (1 is the title), its number ("" for none), and its plain text."""

    level: int
    number: str
    text: str

    def __str__(self) -> str:
        return f"Section {self.number} · {self.text}" if self.number else self.text


def headings(source: str) -> Iterator[Heading]:
    """The headings of one text cell, in order."""
    return (found for line in prose_lines(source) if (found := heading(line)) is not None)


def prose_lines(source: str) -> Iterator[str]:
    """The lines of one text cell that are no code: what stands between fences is left out."""
    fence = ""
    for line in source.splitlines():
        if fence or line.startswith(("```", "~~~")):
            fence = "" if fence and line.startswith(fence) else fence or line[:3]
        else:
            yield line


def heading(line: str) -> Heading | None:
    """The heading that a line is; None where it is none."""
    text = line.lstrip("#")
    level = len(line) - len(text)
    words = " ".join(text[:LONGEST].split()).rstrip("#").rstrip()
    is_one = 1 <= level <= 6 and text.startswith((" ", "\t")) and words
    return _heading(level, words) if is_one else None


def title(cells: Iterable[Mapping[str, Any]]) -> str:
    """The first heading of the first level in a notebook's cells; "" when there is none."""
    found = (each for cell in cells if cell["cell_type"] == "markdown" for each in headings(cell["source"]))
    return next((each.text for each in found if each.level == 1), "")


def title_of(assignment: Assignment) -> str:
    """The title of the released notebook; the assignment's name when it has none."""
    import nbformat  # here: it costs a second, and most who read headings have the cells already

    return title(nbformat.read(assignment.notebook, as_version=4).cells) or assignment.name


def sections(cells: Iterable[Mapping[str, Any]]) -> dict[str, Heading]:
    """By what a marked cell is about (its grade_id, without "_checks"), the section that it lies in."""
    above: list[Heading] = []
    found: dict[str, Heading] = {}
    for cell in cells:
        if cell["cell_type"] == "markdown":
            above += headings(cell["source"])
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removesuffix("_checks")
        lies_in = section(above)
        if name and lies_in is not None:
            found.setdefault(name, lies_in)
    return found


def section(above: Sequence[Heading]) -> Heading | None:
    """Where a cell is found that has these headings above it: under the nearest one that has a number.

    Where none has, the nearest below the title counts; None when there is none either.
    """
    below_title = [each for each in above if each.level > 1]
    numbered = [each for each in below_title if each.number]
    nearest = numbered or below_title
    return nearest[-1] if nearest else None


def _heading(level: int, text: str) -> Heading:
    """A heading without what is no part of its name: the points in brackets, the functions at its end."""
    text = _CODE_AT_END.sub("", _BRACKETS.sub("", text)) or text
    numbered = _NUMBERED.fullmatch(text)
    number, text = (numbered[1], numbered[2]) if numbered else ("", text)
    return Heading(level, number, _EMPHASIS.sub("", text))
