"""What one call of a student's function did on the way: global generators that moved."""

from __future__ import annotations

import random

import numpy as np

from autograder.worker.calls import call


def moved(function):
    return call(function, [], {}, lambda value: value, measure_memory=False)["generators"]


def test_a_call_that_draws_from_a_global_generator_is_reported():
    assert moved(lambda: np.random.rand()) == ["numpy.random"]
    assert moved(lambda: random.random()) == ["random"]


def test_a_call_that_seeds_the_global_generator_is_reported():
    assert moved(lambda: np.random.seed(7)) == ["numpy.random"]


def test_a_generator_of_its_own_is_no_change():
    assert moved(lambda: np.random.default_rng(7).random()) == []
    assert moved(lambda: np.random.RandomState(7).rand()) == []
    assert moved(lambda: random.Random(7).random()) == []
