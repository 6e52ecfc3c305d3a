"""A list of students as CSV, the same that ``nbgrader db student import`` takes: who is who, for this once.

Columns: ``id`` (the name in the gradebook), and any of ``first_name``, ``last_name``, ``email``,
``lms_user_id``, ``login``, ``name`` (a full name as the platform writes it).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.lms.cells import DELIMITERS, SheetError, decode, first_row, read_table
from autograder.lms.headers import plain
from autograder.lms.people import Person

COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id", "login", "name")


def read_students(content: bytes) -> list[Person]:
    """The people of a list.  Raises SheetError for another file, or a student who stands there twice."""
    text = decode(content)[0]
    delimiter = next((sign for sign in DELIMITERS if "id" in _columns(first_row(text, sign))), None)
    if delimiter is None:
        raise SheetError(
            f"a list of students has a column id and any of {', '.join(COLUMNS[1:])} "
            f"(got {first_row(text, ',')[0][:60]!r})"
        )
    table = read_table(content, delimiter)
    columns = _columns([cell.text for cell in table.rows[0]])
    people: dict[str, Person] = {}
    for line, cells in enumerate(table.rows[1:], start=2):
        row = {name: cell.text.strip() for name, cell in zip(columns, cells, strict=False) if name in COLUMNS}
        if not any(row.values()):
            continue
        student = row.get("id", "")
        if not student or student in people:
            raise SheetError(f"row {line} of the list needs an id of its own (got {student!r})")
        people[student] = Person(
            student,
            first_name=row.get("first_name", ""),
            last_name=row.get("last_name", ""),
            email=row.get("email", ""),
            lms_user_id=row.get("lms_user_id", ""),
            logins=frozenset({row.get("login", "")} - {""}),
            names=frozenset({row.get("name", "")} - {""}),
        )
    return list(people.values())


def _columns(header: Sequence[str]) -> list[str]:
    return [plain(name).replace(" ", "_") for name in header]


def completed(people: Iterable[Person], list_: Iterable[Person]) -> list[Person]:
    """The course's students with what a list says of them; whom only the list knows is added."""
    known = {person.student: person for person in people}
    for other in list_:
        person = known.get(other.student, Person(other.student))
        known[other.student] = replace(
            other,
            first_name=other.first_name or person.first_name,
            last_name=other.last_name or person.last_name,
            email=other.email or person.email,
            lms_user_id=other.lms_user_id or person.lms_user_id,
            logins=other.logins | person.logins,
            names=other.names | person.names,
        )
    return list(known.values())
