"""A simulated class: notebooks of students whose abilities are known, made of a solutions file's answers.

Whether an answer is right follows an item-response law: the more somebody is able, and the easier the
exercise, the likelier.  A wrong answer is one of the real mistakes of the solutions file, and some of them
are much more frequent than others.  Everything follows from the seed; nothing is graded here.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from autograder.assurance.variants import Variant, as_cell, notebook_with, variants, write_notebook
from autograder.course import Course, find_assignment
from autograder.errors import CourseError

SLOPE = 1.7
HARDNESS = (-1.2, 1.2)
"""The abilities with which the easiest and the hardest exercise are solved every other time."""
LEFT_OUT = 0.25
"""The share of those who would not get an exercise right who leave it as it was."""
STUB = ""
FIRST_NAMES = (
    *("Ada", "Bruno", "Chloé", "David", "Emma", "Farid"),
    *("Gaëlle", "Hugo", "Inès", "Jules", "Karim", "Léa"),
)
LAST_NAMES = (
    *("Aubert", "Benali", "Carvalho", "Dupont", "Étienne"),
    *("Fournier", "Garcia", "Haddad", "Ibrahim", "Joly"),
)


@dataclass(frozen=True)
class Given:
    """What one student was given: an ability, and by exercise the answer's name, STUB for the starter."""

    ability: float
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Law:
    """By exercise how hard it is, and by exercise its mistakes with their shares; ``luck`` names exercises
    in which ability counts for nothing."""

    hardness: Mapping[str, float]
    mistakes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    luck: frozenset[str] = frozenset()

    def chance(self, exercise: str, ability: float) -> float:
        """How likely somebody is to get an exercise right."""
        if exercise in self.luck:
            return 0.5
        return 1 / (1 + math.exp(-SLOPE * (ability - self.hardness[exercise])))


def people(count: int) -> dict[str, tuple[str, str]]:
    """Made-up students, at most 120: by id the first and the last name."""
    everybody = [(first, last) for last in LAST_NAMES for first in FIRST_NAMES]
    if not 0 < count <= len(everybody):
        raise CourseError(f"a simulated class has 1 to {len(everybody)} students (got {count})")
    return {_plain(f"{first}-{last}"): (first, last) for first, last in everybody[:count]}


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()


def abilities(students: Collection[str], seed: int) -> dict[str, float]:
    """An ability for each student, from a normal distribution."""
    drawn = np.random.default_rng(seed).normal(size=len(students))
    return {student: round(float(value), 3) for student, value in zip(students, drawn, strict=True)}


def write_class(
    course: Course,
    assignment: str,
    folder: Path,
    abilities: Mapping[str, float],
    seed: int,
    *,
    luck: Collection[str] = (),
) -> dict[str, Given]:
    """Write a notebook per student to ``folder``/<student>/<assignment>/, and say what each was given.

    Args:
        course: where release and solutions lie.
        assignment: its name.
        folder: such as the course's ``submitted``.
        abilities: by student, in units of the class's usual spread around 0.
        seed: draws everything; another assignment draws other things with it.
        luck: exercises in which ability counts for nothing.
    Raises:
        CourseError: there is no such assignment, or no right or wrong answer to one of its exercises.
    """
    found = find_assignment(course, assignment)
    known = _by_exercise(found.name, found.points, variants(found.solutions))
    rng = np.random.default_rng([seed, *found.name.encode()])
    law = _law(known, rng, frozenset(luck))
    cells = {v.symbol: as_cell(found.solutions, v) for answers in known.values() for v in answers}
    given = {}
    for student, ability in abilities.items():
        answers = {name: _answer(law, known[name], name, ability, rng) for name in found.points}
        # the author's name in a comment, as many have it; it also keeps two notebooks from being alike
        sources = {name: f"# {student}\n{cells[symbol]}" for name, symbol in answers.items() if symbol}
        notebook = notebook_with(found, sources)
        write_notebook(notebook, folder / student / found.name / f"{found.name}.ipynb")
        given[student] = Given(ability, answers)
    return given


def law_of(course: Course, assignment: str, seed: int, *, luck: Collection[str] = ()) -> Law:
    """The law by which ``write_class`` draws with this seed."""
    found = find_assignment(course, assignment)
    known = _by_exercise(found.name, found.points, variants(found.solutions))
    return _law(known, np.random.default_rng([seed, *found.name.encode()]), frozenset(luck))


def _by_exercise(
    assignment: str, exercises: Collection[str], answers: Sequence[Variant]
) -> dict[str, list[Variant]]:
    known = {name: [v for v in answers if v.function == name] for name in exercises}
    for name, found in known.items():
        if not {"reference", "wrong"} <= {v.kind for v in found}:
            raise CourseError(
                f"a simulated class of {assignment} needs a right and a wrong answer to every exercise "
                f"(got {len(found)} to {name})"
            )
    return known


def _law(known: Mapping[str, Sequence[Variant]], rng: np.random.Generator, luck: frozenset[str]) -> Law:
    hardness = rng.permutation(np.linspace(*HARDNESS, num=len(known)))
    mistakes: dict[str, dict[str, float]] = {}
    for name, answers in known.items():
        wrong = [v.symbol for v in answers if v.kind == "wrong"]
        # the most frequent mistake is made twice as often as the next, as word frequencies fall
        weights = 1 / (1 + rng.permutation(len(wrong)))
        mistakes[name] = dict(zip(wrong, (weights / weights.sum()).tolist(), strict=True))
    named = dict(zip(known, hardness.round(3).tolist(), strict=True))
    return Law(named, mistakes, luck)


def _answer(
    law: Law, answers: Sequence[Variant], exercise: str, ability: float, rng: np.random.Generator
) -> str:
    right = [v.symbol for v in answers if v.kind != "wrong"]
    draw, shy, which = rng.random(), rng.random(), rng.integers(2**31)
    if draw < law.chance(exercise, ability):
        return right[int(which) % len(right)]
    if shy < LEFT_OUT and exercise not in law.luck:
        return STUB
    wrong = law.mistakes[exercise]
    return str(np.random.default_rng(which).choice(list(wrong), p=list(wrong.values())))
