"""Learning goals, read from the notebooks that students were given; nothing is registered anywhere.

The goal of an exercise or a question is the heading of the section that it stands in; exercises of one
section share it.  Where a section has a line ``**Goal.** …``, that is the goal, and the same line anywhere in
the course means the same goal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.course import Assignment
from autograder.reporting.pages import topic

_HEADING = re.compile(r"^(#{2,6})\s+(.+?)\s*#*$")
_DECLARED = re.compile(r"^\*\*(?:Goal|Objectif)\s*[.:]?\s*\*\*\s*[.:]?\s*(.+)$")
_NUMBER = re.compile(r"^\d+\s*[·.:)–-]\s*")
_POINTS = re.compile(r"\s*\([^()]*\bpoints?\b[^()]*\)$", re.IGNORECASE)
_CODE = re.compile(r"\s*:?\s*`[^`]+`(?:\s*(?:,|and|et)?\s*`[^`]+`)*$")
_MARKS = re.compile(r"[*_]{1,3}(\S(?:.*?\S)?)[*_]{1,3}")


@dataclass(frozen=True)
class Goal:
    """What is to be learned, in the notebook's words, and the parts that show it: (assignment, exercise)."""

    words: str
    parts: tuple[tuple[str, str], ...]


def goals_of(assignments: Sequence[Assignment]) -> tuple[Goal, ...]:
    """Every goal of these assignments, in the order in which they are met."""
    found: dict[tuple[str, str], Goal] = {}
    for assignment in assignments:
        for part, (words, everywhere) in sections(assignment).items():
            # two headings of the same words in two notebooks are a coincidence, two lines are not
            key = ("" if everywhere else assignment.name, words.casefold())
            known = found.get(key, Goal(words, ()))
            found[key] = Goal(known.words, (*known.parts, (assignment.name, part)))
    return tuple(found.values())


def sections(assignment: Assignment) -> Mapping[str, tuple[str, bool]]:
    """By exercise and question, in their order: the words of its goal, and whether a line says them."""
    cells = json.loads(assignment.notebook.read_text(encoding="utf-8"))["cells"]
    wanted = {**assignment.points, **assignment.manual}
    found: dict[str, tuple[str, bool]] = {}
    section = goal = nearest = ""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for level, words in _lines(_source(cell)):
                if level == 2:
                    section, goal, nearest = words, "", ""
                elif level:
                    nearest = words
                else:
                    goal = words
        name = str(cell["metadata"].get("nbgrader", {}).get("grade_id", "")).removesuffix("_checks")
        if name in wanted and name not in found:
            words = goal or _plain(section) or _plain(nearest) or topic(name)
            found[name] = (words, bool(goal))
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Headings with their level, and declared goals with level 0; what stands in a code block is neither."""
    code = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            code = not code
        heading, goal = _HEADING.match(line), _DECLARED.match(line)
        if heading and not code:
            yield len(heading[1]), heading[2]
        elif goal and not code:
            yield 0, _MARKS.sub(r"\1", goal[1]).strip()


def _plain(heading: str) -> str:
    """The words of a heading: no number in front, no points, no function's name behind."""
    words = _NUMBER.sub("", heading.strip())
    words = _CODE.sub("", _POINTS.sub("", words))
    return _MARKS.sub(r"\1", words).strip().rstrip(":").strip()


def _source(cell: Mapping[str, object]) -> str:
    source = cell["source"]
    return "".join(source) if isinstance(source, list) else str(source)
