"""Draws: what they promise about counts, films, copies, lengths and seeds."""

import hashlib
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from autograder.reviews import FAMILIES, Draw, course_draw, draw, hidden_draw, parse
from autograder.reviews import films as catalogue
from autograder.reviews.lexicon import ENGLISH

COURSE_SHA256 = "91fcf0114e2482c313069f6b0b09c1fb21833709fe5b87edf765df960832ea2d"


def digest(*draws: Draw) -> str:
    """One hash over everything in the draws that others build on."""
    parts = [
        "\t".join(map(str, row))
        for d in draws
        for row in zip(d.texts, d.labels, d.clean, d.families, d.films, d.tags, d.copy_of, strict=True)
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def test_the_course_draw_is_the_pinned_one() -> None:
    course = course_draw()
    assert digest(course.train, course.test) == COURSE_SHA256, "a change of the corpus needs a new VERSION"


@pytest.mark.parametrize(("seed", "films"), [(1, "neutral"), (2, "unseen"), (3, "polar"), (4, "neutral")])
def test_the_parser_agrees_with_every_clean_label(seed: int, films: str) -> None:
    d = draw(3000, seed, films=films, duplicates=0.02)  # type: ignore[arg-type]
    assert [parse(tokens) for tokens in d.tokens] == d.clean.tolist()


def test_tokens_are_what_a_student_gets_from_the_text() -> None:
    d = draw(1000, 5, duplicates=0.1)
    assert [text.lower().split() for text in d.texts] == d.tokens
    assert list(map(len, d.tags)) == list(map(len, d.tokens))


def test_reviews_are_short_enough_for_forty_steps() -> None:
    lengths = np.array([len(tokens) for tokens in course_draw().train.tokens])
    assert 23 <= lengths.mean() <= 27
    assert np.percentile(lengths, 95) <= 36
    assert lengths.max() <= 44


def test_counts_of_families_and_flips_are_exact_to_one_review_per_label() -> None:
    d = draw(2000, 6)
    assert d.clean.sum() == 1000
    for family, share in zip(FAMILIES, (0.60, 0.15, 0.15, 0.10), strict=True):
        for label in (0, 1):
            rows = (d.families == family) & (d.clean == label)
            assert abs(rows.sum() - share * 1000) <= 1
            assert abs((d.labels != d.clean)[rows].sum() - 0.04 * rows.sum()) <= 1


@pytest.mark.parametrize("pos_rate", [0.0, 0.13, 0.5, 1.0])
def test_pos_rate_is_the_share_of_clean_positives(pos_rate: float) -> None:
    assert draw(400, 7, pos_rate=pos_rate).clean.sum() == round(400 * pos_rate)


def test_epsilon_zero_flips_nothing_and_one_flips_everything() -> None:
    calm, wild = draw(300, 8, epsilon=0.0), draw(300, 8, epsilon=1.0)
    assert (calm.labels == calm.clean).all()
    assert (wild.labels != wild.clean).all()


def test_a_seed_gives_one_draw_and_another_seed_another() -> None:
    assert digest(draw(60, 9)) == digest(draw(60, 9))
    assert digest(draw(60, 9)) != digest(draw(60, 10))


def test_a_generator_moves_on_and_the_global_one_is_left_alone() -> None:
    before = np.random.get_state()
    rng = np.random.default_rng(11)
    first, second = draw(40, rng), draw(40, rng)
    assert digest(first) != digest(second)
    assert digest(first) == digest(draw(40, np.random.default_rng(11)))
    after = np.random.get_state()
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_two_per_cent_of_the_training_reviews_repeat_another_one_with_light_edits() -> None:
    train = course_draw().train
    copies = np.flatnonzero(train.copy_of >= 0)
    assert len(copies) == 80
    for row in copies:
        original = train.copy_of[row]
        assert train.copy_of[original] == -1
        assert train.texts[row] != train.texts[original]
        assert train.tokens[row] == train.tokens[original]
        assert train.labels[row] == train.labels[original]
        assert train.films[row] == train.films[original]
    assert len({tuple(tokens) for tokens in train.tokens}) == len(train.tokens) - 80


def test_a_hidden_draw_has_unseen_films_and_no_duplicates() -> None:
    course, hidden = course_draw(), hidden_draw(2000, 12)
    assert len({tuple(tokens) for tokens in hidden.tokens}) == 2000
    known = set(course.train.films) | set(course.test.films)
    assert known.isdisjoint(hidden.films)
    assert set(hidden.films).isdisjoint(hidden_draw(2000, 13).films)
    assert set(course.train.films).isdisjoint(course.test.films)


def test_films_have_five_to_twenty_reviews_and_say_nothing_about_the_label() -> None:
    d = draw(4000, 14, epsilon=0.0)
    counts = Counter(d.films.tolist())
    assert 270 <= len(counts) <= 370
    assert sum(not 5 <= n <= 20 for n in counts.values()) <= 1  # the last film takes what is left
    shares = np.array([d.clean[d.films == film].mean() for film in counts])
    sizes = np.array(list(counts.values()))
    # With independent labels the sum of squared z-scores is a chi-square: mean 1 per film.
    assert 0.75 < np.mean((shares - 0.5) ** 2 * 4 * sizes) < 1.25


def test_polar_films_lean_to_one_side() -> None:
    d = draw(4000, 15, films="polar", pos_rate=0.3)
    shares = np.array([d.clean[d.films == film].mean() for film in sorted(set(d.films))])
    assert np.mean(np.abs(shares - 0.5) > 0.2) > 0.9
    assert abs(d.clean.mean() - 0.3) < 0.1


def test_a_film_owns_its_title_and_leading_part() -> None:
    names = [catalogue.own_name(i) for i in range(catalogue.OWN_NAMES)]
    assert len({*names, *catalogue.people()}) == len(names) + len(catalogue.people())
    vocabulary = {word for tokens in draw(2000, 16).tokens for word in tokens}
    words = set(ENGLISH.positive + ENGLISH.negative + ENGLISH.jobs + ENGLISH.places + ENGLISH.bystanders)
    words |= {aspect.word for aspect in ENGLISH.aspects}
    assert len(vocabulary & words) > 100
    assert words.isdisjoint(names)
    assert words.isdisjoint(catalogue.people())


def test_nobody_works_on_a_film_twice() -> None:
    for index in range(400):
        film = catalogue.film(index, ENGLISH)
        assert len({film.director, *film.actors}) == 4


def test_tags_mark_one_adjective_per_opinion_and_what_it_means() -> None:
    for tokens, tags, family, clean in zip(
        (d := draw(500, 17)).tokens, d.tags, d.families, d.clean, strict=True
    ):
        marked = [tag for tag in tags if tag]
        opinions = {token for token, tag in zip(tokens, tags, strict=True) if tag}
        assert opinions <= set(ENGLISH.positive + ENGLISH.negative)
        right = 1 if clean else 2
        if family in ("contrast", "both"):
            assert marked == [3, right]
        else:
            assert set(marked) == {right}


def test_verbs_agree_with_their_aspect() -> None:
    plural = {aspect.word: aspect.plural for aspect in ENGLISH.aspects}
    seen = Counter()
    for tokens in draw(1000, 18).tokens:
        for word, verb in pairwise(tokens):
            if word in plural and verb in ("was", "were"):
                assert verb == ("were" if plural[word] else "was")
                seen[verb] += 1
    assert min(seen["was"], seen["were"]) > 100


@pytest.mark.parametrize(
    ("arguments", "received"),
    [
        ({"n": -1}, "(got -1)"),
        ({"n": 2.5}, "(got 2.5)"),
        ({"n": True}, "(got True)"),
        ({"pos_rate": 1.5}, "(got 1.5)"),
        ({"epsilon": -0.1}, "(got -0.1)"),
        ({"duplicates": 0.6}, "(got 0.6)"),
        ({"films": "mixed"}, "(got 'mixed')"),
        ({"films": "polar", "pos_rate": 0.95}, "(got 0.95)"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_received_value(arguments: dict, received: str) -> None:
    with pytest.raises(ValueError, match="must") as refusal:
        draw(**{"n": 10, "seed": 0, **arguments})
    assert str(refusal.value).endswith(received)


def test_an_empty_draw_is_empty() -> None:
    assert draw(0, 0).tokens == []
    assert draw(0, 0).labels.shape == (0,)


@pytest.mark.parametrize(
    "text", ["", "with a and b .", "the critics found it dull .", "the plot was good . the end was bad ."]
)
def test_the_parser_refuses_a_review_without_a_verdict(text: str) -> None:
    with pytest.raises(ValueError, match="decides for neither side"):
        parse(text.split())
