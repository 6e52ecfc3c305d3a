"""Things that are handed in and are no notebook, or not the one that was released."""

from __future__ import annotations

import copy
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.attacks.cases.case import (
    ASSIGNMENT,
    RIGHT_ONE_HOT,
    RIGHT_SPLIT,
    WRONG_ONE_HOT,
    WRONG_SPLIT,
    Case,
    HandIn,
    Notebook,
    as_notebook,
)

_BROKEN, _META = "malformed", "tamper-metadata"
NAME = f"{ASSIGNMENT}.ipynb"
Change = Callable[[Notebook], object]


def raw(make: Callable[[bytes], bytes]) -> HandIn:
    """The notebook's bytes, changed."""

    def hand_in(folder: Path, notebook: Notebook) -> None:
        (folder / NAME).write_bytes(make(json.dumps(notebook).encode()))

    return hand_in


def changed(change: Change) -> HandIn:
    """The notebook's JSON, changed in place."""

    def hand_in(folder: Path, notebook: Notebook) -> None:
        own = copy.deepcopy(notebook)
        change(own)
        as_notebook(folder, own)

    return hand_in


def right(name: str, does: str, hand_in: HandIn, *, fair: float = 10, kind: str = _BROKEN) -> Case:
    return Case(name, kind, does, fair, one_hot=RIGHT_ONE_HOT, split=RIGHT_SPLIT, hand_in=hand_in)


def wrong(name: str, does: str, hand_in: HandIn) -> Case:
    return Case(name, _META, does, 0, one_hot=WRONG_ONE_HOT, split=WRONG_SPLIT, hand_in=hand_in)


def cells(notebook: Notebook, name: str = "") -> list[dict[str, Any]]:
    """The cells whose id begins so."""
    return [cell for cell in notebook["cells"] if cell["id"].startswith(name)]


def mark(cell: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return found


def tests_of(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if mark(cell).get("grade")]


def each_test(change: Callable[[dict[str, Any]], object]) -> HandIn:
    def apply(notebook: Notebook) -> None:
        for cell in tests_of(notebook):
            change(cell)

    return changed(apply)


def link_to(target: str) -> HandIn:
    def hand_in(folder: Path, _: Notebook) -> None:
        (folder / NAME).symlink_to(target)

    return hand_in


def _old_format(notebook: Notebook) -> None:
    own = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            own.append({"cell_type": "code", "input": cell["source"], "language": "python", "outputs": [],
                        "metadata": cell["metadata"], "collapsed": False, "prompt_number": 1})  # fmt: skip
        else:
            own.append({"cell_type": "markdown", "source": cell["source"], "metadata": {}})
    metadata = {"name": "toy"}
    notebook.clear()
    notebook.update(
        nbformat=3, nbformat_minor=0, metadata=metadata, worksheets=[{"cells": own, "metadata": {}}]
    )


def _duplicates(notebook: Notebook) -> None:
    for cell in list(tests_of(notebook)):
        twin = copy.deepcopy(cell) | {"source": "pass", "id": cell["id"] + "-2"}
        notebook["cells"].insert(notebook["cells"].index(cell) + 1, twin)


def _reordered(notebook: Notebook) -> None:
    answer = next(cell for cell in notebook["cells"] if cell["id"] == "one_hot")
    notebook["cells"].remove(answer)
    notebook["cells"].append(answer)


def _swapped(notebook: Notebook) -> None:
    one, two = (next(c for c in notebook["cells"] if c["id"] == name) for name in ("one_hot", "split"))
    one["metadata"], two["metadata"] = two["metadata"], one["metadata"]


def _outputs(notebook: Notebook) -> None:
    for cell in tests_of(notebook):
        cell["execution_count"] = 10
        cell["outputs"] = [
            {
                "output_type": "execute_result",
                "execution_count": 10,
                "metadata": {},
                "data": {"text/plain": "10.0"},
            }
        ]


def _scripts(notebook: Notebook) -> None:
    script = (
        "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>[x](javascript:alert(1))"
    )
    picture = {"image/svg+xml": "<svg onload='alert(1)'/>", "image/png": "bm9wZQ==", "text/html": script}
    notebook["cells"].insert(1, {
        "cell_type": "markdown", "id": "own-text", "metadata": {}, "source": script + "\n![a](attachment:../../a)",
        "attachments": {"../../a": picture, script: picture},
    })  # fmt: skip
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": picture | {"application/javascript": "alert(1)"},
    }
    cells(notebook, "one_hot")[0]["outputs"] = [output]
    notebook["metadata"]["title"] = script


def _widgets(notebook: Notebook) -> None:
    state = {"a" * 32: {"model_module": "../../evil", "model_name": "x", "state": {"_view": "<script>"}}}
    notebook["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": state, "version_major": 2}
    }


def _own_cell(source: str) -> Change:
    def change(notebook: Notebook) -> None:
        notebook["cells"].insert(
            2,
            {
                "cell_type": "code",
                "id": "own-x",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": source,
            },
        )

    return change


def _odd_files(folder: Path, notebook: Notebook) -> None:
    as_notebook(folder, notebook)
    for name in ("a\nb", "\x1b[2J", "\u202egnp.exe", "-rf", "*", "x" * 250, "toy.ipynb~"):
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "link").symlink_to("/etc")
    os.mkfifo(folder / "fifo")
    (folder / ".ipynb_checkpoints").mkdir()


def _fifo(folder: Path, _: Notebook) -> None:
    os.mkfifo(folder / NAME)


def _socket(folder: Path, _: Notebook) -> None:
    here = os.open(".", os.O_RDONLY)
    listener = socket.socket(socket.AF_UNIX)
    os.chdir(folder)  # a socket's path must be short
    try:
        listener.bind(NAME)
    finally:
        os.fchdir(here)
        os.close(here)
        listener.close()


def _sparse(folder: Path, notebook: Notebook) -> None:
    as_notebook(folder, notebook)
    os.truncate(folder / NAME, 2**36)


def _unreadable_times(folder: Path, notebook: Notebook) -> None:
    as_notebook(folder, notebook)
    (folder / "timestamp.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "submission_secret.txt")
    os.utime(folder / NAME, (2**33, -(2**31)))


def _set(key: str, value: object) -> Change:
    return lambda notebook: notebook.__setitem__(key, value)


_PLAIN = {"grade": False, "solution": True, "locked": False, "task": False}

CASES = (
    right("nb_truncated", "JSON cut in the middle", raw(lambda text: text[: len(text) // 2]), fair=0),
    right("nb_format3", "right answers in nbformat 3", changed(_old_format)),
    right("nb_no_kernelspec", "right, no kernelspec", changed(_set("metadata", {}))),
    right("nb_zero_bytes", "empty file", raw(lambda _: b""), fair=0),
    right(
        "nb_not_utf8",
        "UTF-16 / invalid UTF-8 bytes",
        raw(lambda _: b"\xff\xfe{\x00\xff\xc3\x28" * 100),
        fair=0,
    ),
    right(
        "nb_nested_json", "100000 nested lists: RecursionError in json", raw(lambda _: b"[" * 100000), fair=0
    ),
    right(
        "nb_nan_huge",
        "NaN and a 5000-digit integer in metadata",
        raw(
            lambda text: text.replace(
                b'"metadata": {"kernelspec"',
                b'"metadata": {"a": [NaN, -Infinity, ' + b"9" * 5000 + b'], "kernelspec"',
            )
        ),
    ),
    right(
        "nb_is_html",
        "an HTML login page saved as .ipynb",
        raw(lambda _: b"<!DOCTYPE html><html><title>Login"),
        fair=0,
    ),
    right("nb_symlink", "the notebook is a symlink to /etc/passwd", link_to("/etc/passwd"), fair=0),
    right(
        "nb_symlink_alice",
        "the notebook is a symlink to alice's notebook",
        link_to(f"../../alice/{ASSIGNMENT}/{NAME}"),
        fair=0,
    ),
    right(
        "nb_50mb_output",
        "right, with 50 MB of old output embedded",
        changed(
            lambda notebook: cells(notebook, "one_hot")[0]["outputs"].append(
                {"output_type": "stream", "name": "stdout", "text": "x" * 50 * 2**20}
            )
        ),
    ),
    right(
        "nb_line_magics",
        "right, after !id, %cd /, %run",
        changed(_own_cell("!id\n%cd /\n%run /etc/passwd\n")),
    ),
    right("nb_bom", "right, with a byte order mark", raw(lambda text: b"\xef\xbb\xbf" + text)),
    right("nb_utf16", "right, saved as UTF-16", raw(lambda text: text.decode().encode("utf-16"))),
    right(
        "nb_merge_marks",
        "the marks of an unfinished merge",
        raw(lambda text: b"<<<<<<< HEAD\n" + text + b"\n=======\n>>>>>>> b\n"),
        fair=0,
    ),
    right(
        "nb_other_kernel",
        "right, the kernel is said to be R",
        changed(
            _set(
                "metadata",
                {
                    "kernelspec": {"name": "ir", "language": "R", "display_name": "R"},
                    "language_info": {"name": "R"},
                },
            )
        ),
    ),
    right(
        "nb_scripts", "right, with scripts in markdown, attachments, outputs and metadata", changed(_scripts)
    ),
    right("nb_widgets", "right, with widget state of any kind", changed(_widgets)),
    right(
        "nb_nul_bytes",
        "right, with a cell of NUL bytes and control characters",
        changed(_own_cell("x = 1\0\x01\x1b[2J\n")),
    ),
    right(
        "nb_half_characters",
        "right, with halves of surrogate pairs in a cell",
        changed(_own_cell("x = '\ud800'\n")),
    ),
    right(
        "nb_long_line",
        "right, with a cell of one line of 900 kB",
        changed(_own_cell("x = '" + "y" * 900_000 + "'")),
    ),
    right(
        "nb_deep_code",
        "right, with a cell of ten thousand brackets",
        changed(_own_cell("x = " + "(" * 10000 + ")" * 10000)),
    ),
    right(
        "nb_wrong_types",
        "right, with cells that are numbers, sources that are lists of lists",
        changed(
            lambda notebook: notebook["cells"].extend(
                [5, None, [], {}, {"cell_type": 7}, {"cell_type": "code", "source": [[1], 2, {}]}]
            )
        ),
    ),
    right(
        "nb_directory", "a folder in place of the notebook", lambda folder, _: (folder / NAME).mkdir(), fair=0
    ),
    right("nb_fifo", "a named pipe in place of the notebook", _fifo, fair=0),
    right("nb_socket", "a socket in place of the notebook", _socket, fair=0),
    right("nb_dangling", "a symbolic link to itself", link_to(NAME), fair=0),
    right("nb_device", "a symbolic link to /dev/zero", link_to("/dev/zero"), fair=0),
    right("nb_sparse", "a file of 64 GB", _sparse, fair=0),
    right(
        "nb_zip", "a zip archive with the notebook's name", raw(lambda _: b"PK\x03\x04" + bytes(1000)), fair=0
    ),
    right("nb_odd_files", "right, among files with odd names, a FIFO and links", _odd_files),
    right(
        "nb_odd_times",
        "right, with odd times, a link for timestamp.txt, a FIFO for the secret",
        _unreadable_times,
    ),
    wrong(
        "meta_grade_id",
        "grade_id of the tests renamed",
        each_test(lambda cell: mark(cell).update(grade_id="x-" + cell["id"])),
    ),
    right(
        "meta_tests_deleted_right",
        "test cells deleted by accident, answers right",
        changed(
            lambda notebook: notebook.update(cells=[c for c in notebook["cells"] if not mark(c).get("grade")])
        ),
        kind=_META,
    ),
    wrong("meta_duplicate_id", "each test cell duplicated with 'pass'", changed(_duplicates)),
    wrong(
        "meta_test_to_solution",
        "test cells marked as (manually graded) solutions with 'pass'",
        each_test(lambda cell: (mark(cell).update(_PLAIN, grade=True), cell.update(source="pass"))),
    ),
    wrong(
        "meta_markdown",
        "test cells turned to markdown",
        each_test(
            lambda cell: (cell.update(cell_type="markdown"), cell.pop("outputs"), cell.pop("execution_count"))
        ),
    ),
    right(
        "meta_reordered", "right, but the answer cell was moved to the end", changed(_reordered), kind=_META
    ),
    wrong(
        "meta_schema_1",
        "schema_version 1: stock raises SchemaTooOldError",
        each_test(lambda cell: mark(cell).update(schema_version=1)),
    ),
    wrong(
        "meta_schema_99",
        "schema_version 99, of a nbgrader to come",
        each_test(lambda cell: mark(cell).update(schema_version=99)),
    ),
    wrong(
        "meta_points",
        "the tests are worth a thousand points",
        each_test(lambda cell: mark(cell).update(points=1000)),
    ),
    wrong("meta_outputs", "saved outputs of the tests say 10.0", changed(_outputs)),
    right(
        "meta_ids_swapped",
        "right, but the two answers have each other's metadata",
        changed(_swapped),
        kind=_META,
    ),
    right(
        "meta_all_lost",
        "right, all metadata and ids lost in an editor",
        changed(
            lambda notebook: [
                cell.update(metadata={}, id=f"c{i}") for i, cell in enumerate(notebook["cells"])
            ]
        ),
        kind=_META,
    ),
    right(
        "meta_tags",
        "right, with skip-execution and raises-exception on every cell",
        changed(
            lambda notebook: [
                cell["metadata"].update(tags=["skip-execution", "raises-exception", "demo"])
                for cell in notebook["cells"]
            ]
        ),
        kind=_META,
    ),
    wrong(
        "meta_locked_answers",
        "its own cells marked as locked tests worth ten points",
        changed(
            lambda notebook: notebook["cells"].append(
                {
                    "cell_type": "code",
                    "id": "own-t",
                    "outputs": [],
                    "execution_count": None,
                    "source": "10",
                    "metadata": {
                        "nbgrader": {
                            "grade": True,
                            "locked": True,
                            "solution": False,
                            "task": False,
                            "points": 10,
                            "grade_id": "mine",
                            "schema_version": 3,
                            "checksum": "0",
                            "cell_type": "code",
                        }
                    },
                }
            )
        ),
    ),
    right(
        "meta_odd_ids",
        "right, with grade_ids that are paths, HTML, numbers and lists on new cells",
        changed(
            lambda notebook: [
                notebook["cells"].append(
                    {
                        "cell_type": "code",
                        "id": f"own-{n}",
                        "outputs": [],
                        "execution_count": None,
                        "source": f"x = {n}",
                        "metadata": {
                            "nbgrader": {
                                "grade_id": odd,
                                "solution": True,
                                "grade": False,
                                "locked": False,
                                "schema_version": 3,
                                "task": False,
                            }
                        },
                    }
                )
                for n, odd in enumerate(["../../../etc/x", "<script>", 5, ["a"], "", "\u202e", "a" * 5000])
            ]
        ),
        kind=_META,
    ),
)
