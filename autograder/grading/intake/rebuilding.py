"""The rebuilt notebook as a list of pieces: the release's cells in place, the student's between them."""

from __future__ import annotations

import bisect
import enum
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.intake import code
from autograder.grading.intake.matching import Match
from autograder.grading.intake.parsing import Raw
from autograder.grading.intake.release import Release, Role, Slot
from autograder.grading.report import Repair


class Run(enum.Enum):
    """Whether the worker runs a piece."""

    YES = "yes"
    NEVER = "never"
    IF_NEEDED = "if needed"  # when it binds a name that another cell reads


@dataclass(frozen=True)
class Piece:
    """One cell of the rebuilt notebook: a marked cell, or a cell of the student's own (slot None)."""

    slot: Slot | None
    raw: Raw | None
    run: Run

    @property
    def handed_out(self) -> bool:
        """Whether the text is the release's, and not the student's."""
        return self.slot is not None and (self.raw is None or self.slot.role in (Role.CHECKS, Role.LOCKED))

    @property
    def kind(self) -> str:
        return self.slot.kind if self.slot is not None else self.raw.kind if self.raw is not None else "raw"

    @property
    def source(self) -> str:
        if self.handed_out or self.raw is None:
            return self.slot.source if self.slot is not None else ""
        return self.raw.source

    @property
    def name(self) -> str:
        return (
            self.slot.name
            if self.slot is not None
            else f"cell {self.raw.number}"
            if self.raw is not None
            else ""
        )


def rebuild(
    release: Release, cells: Sequence[Raw], matches: Sequence[Match]
) -> tuple[tuple[Piece, ...], tuple[Repair, ...]]:
    """Put every marked cell of the release in its place, keep all that is the student's, say what changed."""
    claimed = {raw.number: match for match in matches for raw in (match.counts, *match.others) if raw}
    pieces: list[Piece] = []
    for raw in cells:
        if raw.number in claimed:
            pieces.extend(_claimed(raw, claimed[raw.number]))
        else:
            demo = "demo" in raw.tags or raw.source.strip() in release.demos
            pieces.append(Piece(None, raw, Run.IF_NEEDED if demo else Run.YES))
    ordered, moved = _put_in_order(pieces, [match.slot for match in matches])
    _let_the_chosen_win(ordered, matches)
    return tuple(ordered), (*_remarks(matches), *_moves(moved))


def _claimed(raw: Raw, match: Match) -> list[Piece]:
    """What becomes of a cell that claims a slot; an edited locked cell is kept beside the original."""
    slot, locked = match.slot, match.slot.role in (Role.CHECKS, Role.LOCKED)
    same = code.same_text(raw.source, slot.source)
    if locked:
        run = Run.IF_NEEDED if slot.role is Role.CHECKS else Run.YES
        kept = [] if same or not raw.source.strip() else [Piece(None, raw, run)]
        return [Piece(slot, raw, _run_of(slot)), *kept] if raw is match.counts else kept
    if raw is match.counts:
        return [Piece(slot, raw, _run_of(slot))]
    if same or not raw.source.strip():
        return []
    untouched = slot.kind == "code" and code.same_code(raw.source, slot.source)
    return [Piece(None, raw, Run.NEVER if untouched else Run.YES)]


def _run_of(slot: Slot) -> Run:
    if slot.role is Role.CHECKS:
        return Run.NEVER
    return Run.IF_NEEDED if "demo" in slot.metadata.get("tags", ()) else Run.YES


def _put_in_order(pieces: list[Piece], slots: Sequence[Slot]) -> tuple[list[Piece], list[Slot]]:
    """Move as few marked cells as possible so that they follow the release; add those that are gone."""
    places = [(piece.slot.place, piece) for piece in pieces if piece.slot is not None]
    staying = _longest_rising([place for place, _ in places])
    ordered = [piece for piece in pieces if piece.slot is None or piece.slot.place in staying]
    present = dict(places)
    moved = []
    before: Slot | None = None
    for slot in slots:
        if slot.place not in staying:
            if slot.place in present:
                moved.append(slot)
            locked = slot.role in (Role.CHECKS, Role.LOCKED)
            new = present.get(slot.place) or Piece(slot, None, _run_of(slot) if locked else Run.NEVER)
            at = (
                0
                if before is None
                else 1 + next(i for i, piece in enumerate(ordered) if piece.slot is before)
            )
            ordered.insert(at, new)
        before = slot
    return ordered, moved


def _let_the_chosen_win(ordered: list[Piece], matches: Sequence[Match]) -> None:
    """Put the other cells of an exercise before the one that counts: run after it, they would undo it."""
    for match in matches:
        rivals = {raw.number for raw in match.others}
        chosen = next((i for i, piece in enumerate(ordered) if piece.slot is match.slot), len(ordered))
        late = [piece for piece in ordered[chosen:] if piece.raw is not None and piece.raw.number in rivals]
        if match.slot.role is Role.SOLUTION and late:
            ordered[:] = [piece for piece in ordered if piece not in late]
            ordered[chosen:chosen] = late


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The members of a longest rising subsequence of distinct numbers."""
    tails: list[int] = []
    previous: dict[int, int | None] = {}
    for number in numbers:
        at = bisect.bisect_left(tails, number)
        previous[number] = tails[at - 1] if at else None
        tails[at : at + 1] = [number]
    chosen: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        chosen.add(last)
        last = previous[last]
    return chosen


def _moves(moved: Sequence[Slot]) -> list[Repair]:
    return [Repair(slot.name, "This cell had been moved; it was put back in its place.") for slot in moved]


def _remarks(matches: Sequence[Match]) -> list[Repair]:
    remarks: list[Repair] = []
    lost = [match for match in matches if match.by in ("text", "function", "place")]
    if len(lost) > 2:
        what = (
            f"{len(lost)} cells had lost the names that the grader knows them by (some editors drop them); "
            "they were found by their text, their functions or their places."
        )
        remarks.append(Repair("notebook", what))
    for match in matches:
        remarks += [
            Repair(match.slot.name, what) for what in _about(match, lost=match in lost and len(lost) <= 2)
        ]
    return remarks


def _about(match: Match, *, lost: bool) -> list[str]:
    slot, counts = match.slot, match.counts
    if counts is None:
        if slot.role in (Role.CHECKS, Role.LOCKED):
            return ["This cell was missing; the original was put back."]
        return ["No cell was found for this exercise; an empty one was put back in its place."]
    said = []
    if lost:
        said.append("This cell had lost the name that the grader knows it by; it was found all the same.")
    if counts.kind != slot.kind:
        kind = "code" if slot.kind == "code" else "text"
        said.append(f"This cell had been changed into another type; it was read as {kind} again.")
    if slot.role in (Role.CHECKS, Role.LOCKED):
        kept = any(
            not code.same_text(raw.source, slot.source)
            for raw in (counts, *match.others)
            if raw.source.strip()
        )
        if kept:
            said.append(
                "This cell is not meant to be changed; the original counts, your version is kept below it."
            )
        return said
    rivals = [
        raw for raw in match.others if raw.source.strip() and not code.same_text(raw.source, slot.source)
    ]
    if rivals:
        said.append(
            f"There are {len(rivals) + 1} cells for this exercise; the last one that you edited counts."
        )
    elif match.others:
        edited = not code.same_text(counts.source, slot.source)
        which = "one that you edited" if edited else "last one"
        said.append(f"There is more than one cell for this exercise; the {which} counts.")
    return said + _renamed(slot, counts)


def _renamed(slot: Slot, counts: Raw) -> list[str]:
    """A sentence where the cell defines functions, but not the one that is asked."""
    defined = code.functions(counts.source)
    if not slot.functions or slot.functions & defined or not defined:
        return []
    wanted = " and ".join(f"`{name}`" for name in sorted(slot.functions))
    found = ", ".join(f"`{name}`" for name in sorted(defined)[:3])
    return [f"This cell defines {found}, but the grader looks for {wanted}. Nothing was renamed."]
