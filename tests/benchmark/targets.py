"""What was to be reached, and what was: ratios of the same run, medians over its rounds."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.benchmark.graders import SAME, SHIPPED
from tests.benchmark.plan import FLOOR, KIT_1, KIT_2, STOCK
from tests.benchmark.results import Results

MAIN = "ex2_one_hot"


@dataclass(frozen=True)
class Target:
    """``value`` is held against ``bound``: at most it, or at least it where ``at_least``."""

    what: str
    value: float
    bound: float
    unit: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def row(self) -> str:
        asked = f"{'at least' if self.at_least else 'at most'} {self.bound:g} {self.unit}".strip()
        answer = "reached" if self.reached else "**not reached**"
        value = round(self.value, 2) + 0.0  # no -0.00: a difference can be too small to be seen
        return f"| {self.what} | {asked} | {value:.2f} {self.unit} | {answer} |".replace("  ", " ")


def targets(results: Results) -> Iterator[Target]:
    """Every target of which something was measured."""
    for name in sorted({rest[0] for rest, _ in results.below("compare")}):
        floors = per_round(
            results, name, SAME, FLOOR, KIT_2, lambda floor, kit: kit["wall"] / (floor["wall"] / 2)
        )
        if floors:
            what = f"`{name}`: wall per submission at 2 workers, of half the floor"
            yield Target(what, statistics.median(floors), 1.25, "×")
    for cells, wall, cpu in ((SAME, 3.0, 2.0), (SHIPPED, 5.0, 3.0)):
        for quantity, bound in (("wall", wall), ("cpu", cpu)):
            found = per_round(
                results, MAIN, cells, STOCK, KIT_2, lambda stock, kit, q=quantity: stock[q] / kit[q]
            )
            if found:
                said = "by the clock" if quantity == "wall" else "in CPU time"
                what = f"`{MAIN}`, {cells}: faster than stock nbgrader {said}"
                yield Target(what, statistics.median(found), bound, "×", at_least=True)
    yield from _memory(results)
    for name in sorted({rest[0] for rest, _ in results.below("compare")}):
        found = per_round(results, name, SAME, KIT_1, KIT_2, lambda one, two: one["wall"] / two["wall"])
        if found:
            yield Target(f"`{name}`: from 1 to 2 workers", statistics.median(found), 1.7, "×", at_least=True)
    yield from _seconds(results)


def _memory(results: Results) -> Iterator[Target]:
    for name in sorted({rest[0] for rest, _ in results.below("memory")}):
        records = {
            rest[1]: record
            for rest, record in results.below(
                "memory",
            )
            if rest[0] == name
        }
        if STOCK in records and KIT_2 in records:
            share = records[KIT_2]["megabytes"]["worker"] / records[STOCK]["megabytes"]["worker"]
            yield Target(f"`{name}`: memory of a worker (PSS), of stock nbgrader's kernel", share, 0.5, "×")


def _seconds(results: Results) -> Iterator[Target]:
    again = results.records.get("class/again")
    if again:
        what = f"regrading an unchanged class of {again['count']} over all assignments"
        yield Target(what, again["whole_wall"], 5.0, "s")
    for (name,), record in results.below("recording"):
        yield Target(f"`{name}`: nbgrader's recording of a submission", record["wall"], 0.1, "s")
    if "help" in results.records:
        yield Target("showing what the commands are (`--help`)", results.records["help"]["wall"], 0.3, "s")
    if "sandbox" in results.records:
        found = results.records["sandbox"]
        yield Target("what the sandbox adds to a warm fork", found["sandbox"] - found["process"], 0.15, "s")


def per_round(
    results: Results,
    name: str,
    cells: str,
    first: str,
    second: str,
    ratio: Callable[[dict[str, Any], dict[str, Any]], float],
) -> list[float]:
    """A number for each round in which both graders were measured, on one machine."""
    one = {rest[0]: record for rest, record in results.below("compare", name, cells, first)}
    other = {rest[0]: record for rest, record in results.below("compare", name, cells, second)}
    return [
        ratio(one[number], other[number])
        for number in one
        if number in other and one[number]["machine"] == other[number]["machine"]
    ]


def line(points: dict[float, float]) -> tuple[float, float, float]:
    """Slope, intercept and R² of the straight line through (size, seconds)."""
    slope, intercept = statistics.linear_regression(list(points), list(points.values()))
    middle = statistics.fmean(points.values())
    left = sum((y - slope * x - intercept) ** 2 for x, y in points.items())
    whole = sum((y - middle) ** 2 for y in points.values())
    return slope, intercept, 1 - left / whole if whole else 1.0
