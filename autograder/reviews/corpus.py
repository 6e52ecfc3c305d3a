"""Draws of film reviews: labels, families, films, planted duplicates. It stays on the judge's side."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from autograder.reviews import films as catalogue
from autograder.reviews.chance import Pick, cumulative, order, picker
from autograder.reviews.grammar import FAMILIES, FAMILY_SHARES, review
from autograder.reviews.lexicon import ENGLISH
from autograder.reviews.writing import edited, written

VERSION = 1
"""Rises whenever the same seed would give another draw; the pinned hashes change with it."""

Films = Literal["neutral", "polar", "unseen"]

TRAIN_SIZE, TEST_SIZE = 4000, 2000
TRAIN_DUPLICATES = 0.02
POLAR_SHARE = 0.9  # a polar film gets this share of reviews of one kind

_REVIEWS_PER_FILM = range(5, 21)
# Three bands of the catalogue that never meet: what students train on, their test set, everybody's else.
_NEUTRAL_BAND = range(0, 2_000)
_TEST_BAND = range(2_000, 4_000)
_UNSEEN_BAND = range(4_000, catalogue.FILMS)
_TRAIN_SEED, _TEST_SEED = 2024, 2025


@dataclass(frozen=True)
class Draw:
    """n reviews, row by row."""

    texts: list[str]  # as a person would read them; text.lower().split() gives the tokens
    tokens: list[list[str]]  # lower case
    labels: np.ndarray  # (n,) int64, 1 positive, 0 negative, a share epsilon of them flipped
    clean: np.ndarray  # (n,) int64, what the text means
    families: np.ndarray  # (n,) str: direct, negation, contrast, both
    tags: list[list[int]]  # per token: 0 other, 1 positive, 2 negative, 3 conceded before a contrast word
    films: np.ndarray  # (n,) str
    copy_of: np.ndarray  # (n,) int64: the row that this one repeats with light edits, or -1


@dataclass(frozen=True)
class Course:
    """The draw that is shipped to students."""

    train: Draw
    test: Draw


def draw(
    n: int,
    seed: int | np.random.Generator,
    *,
    pos_rate: float = 0.5,
    epsilon: float = 0.04,
    films: Films = "neutral",
    duplicates: float = 0.0,
) -> Draw:
    """n reviews from a seed (an int, or a numpy Generator, which moves on).

    films: "neutral", a film says nothing about the label; "polar", nine reviews in ten of a film are of
    one kind, so that a split which ignores films leaks; "unseen", neutral films that are in no other kind
    of draw. Exactly round(n * pos_rate) clean labels are 1 ("polar": in the mean; duplicates: before
    rows are replaced by copies). Exactly round(n * duplicates) rows repeat another row's review, label
    and film, with light edits in `texts`; no other two rows are equal.
    Raises ValueError for an n, a share or a `films` that does not fit.
    """
    if films not in ("neutral", "polar", "unseen"):
        raise ValueError(f'films must be "neutral", "polar" or "unseen" (got {films!r})')
    band = _UNSEEN_BAND if films == "unseen" else _NEUTRAL_BAND
    return _draw(
        n, seed, pos_rate=pos_rate, epsilon=epsilon, band=band, polar=films == "polar", duplicates=duplicates
    )


def hidden_draw(n: int, seed: int | np.random.Generator) -> Draw:
    """The judge's test set: films that no student has seen, no duplicates, half of the labels 1."""
    return draw(n, seed, films="unseen")


@cache
def course_draw() -> Course:
    """The default draw: 4000 reviews to train on, 2 % of them copies, and 2000 of other films to test."""
    train = draw(TRAIN_SIZE, _TRAIN_SEED, duplicates=TRAIN_DUPLICATES)
    test = _draw(
        TEST_SIZE, _TEST_SEED, pos_rate=0.5, epsilon=0.04, band=_TEST_BAND, polar=False, duplicates=0.0
    )
    return Course(train, test)


def _draw(
    n: int,
    seed: int | np.random.Generator,
    *,
    pos_rate: float,
    epsilon: float,
    band: range,
    polar: bool,
    duplicates: float,
) -> Draw:
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 0:
        raise ValueError(f"n must be an int of 0 or more (got {n!r})")
    for name, share, most in (
        ("pos_rate", pos_rate, 1.0),
        ("epsilon", epsilon, 1.0),
        ("duplicates", duplicates, 0.5),
    ):
        if not 0.0 <= share <= most:
            raise ValueError(f"{name} must lie between 0 and {most:g} (got {share!r})")
    rng = seed if isinstance(seed, np.random.Generator) else np.random.Generator(np.random.PCG64(seed))
    pick = picker(rng)
    film_of = _films_of(int(n), band, rng)
    clean = _polar_labels(film_of, pos_rate, pick) if polar else _labels(int(n), pos_rate, rng)
    families = _families(clean, rng)
    flips = _flips(clean, families, epsilon, rng)
    seen: set[tuple[str, ...]] = set()
    known = {number: catalogue.film(number, ENGLISH) for number in set(film_of)}
    of_film = [known[number] for number in film_of]
    rows = [
        _new_review(family, int(label), film, seen, pick)
        for family, label, film in zip(families, clean, of_film, strict=True)
    ]
    texts = [
        written(tokens, catalogue.proper_names(film)) for (tokens, _), film in zip(rows, of_film, strict=True)
    ]
    source = np.arange(n)
    copies, originals = _copies(int(n), duplicates, rng)
    source[copies] = originals
    for row, original in zip(copies, originals, strict=True):
        texts[row] = edited(texts[original], pick)
    return Draw(
        texts=texts,
        tokens=[list(rows[i][0]) for i in source],
        labels=np.where(flips, 1 - clean, clean).astype(np.int64)[source],
        clean=clean[source],
        families=families[source],
        tags=[list(rows[i][1]) for i in source],
        films=np.array([film.id for film in of_film], dtype=str)[source],
        copy_of=np.where(source == np.arange(n), -1, source).astype(np.int64),
    )


def _new_review(
    family: str, label: int, film: catalogue.Film, seen: set[tuple[str, ...]], pick: Pick
) -> tuple[list[str], list[int]]:
    """A review whose tokens are not in `seen` yet; remembers them there."""
    while True:
        tokens, tags = review(family, label, film, ENGLISH, pick)
        if tuple(tokens) not in seen:
            seen.add(tuple(tokens))
            return tokens, tags


def _films_of(n: int, band: range, rng: np.random.Generator) -> list[int]:
    """The film of each row: 5 to 20 reviews per film (the last one gets what is left), in random order.

    The neutral films come in the catalogue's order, so that two such draws speak of the same films; the
    unseen ones start anywhere in their band, so that two hidden draws hardly ever do.
    """
    start = int(rng.random() * len(band)) if band is _UNSEEN_BAND else 0
    rows: list[int] = []
    number = 0
    while len(rows) < n:
        many = _REVIEWS_PER_FILM.start + int(rng.random() * len(_REVIEWS_PER_FILM))
        rows += [band[(start + number) % len(band)]] * many
        number += 1
    rows = rows[:n]
    return [rows[i] for i in order(n, rng)]


def _labels(n: int, pos_rate: float, rng: np.random.Generator) -> np.ndarray:
    ranks = np.array(order(n, rng), dtype=np.int64)
    return (ranks < round(n * pos_rate)).astype(np.int64)


def _families(clean: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) str: within each label, each family's count is its share to within one review.

    Counts that are fixed, here and for the flips, make one draw as hard as the next: an accuracy then
    varies with the model, hardly with the draw.
    """
    shares = cumulative(FAMILY_SHARES)
    families = np.empty(len(clean), dtype="<U8")
    for label in (0, 1):
        rows = np.flatnonzero(clean == label)
        start = rng.random()
        for rank, i in enumerate(order(len(rows), rng)):
            families[rows[i]] = FAMILIES[bisect_right(shares, (rank + start) / len(rows), 0, len(shares) - 1)]
    return families


def _flips(clean: np.ndarray, families: np.ndarray, epsilon: float, rng: np.random.Generator) -> np.ndarray:
    """(n,) bool: a share epsilon of each family and label, to within one review."""
    grouped = [
        rows[i]
        for family in FAMILIES
        for rows in (np.flatnonzero((families == family) & (clean == label)) for label in (0, 1))
        for i in order(len(rows), rng)
    ]
    start = rng.random()
    flips = np.zeros(len(clean), dtype=bool)
    for rank, row in enumerate(grouped):
        flips[row] = math.floor((rank + 1) * epsilon + start) > math.floor(rank * epsilon + start)
    return flips


def _polar_labels(film_of: Sequence[int], pos_rate: float, pick: Pick) -> np.ndarray:
    """Each film leans to one side; the share of films that lean to 1 makes pos_rate come true in the mean."""
    leaning = (pos_rate - (1 - POLAR_SHARE)) / (2 * POLAR_SHARE - 1)
    if not 0.0 <= leaning <= 1.0:
        raise ValueError(
            f"with polar films pos_rate must lie between {1 - POLAR_SHARE:.1f} and {POLAR_SHARE:.1f} "
            f"(got {pos_rate})"
        )
    leans = {film: 1 - pick((leaning, 1.0)) for film in sorted(set(film_of))}
    return np.array([leans[film] ^ pick((POLAR_SHARE, 1.0)) for film in film_of], dtype=np.int64)


def _copies(n: int, share: float, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Rows to replace, and for each the row it repeats; no row is in both lists."""
    count = round(n * share)
    rows = order(n, rng)
    return rows[:count], rows[count : 2 * count]
