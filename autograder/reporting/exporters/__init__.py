"""Where pages and grades meet nbgrader; with grading/nbgrader_plugin the only importer of it."""

from autograder.reporting.exporters.feedback import write_feedback
from autograder.reporting.exporters.plugins import (
    CanvasGradebook,
    MoodleGradebook,
    MoodleWorksheet,
    PlainCsv,
    PlainJson,
)

__all__ = [
    "CanvasGradebook",
    "MoodleGradebook",
    "MoodleWorksheet",
    "PlainCsv",
    "PlainJson",
    "write_feedback",
]
