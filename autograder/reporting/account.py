"""What somebody should know of a filled sheet, in sentences: who got what, who did not, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.reporting.filling import Filled


def sentences(filled: Filled) -> list[str]:
    """The account of a sheet: numbers first, then everything that is not as it should be."""
    new = [who for who, old, _ in filled.written if not old]
    changed = [f"{who}: {old} → {text}" for who, old, text in filled.written if old]
    numbers = f"{len(new)} written, {len(changed)} changed, {filled.same} as before"
    said = [f'Grades in the column "{filled.column}": {numbers}, {len(filled.blank)} left blank.']
    said += [*_list("Changed, because another grade stood there", changed)]
    said += [*_list("Left blank", _by_reason(filled.blank))]
    said += [*_list("Left as it stands", [f"{who} {why}" for who, why in filled.kept.items()])]
    said += [*_list("It is not clear who this is, so nothing was written", filled.doubts)]
    said += [*_list("Graded students whom no row fits", filled.without_row)]
    said += [*_list("Rows of nobody in the course", filled.strangers)]
    return [*said, *filled.notes]


def _list(heading: str, items: Sequence[str]) -> list[str]:
    return [f"{heading}:", *(f"  {item}" for item in items)] if items else []


def _by_reason(blank: Mapping[str, str]) -> list[str]:
    """A line for each reason, with all whom it concerns."""
    reasons: dict[str, list[str]] = {}
    for who, why in blank.items():
        reasons.setdefault(why, []).append(who)
    return [f"{why}: {', '.join(people)}" for why, people in reasons.items()]
