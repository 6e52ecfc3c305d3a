"""Who is who: the students of a course, what a sheet or a file's name says of somebody, and their matching.

Two are the same by number, e-mail, login or, at last, by a name that nobody else has.  Where two students or
two rows answer to one thing, or two things point to different students, nobody is chosen.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.lms.headers import plain

_NOT_IN_FILES = re.compile(r"[&<>\"`|':\\/]")
KINDS = ("number", "e-mail", "login", "name")
"""What people are matched by, the surest first."""


class Spelling(enum.Enum):
    """How a name is written: as it is, or as a platform puts it into the name of a file."""

    WHOLE = "name"
    CLEANED = "cleaned name"  # Moodle: without quotation marks and what no file name should have
    SQUASHED = "squashed name"  # Canvas: letters and digits alone


@dataclass(frozen=True)
class Identity:
    """What a sheet or a file says of one person; ``shown`` is how to call them in a sentence.

    ``number`` is the platform's; "" where there is none that means anything in the course.  Of the ``names``
    the first counts that anybody has; ``spelling`` says how they are written.
    """

    shown: str
    number: str = ""
    emails: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    spelling: Spelling = Spelling.WHOLE


@dataclass(frozen=True)
class Person:
    """One student of the course, under the name that the gradebook knows; the rest is "" where not known."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    logins: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        """The student's id, and the name where there is one."""
        name = f"{self.first_name} {self.last_name}".strip()
        return f"{self.student} ({name})" if name else self.student


@dataclass(frozen=True)
class Doubt:
    """Why nobody was chosen for an identity, and whom it could be."""

    why: str
    students: frozenset[str]


@dataclass(frozen=True)
class Matches:
    """``found``: the student of each identity, by its place.  ``doubts``: those that are left open.

    An identity that is in neither belongs to nobody of the course.
    """

    found: Mapping[int, str] = field(default_factory=dict)
    doubts: Mapping[int, Doubt] = field(default_factory=dict)


def match(identities: Sequence[Identity], people: Iterable[Person]) -> Matches:
    """Find the student behind each identity."""
    index = _index(people)
    found: dict[int, str] = {}
    doubts: dict[int, Doubt] = {}
    places: dict[str, list[int]] = {}
    for place, identity in enumerate(identities):
        answer = _one(identity, index)
        if isinstance(answer, Doubt):
            doubts[place] = answer
        elif answer:
            found[place] = answer
            places.setdefault(answer, []).append(place)
    for student, several in places.items():
        if len(several) > 1:
            shown = " and ".join(identities[place].shown for place in several)
            for place in several:
                del found[place]
                doubts[place] = Doubt(f"{shown} both fit {student}", frozenset({student}))
    return Matches(found, doubts)


def _one(identity: Identity, index: Mapping[tuple[str, str], set[str]]) -> str | Doubt:
    """The student, "" where nobody fits, or the doubt."""
    answers: dict[str, set[str]] = {}
    for kind in KINDS:
        fitting = [index[key] for key in _keys(identity, kind) if key in index]
        if fitting:
            answers[kind] = fitting[0] if kind == "name" else set().union(*fitting)
    if not answers:
        return ""
    first, chosen = next(iter(answers.items()))
    if len(chosen) > 1:
        return Doubt(f"the {first} fits several students: {_named(chosen)}", frozenset(chosen))
    (student,) = chosen
    for kind, others in answers.items():
        if student not in others:
            why = f"the {first} fits {student}, the {kind} fits {_named(others)}"
            return Doubt(why, frozenset(chosen | others))
    return student


def _named(students: set[str]) -> str:
    return ", ".join(sorted(students))


def _index(people: Iterable[Person]) -> dict[tuple[str, str], set[str]]:
    index: dict[tuple[str, str], set[str]] = {}
    for person in people:
        names = {*_orders(person.first_name, person.last_name), *person.names}
        emails = {plain(text) for text in (person.email, person.student) if "@" in text}
        logins = {plain(text) for text in (person.student, *person.logins)}
        keys = [
            ("number", person.lms_user_id.strip()),
            *(("e-mail", email) for email in emails),
            *(("login", login) for login in logins),
            *((spelling.value, spelt(name, spelling)) for name in names for spelling in Spelling),
        ]
        for kind, key in keys:
            if key:
                index.setdefault((kind, key), set()).add(person.student)
    return index


def _keys(identity: Identity, kind: str) -> list[tuple[str, str]]:
    """What to look for in the index, the surest first."""
    if kind == "number":
        return [(kind, identity.number.strip())]
    if kind == "e-mail":
        return [(kind, plain(text)) for text in (*identity.emails, *identity.logins) if "@" in text]
    if kind == "login":
        return [(kind, plain(text)) for text in identity.logins]
    return [(identity.spelling.value, spelt(name, identity.spelling)) for name in identity.names]


def _orders(first: str, last: str) -> set[str]:
    """A name in either order, as platforms have it."""
    if not (first.strip() and last.strip()):
        return {first or last} - {""}
    return {f"{first} {last}", f"{last} {first}"}


def same_name(one: Identity, other: Identity) -> bool:
    """Whether two identities share a name, as ``one`` spells it; or one has none that could be compared."""

    def spellings(names: Iterable[str]) -> set[str]:
        return {spelt(name, one.spelling) for name in names}

    return not (one.names and other.names) or bool(spellings(one.names) & spellings(other.names))


def name_key(name: str) -> str:
    """A full name as it is compared; a comma between its parts is no difference."""
    return plain(name.replace(",", " "))


def spelt(name: str, spelling: Spelling) -> str:
    """A full name as it is compared with others of this spelling."""
    key = name_key(name)
    if spelling is Spelling.SQUASHED:
        return re.sub(r"[\W_]", "", key)
    if spelling is Spelling.CLEANED:
        return " ".join(_NOT_IN_FILES.sub("", key.replace("_", " ")).split())
    return key
