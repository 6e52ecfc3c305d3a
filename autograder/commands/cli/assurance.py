"""Commands that show that the checks and their bars are right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.cli.app import Jobs, Names, app, here
from autograder.course import GENERATED, IMDB, with_corpus


@app.command()
def prove(
    assignments: Names = None,
    jobs: Jobs = 0,
    write: Annotated[
        bool, typer.Option("--write", help="Write down what was found: golden files, or survivors.")
    ] = False,
    course_secret: Annotated[
        bool, typer.Option("--course-secret", help="Draw hidden inputs with this course's own secret.")
    ] = False,
    untrained: Annotated[
        bool,
        typer.Option("--untrained", help="Leave out the checks that train; their evidence is read instead."),
    ] = False,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Try small changes to the references instead.")
    ] = False,
    sample: Annotated[int, typer.Option(help="Of the mutants, how many to try; 0 for all.", min=0)] = 0,
) -> None:
    """Show that the checks are right: right answers get all points, wrong ones do not.

    What students read about each wrong answer is compared with tests/golden.  With --mutants, small changes
    to the references are graded instead: at least 95 in 100 must be caught.  With --untrained it takes
    minutes: a wrong answer that only training tells counts as found where calibration has shown it.

    Exit code: 0 proven; 1 a sentence per offence; 2 the request does not fit.
    """
    if mutants:
        from autograder.commands.mutating import try_assignments

        raise typer.Exit(try_assignments(here(), assignments or [], sample=sample, jobs=jobs, write=write))
    from autograder.commands.proving import prove_assignments

    raise typer.Exit(
        prove_assignments(
            here(),
            assignments or [],
            jobs=jobs,
            write=write,
            own_secret=course_secret,
            without_training=untrained,
        )
    )


@app.command()
def calibrate(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as ex2_one_hot.")],
    runs: Annotated[int, typer.Option(help="Clean runs over all right answers together.", min=3)] = 150,
    wrong_runs: Annotated[int, typer.Option(help="Runs of each wrong answer.", min=6)] = 18,
    corpus: Annotated[
        str, typer.Option(help="generated, imdb or an .npz file; what the course has chosen by default.")
    ] = "",
    check: Annotated[
        list[str] | None,
        typer.Option(help="Only this check; what is written of the others stays as it is."),
    ] = None,
    jobs: Jobs = 0,
) -> None:
    """Place the bars of trained checks between right and wrong answers, and write down the evidence.

    Exit code: 0 written; 1 the clouds overlap, nothing was written; 2 the request does not fit.
    """
    from autograder.commands.calibrating import calibrate_assignment

    course = here()
    if corpus:
        course = with_corpus(course, corpus if corpus in (GENERATED, IMDB) else str(Path(corpus).absolute()))
    raise typer.Exit(
        calibrate_assignment(
            course, assignment, runs=runs, wrong_runs=wrong_runs, jobs=jobs, only=check or []
        )
    )
