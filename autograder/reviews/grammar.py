"""How one review is made: latent opinions first, then sentences; here the label is known before the words.

In the families negation, contrast and both, the bag of words has the same law under both labels:

* negation: {x, not y}; when the two adjectives change places, every other word stays, the label turns;
* contrast and both: when the two clauses change places around the contrast word, the label turns.

Both moves keep the probability of a review, because what is drawn for a clause (pattern, aspect,
negation, intensifier) does not look at the adjective's polarity, and fillers, decoys and slots look at
nothing but the lengths. Whoever adds a pattern keeps that; a test enumerates it.
"""

from dataclasses import dataclass
from typing import TypeVar

from autograder.reviews.chance import Pick, cumulative, evenly
from autograder.reviews.films import Film
from autograder.reviews.lexicon import Aspect, Lexicon

T = TypeVar("T")

FAMILIES = ("direct", "negation", "contrast", "both")
FAMILY_SHARES = (0.60, 0.15, 0.15, 0.10)
ORDER_FAMILIES = FAMILIES[1:]
OTHER, POSITIVE, NEGATIVE, CONCEDED = range(4)  # the tags of a token

INTENSIFIED = 0.35
DECOYS = 0.15
MAX_TOKENS = 44


@dataclass(frozen=True)
class Opinion:
    """One clause in latent form: the polarity (+1, -1) of its adjective, and whether it is negated."""

    polarity: int
    negated: bool = False

    @property
    def meaning(self) -> int:
        """+1 or -1, after the negation."""
        return -self.polarity if self.negated else self.polarity


Sentence = tuple[list[str], list[int]]  # tokens and their tags, without the closing mark


def opinions(family: str, label: int, pick: Pick) -> list[Opinion]:
    """The opinions of a review of this family whose clean label is `label` (0 or 1), in their order."""
    sign = 1 if label else -1
    if family == "direct":
        return [Opinion(sign)] * (2 + pick(evenly(2)))
    if family == "negation":
        pair = [Opinion(sign), Opinion(-sign, negated=True)]
        return pair[::-1] if pick(evenly(2)) else pair
    if family == "contrast":
        return [Opinion(-sign), Opinion(sign)]
    polarity = (1, -1)[pick(evenly(2))]
    last_negated = polarity != sign
    return [Opinion(polarity, negated=not last_negated), Opinion(polarity, negated=last_negated)]


def clause(
    opinion: Opinion, aspect: Aspect, lexicon: Lexicon, pick: Pick, *, conceded: bool = False
) -> Sentence:
    """The sentence of one opinion about one aspect; its adjective carries the tag."""
    pattern = _weighted(lexicon.negated if opinion.negated else lexicon.plain, pick)
    very = ""
    if pick(cumulative((1 - INTENSIFIED, INTENSIFIED))):
        very = lexicon.intensifiers[pick(evenly(len(lexicon.intensifiers)))]
    slots = {
        "{aspect}": aspect.word,
        "{was}": lexicon.was[aspect.plural],
        "{not}": _weighted(lexicon.negations, pick) if "{not}" in pattern else "",
        "{never}": _weighted(lexicon.adverbs, pick) if "{never}" in pattern else "",
        "{very}": very,
        "{adjective}": _adjective(opinion.polarity, lexicon, pick),
    }
    tag = CONCEDED if conceded else POSITIVE if opinion.meaning > 0 else NEGATIVE
    tokens, tags = [], []
    for part in pattern.split():
        word = slots.get(part, part)
        if word:
            tokens.append(word)
            tags.append(tag if part == "{adjective}" else OTHER)
    return tokens, tags


def review(family: str, label: int, film: Film, lexicon: Lexicon, pick: Pick) -> Sentence:
    """Tokens and tags of a whole review of at most MAX_TOKENS tokens, whose clean label is `label`."""
    plan = opinions(family, label, pick)
    contrast = _weighted(lexicon.contrasts, pick) if family in ("contrast", "both") else ""
    clauses = [
        clause(opinion, aspect, lexicon, pick, conceded=bool(contrast) and i == 0)
        for i, (opinion, aspect) in enumerate(
            zip(plan, _distinct(lexicon.aspects, len(plan), pick), strict=True)
        )
    ]
    if contrast:
        tokens, tags = clauses[1]
        clauses[1] = ([contrast, *tokens], [OTHER, *tags])
    asides = _asides(film, lexicon, pick, room=MAX_TOKENS - sum(len(tokens) + 1 for tokens, _ in clauses))
    slots = [pick(evenly(len(clauses) + 1)) for _ in asides]
    comma = bool(contrast) and 1 not in slots and pick(evenly(2)) == 0
    return _join(clauses, asides, slots, comma=comma)


def _asides(film: Film, lexicon: Lexicon, pick: Pick, *, room: int) -> list[list[str]]:
    """One to three neutral sentences about the film, sometimes somebody else's opinion: no effect."""
    most = min(3, len(lexicon.fillers))
    patterns = _distinct(lexicon.fillers, 1 + pick(evenly(most)), pick)
    asides = [_filler(pattern, film, lexicon, pick) for pattern in patterns]
    if pick(cumulative((1 - DECOYS, DECOYS))):
        asides.insert(0, _decoy(lexicon, pick))
    while asides and sum(len(tokens) + 1 for tokens in asides) > room:
        asides.pop()
    return asides


def _filler(pattern: str, film: Film, lexicon: Lexicon, pick: Pick) -> list[str]:
    actor, partner = _distinct(film.actors, 2, pick)
    slots = {
        "{title}": film.title,
        "{lead}": film.lead,
        "{director}": film.director,
        "{actor}": actor,
        "{partner}": partner,
        "{job}": film.job,
        "{place}": film.place,
        "{when}": lexicon.occasions[pick(evenly(len(lexicon.occasions)))],
    }
    return [slots.get(part, part) for part in pattern.split()]


def _decoy(lexicon: Lexicon, pick: Pick) -> list[str]:
    slots = {
        "{bystanders}": lexicon.bystanders[pick(evenly(len(lexicon.bystanders)))],
        "{adjective}": _adjective((1, -1)[pick(evenly(2))], lexicon, pick),
    }
    return [slots.get(part, part) for part in _weighted(lexicon.decoys, pick).split()]


def _join(clauses: list[Sentence], asides: list[list[str]], slots: list[int], *, comma: bool) -> Sentence:
    """Clauses in their order, each aside before the clause of its slot (or at the end)."""
    tokens: list[str] = []
    tags: list[int] = []
    for i in range(len(clauses) + 1):
        for aside, slot in zip(asides, slots, strict=True):
            if slot == i:
                tokens += [*aside, "."]
                tags += [OTHER] * (len(aside) + 1)
        if i < len(clauses):
            tokens += [*clauses[i][0], "," if comma and i == 0 else "."]
            tags += [*clauses[i][1], OTHER]
    return tokens, tags


def _adjective(polarity: int, lexicon: Lexicon, pick: Pick) -> str:
    words = lexicon.positive if polarity > 0 else lexicon.negative
    return words[pick(cumulative(lexicon.adjective_weights))]


def _distinct(choices: tuple[T, ...], count: int, pick: Pick) -> list[T]:
    """`count` of the choices, no one twice, every order as likely."""
    left = list(choices)
    return [left.pop(pick(evenly(len(left)))) for _ in range(count)]


def _weighted(choices: tuple[tuple[str, float], ...], pick: Pick) -> str:
    return choices[pick(cumulative(tuple(weight for _, weight in choices)))][0]
