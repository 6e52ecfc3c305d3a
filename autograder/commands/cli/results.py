"""Commands about what came out of grading: grades for a learning platform, and who was late."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.cli.app import Names, Students, app, here

Downloaded = Annotated[
    Path | None,
    typer.Option(help="The sheet that Moodle or Canvas lets you download; a copy of it is filled."),
]
Format = Annotated[
    str,
    typer.Option(help="moodle, moodle-gradebook, canvas, csv or json; by default what the sheet is, or csv."),
]
Column = Annotated[str, typer.Option(help="The sheet's column, where it is not named after the assignment.")]
Scale = Annotated[
    bool, typer.Option("--scale", help="Convert the points where the sheet has another maximum.")
]
Maximum = Annotated[float | None, typer.Option(help="The maximum, where the sheet does not tell it.", min=0)]
WithWaiting = Annotated[
    bool, typer.Option("--with-waiting", help="Also grades that wait for a person to grade an answer.")
]
WithFeedback = Annotated[
    bool, typer.Option("--feedback", help="Also pack the feedback pages as Moodle takes them.")
]


@app.command()
def export(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as ex2_one_hot.")],
    sheet: Downloaded = None,
    format: Format = "",
    to: Annotated[Path | None, typer.Option(help="The file to write; one in exports/ by default.")] = None,
    column: Column = "",
    scale: Scale = False,
    maximum: Maximum = None,
    with_waiting: WithWaiting = False,
    students: Students = None,
    feedback: WithFeedback = False,
) -> None:
    """Bring grades home: fill the sheet of Moodle or Canvas, or write plain CSV or JSON.

    Exit code: 0 done; 1 a grade found no place in the sheet, or something there was left as it stands;
    2 the request does not fit, nothing was written.
    """
    from autograder.commands.exporting import Request, export_grades
    from autograder.reporting.filling import Wish

    request = Request(
        format=format,
        sheet=sheet,
        to=to,
        wish=Wish(column, scale, maximum),
        with_waiting=with_waiting,
        students=students,
        feedback=feedback,
    )
    raise typer.Exit(export_grades(here(), assignment, request))


@app.command()
def late(assignments: Names = None) -> None:
    """Say who is late, by how much and what it costs; bring the gradebook in line with late.toml.

    Exit code: 0 done; 2 the request does not fit, or late.toml has a mistake.
    """
    from autograder.commands.lateness import show_late

    raise typer.Exit(show_late(here(), assignments or []))
