"""Which texts count as the same code, and which do not; and that any text at all is cut, within bounds."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.similarity.own import OwnCell
from autograder.similarity.pieces import LARGEST, cut, keys_of, modules_of
from autograder.similarity.syntax import MOST_ELEMENTS, tree_of

ROLL = """
def roll(rows, size):
    out = []
    for start in range(len(rows) - size + 1):
        out.append(rows[start:start + size].sum(axis=0))
    return np.stack(out)
"""
SAME = {
    "other names": """
def roll(table, n):
    found = []
    for i in range(len(table) - n + 1):
        found.append(table[i:i + n].sum(axis=0))
    return np.stack(found)
""",
    "comments, layout and brackets": """
def roll(rows,size):   # windows


    out=[]
    for start in range((len(rows)-size)+1) :
        out.append( rows[ start :
            start+size ].sum(axis = 0) )  # a window
    return (np.stack(out))
""",
    "a docstring and annotations": '''
def roll(rows: list, size: int = 3) -> object:
    """Roll."""
    out: list = []
    for start in range(len(rows) - size + 1):
        out.append(rows[start:start + size].sum(axis=0))
    return np.stack(out)
'''.replace(" = 3", ""),
    "a module by another name": """
import numpy as nump
def roll(rows, size):
    out = []
    for start in range(len(rows) - size + 1):
        out.append(rows[start:start + size].sum(axis=0))
    return nump.stack(out)
""",
}
OTHER = {
    "another function": ROLL.replace("sum", "max"),
    "another operator": ROLL.replace("+ 1", "- 1"),
    "another library function": ROLL.replace("np.stack", "np.array"),
    "two names for one": ROLL.replace("rows[start:start + size]", "out[start:start + size]"),
}


def keys(source: str) -> frozenset[int]:
    return keys_of([source], {"np": "numpy"}, ["roll"])


def function(source: str) -> int:
    """The key of the function as a whole: the first statement of the cell, so its second element."""
    places = cut([OwnCell("roll", source)], {"np": "numpy"}, ["roll"]).places
    return next(key for key, found in places.items() if found[0].runs[0].start == 1)


@pytest.mark.parametrize("name", SAME)
def test_code_is_the_same_with(name: str) -> None:
    assert function(ROLL) in keys(SAME[name])


@pytest.mark.parametrize("name", OTHER)
def test_code_is_not_the_same_with(name: str) -> None:
    assert function(ROLL) not in keys(OTHER[name])
    assert keys(ROLL) & keys(OTHER[name])  # but its other parts are


def test_statements_in_another_order_share_their_pieces() -> None:
    one = "a = np.zeros((n, m, 4))\nb = np.ones((m, n, 7))\nc = np.full((n, 3), 2.5)\n"
    other = "\n".join(reversed(one.splitlines()))
    places = cut([OwnCell("", one)], {}, []).places
    single = {key for key, found in places.items() if len(found[0].runs) == 1 and found[0].runs[0].start}
    assert len(single) == 3
    assert single <= keys_of([other], {}, [])


def test_adding_in_place_is_adding() -> None:
    one, other = "total += rows[at] * weights[at]", "total = total + rows[at] * weights[at]"
    assert keys_of([one], {}, []) == keys_of([other], {}, [])


def test_a_comparison_may_be_turned() -> None:
    one, other = "a = low(rows[0]) < high(rows[1])", "a = high(rows[1]) > low(rows[0])"
    assert keys_of([one], {}, []) & keys_of([other], {}, [])


def test_a_helper_in_another_cell_may_have_any_name() -> None:
    def work(name: str) -> frozenset[int]:
        cells = [
            f"def {name}(x):\n    return x",
            f"def roll(rows):\n    return {name}(rows[1:], {name}(rows[0]))",
        ]
        return frozenset(cut([OwnCell("", cell) for cell in cells], {}, ["roll"]).places)

    assert work("shift") == work("moved_by_one")


def test_keys_are_the_same_in_every_run() -> None:
    code = (
        "from autograder.similarity.pieces import keys_of; "
        f"print(sorted(keys_of([{ROLL!r}], {{'np': 'numpy'}}, ['roll'])))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {f"{sorted(keys(ROLL))}\n"}


def test_imported_names_are_read_from_the_released_cells() -> None:
    assert modules_of(["import numpy as np", "from collections import Counter as C", "no python ("]) == {
        "np": "numpy",
        "C": "collections.Counter",
    }


HOSTILE = {
    "no Python": "def f(:\n  retrun ]]\n" * 50,
    "nothing but signs": "¿¡§ \x0c \u2028 €" * 200,
    "deep brackets": "x = " + "(" * 150 + "1" + ")" * 150,
    "deeper brackets": "x = " + "[" * 5000,
    "a chain of thousands": "x = " + " + ".join(["a"] * 9000),
    "a chain of signs": "x = " + "-" * 3000 + "1",
    "thousands of statements": "x = f(a, b, c, d)\n" * 2700,
    "a whole number of thousands of digits": "x = 0x" + "f" * 20000,
    "pasted data": "x = [" + "1.5, " * 8000 + "]",
    "more than is looked into": "x = [" + "1, " * 20000 + "]",
    "a null character": "x = 1\0",
    "accents in bytes": "é = 'ñ' * 3; b = [é for ü in é if é in b and ü == é]",
    "magics": "%%time\nx = [f(a, b) for a, b in rows if a < b]\n%matplotlib inline\n!ls\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_is_cut(name: str) -> None:
    found = cut([OwnCell("f", HOSTILE[name])], {}, ["f"])
    assert found.size(0) <= MOST_ELEMENTS + 3000
    assert all(len(run) <= LARGEST for places in found.places.values() for p in places for run in p.runs)
    for start, end in found.spans[0]:
        assert 0 <= start <= end <= len(HOSTILE[name])


def test_pieces_within_pieces_are_bounded():
    source = "x = " + " + ".join(["f(a[1], b)"] * 100) + "\n"  # each of the hundred holds all before it
    found = cut([OwnCell("f", source * 10)], {}, [])
    held = sum(place.size for places in found.places.values() for place in places)
    assert held < found.size(0) * LARGEST / 4


def test_lines_of_a_text_that_is_no_python_still_compare() -> None:
    one = "def f(:\n    total = total + rows[at] * weights[at]\n"
    other = "def f(:\n    s = s + lines[i] * w[i]  # mine\n"
    assert keys_of([one], {}, []) & keys_of([other], {}, [])


def test_places_are_characters_of_the_text_whatever_the_line_has_before_them() -> None:
    source = "ä = 'é'; found = lookup(ä, 1)"
    spans = [e.span for e in walk(tree_of(source, frozenset({"ä", "found"}), {}))]
    assert "lookup(ä, 1)" in [source[start:end] for start, end in spans]


def walk(element):
    yield element
    for child in element.children:
        yield from walk(child)
