"""What was found about the mutants of each assignment is about the references as they are now, and enough."""

import json
from pathlib import Path

import pytest

from autograder.assurance.mutants import equivalents, folder_of
from autograder.assurance.mutations import mutants
from autograder.course import assignment_names, find_assignment, find_course

COURSE = find_course(Path(__file__).parents[2])
LEAST_CAUGHT = 0.95


@pytest.mark.parametrize("name", assignment_names(COURSE))
def test_nearly_all_mutants_of_the_references_are_caught(name):
    assignment = find_assignment(COURSE, name)
    found = json.loads((folder_of(assignment) / f"{name}.json").read_text(encoding="utf-8"))
    made = mutants(assignment.solutions, frozenset(assignment.points))
    dropped = equivalents(assignment, made)
    assert found["made"] == len(made)
    assert found["equivalent"] == len(dropped)
    assert found["tried"] == len(made) - len(dropped)
    assert set(found["survivors"]) <= {mutant.name for mutant in made} - set(dropped)
    assert len(found["survivors"]) <= (1 - LEAST_CAUGHT) * found["tried"]
