"""The class's points put into the sheet of a learning platform: one column changes, all else stays as it was.

A cell is written where a student has a grade and one row is surely theirs.  Nothing is written over in
silence, and a missing grade is never a zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from autograder.lms import sheets
from autograder.lms.cells import SheetError, with_cells
from autograder.lms.headers import Field, printable, says_no
from autograder.lms.people import Identity, Matches, Person, match
from autograder.lms.sheets import Kind, Sheet

BLANK = ("", "-")
CENT = Decimal("0.01")
WHO = "names and e-mails come from nbgrader db student import, or from a list given with --students"


@dataclass(frozen=True)
class Grade:
    """What one student of the course has; where ``points`` is None, ``why`` says why there is no grade."""

    person: Person
    points: float | None = None
    why: str = ""


@dataclass(frozen=True)
class Wish:
    """What a person asks of a sheet.

    ``column`` names it where its name does not show; ``scale`` converts points where the sheet's maximum is
    another one; ``maximum`` is that of a sheet which does not tell it.
    """

    column: str = ""
    scale: bool = False
    maximum: float | None = None


@dataclass(frozen=True)
class Filled:
    """The sheet with its new column, and a sentence or a name for everything that somebody should know.

    ``written``: (who, what stood there, what stands there now).  ``same``: cells that held the grade already.
    ``blank``: who has no grade, and why.  ``kept``: cells with something of their own, which stay.
    ``without_row``: students with a grade whom no row fits.  ``strangers``: rows of nobody in the course.
    ``rows``: the row of each student.
    """

    content: bytes
    column: str
    written: tuple[tuple[str, str, str], ...] = ()
    same: int = 0
    blank: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    without_row: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every grade of the class is in the sheet now."""
        return not (self.without_row or self.doubts or self.kept)


def fill(
    sheet: Sheet, grades: Sequence[Grade], max_points: float, hints: Sequence[str], wish: Wish | None = None
) -> Filled:
    """Put the grades into the sheet's column.

    Args:
        sheet: as it was downloaded.
        grades: one for each student of the course.
        max_points: what the assignment is out of.
        hints: names of the assignment, any of which may be part of the column's name.
        wish: what was asked for beside.
    Raises:
        SheetError: it is the sheet of another course or assignment, by all that can be seen.
    """
    wish = wish or Wish()
    if not grades:
        raise SheetError(f"the course has no students yet: {WHO} (got 0 students)")
    column = sheets.grade_column(sheet, wish.column, hints)
    terms, notes = _terms(sheet, column, max_points, wish)
    identities = [sheets.identity_of(sheet, row) for row in sheet.people]
    matches = match(identities, [grade.person for grade in grades])
    if not matches.found:
        raise SheetError(
            f"no row of the sheet fits a student of the course: is it the sheet of another course? Otherwise "
            f"{WHO} (got the row of {identities[0].shown})"
        )
    rows = {student: sheet.people[place] for place, student in matches.found.items()}
    decided = {
        grade.person.student: _decide(sheet, (rows[grade.person.student], column), grade, terms)
        for grade in grades
        if grade.person.student in rows
    }
    notes += [one.note for one in decided.values() if one.note]
    filled = _filled(grades, decided, identities, matches)
    content = with_cells(sheet.table, {one.place: one.new for one in decided.values() if one.new})
    return replace(
        filled, content=content, column=sheet.header[column].strip(), notes=tuple(notes), rows=rows
    )


def _filled(
    grades: Sequence[Grade],
    decided: Mapping[str, _Decided],
    identities: Sequence[Identity],
    matches: Matches,
) -> Filled:
    """The account of what was decided, without the sheet itself."""
    doubtful = frozenset[str]().union(*(doubt.students for doubt in matches.doubts.values()))
    return Filled(
        content=b"",
        column="",
        written=tuple((one.who, one.old, one.new) for one in decided.values() if one.new),
        same=sum(one.same for one in decided.values()),
        blank={g.person.shown: g.why for g in grades if g.points is None and _is_blank(g, decided)},
        kept={one.who: one.kept for one in decided.values() if one.kept},
        without_row=tuple(
            grade.person.shown
            for grade in grades
            if grade.points is not None and grade.person.student not in {*decided, *doubtful}
        ),
        strangers=tuple(
            identity.shown
            for place, identity in enumerate(identities)
            if place not in matches.found and place not in matches.doubts
        ),
        doubts=tuple(f"{identities[place].shown}: {doubt.why}" for place, doubt in matches.doubts.items()),
    )


@dataclass(frozen=True)
class _Terms:
    """How points become a text of this sheet; ``most`` is its maximum, where it has one."""

    factor: Decimal
    sign: str
    most: Decimal | None


def _terms(sheet: Sheet, column: int, ours: float, wish: Wish) -> tuple[_Terms, list[str]]:
    """The terms, and what is to be said of them."""
    told = sheets.maximum(sheet, column)
    given = None if wish.maximum is None else Decimal(str(wish.maximum))
    if told is not None and given is not None and told != given:
        raise SheetError(f"the sheet says that it is out of {told:f}: leave --maximum away (got {given:f})")
    theirs, own = told if told is not None else given, Decimal(str(ours))
    sign = sheets.decimal_sign(sheet, column)
    if theirs is None:
        said = f"The sheet does not say what its grades are out of; points are written out of {ours:g}."
        return _Terms(Decimal(1), sign, None), [said]
    if theirs == own:
        return _Terms(Decimal(1), sign, theirs), []
    shown = f"{theirs.normalize():f}"
    if not wish.scale:
        raise SheetError(
            f"the sheet is out of {shown} and the assignment out of {ours:g}: is it the sheet of another "
            f"assignment? To convert the points, add --scale (got {shown})"
        )
    if theirs <= 0 or own <= 0:
        raise SheetError(f"points out of {ours:g} cannot be converted to this maximum (got {shown})")
    return _Terms(theirs / own, sign, theirs), [f"Points out of {ours:g} became points out of {shown}."]


@dataclass(frozen=True)
class _Decided:
    """What becomes of one student's cell: ``new`` is written, or ``kept`` says why something else stays."""

    who: str
    place: tuple[int, int]
    old: str = ""
    new: str = ""
    kept: str = ""
    note: str = ""
    same: bool = False


def _is_blank(grade: Grade, decided: Mapping[str, _Decided]) -> bool:
    """Whether nothing stands in the sheet for a student without a grade."""
    one = decided.get(grade.person.student)
    return one is None or not one.kept


def _decide(sheet: Sheet, place: tuple[int, int], grade: Grade, terms: _Terms) -> _Decided:
    old = sheet.value(*place)
    decided = _Decided(grade.person.shown, place, "" if old in BLANK else old)
    kept = _reason_to_keep(sheet, place, grade, decided.old)
    if kept or grade.points is None:
        return replace(decided, kept=kept)
    points = (Decimal(str(grade.points)) * terms.factor).quantize(CENT, ROUND_HALF_UP)
    if decided.old and sheets.number(old) == points:
        return replace(decided, same=True)
    text = f"{points.normalize():f}".replace(".", terms.sign)
    note = ""
    if sheet.kind is Kind.WORKSHEET and terms.most is not None and points > terms.most:
        note = f"{decided.who} has {text} of {terms.most:f}: Moodle passes over a grade above its maximum."
    return replace(decided, new=text, note=note)


def _reason_to_keep(sheet: Sheet, place: tuple[int, int], grade: Grade, old: str) -> str:
    row, column = place
    if column >= len(sheet.table.rows[row]):
        return "the row breaks off before the column: download the sheet once more"
    if grade.points is None:
        return f"has {printable(old)} in the sheet and no grade here ({grade.why}); it stays" if old else ""
    if old and sheets.number(old) is None:
        return f"has {printable(old)} in the sheet, which is no number; it stays"
    if sheet.kind is Kind.WORKSHEET and says_no(sheet.value(row, sheet.first(Field.CHANGEABLE))):
        return "Moodle says that this grade cannot be changed; the cell stays"
    return ""
