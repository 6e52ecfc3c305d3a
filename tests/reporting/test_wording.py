"""What many students read becomes one sentence, without what is one student's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.reporting.wording import shared, wording

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        (
            "`one_hot(ids, 7)` returned shape (2, 7, 5); axes are (batch, time, depth): time and depth look "
            "exchanged.",
            "`one_hot(…)` returned shape (…); axes are (batch, time, depth): time and depth look exchanged.",
        ),
        (
            "`h` of `lstm_step(x, h)` has the right shape, but 3 of 8 values differ, the first at [0, 1], "
            "where yours is -3.18.",
            "`h` of `lstm_step(…)` has the right shape, but … of … values differ, the first at […], "
            "where yours is …",
        ),
        (
            "`tokenize(text)` has 'k' as item 0, which is not right.",
            "`tokenize(…)` has … as item …, which is not right.",
        ),
        (
            "`f(x)` raised ValueError in cell f, line 22: `if mask[:, ada]:`.",
            "`f(…)` raised ValueError in cell f, line …",
        ),
        ("It stopped with NameError in line 1: `plot(ada)`.", "It stopped with NameError in line …"),
        (
            "The notebook is called TP Ada (2).ipynb instead of ex.ipynb; it was read all the same.",
            "The notebook is called … instead of ex.ipynb; it was read all the same.",
        ),
        (
            "There are several notebooks; ex.ipynb counts (beside it: ada (1).ipynb, x.ipynb).",
            "There are several notebooks; ex.ipynb counts (…).",
        ),
        ("ada.ipynb is a link or another special file.", "The file is a link or another special file."),
    ],
)
def test_what_is_one_students_own_is_left_out(sentence, key):
    assert wording(sentence).key == key


@pytest.mark.parametrize(
    "sentence",
    [
        "`g(…)` gives what it would give with b[0] = 0: the input bias is missing.",
        "The outputs are one step late: outputs[:, t] is the state after step t.",
        "`rollout(…)` gives n - 1 forecasts: the loop ends one step too early.",
        "`one_hot(…)` returned float64, and float32 is asked.",
    ],
)
def test_formulas_and_names_of_types_stay(sentence):
    assert wording(sentence).key == sentence


def test_a_value_that_all_of_several_students_met_is_put_back():
    one = wording("-1 silently became the pad in what `one_hot(ids, 7)` returned, at 3.")
    other = wording("-1 silently became the pad in what `one_hot(ids, 7)` returned, at 4.")
    assert (
        shared([one, other], students=2)
        == "-1 silently became the pad in what `one_hot(ids, 7)` returned, at …"
    )
    assert shared([one], students=1) == "… silently became the pad in what `one_hot(…)` returned, at …"


def test_a_students_line_is_never_put_back():
    same = [wording("`f(x)` raised KeyError in cell f, line 3: `ada = d['me']`.")] * 2
    assert shared(same, students=2) == "`f(x)` raised KeyError in cell f, line …"


def test_no_line_of_code_is_left_in_what_students_really_read():
    """Every sentence of the golden files that quotes a line of code."""
    lines = {line.strip() for file in GOLDEN.rglob("*.txt") for line in file.read_text().splitlines()}
    quoting = [line for line in lines if ", line " in line]
    assert len(quoting) > 20
    for line in quoting:
        quoted = line.split(", line ", 1)[1].partition(": `")[2].rstrip("`.")
        assert quoted not in shared([wording(line)] * 2, students=2)
