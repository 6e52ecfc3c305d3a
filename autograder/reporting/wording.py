"""Sentences of many students that say the same, as one: what differs from student to student is left out.

A value is put back only where several students met the same one: then it comes from the check, not from
them.  A line of a student's code or the name of a student's file is never put back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

GAP = "…"
_OWN_WORDS = (
    # ", line 22: `if mask[t]:`" and "in line 1: `plot(x)`": the place and the text are the student's own
    (re.compile(r"(\bline) \d+(?:: `.*`)?"), rf"\1 {GAP}"),
    (re.compile(r"(is called ).+?( instead of )"), rf"\1{GAP}\2"),
    (re.compile(r"\((?:beside it: )?.*\.ipynb.*\)"), f"({GAP})"),
    (re.compile(r"^.+?( is a link| is not a plain file| cannot be opened)"), r"The file\1"),
)
_VALUE = re.compile(
    r"(?<=\w)\((?!\))[^`]*\)(?=`)"  # the arguments of a call: `one_hot(ids, 7)`
    r"|(?<!\w)'[^']*'|(?<!\w)\"[^\"]*\""  # a text
    r"|(?<![\w\]])[\[(](?:-?[\d.]+(?:, )?)+,?[\])]"  # a place [0, 3] or a shape (2, 7)
    # a number, but not within a name (float32), an index b[0] or a formula (h0 = 0, n - 1)
    r"|(?<![\w.\[])(?<![-+=*/·] )[-−]?\d+(?:[  ]\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w\]])"
)


@dataclass(frozen=True)
class Wording:
    """A sentence taken apart: ``key`` is what it shares with others, ``values`` what stood in its gaps."""

    key: str
    values: tuple[str, ...]
    pieces: tuple[str, ...]


def wording(sentence: str) -> Wording:
    """Take a sentence apart."""
    for pattern, instead in _OWN_WORDS:
        sentence = pattern.sub(instead, sentence)
    pieces, values, end = [], [], 0
    for found in _VALUE.finditer(sentence):
        pieces.append(sentence[end : found.start()])
        values.append(found.group())
        end = found.end()
    pieces.append(sentence[end:])
    gaps = [_gap(value) for value in values]
    return Wording(_filled(pieces, gaps), tuple(values), tuple(pieces))


def shared(wordings: Iterable[Wording], *, students: int) -> str:
    """The one sentence of wordings with the same key; values that all of several students met are in it."""
    found = list(wordings)
    first = found[0]
    if students < 2:
        return first.key
    columns = zip(*(one.values for one in found), strict=True)
    values = [column[0] if len(set(column)) == 1 else _gap(column[0]) for column in columns]
    return _filled(first.pieces, values)


def _gap(value: str) -> str:
    return f"{value[0]}{GAP}{value[-1]}" if value[0] in "([" else GAP


def _filled(pieces: Iterable[str], values: Iterable[str]) -> str:
    text, *rest = pieces
    filled = text + "".join(value + piece for value, piece in zip(values, rest, strict=True))
    return filled.removesuffix(".") if filled.endswith(f"{GAP}.") else filled
