"""Hand-ins as accidents and malice leave them: a notebook, damaged in one of many ways, by a seed.

It knows the format of notebooks and nothing of the intake.
"""

from __future__ import annotations

import codecs
import copy
import json
import os
import random
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, float("nan"), float("inf"), "", "a,b", "code", "markdown", "demo",
    "\ud800", "é\u0000", [], {}, [[]], ["a", 1, None], {"tags": ["demo"]}, {"nbgrader": {}}, "x" * 5000,
)  # fmt: skip


def nested(depth: int, *, kind: str = "list") -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value] if kind == "list" else {"a": value}
    return value


def fields_of(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a JSON tree."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from fields_of(value[key])


def any_field(rng: random.Random, notebook: Notebook) -> tuple[Any, Any]:
    return rng.choice(list(fields_of(notebook)))


def a_cell(rng: random.Random, notebook: Notebook) -> dict[str, Any]:
    return rng.choice(notebook["cells"])


def a_marked_cell(rng: random.Random, notebook: Notebook) -> dict[str, Any]:
    marked = [cell for cell in notebook["cells"] if "nbgrader" in cell.get("metadata", {})]
    return rng.choice(marked or notebook["cells"])


# --- the JSON, anywhere ---------------------------------------------------------------------------------


def swap_types(rng: random.Random, notebook: Notebook) -> None:
    for _ in range(rng.choice([1, 1, 3, 12])):
        holder, key = any_field(rng, notebook)
        holder[key] = copy.deepcopy(rng.choice(STRANGE))
        if not any(True for _ in fields_of(notebook)):
            return


def drop_keys(rng: random.Random, notebook: Notebook) -> None:
    for _ in range(rng.choice([1, 3])):
        holder, key = any_field(rng, notebook)
        del holder[key]
        if not notebook:
            return


def nest_deeply(rng: random.Random, notebook: Notebook) -> None:
    depth = rng.choice([70, 300, 900])
    a_cell(rng, notebook)["metadata"]["x"] = nested(depth, kind=rng.choice(["list", "dict"]))


def wrong_version(rng: random.Random, notebook: Notebook) -> None:
    notebook["nbformat"] = rng.choice([0, 1, 2, 3, 4, 5, 99, -1, "4", None, 4.5, 10**40])
    notebook["nbformat_minor"] = rng.choice([0, 2, 4, 5, 99, -3, "5", None, []])


def strange_numbers(rng: random.Random, notebook: Notebook) -> None:
    notebook["metadata"]["n"] = [float("nan"), float("-inf"), 10**400, -0.0]
    a_cell(rng, notebook)["execution_count"] = rng.choice([10**100, float("nan"), -1, "1"])


# --- cells ----------------------------------------------------------------------------------------------


def duplicate_cell(rng: random.Random, notebook: Notebook) -> None:
    for _ in range(rng.choice([1, 1, 4])):
        place = rng.randrange(len(notebook["cells"]))
        notebook["cells"].insert(
            rng.randrange(len(notebook["cells"]) + 1), copy.deepcopy(notebook["cells"][place])
        )


def delete_cells(rng: random.Random, notebook: Notebook) -> None:
    for _ in range(min(rng.choice([1, 1, 5]), len(notebook["cells"]) - 1)):
        del notebook["cells"][rng.randrange(len(notebook["cells"]))]


def retype_cell(rng: random.Random, notebook: Notebook) -> None:
    a_marked_cell(rng, notebook)["cell_type"] = rng.choice(
        ["code", "markdown", "raw", "heading", "", None, 3]
    )


def reorder_cells(rng: random.Random, notebook: Notebook) -> None:
    cells = notebook["cells"]
    if rng.random() < 0.3:
        rng.shuffle(cells)
    else:
        cells.insert(rng.randrange(len(cells)), cells.pop(rng.randrange(len(cells))))


def split_cell(rng: random.Random, notebook: Notebook) -> None:
    place = rng.randrange(len(notebook["cells"]))
    cell = notebook["cells"][place]
    lines = text_of(cell).splitlines(keepends=True)
    at = rng.randrange(len(lines) + 1)
    second = copy.deepcopy(cell)
    cell["source"], second["source"] = "".join(lines[:at]), "".join(lines[at:])
    if rng.random() < 0.5:
        second["metadata"] = {}
    second["id"] = f"split-{rng.randrange(10**6)}"
    notebook["cells"].insert(place + 1, second)


def merge_cells(rng: random.Random, notebook: Notebook) -> None:
    if len(notebook["cells"]) < 2:
        return
    place = rng.randrange(len(notebook["cells"]) - 1)
    first, second = notebook["cells"][place : place + 2]
    first["source"] = text_of(first).rstrip("\n") + "\n\n" + text_of(second)
    del notebook["cells"][place + 1]


def foreign_marks(rng: random.Random, notebook: Notebook) -> None:
    marks = a_marked_cell(rng, notebook)["metadata"].setdefault("nbgrader", {})
    change = {
        "schema_version": rng.choice([0, 1, 2, 4, 99, "3", None]),
        "grade_id": rng.choice(["other", "", None, 7, "é" * 300, "../x", ["one_hot"]]),
        "locked": rng.choice([True, False, "yes", None]),
        "solution": rng.choice([True, False, 1]),
        "grade": rng.choice([True, False, None]),
        "points": rng.choice([-1, 100, "many", None, 10**30, float("nan")]),
        "cell_type": rng.choice(["code", "markdown", 3]),
        "task": rng.choice([True, False]),
        "checksum": rng.choice(["0", None, 5]),
    }
    for name in rng.sample(sorted(change), rng.randrange(1, 4)):
        marks[name] = change[name]


def rename_marks(rng: random.Random, notebook: Notebook) -> None:
    names = [c["metadata"]["nbgrader"] for c in notebook["cells"] if "nbgrader" in c.get("metadata", {})]
    for marks in rng.sample(names, rng.choice([1, len(names)]) if names else 0):
        marks["grade_id"] = rng.choice(["x_", "", "cell-"]) + str(marks.get("grade_id"))


def exchange_marks(rng: random.Random, notebook: Notebook) -> None:
    one, other = a_marked_cell(rng, notebook), a_marked_cell(rng, notebook)
    one["metadata"], other["metadata"] = other["metadata"], one["metadata"]


def lose_metadata(rng: random.Random, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if rng.random() < rng.choice([0.2, 1.0]):
            cell["metadata"] = {}
            cell.pop("id", None)


def ids_twice_or_missing(rng: random.Random, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = rng.choice(["same", "same", "", "with space", "é", 7, None, "x" * 100])
        if rng.random() < 0.3:
            del cell["id"]


def attach(rng: random.Random, notebook: Notebook) -> None:
    a_cell(rng, notebook)["attachments"] = rng.choice(
        [
            {"a.png": {"image/png": "aGVsbG8="}},
            {"../../a.png": {"image/svg+xml": "<svg onload='x'/>"}},
            {"a": "b"}, [1], {"a": {"text/html": ["<b>"]}}, {"a": {"image/png": "x" * 10**6}},
        ]
    )  # fmt: skip


def odd_outputs(rng: random.Random, notebook: Notebook) -> None:
    a_cell(rng, notebook)["outputs"] = rng.choice(
        [
            3, None, {"a": 1}, [None, 3, "x"], [{"output_type": "stream"}],
            [{"output_type": "display_data", "data": {"image/png": "not base64"}}],
            [{"output_type": "display_data", "data": {"image/png": ["iVBORw0KGgo=", 3]}}],
            [{"output_type": "execute_result", "data": {"text/html": "<script>1</script>"}}],
            [{"output_type": "error", "ename": 1, "traceback": {}}], nested(200),
            [{"output_type": "stream", "name": "stdout", "text": "x" * 300_000}],
        ]
    )  # fmt: skip


def tags(rng: random.Random, notebook: Notebook) -> None:
    for _ in range(3):
        a_cell(rng, notebook).setdefault("metadata", {})["tags"] = rng.choice(
            [["skip-execution"], ["raises-exception"], ["skip-execution", "demo"], "demo", [3], ["a,b"]]
        )


def foreign_code(rng: random.Random, notebook: Notebook) -> None:
    source = rng.choice(
        ["%%bash\nls", "!ls\n%cd /", "def f(:\n", "x = " + "(" * 3000, "\x00", "# " + "é" * 60_000, "?len",
         "%%html\n<script>1</script>", "lambda: (yield)", "del __builtins__", "y = " + "1+" * 5000 + "1"]
    )  # fmt: skip
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    notebook["cells"].insert(rng.randrange(len(notebook["cells"]) + 1), cell)


def no_cells_that_count(rng: random.Random, notebook: Notebook) -> None:
    notebook["cells"] = rng.choice([[], [None, 3], {}, "cells", [[]], [{}]])


def many_cells(rng: random.Random, notebook: Notebook) -> None:
    notebook["cells"] += [copy.deepcopy(a_cell(rng, notebook)) for _ in range(rng.choice([100, 1100]))]


# --- bytes ----------------------------------------------------------------------------------------------


def flip_bytes(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 5, 50])):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut_off(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content))]


def cut_out(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start + rng.randrange(1, 2000) :]


def insert_bytes(rng: random.Random, content: bytes) -> bytes:
    piece = rng.choice([b"\x00", b"\xff\xfe", b"\n<<<<<<< HEAD\n", b'"', b"{", b",", rng.randbytes(30)])
    at = rng.randrange(len(content))
    return content[:at] + piece + content[at:]


def twice(_: random.Random, content: bytes) -> bytes:
    return content + content


def twice_a_key(rng: random.Random, content: bytes) -> bytes:
    return content.replace(b"{", b'{"cells": [], "metadata": 3, "source": "", ', rng.choice([1, 3]))


def windows_lines(_: random.Random, content: bytes) -> bytes:
    return content.replace(b"\n", b"\r\n").replace(b"\\n", b"\\r\\n")


def other_encoding(rng: random.Random, content: bytes) -> bytes:
    encoding = rng.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "utf-7"])
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def marked_wrongly(rng: random.Random, content: bytes) -> bytes:
    return rng.choice([codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF8 * 2]) + content


def something_else(rng: random.Random, _: bytes) -> bytes:
    return rng.choice(
        [b"", b" \n", b"null", b"[]", b"{}", b"3", b'"cells"', b"<html>", b"PK\x03\x04", rng.randbytes(500),
         b"[" * 100_000, b'{"a":' * 100_000, b"9" * 100_000, b'{"cells": [' + b"[]," * 100_000 + b"[]]}"]
    )  # fmt: skip


OF_JSON: tuple[Callable[[random.Random, Notebook], None], ...] = (
    swap_types, drop_keys, nest_deeply, wrong_version, strange_numbers, duplicate_cell, delete_cells,
    retype_cell, reorder_cells, split_cell, merge_cells, foreign_marks, rename_marks, exchange_marks,
    lose_metadata, ids_twice_or_missing, attach, odd_outputs, tags, foreign_code, no_cells_that_count,
    many_cells,
)  # fmt: skip
OF_BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    flip_bytes, cut_off, cut_out, insert_bytes, twice, twice_a_key, windows_lines, other_encoding,
    marked_wrongly, something_else,
)  # fmt: skip


def mutate(rng: random.Random, notebook: Notebook) -> bytes:
    """The bytes of a damaged copy."""
    changed = copy.deepcopy(notebook)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        try:
            rng.choice(OF_JSON)(rng, changed)
        except (TypeError, KeyError, AttributeError, IndexError, ValueError):
            break  # an earlier step left nothing for this one to work on
    content = json.dumps(changed, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 1])).encode(
        "utf-8", "surrogatepass"
    )
    return rng.choice(OF_BYTES)(rng, content) if rng.random() < 0.25 else content


# --- files ----------------------------------------------------------------------------------------------


def lay_down(rng: random.Random, folder: Path, name: str, content: bytes, outside: Path) -> str:
    """Put ``content`` at its place in the new ``folder``, mostly; the name of what was put there instead.

    ``outside`` is a folder with a file that must be neither read nor changed.
    """
    folder.mkdir(parents=True)
    file = folder / name
    kind = rng.choice(
        ["file"] * 24 + ["pipe", "socket", "link", "folder", "closed", "sparse", "others", "deep"]
    )
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as door:
            here = os.open(folder, os.O_RDONLY)
            door.bind(f"/proc/self/fd/{here}/{name}")  # a socket's own path may not be long
            os.close(here)
    elif kind == "link":
        file.symlink_to(rng.choice([outside / "secret.ipynb", folder, Path("nowhere"), file]))
    elif kind == "folder":
        file.mkdir()
        (file / name).write_bytes(content)
    elif kind == "sparse":
        file.touch()
        os.truncate(file, rng.choice([2**20, 2**36]))
    elif kind == "deep":
        (folder / "mine").mkdir()
        (folder / "mine" / name).write_bytes(content)
    else:
        file.write_bytes(content)
    if kind == "closed":
        file.chmod(0)
    if kind == "others":
        os.mkfifo(folder / "timestamp.txt")
        (folder / "submission_secret.txt").symlink_to(outside / "secret.ipynb")
        (folder / "copy of it.ipynb").write_bytes(content)
        (folder / os.fsdecode(b"\xff\n.py")).write_bytes(b"print()")
    return kind


def text_of(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
