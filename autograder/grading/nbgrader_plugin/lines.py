"""What a TA reads below a cell in the formgrader, as outputs of that cell."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.checking.verdicts import Outcome, Verdict
from autograder.grading.nbgrader_plugin import panels
from autograder.grading.overrides import Override
from autograder.grading.report import Output, Report

WIDTH = 100
SAVED = "Saved by the student, not graded, not run again:"
RAN = "When it was run at grading:"
BAR = "│ "
"""Begins each line of a student's output; no line of ours begins so."""


def under_grade_cell(report: Report, exercise: str, again: Sequence[Override] = ()) -> NotebookNode:
    """The verdicts on one exercise, as HTML of ours and as plain lines for whoever shows no HTML."""
    text = "".join(f"{line}\n" for line in verdict_lines(report, exercise, again))
    html = panels.verdicts(report, exercise, again)
    return new_output("display_data", data={"text/html": html, "text/plain": text})


def verdict_lines(report: Report, exercise: str, again: Sequence[Override] = ()) -> Iterator[str]:
    """Which check, its claim, what happened, the hint, and the limit that was met."""
    if report.unreadable:
        yield f"This submission could not be read: {report.unreadable}"
        return
    found = report.exercises[exercise]
    yield f"{found.points:g} of {found.max_points:g} points: {panels.passed(found)}"
    for one in again:
        if one.cell == exercise:
            yield f"Look at this again: {one}."
    for met in report.limits_met:
        if met.where == exercise:
            yield f"Limit met: {met.what}"
    common = panels.common_verdict(found)
    if common is not None:
        yield from ("", f"{common.outcome}  {common.message}", "These checks wait for it:")
        yield from (f"  {verdict.claim}  ({verdict.check})" for verdict in found.verdicts)
        return
    for verdict in panels.open_ones_first(found):
        yield from ("", *_verdict(verdict))


def under_students_cell(shown: Sequence[Output], error: str, label: str = SAVED) -> list[NotebookNode]:
    """The outputs of a cell of the student's: what happened to it at grading, then what it showed."""
    said = f"At grading: {error}\n" if error else ""
    said += f"{label}\n" if shown else ""
    outputs = []
    for one in shown:
        if one.png:
            outputs += [_text(said)] if said else []
            outputs.append(new_output("display_data", data={"image/png": one.png}))
            said = ""
        else:
            said += "".join(f"{BAR}{line}\n" for line in one.text.split("\n"))
    return [*outputs, _text(said)] if said else outputs


def _text(said: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=said)


def _verdict(verdict: Verdict) -> Iterator[str]:
    sign = "✓" if verdict.outcome is Outcome.PASSED else "✗"
    about = f"{sign} {verdict.outcome}  {verdict.claim}  ({panels.name_of(verdict)})"
    yield from textwrap.wrap(about, WIDTH, subsequent_indent="    ")
    if verdict.outcome is not Outcome.PASSED:
        hint = f"Hint: {verdict.hint}" if verdict.hint else ""
        for text in (verdict.message, hint):
            yield from textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
