"""The command that collects: a folder of nbgrader's exchange, or a download of Moodle or Canvas."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from autograder.course import Course, find_assignment
from autograder.grading import downloads
from autograder.grading.collecting import Collected, collect, deadlines
from autograder.grading.downloads import CLUTTER, UNKNOWN, Download, Plan, collect_downloads
from autograder.grading.intake.belonging import released_marks
from autograder.grading.late import read_late_rules
from autograder.grading.placing import is_name
from autograder.grading.readying import Expected
from autograder.grading.unpacking import CLASS, unpack
from autograder.lms.filenames import CANVAS, read_name
from autograder.lms.headers import plain
from autograder.lms.opening import read_file
from autograder.lms.people import Matches, Person, Spelling, match
from autograder.lms.sheets import read_sheet
from autograder.lms.students import completed, read_students

DONE, NO = 0, 1
_EXCHANGE = re.compile(r".+\+.+\+[^+]+(?:\+.*)?", re.DOTALL)


def collect_assignment(
    course: Course,
    name: str,
    inbound: Path,
    *,
    sheet_file: Path | None = None,
    students_file: Path | None = None,
    add_unknown: bool = False,
) -> int:
    """Copy hand-ins to submitted/ and say which of them counts; 1 where one was not collected."""
    find_assignment(course, name)
    sheet = None if sheet_file is None else read_file(sheet_file, read_sheet)
    console = Console()
    course.state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="download-", dir=course.state) as scratch:
        folder = _opened(inbound, Path(scratch))
        results = collect(folder, course, name)
        found, strange = downloads.find(folder, sheet)
        if found:
            people = people_of(course, students_file)
            matches = match([each.identity for each in found], people)
            added = _added(course, found, matches, people) if add_unknown else {}
            plan = Plan(
                course,
                Expected(name, released_marks(course)),
                deadlines(course, name),
                deadlines(course, name, grace=False),
                sheet,
                read_late_rules(course).zone,
            )
            results += collect_downloads(plan, found, matches, added, Path(scratch) / "ready")
    for collected in results:
        console.print(str(collected), highlight=False, markup=False, soft_wrap=True)
    _say(console, results, [name for name in strange if not _EXCHANGE.fullmatch(name)])
    return NO if any(collected.counts is None for collected in results) else DONE


def people_of(course: Course, students_file: Path | None) -> list[Person]:
    """The students of the gradebook, with what a list says of them."""
    from autograder.grading.nbgrader_plugin import roster

    people = roster.people_of(course)
    return people if students_file is None else completed(people, read_file(students_file, read_students))


def _opened(inbound: Path, scratch: Path) -> Path:
    """The folder with the hand-ins; a zip is unpacked first, one folder around all of them is entered."""
    folder = inbound
    if inbound.is_file():
        folder = scratch / "unpacked"
        for remark in unpack(inbound, folder, CLASS):
            Console().print(remark, highlight=False, markup=False, soft_wrap=True)
    return _without_wrapper(folder)


def _without_wrapper(folder: Path) -> Path:
    try:
        entries = [entry for entry in os.scandir(folder) if entry.name not in CLUTTER]
    except OSError:
        return folder  # told by whoever reads it
    if len(entries) != 1 or not entries[0].is_dir(follow_symlinks=False):
        return folder
    name = entries[0].name
    known = read_name(name, folder=True) is not None or _EXCHANGE.fullmatch(name)
    return folder if known else Path(entries[0].path)


def _added(
    course: Course, found: Sequence[Download], matches: Matches, people: Sequence[Person]
) -> Mapping[int, str]:
    """A new student for each hand-in that fits nobody, entered in the gradebook."""
    from autograder.grading.nbgrader_plugin import roster

    taken = {plain(person.student) for person in people}
    new: dict[int, Person] = {}
    for number, download in enumerate(found):
        if number in matches.found or number in matches.doubts or download.doubt:
            continue
        person = _person(download)
        if is_name(person.student) and plain(person.student) not in taken:
            taken.add(plain(person.student))
            new[number] = person
    roster.add(course, new.values())
    return {number: person.student for number, person in new.items()}


def _person(download: Download) -> Person:
    """What the download tells of somebody, under an id made of it: the login, or the name."""
    identity = download.identity
    logins = sorted(login for login in identity.logins if "@" not in login)
    name = identity.names[0] if identity.names else ""
    squashed = identity.spelling is Spelling.SQUASHED
    words = re.sub(r"[^\w]+", "-", plain(name)).strip("-_")
    student = logins[0] if logins else f"canvas-{download.number}" if squashed else words
    return Person(
        student=student,
        last_name=name,
        email=min(identity.emails, default=""),
        lms_user_id=download.number if download.system == CANVAS else "",
    )


def _say(console: Console, results: Sequence[Collected], strange: Sequence[str]) -> None:
    """The numbers, and what was left alone."""
    taken = [collected for collected in results if collected.counts is not None]
    said = [f"{len(taken)} collected, {len(results) - len(taken)} not."] if results else []
    untimed = sum(1 for each in taken if each.counts is not None and not each.counts.timed)
    if untimed:
        said.append(
            f"Of {untimed} nobody says when they were handed in: they count as in time. With Moodle, "
            "--sheet and its grading worksheet say it."
        )
    if any(UNKNOWN in collected.remarks for collected in results):
        said.append(
            "Who is known: the gradebook's students (nbgrader db student import) and those of --students; "
            "--add-unknown enters the others as new ones."
        )
    if strange:
        more = f" and {len(strange) - 5} more" if len(strange) > 5 else ""
        said.append(f"Left alone, because it is no hand-in that is known: {', '.join(strange[:5])}{more}.")
    if not results:
        said.append("Nothing was handed in here for this assignment.")
    for line in said:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
