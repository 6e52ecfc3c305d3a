"""The invented films and people that reviews speak of; a film's index alone decides what it is."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from autograder.reviews.chance import Pick, cumulative, picker
from autograder.reviews.lexicon import Lexicon, words, zipf

_HEADS = words(
    "bal bor bran cal cor dav del dor fal fen gar gil gor hal hen jar jor kal kel kor lan lev lor mal mar "
    "mer mor nal ner nor pal per pol ral rol sal sel sor tal ter tor val ver vol wal wen zal zor"
)
_MIDDLES = words("ab ad al am an ar at av eb ed el em en er et ev ib id il im in ir it iv ob od ol om on or")
_PEOPLE_ENDINGS = words(
    "ano eski ier ova oni ard enko illo etti ius asse aud eau ini escu ides opol ukas ymo ander ell ford "
    "gren holm inga jian kova land mann ner"
)
_OWN_ENDINGS = words(
    "ia is os us ora ine ette une iane oa ys ax ux yr eth oth ume ise ole ane ere ade ude ice ique uma ila "
    "ona eda ira"
)

_PEOPLE = 1400
_STRIDE = 20_011  # prime to the number of own names: neighbouring films get unlike names
OWN_NAMES = len(_HEADS) * len(_MIDDLES) * len(_OWN_ENDINGS)
FILMS = OWN_NAMES // 2  # two names of its own per film


@dataclass(frozen=True)
class Film:
    """A film: its id, two names that no other film has, and people who also work on other films."""

    id: str
    title: str
    lead: str
    director: str
    actors: tuple[str, ...]
    place: str
    job: str


def own_name(number: int) -> str:
    """The name of a title or a leading part; number in [0, OWN_NAMES) gives each name once."""
    rest, ending = divmod(number * _STRIDE % OWN_NAMES, len(_OWN_ENDINGS))
    head, middle = divmod(rest, len(_MIDDLES))
    return _HEADS[head] + _MIDDLES[middle] + _OWN_ENDINGS[ending]


@cache
def people() -> tuple[str, ...]:
    """The surnames of actors and directors, the most famous first."""
    names = [head + ending for ending in _PEOPLE_ENDINGS for head in _HEADS]
    order = np.argsort(np.random.Generator(np.random.PCG64(7)).random(len(names)), kind="stable")
    return tuple(names[i] for i in order[:_PEOPLE])


@cache
def _fame() -> tuple[float, ...]:
    return cumulative(zipf(_PEOPLE, 1.05))


@cache
def film(index: int, lexicon: Lexicon) -> Film:
    """Film number `index`, 0 <= index < FILMS; the same film in every draw."""
    if not 0 <= index < FILMS:
        raise ValueError(f"a film's index must lie in [0, {FILMS}) (got {index})")
    pick = picker(np.random.Generator(np.random.PCG64([7, index])))
    director, *actors = _people(4, pick)
    return Film(
        id=f"film_{index:05d}",
        title=own_name(2 * index),
        lead=own_name(2 * index + 1),
        director=director,
        actors=tuple(actors),
        place=lexicon.places[pick(cumulative((1.0,) * len(lexicon.places)))],
        job=lexicon.jobs[pick(cumulative((1.0,) * len(lexicon.jobs)))],
    )


def proper_names(film: Film) -> frozenset[str]:
    """The words that a review of this film writes in upper case."""
    return frozenset((film.title, film.lead, film.director, *film.actors, film.place))


def _people(count: int, pick: Pick) -> list[str]:
    """So many people, famous ones more often, nobody twice."""
    chosen: list[str] = []
    while len(chosen) < count:
        person = people()[pick(_fame())]
        if person not in chosen:
            chosen.append(person)
    return chosen
