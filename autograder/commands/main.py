"""The command line: one function a command, each a thin edge around a room of the kit.

Heavy things are imported where they are used, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.course import GENERATED, IMDB, Course, find_course, with_corpus
from autograder.errors import AutograderError

app = typer.Typer(
    help="Grade notebooks of a deep-learning course: hidden checks, fair verdicts, nbgrader's gradebook.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Jobs = Annotated[int, typer.Option(help="Submissions graded at once; 0 for one per core.", min=0)]
Names = Annotated[list[str] | None, typer.Argument(help="Assignments; all when none is named.")]


def main() -> None:
    """Run a command; a mistake of the user's ends in one sentence and exit code 2."""
    # nbgrader calls the alembic executable: the environment's own must be the first that is found
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    try:
        app()
    except AutograderError as error:
        sys.stderr.write(f"autograder: {error}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("autograder: stopped; what was graded so far is kept\n")
        sys.exit(130)


@app.command()
def grade(
    assignments: Annotated[
        list[str] | None, typer.Argument(help="Assignments; all that were handed in when none is named.")
    ] = None,
    student: Annotated[
        list[str] | None,
        typer.Option(help="Only this student; may be given several times."),
    ] = None,
    jobs: Jobs = 0,
    json: Annotated[Path | None, typer.Option(help="Write all Reports to this file.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Grade anew even what is stored.")] = False,
    scheduler: Annotated[
        str, typer.Option(help="Let a Dask cluster grade: its scheduler, such as tcp://192.0.2.1:8786.")
    ] = "",
) -> None:
    """Grade what was handed in, and write nbgrader's gradebook.

    Exit code: 0 all graded; 1 a notebook could not be read (it has zero points and its reason);
    2 the request does not fit; 3 a fault of the kit (the old grades of those submissions stay).
    """
    from autograder.commands.grading import grade_assignments

    raise typer.Exit(
        grade_assignments(
            _here(),
            assignments or [],
            student or [],
            jobs=jobs,
            json_file=json,
            fresh=fresh,
            scheduler=scheduler,
        )
    )


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="A notebook (.ipynb).")],
    assignment: Annotated[str, typer.Option(help="Its assignment, where the file's name does not say.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the Report as JSON.")] = False,
) -> None:
    """Grade one notebook and print its Report; no gradebook is touched.

    Exit code: 0 full points; 1 points were lost; 2 the request does not fit; 3 a fault of the kit.
    """
    from autograder.commands.grading import check_notebook

    raise typer.Exit(check_notebook(_here(), notebook, assignment, as_json=json))


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
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Try small changes to the references instead.")
    ] = False,
    sample: Annotated[int, typer.Option(help="Of the mutants, how many to try; 0 for all.", min=0)] = 0,
) -> None:
    """Show that the checks are right: right answers get all points, wrong ones do not.

    What students read about each wrong answer is compared with tests/golden.  With --mutants, small changes
    to the references are graded instead: at least 95 in 100 must be caught.

    Exit code: 0 proven; 1 a sentence per offence; 2 the request does not fit.
    """
    if mutants:
        from autograder.commands.mutating import try_assignments

        raise typer.Exit(try_assignments(_here(), assignments or [], sample=sample, jobs=jobs, write=write))
    from autograder.commands.proving import prove_assignments

    raise typer.Exit(
        prove_assignments(_here(), assignments or [], jobs=jobs, write=write, own_secret=course_secret)
    )


@app.command()
def calibrate(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as ex2_one_hot.")],
    runs: Annotated[int, typer.Option(help="Clean runs over all right answers together.", min=3)] = 150,
    wrong_runs: Annotated[int, typer.Option(help="Runs of each wrong answer.", min=6)] = 18,
    corpus: Annotated[
        str, typer.Option(help="generated, imdb or an .npz file; what the course has chosen by default.")
    ] = "",
    jobs: Jobs = 0,
) -> None:
    """Place the bars of trained checks between right and wrong answers, and write down the evidence.

    Exit code: 0 written; 1 the clouds overlap, nothing was written; 2 the request does not fit.
    """
    from autograder.commands.calibrating import calibrate_assignment

    course = _here()
    if corpus:
        course = with_corpus(course, corpus if corpus in (GENERATED, IMDB) else str(Path(corpus).absolute()))
    raise typer.Exit(calibrate_assignment(course, assignment, runs=runs, wrong_runs=wrong_runs, jobs=jobs))


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

    raise typer.Exit(run_demo(_here(), folder=folder, jobs=jobs, console=Console()))


@app.command()
def collect(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as ex2_one_hot.")],
    inbound: Annotated[Path, typer.Argument(help="A folder of hand-ins: <student>+<assignment>+<time>…")],
) -> None:
    """Copy what was handed in to submitted/, and say which hand-in of each student counts.

    Exit code: 0 done; 2 the request does not fit.
    """
    from autograder.commands.grading import collect_assignment

    raise typer.Exit(collect_assignment(_here(), assignment, inbound))


@app.command()
def watch(
    assignments: Names = None,
    inbound: Annotated[
        Path | None, typer.Option(help="Collect from this folder of hand-ins: <student>+<assignment>+<time>…")
    ] = None,
    exchange: Annotated[
        bool, typer.Option("--exchange", help="Collect from nbgrader's exchange, and release feedback to it.")
    ] = False,
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.1)] = 2.0,
    per_hour: Annotated[
        int, typer.Option(help="Gradings of one student's assignment within an hour; 0: no bound.", min=0)
    ] = 6,
    jobs: Jobs = 0,
) -> None:
    """Grade submissions as they arrive, and write each feedback page at once; Ctrl-C ends it.

    Exit code: 2 the request does not fit; 130 after Ctrl-C.
    """
    from autograder.commands.watching import watch_assignments

    course = _here()
    if exchange:
        from autograder.grading.nbgrader_plugin.exchange import inbound_folder

        inbound = inbound_folder(course)
    watch_assignments(
        course,
        assignments or [],
        inbound=inbound,
        every=every,
        per_hour=per_hour,
        release=exchange,
        jobs=jobs,
    )


@app.command()
def store(
    assignments: Names = None,
    older_than: Annotated[
        float | None,
        typer.Option(help="Remove what was graded more than this many days ago; 0: everything.", min=0),
    ] = None,
) -> None:
    """Show what the store of Reports holds and how large it is; clean it with --older-than.

    No student is named in the store and nothing of the gradebook is touched: what is removed is graded
    again when it is needed.

    Exit code: 0 done; 2 the request does not fit.
    """
    from autograder.commands.storing import show_store

    raise typer.Exit(show_store(_here(), assignments or [], older_than_days=older_than))


@app.command()
def release(assignments: Names = None) -> None:
    """Make release/ from source/ with nbgrader: what students receive.

    Exit code: 0 done; 2 the request does not fit.
    """
    from autograder.commands.release import make_release

    make_release(_here().root, assignments or [])


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Its name, such as ex7_attention.")],
) -> None:
    """Lay down a new assignment: notebook, checks and answers of a small exercise, to be written over.

    Exit code: 0 done; 2 the name does not fit or is taken (nothing is overwritten).
    """
    from autograder.commands.new import new_assignment

    course = _here()
    for path in new_assignment(course, name):
        typer.echo(f"written: {path.relative_to(course.root)}")
    typer.echo(f"next: autograder prove {name}")


@app.command()
def doctor() -> None:
    """Look at this machine and this course folder: versions, isolation, traps, with a remedy each.

    Exit code: 0 no problem; 1 a problem.
    """
    from autograder.commands.doctor import print_diagnosis

    raise typer.Exit(print_diagnosis())


def _here() -> Course:
    return find_course(Path.cwd())
