"""nbgrader's late-penalty plug-in that reads late.toml: named under ``c.AssignLatePenalties.plugin_class``.

For an assignment that the file does not name, and without a file, it is nbgrader's own plug-in.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin

from autograder.course import find_course
from autograder.errors import AutograderError
from autograder.grading.late import lateness, read_late_rules


class LatePenalty(LateSubmissionPlugin):  # type: ignore[misc]  # nbgrader carries no types
    """The penalty by the course's own rules; its parent is nbgrader's step AssignLatePenalties."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points lost; None for none.  The step itself takes no more than there are."""
        step = self.parent
        rules = read_late_rules(find_course(Path(_coursedir(step).root))).rules
        rule = rules.get(step.assignment_id)
        if rule is None:
            lost: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return lost
        # of nbgrader's seconds nothing is used: an extension may not be in the gradebook yet
        submission = step.gradebook.find_submission(step.assignment_id, student_id)
        if submission.timestamp is None:
            return None
        most = float(submission.max_score)
        found = lateness(rule, student_id, submission.timestamp.replace(tzinfo=UTC), most)
        # nbgrader asks once for each notebook of an assignment
        notebook = step.gradebook.find_submission_notebook(step.notebook_id, step.assignment_id, student_id)
        share = float(notebook.max_score) / most if most else 0.0
        return found.penalty * share or None


def _coursedir(part: Any) -> CourseDirectory:
    """The course directory of nbgrader's nearest part that has one."""
    while part is not None:
        if isinstance(getattr(part, "coursedir", None), CourseDirectory):
            return part.coursedir
        part = part.parent
    raise AutograderError("the late penalties are worked out inside of nbgrader only (got no course folder)")
