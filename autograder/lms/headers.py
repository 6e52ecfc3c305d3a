"""The names of the columns of Moodle's and Canvas' sheets, by what they hold; Moodle's in several languages.

The words are those of Moodle's own language packs (its strings recordid, fullname, gradenoun, maxgrade,
gradecanbechanged, lastmodifiedsubmission, and those of the profile's fields).  Canvas never translates its
first columns: it looks for exactly these words when a sheet comes back.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Sequence


class Field(enum.Enum):
    """What a column holds."""

    NUMBER = "number"  # Moodle's number of a participant in this assignment; Canvas' number of the user
    NAME = "full name"
    FIRST = "first name"
    LAST = "last name"
    EMAIL = "email"
    LOGIN = "login"  # user name, student number, SIS id
    GRADE = "grade"
    MAXIMUM = "maximum grade"
    CHANGEABLE = "grade can be changed"
    SUBMITTED = "last modified (submission)"
    SECTION = "section"
    OTHER = "other"  # known, and no grade: group, institution, a text


_MOODLE: dict[Field, str] = {
    Field.NUMBER: "identifier|identifiant|id|identificador|identificativo",
    Field.NAME: "full name|nom complet|vollständiger name|nombre completo|nome completo|name",
    Field.FIRST: "first name|prénom|vorname|nombre|nome",
    Field.LAST: "last name|surname|nom|nom de famille|nachname|apellido(s)|apellidos|cognome",
    Field.EMAIL: "email address|adresse de courriel|courriel|e-mail-adresse|dirección de correo|"
    "correo electrónico|indirizzo email|email|e-mail",
    Field.LOGIN: "id number|numéro d'identification|id-nummer|número de id|codice identificativo|"
    "username|nom d'utilisateur|anmeldename|nombre de usuario",
    Field.GRADE: "grade|note|bewertung|calificación|valutazione",
    Field.MAXIMUM: "maximum grade|note maximale|bestwertung|calificación máxima|valutazione massima",
    Field.CHANGEABLE: "grade can be changed|la note peut être modifiée|bewertung kann geändert werden|"
    "la calificación puede ser cambiada|la calificación puede cambiarse|la valutazione può essere modificata",
    Field.SUBMITTED: "last modified (submission)|dernière modification (travail remis)|"
    "zuletzt geändert (abgabe)|última modificación (entrega)|ultima modifica (consegna)",
    Field.OTHER: "institution|department|département|abteilung|departamento|dipartimento|institución|"
    "istituzione|status|statut|estado|estatus|stato|group|groupe|gruppe|grupo|gruppo|groups|groupes|"
    "feedback comments|feedback par commentaires|last modified (grade)|dernière modification (note)|"
    "zuletzt geändert (bewertung)|última modificación (calificación)|ultima modifica (valutazione)|"
    "last downloaded from this course|dernier téléchargement depuis ce cours|online text|texte en ligne",
}
_CANVAS: dict[Field, str] = {
    Field.NUMBER: "id",
    Field.NAME: "student",
    Field.FIRST: "firstname",
    Field.LAST: "lastname",
    Field.LOGIN: "sis user id|sis login id|integration id",
    Field.SECTION: "section",
    Field.OTHER: "root account",
}
_NO = "no|non|nein"
_COMPUTED = re.compile(r"\b(?:Current|Final|Unposted|Override) (?:Score|Points|Grade|Status)\b")
_NO_POINTS = re.compile(
    r"\((?:percentage|pourcentage|prozentsatz|porcentaje|percentuale|letter|lettre|buchstabe|letra|lettera|"
    r"feedback|rétroaction|retroalimentación)\)$"
)


def plain(text: str) -> str:
    """A text as it is compared: one way of writing each letter, no capitals, single blanks."""
    told = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(unicodedata.normalize("NFKC", told).split())


def printable(text: str) -> str:
    """A text of strangers that is safe to print anywhere, and short."""
    told = "".join(sign if sign.isprintable() else "?" for sign in text)
    return told if len(told) <= 80 else told[:77] + "…"


def moodle_fields(header: Sequence[str]) -> dict[Field, list[int]]:
    """The columns of a Moodle sheet, by what they hold; those that are not known are left out."""
    return _fields(header, _MOODLE)


def canvas_fields(header: Sequence[str]) -> dict[Field, list[int]]:
    """The same of Canvas' gradebook."""
    return _fields(header, _CANVAS)


def _fields(header: Sequence[str], names: dict[Field, str]) -> dict[Field, list[int]]:
    known = {name: field for field, listed in names.items() for name in listed.split("|")}
    found: dict[Field, list[int]] = {}
    for column, name in enumerate(header):
        field = known.get(plain(name))
        if field is not None:
            found.setdefault(field, []).append(column)
    return found


def says_no(text: str) -> bool:
    """Whether a cell of "grade can be changed" says that it cannot."""
    return plain(text) in _NO.split("|")


def is_computed(name: str) -> bool:
    """Whether a column holds no points of ours: totals, percentages, letters, texts."""
    return bool(_COMPUTED.search(name) or _NO_POINTS.search(plain(name)))
