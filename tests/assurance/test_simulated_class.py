"""A simulated class: what each student is given follows from ability, exercise and seed alone."""

from __future__ import annotations

from collections import Counter

import nbformat
import numpy as np
import pytest

from autograder.assurance.simulated_class import STUB, abilities, law_of, people, write_class
from autograder.commands.simulating import make_course
from autograder.errors import CourseError


def written(toy, folder, able, seed=1, **more):
    return write_class(toy.course, "toy", folder, able, seed, **more)


def cells(folder, student):
    notebook = nbformat.read(folder / student / "toy/toy.ipynb", as_version=4)
    marked = ((cell.metadata.get("nbgrader", {}), cell.source) for cell in notebook.cells)
    return {mark["grade_id"]: source for mark, source in marked if mark.get("solution")}


def test_a_made_up_class_has_people_with_ids_that_are_folders():
    everybody = people(120)
    assert len(everybody) == 120
    assert everybody["chloe-etienne"] == ("Chloé", "Étienne")
    assert all(student.isascii() and " " not in student for student in everybody)


@pytest.mark.parametrize("count", [0, -1, 121])
def test_a_class_of_another_size_is_refused(count):
    with pytest.raises(CourseError, match=rf"1 to 120 students \(got {count}\)"):
        people(count)


def test_each_notebook_holds_what_its_student_was_given(toy, tmp_path):
    given = written(toy, tmp_path / "in", abilities(people(30), 1))
    seen = Counter(symbol for one in given.values() for symbol in one.answers.values())
    assert {STUB, "double__right_sum", "double__wrong_square"} <= set(seen)
    for student, one in given.items():
        found = cells(tmp_path / "in", student)
        for exercise, symbol in one.answers.items():
            assert found[exercise].startswith(f"# {student}\n") == bool(symbol)
            assert f"def {exercise}(x):" in found[exercise]
            assert ("NotImplementedError" in found[exercise]) == (symbol == STUB)


def test_the_same_seed_gives_the_same_class_and_another_one_another(toy, tmp_path):
    able = abilities(people(20), 7)
    assert written(toy, tmp_path / "a", able) == written(toy, tmp_path / "b", able)
    assert written(toy, tmp_path / "c", able, seed=2) != written(toy, tmp_path / "d", able)


def test_the_able_are_right_and_the_others_are_not(toy, tmp_path):
    able = {f"s{n}": (-3.0 if n < 60 else 3.0) for n in range(120)}
    given = written(toy, tmp_path / "in", able)

    def right(student):
        return sum(symbol != STUB and "__wrong_" not in symbol for symbol in given[student].answers.values())

    weak, strong = ([right(s) for s in able if (able[s] > 0) == sign] for sign in (False, True))
    assert np.mean(strong) > 1.8
    assert np.mean(weak) < 0.2


def test_ability_counts_for_nothing_where_luck_decides(toy, tmp_path):
    able = {f"s{n}": (-3.0 if n < 100 else 3.0) for n in range(200)}
    given = written(toy, tmp_path / "in", able, luck=["triple"])
    solved = {s: "__wrong_" not in given[s].answers["triple"] for s in able}
    weak, strong = ([solved[s] for s in able if (able[s] > 0) == sign] for sign in (False, True))
    assert abs(np.mean(weak) - np.mean(strong)) < 0.2
    assert law_of(toy.course, "toy", 1, luck=["triple"]).chance("triple", 9.0) == 0.5


def test_the_law_is_the_one_that_the_class_is_drawn_by(toy, tmp_path):
    law = law_of(toy.course, "toy", 1)
    assert set(law.hardness) == {"double", "triple"}
    assert all(abs(sum(shares.values()) - 1) < 1e-9 for shares in law.mistakes.values())
    able = dict.fromkeys((f"s{n}" for n in range(300)), -3.0)
    given = written(toy, tmp_path / "in", able)
    made = Counter(one.answers["double"] for one in given.values() if "__wrong_" in one.answers["double"])
    wanted = max(law.mistakes["double"], key=lambda symbol: law.mistakes["double"][symbol])
    assert made.most_common(1)[0][0] == wanted
    assert law.chance("double", law.hardness["double"]) == 0.5


def test_an_exercise_without_a_mistake_to_make_is_refused(toy, tmp_path):
    text = toy.solutions.read_text()
    toy.solutions.write_text(text[: text.index("def triple__wrong_power")])
    with pytest.raises(CourseError, match="needs a right and a wrong answer"):
        written(toy, tmp_path / "in", {"s": 0.0})


def test_the_simulated_course_is_a_folder_of_its_own(toy, tmp_path):
    made = make_course(toy.course, ["toy"], tmp_path / "class")
    assert sorted(path.name for path in made.root.iterdir()) == [
        "nbgrader_config.py",
        "release",
        "solutions",
        "tests",
    ]
    with pytest.raises(CourseError, match="empty folder"):
        make_course(toy.course, ["toy"], tmp_path / "class")
