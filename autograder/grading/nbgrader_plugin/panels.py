"""Cells of ours in an autograded copy, for staff alone: what was found in the notebook, and the rubrics.

Each is one line of HTML in which everything is escaped.  A student's text may hold no class that nbconvert
does not make itself (markdown.py), so nobody can make a panel that looks like ours.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

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
    rows = "".join(f"<tr><td><b>{one.points:g}</b></td><td>{_prose(one.text)}</td></tr>" for one in criteria)
    codes = "".join(
        f"<tr><td><code>#{html.escape(code)}</code></td><td>{_prose(text)}</td></tr>"
        for code, text in comments.items()
    )
    parts = [f"<table>{rows}</table>"] if rows else []
    if codes:
        parts.append(
            "<p><b>For the comment box</b>: the student reads the sentence in place of its code.</p>"
        )
        parts.append(f"<table>{codes}</table>")
    return _panel(f"{RUBRIC}-{question}", f"Rubric of {question}", parts)


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


def _panel(name: str, title: str, parts: Sequence[str]) -> NotebookNode:
    # tex2jax_ignore keeps MathJax away, which looks for formulas in what is already escaped
    source = (
        '<div class="panel panel-info tex2jax_ignore"><div class="panel-heading">'
        f"<b>{html.escape(title)}</b> (for staff: no student sees this)</div>"
        f'<div class="panel-body">{"".join(parts)}</div></div>'
    )
    return new_markdown_cell(source, id=re.sub(r"[^a-zA-Z0-9_-]", "-", name)[:64])
