"""How often the class report finds what is planted, by the size of the class: a table of its docs.

``python -m tests.reporting.power`` takes about a minute of processor time.
"""

from __future__ import annotations

from collections import Counter

from autograder.reporting.anonymous import names_of
from autograder.reporting.class_report.flags import Flag
from autograder.reporting.class_report.report import class_report
from tests.reporting import simulated

SIZES = (20, 40, 80, 120)
CLASSES = 100
ODD = {simulated.LUCK, simulated.INVERTED[0]}


def main() -> None:
    """Print a column per size of class: how many of CLASSES classes have each flag."""
    found = {size: counted(size) for size in SIZES}
    print("students", *SIZES, sep="\t")
    for what in dict.fromkeys(what for column in found.values() for what in column):
        print(what, *(column[what] for column in found.values()), sep="\t")


def counted(size: int) -> Counter[str]:
    """In how many classes each planted thing is found; of ordinary checks and exercises, how many flags."""
    count: Counter[str] = Counter()
    for seed in range(CLASSES):
        standings = simulated.simulated_class(simulated.abilities(size, seed), seed=seed)
        report = class_report(
            simulated.assignment(),
            standings,
            title="",
            names=names_of([], handed_out=""),
            cell_of=lambda student, exercise: "",
        )
        kinds = {(flag.kind, flag.exercise, flag.check) for flag in report.flags}
        count["everybody passes"] += ("everybody passes", *simulated.EASY) in kinds
        count["nobody passes"] += ("nobody passes", *simulated.IMPOSSIBLE) in kinds
        count["good students fail"] += ("good students fail", *simulated.INVERTED) in kinds
        count["out of line"] += any(_disagrees(flag, {simulated.LUCK}) for flag in report.flags)
        ordinary = set(simulated.EXERCISES) - ODD
        count["ordinary, out of line"] += sum(_disagrees(flag, ordinary) for flag in report.flags)
        count["ordinary, good students fail or nobody apart"] += sum(
            flag.exercise in ordinary and flag.kind in ("good students fail", "tells nobody apart")
            for flag in report.flags
        )
    return count


def _disagrees(flag: Flag, exercises: set[str]) -> bool:
    """Whether it says of one of these that it does not go with the rest (not that it is harder or easier)."""
    return flag.kind == "out of line" and flag.exercise in exercises and "elsewhere" in flag.sentence


if __name__ == "__main__":
    main()
