"""What two works share: which elements are covered by rare pieces of both, and how they lie side by side."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from autograder.similarity.pieces import Cut, Place

LARGEST_GROUP = 50
"""Places of one key in one work that are looked at: a line copied a thousand times is one fact."""


@dataclass(frozen=True)
class Mark:
    """A run of characters of a cell that was matched; equal ``block`` numbers belong together."""

    start: int
    end: int
    block: int


@dataclass(frozen=True)
class Side:
    """One student's text of one exercise, with the matched runs of it."""

    source: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Part:
    """The texts of one exercise of a pair, side by side."""

    name: str
    left: Side
    right: Side


@dataclass(frozen=True)
class Shared:
    """How much of one exercise a pair shares: ``elements``, of all that each has of it."""

    name: str
    elements: int
    of: tuple[int, int]

    @property
    def share(self) -> float:
        """The part of the shorter of the two, from 0 to 1."""
        return min(1.0, self.elements / max(1, min(self.of)))


@dataclass
class _Covered:
    """Numbers of the covered elements by cell, on one side."""

    cells: dict[int, set[int]] = field(default_factory=dict)

    def add(self, places: Iterable[Place]) -> None:
        for place in places:
            found = self.cells.setdefault(place.cell, set())
            for run in place.runs:
                found.update(run)

    def by_name(self, work: Cut) -> Counter[str]:
        counts: Counter[str] = Counter()
        for cell, numbers in self.cells.items():
            counts[work.cells[cell].name] += len(numbers)
        return counts


def shared_by_exercise(one: Cut, other: Cut, keys: Collection[int]) -> tuple[Shared, ...]:
    """Where two works share something in the pieces with these ``keys``, which both have; most comes first.

    What lies in another exercise on the other side counts in the one of the first work.
    """
    counts = []
    for work in (one, other):
        covered = _Covered()
        for key in keys:
            covered.add(work.places[key][:LARGEST_GROUP])
        counts.append(covered.by_name(work))
    both = counts[0] & counts[1]
    # an answer that lies in another cell on the other side is no less alike
    moved = min(counts[0].total(), counts[1].total()) - both.total()
    for name, count in counts[0].items():
        more = min(moved, count - both[name])
        both[name] += more
        moved -= more
    found = [Shared(name, n, (one.size_of(name), other.size_of(name))) for name, n in both.items() if n]
    return tuple(sorted(found, key=lambda shared: (-shared.elements, shared.name)))


def strength(shared: Sequence[Shared]) -> float:
    """What pairs are ranked by: a whole exercise alike outweighs as many crumbs from all of them."""
    return math.hypot(*(part.elements for part in shared))


def side_by_side(one: Cut, other: Cut, keys: Collection[int]) -> tuple[Part, ...]:
    """The exercises in which two works share something, in the order of the first one's cells."""
    blocks = _blocks(one, other, keys)
    names = dict.fromkeys(cell.name for cell in (*one.cells, *other.cells))
    parts = []
    for name in names:
        left, right = (
            _side(work, name, [(block[side], number) for number, block in enumerate(blocks, start=1)])
            for side, work in enumerate((one, other))
        )
        if left.marks or right.marks:
            parts.append(Part(name, left, right))
    return tuple(parts)


Block = tuple[list[Place], list[Place]]
"""Places of both sides that overlap one another from piece to piece, so that they read as one."""


def _blocks(one: Cut, other: Cut, keys: Collection[int]) -> list[Block]:
    """The shared pieces, put together where they overlap on both sides; in the order of the first side."""
    blocks: list[tuple[set[tuple[int, int]], set[tuple[int, int]], Block]] = []
    sized = sorted(keys, key=lambda key: (-one.places[key][0].size, key))
    for key in sized:
        places = (one.places[key][:LARGEST_GROUP], other.places[key][:LARGEST_GROUP])
        here = tuple({(p.cell, number) for p in side for run in p.runs for number in run} for side in places)
        touching = [block for block in blocks if block[0] & here[0] and block[1] & here[1]]
        left = here[0].union(*(block[0] for block in touching))
        right = here[1].union(*(block[1] for block in touching))
        joined: Block = (
            [*places[0], *(p for block in touching for p in block[2][0])],
            [*places[1], *(p for block in touching for p in block[2][1])],
        )
        blocks = [block for block in blocks if block not in touching]
        blocks.append((left, right, joined))
    return [block for _, _, block in sorted(blocks, key=lambda block: min(block[0]))]


def _side(work: Cut, name: str, places: Sequence[tuple[list[Place], int]]) -> Side:
    """The cells of one name as one text, and the matched runs in it."""
    texts, marks, start = [], [], 0
    for number, cell in enumerate(work.cells):
        if cell.name != name:
            continue
        block_at = [0] * len(cell.source)
        for found, block in places:
            for place in found:
                if place.cell == number:
                    _paint(block_at, work, place, block)
        marks += [Mark(start + a, start + b, block) for a, b, block in _runs(block_at, cell.source)]
        texts.append(cell.source)
        start += len(cell.source) + len(_BETWEEN)
    return Side(_BETWEEN.join(texts), tuple(marks))


_BETWEEN = "\n\n"


def _paint(block_at: list[int], work: Cut, place: Place, block: int) -> None:
    for run in place.runs:
        start, end = work.spans[place.cell][run.start]
        if end <= start:  # an element without a place of its own: its children have one
            spans = [work.spans[place.cell][number] for number in run]
            placed = [span for span in spans if span[1] > span[0]]
            start = min((span[0] for span in placed), default=0)
            end = max((span[1] for span in placed), default=0)
        for at in range(start, min(end, len(block_at))):
            block_at[at] = block_at[at] or block


def _runs(block_at: Sequence[int], source: str) -> list[tuple[int, int, int]]:
    """(start, end, block) of each run of characters of one block; white space at its ends is left out."""
    found, start = [], 0
    for at in range(1, len(block_at) + 1):
        if at == len(block_at) or block_at[at] != block_at[start]:
            if block_at[start]:
                text = source[start:at]
                head = start + len(text) - len(text.lstrip())
                tail = at - (len(text) - len(text.rstrip()))
                if tail > head:
                    found.append((head, tail, block_at[start]))
            start = at
    return found
