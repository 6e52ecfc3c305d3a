"""Commands about what a class showed: reports for staff."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.cli.app import Names, app, here


@app.command()
def report(
    assignments: Names = None,
    to: Annotated[Path | None, typer.Option(help="The folder; reports/ in the course by default.")] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Numbers in place of names on the course page.")
    ] = False,
) -> None:
    """Show what the class understood and whether the exercises were good: a page, CSV and JSON each.

    One report per assignment; with several or none named, also a page about the whole course.

    Exit code: 0 done; 2 the request does not fit.
    """
    from autograder.commands.reporting import write_reports

    raise typer.Exit(write_reports(here(), assignments or [], folder=to, anonymous=anonymous))
