"""The film-review corpus: generator and parser for the judge. Students get `student/` and nothing else."""

from autograder.reviews.corpus import VERSION, Course, Draw, course_draw, draw, hidden_draw
from autograder.reviews.grammar import FAMILIES, ORDER_FAMILIES
from autograder.reviews.parser import parse

__all__ = [
    "FAMILIES",
    "ORDER_FAMILIES",
    "VERSION",
    "Course",
    "Draw",
    "course_draw",
    "draw",
    "hidden_draw",
    "parse",
]
