"""The law of the bag of words: no order-blind model can beat one half on the order families."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise

import pytest

from autograder.reviews.films import Film
from autograder.reviews.grammar import ORDER_FAMILIES, review
from autograder.reviews.lexicon import ENGLISH, Aspect, Lexicon
from autograder.reviews.parser import parse

# Small enough to go through everything that can happen; lopsided, so that no symmetry comes for free.
SMALL = Lexicon(
    positive=("good", "fine"),
    negative=("bad", "dull"),
    adjective_weights=(3.0, 1.0),
    aspects=(Aspect("plot"), Aspect("songs", plural=True)),
    was=("was", "were"),
    intensifiers=("very",),
    negations=(("not", 1.0),),
    adverbs=(("hardly", 1.0),),
    contrasts=(("but", 1.0),),
    plain=(("the {aspect} {was} {very} {adjective}", 1.0),),
    negated=(
        ("the {aspect} {was} {not} {very} {adjective}", 3.0),
        ("i {never} found the {aspect} {very} {adjective}", 1.0),
    ),
    fillers=("directed by {director}",),
    decoys=(("the {bystanders} found it {adjective}", 1.0),),
    bystanders=("critics",),
    jobs=("baker",),
    places=("paris",),
    occasions=("twice",),
)
FILM = Film("film", "title", "lead", "someone", ("a", "a"), "paris", "baker")

Law = dict[tuple[str, ...], float]


@cache
def everything(family: str, label: int) -> list[tuple[float, list[str]]]:
    """(probability, tokens) of every way to make such a review: each decision is taken in each way."""
    outcomes = []
    paths: list[tuple[int, ...]] = [()]
    while paths:
        walk = _Walk(paths.pop(), paths)
        outcomes.append((walk, review(family, label, FILM, SMALL, walk)[0]))
    return [(walk.probability, tokens) for walk, tokens in outcomes]


class _Walk:
    """A Pick that follows a path of choices, then takes the first one and notes the others for later."""

    def __init__(self, path: tuple[int, ...], paths: list[tuple[int, ...]]) -> None:
        self.path, self.paths = path, paths
        self.taken: tuple[int, ...] = ()
        self.probability = 1.0

    def __call__(self, shares: tuple[float, ...]) -> int:
        known = len(self.taken) < len(self.path)
        choice = self.path[len(self.taken)] if known else 0
        if not known:
            self.paths += [(*self.taken, other) for other in range(1, len(shares))]
        self.probability *= shares[choice] - (shares[choice - 1] if choice else 0.0)
        self.taken += (choice,)
        return choice


def law(family: str, label: int, seen: Callable[[list[str]], Iterable[str]]) -> Law:
    """The law of what a model sees of a review, when it does not see the order of it."""
    total: Law = defaultdict(float)
    for probability, tokens in everything(family, label):
        total[tuple(sorted(seen(tokens)))] += probability
    return total


def words(tokens: list[str]) -> Iterable[str]:
    return tokens


def pairs(tokens: list[str]) -> Iterable[str]:
    return (" ".join(pair) for pair in pairwise(tokens))


@pytest.mark.parametrize("family", ORDER_FAMILIES)
def test_both_labels_have_the_same_law_of_the_bag_of_words(family: str) -> None:
    positive, negative = (law(family, label, words) for label in (1, 0))
    assert len(positive) > 50
    assert sum(positive.values()) == pytest.approx(1.0, abs=1e-12)
    assert positive.keys() == negative.keys()
    assert max(abs(positive[bag] - negative[bag]) for bag in positive) < 1e-12


def test_the_bag_of_word_pairs_tells_the_label_where_a_negation_stands() -> None:
    positive, negative = (law("negation", label, pairs) for label in (1, 0))
    assert positive.keys() != negative.keys()


@pytest.mark.parametrize("family", ORDER_FAMILIES)
def test_the_parser_reads_every_review_of_the_small_language_right(family: str) -> None:
    for label in (0, 1):
        assert {parse(tokens, SMALL) for _, tokens in everything(family, label)} == {label}


def test_no_word_of_english_is_both_an_opinion_and_something_else() -> None:
    opinions = set(ENGLISH.positive + ENGLISH.negative)
    patterns = [p for p, _ in ENGLISH.plain + ENGLISH.negated + ENGLISH.decoys] + list(ENGLISH.fillers)
    others = {word for pattern in patterns for word in pattern.split()}
    others |= {word for word, _ in ENGLISH.negations + ENGLISH.adverbs + ENGLISH.contrasts}
    others |= {aspect.word for aspect in ENGLISH.aspects} | set(ENGLISH.was + ENGLISH.intensifiers)
    others |= set(ENGLISH.bystanders + ENGLISH.jobs + ENGLISH.places + ENGLISH.occasions)
    assert len(opinions) == 60
    assert opinions.isdisjoint(others)


def test_no_pattern_puts_an_article_before_an_adjective() -> None:
    for pattern, _ in ENGLISH.plain + ENGLISH.negated + ENGLISH.decoys:
        assert {"a", "an"}.isdisjoint(pattern.split()), pattern


def test_patterns_offer_five_or_more_ways_to_say_each_thing() -> None:
    assert min(len(ENGLISH.plain), len(ENGLISH.negated), len(ENGLISH.fillers)) >= 5
