"""What one hostile or broken submission is: its notebook or files, and the score that it deserves.

Standard library only: the stock graders' runs read the same cases in environments of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASSIGNMENT = "toy"

Notebook = dict[str, Any]
HandIn = Callable[[Path, Notebook], None]
"""Writes what is handed in to a student's folder, from the notebook that the case's cells make."""

STUB_ONE_HOT = "def one_hot(ids, depth):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
STUB_SPLIT = "def split(rows, at):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
RIGHT_ONE_HOT = """\
def one_hot(ids, depth):
    return (np.asarray(ids)[..., None] == np.arange(depth)).astype("float32")
"""
RIGHT_SPLIT = "def split(rows, at):\n    return rows[:at], rows[at:]\n"
WRONG_ONE_HOT = 'def one_hot(ids, depth):\n    return np.zeros(np.shape(ids) + (depth,), "float32")\n'
WRONG_SPLIT = "def split(rows, at):\n    return [], []\n"

TELL = '''
def tell(*found):
    """Every way out that a cell has, for what must not be known."""
    import os, sys

    text = " ".join(str(item) for item in found)[:100000]
    print(text)
    print(text, file=sys.stderr)
    places = [".", "..", "/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~"), "@COURSE@", "@FOLDER@"]
    for place in places:
        try:
            with open(place + "/leaked.txt", "a") as file:
                file.write(text)
        except OSError:
            pass
    try:
        display(text)
        os.write(1, text.encode())
        os.write(2, text.encode())
    except (NameError, OSError):
        pass
    return text
'''


def as_notebook(folder: Path, notebook: Notebook) -> None:
    """The ordinary way: one notebook of the assignment's name."""
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """One submission.  ``does`` says in a sentence what it tries, ``fair`` what it deserves of 10 points.

    ``one_hot`` and ``split`` are the texts of the two answer cells; ``first``, ``middle`` and ``last``
    are cells of the student's own, before, between and after them.  In all texts ``@COURSE@`` stands for
    the course's folder, ``@FOLDER@`` for the student's own, ``@TMP@`` for the system's temporary one.  ``limit`` names the limit that the
    student reads about, with " or " between two that a busy machine may exchange.  ``walls``: it harms a machine on which nothing keeps it in.  ``loud``: what it returns
    may be shown, and repeats a hidden argument.  ``peers`` says why it is not tried on other graders.
    """

    name: str
    kind: str
    does: str
    fair: float
    one_hot: str = STUB_ONE_HOT
    split: str = STUB_SPLIT
    first: str = ""
    middle: str = ""
    last: str = ""
    hand_in: HandIn = as_notebook
    limit: str = ""
    walls: bool = False
    loud: bool = False
    peers: str = ""


def half(name: str, kind: str, does: str, one_hot: str, *, limit: str = "", walls: bool = False) -> Case:
    """A case whose ``one_hot`` is lost and whose ``split`` is right."""
    return Case(name, kind, does, 5, one_hot=one_hot, split=RIGHT_SPLIT, limit=limit, walls=walls)


def all_right(
    name: str, kind: str, does: str, *, first: str = "", middle: str = "", last: str = "", limit: str = ""
) -> Case:
    """A case of two right answers, and something else around them."""
    return Case(
        name,
        kind,
        does,
        10,
        one_hot=RIGHT_ONE_HOT,
        split=RIGHT_SPLIT,
        first=first,
        middle=middle,
        last=last,
        limit=limit,
    )
