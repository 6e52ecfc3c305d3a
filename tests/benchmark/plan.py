"""How large a benchmark is: the full one takes four to five hours on two cores, the short one minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tests.benchmark.graders import SAME, SHIPPED

KIT_1, KIT_2, FLOOR, STOCK, OTTER = "kit, 1 worker", "kit, 2 workers", "floor", "nbgrader", "Otter"
T = TypeVar("T")
COMPARED: Mapping[str, tuple[str, ...]] = {
    SAME: (STOCK, OTTER, KIT_1, KIT_2, FLOOR),
    SHIPPED: (STOCK, OTTER, KIT_2),
}


@dataclass(frozen=True)
class Sizes:
    """``submissions`` by assignment; of a peer's part in a round, Otter grades the first ``for_otter``.

    ``growing``: sizes of classes for the line of costs; ``whole_class``: hand-ins over all assignments;
    ``for_memory``: hand-ins while memory is looked at, which costs time; ``kills`` of the soak.
    """

    name: str
    rounds: int
    submissions: Mapping[str, int]
    for_otter: int
    growing: tuple[int, ...]
    whole_class: int
    for_memory: int
    workers: int
    kills: int


def part(numbers: Sequence[T], number: int, rounds: int) -> list[T]:
    """What a grader that takes one notebook after the other grades in round ``number``: all in all rounds.

    Every round gets as many; where they do not divide, some are graded twice.
    """
    size = -(-len(numbers) // rounds)
    return [numbers[(number * size + place) % len(numbers)] for place in range(size)]


def resized(sizes: Sizes, rounds: int | None, submissions: Sequence[str] | None) -> Sizes:
    """The sizes with other rounds and classes where these are given, such as "ex2_one_hot=40".

    Raises ValueError for a class or a number that cannot be.
    """
    if rounds is not None:
        sizes = replace(sizes, rounds=rounds)
    if submissions is not None:
        pairs = [text.partition("=") for text in submissions]
        wrong = [text for text, (_, _, count) in zip(submissions, pairs, strict=True) if not count.isdigit()]
        if wrong or not pairs:
            raise ValueError(f"a class is given as ex2_one_hot=40 (got {', '.join(wrong) or 'none'})")
        sizes = replace(sizes, submissions={name: int(count) for name, _, count in pairs})
    if sizes.rounds < 1 or min(sizes.submissions.values()) < 1:
        raise ValueError(f"a benchmark needs rounds and submissions (got {sizes.rounds})")
    return sizes


FULL = Sizes(
    name="full",
    rounds=5,
    submissions={"ex2_one_hot": 40, "ex3_embedding": 12, "ex5_lstm": 2},
    for_otter=2,
    growing=(10, 25, 50, 100, 200),
    whole_class=200,
    for_memory=3,
    workers=30,
    kills=50,
)
SHORT = Sizes(
    name="short",
    rounds=1,
    submissions={"ex2_one_hot": 3},
    for_otter=1,
    growing=(1, 2, 3),
    whole_class=6,
    for_memory=1,
    workers=3,
    kills=1,
)
