"""What a TA reads below a cell in the formgrader, as lines of text in colours that a terminal knows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.checking.verdicts import ExerciseResult, Outcome, Verdict
from autograder.grading.overrides import Override
from autograder.grading.report import Output, Report

WIDTH = 100
GREEN, AMBER, BOLD, PLAIN = "\x1b[32m", "\x1b[33m", "\x1b[1m", "\x1b[0m"
SAVED = "Saved by the student, not graded, not run again:"
RAN = "When it was run at grading:"
BAR = "│ "
"""Begins each line of a student's output; no line of ours begins so."""


def under_grade_cell(report: Report, exercise: str, again: Sequence[Override] = ()) -> str:
    """The verdicts on one exercise: check, claim, what happened, hint, and the limit that was met."""
    if report.unreadable:
        return f"This submission could not be read: {report.unreadable}\n"
    found = report.exercises[exercise]
    passed = sum(verdict.outcome is Outcome.PASSED for verdict in found.verdicts)
    lines = [f"{BOLD}{found.points:g} of {found.max_points:g} points{PLAIN}: {_checks(passed, found)}"]
    lines += [f"Look at this again: {one}." for one in again if one.cell == exercise]
    lines += [f"Limit met: {met.what}" for met in report.limits_met if met.where == exercise]
    alike = {(verdict.outcome, verdict.message) for verdict in found.verdicts}
    if len(found.verdicts) > 1 and len(alike) == 1 and not passed:
        (outcome, message), *_ = alike
        lines += ["", f"{AMBER}{outcome}{PLAIN}  {message}", "These checks wait for it:"]
        lines += [f"  {verdict.claim}  ({verdict.check})" for verdict in found.verdicts]
    else:
        for verdict in sorted(found.verdicts, key=lambda verdict: verdict.outcome is Outcome.PASSED):
            lines += ["", *_verdict(verdict)]
    return "\n".join(lines) + "\n"


def under_students_cell(shown: Sequence[Output], error: str, label: str = SAVED) -> list[NotebookNode]:
    """The outputs of a cell of the student's: what happened to it at grading, then what it showed."""
    outputs = [text(f"At grading: {error}\n")] if error else []
    if shown:
        outputs.append(text(f"{label}\n"))
    for one in shown:
        if one.png:
            outputs.append(new_output("display_data", data={"image/png": one.png}))
        else:
            outputs.append(text("".join(f"{BAR}{line}\n" for line in one.text.split("\n"))))
    return outputs


def text(said: str) -> NotebookNode:
    """An output that is nothing but text."""
    return new_output("stream", name="stdout", text=said)


def _checks(passed: int, found: ExerciseResult) -> str:
    total = len(found.verdicts)
    return f"{passed} of {total} {'check' if total == 1 else 'checks'} passed"


def _verdict(verdict: Verdict) -> Iterator[str]:
    passed = verdict.outcome is Outcome.PASSED
    colour, sign = (GREEN, "✓") if passed else (AMBER, "✗")
    weight = "" if verdict.weight == 1 else f", weight {verdict.weight:g}"
    yield from _wrapped(f"{sign} {verdict.outcome}  {verdict.claim}  ({verdict.check}{weight})", colour)
    if not passed:
        yield from _wrapped(verdict.message, indent="    ")
        yield from _wrapped(verdict.hint and f"Hint: {verdict.hint}", indent="    ")


def _wrapped(text: str, colour: str = "", indent: str = "") -> Iterator[str]:
    """``text`` in lines of a width that is read easily; its first two words are coloured."""
    lines = textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent or "    ")
    for number, line in enumerate(lines):
        sign, _, rest = line.partition("  ")
        yield f"{colour}{sign}{PLAIN}  {rest}" if colour and number == 0 else line
