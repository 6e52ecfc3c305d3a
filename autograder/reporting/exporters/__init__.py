"""Where pages meet nbgrader; with grading/nbgrader_plugin the only importer of it."""

from autograder.reporting.exporters.feedback import write_feedback

__all__ = ["write_feedback"]
