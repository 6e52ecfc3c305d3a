"""Packs your notebook into one file to hand in, and gives you a receipt.

In a terminal:       python hand_in.py
In the notebook:     from hand_in import hand_in
                     hand_in()

It looks at the saved notebook without running it: which functions are written, which are untouched, which
are gone.  Whether they are right is told by the visible checks, and decided at grading.  You may read this
file; it needs nothing but Python, and sends nothing anywhere.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import os
import re
import sys
import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
LARGEST = 100 * 2**20  # bytes of a notebook that grading reads
STATES = ("written", "untouched", "syntax error", "missing", "answered", "unanswered")
SAVE = "Save it (Ctrl+S, on a Mac Cmd+S), then run this cell again."
AFTER = """
Hand in this one file: {packed}
Keep this receipt: {kept}
Your feedback names the sha256 of the notebook that was graded; the same number means this one.
Written does not mean right: the hidden checks run at grading.
"""


class NotPacked(Exception):
    """Says in one sentence why there is no file to hand in."""


class Cell(NamedTuple):
    """One cell of the saved notebook; ``run`` is the number in its square brackets, 0 for none."""

    kind: str
    source: str
    grade_id: str
    run: int


def hand_in(notebook: str = "", folder: Path = HERE) -> None:
    """Pack the notebook of the folder (or the one that is named), and print the receipt.

    Nothing is packed while the notebook holds something that was run and is not saved.
    """
    if os.environ.get("NBGRADER_VALIDATING"):
        print("Nothing is packed while nbgrader validates the notebook.")
        return
    try:
        print(pack(notebook, folder), end="")
    except NotPacked as reason:
        print(f"Nothing was packed. {reason}")


def pack(notebook: str = "", folder: Path = HERE) -> str:
    """Write the file to hand in and the receipt; gives the receipt's text.

    Raises NotPacked, one sentence, where nothing could be packed.
    """
    course = _course(folder)
    name = course["assignment"]
    path, remarks = _find(notebook or _open_in_jupyter(folder), folder, name)
    content = _read(path)
    cells = _cells(content, path.name)
    found = look(cells, course["exercises"], course["answers"])
    if set(found["missing"]) == {*course["exercises"], *course["answers"]}:
        raise NotPacked(f"{path.name} is the notebook of something else: it has no exercise of {name}.")
    _must_be_saved(cells, course["exercises"], path.name)
    about = {
        "notebook": path.name,
        "saved": _time(path.stat().st_mtime),
        "packed": _time(time.time()),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    packed, kept = f"{name}-hand-in.zip", f"{name}-receipt-{about['sha256'][:8]}.txt"
    lines = [f"{word:<14}{text}" for word, text in about.items()]
    lines += ["", *(f"{state:<14}{', '.join(names)}" for state, names in found.items() if names)]
    text = "\n".join([f"Receipt for {name}", "", *lines, AFTER.format(packed=packed, kept=kept)])
    receipt = json.dumps({"assignment": name, **about, **found}, indent=1, ensure_ascii=False)
    _write(path.with_name(packed), _zip({f"{name}.ipynb": content, "receipt.json": receipt.encode("utf-8")}))
    if not path.with_name(kept).exists():  # of the same notebook, the first receipt is worth more
        _write(path.with_name(kept), text.encode("utf-8"))
    return "".join(f"{remark}\n\n" for remark in remarks) + text


def look(cells: list[Cell], exercises: dict[str, str], answers: dict[str, str]) -> dict[str, list[str]]:
    """By state, the functions and the written answers that are in it.

    ``exercises`` and ``answers`` hold the text of each cell as it was handed out.
    """
    found: dict[str, list[str]] = {state: [] for state in STATES}
    for name, stub in exercises.items():
        found[_state_of_function(cells, name, stub)].append(name)
    for name, stub in answers.items():
        texts = [cell.source.strip() for cell in cells if cell.grade_id == name]
        written = any(text and text != stub.strip() for text in texts)
        found["answered" if written else "unanswered" if texts else "missing"].append(name)
    return found


def _state_of_function(cells: list[Cell], name: str, stub: str) -> str:
    own = [cell.source for cell in cells if cell.grade_id == name]
    others = [cell.source for cell in cells if cell.grade_id != name and cell.kind == "code"]
    defining = [source for source in own if _gives(source, name)]
    defining += [source for source in others if _defines(source, name)]
    if any(_skeleton(source) != _skeleton(stub) for source in defining):
        return "written"
    if defining:
        return "untouched"
    return "syntax error" if any(_tree(source) is None for source in own) else "missing"


def _course(folder: Path) -> Any:
    """What was handed out: the assignment's name and its cells."""
    try:
        course = json.loads((folder / "assignment.json").read_text(encoding="utf-8"))
        return {"assignment": str(course["assignment"])} | {
            part: dict(course[part]) for part in ("exercises", "answers")
        }
    except (OSError, ValueError, KeyError, TypeError):
        raise NotPacked(
            "The file assignment.json, which came with the notebook, is missing or cannot be read. "
            "Unpack the zip again, or hand in the notebook itself."
        ) from None


def _open_in_jupyter(folder: Path) -> str:
    """The notebook that the running cell belongs to, where Jupyter names it and it lies in the folder."""
    path = Path(os.environ.get("JPY_SESSION_NAME", ""))
    return path.name if _history() and path.suffix == ".ipynb" and (folder / path.name).is_file() else ""


def _find(chosen: str, folder: Path, assignment: str) -> tuple[Path, list[str]]:
    """The notebook to pack, and a sentence where another one could have been meant."""
    wanted = f"{assignment}.ipynb"
    if chosen:
        path = Path(chosen) if Path(chosen).is_file() else folder / chosen
        if not path.is_file() or path.suffix != ".ipynb":
            raise NotPacked(f"There is no such notebook, with a name that ends in .ipynb (got {chosen}).")
        return path, _other_name(path, wanted)
    names = sorted(path.name for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    if not names:
        raise NotPacked(f"There is no notebook beside hand_in.py; {wanted} is expected there.")
    if wanted not in names and len(names) > 1:
        raise NotPacked(
            f"There are {len(names)} notebooks and none is called {wanted} ({', '.join(names)}). "
            f'Say which one it is: python hand_in.py "{names[0]}"'
        )
    path = folder / (wanted if wanted in names else names[0])
    others = ", ".join(name for name in names if name != path.name)
    beside = [f"{path.name} was packed; beside it there is {others}."] if others else []
    return path, beside + _other_name(path, wanted)


def _other_name(path: Path, wanted: str) -> list[str]:
    return [] if path.name == wanted else [f"{path.name} was packed under the name {wanted}."]


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotPacked(f"{path.name} cannot be read: {error.strerror}.") from None
    if not content.strip():
        raise NotPacked(f"{path.name} is empty. Save the notebook in Jupyter first.")
    if len(content) > LARGEST:
        raise NotPacked(f"{path.name} has more than {LARGEST // 2**20} MB. Clear its outputs and save it.")
    return content


def _cells(content: bytes, name: str) -> list[Cell]:
    try:
        return [
            Cell(
                kind=cell["cell_type"],
                source="".join(cell["source"]),
                grade_id=cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""),
                run=cell.get("execution_count") or 0,
            )
            for cell in json.loads(content)["cells"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotPacked(
            f"{name} is damaged, or no notebook of Jupyter. Open it in Jupyter, save it, and try again."
        ) from None


def _must_be_saved(cells: list[Cell], exercises: dict[str, str], name: str) -> None:
    """Each function that this kernel has run is saved as it was run last, with the number of that run."""
    history = _history()
    for function in exercises:
        runs = [number for number, text in enumerate(history) if _defines(text, function)]
        if runs and not any(
            cell.run == runs[-1] and cell.source.strip() == history[runs[-1]].strip() for cell in cells
        ):
            raise NotPacked(f"{name} is not saved since you ran {function}. {SAVE}")


def _history() -> list[str]:
    """The cells that this kernel has run, at the place of their numbers; nothing outside of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return list(shell.history_manager.input_hist_raw[:-1]) if shell else []


def _tree(source: str) -> Any:
    """The code of a cell, IPython's own lines left out; None where it is no Python."""
    lines = ["pass" if re.match(r"[%!?]", line) else line for line in source.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _defines(source: str, name: str) -> bool:
    """Whether a cell has a def of this name at its top level."""
    return any(
        isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
        for node in getattr(_tree(source), "body", [])
    )


def _gives(source: str, name: str) -> bool:
    """The same, or a value of this name, as in f = lambda …"""
    values = [node for node in getattr(_tree(source), "body", []) if isinstance(node, ast.Assign)]
    targets = [target for node in values for target in node.targets if isinstance(target, ast.Name)]
    return _defines(source, name) or name in [target.id for target in targets]


def _skeleton(source: str) -> str:
    """What the code says, comments and docstrings aside."""
    tree = _tree(source)
    if tree is None:
        return source
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(sep=" ", timespec="seconds")


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: an older file stays where the new one cannot be written."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise NotPacked(
            f"{path.name} cannot be written beside the notebook: {error.strerror}. Copy the whole folder to "
            "a place where you may write, and try again there."
        ) from None


def main(words: list[str]) -> int:
    """What ``python hand_in.py [notebook]`` does: 0 packed, 2 not packed."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a notebook's name may have letters that a terminal lacks
    if len(words) > 1 or any(word.startswith("-") for word in words):
        print("Usage: python hand_in.py [notebook.ipynb]")
        return 2
    try:
        print(pack(words[0] if words else ""), end="")
    except NotPacked as reason:
        print(f"Nothing was packed. {reason}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
