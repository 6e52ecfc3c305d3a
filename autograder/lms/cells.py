"""Delimited text (CSV) in which single cells are replaced, and every byte outside of them stays as it was.

A learning platform's sheet is never written anew from its values: quoting, line ends, encoding and all
that we do not understand in it would change.  What is read here as a place is written back at that place.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.errors import AutograderError

MAX_BYTES = 50 * 2**20
DELIMITERS = (",", ";", "\t", ":", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WITHOUT_BOM = ("utf-8", "cp1252")
_ADVICE = "download it once more as CSV (UTF-8)"


class SheetError(AutograderError):
    """A sheet that cannot be read, or does not fit; the text is a sentence that says what to do."""


@dataclass(frozen=True)
class Cell:
    """The value of a cell, and from where to where it stands in the text, quotation marks included."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Table:
    """A sheet as it was read; ``bom`` and ``text`` in ``encoding`` are together all of its bytes."""

    text: str
    encoding: str
    bom: bytes
    delimiter: str
    rows: tuple[tuple[Cell, ...], ...]


def decode(content: bytes) -> tuple[str, str, bytes]:
    """(text, encoding, byte-order mark) of a sheet's bytes.  Raises SheetError for what is no text."""
    if len(content) > MAX_BYTES:
        raise SheetError(f"the sheet has more than {MAX_BYTES // 2**20} MB (got {len(content)} bytes)")
    if not content.strip():
        raise SheetError(f"the sheet is empty: {_ADVICE} (got {len(content)} bytes)")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SheetError(f"this is a spreadsheet (Excel or OpenDocument) or a zip, and no CSV: {_ADVICE}")
    if content.lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise SheetError(f"this is a web page, perhaps of a login: {_ADVICE}")
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _exactly(content[len(bom) :], encoding), encoding, bom
    if b"\0" in content:
        raise SheetError(f"the sheet's encoding is not known: {_ADVICE}")
    for encoding in _WITHOUT_BOM:
        try:
            return _exactly(content, encoding), encoding, b""
        except SheetError:
            continue
    raise SheetError(f"the sheet's encoding is not known: {_ADVICE}")


def _exactly(content: bytes, encoding: str) -> str:
    """The text whose encoding gives back these very bytes."""
    try:
        text = content.decode(encoding)
        same = text.encode(encoding) == content
    except UnicodeError:
        same = False
    if not same or "\0" in text:
        raise SheetError(f"the sheet is not what its first bytes say ({encoding}): {_ADVICE}")
    return text


def read_table(content: bytes, delimiter: str) -> Table:
    """The cells of a sheet.  Raises SheetError for bytes that are no text, or a quotation that never ends."""
    text, encoding, bom = decode(content)
    return Table(text, encoding, bom, delimiter, _rows(text, delimiter))


def first_row(text: str, delimiter: str) -> tuple[str, ...]:
    """The values of the first row, with another delimiter those of another reading."""
    rows = _rows(text, delimiter, only_first=True)
    return tuple(cell.text for cell in rows[0]) if rows else ()


def _rows(text: str, delimiter: str, *, only_first: bool = False) -> tuple[tuple[Cell, ...], ...]:
    plain = rf"[^{re.escape(delimiter)}\r\n]*+"
    # what stands after a closing quotation mark still belongs to the cell, as everywhere
    pattern = re.compile(rf'"([^"]*+(?:""[^"]*+)*+)"({plain})|({plain})')
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    place = 0
    while place < len(text) or row:
        found = pattern.match(text, place)
        if found is None or (found[1] is None and text.startswith('"', place)):
            line = text.count("\n", 0, place) + 1
            raise SheetError(
                f"a quotation mark in line {line} of the sheet is never closed: {_ADVICE} "
                f"(got {text[place : place + 20]!r})"
            )
        value = found[3] if found[1] is None else found[1].replace('""', '"') + found[2]
        row.append(Cell(value, place, found.end()))
        place = found.end()
        if text.startswith(delimiter, place):
            place += 1
            continue
        rows.append(tuple(row))
        row = []
        if only_first:
            break
        place += 2 if text.startswith("\r\n", place) else 1
    return tuple(rows)


def with_cells(table: Table, new: Mapping[tuple[int, int], str]) -> bytes:
    """The sheet's bytes with other values at these (row, column); a cell that was quoted stays quoted."""
    pieces, last = [], 0
    for (row, column), value in sorted(new.items()):
        cell = table.rows[row][column]
        pieces += [table.text[last : cell.start], _written(table, cell, value)]
        last = cell.end
    pieces.append(table.text[last:])
    return table.bom + "".join(pieces).encode(table.encoding)


def _written(table: Table, cell: Cell, value: str) -> str:
    special = any(sign in value for sign in (table.delimiter, '"', "\r", "\n"))
    if special or table.text.startswith('"', cell.start):
        return '"' + value.replace('"', '""') + '"'
    return value
