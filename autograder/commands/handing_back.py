"""The command that writes feedback pages, for all or for one, and releases them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from autograder.commands.grading import DONE, NO
from autograder.commands.showing import looks_wanted
from autograder.course import Course

if TYPE_CHECKING:
    from autograder.reporting.exporters.due import Due


def give_feedback(course: Course, assignment: str, students: Sequence[str], *, release: bool) -> int:
    """Write the pages that are not as they should be, say why, and what still waits for a person.

    ``students`` are those whose pages; empty for everyone who is graded.  ``release`` also copies the pages
    of all of them to nbgrader's exchange.
    """
    from autograder.grading.nbgrader_plugin.exchange import release_feedback
    from autograder.reporting.exporters.due import pages_due
    from autograder.reporting.exporters.feedback import write_feedback

    console = Console()
    found = pages_due(course, assignment, students or None)
    due = [one.student for one in found if one.why and not one.trouble]
    if due:
        write_feedback(course, assignment, due)
    for line in [*_written(assignment, found), *_for_staff(found)]:
        console.print(line, soft_wrap=True)
    if release:
        whole = [one.student for one in found if not one.trouble]
        release_feedback(course, assignment, whole)
        console.print(f"released to the exchange: {_pages(len(whole))}", highlight=False)
    return NO if any(one.trouble for one in found) else DONE


def _written(assignment: str, found: Sequence[Due]) -> Iterator[Text]:
    """How many pages are new, which were written again and why, and which could not be made."""
    whole = [one for one in found if not one.trouble]
    new = [one for one in whole if one.is_new]
    again = [one for one in whole if one.why and not one.is_new]
    yield Text(
        f"{assignment}: {_pages(len(new))} new, {len(again)} written again, "
        f"{len(whole) - len(new) - len(again)} as before",
        style="bold",
    )
    for one in again:
        yield Text(f"  {one.student}  {'; '.join(one.why)}")
    for one in found:
        if one.trouble:
            yield Text(f"  {one.student}  no page: {one.trouble}", style="red")


def _for_staff(found: Sequence[Due]) -> Iterator[Text]:
    """What staff should know before the pages go out."""
    if any(one.waiting for one in found):
        yield Text("Not graded by a person yet:", style="bold")
    for one in found:
        if one.waiting:
            yield Text(f"  {one.student}  {', '.join(one.waiting)}")
    yield from looks_wanted({one.student: one.again for one in found if one.again})
    for one in found:
        for cell in one.unexplained:
            yield Text(
                f"{one.student}: a person gave points for {cell} without a word; the comment box below the "
                f"cell {cell} is its place"
            )
        for written, meant in one.codes.items():
            yield Text(
                f"{one.student}: a comment says {written}, which is read as it stands; {meant} was meant?"
            )


def _pages(number: int) -> str:
    return "1 page" if number == 1 else f"{number} pages"
