"""The store of Reports: one JSON file per content key, so that grading the same content again costs nothing.

No student's name is part of an entry (``Report.of`` adds it on reading), and what this store
returns was written whole: a damaged entry counts as absent.  What the store forgets is graded again.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError
from autograder.grading.files import replace_file
from autograder.grading.report import Report, from_json, to_json

_KEY = re.compile(r"[0-9a-f]{64}")


def put(state: Path, key: str, report: Report) -> None:
    """Keep ``report`` in ``state``/reports under ``key`` (hex sha256 of everything that it depends on).

    The file appears whole or not at all, also when the machine stops meanwhile.
    """
    entry = _path(state, key)
    content = json.loads(to_json(report.of("")))
    text = json.dumps({"digest": _digest(content), "report": content}, indent=1, ensure_ascii=False)
    replace_file(entry, text.encode("utf-8"), durable=True)


def get(state: Path, key: str) -> Report | None:
    """The Report kept under ``key``, without a student's name; None when there is none or it is damaged."""
    try:
        entry = json.loads(_path(state, key).read_text(encoding="utf-8"))
        content = entry["report"]
        if entry["digest"] != _digest(content):
            return None
        return from_json(json.dumps(content))
    except (OSError, ValueError, KeyError, TypeError, AutograderError):
        return None


def holds(state: Path, key: str) -> bool:
    """Whether there is an entry under ``key``, be it damaged or of another kit's version."""
    return _path(state, key).is_file()


@dataclass(frozen=True)
class Entry:
    """What is kept of one graded submission; ``assignment`` is "" where the entry is damaged.

    ``size`` is in bytes, ``written`` in seconds since 1970.
    """

    path: Path
    assignment: str
    size: int
    written: float


def entries(state: Path) -> Iterator[Entry]:
    """Everything in the store, what a killed run left half written included, in the order of the keys."""
    for path in sorted((state / "reports").glob("??/*")):
        try:
            found = path.stat()
            content = path.read_bytes()
        except OSError:  # another run has just moved or removed it
            continue
        yield Entry(path, _assignment(content), found.st_size, found.st_mtime)


def clean(state: Path, *, older_than_seconds: float, assignments: Collection[str] = ()) -> list[Entry]:
    """Remove entries written longer ago than this, of these assignments (all when none is named).

    Damaged entries of that age go with any assignment: they serve none.
    """
    before = time.time() - older_than_seconds
    removed = []
    for entry in entries(state):
        if entry.written <= before and (not assignments or entry.assignment in (*assignments, "")):
            entry.path.unlink(missing_ok=True)
            removed.append(entry)
    return removed


def _assignment(content: bytes) -> str:
    try:
        return str(json.loads(content)["report"]["assignment"])
    except (ValueError, KeyError, TypeError):
        return ""


def _path(state: Path, key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise ValueError(f"a key is 64 hexadecimal digits (got {key!r})")
    return state / "reports" / key[:2] / f"{key}.json"


def _digest(content: Any) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
