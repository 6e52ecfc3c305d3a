"""Handing in late: the rules of ``late.toml``, what they cost whom, and what can be wrong in the file."""

from autograder.grading.late.file import LateRules, check_students, read_late_rules
from autograder.grading.late.rules import Lateness, LateRule, lateness, span

__all__ = ["LateRule", "LateRules", "Lateness", "check_students", "lateness", "read_late_rules", "span"]
