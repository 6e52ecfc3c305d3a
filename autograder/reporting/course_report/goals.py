"""Learning goals, read from the notebooks that students were given; nothing is registered anywhere.

The goal of an exercise or a question is the heading of the section that it stands in; exercises of one
section share it.  Where a section has a line ``**Goal.** …``, that is the goal, and the same line anywhere in
the course means the same goal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.course import Assignment
from autograder.grading.headings import heading, prose_lines
from autograder.reporting.pages import topic

_DECLARED = re.compile(r"^\*\*(?:Goal|Objectif)\s*[.:]?\s*\*\*\s*[.:]?\s*(.+)$")
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
        for line in prose_lines(_source(cell)) if cell["cell_type"] == "markdown" else ():
            above, declared = heading(line), _DECLARED.match(line)
            if above is not None and above.level == 2:
                section, goal, nearest = above.text, "", ""
            elif above is not None and above.level > 2:
                nearest = above.text
            elif declared:
                goal = _MARKS.sub(r"\1", declared[1]).strip()
        name = str(cell["metadata"].get("nbgrader", {}).get("grade_id", "")).removesuffix("_checks")
        if name in wanted and name not in found:
            found[name] = (goal or section or nearest or topic(name), bool(goal))
    return found


def _source(cell: Mapping[str, object]) -> str:
    source = cell["source"]
    return "".join(source) if isinstance(source, list) else str(source)
