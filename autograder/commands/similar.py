"""Which students wrote alike: reads what was handed in, writes a page, JSON and a table; runs no code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from autograder.assurance.variants import as_cell, variants
from autograder.commands.grading import everything, submissions_of
from autograder.course import Assignment, Course, find_assignment
from autograder.grading.engine import Submission
from autograder.grading.files import write_whole
from autograder.reporting.similarity import HINT, similarity_csv, similarity_json, similarity_page
from autograder.similarity.comparing import Comparison, compare
from autograder.similarity.own import own_work, released_cells, released_files
from autograder.similarity.pieces import Cut, cut, keys_of, modules_of

FOLDER = "similar"
DONE = 0
UNTOUCHED = "Nothing in it is the student's own: every starter is untouched."


def similar_assignments(course: Course, names: Sequence[str], *, to: Path | None, pairs: int) -> int:
    """Compare the hand-ins of each assignment, write what was found, and print the pairs that stand out.

    Args:
        course: whose ``submitted`` folder is read.
        names: assignments; all that were handed in when none is named.
        to: the folder to write to; ``similar`` in the course folder by default.
        pairs: how many pairs, the strongest ones, are shown side by side even where they do not stand out.
    """
    from autograder.grading.headings import title_of

    for name in names:
        find_assignment(course, name)
    handed_in = {name: submissions_of(course, name, []) for name in names} or everything(course, [])
    console = Console()
    for name, submissions in handed_in.items():
        assignment = find_assignment(course, name)
        found = compare_hand_ins(
            assignment, track(submissions, f"reading {name}", console=Console(stderr=True)), pairs=pairs
        )
        target = (to or course.root / FOLDER) / name
        write_whole(target.with_suffix(".html"), similarity_page(found, title=title_of(assignment)))
        write_whole(target.with_suffix(".json"), similarity_json(found))
        write_whole(target.with_suffix(".csv"), similarity_csv(found))
        say(console, found)
        console.print(f"written: {target}.html, .json, .csv", soft_wrap=True, highlight=False, markup=False)
    console.print(HINT, highlight=False)
    return DONE


def compare_hand_ins(
    assignment: Assignment, submissions: Iterable[Submission], *, pairs: int = 0
) -> Comparison:
    """The class of an assignment compared; who has nothing to compare is named with the reason."""
    released = released_cells(assignment)
    modules, exercises = modules_of(released), tuple(assignment.points)
    works: dict[str, Cut] = {}
    left_out: dict[str, str] = {}
    for item in submissions:
        work = own_work(item.student, item.path, assignment)
        if work.cells:
            works[item.student] = cut(work.cells, modules, exercises)
        else:
            left_out[item.student] = work.unreadable or UNTOUCHED
    return compare(
        assignment.name,
        works,
        known=keys_of([*released, *released_files(assignment)], modules, exercises),
        writers=[keys_of([text], modules, exercises) for text in right_answers(assignment)],
        shown=pairs,
        not_compared=left_out,
    )


def right_answers(assignment: Assignment) -> list[str]:
    """The right answers that come with the course, a text each; none where there is no file of solutions."""
    files = [file for file in assignment.solution_files if file.is_file()]
    if not files:
        return []
    return [as_cell(files, variant) for variant in variants(files) if variant.kind != "wrong"]


def say(console: Console, found: Comparison) -> None:
    """The pairs that stand out, as a table; a sentence where there is none."""
    count = len(found.standing_out)
    who = f"{found.assignment}: {len(found.students)} students, {found.possible} pairs"
    if not count:
        console.print(f"{who}; none stands out", highlight=False, markup=False)
        return
    table = Table(title=f"{who}; {count} {'stands' if count == 1 else 'stand'} out", title_justify="left")
    for heading in ("students", "strength", "where"):
        table.add_column(heading, justify="right" if heading == "strength" else "left")
    for pair in found.standing_out:
        where = ", ".join(f"{part.name} {100 * part.share:.0f} %" for part in pair.shared)
        table.add_row(Text(" and ".join(pair.students)), f"{pair.strength:.0f}", Text(where))
    console.print(table)
