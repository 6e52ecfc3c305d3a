"""Mutants are single changes of a reference; checks that are too weak let one survive."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.assurance.mutants import equivalents, try_mutants
from autograder.assurance.mutants_page import page, page_path, write
from autograder.assurance.mutations import mutants, mutants_of
from autograder.course import assignment_names, find_assignment, find_course
from autograder.errors import CourseError

CELL = """import math

def scale(x, axis=0):
    if x < 3 and not math.isnan(x):
        raise ValueError("x is less than " + str(3))
    total = 0
    for step in range(1, 2):
        total += -step
    return math.pow(x, 2), round(total / x, ndigits=1)
"""

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)


def test_each_mutant_has_one_change_and_is_python():
    found = {mutant.name.partition(": ")[2] for mutant in mutants_of("scale", CELL)}
    last = "return (math.pow(x, 2), round(total / x, ndigits=1))"
    assert found == {
        "def scale(x, axis=0): → def scale(x, axis=1):",
        "if x < 3 and (not math.isnan(x)): → if x < 3 or not math.isnan(x):",
        "if x < 3 and (not math.isnan(x)): → if x <= 3 and (not math.isnan(x)):",
        "if x < 3 and (not math.isnan(x)): → if x < 4 and (not math.isnan(x)):",
        "if x < 3 and (not math.isnan(x)): → if x < 3 and (not not math.isnan(x)):",
        "total = 0 → total = 1",
        "for step in range(1, 2): → for step in range(1):",
        "for step in range(1, 2): → for step in range(2, 2):",
        "for step in range(1, 2): → for step in range(1, 3):",
        "total += -step → total -= -step",
        "total += -step → total += +step",
        f"{last} → return (round(total / x, ndigits=1), math.pow(x, 2))",
        f"{last} → return (math.pow(x), round(total / x, ndigits=1))",
        f"{last} → return (math.pow(x, 3), round(total / x, ndigits=1))",
        f"{last} → return (math.pow(x, 2), round(total / x))",
        f"{last} → return (math.pow(x, 2), round(total * x, ndigits=1))",
        f"{last} → return (math.pow(x, 2), round(total / x, ndigits=2))",
    }
    for mutant in mutants_of("scale", CELL):
        assert ast.dump(ast.parse(mutant.cell)) != ast.dump(ast.parse(CELL)), mutant.name


def test_what_an_exception_says_is_not_changed():
    assert [m.name for m in mutants_of("f", 'def f(x):\n    raise ValueError("got " + str(1))\n')] == []


def test_a_weak_check_lets_a_mutant_survive(toy):
    toy.change(toy.checks, "submission.double(5), 10", "submission.double(2), 4")
    toy.change(toy.solutions, "return 2 * x", "return x + x")
    toy.change(toy.solutions, "return 3 * x", "return x * 3")
    seen = []
    caught = try_mutants(toy.course, toy.assignment, jobs=1, progress=lambda *step: seen.append(step))
    assert (caught.made, caught.tried, caught.equivalent) == (3, 3, 0)
    assert caught.survivors == ()
    toy.change(toy.solutions, "return x + x", "return x ** 2 if x else x + x")
    caught = try_mutants(toy.course, toy.assignment, jobs=1)
    assert caught.survivors == (
        "double: return x ** 2 if x else x + x → return x * 2 if x else x + x",
        "double: return x ** 2 if x else x + x → return x ** 2 if x else x - x",
    )
    assert caught.share == 1 - 2 / caught.tried

    file = write(toy.course, toy.assignment, caught)
    assert file == toy.root / "tests/hidden/mutants/toy.json"
    text = page_path(toy.course).read_text()
    assert "| `toy` | 5 | 0 | 5 | 3 (60%) |" in text
    assert "- `double: return x ** 2 if x else x + x → return x * 2 if x else x + x`" in text

    one = try_mutants(toy.course, toy.assignment, jobs=1, sample=1)
    assert one.tried == 1


def test_a_helper_that_exercises_share_is_changed_for_one_of_them_at_a_time(toy):
    toy.change(toy.solutions, "return 2 * x", "return _times(x, 2)")
    toy.change(toy.solutions, "return 3 * x", "return _times(x, 3)")
    toy.change(toy.solutions, "BASE = 1", "BASE = 1\n\n\ndef _times(x, count):\n    return x * count")
    caught = try_mutants(toy.course, toy.assignment, jobs=1)
    assert caught.made == caught.tried == 6
    assert caught.survivors == ()


def note(toy, text):
    file = toy.root / "tests/hidden/mutants/toy.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def test_an_equivalent_mutant_is_dropped_by_its_reason_only(toy):
    made = mutants(toy.solutions, frozenset({"double"}))
    name = "double: return 2 * x → return 2 / x"
    assert name in [mutant.name for mutant in made]
    assert equivalents(toy.assignment, made) == {}
    note(toy, f'[[equivalent]]\nmutant = "{name}"\nreason = "a test"\n')
    assert equivalents(toy.assignment, made) == {name: "a test"}
    note(toy, f'[[equivalent]]\nmutant = "{name}"\nreason = " "\n')
    with pytest.raises(CourseError, match="without a reason"):
        equivalents(toy.assignment, made)
    note(toy, '[[equivalent]]\nmutant = "double: return 4"\nreason = "a test"\n')
    with pytest.raises(CourseError, match="a mutant that there is not"):
        equivalents(toy.assignment, made)


def test_the_page_is_made_from_what_was_found():
    assert page_path(COURSE).read_text(encoding="utf-8") == page(COURSE)


def test_dropped_mutants_are_still_there():
    for name in assignment_names(COURSE):
        assignment = find_assignment(COURSE, name)
        made = mutants(assignment.solutions, frozenset(assignment.points))
        assert made, name
        assert len({mutant.name for mutant in made}) == len(made), name
        equivalents(assignment, made)
