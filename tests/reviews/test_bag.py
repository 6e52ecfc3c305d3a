"""A trained bag of words: good where it can be, no better than a coin on the order families."""

import numpy as np
import pytest

from autograder.reviews import ORDER_FAMILIES, Draw, course_draw, draw
from autograder.reviews.training import encoded, multi_hot, vocabulary

STEPS = 150


def bag_accuracy(train: Draw, test: Draw) -> np.ndarray:
    """(n,) bool: which test reviews a logistic regression on the words' presence gets right."""
    ids = vocabulary(train.tokens, 1000)
    x, x_test = (multi_hot(encoded(d.tokens, ids), 1000) for d in (train, test))
    weights, bias = np.zeros(1000, dtype=np.float32), 0.0
    velocity, speed = np.zeros_like(weights), 0.0
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(x @ weights + bias))) - train.labels
        velocity = 0.9 * velocity - 0.5 * (x.T @ error.astype(np.float32)) / len(x)
        speed = 0.9 * speed - 0.5 * float(error.mean())
        weights, bias = weights + velocity, bias + speed
    return (x_test @ weights + bias >= 0) == (test.labels == 1)


def part(d: Draw, rows: np.ndarray) -> Draw:
    keep = np.flatnonzero(rows)
    lists = {name: [getattr(d, name)[i] for i in keep] for name in ("texts", "tokens", "tags")}
    arrays = {name: getattr(d, name)[keep] for name in ("labels", "clean", "families", "films", "copy_of")}
    return Draw(**lists, **arrays)


def test_a_bag_of_words_learns_direct_reviews_and_nothing_of_the_others() -> None:
    course = course_draw()
    right = bag_accuracy(course.train, course.test)
    direct = course.test.families == "direct"
    assert right[direct].mean() > 0.93
    assert right.mean() == pytest.approx(0.6 * 0.95 + 0.4 * 0.5, abs=0.03)
    assert right[~direct].mean() == pytest.approx(0.5, abs=0.055)  # three standard errors of 800 coins


def test_a_bag_of_words_trained_on_order_families_alone_stays_a_coin() -> None:
    train, test = (
        part(d, np.isin(d.families, ORDER_FAMILIES)) for d in (draw(6000, 21), draw(6000, 22, films="unseen"))
    )
    right = bag_accuracy(train, test)
    assert len(right) == 2400
    assert right.mean() == pytest.approx(0.5, abs=0.031)


def test_polar_films_leak_through_their_names_when_the_split_ignores_films() -> None:
    known = draw(4000, 23, films="polar", epsilon=0.0)
    half = np.arange(4000) < 3000
    leaky = bag_accuracy(part(known, half), part(known, ~half))
    fair = bag_accuracy(part(known, half), draw(4000, 24, films="unseen", epsilon=0.0))
    assert leaky.mean() > fair.mean() + 0.03
