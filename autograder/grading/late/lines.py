"""In which line of a TOML file something stands: the parser keeps none, and a mistake should name its own."""

from __future__ import annotations

import re

Place = tuple[str | int, ...]
"""Names of tables and a key, as in ("assignment", "ex1", "deadline"); a number counts the [[tables]]."""

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?")
_PART = re.compile(r'"([^"]*)"|\'([^\']*)\'|([\w-]+)')
_KEY = re.compile(r"\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)\s*=")


def line_of(text: str, place: Place) -> int:
    """The line, from 1, that holds ``place``, or the nearest table around it; 0 where there is none."""
    lines = _places(text)
    for length in range(len(place), 0, -1):
        for line, known in lines.items():
            if known == place[:length]:
                return line
    return 0


def _places(text: str) -> dict[int, Place]:
    """What each line begins: a table or a key."""
    found: dict[int, Place] = {}
    counted: dict[Place, int] = {}
    table: Place = ()
    for line, content in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.fullmatch(content), _KEY.match(content)
        if header is not None:
            table = _parts(header[2])
            if header[1] == "[[":
                counted[table] = counted.get(table, -1) + 1
                table = (*table, counted[table])
            found[line] = table
        elif key is not None:
            found[line] = (*table, *_parts(key[1]))
    return found


def _parts(dotted: str) -> Place:
    return tuple(next(filter(None, part), "") for part in _PART.findall(dotted))
