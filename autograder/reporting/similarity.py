"""What a class wrote alike, as a page for staff, as JSON and as a table; it says of itself that it is a hint.

Pure: a Comparison in, the content of files out.  The page shows students' code, escaped; the others hold
numbers and names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.reporting.pages import template
from autograder.reporting.tables import Cell, csv_of, json_of
from autograder.similarity.comparing import Comparison, Pair
from autograder.similarity.matching import Side

SCHEMA = 1
LISTED = 10
"""How many pairs that do not stand out are listed below those that do, so that the gap can be seen."""
IN_FILES = 500
"""How many pairs JSON and table hold at most beside those that stand out: a large class has thousands."""
BARS = 16
HINT = (
    "A hint for a person, never a verdict and never a penalty: texts are alike for many reasons. "
    "No points depend on it."
)


@dataclass(frozen=True)
class Run:
    """A run of a text; ``block`` is 0 where nothing was matched."""

    text: str
    block: int = 0


@dataclass(frozen=True)
class Bin:
    """One bar of the histogram: how many pairs have a strength from ``start`` to ``end``."""

    start: float
    end: float
    pairs: int


def similarity_page(found: Comparison, *, title: str) -> str:
    """The page, as HTML text.

    Args:
        found: the class compared.
        title: the assignment's title, as students know it.
    """
    detailed = [pair for pair in found.pairs if pair.parts]
    bins = histogram(found)
    rest = [pair for pair in found.pairs if not pair.stands_out][:LISTED]
    return template("similarity.html").render(
        found=found,
        title=title,
        hint=HINT,
        listed=[*found.standing_out, *rest],
        detailed=detailed,
        anchors={pair.students: f"pair-{number}" for number, pair in enumerate(detailed, start=1)},
        bins=bins,
        runs=runs,
        most_in_a_bar=max(bin.pairs for bin in bins),
    )


def similarity_json(found: Comparison) -> bytes:
    """The same as JSON: numbers and names, no code."""
    content = {
        "schema": SCHEMA,
        "note": HINT,
        "assignment": found.assignment,
        "students": list(found.students),
        "stands_out_from": found.bar,
        "common_from_students": found.most + 1,
        "pairs": [_pair(pair) for pair in kept(found)],
        "groups": [
            {"exercise": group.exercise, "students": list(group.students), "elements": group.elements}
            for group in found.groups
        ],
        "not_compared": dict(found.not_compared),
    }
    return json_of(content)


def similarity_csv(found: Comparison) -> bytes:
    """A line a pair, the strongest first."""
    rows: list[Sequence[Cell]] = [
        ["rank", "student", "other", "strength", "stands out", "shared elements", "where"]
    ]
    for rank, pair in enumerate(kept(found), start=1):
        where = ", ".join(f"{part.name} {100 * part.share:.0f} %" for part in pair.shared)
        said = "yes" if pair.stands_out else "no"
        rows.append([rank, *pair.students, f"{pair.strength:g}", said, pair.elements, where])
    return csv_of(rows)


def kept(found: Comparison) -> tuple[Pair, ...]:
    """The pairs that the files hold, the strongest first."""
    return found.pairs[: max(IN_FILES, len(found.standing_out))]


def runs(side: Side) -> list[Run]:
    """A text cut where its marks begin and end."""
    found, at = [], 0
    for mark in side.marks:
        found.append(Run(side.source[at : mark.start]))
        found.append(Run(side.source[mark.start : mark.end], mark.block))
        at = mark.end
    found.append(Run(side.source[at:]))
    return [run for run in found if run.text]


def histogram(found: Comparison) -> list[Bin]:
    """The strengths of all pairs, in bars of equal width; those that share nothing are in the first."""
    top = max([found.bar * 1.2, *(pair.strength for pair in found.pairs[:1])])
    width = top / BARS
    counts = [0] * BARS
    counts[0] = found.possible - len(found.pairs)
    for pair in found.pairs:
        counts[min(BARS - 1, int(pair.strength / width))] += 1
    return [Bin(number * width, (number + 1) * width, pairs) for number, pairs in enumerate(counts)]


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "students": list(pair.students),
        "strength": pair.strength,
        "stands_out": pair.stands_out,
        "elements": pair.elements,
        "exercises": {part.name: {"elements": part.elements, "of": list(part.of)} for part in pair.shared},
    }
