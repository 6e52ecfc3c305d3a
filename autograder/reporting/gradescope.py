"""A Report as Gradescope's results.json: a test per exercise, a line per check, and what a person grades.

Pure: a Report in, plain data out.  Like the feedback page it holds no seed, no expected value and no path.
"""

from __future__ import annotations

from typing import Any

from autograder.checking.verdicts import ExerciseResult, Outcome, Verdict
from autograder.grading.content import report_key
from autograder.grading.report import Report
from autograder.reporting.feedback import WORDS
from autograder.reporting.pages import number, topic

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
READ = "Your notebook was read"
UNREAD = "Your notebook could not be read"


def results(report: Report, *, visibility: str) -> dict[str, Any]:
    """What Gradescope reads, https://gradescope-autograders.readthedocs.io/en/latest/specs/ (January 2025).

    Args:
        report: the submission's.
        visibility: when students see the exercises' tests: one of ``VISIBILITIES``.  How their notebook
            was read they always see, so that somebody can hand in again in time.
    Raises:
        ValueError: a check of ours did not do its work, so nothing of this Report may become a score.
    """
    if report.broken:
        raise ValueError(f"a broken Report is no result (got {report.assignment})")
    if visibility not in VISIBILITIES:
        raise ValueError(f"visibility is one of {', '.join(VISIBILITIES)} (got {visibility})")
    return {
        "execution_time": round(report.seconds),
        "output": _about(report),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "extra_data": {"report": report_key(report.content), "isolation": report.isolation},
        "tests": [_notebook(report), *(_test(name, item) for name, item in report.exercises.items())],
    }


def _about(report: Report) -> str:
    """What concerns the whole submission; no points, which may not be for students to see yet."""
    said = []
    if report.unreadable:
        said.append(f"{UNREAD}: {report.unreadable} So nothing in it could be graded. You can hand in again.")
    if report.manual:
        names = ", ".join(f"{topic(name)} ({_points(points)})" for name, points in report.manual.items())
        said.append(f"A person grades: {names}.")
    return " ".join(said)


def _notebook(report: Report) -> dict[str, Any]:
    """A test without points: what was put right, which cells stopped, which limits were met."""
    lines = [report.unreadable] if report.unreadable else []
    lines += [f"{_where(item.cell)}{item.what}" for item in report.repairs]
    lines += [
        f"{_where(cell.cell)}{cell.error}" for cell in report.cells if cell.outcome != "ok" and cell.error
    ]
    lines += [f"{_where(item.where)}{item.what}" for item in report.limits_met]
    return {
        "name": UNREAD if report.unreadable else READ,
        "status": "failed" if report.unreadable else "passed",
        "output": "\n".join(lines) or "Nothing had to be put right, and every cell ran to its end.",
        "visibility": "visible",
    }


def _where(cell: str) -> str:
    return f"{cell}: " if cell else ""


def _test(name: str, found: ExerciseResult) -> dict[str, Any]:
    passed = all(verdict.outcome is Outcome.PASSED for verdict in found.verdicts)
    return {
        "name": name,
        "score": found.points,
        "max_score": found.max_points,
        "status": "passed" if passed else "failed",
        "output": "\n\n".join(_lines(verdict) for verdict in found.verdicts),
    }


def _lines(verdict: Verdict) -> str:
    """The claim with its word, then what happened and where to look, as on the feedback page."""
    word = WORDS[verdict.outcome]
    lines = [f"{word.sign} {word.word}: {verdict.claim}"]
    if word.style != "good":
        lines.append(f"   {verdict.message or word.otherwise}")
    if verdict.hint and word.style == "open":
        lines.append(f"   Where to look: {verdict.hint}")
    return "\n".join(lines)


def _points(points: float) -> str:
    return f"{number(points)} {'point' if points == 1 else 'points'}"
