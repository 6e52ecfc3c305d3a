"""Commands about the course itself: what students receive, a new assignment, the demo, the doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.cli.app import Jobs, Names, app, here


@app.command()
def release(assignments: Names = None) -> None:
    """Make release/ from source/ with nbgrader: what students receive.

    Exit code: 0 done; 2 the request does not fit.
    """
    from autograder.commands.release import make_release

    make_release(here().root, assignments or [])


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Its name, such as ex7_attention.")],
) -> None:
    """Lay down a new assignment: notebook, checks and answers of a small exercise, to be written over.

    Exit code: 0 done; 2 the name does not fit or is taken (nothing is overwritten).
    """
    from autograder.commands.new import new_assignment

    course = here()
    for path in new_assignment(course, name):
        typer.echo(f"written: {path.relative_to(course.root)}")
    typer.echo(f"next: autograder prove {name}")


@app.command()
def demo(
    folder: Annotated[Path | None, typer.Option(help="Where; ./demo-course by default.")] = None,
    jobs: Jobs = 0,
) -> None:
    """Make a class, grade it end to end in a folder of its own, and show what everybody gets.

    Exit code: 0 every grade is the expected one; 1 one is not; 2 the request does not fit.
    """
    from rich.console import Console

    from autograder.commands.demo import run_demo

    raise typer.Exit(run_demo(here(), folder=folder, jobs=jobs, console=Console()))


@app.command()
def doctor() -> None:
    """Look at this machine and this course folder: versions, isolation, traps, with a remedy each.

    Exit code: 0 no problem; 1 a problem.
    """
    from autograder.commands.doctor import print_diagnosis

    raise typer.Exit(print_diagnosis())
