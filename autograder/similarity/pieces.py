"""A work cut into pieces to compare: each small part of its trees, and each two statements in a row.

A piece has a key: equal keys mean the same code, whatever the student's own names, comments and layout.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.similarity.own import OwnCell
from autograder.similarity.syntax import Element, names_in, tree_of

SMALLEST, LARGEST = 8, 400
"""Elements of a piece.  Below, everybody writes it; above, its parts say the same, and cost less."""


LARGEST_GROUP = 50
"""Pieces of one key in one work that are looked at: a line copied a thousand times is one fact."""
Spot = tuple[int, int]
"""An element of a work: its cell, and its number there."""


@dataclass(frozen=True)
class Place:
    """Where a piece stands in a work: its cell, by its place among the cells, and runs of elements there."""

    cell: int
    runs: tuple[range, ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.runs))


@dataclass(frozen=True)
class Cut:
    """A work in pieces: where each key stands; of each cell, the elements' spans in its text.

    ``whole`` has the key of each cell as a whole, however large.  ``given`` are elements of code that was
    handed out: they count in no piece, however large.
    """

    cells: tuple[OwnCell, ...]
    places: Mapping[int, list[Place]]
    spans: tuple[list[tuple[int, int]], ...]
    whole: tuple[int, ...]
    given: frozenset[Spot] = frozenset()

    def size(self, cell: int) -> int:
        """How many elements of the student's own a cell has."""
        return len(self.spans[cell]) - sum(1 for spot in self.given if spot[0] == cell)

    def spots(self, key: int) -> list[Spot]:
        """The student's own elements in the pieces of one key; in the first of them, where there are many."""
        places = self.places[key][:LARGEST_GROUP]
        spots = ((place.cell, number) for place in places for run in place.runs for number in run)
        return [spot for spot in spots if spot not in self.given]

    def size_of(self, name: str) -> int:
        """How many elements the cells of one name have together."""
        return sum(self.size(number) for number, cell in enumerate(self.cells) if cell.name == name)


@dataclass
class _Cutting:
    places: dict[int, list[Place]] = field(default_factory=dict)

    def add(self, cell: int, elements: Sequence[Element]) -> None:
        size = sum(element.size for element in elements)
        if SMALLEST <= size <= LARGEST:
            runs = tuple(range(e.number, e.number + e.size) for e in elements)
            self.places.setdefault(_key(elements), []).append(Place(cell, runs))


def cut(cells: Sequence[OwnCell], modules: Mapping[str, str], exercises: Iterable[str]) -> Cut:
    """The pieces of a work.

    Args:
        cells: what the student wrote.
        modules: what names mean that the released notebook imports.
        exercises: names that were asked for, so nobody chose them.
    """
    read = [names_in(cell.source) for cell in cells]
    own = frozenset().union(*(bound for bound, _ in read)) - frozenset(exercises)
    cutting, spans, whole = _Cutting(), [], []
    for number, (cell, (_, imported)) in enumerate(zip(cells, read, strict=True)):
        elements = list(_walk(tree_of(cell.source, own, {**modules, **imported})))
        spans.append([element.span for element in elements])
        whole.append(_key(elements[:1]))
        for element in elements:
            cutting.add(number, [element])
            statements = [child for child in element.children if child.statement]
            for pair in itertools.pairwise(statements):
                cutting.add(number, pair)
    return Cut(tuple(cells), cutting.places, tuple(spans), tuple(whole))


def without(work: Cut, known: Collection[int]) -> Cut:
    """The work with the elements of all pieces with a ``known`` key taken for given."""
    spots = (work.spots(key) for key in work.places.keys() & frozenset(known))
    return replace(work, given=frozenset(itertools.chain(*spots)))


def keys_of(sources: Iterable[str], modules: Mapping[str, str], exercises: Iterable[str]) -> frozenset[int]:
    """The keys of texts that are nobody's work: what was handed out, or one more way to answer."""
    return frozenset(cut([OwnCell("", source) for source in sources], modules, exercises).places)


def modules_of(sources: Iterable[str]) -> dict[str, str]:
    """What the imported names of these cells stand for."""
    found: dict[str, str] = {}
    for source in sources:
        found |= names_in(source)[1]
    return found


def _walk(root: Element) -> Iterable[Element]:
    stack = [root]
    while stack:
        element = stack.pop()
        yield element
        stack.extend(reversed(element.children))


def _key(elements: Sequence[Element]) -> int:
    """The hash of elements; own names count by the order in which they first occur within the piece."""
    numbers: dict[str, int] = {}
    said: list[str] = []
    stack: list[Element | None] = list(reversed(elements))
    while stack:
        element = stack.pop()
        if element is None:
            said.append(")")
            continue
        if element.own:
            said.append(f"{element.label} {numbers.setdefault(element.own, len(numbers))}(")
        else:
            said.append(f"{element.label}(")
        stack.append(None)
        stack.extend(reversed(element.children))
    # not hash(): Python salts it, and two runs would differ
    return int.from_bytes(hashlib.blake2b("".join(said).encode(), digest_size=8).digest(), "big")
