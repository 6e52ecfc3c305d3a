"""A class whose members wrote independently, as far as one can be made up.

Each takes another answer of the solutions file to each exercise while there are any, and says it in an
own way: own names, own layout, another order, and of everything that can be said otherwise, half is.
Answers that only wrap the reference are left out, and those come first that stand alone.  Even so the
answers of one file share code (a mistake is often the reference with one thing changed, and several use one
helper), so a made-up class is more alike than a real one.
"""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Mapping

from autograder.assurance.variants import as_cell, variants
from autograder.course import Assignment
from tests.similarity.disguises import Answers, relay, rename, reorder
from tests.similarity.rewriting import rewrite

OTHERWISE = 0.5


def independent_class(assignment: Assignment, count: int, rng: random.Random) -> dict[str, Answers]:
    """By student, the text of each answer."""
    chosen = {
        exercise: list(itertools.islice(itertools.cycle(sources), count))
        for exercise, sources in answers_of(assignment, rng).items()
    }
    students = [f"student{number:03}" for number in range(1, count + 1)]
    return {
        student: {
            exercise: in_own_words(sources[number], rng, assignment.points)
            for exercise, sources in chosen.items()
        }
        for number, student in enumerate(students)
    }


def answers_of(assignment: Assignment, rng: random.Random) -> dict[str, list[str]]:
    """By exercise, the answers of the solutions file, right and wrong: those first that need nothing else."""
    found: dict[str, list[str]] = {exercise: [] for exercise in assignment.points}
    for variant in variants(assignment.solutions):
        cell = as_cell(assignment.solutions, variant)
        if f"_{variant.function}_reference" not in cell:
            found[variant.function].append(cell)
    for sources in found.values():
        rng.shuffle(sources)
        sources.sort(key=functions_in)  # stable: within each number the order stays a drawn one
    return found


def functions_in(source: str) -> int:
    return sum(isinstance(node, ast.FunctionDef) for node in ast.parse(source).body)


def in_own_words(source: str, rng: random.Random, exercises: Mapping[str, float]) -> str:
    """The same answer as another person would write it."""
    return relay(rename(reorder(rewrite(source, rng, OTHERWISE), rng), rng, keep=exercises), rng)
