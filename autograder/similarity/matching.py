"""What two works share: which elements are covered by rare pieces of both, and how they lie side by side."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.similarity.pieces import Cut, Spot


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


def shared_by_exercise(one: Cut, other: Cut, keys: Collection[int]) -> tuple[Shared, ...]:
    """Where two works share something in the pieces with these ``keys``, which both have; most comes first.

    What lies in another exercise on the other side counts in the one of the first work.
    """
    counts = []
    for work in (one, other):
        spots = {spot for key in keys for spot in work.spots(key)}
        counts.append(Counter(work.cells[cell].name for cell, _ in spots))
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
        left, right = (_side(work, name, found) for work, found in zip((one, other), blocks, strict=True))
        if left.marks or right.marks:
            parts.append(Part(name, left, right))
    return tuple(parts)


@dataclass
class _Joined:
    """Which block each element belongs to, on each side; blocks that turn out to be one are joined."""

    blocks: tuple[dict[Spot, int], dict[Spot, int]] = field(default_factory=lambda: ({}, {}))
    parents: list[int] = field(default_factory=list)

    def root(self, block: int) -> int:
        while self.parents[block] != block:
            self.parents[block] = block = self.parents[self.parents[block]]
        return block

    def add(self, places: tuple[list[Spot], list[Spot]]) -> None:
        """Enter a piece that both have; where it overlaps a block on both sides, it belongs to that block."""
        touched = [
            {self.root(known[spot]) for spot in spots if spot in known}
            for known, spots in zip(self.blocks, places, strict=True)
        ]
        new = len(self.parents)
        self.parents.append(new)
        for block in (touched[0] & touched[1]) or self._blocks_of_known(places):
            self.parents[block] = new
        for known, spots in zip(self.blocks, places, strict=True):
            for spot in spots:
                known.setdefault(spot, new)

    def _blocks_of_known(self, places: tuple[list[Spot], list[Spot]]) -> set[int]:
        """The block of a side that knows all of its places: there is one more like it on the other side."""
        for known, spots in zip(self.blocks, places, strict=True):
            if spots and all(spot in known for spot in spots):
                return {self.root(known[spots[0]])}
        return set()


def _blocks(one: Cut, other: Cut, keys: Collection[int]) -> tuple[dict[Spot, int], dict[Spot, int]]:
    """On each side, the number of each matched element's block; the numbers rise on the first side."""
    joined = _Joined()
    # the largest first: what lies within them says nothing more
    for key in sorted(keys, key=lambda key: (-one.places[key][0].size, key)):
        joined.add((one.spots(key), other.spots(key)))
    left, right = ({spot: joined.root(block) for spot, block in known.items()} for known in joined.blocks)
    order = {
        block: number for number, block in enumerate(dict.fromkeys(left[spot] for spot in sorted(left)), 1)
    }
    return (
        {spot: order[block] for spot, block in left.items()},
        {spot: order[block] for spot, block in right.items()},
    )


def _side(work: Cut, name: str, blocks: Mapping[Spot, int]) -> Side:
    """The cells of one name as one text, and the matched runs in it."""
    texts, marks, start = [], [], 0
    for number, cell in enumerate(work.cells):
        if cell.name != name:
            continue
        block_at = [0] * len(cell.source)
        for (place, element), block in sorted(blocks.items()):  # an element comes before what is in it
            if place == number:
                begin, end = work.spans[number][element]
                for at in range(begin, end):
                    block_at[at] = block_at[at] or block
        marks += [Mark(start + a, start + b, block) for a, b, block in _runs(block_at, cell.source)]
        texts.append(cell.source)
        start += len(cell.source) + len(_BETWEEN)
    return Side(_BETWEEN.join(texts), tuple(marks))


_BETWEEN = "\n\n"


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
