"""Who somebody is cannot be read off a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assurance.variants import as_cell, variants
from autograder.reporting.anonymous import LINES_SHOWN, cell_without_names, names_of, numbers

ROOT = Path(__file__).parents[2]
KNOWN = names_of(
    ["ada", "Ada", "Lovelace", "ada.lovelace@example.org", "20231234", "Max", "Inès"],
    handed_out="np eye mask depth one_hot",
)
CELL = '''\
"""Ada Lovelace, second year"""
import numpy as np
me = "Ada Lovelace"
LIMIT = 20231234


def helper_ada(x):
    # by Ada
    return x[:LIMIT]


def one_hot(ids, depth):
    """mine"""
    print(f"Ada says {depth:.3f} is it", "post")
    adaModel = np.max(helper_ada(ids))
    if depth < 1:
        raise ValueError("depth doit être positif (Lovelace)")
    if depth == 3:
        "nothing, says Inès"
    return np.eye(depth, dtype="float32")[ids]


unused = "made by Lovelace"
'''


def test_a_cell_keeps_what_it_does_and_loses_who_wrote_it():
    assert cell_without_names(CELL, "one_hot", KNOWN) == (
        "import numpy as np\n"
        "LIMIT = …\n"
        "\n"
        "def helper_somebody(x):\n"
        "    return x[:LIMIT]\n"
        "\n"
        "def one_hot(ids, depth):\n"
        "    print(f'…{depth:.3f}…', 'post')\n"
        "    somebodyModel = np.max(helper_somebody(ids))\n"
        "    if depth < 1:\n"
        "        raise ValueError('…')\n"
        "    if depth == 3:\n"
        "        pass\n"
        "    return np.eye(depth, dtype='float32')[ids]"
    )


@pytest.mark.parametrize(
    "cell", ["def one_hot(ids, depth)\n    return ada", "def onehot(ids):\n    return 1", "", "x" * 60_000]
)
def test_what_cannot_be_shown_without_its_comments_is_not_shown(cell):
    assert cell_without_names(cell, "one_hot", KNOWN) == ""


def test_a_long_cell_is_cut():
    cell = "def one_hot(ids, depth):\n" + "    ids = ids + 1\n" * 100 + "    return ids\n"
    lines = cell_without_names(cell, "one_hot", KNOWN).splitlines()
    assert len(lines) == LINES_SHOWN + 1
    assert lines[-1] == "# and 62 more lines"


def test_words_of_python_and_of_the_notebook_are_nobodys_name():
    known = names_of(["Max Mask"], handed_out="a mask")
    assert known.without("np.max(mask)") == "np.max(mask)"


def test_accents_and_capitals_hide_nothing():
    assert KNOWN.without("INES_result, inès, LovelaceNet") == "somebody_result, somebody, somebody"


def test_every_answer_of_the_course_can_be_shown():
    nobody = names_of([], handed_out="")
    for file in sorted((ROOT / "solutions").glob("ex*.py")):
        for variant in variants(file)[::60]:
            shown = cell_without_names(as_cell(file, variant), variant.function, nobody)
            assert f"def {variant.function}(" in shown, variant.symbol
            assert "#" not in shown.partition("# and ")[0]


def test_numbers_are_stable_different_and_tell_nothing_without_the_secret():
    class_ = [f"student{n}" for n in range(500)]
    given = numbers(class_, b"secret")
    assert len(set(given.values())) == 500
    assert all(len(number) == 6 and number.isdigit() for number in given.values())
    fewer = numbers(class_[100:], b"secret")
    assert sum(given[student] != number for student, number in fewer.items()) <= 1
    assert numbers(class_, b"another") != given
