"""What can be proven without training: all other checks, and what calibration has shown of trained ones.

A wrong answer that only training tells is then held to be found where ``autograder calibrate`` has shown it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from autograder.assurance.reading import checks_of, parse_checks
from autograder.assurance.training_runs import trained_checks
from autograder.checking.exercise import thresholds_file
from autograder.course import Assignment
from autograder.errors import CourseError


@dataclass(frozen=True)
class Untrained:
    """``checks`` are the names of those that do not train, ``left_out`` the claims of those that do.

    ``told_apart`` are the wrong answers that lie below a bar in the evidence, by name.
    """

    checks: frozenset[str]
    left_out: frozenset[str]
    told_apart: frozenset[str]


def untrained(assignment: Assignment) -> Untrained:
    """The untrained part of an assignment.

    Raises CourseError where an exercise has trained checks alone.
    """
    found: dict[str, str] = {}
    left_out, told_apart = set(), set()
    for file in assignment.check_files:
        part = replace(assignment, checks=file)
        trained = {check.name for check in trained_checks(part)}
        for check in checks_of(parse_checks(part)):
            if check.name in trained:
                left_out.add(check.claim)
            else:
                found[check.name] = check.exercise
        told_apart |= _told_apart(part) if trained else set()
    alone = sorted(assignment.points.keys() - set(found.values()))
    if alone:
        raise CourseError(f"all checks of an exercise train: prove it without --untrained (got {alone[0]})")
    return Untrained(frozenset(found), frozenset(left_out), frozenset(told_apart))


def _told_apart(assignment: Assignment) -> set[str]:
    """By the evidence for generated reviews; nothing where there is none, which ``uncalibrated`` tells."""
    try:
        data = json.loads(thresholds_file(assignment.checks).read_text(encoding="utf-8"))
        return {str(answer) for check in data["checks"].values() for answer in check["told_apart"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()
