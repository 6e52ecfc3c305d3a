"""What happens to notebooks between a student's screen and the grader: each function gives a file's bytes."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from PIL import Image, ImageDraw


def untouched(notebook: NotebookNode) -> bytes:
    """As Jupyter saves it."""
    return str(nbformat.writes(notebook)).encode()


def without_cells(*grade_ids: str) -> Callable[[NotebookNode], bytes]:
    """Without some of the marked cells."""

    def finish(notebook: NotebookNode) -> bytes:
        notebook.cells = [cell for cell in notebook.cells if _grade_id(cell) not in grade_ids]
        return untouched(notebook)

    return finish


def without_ids(notebook: NotebookNode) -> bytes:
    """As an editor leaves it that drops the metadata and the ids of all cells."""
    for cell in notebook.cells:
        cell.metadata.clear()
        cell.pop("id", None)
    notebook.nbformat_minor = 4
    return untouched(notebook)


def moved(notebook: NotebookNode) -> bytes:
    """With the first marked cell dragged to the end."""
    place = next(number for number, cell in enumerate(notebook.cells) if _grade_id(cell))
    notebook.cells.append(notebook.cells.pop(place))
    return untouched(notebook)


def old_format(notebook: NotebookNode) -> bytes:
    """In the format of 2013, and with the kernel of another language."""
    old = nbformat.convert(notebook, 3)
    old.metadata["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}
    return json.dumps(old).encode()


def emptied(notebook: NotebookNode) -> bytes:
    """Without any cell."""
    notebook.cells = []
    return untouched(notebook)


def cut_off(notebook: NotebookNode) -> bytes:
    """Half of the file, as a broken upload leaves it."""
    content = untouched(notebook)
    return content[: len(content) // 2]


def with_picture(notebook: NotebookNode) -> bytes:
    """With a picture saved below the first demo cell."""
    picture = Image.new("RGB", (360, 200), "white")
    draw = ImageDraw.Draw(picture)
    for rank in range(1, 30):
        height = 170 / rank
        draw.rectangle((12 * rank - 8, 190 - height, 12 * rank, 190), fill="#2b6cb0")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    data = {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": "<Figure>"}
    cell = next(cell for cell in notebook.cells if "demo" in cell.metadata.get("tags", ()))
    cell.outputs = [new_output("display_data", data)]
    return untouched(notebook)


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
