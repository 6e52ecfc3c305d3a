"""Hidden checks of `ex2_one_hot`: what each function must do, and the mistakes that students really make.

A check's docstring is the claim that the student reads; a hint says where to look, never the answer.
"""

import functools
import itertools
import re
from collections import Counter

import numpy as np
import pytest

from autograder import reviews
from autograder.checking import TrainingRecipe, exercise, expect, reaches, special
from solutions import ex2_one_hot as reference

LETTERS = list("abcdefghijklmnopqrstuvwxyz")
DEPTH = 1000
RECIPE = TrainingRecipe(loss="binary_crossentropy", learning_rate=1e-2, batch_size=128)
EPOCHS = 10


def new_words(rng, n):
    """n different invented words, in random order."""
    found = {}
    while len(found) < n:
        found["".join(rng.choice(LETTERS, size=rng.integers(4, 9)))] = None
    return list(found)


def as_reviews(rng, counts, n=4):
    """n reviews that hold each word of ``counts`` as often as it says, in random order."""
    tokens = [word for word, count in counts.items() for _ in range(count)]
    rows = [[] for _ in range(n)]
    for i in rng.permutation(len(tokens)):
        rows[rng.integers(n)].append(tokens[i])
    return rows


def appearing(token_lists, words):
    """These words in the order of their first appearance."""
    return [word for word in dict.fromkeys(itertools.chain(*token_lists)) if word in words]


def refused(error, function, *arguments, hint, accepted):
    """The call raises ``error``; ``accepted`` makes the sentence for a call that returns."""

    def call(*inputs):
        value = function(*inputs)
        expect.that(False, accepted(value), hint=hint)

    expect.raises(error, call, *arguments, hint=hint)


def lit_columns(value):
    """The columns of a single row that are not 0; None for anything that is no such row."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf" or not 0 < value.size < 10**6:
        return None
    return np.flatnonzero(value.reshape(-1)).tolist()


def right_dtype(got, hint):
    expect.that(isinstance(got, np.ndarray), "{call} returned no NumPy array.", hint=hint)
    cost = ": float64 doubles the memory, 25 000 reviews × 10 000 words take 2 GB"
    extra = cost if got.dtype == np.float64 else ""
    expect.that(
        got.dtype == np.float32, f"{{call}} returned {got.dtype}, and float32 is asked{extra}.", hint=hint
    )


# ---------------------------------------------------------------------------------------- tokenize


def token_mistakes(text):
    """Sentence -> what the mistake returns, wherever it differs from the right tokens."""
    lower = text.lower()
    found = {
        "{call} gives single characters; words are asked.": list(lower),
        "{call} gives one text; a list of tokens is asked.": " ".join(lower.split()),
        "{call} cuts inside words, at signs that no white space stands around: don't is one token.": (
            re.findall(r"\w+|[^\w\s]", lower)
        ),
        "{call} drops signs that stand inside words: don't is one token, with its apostrophe.": (
            re.findall(r"\w+", lower)
        ),
        "{call} drops accented letters, which damages French words.": (
            re.sub(r"[^\x00-\x7f]", "", lower).split()
        ),
    }
    return {sentence: wrong for sentence, wrong in found.items() if wrong != lower.split()}


@exercise("tokenize")
def test_lowers_every_letter(submission, rng):
    """`tokenize` gives lower-case tokens: "Good", "good" and "GOOD" are the same word."""
    text = " ".join(
        [*(word.upper() for word in new_words(rng, 3)), "Été", *map(str.title, new_words(rng, 3))]
    )
    expect.equal(
        submission.tokenize(text),
        reference.tokenize(text),
        hint="Print the tokens of a text that begins with a capital letter.",
        confusions={
            "Capital letters are still there in what {call} returned.": text.split(),
            **token_mistakes(text),
        },
    )


@exercise("tokenize")
def test_cuts_at_any_white_space(submission, rng):
    """`tokenize` cuts at any white space: spaces, tabs and line ends, one or many, also at both ends."""
    a, b, c, d, e = new_words(rng, 5)
    text = f"  {a}\t{b}  {c}\n{d} \r\n {e} "
    only_spaces = text.split(" ")
    expect.equal(
        submission.tokenize(text),
        reference.tokenize(text),
        hint="Try a text with a tab in it, and one with two spaces in a row.",
        confusions={
            "{call} cut at each single space: a tab stays inside a token, and two spaces in a row give an "
            "empty token.": only_spaces,
            "{call} cut at spaces only: tabs and line ends stay inside tokens.": [
                t for t in only_spaces if t
            ],
        },
    )


@exercise("tokenize")
def test_keeps_punctuation(submission, rng):
    """Punctuation is kept: ".", "," and "!" are tokens like any word."""
    a, b, c = new_words(rng, 3)
    text = f"{a} , {b} ... {c} ! ?"
    expect.equal(
        submission.tokenize(text),
        reference.tokenize(text),
        hint="Is a full stop with spaces around it among your tokens?",
        confusions={"{call} threw the punctuation away; here it is kept as tokens.": [a, b, c]},
    )


@exercise("tokenize")
def test_keeps_words_whole(submission, rng):
    """A word is what stands between white space: "don't", "well-made" and "l'été" are one token each."""
    a, b = new_words(rng, 2)
    text = f"don't {a} well-made l'été {b} naïve 7/10"
    expect.equal(
        submission.tokenize(text),
        reference.tokenize(text),
        hint="Which of these does your function cut into pieces, or change: don't, well-made, l'été?",
        confusions=token_mistakes(text),
    )


@exercise("tokenize")
def test_keeps_every_token_in_order(submission, rng):
    """A word that occurs twice is there twice, and tokens keep their order."""
    a, b, c = new_words(rng, 3)
    text = f"{a} {b} {a} {c} {b} {a}"
    expect.equal(
        submission.tokenize(text),
        reference.tokenize(text),
        hint="Count the tokens of a text in which a word occurs twice.",
        confusions={"{call} gives each word once; repeated words are lost.": [a, b, c]},
    )


@exercise("tokenize")
@pytest.mark.parametrize("text", ["", " \t\n "], ids=["empty", "blank"])
def test_empty_text_has_no_tokens(submission, text):
    """A text without words gives an empty list."""
    expect.equal(
        submission.tokenize(text),
        [],
        hint="What does your function return for a text of length 0, and for one of spaces only?",
        confusions={"{call} returned an empty text in a list: one token too many.": [""]},
    )


@exercise("tokenize")
def test_tokenizes_any_text(submission, rng):
    """`tokenize` is right on texts that mix all of this."""
    signs = [" ", "  ", "\t", "\n", " . ", " , ", " ! "]
    for _ in range(5):
        words = [word.title() if rng.random() < 0.3 else word for word in new_words(rng, 12)]
        text = "".join(word + str(rng.choice(signs)) for word in words)
        expect.equal(
            submission.tokenize(text),
            reference.tokenize(text),
            hint="Follow the worked example step by step: lower case first, then the cut.",
            confusions=token_mistakes(text),
        )


# -------------------------------------------------------------------------------------- build_vocab


def vocab_mistakes(token_lists, max_size):
    """Sentence -> the vocabulary that the mistake gives."""
    right = reference.build_vocab(token_lists, max_size)
    counts = Counter(token for tokens in token_lists for token in tokens)
    in_reviews = Counter(token for tokens in token_lists for token in set(tokens))
    kept = max(max_size - 3, 0)

    def numbered(words, start=3):
        return {word: number for number, word in enumerate(words, start)}

    def ranked(counted, sign):
        return sorted(counted, key=lambda word: (sign * counted[word], word))[:kept]

    mistakes = {
        "{call} numbers words from 0, so the first three words have the ids of pad, start and unknown": (
            numbered(right, 0)
        ),
        "{call} numbers words from 1, but 1 is the start and 2 the unknown word": numbered(right, 1),
        "{call} numbers words from 2, but 2 is the unknown word": numbered(right, 2),
        "{call} numbers words from 4, as Keras' own file does; here words start at 3": numbered(right, 4),
        "{call} holds names for pad, start or unknown, which are no words of the reviews": {
            "<pad>": 0,
            "<start>": 1,
            "<unk>": 2,
            **right,
        },
        "{call} takes the rarest words first": numbered(ranked(counts, 1)),
        "{call} takes words in alphabetical order, without regard to how often they occur": numbered(
            sorted(counts)[:kept]
        ),
        "{call} counts in how many reviews a word occurs; the frequency counts its tokens": numbered(
            ranked(in_reviews, -1)
        ),
        "Equally frequent words stand in the order in which they appear, so the same reviews in another "
        "order give another vocabulary": numbered([word for word, _ in counts.most_common(kept)]),
        "Equally frequent words stand in reversed alphabetical order": numbered(
            [word for _, word in sorted(((n, word) for word, n in counts.items()), reverse=True)][:kept]
        ),
    }
    for spare, sentence in (
        (3, "{call} holds three words too many: max_size counts pad, start and unknown too"),
        (-1, "{call} holds one word too few"),
        (1, "{call} holds one word too many"),
    ):
        mistakes[sentence] = reference.build_vocab(token_lists, max_size + spare)
    return mistakes


def same_vocab(got, token_lists, max_size, hint):
    mistakes = vocab_mistakes(token_lists, max_size)
    expect.equal(got, reference.build_vocab(token_lists, max_size), hint=hint, confusions=mistakes)


@exercise("build_vocab")
def test_gives_word_to_id(submission, rng):
    """`build_vocab` returns a dict: the keys are words, the values are whole numbers."""
    hint = "What is looked up later is a word, and what comes out is its id."
    got = submission.build_vocab(as_reviews(rng, dict.fromkeys(new_words(rng, 6), 2)), 100)
    words = isinstance(got, list | tuple) and all(isinstance(word, str) for word in got)
    expect.that(not words, "{call} gives the words without their ids; a dict is asked.", hint=hint)
    expect.mapping(got, hint=hint)
    expect.that(
        not any(isinstance(key, int | np.integer) for key in got),
        "{call} goes from id to word; word -> id is asked.",
        hint="Which of the two will you look up when you encode a review?",
    )
    expect.that(
        all(isinstance(value, int | np.integer) for value in got.values()),
        "{call} holds an id that is no whole number.",
        hint="Look at the type of the values of your dict.",
    )
    expect.that(len(got) > 0, "{call} returned an empty dict.", hint="How many words may be kept here?")


@exercise("build_vocab")
def test_words_start_at_three(submission, rng):
    """The ids 0, 1 and 2 stay free for pad, start and unknown: the most frequent word has id 3."""
    counts = {word: 9 - i for i, word in enumerate(new_words(rng, 5))}
    token_lists = as_reviews(rng, counts)
    hint = "Which ids are taken before the first word?"
    same_vocab(submission.build_vocab(token_lists, 100), token_lists, 100, hint)


@exercise("build_vocab")
def test_max_size_counts_all_ids(submission, rng):
    """`max_size` counts all ids, the three special ones included: max_size - 3 words are kept."""
    counts = {word: 20 - i for i, word in enumerate(new_words(rng, 15))}
    token_lists = as_reviews(rng, counts)
    hint = "With max_size ids in all, which is the largest id that a word may have?"
    same_vocab(submission.build_vocab(token_lists, 10), token_lists, 10, hint)


@exercise("build_vocab")
@pytest.mark.parametrize("max_size", [0, 2, 3])
def test_no_room_for_words(submission, rng, max_size):
    """Where `max_size` leaves no room for words, the vocabulary is empty."""
    token_lists = as_reviews(rng, dict.fromkeys(new_words(rng, 8), 2))
    every = reference.build_vocab(token_lists, 100)
    cut = {word: number for word, number in every.items() if number < max_size + len(every)}
    expect.equal(
        submission.build_vocab(token_lists, max_size),
        {},
        hint="What does a slice [:n] keep when n is negative?",
        confusions={
            f"{{call}} keeps {len(cut)} words: with a negative end, a slice drops the last words instead of "
            "keeping none.": cut
        }
        if max_size < 3
        else {},
    )


@exercise("build_vocab")
def test_most_frequent_words_first(submission, rng):
    """The more often a word occurs, the smaller its id; rare words are left out."""
    counts = {word: 3 + 2 * i for i, word in enumerate(new_words(rng, 12))}
    token_lists = as_reviews(rng, counts)
    hint = "Count three words of a small example by hand and compare the order."
    same_vocab(submission.build_vocab(token_lists, 9), token_lists, 9, hint)


@exercise("build_vocab")
def test_counts_tokens(submission, rng):
    """A word's frequency is the number of its tokens, not of the reviews that hold it."""
    often, everywhere, other = new_words(rng, 3)
    token_lists = [[often] * 7 + [everywhere], [everywhere, other], [everywhere, other], [everywhere]]
    hint = "What does a word that stands seven times in a single review count for?"
    same_vocab(submission.build_vocab(token_lists, 100), token_lists, 100, hint)


@exercise("build_vocab")
def test_ties_in_string_order(submission, rng):
    """Equally frequent words are taken in Python's string order."""
    counts = dict.fromkeys([*new_words(rng, 12), ".", ",", "été"], 2)
    token_lists = as_reviews(rng, counts)
    hint = "What decides between two words that occur equally often? Look at the key of your sort."
    same_vocab(submission.build_vocab(token_lists, 12), token_lists, 12, hint)


@exercise("build_vocab")
def test_order_of_reviews_changes_nothing(submission, rng):
    """The same reviews in another order give the same vocabulary."""
    words = new_words(rng, 20)
    token_lists = as_reviews(rng, {word: 1 + i // 5 for i, word in enumerate(words)})
    shuffled = token_lists
    while appearing(shuffled, words[15:]) == appearing(token_lists, words[15:]):
        shuffled = [[tokens[i] for i in rng.permutation(len(tokens))] for tokens in token_lists]
        shuffled = [shuffled[i] for i in rng.permutation(len(shuffled))]
    hint = "When two words occur equally often, does their order depend on which one came first?"
    first = expect.mapping(submission.build_vocab(token_lists, 13), hint=hint)
    second = expect.mapping(submission.build_vocab(shuffled, 13), hint=hint)
    changed = len(dict(first.items() ^ second.items())) if _plain_items(first, second) else len(first)
    expect.that(
        first == second,
        f"The same reviews in another order give another vocabulary: {changed} words differ in it.",
        hint=hint,
    )


def _plain_items(*mappings):
    return all(isinstance(value, int | np.integer) for mapping in mappings for value in mapping.values())


@exercise("build_vocab")
def test_other_reviews_stay_outside(submission, rng):
    """The vocabulary holds words of the given reviews only: a word of the dev set alone is unknown."""
    words = new_words(rng, 20)
    train, dev = as_reviews(rng, dict.fromkeys(words[:10], 2)), as_reviews(rng, dict.fromkeys(words[10:], 3))
    hint = "Does something stay from one call of your function to the next?"
    expect.mapping(submission.build_vocab(dev, 100), hint=hint)
    got = expect.mapping(submission.build_vocab(train, 100), hint=hint)
    leaked = len(set(got) & set(words[10:]))
    expect.that(
        leaked == 0, f"The vocabulary holds {leaked} words that were seen in other reviews only.", hint=hint
    )


@exercise("build_vocab")
def test_reviews_stay_as_they_are(submission, rng):
    """`build_vocab` does not change the reviews."""
    token_lists = as_reviews(rng, dict.fromkeys(new_words(rng, 10), 3))
    expect.unchanged(
        submission.build_vocab.report(token_lists, 100),
        hint="`sort` and `pop` change a list; `sorted` gives a new one.",
    )


@exercise("build_vocab")
@pytest.mark.parametrize("max_size", [8, 20, 500])
def test_numbers_any_reviews(submission, rng, max_size):
    """`build_vocab` is right on reviews with frequent, rare and equally frequent words."""
    words = new_words(rng, 60)
    counts = {word: int(count) for word, count in zip(words, rng.zipf(1.6, size=60).clip(1, 40), strict=True)}
    token_lists = [*as_reviews(rng, counts, n=12), []]
    hint = "Take the worked example apart: the counts, the order, the cut, the ids."
    same_vocab(submission.build_vocab(token_lists, max_size), token_lists, max_size, hint)


# ------------------------------------------------------------------------------------------- encode


def some_vocab(rng, n=12):
    return {word: number for number, word in enumerate(new_words(rng, n), start=3)}


def known_reviews(rng, vocab, n=4):
    return [list(rng.choice(list(vocab), size=rng.integers(2, 9)).tolist()) for _ in range(n)]


def with_unknown(rng, token_lists):
    """The same reviews with unknown words at random places, at least one in each."""
    strangers = [word + "zz" for word in new_words(rng, 2 * len(token_lists))]
    rows = [list(tokens) for tokens in token_lists]
    for i, stranger in enumerate(strangers):
        row = rows[i % len(rows)]
        row.insert(int(rng.integers(len(row) + 1)), stranger)
    return rows


@exercise("encode")
def test_opens_with_start(submission, rng):
    """Every review opens with the start id 1."""
    vocab = some_vocab(rng)
    token_lists = known_reviews(rng, vocab)
    want = reference.encode(token_lists, vocab)
    expect.equal(
        submission.encode(token_lists, vocab),
        want,
        hint="What stands in front of every review in the worked example?",
        confusions={
            "The start id is missing in what {call} returned.": [ids[1:] for ids in want],
            "The reviews start with 0 in what {call} returned; 0 is the pad.": [
                [0, *ids[1:]] for ids in want
            ],
            "The start id stands at the end in what {call} returned.": [[*ids[1:], 1] for ids in want],
        },
    )


@exercise("encode")
def test_unknown_words_get_two(submission, rng):
    """A word outside the vocabulary becomes 2; it is not removed."""
    vocab = some_vocab(rng)
    token_lists = with_unknown(rng, known_reviews(rng, vocab))
    want = reference.encode(token_lists, vocab)
    hint = "Encode a review with an invented word in it, and count the ids."
    known = [[token for token in tokens if token in vocab] for tokens in token_lists]
    seen = "Known words are encoded well; here some words are not in the vocabulary"
    got = special(submission.encode, (token_lists, dict(vocab)), plain=(known, vocab), seen=seen, hint=hint)
    expect.equal(
        got,
        want,
        hint=hint,
        confusions={
            "{call} removed unknown words; unknown words get id 2, they are not removed.": [
                [number for number in ids if number != 2] for ids in want
            ],
            "{call} gave unknown words 0, which is the pad; they get id 2.": [
                [0 if number == 2 else number for number in ids] for ids in want
            ],
            "{call} gave unknown words 1, which is the start; they get id 2.": [
                [1 if number == 2 else number for number in ids] for ids in want
            ],
            "{call} gave new ids to unknown words; the vocabulary is fixed, and they get id 2.": (
                grown(token_lists, vocab)
            ),
        },
    )


def grown(token_lists, vocab):
    vocab = dict(vocab)
    return [[1] + [vocab.setdefault(token, len(vocab) + 3) for token in tokens] for tokens in token_lists]


@exercise("encode")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_empty_review_is_its_start(submission, rng, place):
    """An empty review gives the start id alone, and keeps its place among the others."""
    vocab = some_vocab(rng)
    token_lists = known_reviews(rng, vocab, n=2)
    token_lists.insert(place, [])
    want = reference.encode(token_lists, vocab)
    expect.equal(
        submission.encode(token_lists, vocab),
        want,
        hint="How many reviews go in, and how many come out, when one of them has no tokens?",
        confusions={
            "{call} left the empty review out, so reviews and labels no longer match.": [
                ids for ids in want if len(ids) > 1
            ],
            "{call} gave an empty review no start id.": [ids if len(ids) > 1 else [] for ids in want],
        },
    )


@exercise("encode")
def test_ids_are_the_vocabulary_s(submission, rng):
    """A known word gets exactly the id that the vocabulary gives: decoding gives the words back."""
    vocab = some_vocab(rng, 30)
    token_lists = known_reviews(rng, vocab, n=6)
    want = reference.encode(token_lists, vocab)
    expect.equal(
        submission.encode(token_lists, vocab),
        want,
        hint="Decode your ids again with the vocabulary turned round. Do you read the review?",
        confusions={
            "{call} added 3 to ids that start at 3 already, so the decoded text is nonsense.": [
                [1] + [number + 3 for number in ids[1:]] for ids in want
            ],
            "{call} added 1 to the vocabulary's ids, so the decoded text is nonsense.": [
                [1] + [number + 1 for number in ids[1:]] for ids in want
            ],
        },
    )


@exercise("encode")
def test_reviews_keep_their_lengths(submission, rng):
    """There is one list of ids per review, one id longer than the review: nothing is joined or filled up."""
    vocab = some_vocab(rng)
    token_lists = [list(vocab)[: 2 + 3 * i] for i in range(4)]
    want = reference.encode(token_lists, vocab)
    longest = max(map(len, want))
    expect.equal(
        submission.encode(token_lists, vocab),
        want,
        hint="Look at the lengths of what comes out for two reviews of different lengths.",
        confusions={
            "{call} joined all reviews into one list.": [number for ids in want for number in ids],
            "{call} filled short reviews up with 0; padding comes later.": [
                ids + [0] * (longest - len(ids)) for ids in want
            ],
        },
    )


@exercise("encode")
def test_vocabulary_stays_as_it_is(submission, rng):
    """`encode` reads the vocabulary and never changes it."""
    vocab = some_vocab(rng)
    token_lists = with_unknown(rng, known_reviews(rng, vocab))
    expect.unchanged(
        submission.encode.report(token_lists, vocab),
        hint="Compare len(vocab) before and after you encode a review with an unknown word.",
    )


@exercise("encode")
def test_encodes_any_reviews(submission, rng):
    """`encode` is right on reviews with known and unknown words, long, short and empty."""
    vocab = some_vocab(rng, 40)
    token_lists = [*with_unknown(rng, known_reviews(rng, vocab, n=8)), []]
    expect.equal(
        submission.encode(token_lists, vocab),
        reference.encode(token_lists, vocab),
        hint="Take one short review and write its ids by hand.",
    )


# ------------------------------------------------------------------------------------------ one_hot


def ids_with_each(rng, shape, depth):
    """Ids below depth at random, the largest and the pad among them."""
    ids = rng.integers(0, depth, size=shape)
    ids.reshape(-1)[:2] = [depth - 1, 0]
    return ids


def one_hot_mistakes(ids, depth):
    """Sentence -> the array that the mistake gives."""
    right = reference.one_hot(ids, depth)
    shifted = np.roll(right, -1, axis=-1)
    everywhere = np.broadcast_to(right.reshape(-1, depth).max(axis=0), right.shape)
    ones = int(everywhere.reshape(-1, depth)[0].sum()) if right.size else 0
    largest = int(ids.max())
    width = largest + 1
    one_more = np.concatenate([right, np.zeros_like(right[..., :1])], axis=-1)
    mistakes = {
        f"In what {{call}} returned, id {largest} lights column {largest - 1}: ids count from 0": shifted,
        "{call} leaves the row of id 0 empty; one_hot encodes every id, 0 included": (
            right * (ids != 0)[..., np.newaxis]
        ),
        f"In what {{call}} returned, row 0 has {ones} ones: the columns of all ids light up in every row": (
            everywhere
        ),
        "{call} has zeros where ones belong, and ones where zeros belong": 1 - right,
        f"{{call}} has {depth + 1} columns for depth {depth}, one too many": one_more,
        f"{{call}} has {width} columns for depth {depth}: depth must be {depth} for every batch, and it "
        "depends on the largest id of the batch here": right[..., :width],
    }
    if ids.ndim:
        mistakes["{call} gives one vector for several words, which is multi-hot"] = right.max(axis=-2)
    return mistakes


def same_one_hot(got, ids, depth, axes, hint):
    mistakes = one_hot_mistakes(ids, depth)
    if isinstance(got, np.ndarray) and got.shape[-1:] == (10_000,):
        expect.that(False, f"{{call}} has 10000 columns for depth {depth}.", hint=hint)
    expect.array(got, reference.one_hot(ids, depth), axes=axes, hint=hint, confusions=mistakes)


@exercise("one_hot")
def test_id_lights_its_column(submission, rng):
    """Id k lights column k, counted from 0."""
    ids = rng.permutation(9)
    hint = "Does column k light up for id k? Look at the row of id 0."
    same_one_hot(submission.one_hot(ids, 9), ids, 9, "time depth", hint)


@exercise("one_hot")
@pytest.mark.parametrize("largest", [2, 5, 10])
def test_depth_is_the_width(submission, rng, largest):
    """The last axis has `depth` columns, whatever ids there are in the batch."""
    ids = rng.permutation(largest + 1)
    hint = "Compare the shapes for two batches with the same depth and different largest ids."
    same_one_hot(submission.one_hot(ids, 11), ids, 11, "time depth", hint)


@exercise("one_hot")
@pytest.mark.parametrize(
    ("shape", "axes"), [((2, 5), "batch time depth"), ((3, 2, 4), "... depth")], ids=["batch", "nested"]
)
def test_keeps_the_axes(submission, rng, shape, axes):
    """Ids of shape (...) give shape (..., depth): the axes stay in place and depth comes last."""
    ids = ids_with_each(rng, shape, 7)
    hint = "Which axis of your result has length depth, and where are the axes of the ids?"
    same_one_hot(submission.one_hot(ids, 7), ids, 7, axes, hint)


@exercise("one_hot")
def test_single_id_gives_one_vector(submission, rng):
    """A single id, without any axis, gives a vector of shape (depth,)."""
    number = int(rng.integers(1, 5))
    hint = "What shape does np.asarray(2) have, and what is to be added to it?"
    plain, seen = (np.array([number]), 6), "An array of ids is read well; here a single number comes in"
    got = special(submission.one_hot, (number, 6), plain=plain, seen=seen, hint=hint)
    same_one_hot(got, np.asarray(number), 6, "depth", hint)


@exercise("one_hot")
def test_one_column_is_enough(submission):
    """`depth` may be 1: then every id is 0, and every row is a single 1."""
    ids = np.zeros((2, 3), dtype="int32")
    hint = "Which is the smallest depth that makes sense?"
    seen = "A depth of 2 is accepted; here it is 1, which is a depth like any other"
    got = special(submission.one_hot, (ids, 1), plain=(ids, 2), seen=seen, hint=hint)
    same_one_hot(got, ids, 1, "batch time depth", hint)


@exercise("one_hot")
def test_one_per_row(submission, rng):
    """Every row holds a single 1, also where ids repeat."""
    ids = np.concatenate([np.arange(4), rng.integers(0, 8, size=6)])
    hint = "Add up each row of your result."
    got = submission.one_hot(ids, 8)
    if isinstance(got, np.ndarray) and got.shape == (10, 8) and got.dtype.kind in "biuf":
        ones = np.count_nonzero(got, axis=1)
        row = int(np.argmax(ones != 1))
        expect.that(
            ones[row] in (0, 1), f"In what {{call}} returned, row {row} has {ones[row]} ones.", hint=hint
        )
    same_one_hot(got, ids, 8, "time depth", hint)


@exercise("one_hot")
def test_pad_is_encoded_too(submission, rng):
    """Id 0, the pad, is encoded like any other id."""
    ids = np.concatenate([rng.integers(1, 6, size=(2, 3)), np.zeros((2, 2), dtype=int)], axis=1)
    hint = "Look at the row of an id that is 0."
    same_one_hot(submission.one_hot(ids, 6), ids, 6, "batch time depth", hint)


@exercise("one_hot")
def test_one_hot_is_float32(submission, rng):
    """The result is float32."""
    hint = "Which dtype do np.zeros and np.eye give when they are not told?"
    right_dtype(submission.one_hot(rng.permutation(6), 6), hint)


@exercise("one_hot")
@pytest.mark.parametrize("kind", ["int8", "uint8", "int64", "list"])
def test_takes_any_integers(submission, rng, kind):
    """Ids may be integers of any dtype, or nested lists."""
    ids = ids_with_each(rng, (2, 3), 5)
    given = ids.tolist() if kind == "list" else ids.astype(kind)
    hint = "What does np.asarray give for what comes in?"
    seen = f"An array of int64 is read well; here comes {'a nested list' if kind == 'list' else kind}"
    got = special(submission.one_hot, (given, 5), plain=(ids, 5), seen=seen, hint=hint)
    same_one_hot(got, ids, 5, "batch time depth", hint)


@exercise("one_hot")
@pytest.mark.parametrize("shape", [(0,), (3, 0)], ids=["none", "empty"])
def test_no_ids_no_rows(submission, shape):
    """No ids give no rows: an empty batch is no error, and the last axis keeps its length."""
    hint = "The smallest id of an empty array does not exist. Where do you ask for it?"
    empty, one = np.zeros(shape, dtype="int32"), np.zeros((1,) * len(shape), dtype="int32")
    seen = "Where there are ids all is well; here is none"
    got = special(submission.one_hot, (empty, 4), plain=(one, 4), seen=seen, hint=hint)
    expect.array(got, np.zeros((*shape, 4), dtype="float32"), axes="... depth", hint=hint)


def what_negative_became(value):
    columns = lit_columns(value)
    if columns and value.reshape(-1).size - 1 in columns:
        return "-1 silently became the last word in what {call} returned; a ValueError is asked."
    if columns == [0]:
        return "-1 silently became the pad in what {call} returned; a ValueError is asked."
    if columns == []:
        return "-1 gave a row of zeros in what {call} returned; a ValueError is asked."
    return "{call} accepted an id of -1; a ValueError is asked."


def what_too_large_became(value):
    columns = lit_columns(value)
    if columns and value.reshape(-1).size - 1 in columns:
        return "An id of depth or more silently became the last word in what {call} returned."
    if columns == []:
        return "An id of depth or more gave a row of zeros in what {call} returned."
    return "{call} accepted an id that is not below depth; a ValueError is asked."


@exercise("one_hot")
def test_refuses_negative_ids(submission, rng):
    """A negative id raises ValueError; it must not silently count from the end."""
    refused(
        ValueError,
        submission.one_hot,
        np.array([-1]),
        int(rng.integers(4, 12)),
        hint="What does NumPy take for a[-1]?",
        accepted=what_negative_became,
    )


@exercise("one_hot")
@pytest.mark.parametrize("beyond", [0, 3])
def test_refuses_ids_that_are_too_large(submission, rng, beyond):
    """An id that is not below `depth` raises ValueError."""
    depth = int(rng.integers(4, 12))
    refused(
        ValueError,
        submission.one_hot,
        np.array([depth + beyond]),
        depth,
        hint="Which is the largest id that has a column? Test for it before you write anything.",
        accepted=what_too_large_became,
    )


@exercise("one_hot")
@pytest.mark.parametrize("depth", [0, -3])
def test_refuses_a_depth_below_one(submission, depth):
    """A `depth` below 1 raises ValueError, even when there are no ids."""
    expect.raises(
        ValueError,
        submission.one_hot,
        np.zeros((0,), dtype="int32"),
        depth,
        hint="No id is out of range when there are none; depth itself has to be looked at.",
        otherwise="{call} accepted a depth below 1; a ValueError is asked.",
    )


@exercise("one_hot")
@pytest.mark.parametrize("ids", [np.array([1.0, 2.0]), np.array([0.5])], ids=["whole", "fraction"])
def test_one_hot_refuses_floats(submission, ids):
    """Float ids raise TypeError, whole numbers included: an id is a name, not a quantity."""
    expect.raises(
        TypeError,
        submission.one_hot,
        ids,
        4,
        hint="Look at ids.dtype before you look at the values.",
        otherwise="{call} accepted float ids; a TypeError is asked.",
    )


@exercise("one_hot")
def test_refuses_booleans(submission):
    """Boolean ids raise TypeError: True is no id."""
    expect.raises(
        TypeError,
        submission.one_hot,
        np.array([True, False]),
        4,
        hint="Which kinds of dtype are integers? np.issubdtype may help.",
        otherwise="{call} accepted True and False for ids; a TypeError is asked.",
    )


@exercise("one_hot")
def test_one_hot_leaves_ids_alone(submission, rng):
    """`one_hot` does not change its ids."""
    expect.unchanged(
        submission.one_hot.report(rng.integers(1, 6, size=(3, 4)), 6),
        hint="Print the ids before and after the call.",
    )


@exercise("one_hot", weight=2)
@pytest.mark.parametrize("shape", [(3,), (2, 5), (4, 1, 6)], ids=["vector", "matrix", "cube"])
def test_puts_a_single_one_at_each_id(submission, rng, shape):
    """`one_hot(ids, depth)` has shape ids.shape + (depth,) and a single 1 at each id."""
    depth = int(rng.integers(9, 15))
    ids = rng.integers(0, depth, size=shape)
    hint = "Take three ids and write their vectors by hand."
    same_one_hot(submission.one_hot(ids, depth), ids, depth, "... depth", hint)


# ---------------------------------------------------------------------------------------- multi_hot


def some_sequences(rng, depth, n=5, longest=9):
    """Ragged reviews of ids from 1 on, no two alike in length or words."""
    return [[1, *rng.integers(2, depth, size=2 + (3 * i) % longest).tolist()] for i in range(n)]


def multi_hot_mistakes(sequences, depth):
    """Sentence -> the array that the mistake gives."""
    right = reference.multi_hot(sequences, depth)
    counts = np.zeros_like(right)
    for row, sequence in zip(counts, sequences, strict=True):
        np.add.at(row, np.asarray(sequence, dtype=int), 1)
    pads = counts[:, :1] > 0
    counts[:, 0] = 0
    lengths = np.array([[max(len(sequence), 1)] for sequence in sequences])
    last = np.zeros_like(right)
    for row, sequence in zip(last, sequences, strict=True):
        row[list(sequence)[-1:]] = 1
    last[:, 0] = 0
    union = right.max(axis=0, keepdims=True, initial=0)
    width = 1 + max((int(number) for sequence in sequences for number in sequence), default=0)
    mistakes = {
        "{call} counts words: 'good good' must give 1, not 2": counts,
        "{call} gives shares of the review's length; 0 and 1 are asked": counts / lengths,
        "{call} lights column 0 only because a review is short: the pad is no word": (
            np.concatenate([pads, right[:, 1:]], axis=1)
        ),
        "{call} holds the last word of each review only": last,
        "{call} gives one row for all reviews together": union,
        "In what {call} returned, all rows are the same: they share the words of all reviews": (
            np.broadcast_to(union, right.shape)
        ),
        "{call} lights the column before the right one: ids count from 0": np.roll(right, -1, axis=1),
        "{call} leaves the columns of start and unknown empty; only the pad leaves no trace": (
            right * (np.arange(depth) >= 3)
        ),
        f"{{call}} has {width} columns for depth {depth}: they depend on the largest id of the batch": (
            right[:, :width]
        ),
        f"{{call}} has {depth + 1} columns for depth {depth}, one too many": np.pad(right, ((0, 0), (0, 1))),
    }
    for k in (5, 8, 10, 16, 20, 25, 32):
        first = reference.multi_hot([list(sequence)[:k] for sequence in sequences], depth)
        mistakes[f"{{call}} reads the first {k} words of each review only"] = first
    return mistakes


def same_multi_hot(got, sequences, depth, hint):
    if isinstance(got, np.ndarray):
        if got.ndim == 3 and got.shape[::2] == (len(sequences), depth):
            seen = "{call} gives a vector for each word, which is one-hot; one row per review is asked."
            expect.that(False, seen, hint=hint)
        if got.shape[-1:] == (10_000,):
            expect.that(False, f"{{call}} has 10000 columns for depth {depth}.", hint=hint)
    mistakes = multi_hot_mistakes(sequences, depth)
    want = reference.multi_hot(sequences, depth)
    expect.array(got, want, axes="batch depth", hint=hint, atol=1e-6, confusions=mistakes)


@exercise("multi_hot")
def test_one_row_per_review(submission):
    """The result has shape (n, depth): one row per review, whatever ids there are."""
    sequences = [[1, 3], [1, 4, 2], [1]]
    hint = "How many rows and columns are asked for three reviews and depth 11?"
    same_multi_hot(submission.multi_hot(sequences, 11), sequences, 11, hint)


@exercise("multi_hot")
def test_word_lights_its_column(submission, rng):
    """A review that holds word k has a 1 in column k, start and unknown included."""
    sequences = [[k] for k in (1 + rng.permutation(7)).tolist()]
    hint = "Try a review of a single word. Which column lights up?"
    same_multi_hot(submission.multi_hot(sequences, 8), sequences, 8, hint)


@exercise("multi_hot")
def test_every_word_counts(submission, rng):
    """All words of a review are there, the first and the last, however long it is."""
    sequences = [[1, *(2 + rng.permutation(60)[: 20 * i]).tolist()] for i in (1, 2, 3)]
    hint = "Take a review of forty different words and count the ones in its row."
    same_multi_hot(submission.multi_hot(sequences, 70), sequences, 70, hint)


@exercise("multi_hot")
def test_repeated_word_gives_one(submission, rng):
    """A word that occurs several times gives 1, not 2."""
    word, other = (3 + rng.permutation(6))[:2].tolist()
    sequences = [[1, word, word], [1, other, word, other, other], [1, other]]
    hint = "Which values occur in your result when a review says 'good good'?"
    same_multi_hot(submission.multi_hot(sequences, 9), sequences, 9, hint)


@exercise("multi_hot")
def test_order_and_repeats_change_nothing(submission, rng):
    """The same words in another order, or said twice, give the same row."""
    words = (1 + rng.permutation(25))[:12]
    sequences = [words.tolist(), words[::-1].tolist(), rng.permutation(np.repeat(words, 2)).tolist()]
    hint = "A bag of words knows neither order nor number. Compare the rows of a review and its mirror image."
    same_multi_hot(submission.multi_hot(sequences, 26), sequences, 26, hint)


@exercise("multi_hot")
def test_pads_leave_no_trace(submission, rng):
    """Pads leave no trace: column 0 is always 0, and a padded array gives what the bare lists give."""
    sequences = some_sequences(rng, 12)
    padded = np.zeros((5, 14), dtype="int32")
    for row, sequence in zip(padded, sequences, strict=True):
        row[: len(sequence)] = sequence
    hint = "Look at column 0 of a review that was filled up with 0."
    same_multi_hot(submission.multi_hot(padded, 12), padded, 12, hint)


@exercise("multi_hot")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_empty_review_gives_zeros(submission, rng, place):
    """An empty review gives a row of zeros."""
    sequences = some_sequences(rng, 10, n=2)
    bare = list(sequences)
    sequences.insert(place, [])
    hint = "What do max and np.asarray say to an empty list?"
    seen = "Reviews with words are read well; here one is empty"
    got = special(submission.multi_hot, (sequences, 10), plain=(bare, 10), seen=seen, hint=hint)
    same_multi_hot(got, sequences, 10, hint)


@exercise("multi_hot")
def test_no_reviews_no_rows(submission):
    """No reviews give no rows: shape (0, depth)."""
    expect.array(
        submission.multi_hot([], 5),
        np.zeros((0, 5), dtype="float32"),
        axes="batch depth",
        hint="How many rows does the result have for n reviews, when n is 0?",
    )


@exercise("multi_hot")
def test_rows_are_independent(submission, rng):
    """A review's row depends on that review alone."""
    sequences = [[1, 3, 4], [1, 5], [1, 6, 7, 8]]
    sequences = [sequences[i] for i in rng.permutation(3)]
    hint = "Write into one row of zeros and look at the others. Are they different objects?"
    same_multi_hot(submission.multi_hot(sequences, 9), sequences, 9, hint)


@exercise("multi_hot")
def test_multi_hot_is_float32(submission, rng):
    """The result is float32."""
    hint = "Which dtype does np.zeros give when it is not told?"
    right_dtype(submission.multi_hot(some_sequences(rng, 8), 8), hint)


@exercise("multi_hot")
@pytest.mark.parametrize("kind", ["lists", "arrays", "tuples", "array"])
def test_takes_lists_and_arrays(submission, rng, kind):
    """Reviews may be lists of different lengths, arrays, or one array."""
    sequences = some_sequences(rng, 9)
    if kind == "array":
        sequences = [sequence[:3] for sequence in sequences]
    convert = {"lists": list, "arrays": lambda s: [np.array(row, dtype="int32") for row in s]}
    convert |= {"tuples": lambda s: tuple(map(tuple, s)), "array": lambda s: np.array(s, dtype="int64")}
    hint = "Reviews of different lengths make no rectangle. Which line of yours needs one?"
    same_multi_hot(submission.multi_hot(convert[kind](sequences), 9), sequences, 9, hint)


@exercise("multi_hot")
def test_multi_hot_refuses_negative_ids(submission, rng):
    """A negative id raises ValueError; it must not silently count from the end."""
    refused(
        ValueError,
        submission.multi_hot,
        [[-1]],
        int(rng.integers(5, 12)),
        hint="What does NumPy take for a[-1]?",
        accepted=what_negative_became,
    )


@exercise("multi_hot")
@pytest.mark.parametrize("beyond", [0, 3])
def test_multi_hot_refuses_ids_that_are_too_large(submission, rng, beyond):
    """An id that is not below `depth` raises ValueError."""
    depth = int(rng.integers(5, 12))
    refused(
        ValueError,
        submission.multi_hot,
        [[depth + beyond]],
        depth,
        hint="Which is the largest id that has a column? Test for it before you write anything.",
        accepted=what_too_large_became,
    )


@exercise("multi_hot")
@pytest.mark.parametrize("sequences", [[[1, 2], [1.0, 3.0]], np.ones((2, 3))], ids=["list", "array"])
def test_multi_hot_refuses_floats(submission, sequences):
    """Float ids raise TypeError."""
    expect.raises(
        TypeError,
        submission.multi_hot,
        sequences,
        5,
        hint="Look at the dtype of a review that has words. (An empty list has a dtype of its own.)",
        otherwise="{call} accepted float ids; a TypeError is asked.",
    )


@exercise("multi_hot")
def test_multi_hot_leaves_reviews_alone(submission, rng):
    """`multi_hot` does not change the reviews."""
    sequences = [[*sequence, 0, 0] for sequence in some_sequences(rng, 10)]
    expect.unchanged(
        submission.multi_hot.report(sequences, 10),
        hint="Print the reviews before and after the call; `remove`, `pop` and `+=` change a list.",
    )


@exercise("multi_hot")
def test_memory_stays_small(submission, rng):
    """For 2000 reviews and depth 5000, `multi_hot` needs at most twice the memory of its result."""
    n, depth = 2000, 5000
    report = submission.multi_hot.report(
        rng.integers(1, depth, size=(n, 25)).tolist(), depth, measure_memory=True
    )
    hint = "Which large array do you make besides the result, and of which dtype?"
    shape = getattr(report.value, "shape", None)
    expect.that(shape == (n, depth), "{call} returned no array of 2000 rows and 5000 columns.", hint=hint)
    expect.that(report.peak_bytes is not None, "The memory of {call} could not be measured.", hint=hint)
    result = n * depth * 4
    # a twentieth on top: lists of ids and the meter's own needs are no large array
    expect.that(
        report.peak_bytes <= 2.05 * result,
        f"{{call}} needed {report.peak_bytes / 1e6:.0f} MB at its peak; its result has {result / 1e6:.0f}.",
        hint=hint,
    )


@exercise("multi_hot", weight=2)
def test_marks_the_words_of_any_review(submission, rng):
    """`multi_hot` is right on long, short, empty and padded reviews."""
    depth = int(rng.integers(30, 50))
    sequences = [rng.integers(1, depth, size=size).tolist() for size in (40, 1, 0, 12, 7)]
    sequences[3] += [0, 0, 0]
    hint = "Take one short review and write its row by hand."
    same_multi_hot(submission.multi_hot(sequences, depth), sequences, depth, hint)


# -------------------------------------------------------------------------- build_onehot_classifier


def built_model(value, depth):
    """The model, once it is one that reads multi-hot reviews of this depth."""
    model = expect.model(value, hint="Does your function end with a return of the model?")
    received = model.input_shape
    shape = tuple(received) if isinstance(received, list | tuple) else None
    if shape is None and model.parameters > 0:  # a model of one's own class: Keras keeps no input shape of it
        first = model.weights()[0]
        shape = (None, first.shape[0]) if first.ndim == 2 else None
    hint = "Say in the model how long an input is; keras.Input does it."
    expect.that(
        shape is not None and model.parameters >= 0,
        "The model is not built: it does not know how long an input is and has no weights yet.",
        hint=hint,
    )
    expect.that(
        shape == (None, depth),
        f"The model reads inputs of shape {shape}; a review has {depth} numbers here.",
        hint=hint,
    )
    return model


def probabilities(model, x):
    """(n,) float: what the model predicts, once it is one number per review."""
    hint = "How many units has the last layer, and what does model.output_shape say?"
    got = model.predict(x)
    expect.that(isinstance(got, np.ndarray), "The model gives several outputs; one is asked.", hint=hint)
    expect.that(
        got.shape != (len(x), 2),
        "The model gives 2 numbers per review; a single probability is asked.",
        hint=hint,
    )
    expect.that(
        got.shape == (len(x), 1) and got.dtype.kind == "f",
        f"The model gives shape {tuple(map(int, got.shape))} for {len(x)} reviews; (n, 1) is asked.",
        hint=hint,
    )
    return got[:, 0].astype("float64")


def random_reviews(rng, n, depth):
    return (rng.random((n, depth)) < 0.3).astype("float32")


@exercise("build_onehot_classifier")
@pytest.mark.parametrize("depth", [7, 1000])
def test_is_a_built_model(submission, depth):
    """`build_onehot_classifier(depth)` returns a Keras model that knows the length of its input."""
    built_model(submission.build_onehot_classifier(depth), depth)


@exercise("build_onehot_classifier")
@pytest.mark.parametrize("depth", [12, 500])
def test_one_weight_per_word(submission, depth):
    """The model has exactly depth + 1 parameters: one weight per word, and a bias."""
    model = built_model(submission.build_onehot_classifier(depth), depth)
    hint = "Look at model.summary(): which layers have parameters, and how many units have they?"
    seen = {
        depth: "there is no bias",
        2 * depth + 2: "a single unit is asked",
    }.get(model.parameters, "a weight per word and a bias are asked")
    expect.that(
        model.parameters == depth + 1,
        f"The model has {model.parameters} parameters for depth {depth}: {seen}.",
        hint=hint,
    )


@exercise("build_onehot_classifier")
def test_one_number_per_review(submission, rng):
    """For n reviews the model gives shape (n, 1)."""
    model = built_model(submission.build_onehot_classifier(9), 9)
    probabilities(model, random_reviews(rng, 5, 9))


@exercise("build_onehot_classifier", weight=2)
def test_output_is_a_probability(submission, rng):
    """Whatever its weights, the model gives the sigmoid of the weighted sum: a probability."""
    depth = 20
    model = built_model(submission.build_onehot_classifier(depth), depth)
    weights = [rng.normal(0, 0.8, size=weight.shape).astype("float32") for weight in model.weights()]
    model.set_weights(weights)
    x = random_reviews(rng, 40, depth)
    got = probabilities(model, x)
    hint = "Which activation turns any number into one between 0 and 1? Predict with large weights and look."
    if [weight.shape for weight in weights] == [(depth, 1), (1,)]:
        sums = (x @ weights[0] + weights[1])[:, 0].astype("float64")
        mistakes = {
            "The model gives 1 for every review: softmax over one unit is always 1": np.ones_like(sums),
            "The model gives logits, not probabilities: a sigmoid is missing. Accuracy would then be "
            "computed at logit 0.5, that is at a probability of 0.62": sums,
            "The model gives the tanh of the sum, between -1 and 1; that is no probability": np.tanh(sums),
            "The model gives the relu of the sum, which can exceed 1; that is no probability": sums.clip(0),
            "The model gives the same answer to every review": np.full_like(sums, got[0]),
        }
        want = 1 / (1 + np.exp(-sums))
        expect.array(got, want, axes="batch", hint=hint, atol=1e-4, confusions=mistakes)
    expect.that(
        bool(np.all((got >= 0) & (got <= 1))),
        f"The model gives values from {got.min():.2f} to {got.max():.2f}; a probability lies in 0 to 1.",
        hint=hint,
    )


@exercise("build_onehot_classifier", weight=2)
def test_loss_is_binary_cross_entropy(submission):
    """The model is compiled with binary cross-entropy, the loss for one probability and a label 0 or 1."""
    model = built_model(submission.build_onehot_classifier(8), 8)
    hint = "Which loss does the section name for one probability and a label of 0 or 1?"
    expect.that(model.loss is not None, "The model is not compiled, or it has no loss.", hint=hint)
    meant = {
        "mean_squared_error": ", which is for regression",
        "sparse_categorical_crossentropy": ", which is for one output per class",
        "categorical_crossentropy": ", which is for one output per class",
    }.get(model.loss.name, "")
    expect.that(
        model.loss.name == "binary_crossentropy", f"The loss is {model.loss.name[:60]}{meant}.", hint=hint
    )


@exercise("build_onehot_classifier")
def test_loss_takes_probabilities(submission):
    """The loss is told what it gets: the output is a probability already, so from_logits stays False."""
    model = built_model(submission.build_onehot_classifier(8), 8)
    hint = "What does from_logits=True tell the loss about the numbers that come in?"
    expect.that(model.loss is not None, "The model is not compiled, or it has no loss.", hint=hint)
    expect.that(
        model.loss.from_logits is not True,
        "The loss has from_logits=True, and the model's output is to be a probability already.",
        hint=hint,
    )


@exercise("build_onehot_classifier")
def test_reports_accuracy(submission):
    """Training reports the accuracy."""
    model = built_model(submission.build_onehot_classifier(8), 8)
    received = ", ".join(name[:40] for name in model.metrics[:5]) or "none"
    expect.that(
        "accuracy" in model.metrics,
        f"The model has no accuracy among its metrics (they are: {received}). Write metrics=[…] in compile: "
        "its third positional argument is loss_weights.",
        hint="Which argument of compile takes the metrics, and by which name did you give it?",
    )


@functools.lru_cache(maxsize=4)
def film_reviews(seed, corpus):
    """What one run trains and is tested with, the same for the whole class; it stays on this side."""
    first, second = np.random.default_rng(seed).spawn(2)
    train = reviews.for_training(4000, first, corpus)
    test = reviews.for_testing(2000, second, corpus)
    vocab = reference.build_vocab(train.tokens, DEPTH)
    x_train, x_test = (
        reference.multi_hot(reference.encode(part.tokens, vocab), DEPTH) for part in (train, test)
    )
    direct = None if test.families is None else test.families == "direct"
    return x_train, train.labels.astype("float32"), x_test, test.labels == 1, direct


@exercise("build_onehot_classifier", weight=3)
def test_learns_from_reviews(submission, seeds, corpus):
    """Trained by the grader, the model tells praise from blame in reviews that it has never seen."""

    def run(seed):
        x_train, y_train, x_test, positive, direct = film_reviews(seed, corpus)
        with built_model(submission.build_onehot_classifier.seeded(seed)(DEPTH), DEPTH) as model:
            probabilities(model, x_test[:4])
            model.fit(x_train, y_train, RECIPE, seed=seed, epochs=EPOCHS)
            correct = (probabilities(model, x_test) >= 0.5) == positive
        scores = {"test_accuracy": float(correct.mean())}
        yield scores if direct is None else scores | {"direct_accuracy": float(correct[direct].mean())}

    hint = "Train it yourself in the notebook: does the accuracy rise, and do the weights change?"
    reaches(seeds, run, hint=hint)
