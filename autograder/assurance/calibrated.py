"""Is every bar of a trained check backed by its evidence?  Trains nothing; a sentence per offence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograder.assurance.calibration import Overlap, reweigh
from autograder.assurance.reading import Check, Offence
from autograder.assurance.training_runs import trained_checks
from autograder.assurance.variants import variants
from autograder.checking.exercise import thresholds_file
from autograder.course import GENERATED, IMDB, Assignment, Course

MOST_FALSE_FAILS = 1e-5
"""How often a right answer may fail a trained check, at most, with 95 % confidence."""


def uncalibrated(course: Course, assignment: Assignment) -> list[Offence]:
    """What is missing or does not hold in the evidence for the reviews that the course grades on."""
    corpora = [GENERATED] if course.settings.corpus == GENERATED else [GENERATED, IMDB]
    return [
        offence
        for file in assignment.check_files
        for corpus in corpora
        for offence in _of_file(replace(assignment, checks=file), corpus)
    ]


def _of_file(assignment: Assignment, corpus: str) -> Iterator[Offence]:
    checks = trained_checks(assignment, corpus)
    if not checks:
        return
    file = thresholds_file(assignment.checks, corpus)
    remedy = f"run autograder calibrate {assignment.name}"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = "there is none" if isinstance(error, FileNotFoundError) else "it cannot be read"
        yield Offence(
            checks[0].name, f"the evidence for its bars is missing, {why}: {remedy} (got {file.name})"
        )
        return
    for check in checks:
        try:
            yield from (Offence(check.name, f"{what}: {remedy}") for what in _about(assignment, check, data))
        except Overlap as overlap:
            yield Offence(check.name, str(overlap))
        except (KeyError, TypeError, IndexError, ValueError):
            yield Offence(check.name, f"{file.name} holds no whole evidence for this check: {remedy}")


def _about(assignment: Assignment, check: Check, data: Mapping[str, Any]) -> Iterator[str]:
    written = data["checks"][check.name]
    found = reweigh(data, check.name)
    runs, failures, bound = found.runs, found.failures, found.false_fail_bound
    if (runs, failures) != (written["runs"], written["failures"]):
        yield f"its runs do not give what is written of them (got {runs} runs, {failures} failures)"
    if bound > MOST_FALSE_FAILS:
        yield f"a right answer may fail it more than once in 100 000 times (got {bound:.1e})"
    for name, bar in found.bars.items():
        placed = data["bars"][name]["bar"]
        if bar.bar != placed:
            yield f"its bar {name} does not lie between right and wrong answers (got {placed})"
    # a wrong answer that came later is weighed by prove; a right one must not fail because of an old bar
    answers = [answer for answer in variants(assignment.solution_files) if answer.function == check.exercise]
    right = {answer.symbol for answer in answers if answer.kind != "wrong"}
    new = sorted(right - {answer for answer, made in data["runs"][check.name]["right"].items() if made})
    if new:
        yield f"its bars were placed without some of today's right answers (got {', '.join(new)})"
