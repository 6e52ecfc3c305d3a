"""Commands about what was graded: who wrote alike, a verdict looked into again, the class on Gradescope."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.cli.app import Names, app, here


@app.command()
def similar(
    assignments: Names = None,
    to: Annotated[Path | None, typer.Option(help="The folder to write to; ./similar by default.")] = None,
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
