"""Intake: from whatever a student handed in to cells that can be run and a notebook that can be graded."""

from autograder.grading.intake.reading import read_submission
from autograder.grading.intake.result import Cell, Intake

__all__ = ["Cell", "Intake", "read_submission"]
