"""The command that brings grades home: into a downloaded sheet, or into a file of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from autograder.course import Course, assignment_names, find_assignment
from autograder.errors import CourseError
from autograder.grading.files import write_whole
from autograder.lms.opening import read_file
from autograder.lms.sheets import Kind, Sheet, read_sheet
from autograder.lms.students import read_students
from autograder.reporting.account import sentences
from autograder.reporting.filling import Filled, Wish
from autograder.reporting.plain import WAITING, Line, as_csv, as_json, for_moodle, shown

DONE, NO = 0, 1
FORMATS = {
    "moodle": Kind.WORKSHEET,
    "moodle-gradebook": Kind.MOODLE,
    "canvas": Kind.CANVAS,
    "csv": None,
    "json": None,
}
FOLDER = "exports"
HOW_TO_GET = {
    "moodle": "Moodle: the assignment, View all submissions, Download grading worksheet",
    "canvas": "Canvas: Grades, Export, Export Entire Gradebook",
}


@dataclass(frozen=True)
class Request:
    """What somebody asks for; an empty text or None where they say nothing of it."""

    format: str = ""
    sheet: Path | None = None
    to: Path | None = None
    wish: Wish = field(default_factory=Wish)
    with_waiting: bool = False
    students: Path | None = None
    feedback: bool = False


def export_grades(course: Course, name: str, request: Request) -> int:
    """Write the grades of an assignment; 1 where a grade found no place in the sheet."""
    from autograder.reporting.exporters.grades import Chosen, class_lines

    find_assignment(course, name)
    kind = _kind(request)
    if request.sheet is None and (kind is Kind.WORKSHEET or kind is Kind.CANVAS or request.feedback):
        how = HOW_TO_GET["canvas" if kind is Kind.CANVAS else "moodle"]
        raise CourseError(f"a sheet is filled that you download ({how}): give it with --sheet (got none)")
    list_ = [] if request.students is None else read_file(request.students, read_students)
    lines = class_lines(course, name, Chosen(request.with_waiting, list_=list_))
    console = Console()
    if request.sheet is not None:
        status = _fill(console, course, lines, request)
    else:
        status = _write_new(console, course, lines, request)
    late = [
        f"{line.person.shown} {shown(line.late_penalty)}"
        for line in lines
        if line.late_penalty and line.score is not None
    ]
    if late:
        _say(console, f"Points taken off for being late, in these grades: {', '.join(late)}.")
    stale = [line.person.shown for line in lines if line.stale and line.score is not None]
    if stale:
        _say(
            console,
            f"Handed in again since this grade was given (autograder grade {name}): {', '.join(stale)}.",
        )
    if any(line.why == WAITING for line in lines):
        _say(console, "With --with-waiting, who waits for a person has the points so far.")
    return status


def _kind(request: Request) -> Kind | None:
    if request.format and request.format not in FORMATS:
        raise CourseError(f"there are the formats {', '.join(FORMATS)} (got {request.format})")
    return FORMATS.get(request.format)


def _fill(console: Console, course: Course, lines: Sequence[Line], request: Request) -> int:
    from autograder.reporting.exporters.grades import fill_sheet, must_not_name_another

    assert request.sheet is not None
    name = lines[0].assignment
    must_not_name_another(assignment_names(course), name, request.sheet.name)
    sheet = read_file(request.sheet, read_sheet)
    filled = fill_sheet(course, lines, sheet, request.wish)
    if request.format and sheet.kind is not FORMATS[request.format]:
        raise CourseError(f"this is {sheet.kind.value}: leave --format away (got {request.format})")
    target = request.to or _folder(course, name) / f"{request.sheet.stem}-filled{request.sheet.suffix}"
    zip_file = target.with_name(f"{name}-feedback.zip")
    for file in (target, zip_file) if request.feedback else (target,):
        _must_be_free(file, request)
    feedback = _pack(course, sheet, filled, lines) if request.feedback else None
    write_whole(target, filled.content)
    _say(console, f"{name}: {_shown(target)} ({sheet.kind.value})")
    for sentence in sentences(filled):
        _say(console, sentence)
    if feedback is not None:
        write_whole(zip_file, feedback.content)
        size = f"{len(feedback.content) / 1e6:.1f} MB"
        _say(console, f"Feedback of {feedback.students} students: {_shown(zip_file)} ({size})")
        if feedback.without:
            _say(console, f"No page, because the Report is not kept any more: {', '.join(feedback.without)}.")
    return DONE if filled.complete else NO


@dataclass(frozen=True)
class _Packed:
    """A zip of feedback pages, of how many students, and which graded ones have no page."""

    content: bytes
    students: int
    without: tuple[str, ...]


def _pack(course: Course, sheet: Sheet, filled: Filled, lines: Sequence[Line]) -> _Packed:
    from autograder.reporting.exporters.moodle_feedback import pack_feedback

    graded = [line for line in lines if line.score is not None and line.person.student in filled.rows]
    with_page = [line.person.student for line in graded if line.has_report]
    content = pack_feedback(course, lines[0].assignment, sheet, filled.rows, with_page)
    without = tuple(line.person.shown for line in graded if not line.has_report)
    return _Packed(content, len(with_page), without)


def _write_new(console: Console, course: Course, lines: Sequence[Line], request: Request) -> int:
    from autograder.grading.headings import title_of

    name = lines[0].assignment
    missing: list[str] = []
    if request.format == "json":
        content, ending = as_json(lines), ".json"
    elif request.format == "moodle-gradebook":
        content, missing = for_moodle(lines, title_of(find_assignment(course, name)))
        ending = "-moodle.csv"
    else:
        content, ending = as_csv(lines, [key for line in lines for key in line.points]), ".csv"
    target = request.to or _folder(course, name) / f"{name}{ending}"
    _must_be_free(target, request)
    write_whole(target, content)
    graded = sum(1 for line in lines if line.score is not None)
    _say(console, f"{name}: {_shown(target)} ({graded} of {len(lines)} students have a grade)")
    reasons: dict[str, list[str]] = {}
    for line in lines:
        if line.why:
            reasons.setdefault(line.why, []).append(line.person.shown)
    for why, who in reasons.items():
        _say(console, f"Without a grade, {why}: {', '.join(who)}.")
    if missing:
        _say(console, f"Not in the sheet, because no e-mail is known: {', '.join(missing)}.")
    return NO if missing else DONE


def _folder(course: Course, name: str) -> Path:
    return course.root / FOLDER / name


def _must_be_free(target: Path, request: Request) -> None:
    """Raises CourseError for the sheet itself and for a file that is there; exports/ is made anew."""
    if request.sheet is not None and target.resolve() == request.sheet.resolve():
        raise CourseError(f"the sheet itself is not written over: name another file with --to (got {target})")
    if request.to is not None and target.exists():
        raise CourseError(f"this file is there already: name another, or remove it first (got {target})")


def _shown(target: Path) -> Path:
    """The path as it is seen from here."""
    here = Path.cwd()
    return target.resolve().relative_to(here) if target.resolve().is_relative_to(here) else target


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
