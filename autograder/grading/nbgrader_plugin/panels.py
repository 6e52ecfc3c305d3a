"""HTML of ours in an autograded copy, for staff: what was found in the notebook, verdicts, rubrics.

Each piece is one line in which everything is escaped.  A student's text may hold no class that nbconvert
does not make itself (markdown.py), so nobody can make a panel that looks like ours.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.checking.verdicts import ExerciseResult, Outcome, Verdict
from autograder.grading.overrides import Override
from autograder.grading.report import Report
from autograder.grading.rubrics import Criterion

SUMMARY, RUBRIC = "autograder-summary", "autograder-rubric"
"""How the ids of our cells begin."""
_CODE = re.compile(r"`([^`]+)`")


def summary(report: Report, again: Sequence[Override]) -> NotebookNode:
    """The cell at the top: points, what was repaired, which limits were met, what to look at again."""
    parts = [
        f"<p>{_points(report)}</p>",
        *_list("To be looked at again", (f"`{one.cell}` {one}." for one in again)),
        *_list("Put right before grading", (f"`{one.cell}` {one.what}" for one in report.repairs)),
        *_list("Limits that were met", (f"`{one.where}` {one.what}" for one in report.limits_met)),
        *_list("Cells that stopped", (f"`{one.cell}` {one.error}" for one in report.cells if one.error)),
    ]
    if report.unreadable:
        parts[1:1] = [f"<p>{_prose(report.unreadable)}</p>"]
    return _panel(SUMMARY, "What grading found", parts)


def rubric(question: str, criteria: Sequence[Criterion], comments: Mapping[str, str]) -> NotebookNode:
    """The cell above a question that a person grades: what to look for, and codes for the comment box."""
    parts = _table((f"<b>{one.points:g}</b>", one.text) for one in criteria)
    codes = _table((f"<code>#{html.escape(code)}</code>", text) for code, text in comments.items())
    if codes:
        parts.append(
            "<p><b>For the comment box</b>: the student reads the sentence in place of its code.</p>"
        )
        parts += codes
    return _panel(f"{RUBRIC}-{question}", f"Rubric of {question}", parts)


def verdicts(report: Report, exercise: str, again: Sequence[Override] = ()) -> str:
    """The verdicts on one exercise, the open ones first, as HTML."""
    if report.unreadable:
        return _outer(f"<p>This submission could not be read: {_prose(report.unreadable)}</p>")
    found = report.exercises[exercise]
    parts = [f"<p><b>{found.points:g} of {found.max_points:g} points</b>: {passed(found)}</p>"]
    parts += [
        f"<p><b>Look at this again:</b> {_prose(str(one))}.</p>" for one in again if one.cell == exercise
    ]
    parts += [
        f"<p><b>Limit met:</b> {_prose(met.what)}</p>" for met in report.limits_met if met.where == exercise
    ]
    common = common_verdict(found)
    if common is not None:
        parts.append(f"<p>{_label(common)} {_prose(common.message)} These checks wait for it:</p>")
        claims = (f"<li>{_prose(one.claim)} {_small(name_of(one))}</li>" for one in found.verdicts)
        parts.append(f"<ul>{''.join(claims)}</ul>")
    else:
        items = "".join(f"<li>{_verdict(one)}</li>" for one in open_ones_first(found))
        parts.append(f'<ul class="list-unstyled">{items}</ul>')
    return _outer("".join(parts))


def passed(found: ExerciseResult) -> str:
    """How many of the checks passed, in words."""
    total = len(found.verdicts)
    number = sum(verdict.outcome is Outcome.PASSED for verdict in found.verdicts)
    return f"{number} of {total} {'check' if total == 1 else 'checks'} passed"


def open_ones_first(found: ExerciseResult) -> list[Verdict]:
    """The verdicts in the order in which somebody wants to read them."""
    return sorted(found.verdicts, key=lambda verdict: verdict.outcome is Outcome.PASSED)


def common_verdict(found: ExerciseResult) -> Verdict | None:
    """The verdict that stands for all where several say the same and none has passed; else None."""
    first, *others = found.verdicts
    alike = all((one.outcome, one.message) == (first.outcome, first.message) for one in others)
    return first if others and alike and first.outcome is not Outcome.PASSED else None


def name_of(verdict: Verdict) -> str:
    """The check's id, with its weight where it is not 1."""
    return verdict.check if verdict.weight == 1 else f"{verdict.check}, weight {verdict.weight:g}"


def _verdict(verdict: Verdict) -> str:
    said = f"{_label(verdict)} {_prose(verdict.claim)} {_small(name_of(verdict))}"
    if verdict.outcome is not Outcome.PASSED:
        said += f"<br>{_prose(verdict.message)}" if verdict.message else ""
        said += f"<br><i>Hint:</i> {_prose(verdict.hint)}" if verdict.hint else ""
    return said


def _label(verdict: Verdict) -> str:
    style, sign = ("success", "✓") if verdict.outcome is Outcome.PASSED else ("warning", "✗")
    return f'<span class="label label-{style}">{sign} {verdict.outcome}</span>'


def _small(text: str) -> str:
    return f'<small class="text-muted">({html.escape(text)})</small>'


def _table(rows: Iterable[tuple[str, str]]) -> list[str]:
    written = "".join(f"<tr><td>{first}</td><td>{_prose(text)}</td></tr>" for first, text in rows)
    return [f'<table class="table table-condensed">{written}</table>'] if written else []


def _points(report: Report) -> str:
    level = report.isolation or "no code was run"
    return (
        f"<b>{report.points:g} of {report.max_points:g} points</b> by the checks; isolation: "
        f"{html.escape(level)}; {report.seconds:.1f} s."
    )


def _list(title: str, sentences: Iterable[str]) -> list[str]:
    items = "".join(f"<li>{_prose(sentence)}</li>" for sentence in sentences)
    return [f"<p><b>{title}</b></p><ul>{items}</ul>"] if items else []


def _prose(text: str) -> str:
    """A sentence on one line, its `code` marked as code; nothing in it is HTML, Markdown or a formula."""
    escaped = html.escape(" ".join(text.split())).replace("$", "&#36;").replace("\\", "&#92;")
    return _CODE.sub(r"<code>\1</code>", escaped)


def _outer(inner: str, classes: str = "") -> str:
    # tex2jax_ignore keeps MathJax away, which looks for formulas in what is already escaped
    return f'<div class="{classes}tex2jax_ignore">{inner}</div>'


def _panel(name: str, title: str, parts: Sequence[str]) -> NotebookNode:
    source = _outer(
        '<div class="panel-heading">'
        f"<b>{html.escape(title)}</b> (for staff: no student sees this)</div>"
        f'<div class="panel-body">{"".join(parts)}</div>',
        "panel panel-info ",
    )
    return new_markdown_cell(source, id=re.sub(r"[^a-zA-Z0-9_-]", "-", name)[:64])
