"""Which cell of the student's belongs to which marked cell of the release; decides, changes nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.grading.intake import code
from autograder.grading.intake.parsing import Raw
from autograder.grading.intake.release import Release, Role, Slot


@dataclass(frozen=True)
class Match:
    """The cell that counts for a slot (None: it is gone), and the others that also claim to be it.

    ``by`` says how it was found: "id", "function", "text" or "place".
    """

    slot: Slot
    counts: Raw | None = None
    others: tuple[Raw, ...] = ()
    by: str = ""


@dataclass
class _Taken:
    """Numbers of the student's cells that already belong to a slot."""

    numbers: set[int] = field(default_factory=set)

    def free(self, cells: Iterable[Raw]) -> list[Raw]:
        return [cell for cell in cells if cell.number not in self.numbers]


def match(release: Release, cells: Sequence[Raw]) -> tuple[Match, ...]:
    """One Match per slot of the release, in its order: by grade_id, then by text, function, place."""
    taken = _Taken()
    claims: dict[str, list[Raw]] = {slot.name: [] for slot in release.slots}
    for cell in cells:
        if cell.grade_id in claims:
            claims[cell.grade_id].append(cell)
            taken.numbers.add(cell.number)
    found = {name: "id" for name, claimed in claims.items() if claimed}
    _by_stray(release, claims, found)
    _by_text(release, cells, claims, found, taken)
    _by_function(release, cells, claims, found, taken)
    _by_place(release, cells, claims, found, taken)
    return tuple(_settle(slot, claims[slot.name], found.get(slot.name, "")) for slot in release.slots)


def _by_stray(release: Release, claims: Mapping[str, list[Raw]], found: dict[str, str]) -> None:
    """An answer in a cell with the mark of a locked cell or a text: merged, or the marks exchanged."""
    for slot in release.slots:
        if not slot.functions or any(
            slot.functions & code.functions(cell.source) and _edited(cell, slot) for cell in claims[slot.name]
        ):
            continue
        for other in release.slots:
            if other.role is Role.SOLUTION:
                continue
            strays = [
                cell
                for cell in claims[other.name]
                if cell.kind == "code"
                and slot.functions & code.functions(cell.source)
                and not code.same_text(cell.source, other.source)
                and _edited(cell, slot)
            ]
            claims[slot.name].extend(strays)
            claims[other.name][:] = [cell for cell in claims[other.name] if cell not in strays]
            if strays:
                found[slot.name] = "function"
            if not claims[other.name]:
                found.pop(other.name, None)


def _by_text(
    release: Release,
    cells: Sequence[Raw],
    claims: Mapping[str, list[Raw]],
    found: dict[str, str],
    taken: _Taken,
) -> None:
    for slot in release.slots:
        # all empty answers look the same, so only their place can tell them apart
        wanted = slot.role is not Role.ANSWER and slot.source.strip()
        if wanted and (slot.role is not Role.SOLUTION or not claims[slot.name]):
            same = [cell for cell in taken.free(cells) if code.same_text(cell.source, slot.source)]
            if same:
                claims[slot.name].extend(same)
                taken.numbers |= {cell.number for cell in same}
                found.setdefault(slot.name, "text")


def _by_function(
    release: Release,
    cells: Sequence[Raw],
    claims: Mapping[str, list[Raw]],
    found: dict[str, str],
    taken: _Taken,
) -> None:
    for slot in release.slots:
        defining = [cell for cell in taken.free(cells) if slot.functions & code.functions(cell.source)]
        best = [c for c in defining if c.kind == "code" and "demo" not in c.tags]
        if not best and not any(_edited(cell, slot) for cell in claims[slot.name]):
            best = [c for c in defining if c.kind == "code"] or defining
        if best:
            claims[slot.name].extend(best)
            taken.numbers |= {cell.number for cell in best}
            found.setdefault(slot.name, "function")


def _by_place(
    release: Release,
    cells: Sequence[Raw],
    claims: Mapping[str, list[Raw]],
    found: dict[str, str],
    taken: _Taken,
) -> None:
    """What stands right after the cell that the release puts before it: the last thing to go by."""
    known = [text.strip() for text in release.sources]
    for slot in release.slots:
        if claims[slot.name] or slot.role not in (Role.SOLUTION, Role.ANSWER) or slot.place == 0:
            continue
        before = release.sources[slot.place - 1]
        for cell, following in itertools.pairwise(cells):
            if (
                code.same_text(cell.source, before)
                and following.number not in taken.numbers
                and following.kind == slot.kind
                and (following.source.strip() not in known or code.same_text(following.source, slot.source))
            ):
                claims[slot.name].append(following)
                taken.numbers.add(following.number)
                found[slot.name] = "place"
                break


def _settle(slot: Slot, claimed: list[Raw], by: str) -> Match:
    """Of several cells the edited one counts, or the last; one that defines the function comes first."""
    if not claimed:
        return Match(slot)

    def rank(cell: Raw) -> tuple[bool, bool, bool, int]:
        edited = _edited(cell, slot)
        if slot.role in (Role.CHECKS, Role.LOCKED):
            return not edited, True, True, cell.number
        defines = not slot.functions or bool(slot.functions & code.functions(cell.source))
        return edited and defines, defines, edited and bool(cell.source.strip()), cell.number

    counts = claimed[0] if len(claimed) == 1 else max(claimed, key=rank)
    others = tuple(cell for cell in claimed if cell is not counts)
    return Match(slot, counts, tuple(sorted(others, key=lambda cell: cell.number)), by)


def _edited(cell: Raw, slot: Slot) -> bool:
    if slot.kind == "code":
        return not code.same_code(cell.source, slot.source)
    return not code.same_text(cell.source, slot.source)
