"""The names that a cell binds and needs, as they decide which demo cells run."""

import pytest

from autograder.grading.intake import code


@pytest.mark.parametrize(
    ("source", "binds", "now", "later"),
    [
        ("x = [a * k for a in data]", "x", "data k", "k"),
        ("x = {a: b for a, b in pairs}", "x", "pairs", ""),
        ("def f(q):\n    return [q + w for w in z]", "f", "", "z"),
        ("def f(a=default):\n    return a", "f", "default", ""),
        ("class A(B):\n    c = d", "A", "B d", "d"),
        ("import numpy as np\ny = np.zeros(n)", "np y", "n", ""),
        ("from os import path", "path", "", ""),
        ("f = lambda t: t * s", "f", "s", "s"),
        ("x += 1", "x", "x", ""),
        ("model = fit(model)", "model", "fit model", ""),
        ("def g():\n    global total\n    total = 3", "g total", "", ""),
        ("%time v = build(tokens)\n!pip install x", "v", "build tokens", ""),
        ("%%time\nv = train(u)", "v", "train u", ""),
        ("help?\nk = 1", "k", "", ""),
        ("for i in w:\n    pass", "i", "w", ""),
        ("if (y := q):\n    pass", "y", "q", ""),
        ("not python at all", "", "", ""),
    ],
)
def test_names_of_a_cell(source, binds, now, later):
    found = code.names(source)
    assert (found.binds, found.now, found.later) == (set(binds.split()), set(now.split()), set(later.split()))


def test_a_text_that_warns_is_still_read():
    assert code.tree("x = '\\d'") is not None


@pytest.mark.parametrize(
    "source", ["(" * 5000, "-" * 100_001, "(" + " " * 90_000, "x = " + "[" * 90 + "]" * 90, "\0"]
)
def test_a_cell_that_no_parser_likes_is_no_python_and_no_accident(source):
    assert code.names(source) == code.Names() or code.tree(source) is not None
    assert code.functions(source) == frozenset() or code.tree(source) is not None


def test_what_a_cell_needs_of_others_leaves_out_pythons_own():
    assert code.needs("print(len(x)); y = x") == {"x"}
