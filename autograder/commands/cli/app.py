"""The application that all commands belong to, and the options that several of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.course import Course, find_course

app = typer.Typer(
    help="Grade notebooks of a deep-learning course: hidden checks, fair verdicts, nbgrader's gradebook.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Jobs = Annotated[int, typer.Option(help="Submissions graded at once; 0 for one per core.", min=0)]
Names = Annotated[list[str] | None, typer.Argument(help="Assignments; all when none is named.")]
Students = Annotated[Path | None, typer.Option(help="A list of students (CSV) beside the gradebook's.")]


def here() -> Course:
    """The course of the current folder."""
    return find_course(Path.cwd())
