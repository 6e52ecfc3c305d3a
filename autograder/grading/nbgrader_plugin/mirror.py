"""The mirror: for each submission a clean folder that nbgrader may open; the original is never changed.

Nothing is opened here but plain, small files; links, pipes and devices stay where they are.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell
from nbgrader.utils import parse_utc

from autograder.course import Assignment
from autograder.grading.copying import read_plain_file
from autograder.grading.intake.release import read_release
from autograder.grading.nbgrader_plugin.markdown import fenced, make_safe

MAX_FILE = 2 * 2**20
MAX_TOTAL = 20 * 2**20
MAX_ENTRIES = 500
# what a TA may want to see beside a notebook; a web page or a picture with scripts is not among it
SUFFIXES = frozenset({".csv", ".json", ".md", ".npy", ".npz", ".png", ".jpg", ".jpeg", ".py", ".tsv", ".txt"})


def write_copy(
    copy: Path, original: Path, assignment: Assignment, notebooks: Mapping[str, nbformat.NotebookNode]
) -> None:
    """Make ``copy`` anew: the clean notebooks, and the student's small plain files (timestamp.txt is one)."""
    if copy.exists():
        shutil.rmtree(copy)
    copy.mkdir(parents=True)
    for name, notebook in notebooks.items():
        released = read_release(replace(assignment, name=name).notebook)
        make_safe(notebook, frozenset(released.sources))
        # not held against the format here: nbgrader does so when it reads
        (copy / f"{name}.ipynb").write_text(nbformat.v4.writes(notebook), encoding="utf-8")
    left = MAX_TOTAL
    for path in _plain_files(original):
        if path.name == "timestamp.txt" and timestamp_of(original) is None:
            continue  # nbgrader would stop at a time that it cannot read
        content = read_plain_file(path, MAX_FILE)
        if content is None or len(content) > left:
            continue
        left -= len(content)
        target = copy / path.relative_to(original)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def in_place_of_unreadable(assignment: Assignment, reason: str) -> nbformat.NotebookNode:
    """The released notebook, the reason at its top; its answers are untouched, so nbgrader gives them 0."""
    notebook = nbformat.read(assignment.notebook, as_version=4)
    text = f"**This submission could not be read; it has no points.** The reason:\n\n{fenced(reason)}"
    notebook.cells.insert(0, new_markdown_cell(text, id="unreadable"))
    return notebook


def timestamp_of(submission: Path) -> datetime | None:
    """When it was handed in, by the submission's timestamp.txt (UTC); None when there is none to be read."""
    content = read_plain_file(submission / "timestamp.txt")
    if not content:
        return None
    try:
        time: datetime = parse_utc(content.decode("utf-8").strip())
    except (ValueError, OverflowError, TypeError):  # whatever a student's clock or editor wrote
        return None
    return time


def _plain_files(folder: Path) -> Iterator[Path]:
    """Regular files of the kinds that are copied, in a fixed order; links to folders are not followed."""
    seen = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(files):
            seen += 1
            if seen > MAX_ENTRIES:
                return
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith(".") and name.isprintable():
                yield Path(place) / name
