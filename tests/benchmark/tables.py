"""The page's tables of the comparison: every grader on the same submissions, round by round."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.benchmark.graders import SAME, SHIPPED
from tests.benchmark.plan import COMPARED, FLOOR, KIT_1, KIT_2, STOCK
from tests.benchmark.results import Results

BEYOND_THE_FLOOR = """
## What keeps two workers from half the floor

Until the first result, a run starts its server, which loads TensorFlow on one core, and its judges beside
it: that weighs the more, the smaller the class. Then the judge draws the inputs, solves them with the
reference and compares, and every submission gets a process and a sandbox of its own. And the last submission
leaves a core idle, which weighs most where one takes long.

| | first result after, s | CPU-s beyond the floor, per submission | cores busy, of 2 |
|---|--:|--:|--:|"""
COMPARISON = (
    "| | in a round | wall, s | from – to | CPU-s | from – to | first result after, s |\n"
    "|---|--:|--:|--:|--:|--:|--:|"
)


def whole_rounds(results: Results) -> Results:
    """Without the rounds in which a grader is still missing."""
    wanted = {(cells, grader) for cells, graders in COMPARED.items() for grader in graders}
    there: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for (name, cells, grader, number), _ in results.below("compare"):
        there[name, number].add((cells, grader))
    kept = {
        key: record
        for key, record in results.records.items()
        if not key.startswith("compare/") or there[key.split("/")[1], key.split("/")[4]] >= wanted
    }
    return replace(results, records=kept)


def comparisons(results: Results) -> Iterator[str]:
    for name in dict.fromkeys(rest[0] for rest, _ in results.below("compare")):
        for cells in (SAME, SHIPPED):
            rows = list(_rows(results, name, cells))
            if rows:
                count = max(record["of"] for _, record in results.below("compare", name, cells))
                yield f"\n## `{name}`, {cells}, {count} submissions, per submission\n\n{COMPARISON}"
                yield from rows


def beyond_the_floor(results: Results) -> Iterator[str]:
    """What keeps two workers from half the floor, in three numbers each."""
    rows = []
    for name in dict.fromkeys(rest[0] for rest, _ in results.below("compare")):
        kits = [record for _, record in results.below("compare", name, SAME, KIT_2)]
        floors = [record for _, record in results.below("compare", name, SAME, FLOOR)]
        if kits and floors:
            more = middle(kits, "cpu") - middle(floors, "cpu")
            busy = statistics.median(kit["whole_cpu"] / kit["whole_wall"] for kit in kits)
            about = f"`{name}`, {kits[0]['count']} submissions"
            rows.append(f"| {about} | {_first(kits)} | {more:.2f} | {busy:.2f} |")
    if rows:
        yield BEYOND_THE_FLOOR
        yield from rows
        yield from _two_at_once(results)


def _two_at_once(results: Results) -> Iterator[str]:
    """How far the machine's own two cores are from twice one: nothing that runs on both can do better."""
    found = results.records.get("two at once")
    if found:
        alone, beside = found["alone"], found["beside"]
        yield f"\nTwo processes of the floor side by side, each with the same work of `{found['name']}`, do"
        yield f"{2 * alone / beside:.2f} times what one does alone in that time ({alone:.1f} s alone,"
        yield f"{beside:.1f} s beside the other). Half the floor, and two workers twice as fast, assume 2."


def middle(records: list[dict[str, Any]], quantity: str) -> float:
    return float(statistics.median(record[quantity] for record in records))


def _rows(results: Results, name: str, cells: str) -> Iterator[str]:
    for grader in COMPARED[cells]:
        records = [record for _, record in results.below("compare", name, cells, grader)]
        if records:
            spent = f"{_spread(records, 'wall')} | {_spread(records, 'cpu')}"
            yield f"| {named(grader)} | {records[0]['count']} | {spent} | {_first(records)} |"


def named(grader: str) -> str:
    return {STOCK: "stock nbgrader", KIT_1: "this kit, 1 worker", KIT_2: "this kit, 2 workers"}.get(
        grader, "the floor" if grader == "floor" else grader
    )


def _spread(records: list[dict[str, Any]], quantity: str) -> str:
    values = [record[quantity] for record in records]
    return f"{statistics.median(values):.2f} | {min(values):.2f} – {max(values):.2f}"


def _first(records: list[dict[str, Any]]) -> str:
    values = [record["first"] for record in records if "first" in record]
    return f"{statistics.median(values):.1f}" if values else ""
