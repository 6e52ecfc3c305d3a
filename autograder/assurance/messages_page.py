"""The page that says how many wrong answers are told by name, made from golden files; never typed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.assurance.messages import LEAST_SHARE, Told, told
from autograder.course import Course, assignment_names, find_assignment

INTRODUCTION = f"""# What students read about a wrong answer

Made by `autograder prove --write`, from the golden files in `tests/golden/`: one for each wrong answer in
`solutions/`, with every line of the feedback that is not PASSED. `autograder prove` compares them with what
it gets. Hidden inputs are drawn with one fixed, public secret there; numbers of many digits are rounded, and
those of trained checks left out.

A wrong answer counts as named when one of its messages says which mistake it is: a sentence that its hidden
checks hold for that case, or one of the kit's that stand for one mistake each (axes exchanged, missing,
flattened or added; another dtype; another exception than the one asked, or none; an argument changed; a
global random generator used). A message that only says what was received ("3 of 12 values differ") does not
count, nor does a call that raised. At least {LEAST_SHARE:.0%} of each assignment's wrong answers are named.
The count is a rule's: whether a sentence is a good one is judged by reading it.
"""


def write_page(course: Course) -> None:
    """Write the page anew, for all assignments that have golden files."""
    path = page_path(course)
    path.parent.mkdir(exist_ok=True)
    path.write_text(page(course), encoding="utf-8")


def page_path(course: Course) -> Path:
    return course.root / "docs" / "messages.md"


def page(course: Course) -> str:
    """The page as text: a table, and what is read about the answers that are not named."""
    found = {
        name: told(course, find_assignment(course, name))
        for name in assignment_names(course)
        if (course.messages / name).is_dir()
    }
    rows = [
        f"| `{name}` | {len(answers)} | {sum(a.named for a in answers)} | {share(answers):.0%} |"
        for name, answers in found.items()
    ]
    table = ["| assignment | wrong answers | named | share |", "|---|---|---|---|", *rows]
    return "\n".join([INTRODUCTION, *table, "", *_others(found)])


def share(answers: Sequence[Told]) -> float:
    """The share of wrong answers whose message names the mistake; 0 when there are none."""
    return sum(answer.named for answer in answers) / len(answers) if answers else 0.0


def _others(found: dict[str, list[Told]]) -> list[str]:
    lines = []
    for name, answers in found.items():
        left = [answer for answer in answers if not answer.named]
        if left:
            lines += [f"## Not named in `{name}`", "", "| wrong answer | what is read first |", "|---|---|"]
            lines += [f"| `{answer.symbol}` | {_first(answer)} |" for answer in left]
            lines.append("")
    return lines


def _first(answer: Told) -> str:
    said = answer.messages[0] if answer.messages else "the claim alone"
    return said.replace("|", "\\|")
