"""A class compared, each with each: what is rare in it, who shares that, and which pairs stand out."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.similarity.matching import Part, Shared, shared_by_exercise, side_by_side, strength
from autograder.similarity.pieces import Cut, without

RARE_SHARE, RARE_STUDENTS = 0.1, 2
"""A piece counts while at most a tenth of the class has it, or two people in a small one."""
ORDINARY_SHARE = 0.05
TIMES_ORDINARY = 2.0
LEAST, MOST = 60.0, 150.0
FEW_PAIRS = 45
IN_A_SMALL_CLASS = 100.0
MOST_SHOWN = 60
"""Pairs that stand out and are shown side by side without being asked for: nobody reads more."""
LONG_ANSWER = 60
"""Elements from which on the same answer, handed in by many, is worth a look: some six lines."""


@dataclass(frozen=True)
class Pair:
    """Two students and what they share, the most first; ``parts`` show it, for pairs that somebody sees.

    ``strength`` is what pairs are ranked by; from a bar on, a pair ``stands_out``.
    """

    students: tuple[str, str]
    strength: float
    shared: tuple[Shared, ...]
    stands_out: bool = False
    parts: tuple[Part, ...] = ()

    @property
    def elements(self) -> int:
        """How many are shared in all exercises."""
        return sum(shared.elements for shared in self.shared)


@dataclass(frozen=True)
class Group:
    """Students who handed in one answer, their own names and comments aside; too many for it to count."""

    exercise: str
    students: tuple[str, ...]
    elements: int
    source: str


@dataclass(frozen=True)
class Comparison:
    """A class compared.  ``pairs`` are those that share something rare, the strongest first.

    ``bar`` is the strength from which a pair stands out; a piece that more than ``most`` have is common
    and does not count; ``not_compared`` says who could not be compared, and why.
    """

    assignment: str
    students: tuple[str, ...]
    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]
    bar: float
    most: int
    not_compared: Mapping[str, str]

    @property
    def standing_out(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.stands_out)

    @property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """More than two students whom pairs that stand out connect, through one another; the most first."""
        circle: dict[str, set[str]] = {}
        for pair in self.standing_out:
            together = set(pair.students).union(*(circle.get(who, ()) for who in pair.students))
            circle |= dict.fromkeys(together, together)
        found = {tuple(sorted(members)) for members in circle.values() if len(members) > 2}
        return tuple(sorted(found, key=lambda members: (-len(members), members)))

    @property
    def possible(self) -> int:
        """How many pairs there are."""
        return len(self.students) * (len(self.students) - 1) // 2


def compare(
    assignment: str,
    works: Mapping[str, Cut],
    *,
    known: Collection[int] = (),
    writers: Sequence[Collection[int]] = (),
    shown: int = 0,
    not_compared: Mapping[str, str] | None = None,
) -> Comparison:
    """Compare each student with each other one.

    Args:
        assignment: its name.
        works: by student.
        known: keys of what was handed out: never counted.
        writers: the keys of each right answer that comes with the course; each counts as one more writer.
        shown: how many pairs, the strongest ones, have their parts even where they do not stand out.
        not_compared: students of whom there is nothing to compare, and why.
    """
    works = {student: without(work, known) for student, work in works.items()}
    most = max(RARE_STUDENTS, int(RARE_SHARE * len(works)))
    keys = _rare_keys(works, frozenset(known), writers, most)
    pairs = _ranked(works, keys)
    bar = bar_of([pair.strength for pair in pairs], len(works) * (len(works) - 1) // 2)
    pairs = [replace(pair, stands_out=pair.strength >= bar) for pair in pairs]
    for number, pair in enumerate(pairs):
        if number < (max(MOST_SHOWN, shown) if pair.stands_out else shown):
            left, right = (works[who] for who in pair.students)
            pairs[number] = replace(pair, parts=side_by_side(left, right, keys[pair.students]))
    return Comparison(
        assignment=assignment,
        students=tuple(sorted(works)),
        pairs=tuple(pairs),
        groups=groups_of(works, most),
        bar=bar,
        most=most,
        not_compared=dict(not_compared or {}),
    )


def _ranked(works: Mapping[str, Cut], keys: Mapping[tuple[str, str], list[int]]) -> list[Pair]:
    pairs = []
    for (one, other), common in keys.items():
        shared = shared_by_exercise(works[one], works[other], common)
        pairs.append(Pair((one, other), round(strength(shared), 1), shared))
    return sorted(pairs, key=lambda pair: (-pair.strength, pair.students))


def bar_of(strengths: Sequence[float], pairs: int) -> float:
    """The strength from which a pair stands out: twice what one pair in twenty reaches, within bounds.

    ``strengths`` are those of the pairs that share something, the strongest first, of ``pairs`` in all.
    With few pairs that says nothing, and the bar is fixed.
    """
    if pairs < FEW_PAIRS:
        return IN_A_SMALL_CLASS
    place = int(pairs * ORDINARY_SHARE)
    ordinary = strengths[place] if place < len(strengths) else 0.0
    return round(min(max(TIMES_ORDINARY * ordinary, LEAST), MOST), 1)


def groups_of(works: Mapping[str, Cut], most: int) -> tuple[Group, ...]:
    """Long answers that more than ``most`` students have alike: what everybody writes, or what went round."""
    found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for student in sorted(works):
        work = works[student]
        for number, (cell, key) in enumerate(zip(work.cells, work.whole, strict=True)):
            if work.size(number) >= LONG_ANSWER and student not in found[cell.name, key]:
                found[cell.name, key].append(student)
    groups = []
    for (name, key), students in found.items():
        if len(students) > most:
            work = works[students[0]]
            number = work.whole.index(key)
            source = work.cells[number].source
            groups.append(Group(name, tuple(students), work.size(number), source))
    return tuple(sorted(groups, key=lambda group: (-len(group.students), group.exercise)))


def _rare_keys(
    works: Mapping[str, Cut], known: frozenset[int], writers: Sequence[Collection[int]], most: int
) -> dict[tuple[str, str], list[int]]:
    """By pair, in alphabetical order: the keys that both have, that few others have, and that nobody gave."""
    having: defaultdict[int, list[str]] = defaultdict(list)
    for student in sorted(works):
        for key in works[student].places:
            having[key].append(student)
    beside = Counter(key for writer in writers for key in frozenset(writer))
    shared: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for key, students in having.items():
        if len(students) > 1 and len(students) + beside[key] <= most and key not in known:
            for pair in itertools.combinations(students, 2):
                shared[pair].append(key)
    return shared
