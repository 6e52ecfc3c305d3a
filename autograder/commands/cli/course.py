"""Commands about the course itself: what students receive, a new assignment, the demo, the doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.cli.app import Jobs, Names, app, here


@app.command()
def release(
    assignments: Names = None,
    hand_out: Annotated[
        bool,
        typer.Option("--hand-out", help="Prove them first, and write a zip for students to handout/."),
    ] = False,
    jobs: Jobs = 0,
) -> None:
    """Make release/ from source/ with nbgrader: what students receive.

    With --hand-out, prove is run on what was made, and the bars of trained checks are looked at: where
    anything is wrong, release/ and handout/ stay as they are.

    Exit code: 0 done; 1 an offence, nothing was changed; 2 the request does not fit.
    """
    if hand_out:
        from autograder.commands.handing_out import hand_out as prove_and_write

        raise typer.Exit(prove_and_write(here(), assignments or [], jobs=jobs))
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


@app.command()
def gradescope(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as ex2_one_hot.")],
    to: Annotated[Path | None, typer.Option(help="The file; gradescope-….zip here by default.")] = None,
    isolation: Annotated[
        str, typer.Option(help="The lowest isolation of students' code to accept there.")
    ] = "restricted",
    visibility: Annotated[
        str, typer.Option(help="When students see tests: visible, after_due_date, after_published, hidden.")
    ] = "after_due_date",
    minutes: Annotated[int, typer.Option(help="The timeout that is set there.")] = 10,
    gigabytes: Annotated[float, typer.Option(help="The container set there: 0.75, 1.5, 3 or 6.")] = 1.5,
) -> None:
    """Make the autograder zip of an assignment for Gradescope: the same checks and the same engine.

    Exit code: 0 written; 2 the request does not fit.
    """
    from autograder.commands.gradescope.archive import Setup
    from autograder.commands.gradescope.packing import pack

    raise typer.Exit(pack(here(), assignment, Setup(isolation, visibility, minutes, gigabytes), to=to))
