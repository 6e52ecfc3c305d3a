"""Commands that grade and answer: a class, one notebook, hand-ins as they arrive, feedback, what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.cli.app import Jobs, Names, Students, app, here


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
    json: Annotated[
        Path | None, typer.Option(help="Write all Reports (with --diff: all changes) to this file.")
    ] = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show whose points would change and why, and write no grade.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Grade anew even what is stored.")] = False,
    scheduler: Annotated[
        str, typer.Option(help="Let a Dask cluster grade: its scheduler, such as tcp://192.0.2.1:8786.")
    ] = "",
) -> None:
    """Grade what was handed in, and write nbgrader's gradebook.

    Exit code: 0 all graded; 1 a notebook could not be read (it has zero points and its reason);
    2 the request does not fit; 3 a fault of the kit (the old grades of those submissions stay).
    With --diff: 0 no points would change; 1 some would.
    """
    if diff:
        from autograder.commands.differing import show_differences as run
    else:
        from autograder.commands.grading import grade_assignments as run
    raise typer.Exit(
        run(
            here(),
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

    raise typer.Exit(check_notebook(here(), notebook, assignment, as_json=json))


@app.command()
def feedback(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as ex2_one_hot.")],
    student: Annotated[
        list[str] | None,
        typer.Option(help="Only this student; may be given several times."),
    ] = None,
    release: Annotated[
        bool, typer.Option("--release", help="Also copy the pages to nbgrader's exchange.")
    ] = False,
) -> None:
    """Write the feedback pages that are not as they should be, and say why and what still waits.

    Exit code: 0 done; 1 a page could not be made; 2 the request does not fit, such as before grading.
    """
    from autograder.commands.handing_back import give_feedback

    raise typer.Exit(give_feedback(here(), assignment, student or [], release=release))


@app.command()
def collect(
    assignment: Annotated[str, typer.Argument(help="The assignment, such as ex2_one_hot.")],
    inbound: Annotated[
        Path,
        typer.Argument(
            help="A folder of hand-ins named <student>+<assignment>+<time>…, or what Moodle or Canvas lets "
            "you download, as a zip or unpacked."
        ),
    ],
    sheet: Annotated[
        Path | None,
        typer.Option(
            help="The platform's own sheet: it says who is who, Moodle's worksheet also when they handed in."
        ),
    ] = None,
    students: Students = None,
    add_unknown: Annotated[
        bool, typer.Option("--add-unknown", help="Enter whom the gradebook does not know as new students.")
    ] = False,
) -> None:
    """Copy what was handed in to submitted/, and say which hand-in of each student counts.

    Exit code: 0 done; 1 one was not collected, with the reason; 2 the request does not fit.
    """
    from autograder.commands.collecting import collect_assignment

    raise typer.Exit(
        collect_assignment(
            here(),
            assignment,
            inbound,
            sheet_file=sheet,
            students_file=students,
            add_unknown=add_unknown,
        )
    )


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

    course = here()
    check_owner = False
    if exchange:
        from autograder.grading.nbgrader_plugin.exchange import inbound_of

        inbound, check_owner = inbound_of(course)
    watch_assignments(
        course,
        assignments or [],
        inbound=inbound,
        check_owner=check_owner,
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

    raise typer.Exit(show_store(here(), assignments or [], older_than_days=older_than))
