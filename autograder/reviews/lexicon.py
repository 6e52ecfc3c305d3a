"""The words and sentence patterns of one language; it draws nothing and judges nothing.

A second language is a second `Lexicon` under the same latent plans. What it must keep: no word of a
pattern may depend on the adjective, so that two adjectives can change places in one review without any
other word changing (see `grammar.opinions`). That is why no pattern here says "a" or "an" before one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Aspect:
    """Something in a film that can be judged."""

    word: str
    plural: bool = False


@dataclass(frozen=True)
class Lexicon:
    """All of one language; every tuple is ordered, its weights (not normalised) stand beside it.

    Slots of a clause pattern: {aspect} {was} {not} {never} {very} {adjective}; {very} may stay empty.
    Slots of a filler pattern: {title} {lead} {director} {actor} {partner} {job} {place} {when}.
    Slots of a decoy pattern: {bystanders} {adjective}.
    """

    positive: tuple[str, ...]
    negative: tuple[str, ...]
    adjective_weights: tuple[float, ...]
    aspects: tuple[Aspect, ...]
    was: tuple[str, str]  # singular, plural
    intensifiers: tuple[str, ...]
    negations: tuple[tuple[str, float], ...]  # fill {not}
    adverbs: tuple[tuple[str, float], ...]  # fill {never}, where "not" would need a "did"
    contrasts: tuple[tuple[str, float], ...]  # the clause after one of these decides
    plain: tuple[tuple[str, float], ...]
    negated: tuple[tuple[str, float], ...]
    fillers: tuple[str, ...]  # all as likely
    decoys: tuple[tuple[str, float], ...]
    bystanders: tuple[str, ...]
    jobs: tuple[str, ...]
    places: tuple[str, ...]
    occasions: tuple[str, ...]  # fill {when}


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in their order."""
    return tuple(text.split())


def zipf(n: int, exponent: float) -> tuple[float, ...]:
    """Weights 1 / rank**exponent of n ranks."""
    return tuple(1.0 / rank**exponent for rank in range(1, n + 1))


_POSITIVE = words(
    "good great excellent superb brilliant moving funny clever beautiful elegant gripping charming subtle "
    "fresh lively warm inspired tender vivid sharp stunning honest original witty delightful graceful "
    "powerful touching splendid radiant"
)
_NEGATIVE = words(
    "bad poor terrible awful boring dull weak clumsy ugly flat lazy slow predictable shallow cold noisy "
    "confused tedious bland stiff dreadful fake stale grim painful messy tiresome hollow pointless sloppy"
)
_SINGULAR = words(
    "acting plot script music photography pace dialogue ending casting direction humour editing rhythm "
    "lighting soundtrack story finale atmosphere"
)
_PLURAL = words("costumes actors sets songs jokes effects")

ENGLISH = Lexicon(
    positive=_POSITIVE,
    negative=_NEGATIVE,
    adjective_weights=zipf(30, 0.7),
    aspects=tuple([Aspect(w) for w in _SINGULAR] + [Aspect(w, plural=True) for w in _PLURAL]),
    was=("was", "were"),
    intensifiers=("really", "very", "quite", "so", "truly", "especially"),
    negations=(("not", 0.8), ("never", 0.12), ("hardly", 0.08)),
    adverbs=(("never", 0.6), ("hardly", 0.4)),
    contrasts=(("but", 0.64), ("however", 0.12), ("yet", 0.12), ("though", 0.12)),
    plain=(
        ("the {aspect} {was} {very} {adjective}", 0.7),
        ("the {aspect} seemed {very} {adjective}", 0.08),
        ("the {aspect} felt {very} {adjective}", 0.06),
        ("i found the {aspect} {very} {adjective}", 0.08),
        ("to me the {aspect} {was} {very} {adjective}", 0.04),
        ("we thought the {aspect} {was} {very} {adjective}", 0.04),
    ),
    negated=(
        ("the {aspect} {was} {not} {very} {adjective}", 0.74),
        ("the {aspect} did not seem {very} {adjective}", 0.07),
        ("the {aspect} {never} felt {very} {adjective}", 0.05),
        ("i did not find the {aspect} {very} {adjective}", 0.06),
        ("i {never} found the {aspect} {very} {adjective}", 0.04),
        ("to me the {aspect} {was} {not} {very} {adjective}", 0.04),
    ),
    fillers=(
        "{actor} plays a {job} in {place}",
        "we saw {title} {when}",
        "the story takes place in {place}",
        "with {actor} and {partner}",
        "directed by {director}",
        "{lead} is a {job}",
        "{actor} plays {lead}",
    ),
    decoys=(
        ("the {bystanders} found it {adjective}", 0.7),
        ("the {bystanders} called it {adjective}", 0.3),
    ),
    bystanders=("critics", "neighbours", "friends", "newspapers", "colleagues", "reviewers"),
    jobs=words(
        "baker sailor teacher widow lawyer gambler doctor farmer poet soldier singer detective thief priest "
        "painter"
    ),
    places=words(
        "lyon marseille brittany paris grenoble brussels dakar montreal lausanne toulouse nantes lille"
    ),
    occasions=words("yesterday twice together abroad recently outdoors"),
)
