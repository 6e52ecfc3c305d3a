"""The answers that a solutions file holds, read without running it, and notebooks filled in with them.

``f`` is the reference, ``f__right_<name>`` another right answer, ``f__wrong_<name>`` a real mistake.
"""

from __future__ import annotations

import ast
import functools
import io
import re
import token as tokens
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course import Assignment
from autograder.errors import CourseError
from autograder.grading.intake import Cell

Files = Path | Sequence[Path]
"""A solutions file, or several that count as one: private answers may use what the public file defines."""
SEPARATOR = "\n\n\n"
KINDS = ("reference", "right", "wrong")
_NAME = re.compile(r"(?P<function>[a-zA-Z]\w*?)__(?P<kind>right|wrong)_(?P<name>\w+)")
_LINT = re.compile(r"[ \t]*# noqa\b.*$", re.MULTILINE)


@dataclass(frozen=True)
class Variant:
    """One answer to one exercise; ``kind`` is one of KINDS, ``doc`` says what is particular about it."""

    function: str
    kind: str
    name: str
    doc: str

    @property
    def symbol(self) -> str:
        """Its name in the solutions file."""
        return self.function if self.kind == "reference" else f"{self.function}__{self.kind}_{self.name}"


def variants(module: Files) -> list[Variant]:
    """Every answer of a solutions file, in its order.  Raises CourseError when it is no Python."""
    found = []
    for node in _tree(module).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            doc = ast.get_docstring(node) or ""
            parts = _NAME.fullmatch(node.name)
            if parts:
                found.append(Variant(parts["function"], parts["kind"], parts["name"], doc))
            else:
                found.append(Variant(node.name, "reference", "reference", doc))
    return found


def as_cell(module: Files, variant: Variant) -> str:
    """Source of a solution cell: what the answer needs of its file, and the answer under its exercise's name.

    The docstring is left out: it tells what is wrong, and a student's would not.
    """
    text = _text(module)
    top = {name: node for node in _tree(module).body for name in _binds(node)}
    if variant.symbol not in top:
        raise CourseError(f"{_names(module)} has no such function (got {variant.symbol})")
    wanted = _needed(variant.symbol, top)
    # a variant may call the reference, whose name it takes over
    renamed = {variant.symbol: variant.function}
    if variant.symbol != variant.function:
        renamed[variant.function] = f"_{variant.function}_reference"
    parts = []
    for node in dict.fromkeys(top.values()):
        if node in wanted:
            source = _segment(text, node, documented=not isinstance(node, ast.FunctionDef))
            parts.append((isinstance(node, ast.Import | ast.ImportFrom), _rename(source, renamed)))
    imports = "\n".join(source for is_import, source in parts if is_import)
    others = "\n\n\n".join(source for is_import, source in parts if not is_import)
    return "\n\n\n".join(part for part in (imports, others) if part) + "\n"


def reference_cells(module: Files) -> tuple[Cell, ...]:
    """One cell per exercise, with its reference: what ``pytest tests/hidden`` runs against."""
    return tuple(Cell(v.function, as_cell(module, v)) for v in variants(module) if v.kind == "reference")


def notebook_with(assignment: Assignment, sources: Mapping[str, str]) -> NotebookNode:
    """The release notebook with some solution cells filled in, by exercise; the others stay stubs."""
    notebook = nbformat.read(assignment.notebook, as_version=4)
    left = dict(sources)
    for cell in notebook.cells:
        mark: Mapping[str, Any] = cell.metadata.get("nbgrader", {})
        if mark.get("solution") and mark.get("grade_id") in left:
            cell.source = left.pop(mark["grade_id"])
    if left:
        raise CourseError(f"release/{assignment.name} has no cell for this exercise (got {', '.join(left)})")
    return notebook


def stubs(assignment: Assignment) -> dict[str, str]:
    """The solution cells of the release, by grade_id: what students find in them."""
    notebook = nbformat.read(assignment.notebook, as_version=4)
    marked = ((cell.metadata.get("nbgrader", {}), cell.source) for cell in notebook.cells)
    return {mark["grade_id"]: source for mark, source in marked if mark.get("solution")}


def solved_notebook(assignment: Assignment) -> NotebookNode:
    """The source notebook, with its solutions."""
    return nbformat.read(assignment.source, as_version=4)


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write it where a student's would lie, making the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _tree(module: Files) -> ast.Module:
    """The statements of the files together, parsed once for each content they have."""
    files = _files(module)
    try:
        return _parsed(tuple((file.name, file.read_text(encoding="utf-8")) for file in files))
    except FileNotFoundError as error:
        name = Path(error.filename).name
        raise CourseError(f"the file of solutions is missing (got {name})") from None


@functools.lru_cache(maxsize=4)
def _parsed(files: tuple[tuple[str, str], ...]) -> ast.Module:
    for name, text in files:
        try:
            ast.parse(text)
        except SyntaxError as error:
            raise CourseError(f"{name} is no Python: {error.msg} (got line {error.lineno})") from None
    return ast.parse(SEPARATOR.join(text for _, text in files))


def _text(module: Files) -> str:
    return SEPARATOR.join(file.read_text(encoding="utf-8") for file in _files(module))


def _files(module: Files) -> Sequence[Path]:
    return (module,) if isinstance(module, Path) else module


def _names(module: Files) -> str:
    return " and ".join(file.name for file in _files(module))


def _binds(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [
        n.id for target in targets if target is not None for n in ast.walk(target) if isinstance(n, ast.Name)
    ]


def _needed(symbol: str, top: Mapping[str, ast.stmt]) -> set[ast.stmt]:
    """The statements that ``symbol`` needs, itself included, one through the other."""
    wanted: set[ast.stmt] = set()
    queue = [symbol]
    while queue:
        node = top.get(queue.pop())
        if node is not None and node not in wanted:
            wanted.add(node)
            queue += [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]
    return wanted


def _segment(text: str, node: ast.stmt, *, documented: bool) -> str:
    """The lines of a statement with its decorators; without the docstring unless ``documented``."""
    lines = text.splitlines()
    start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]) - 1
    kept = list(range(start, node.end_lineno or node.lineno))
    if (
        not documented
        and isinstance(node, ast.FunctionDef)
        and ast.get_docstring(node, clean=False) is not None
    ):
        doc = node.body[0]
        gone = set(range(doc.lineno - 1, doc.end_lineno or doc.lineno))
        kept = [number for number in kept if number not in gone]
        if len(node.body) == 1:
            return _LINT.sub("", "\n".join([*(lines[n] for n in kept), " " * doc.col_offset + "pass"]))
    return _LINT.sub("", "\n".join(lines[number] for number in kept))


def _rename(source: str, renamed: Mapping[str, str]) -> str:
    """Replace names, as names: not in texts, comments or after a dot."""
    lines = source.split("\n")
    edits = []
    previous = ""
    for each in tokenize.generate_tokens(io.StringIO(source).readline):
        if each.type == tokens.NAME and each.string in renamed and previous != ".":
            edits.append((each.start, each.end, renamed[each.string]))
        previous = each.string
    for (row, start), (_, end), new in reversed(edits):
        lines[row - 1] = lines[row - 1][:start] + new + lines[row - 1][end:]
    return "\n".join(lines)
