"""From a notebook's bytes to its cells, whatever wrote them; every field that is kept has been checked."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import nbformat

from autograder.grading.intake.code import MAX_SOURCE as MAX_SOURCE_READ
from autograder.grading.intake.result import Unreadable

MAX_PARTS = 3_000_000
"""Items of JSON in one file: each costs time and some sixty bytes before anything is known of it."""
MAX_DEPTH = 60
MAX_CELLS = 1000
MAX_SOURCE = 1_000_000
MAX_CODE = 200_000
"""Characters of code that are looked into, in all cells together."""
MAX_TEXT = 5_000_000
MAX_ATTACHED = 10 * 2**20
MAX_DIGITS = 4000
_KINDS = ("code", "markdown", "raw")
# one match per sign outside of quotes; what breaks off matches too, or each later quote would be tried
_PART = re.compile(r'(?:"(?:[^"\\]++|\\.)*+(?:"|\Z)|[^",\[{]++)*+(?:[,\[{]|\Z)', re.DOTALL)
_ADVICE = "Save the notebook in Jupyter and hand in the .ipynb file again."


@dataclass(frozen=True)
class Raw:
    """One cell as the student handed it in; ``number`` counts from 1, as the student does.

    ``grade_id`` is "" where there is none; ``outputs`` are unchecked JSON.
    """

    number: int
    kind: str
    source: str
    grade_id: str = ""
    tags: tuple[str, ...] = ()
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outputs: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Parsed:
    """The cells of a notebook, the language that it names ("" when none), and sentences about it."""

    cells: tuple[Raw, ...]
    language: str
    remarks: tuple[str, ...] = ()


def parse(content: bytes) -> Parsed:
    """Read a notebook of nbformat 1 to 4.  Raises Unreadable, with the reason, for anything else."""
    text, remarks = _decode(content)
    data = _load(text)
    if not isinstance(data, dict):
        raise Unreadable(f"The file is JSON, but no notebook. {_ADVICE}")
    if not isinstance(data.get("cells"), list):
        data = _upgrade(data)
    found = [cell for cell in data["cells"] if isinstance(cell, dict)]
    _must_not_exceed("cells", len(found), MAX_CELLS)
    cells = [_cell(number, cell) for number, cell in enumerate(found, start=1)]
    _must_not_exceed("characters", sum(len(cell.source) for cell in cells), MAX_TEXT)
    looked_into = (len(cell.source) for cell in cells if cell.kind == "code")
    _must_not_exceed("characters of code", sum(n for n in looked_into if n <= MAX_SOURCE_READ), MAX_CODE)
    kept, left_out = _without_large_attachments(cells)
    return Parsed(kept, _language(data), (*remarks, *left_out))


def _must_not_exceed(what: str, number: int, most: int) -> None:
    if number > most:
        raise Unreadable(f"The notebook has {number} {what}; at most {most} are read.")


def _without_large_attachments(cells: Sequence[Raw]) -> tuple[tuple[Raw, ...], tuple[str, ...]]:
    """The cells with as many of the pasted pictures, in order, as there is room for."""
    kept, left, dropped = [], MAX_ATTACHED, False
    for cell in cells:
        size = sum(len(data) for bundle in cell.attachments.values() for data in bundle.values())
        dropped |= size > left
        kept.append(replace(cell, attachments={}) if size > left else cell)
        left -= size if size <= left else 0
    most = MAX_ATTACHED // 2**20
    said = f"Pictures pasted into text cells were left out: together they have more than {most} MB."
    return tuple(kept), (said,) if dropped else ()


def _decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    if not content.strip():
        raise Unreadable(f"The file is empty. {_ADVICE}")
    if content.startswith(b"PK\x03\x04"):
        raise Unreadable(f"The file is a zip archive with the name of a notebook. {_ADVICE}")
    try:
        return content.decode(json.detect_encoding(content)), ()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), (
            "The file is not saved as UTF-8; it was read all the same, but some accents may have changed.",
        )


def _load(text: str) -> Any:
    start = text.lstrip()[:200].lower()
    if start.startswith("<") and not start.startswith("<<<<<<<"):
        raise Unreadable(f"The file is a web page with the name of a notebook. {_ADVICE}")
    if _parts(text) > MAX_PARTS:
        raise Unreadable(f"The file has more than {MAX_PARTS} parts. Clear its outputs and hand it in again.")
    try:
        return json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as error:
        if "\n<<<<<<< " in f"\n{text}":
            raise Unreadable(
                f"The file holds the marks of an unfinished merge (<<<<<<<). {_ADVICE}"
            ) from None
        if error.pos >= len(text.rstrip()):
            raise Unreadable(
                f"The file breaks off in the middle, at line {error.lineno}. {_ADVICE}"
            ) from None
        raise Unreadable(f"The file is no notebook: line {error.lineno} is not JSON. {_ADVICE}") from None
    except RecursionError:
        raise Unreadable("The file is nested deeper than any notebook is.") from None


def _whole(digits: str) -> int:
    """A whole number; 0 for one of thousands of digits, which Python refuses and no notebook needs."""
    return int(digits) if len(digits) <= MAX_DIGITS else 0


def _parts(text: str) -> int:
    """How many items of JSON ``text`` has, or more; counting ends with the first one too many."""
    if sum(map(text.count, ",[{")) <= MAX_PARTS:
        return 0  # few enough even with those inside of quotes
    return sum(1 for _ in itertools.islice(_PART.finditer(text), MAX_PARTS + 1))


def _depth(data: Any) -> int:
    """How deep lists and dicts are nested; a loop, because recursion is what is being guarded against."""
    deepest, stack = 0, [(data, 1)]
    while stack and deepest <= MAX_DEPTH:
        value, depth = stack.pop()
        if isinstance(value, dict | list):
            deepest = max(deepest, depth)
            inner = value.values() if isinstance(value, dict) else value
            stack.extend((item, depth + 1) for item in inner if isinstance(item, dict | list))
    return deepest


def _upgrade(data: dict[str, Any]) -> dict[str, Any]:
    if _depth(data) > MAX_DEPTH:
        raise Unreadable("The file is nested deeper than any notebook is.")
    if not isinstance(data.get("worksheets"), list):
        raise Unreadable(f"The file is JSON, but no notebook: it has no cells. {_ADVICE}")
    for sheet in data["worksheets"]:
        for cell in sheet.get("cells", ()) if isinstance(sheet, dict) else ():
            if isinstance(cell, dict):
                cell["outputs"] = []  # pictures of so old a file are not worth the trouble
                cell.setdefault("metadata", {})
                cell.setdefault("input", cell.get("source", ""))
    old = data["nbformat"] if data.get("nbformat") in (2, 3) else 3
    try:
        notebook = nbformat.from_dict({"metadata": {}, **data, "nbformat": old, "nbformat_minor": 0})
        upgraded = dict(nbformat.convert(notebook, 4))
    except Exception:  # nbformat meets unchecked data here and may stumble over anything in it
        upgraded = {}
    if not isinstance(upgraded.get("cells"), list):
        raise Unreadable(f"The notebook has an old format and cannot be converted. {_ADVICE}")
    return upgraded


def _cell(number: int, data: Mapping[str, Any]) -> Raw:
    kind = data.get("cell_type")
    metadata = _dict(data.get("metadata"))
    mark = _dict(metadata.get("nbgrader"))
    outputs = data.get("outputs")
    return Raw(
        number=number,
        kind=kind if kind in _KINDS else "raw",
        source=_text(data.get("source", data.get("input"))),
        grade_id=_text(mark.get("grade_id"))[:200],
        tags=_tags(metadata.get("tags")),
        attachments=_attachments(data.get("attachments")),
        outputs=tuple(outputs) if isinstance(outputs, list) else (),
    )


def _tags(value: Any) -> tuple[str, ...]:
    texts = [tag for tag in value if isinstance(tag, str)] if isinstance(value, list) else []
    return tuple(_text(tag)[:200] for tag in texts[:20] if tag and "," not in tag)


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """A source may be a text or a list of lines; what cannot be written as UTF-8 becomes a question mark."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    if not isinstance(value, str):
        return ""
    if len(value) > MAX_SOURCE:
        raise Unreadable(f"A cell has {len(value)} characters; at most {MAX_SOURCE} are read.")
    return value.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")


def _attachments(value: Any) -> dict[str, dict[str, str]]:
    """Pictures that were pasted into a text cell: {file name: {media type: base64 text}}."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in _dict(value).items():
        texts = {
            kind: data for kind, data in _dict(bundle).items() if isinstance(data, str) and data.isascii()
        }
        if texts:
            kept[_text(name)] = {_text(kind): data for kind, data in texts.items()}
    return kept


def _language(data: Mapping[str, Any]) -> str:
    metadata = _dict(data.get("metadata"))
    spec, info = _dict(metadata.get("kernelspec")), _dict(metadata.get("language_info"))
    for value in (spec.get("language"), info.get("name"), spec.get("name")):
        if isinstance(value, str) and value.strip():
            return _text(value).strip()[:40]
    return ""
