"""Which assignment a notebook belongs to, by the marks of its cells; nothing of it is run or kept."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.course import Course, assignment_names, find_assignment
from autograder.errors import CourseError
from autograder.grading.intake.parsing import parse
from autograder.grading.intake.release import read_release
from autograder.grading.intake.result import Unreadable


def released_marks(course: Course) -> dict[str, frozenset[str]]:
    """The grade_ids of each assignment that is released."""
    found = {}
    for name in assignment_names(course):
        try:
            release = read_release(find_assignment(course, name).notebook)
        except CourseError:  # not released yet: nobody can have it
            continue
        found[name] = frozenset(slot.name for slot in release.slots)
    return found


def other_assignment(content: bytes, ours: str, marks: Mapping[str, frozenset[str]]) -> str:
    """The assignment that a notebook is more likely of than ``ours``; "" where its marks name none."""
    try:
        cells = parse(content).cells
    except Unreadable:  # grading gives the reason
        return ""
    found = {cell.grade_id for cell in cells} - {""}
    common = {name: len(found & known) for name, known in marks.items()}
    best = max(common, key=lambda name: (common[name], name == ours), default="")
    return best if common.get(best, 0) > common.get(ours, 0) else ""
