"""Commands for questions about what was handed in: who wrote alike, was this verdict right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.cli.app import Names, app, here


@app.command()
def similar(
    assignments: Names = None,
    to: Annotated[Path | None, typer.Option(help="The folder; similar/ in the course by default.")] = None,
    pairs: Annotated[
        int, typer.Option(help="Show this many pairs side by side, even where none stands out.", min=0)
    ] = 0,
) -> None:
    """Show which students wrote alike, as a page, JSON and a table: a hint for a person, never a penalty.

    No code is run and no grade is touched.

    Exit code: 0 done; 2 the request does not fit.
    """
    from autograder.commands.similar import similar_assignments

    raise typer.Exit(similar_assignments(here(), assignments or [], to=to, pairs=pairs))


@app.command()
def inquiry(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as ex2_one_hot.")],
    student: Annotated[str, typer.Option(help="Who asks.")],
    check: Annotated[
        list[str] | None, typer.Option(help="The check in question; may be given several times.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="The file; inquiry-….zip here by default.")] = None,
) -> None:
    """Put a student's question about a verdict into one zip: the submission, the Report, seeds, versions.

    The course secret is not in it. Without --check it is about every check that did not pass.

    Exit code: 0 written; 2 the request does not fit.
    """
    from autograder.commands.inquiring import inquire

    raise typer.Exit(inquire(here(), assignment, student, check or [], to=to))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A bundle of autograder inquiry, or a Report as JSON.")],
    check: Annotated[
        list[str] | None, typer.Option(help="Only this check; may be given several times.")
    ] = None,
    exercise: Annotated[
        list[str] | None, typer.Option(help="Only checks of this function; may be given several times.")
    ] = None,
    student: Annotated[str, typer.Option(help="Whose Report, where the file holds several.")] = "",
    submission: Annotated[
        Path | None, typer.Option(help="What was handed in, where it is not found by itself.")
    ] = None,
) -> None:
    """Run checks again as they ran: same seeds, inputs and isolation; is the verdict the same?

    No grade is touched.

    Exit code: 0 the same verdict; 1 another one; 2 the request does not fit; 3 a fault of the kit.
    """
    from autograder.commands.inquiring import replay_file

    raise typer.Exit(
        replay_file(
            here(), file, checks=check or [], exercises=exercise or [], student=student, submission=submission
        )
    )
