"""The film-review corpus: generator and parser for the judge. Students get `student/` and nothing else."""

from autograder.reviews.corpus import VERSION, Course, Draw, course_draw, draw, hidden_draw
from autograder.reviews.grammar import FAMILIES, ORDER_FAMILIES
from autograder.reviews.parser import parse
from autograder.reviews.samples import Sample, for_testing, for_training

__all__ = [
    "FAMILIES",
    "ORDER_FAMILIES",
    "VERSION",
    "Course",
    "Draw",
    "Sample",
    "course_draw",
    "draw",
    "for_testing",
    "for_training",
    "hidden_draw",
    "parse",
]
