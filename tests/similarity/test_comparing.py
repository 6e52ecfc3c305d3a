"""Who stands out of a class, and who does not: copies do, what everybody writes does not."""

from __future__ import annotations

import random

import pytest

from autograder.similarity.comparing import IN_A_SMALL_CLASS, LEAST, MOST, MOST_SHOWN, bar_of, compare
from autograder.similarity.own import OwnCell
from autograder.similarity.pieces import cut, keys_of
from tests.similarity.disguises import DEGREES, relay, rename, reorder
from tests.similarity.rewriting import rewrite

COMMON = "def mean(rows):\n    return sum(rows) / len(rows) if len(rows) > 0 else 0.0\n"


def written(rng: random.Random, *, statements: int = 12) -> str:
    """A function that nobody else would write: its calls and numbers are drawn."""
    names = ["a", "b", "c", "d"]
    lines = ["def scale(a, b, c, d):"]
    for _ in range(statements):
        call = f"np.{rng.choice(WORDS)}({rng.choice(names)}, {rng.randrange(100)})"
        lines.append(
            f"    {rng.choice(names)} = {call} {rng.choice('+-*')} {rng.choice(names)}[{rng.randrange(9)}]"
        )
    return "\n".join([*lines, "    return a, b, c, d"]) + "\n"


WORDS = [
    f"{one}{other}"
    for one in ("sum", "max", "sort", "roll", "clip", "take")
    for other in ("", "_of", "_by", "_to")
]


def classroom(count: int, seed: int = 1) -> dict[str, dict[str, str]]:
    rng = random.Random(seed)
    return {f"s{n:02}": {"scale": written(rng), "mean": COMMON} for n in range(count)}


def compared(answers, **more):
    works = {
        student: cut(
            [OwnCell(name, text) for name, text in cells.items()], {"np": "numpy"}, ["scale", "mean"]
        )
        for student, cells in answers.items()
    }
    return compare("toy", works, **more)


def pairs_of(found):
    return [pair.students for pair in found.standing_out]


@pytest.mark.parametrize(
    "degree", ["verbatim", "renamed", "renamed, new layout and comments", "the same, reordered"]
)
def test_a_planted_copy_stands_out_and_nobody_else_does(degree):
    answers = classroom(20)
    answers["s07"] = DEGREES[degree](answers["s03"], answers["s07"], random.Random(2))
    assert pairs_of(compared(answers)) == [("s03", "s07")]


def test_of_very_many_pairs_that_stand_out_the_strongest_are_shown_side_by_side():
    answers = classroom(140)
    for number in range(0, 130, 13):
        for other in range(number + 1, number + 13):
            answers[f"s{other:02}"] = answers[f"s{number:02}"]
    found = compared(answers)
    assert len(found.standing_out) == 10 * 13 * 12 / 2
    assert len([pair for pair in found.pairs if pair.parts]) == MOST_SHOWN
    assert [len(members) for members in found.circles] == [13] * 10


def test_a_class_of_independent_people_has_no_pair_that_stands_out():
    assert pairs_of(compared(classroom(15))) == []


def test_what_the_whole_class_writes_does_not_count():
    found = compared({f"s{n}": {"scale": written(random.Random(9)), "mean": COMMON} for n in range(12)})
    assert found.pairs == ()
    (group,) = found.groups
    assert (group.exercise, len(group.students)) == ("scale", 12)


def test_a_right_answer_of_the_course_is_one_more_who_wrote_so():
    answers = classroom(8)
    answers["s05"] = dict(answers["s02"])
    assert pairs_of(compared(answers)) == [("s02", "s05")]
    known = keys_of([answers["s02"]["scale"]], {"np": "numpy"}, ["scale"])
    assert pairs_of(compared(answers, writers=[known])) == []


def test_what_was_handed_out_never_counts():
    answers = classroom(8)
    answers["s05"] = dict(answers["s02"])
    known = keys_of([answers["s02"]["scale"]], {"np": "numpy"}, ["scale"])
    assert compared(answers, known=known).pairs == ()


def test_three_who_share_are_three_pairs():
    answers = classroom(30)
    answers["s11"] = answers["s12"] = answers["s10"]
    found = compared(answers)
    assert set(pairs_of(found)) == {("s10", "s11"), ("s10", "s12"), ("s11", "s12")}
    assert found.circles == (("s10", "s11", "s12"),)


def test_an_answer_that_was_moved_to_another_cell_is_found():
    answers = classroom(20)
    answers["s07"] = {"scale": "def scale(a, b, c, d):\n    return work(a, b, c, d)\n", "other cells": ""}
    answers["s07"]["other cells"] = answers["s03"]["scale"].replace("scale", "work")
    assert pairs_of(compared(answers)) == [("s03", "s07")]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_class_of_hardly_anybody_can_be_compared(count):
    found = compared(classroom(count))
    assert (len(found.students), found.possible, found.bar) == (
        count,
        count * (count - 1) // 2,
        IN_A_SMALL_CLASS,
    )
    assert found.standing_out == ()


def test_two_students_who_hand_in_the_same_stand_out_even_alone():
    answers = classroom(2)
    answers["s01"] = dict(answers["s00"])
    assert pairs_of(compared(answers)) == [("s00", "s01")]


def test_the_bar_is_twice_what_one_pair_in_twenty_reaches_within_bounds():
    assert bar_of([50.0] * 5 + [40.0] * 90, 100) == 80.0
    assert bar_of([900.0] * 100, 100) == MOST
    assert bar_of([], 100) == LEAST


def test_marks_show_the_shared_code_and_number_it_alike_on_both_sides():
    answers = classroom(20)
    answers["s07"] = {"scale": rename(answers["s03"]["scale"], random.Random(1), ["scale"]), "mean": COMMON}
    (pair,) = compared(answers).standing_out
    (part,) = pair.parts
    assert part.name == "scale"
    for side in (part.left, part.right):
        (mark,) = side.marks
        assert side.source[mark.start : mark.end].startswith("def scale(")
        assert mark.block == 1
    assert pair.shared[0].share == 1.0


def test_marks_of_reordered_code_carry_the_same_numbers():
    answers = classroom(20)
    lines = answers["s03"]["scale"].splitlines()
    head, first, second, last = lines[0], lines[1:7], lines[7:13], lines[13]
    answers["s07"] = {"scale": "\n".join([head, *second, *first, last]), "mean": COMMON}
    (pair,) = compared(answers).standing_out
    (part,) = pair.parts
    blocks = [[mark.block for mark in side.marks] for side in (part.left, part.right)]
    assert sorted(set(blocks[0])) == sorted(set(blocks[1]))
    assert blocks[0] != blocks[1]


def test_code_that_one_of_them_has_twice_is_marked_twice_with_one_number():
    answers = classroom(20)
    inner = "\n".join(answers["s03"]["scale"].splitlines()[1:9])
    twice = f"def scale(a, b, c, d):\n{inner}\n    a = b\n{inner}\n    return d\n"
    answers["s07"] = {"scale": twice, "mean": COMMON}
    (pair,) = compared(answers, shown=1).pairs[:1]
    (part,) = pair.parts
    assert part.right.source == twice
    assert [mark.block for mark in part.right.marks].count(part.left.marks[0].block) >= 2


def test_a_line_that_one_work_repeats_hundreds_of_times_counts_once():
    answers = classroom(20)
    line = answers["s03"]["scale"].splitlines()[3].strip()
    answers["s07"] = {
        "scale": f"def scale(a, b, c, d):\n    {line}\n" + f"    {line}\n" * 300,
        "mean": COMMON,
    }
    found = next(pair for pair in compared(answers).pairs if pair.students == ("s03", "s07"))
    assert found.elements < 40
    assert not found.stands_out


def test_disguises_keep_what_the_code_does():
    """The copies that are planted are ones that somebody could hand in: they still give the same."""
    source = (
        "def f(rows, size):\n    total = 0\n    seen = []\n    limit = size ** 2\n"
        "    extra = [r * 2 for r in rows if r > 1]\n    for row in rows:\n        if row < limit:\n"
        "            total += row * size + 1\n        else:\n            seen.append(row - 1)\n"
        "    return total, seen, max(extra), sum(extra) + limit * total\n"
    )
    rows = [1, 5, 9, 2, 30]
    names: dict = {}
    exec(source, names)
    wanted = names["f"](rows, 3)
    for seed in range(25):
        rng = random.Random(seed)
        text = relay(rename(reorder(rewrite(source, rng, 0.6), rng), rng, ["f"]), rng)
        told: dict = {}
        exec(text, told)
        assert told["f"](rows, 3) == wanted, text
