"""The exact oracle: the label that a review's text means. It knows the words, not how they were drawn."""

from collections.abc import Sequence
from functools import cache

from autograder.reviews.lexicon import ENGLISH, Lexicon


def parse(tokens: Sequence[str], lexicon: Lexicon = ENGLISH) -> int:
    """1 or 0 for one review's tokens; upper case counts as lower case.

    Raises ValueError for a review that states no opinion of its own, or whose opinions cancel out.
    """
    meanings: list[int] = []
    for sentence in _sentences([token.lower() for token in tokens]):
        meaning = _meaning(sentence, lexicon)
        if meaning == 0:
            continue
        if sentence[0] in _contrasts(lexicon):
            meanings = [meaning]
            break
        meanings.append(meaning)
    if sum(meanings) == 0:
        raise ValueError(f"this review decides for neither side (got {' '.join(tokens)!r})")
    return int(sum(meanings) > 0)


def _sentences(tokens: Sequence[str]) -> list[list[str]]:
    sentences: list[list[str]] = [[]]
    for token in tokens:
        if token in (".", ","):
            sentences.append([])
        else:
            sentences[-1].append(token)
    return [sentence for sentence in sentences if sentence]


def _meaning(sentence: list[str], lexicon: Lexicon) -> int:
    """+1, -1, or 0 where the author states no opinion."""
    if not set(sentence).isdisjoint(lexicon.bystanders):
        return 0
    for word in sentence:
        polarity = (word in lexicon.positive) - (word in lexicon.negative)
        if polarity:
            return polarity if set(sentence).isdisjoint(_negations(lexicon)) else -polarity
    return 0


@cache
def _contrasts(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(word for word, _ in lexicon.contrasts)


@cache
def _negations(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(word for word, _ in lexicon.negations + lexicon.adverbs)
