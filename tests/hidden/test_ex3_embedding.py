"""Hidden checks of `ex3_embedding`: what each function must do, and the mistakes that students really make.

A check's docstring is the claim that the student reads; a hint says where to look, never the answer.
"""

import functools

import numpy as np
import pytest

from autograder import reviews
from autograder.checking import TrainingRecipe, exercise, expect, reaches, special
from solutions import ex2_one_hot as earlier
from solutions import ex3_embedding as reference

LETTERS = list("abcdefghijklmnopqrstuvwxyz")
VOCABULARY, LENGTH, DIM = 1000, 40, 16
LENGTH_OF_REAL_REVIEWS = 120  # half of what they are in the mean
RECIPE = TrainingRecipe(loss="binary_crossentropy", learning_rate=1e-2, batch_size=128)
EPOCHS = 8


def new_words(rng, n):
    """n different invented words, in random order."""
    found = {}
    while len(found) < n:
        found["".join(rng.choice(LETTERS, size=rng.integers(4, 9)))] = None
    return list(found)


def refused(error, function, *arguments, hint, accepted):
    """The call raises ``error``; ``accepted`` makes the sentence for a call that returns."""

    def call(*inputs):
        value = function(*inputs)
        expect.that(False, accepted(value), hint=hint)

    expect.raises(error, call, *arguments, hint=hint)


# --------------------------------------------------------------------------------------- pad_batch


def some_reviews(rng, lengths):
    """One list of ids per length, the start first where there is one."""
    return [[1, *rng.integers(2, 90, size=size - 1).tolist()] if size else [] for size in lengths]


def pad_mistakes(sequences, max_len, padding, truncating):
    """Sentence -> the array that the mistake gives."""
    rows = [list(sequence) for sequence in sequences]
    turned = {"pre": "post", "post": "pre"}
    side = {"pre": "in front of the words", "post": "after the words"}
    lost = {"pre": "the beginning of the review was kept, the end lost"}
    lost["post"] = "the end of the review was kept, the beginning lost"
    longest = max([*map(len, rows), 1])
    right = reference.pad_batch(rows, max_len, padding, truncating)
    filled = reference.pad_batch([[1] * len(row) for row in rows], max_len, padding, truncating)
    last = {"post": slice(None, max_len - 1), "pre": slice(1 - max_len, None)}[truncating]
    short = [row[last] if len(row) > max_len > 1 else row for row in rows]
    mirrored = reference.pad_batch([row[::-1] for row in rows], max_len, padding, turned[truncating])
    other_pad, other_cut = turned[padding], turned[truncating]
    mistakes = {
        f"{{call}} puts the zeros {side[other_pad]}; padding is {padding} here": (
            reference.pad_batch(rows, max_len, other_pad, truncating)
        ),
        f"In what {{call}} returned, {lost[truncating]}; truncating is {truncating} here": (
            reference.pad_batch(rows, max_len, padding, other_cut)
        ),
    }
    both = reference.pad_batch(rows, max_len, other_pad, other_cut)
    if padding == truncating == "post":
        sentence = (
            "{call} fills and cuts at the front, as Keras' pad_sequences does when it is told nothing: "
        )
        mistakes[sentence + lost["post"]] = both
    else:
        mistakes["{call} has padding and truncating exchanged, or both turned round"] = both
    mistakes |= {
        f"{{call}} has {longest} columns, as many as the longest review; max_len is {max_len}": (
            reference.pad_batch(rows, longest, padding, truncating)
        ),
        "{call} fills with 1, which is the start": np.where(filled, right, 1),
        "{call} fills with 2, which is the unknown word": np.where(filled, right, 2),
        "{call} fills with -1, which is no id; the pad is 0": np.where(filled, right, -1),
        "{call} cuts one id too many from a long review": (
            reference.pad_batch(short, max_len, padding, truncating)
        ),
        "{call} leaves the empty review out, so reviews and labels no longer match": (
            reference.pad_batch([row for row in rows if row], max_len, padding, truncating)
        ),
        "The words stand in reversed order in what {call} returned": mirrored,
    }
    return mistakes


def same_padded(got, sequences, max_len, hint, padding="post", truncating="post", *, dtype=None):
    rows = isinstance(got, list) and all(isinstance(row, list | np.ndarray) for row in got)
    expect.that(not rows, "{call} gives a list with a row for each review; one array is asked.", hint=hint)
    expect.array(
        got,
        reference.pad_batch(sequences, max_len, padding, truncating),
        axes="batch time",
        hint=hint,
        dtype=dtype,
        confusions=pad_mistakes(sequences, max_len, padding, truncating),
    )


@exercise("pad_batch")
def test_fills_short_reviews(submission, rng):
    """A short review is filled with 0 up to `max_len`; when nothing else is said, after its words."""
    sequences = some_reviews(rng, [3, 5, 1])
    hint = "Write the row of a review of three words by hand, for a max_len of 6."
    same_padded(submission.pad_batch(sequences, 6), sequences, 6, hint)


@exercise("pad_batch")
def test_cuts_long_reviews(submission, rng):
    """A long review is cut to `max_len`; when nothing else is said, its end is lost."""
    sequences = some_reviews(rng, [9, 5, 7])
    hint = 'Does your row begin with the start id 1? "post" names the side that is cut off.'
    seen = "Short reviews are filled well; here some are longer than max_len and have to be cut"
    got = special(submission.pad_batch, (sequences, 5), plain=(sequences, 9), seen=seen, hint=hint)
    same_padded(got, sequences, 5, hint)


@exercise("pad_batch")
def test_one_column_is_enough(submission, rng):
    """`max_len` may be 1: each review keeps a single id."""
    sequences = some_reviews(rng, [4, 0, 2])
    hint = "Which is the smallest max_len that makes sense?"
    seen = "A max_len of 2 is accepted; here it is 1, which is a length like any other"
    got = special(submission.pad_batch, (sequences, 1), plain=(sequences, 2), seen=seen, hint=hint)
    same_padded(got, sequences, 1, hint)


@exercise("pad_batch")
def test_pads_may_be_there_already(submission, rng):
    """A review may hold 0 already, the pad: it is an id like the others."""
    bare = some_reviews(rng, [3, 6, 2])
    sequences = [[*bare[0], 0, 0], bare[1], [0, *bare[2]]]
    hint = "Which ids are refused, and is 0 one of them?"
    seen = "Reviews without a 0 are filled well; here two of them hold the pad already"
    got = special(submission.pad_batch, (sequences, 5), plain=(bare, 5), seen=seen, hint=hint)
    same_padded(got, sequences, 5, hint)


@exercise("pad_batch")
@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("padding", ["pre", "post"])
def test_follows_both_modes(submission, rng, padding, truncating):
    """`padding` says where the zeros go and `truncating` which end is cut, each for itself."""
    sequences = some_reviews(rng, [3, 8, 5])
    got = submission.pad_batch(sequences, max_len=5, padding=padding, truncating=truncating)
    hint = "Try all four combinations on one short and one long review. Which argument decides what?"
    same_padded(got, sequences, 5, hint, padding, truncating)


@exercise("pad_batch")
@pytest.mark.parametrize(("longest", "max_len"), [(4, 7), (9, 6)], ids=["all_short", "one_long"])
def test_width_is_max_len(submission, rng, longest, max_len):
    """The result has `max_len` columns, however long the longest review of the batch is."""
    sequences = some_reviews(rng, [2, longest, 3])
    hint = "Compare the shapes for two batches with the same max_len and different longest reviews."
    same_padded(submission.pad_batch(sequences, max_len), sequences, max_len, hint)


@exercise("pad_batch")
@pytest.mark.parametrize("padding", ["pre", "post"])
def test_empty_review_is_all_pads(submission, rng, padding):
    """A review without ids gives a row of zeros, and keeps its place among the others."""
    sequences = some_reviews(rng, [2, 0, 3, 6])
    got = submission.pad_batch(sequences, 4, padding)
    hint = "What does your slice give when there is nothing to copy? Take row[-0:] and look."
    same_padded(got, sequences, 4, hint, padding)


@exercise("pad_batch")
def test_no_reviews_give_no_rows(submission):
    """No reviews give no rows: shape (0, max_len)."""
    expect.array(
        submission.pad_batch([], 4),
        np.zeros((0, 4), dtype="int32"),
        axes="batch time",
        hint="How many rows and columns does the result have for n reviews, when n is 0?",
    )


@exercise("pad_batch")
def test_gives_integers(submission, rng):
    """The result holds integers: it will be used to look rows up."""
    sequences = some_reviews(rng, [3, 4])
    hint = "Which dtype does np.zeros give when it is not told?"
    same_padded(submission.pad_batch(sequences, 4), sequences, 4, hint, dtype="integer")


@exercise("pad_batch")
@pytest.mark.parametrize("kind", ["arrays", "tuples", "array"])
def test_takes_reviews_of_any_kind(submission, rng, kind):
    """Reviews may be lists, tuples, arrays of different lengths, or the rows of one array."""
    sequences = some_reviews(rng, [4, 4, 4] if kind == "array" else [2, 6, 4])
    convert = {"arrays": lambda s: [np.array(row, dtype="int32") for row in s]}
    convert |= {"tuples": lambda s: tuple(map(tuple, s)), "array": lambda s: np.array(s, dtype="int64")}
    hint = "Lists add up with +, and arrays do something else. What does np.asarray make of each?"
    same_padded(submission.pad_batch(convert[kind](sequences), 5), sequences, 5, hint)


@exercise("pad_batch")
@pytest.mark.parametrize("mode", ["middle", "front", ""])
@pytest.mark.parametrize("name", ["padding", "truncating"])
def test_refuses_other_modes(submission, name, mode):
    """Any other word than "pre" and "post" raises ValueError."""
    expect.raises(
        ValueError,
        submission.pad_batch,
        [[1, 5, 4], [1]],
        2,
        hint='What does your function do when padding is neither "pre" nor "post"?',
        otherwise=f"{{call}} accepted an unknown word for {name}; a ValueError is asked.",
        **{name: mode},
    )


@exercise("pad_batch")
def test_pad_batch_refuses_negative_ids(submission, rng):
    """A negative id raises ValueError: no word has it, and later it would count from the end."""
    expect.raises(
        ValueError,
        submission.pad_batch,
        [[1, 4], [1, -int(rng.integers(1, 5)), 3]],
        4,
        hint="Look at the smallest id of each review before you copy it.",
        otherwise="{call} accepted a negative id; a ValueError is asked.",
    )


@exercise("pad_batch")
@pytest.mark.parametrize("sequences", [[[1, 2], [1.0, 3.0]], [[1.7]]], ids=["whole", "fraction"])
def test_pad_batch_refuses_floats(submission, sequences):
    """Float ids raise TypeError; 1.7 must not silently become 1."""
    expect.raises(
        TypeError,
        submission.pad_batch,
        sequences,
        3,
        hint="Look at the dtype of a review that has words. (An empty list has a dtype of its own.)",
        otherwise="{call} accepted float ids; a TypeError is asked.",
    )


@exercise("pad_batch")
@pytest.mark.parametrize("max_len", [0, -2])
def test_refuses_a_length_below_one(submission, max_len):
    """A `max_len` below 1 raises ValueError."""
    expect.raises(
        ValueError,
        submission.pad_batch,
        [[1, 5, 4]],
        max_len,
        hint="Which slice does a negative number make?",
        otherwise="{call} accepted a max_len below 1; a ValueError is asked.",
    )


@exercise("pad_batch")
def test_pad_batch_leaves_reviews_alone(submission, rng):
    """`pad_batch` does not change the reviews."""
    expect.unchanged(
        submission.pad_batch.report(some_reviews(rng, [2, 6, 4]), 5),
        hint="Print the reviews before and after the call; `append`, `extend` and `+=` change a list.",
    )


@exercise("pad_batch", weight=2)
@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("padding", ["pre", "post"])
def test_pads_any_reviews(submission, rng, padding, truncating):
    """`pad_batch` is right on long, short, exactly fitting and empty reviews, in all four combinations."""
    max_len = int(rng.integers(6, 12))
    sequences = some_reviews(rng, [*rng.integers(1, 20, size=8).tolist(), max_len, 0, max_len + 1])
    got = submission.pad_batch(sequences, max_len, padding, truncating)
    same_padded(got, sequences, max_len, "Take one review and write its row by hand.", padding, truncating)


# ------------------------------------------------------------------------------------------- embed


def some_table(rng, rows, dim, dtype="float64"):
    return rng.normal(size=(rows, dim)).astype(dtype)


def embed_mistakes(table, ids):
    """Sentence -> the array that the mistake gives."""
    ids = np.asarray(ids)
    right = table[ids]
    number = int(ids.max(initial=1))
    mistakes = {
        f"In what {{call}} returned, id {number} has the vector of id {number - 1}: ids count from 0": (
            table[ids - 1]
        ),
        "{call} gives id 0 a vector of zeros; every id is looked up, 0 included, and the mask comes later": (
            right * (ids != 0)[..., np.newaxis]
        ),
        "{call} looks ids up among the columns of the table; row k is the vector of id k": np.moveaxis(
            table[:, ids % table.shape[1]], 0, -1
        ),
        "{call} gives one number per id: np.take without an axis counts through the numbers of the table": (
            np.take(table, ids)
        ),
        "{call} multiplies the vectors by the ids; an id is a name, not a quantity": (
            right * ids[..., np.newaxis]
        ),
    }
    if ids.ndim:
        mistakes["{call} takes the mean over the words already; a vector per word is asked"] = right.mean(
            axis=-2
        )
        mistakes["{call} adds the words' vectors up; a vector per word is asked"] = right.sum(axis=-2)
        mistakes["{call} has the vectors' axis in front; it comes last"] = np.moveaxis(right, -1, 0)
    return mistakes


def same_embedded(got, table, ids, axes, hint, *, dtype=None):
    want = table[np.asarray(ids)]
    if isinstance(got, np.ndarray) and got.shape == want.shape and got.dtype.kind == "f" and got.size:
        rows = got.reshape(-1, table.shape[1])
        close = np.abs(rows[:, np.newaxis] - table).max(axis=2).min(axis=1) < 1e-5
        no_row = not close.any() and not any(
            np.allclose(got, wrong)
            for wrong in embed_mistakes(table, ids).values()
            if wrong.shape == got.shape
        )
        seen = "{call} returned vectors that are no rows of the table; the table given is to be used."
        expect.that(not no_row, seen, hint=hint)
    confusions = embed_mistakes(table, ids)
    expect.array(got, want, axes=axes, hint=hint, dtype=dtype, atol=1e-6, confusions=confusions)


@exercise("embed")
def test_id_gets_its_row(submission, rng):
    """Id k gets row k of the table, counted from 0."""
    table, ids = some_table(rng, 9, 4), rng.permutation(9)
    hint = "Make a table whose row k holds k everywhere. What comes out for id 3?"
    same_embedded(submission.embed(table, ids), table, ids, "time features", hint)


@exercise("embed")
@pytest.mark.parametrize(
    ("shape", "axes"),
    [((2, 5), "batch time features"), ((3, 2, 4), "... features")],
    ids=["batch", "nested"],
)
def test_vectors_come_last(submission, rng, shape, axes):
    """Ids of shape (...) give shape (..., d): their axes stay in place and the vectors' axis comes last."""
    table, ids = some_table(rng, 12, 6), rng.integers(1, 12, size=shape)
    hint = "Print the shapes of ids and result. Which axis of the result has length d?"
    same_embedded(submission.embed(table, ids), table, ids, axes, hint)


@exercise("embed")
def test_single_id_gives_its_vector(submission, rng):
    """A single id, without any axis, gives its vector of shape (d,)."""
    table, number = some_table(rng, 7, 5), int(rng.integers(1, 7))
    hint = "What shape does np.asarray(2) have, and what is to be added to it?"
    plain, seen = (table, np.array([number])), "An array of ids is read well; here a single number comes in"
    got = special(submission.embed, (table, number), plain=plain, seen=seen, hint=hint)
    same_embedded(got, table, number, "features", hint)


@exercise("embed")
def test_pad_has_a_row_too(submission, rng):
    """Id 0, the pad, is looked up like any other id."""
    table = some_table(rng, 8, 4)
    ids = np.concatenate([rng.integers(1, 8, size=(3, 2)), np.zeros((3, 2), dtype=int)], axis=1)
    hint = "Look at what comes out for id 0, and at row 0 of the table."
    same_embedded(submission.embed(table, ids), table, ids, "batch time features", hint)


@exercise("embed")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_keeps_the_table_s_dtype(submission, rng, dtype):
    """The result has the table's dtype."""
    table, ids = some_table(rng, 8, 3, dtype), rng.integers(0, 8, size=(2, 3))
    hint = "Compare the dtypes of table and result."
    same_embedded(submission.embed(table, ids), table, ids, "batch time features", hint, dtype=dtype)


@exercise("embed")
@pytest.mark.parametrize("kind", ["int8", "uint8", "int64", "list"])
def test_takes_ids_of_any_kind(submission, rng, kind):
    """Ids may be integers of any dtype, or nested lists."""
    table, ids = some_table(rng, 8, 3), rng.integers(1, 8, size=(2, 4))
    given = ids.tolist() if kind == "list" else ids.astype(kind)
    hint = "What does np.asarray give for what comes in?"
    seen = f"An array of int64 is read well; here comes {'a nested list' if kind == 'list' else kind}"
    got = special(submission.embed, (table, given), plain=(table, ids), seen=seen, hint=hint)
    same_embedded(got, table, ids, "batch time features", hint)


@exercise("embed")
@pytest.mark.parametrize("shape", [(0,), (3, 0)], ids=["none", "empty"])
def test_no_ids_no_vectors(submission, rng, shape):
    """No ids give no vectors: an empty batch is no error, and the last axis keeps its length."""
    table = some_table(rng, 6, 4)
    hint = "The smallest id of an empty array does not exist. Where do you ask for it?"
    empty, one = np.zeros(shape, dtype="int32"), np.zeros((1,) * len(shape), dtype="int32")
    seen = "Where there are ids all is well; here is none"
    got = special(submission.embed, (table, empty), plain=(table, one), seen=seen, hint=hint)
    expect.array(got, np.zeros((*shape, 4)), axes="... features", hint=hint)


def what_became(table, number):
    """Makes the sentence for an id without a row that was accepted."""

    def sentence(value):
        row = value.reshape(-1) if isinstance(value, np.ndarray) and value.size == table.shape[1] else None
        if row is None or row.dtype.kind != "f":
            return f"{{call}} accepted id {number} and a table of {len(table)} rows; a ValueError is asked."
        if not row.any():
            return f"Id {number} has no row and got a vector of zeros; a ValueError is asked."
        for name, k in (("the last word", -1), ("the pad", 0)):
            if np.allclose(row, table[k]):
                return f"Id {number} silently became {name} in what {{call}} returned; a ValueError is asked."
        return f"{{call}} accepted id {number} and a table of {len(table)} rows; a ValueError is asked."

    return sentence


@exercise("embed")
def test_embed_refuses_negative_ids(submission, rng):
    """A negative id raises ValueError; it must not silently count from the end."""
    table = some_table(rng, int(rng.integers(5, 9)), 3)
    hint = "What does NumPy take for table[-1]?"
    refused(ValueError, submission.embed, table, np.array([-1]), hint=hint, accepted=what_became(table, -1))


@exercise("embed")
@pytest.mark.parametrize("beyond", [0, 3])
def test_embed_refuses_ids_without_a_row(submission, rng, beyond):
    """An id that is not below the number of rows raises ValueError."""
    table = some_table(rng, int(rng.integers(5, 9)), 3)
    number = len(table) + beyond
    refused(
        ValueError,
        submission.embed,
        table,
        np.array([number]),
        hint="Which is the largest id that has a row? Test for it before you look up.",
        accepted=what_became(table, number),
    )


@exercise("embed")
@pytest.mark.parametrize("ids", [np.array([1.0, 2.0]), np.array([0.5])], ids=["whole", "fraction"])
def test_embed_refuses_floats(submission, rng, ids):
    """Float ids raise TypeError: an id is a name, not a quantity."""
    expect.raises(
        TypeError,
        submission.embed,
        some_table(rng, 5, 3),
        ids,
        hint="Look at the dtype of the ids before you look at their values.",
        otherwise="{call} accepted float ids; a TypeError is asked.",
    )


@exercise("embed")
def test_embed_leaves_its_arguments_alone(submission, rng):
    """`embed` changes neither the table nor the ids."""
    expect.unchanged(
        submission.embed.report(some_table(rng, 6, 3), rng.integers(0, 6, size=(3, 4))),
        hint="Print the first rows of the table before and after the call.",
    )


@exercise("embed", weight=2)
@pytest.mark.parametrize("shape", [(3,), (2, 5), (4, 1, 6)], ids=["vector", "matrix", "cube"])
def test_is_one_hot_times_table(submission, rng, shape):
    """`embed(table, ids)` gives the same numbers as one_hot(ids, V) @ table."""
    rows = int(rng.integers(9, 15))
    table, ids = some_table(rng, rows, 5), rng.integers(0, rows, size=shape)
    ids.reshape(-1)[:2] = [rows - 1, 0]
    product = earlier.one_hot(ids, rows).astype("float64") @ table
    hint = "Which row of a matrix is left when a vector with a single one is multiplied with it?"
    mistakes = embed_mistakes(table, ids)
    got = submission.embed(table, ids)
    expect.array(got, product, axes="... features", hint=hint, atol=1e-6, confusions=mistakes)


# ------------------------------------------------------------------------------------- masked_mean


def some_padded(rng, lengths, width):
    """(n, width) ids with zeros after the words, the start first."""
    return reference.pad_batch(some_reviews(rng, lengths), width)


def mean_mistakes(vectors, ids):
    """Sentence -> the array that the mistake gives."""
    words = (ids != 0)[..., np.newaxis]
    count, total = words.sum(axis=1), np.where(words, vectors, 0).sum(axis=1)
    some = np.maximum(count, 1)

    def kept(mask):
        return (vectors * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)

    highest = np.where(words, vectors, -np.inf).max(axis=1)
    first = (np.arange(ids.shape[1]) < count)[..., np.newaxis]
    return {
        "{call} counts the pads: their vectors change the mean": vectors.mean(axis=1),
        "{call} leaves the pads out of the sum and still divides by T; divide by the number of words": (
            total / ids.shape[1]
        ),
        "{call} adds the vectors up and does not divide by the number of words": total,
        "{call} divides by the number of words plus 1, which makes every mean too small": total / (count + 1),
        "{call} leaves start and unknown out; only the pad, id 0, is left out": kept(
            words & (ids > 2)[..., None]
        ),
        "{call} leaves the start out; only the pad, id 0, is left out": kept(words & (ids > 1)[..., None]),
        "{call} takes a word whose vector is zero for a pad; the ids say what is a pad": (
            vectors.sum(axis=1) / np.maximum((vectors != 0).any(axis=2, keepdims=True).sum(axis=1), 1)
        ),
        "{call} takes the first places of each review for its words, but the pads can stand in front": kept(
            first
        ),
        "{call} takes the mean of the pads and leaves the words out: the mask is turned round": kept(~words),
        "{call} multiplies by the ids; an id is a name, not a quantity": (
            (vectors * ids[..., np.newaxis]).sum(axis=1) / some
        ),
        "{call} divides all reviews by the same number; each has its own number of words": total / some.max(),
        "{call} gives the largest value of each feature, and the mean is asked": (
            np.where(np.isfinite(highest), highest, 0)
        ),
        "{call} takes the mean over the features of each word; axes are (batch, time, features)": (
            vectors.mean(axis=2) * (ids != 0)
        ),
        "{call} takes the mean over the reviews of the batch; axes are (batch, time, features)": (
            np.where(words, vectors, 0).sum(axis=0) / np.maximum(words.sum(axis=0), 1)
        ),
        "{call} gives one mean for all reviews together; a row per review is asked": (
            total.sum(axis=0) / max(count.sum(), 1)
        ),
        "{call} keeps the time axis with length 1; it is to disappear": (total / some)[:, np.newaxis],
        "{call} leaves reviews of pads alone out, so reviews and labels no longer match": (
            (total / some)[count[:, 0] > 0]
        ),
    }


def same_mean(got, vectors, ids, hint, atol=1e-6):
    want = reference.masked_mean(vectors, ids)
    if isinstance(got, np.ndarray) and got.shape == want.shape and got.dtype.kind == "f":
        alone = (ids == 0).all(axis=1)
        seen = "{call} gives nan for a review of pads alone: there is no word, and 0 / 0 has no value."
        expect.that(not np.isnan(got[alone]).any(), seen, hint=hint)
    confusions = mean_mistakes(vectors, ids)
    expect.array(got, want, axes="batch features", hint=hint, atol=atol, confusions=confusions)


@exercise("masked_mean")
def test_means_the_words(submission, rng):
    """Without any pad, `masked_mean` is the mean over the words of each review: shape (n, d)."""
    ids, vectors = some_padded(rng, [6, 6, 6, 6], 6), rng.normal(size=(4, 6, 3))
    hint = "Which of the three axes has to disappear?"
    same_mean(submission.masked_mean(vectors, ids), vectors, ids, hint)


@exercise("masked_mean")
def test_pads_do_not_count(submission, rng):
    """The pads count neither in the sum nor in the number by which it is divided."""
    ids, vectors = some_padded(rng, [2, 5, 3], 7), rng.normal(size=(3, 7, 4))
    vectors[ids == 0] = 50 + rng.random(4)
    hint = "Give the pad a vector of hundreds. Does your mean move? And by what do you divide?"
    same_mean(submission.masked_mean(vectors, ids), vectors, ids, hint)


@exercise("masked_mean")
def test_more_pads_change_no_mean(submission, rng):
    """The same review has the same mean, however many pads follow."""
    short = some_padded(rng, [3, 4], 4)
    vectors = rng.normal(size=(2, 9, 3))
    ids = np.pad(short, ((0, 0), (0, 5)))
    vectors[ids == 0] = vectors[0, 3] * 2
    hint = "Compute the mean of a review at T = 4 and at T = 9 and compare."
    same_mean(submission.masked_mean(vectors, ids), vectors, ids, hint)


@exercise("masked_mean")
def test_pads_may_stand_anywhere(submission, rng):
    """A pad is where the id is 0: at the end, in front, or in between."""
    ids = some_padded(rng, [5, 4, 6], 8)
    ids = np.stack([ids[0][::-1], np.roll(ids[1], 2), rng.permutation(ids[2])])
    vectors = rng.normal(size=(3, 8, 4))
    hint = "Which array says at which places a pad stands?"
    same_mean(submission.masked_mean(vectors, ids), vectors, ids, hint)


@exercise("masked_mean")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_review_of_pads_gives_zeros(submission, rng, place):
    """A review of pads alone gives zeros, not nan, and keeps its place among the others."""
    lengths = [3, 4]
    lengths.insert(place, 0)
    ids, vectors = some_padded(rng, lengths, 5), rng.normal(size=(3, 5, 4))
    hint = "By what do you divide when a review has no word?"
    same_mean(submission.masked_mean(vectors, ids), vectors, ids, hint)


@exercise("masked_mean")
def test_start_and_unknown_count(submission, rng):
    """Start (1) and unknown (2) count like words: only id 0 is left out."""
    ids = np.array([[1, 2, 7, 0], [1, 5, 2, 2], [1, 0, 0, 0]])
    vectors = rng.normal(size=(3, 4, 5))
    hint = "Which ids does your mask leave out?"
    same_mean(submission.masked_mean(vectors, ids), vectors, ids, hint)


@exercise("masked_mean")
def test_vector_of_zeros_is_a_word(submission, rng):
    """A word whose vector is zero still counts: the ids say what a pad is, not the vectors."""
    ids, vectors = some_padded(rng, [6, 6, 6], 6), rng.normal(size=(3, 6, 4))
    vectors[:, 1] = 0
    hint = "Can you tell a pad from a word by its vector?"
    same_mean(submission.masked_mean(vectors, ids), vectors, ids, hint)


@exercise("masked_mean")
def test_reviews_are_independent(submission, rng):
    """A review's mean depends on that review alone: in another batch it is the same."""
    ids, vectors = some_padded(rng, [2, 7, 4, 1], 7), rng.normal(size=(4, 7, 3))
    order = rng.permutation(4)[:3]
    hint = "Compute the mean of one review alone, and then in a batch with a longer one."
    same_mean(submission.masked_mean(vectors[order], ids[order]), vectors[order], ids[order], hint)


@exercise("masked_mean")
def test_takes_float32(submission, rng):
    """The vectors may be float32."""
    ids, vectors = some_padded(rng, [2, 5, 3], 5), rng.normal(size=(3, 5, 4)).astype("float32")
    hint = "Which dtypes have your mask and your vectors?"
    same_mean(submission.masked_mean(vectors, ids), vectors, ids, hint, atol=1e-5)


@exercise("masked_mean")
def test_no_reviews_no_means(submission):
    """No reviews give no rows: shape (0, d)."""
    expect.array(
        submission.masked_mean(np.zeros((0, 5, 3)), np.zeros((0, 5), dtype="int32")),
        np.zeros((0, 3)),
        axes="batch features",
        hint="How many rows and columns does the result have for n reviews, when n is 0?",
    )


@exercise("masked_mean")
def test_masked_mean_leaves_its_arguments_alone(submission, rng):
    """`masked_mean` changes neither the vectors nor the ids."""
    ids, vectors = some_padded(rng, [2, 5, 3], 5), rng.normal(size=(3, 5, 4))
    expect.unchanged(
        submission.masked_mean.report(vectors, ids),
        hint="Print the vectors of the pads before and after the call.",
    )


@exercise("masked_mean", weight=2)
def test_means_any_reviews(submission, rng):
    """`masked_mean` is right on long, short and padded reviews, one of pads alone among them."""
    ids = some_padded(rng, [*rng.integers(1, 12, size=9).tolist(), 0], 12)
    ids = np.stack([rng.permutation(row) for row in ids])
    vectors = some_table(rng, 90, 6)[ids]
    hint = "Take a review of two words and compute its mean by hand."
    same_mean(submission.masked_mean(vectors, ids), vectors, ids, hint)


# ----------------------------------------------------------------------------------------- nearest


def some_space(rng, n=14, dim=6):
    """(table, vocab): vectors of very different lengths whose cosines are not close to each other."""
    while True:
        vocab = {word: number for number, word in enumerate(new_words(rng, n), start=3)}
        table = (rng.normal(size=(n + 3, dim)) + 0.4) * rng.uniform(0.2, 4, size=(n + 3, 1))
        unit = table / np.linalg.norm(table, axis=1, keepdims=True)
        cosines = np.sort(unit[3:] @ unit[3:].T, axis=1)
        if np.diff(cosines, axis=1).min() > 1e-5:
            return table, vocab


def unit_rows(table):
    return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-300)


def nearest_mistakes(word, table, vocab, k):
    """Sentence -> the list that the mistake gives."""
    unit, row = unit_rows(table), table[vocab[word]]
    columns = table / np.maximum(np.linalg.norm(table, axis=0, keepdims=True), 1e-300)
    cosine = unit @ unit[vocab[word]]
    names = {0: "<pad>", 1: "<start>", 2: "<unk>", **{number: name for name, number in vocab.items()}}

    def ranked(score):
        ordered = sorted(vocab, key=lambda name: -score[vocab[name]])
        return [name for name in ordered if name != word], ordered

    right = ranked(cosine)[0]
    dot, dot_all = ranked(table @ row)
    special = [names[i] for i in np.argsort(-cosine) if i in names and i != vocab[word]]
    place = reference.nearest(word, table, {name: 3 + i for i, name in enumerate(vocab)}, k)
    mistakes = {
        "{call} counts the word itself among its neighbours": [word, *right][:k],
        "{call} gives one word too few: the word itself took a place before it was left out": right[: k - 1],
        "{call} gives the least similar words; the most similar are asked": right[::-1][:k],
        "{call} has the right words in another order; the most similar comes first": sorted(right[:k]),
        "{call} counts pad, start and unknown among the neighbours": special[:k],
        "{call} goes by the dot product, so long vectors win; divide by the lengths of both": dot[:k],
        "{call} goes by the dot product and drops the first, which need not be the word itself": (
            dot_all[1 : k + 1]
        ),
        "{call} goes by the distance, which depends on the lengths of the vectors; the angle is asked": (
            ranked(-np.linalg.norm(table - row, axis=1))[0][:k]
        ),
        "{call} counts opposite directions as near: the sign of the cosine is lost": (
            ranked(np.abs(cosine))[0][:k]
        ),
        "{call} divides the columns of the table by their lengths; a word's vector is a row": (
            ranked(columns @ columns[vocab[word]])[0][:k]
        ),
        "{call} subtracts each vector's mean first, which gives the correlation and not the cosine": (
            ranked(unit_rows(table - table.mean(axis=1, keepdims=True)) @ (row - row.mean()))[0][:k]
        ),
        "{call} takes a word's place in the vocabulary for its id; the id is the value": place,
        "{call} gives ids; words are asked": [vocab[name] for name in right[:k]],
        "{call} gives the word's own name only": [word],
    }
    if k != 5:
        mistakes[f"{{call}} gives five words, and {min(k, len(right))} are asked"] = right[:5]
    return mistakes


def same_nearest(got, word, table, vocab, k, hint):
    if (
        isinstance(got, list | tuple)
        and got
        and all(isinstance(p, list | tuple) and len(p) == 2 for p in got)
    ):
        expect.that(False, "{call} gives pairs; the words alone are asked.", hint=hint)
    expect.equal(
        got,
        reference.nearest(word, table, vocab, k),
        hint=hint,
        confusions=nearest_mistakes(word, table, vocab, k),
    )


@exercise("nearest")
def test_length_of_a_vector_does_not_count(submission, rng):
    """Near means the same direction: with its rows made longer or shorter, a table gives the same words."""
    table, vocab = some_space(rng)
    word = str(rng.choice(list(vocab)))
    stretched = table * rng.uniform(0.1, 8, size=(len(table), 1))
    hint = "Multiply one row by 100. Does that word turn up everywhere now? By what does the cosine divide?"
    for rows in (table, stretched):
        same_nearest(submission.nearest(word, rows, vocab, 4), word, rows, vocab, 4, hint)


@exercise("nearest")
def test_word_is_not_its_own_neighbour(submission, rng):
    """The word itself is not among its neighbours, and k others are found."""
    table, vocab = some_space(rng)
    word = list(vocab)[int(rng.integers(len(vocab)))]
    hint = "How similar is a word to itself, and how many words are left when it is taken out?"
    same_nearest(submission.nearest(word, table, vocab, 3), word, table, vocab, 3, hint)


@exercise("nearest")
def test_special_ids_are_no_neighbours(submission, rng):
    """Pad, start and unknown are no words: their rows are left out, however similar."""
    table, vocab = some_space(rng)
    word = list(vocab)[int(rng.integers(len(vocab)))]
    table[:3] = table[vocab[word]] * np.array([[1.5], [0.8], [2.2]]) + 1e-3
    hint = "Which ids have a row in the table and no word in the vocabulary?"
    everywhere = {"<pad>": 0, "<start>": 1, "<unknown>": 2, **vocab}
    seen = "With a word for every row all is well; here pad, start and unknown have rows and no words"
    plain = (word, table, everywhere, 4)
    got = special(submission.nearest, (word, table, vocab, 4), plain=plain, seen=seen, hint=hint)
    same_nearest(got, word, table, vocab, 4, hint)


@exercise("nearest")
def test_rows_without_a_word_are_left_out(submission, rng):
    """A table with more rows than the vocabulary has words gives words of the vocabulary only."""
    table, vocab = some_space(rng)
    word = list(vocab)[int(rng.integers(len(vocab)))]
    table = np.concatenate([table, table[[vocab[word]]] * 1.1 + 1e-3, rng.normal(size=(2, table.shape[1]))])
    hint = "Go through the words of the vocabulary rather than through the rows of the table."
    same_nearest(submission.nearest(word, table, vocab, 4), word, table, vocab, 4, hint)


@exercise("nearest")
def test_most_similar_comes_first(submission, rng):
    """The words come in the order of their cosine, the most similar first."""
    table, vocab = some_space(rng)
    word = list(vocab)[int(rng.integers(len(vocab)))]
    hint = "Print each word with its cosine. Do the numbers fall from left to right?"
    same_nearest(submission.nearest(word, table, vocab, 8), word, table, vocab, 8, hint)


@exercise("nearest")
def test_opposite_is_far(submission, rng):
    """A vector of the opposite direction is the least similar of all, with a cosine of -1."""
    table, vocab = some_space(rng)
    word, other = list(vocab)[:2]
    table[vocab[other]] = -1.7 * table[vocab[word]] + 1e-3
    hint = "What is the cosine of an angle of 180 degrees?"
    same_nearest(submission.nearest(word, table, vocab, 3), word, table, vocab, 3, hint)


@exercise("nearest")
@pytest.mark.parametrize("k", [1, 2, 7, None])
def test_gives_k_words(submission, rng, k):
    """`nearest` gives k words, and five when k is not said."""
    table, vocab = some_space(rng)
    word = list(vocab)[int(rng.integers(len(vocab)))]
    got = submission.nearest(word, table, vocab) if k is None else submission.nearest(word, table, vocab, k=k)
    hint = "Count the words that come out for several values of k."
    same_nearest(got, word, table, vocab, 5 if k is None else k, hint)


@exercise("nearest")
def test_large_k_gives_all_words(submission, rng):
    """Where k is larger than the vocabulary, all other words are given."""
    table, vocab = some_space(rng, n=6)
    word = list(vocab)[int(rng.integers(6))]
    hint = "How many words can there be at most?"
    same_nearest(submission.nearest(word, table, vocab, 50), word, table, vocab, 50, hint)


@exercise("nearest")
def test_id_is_the_value_not_the_place(submission, rng):
    """A word's row is the one of its id, wherever the word stands in the vocabulary."""
    table, vocab = some_space(rng)
    shuffled = {word: vocab[word] for word in rng.permutation(list(vocab)).tolist()}
    word = list(vocab)[int(rng.integers(len(vocab)))]
    hint = "Which row belongs to a word? Look it up in the vocabulary."
    same_nearest(submission.nearest(word, table, shuffled, 4), word, table, shuffled, 4, hint)


@exercise("nearest")
def test_refuses_an_unknown_word(submission, rng):
    """A word that is not in the vocabulary raises ValueError."""
    table, vocab = some_space(rng)
    refused(
        ValueError,
        submission.nearest,
        "zz".join(new_words(rng, 2)),
        table,
        vocab,
        hint="Ask whether the word is in the vocabulary before you look it up.",
        accepted=lambda value: (
            "{call} gives an empty list for an unknown word; a ValueError is asked."
            if isinstance(value, list) and not value
            else "{call} accepted a word that is not in the vocabulary; a ValueError is asked."
        ),
    )


@exercise("nearest")
def test_nearest_leaves_its_arguments_alone(submission, rng):
    """`nearest` changes neither the table nor the vocabulary."""
    table, vocab = some_space(rng)
    expect.unchanged(
        submission.nearest.report(next(iter(vocab)), table, vocab),
        hint="`/=`, `pop` and `del` change what they are given; compare before and after the call.",
    )


@exercise("nearest", weight=2)
def test_finds_the_neighbours_in_any_table(submission, rng):
    """`nearest` is right for every word of a random table."""
    table, vocab = some_space(rng, n=25, dim=9)
    hint = "Take a table of four vectors in the plane, draw them, and measure the angles."
    for word in rng.permutation(list(vocab)).tolist()[:6]:
        same_nearest(submission.nearest(word, table, vocab), word, table, vocab, 5, hint)


# ---------------------------------------------------------------------- build_embedding_classifier


def built_model(value):
    """The model, once it is one that has its weights."""
    model = expect.model(value, hint="Does your function end with a return of the model?")
    expect.that(
        model.parameters >= 0,
        "The model is not built: it does not know what comes in and has no weights yet.",
        hint="Say in the model what comes in; keras.Input does it.",
    )
    return model


def fixed_length(model):
    """The only length of a review that the model reads; None when it reads any."""
    shape = model.input_shape
    if isinstance(shape, list | tuple) and len(shape) == 2 and type(shape[1]) is int and shape[1] > 0:
        return shape[1]
    return None


def small_model(submission, rng, rows=50, dim=8):
    """(model, ids): a small model and padded reviews of a length that it reads, without the last id."""
    model = built_model(submission.build_embedding_classifier(rows, dim))
    width = min(fixed_length(model) or 12, 400)
    lengths = [min(n, width) for n in (2, 5, 9, 11, 7, 3)]
    ids = np.zeros((len(lengths), width), dtype="int32")
    for row, size in zip(ids, lengths, strict=True):
        row[:size] = [1, *rng.permutation(np.arange(2, rows - 1))[: size - 1]]
    return model, ids


def tables(model):
    """(rows, length of a vector) of each Embedding layer."""
    sizes = [
        (layer.config.get("input_dim"), layer.config.get("output_dim"))
        for layer in model.layers
        if layer.class_name == "Embedding"
    ]
    return [size for size in sizes if type(size[0]) is int and type(size[1]) is int]


TABLE_HINT = "Which ids come in: from which one to which one, and how many are they?"


def has_row(model, number, rows):
    """Every table of the model has a row for this id; ``rows`` is what was asked."""
    for found, length in tables(model):
        why = f"input_dim is the number of ids, {rows}"
        if found == rows - 1:
            why = "input_dim is the number of ids, not the largest id"
        elif length == rows:
            why = "input_dim and output_dim look exchanged"
        seen = f"Id {number} is not in [0, {found}), the rows of the table: {why}."
        expect.that(number < found, seen, hint=TABLE_HINT)


def answers(model, ids, rows):
    """(n,) float64: what the model predicts, once it is one number per review."""
    hint = "Follow the shapes through model.summary(): ids, vectors, mean, probability."
    n, width = ids.shape
    only = fixed_length(model)
    seen = f"The model reads reviews of exactly {only} ids; any length is asked."
    if only == rows:
        seen = f"The model reads {rows} numbers per review, as for multi-hot vectors; ids are what comes in."
    expect.that(only in (None, width), seen, hint=hint)
    has_row(model, int(ids.max()), rows)
    got = model.predict(ids)
    expect.that(isinstance(got, np.ndarray), "The model gives several outputs; one is asked.", hint=hint)
    shape = tuple(map(int, got.shape))
    expect.that(
        shape != (n, width, 1),
        f"The model gives shape {shape}, a number for every word: the mean over the words is missing.",
        hint=hint,
    )
    expect.that(
        shape != (n, 2), "The model gives 2 numbers per review; a single probability is asked.", hint=hint
    )
    expect.that(
        shape in ((n, 1), (n,)) and got.dtype.kind == "f",
        f"The model gives shape {shape} for {n} reviews; (n, 1) is asked.",
        hint=hint,
    )
    return got.reshape(n).astype("float64")


def randomised(model, rng):
    """Give the model random weights of some size; returns them."""
    weights = [rng.normal(0, 1.0, size=weight.shape).astype("float32") for weight in model.weights()]
    model.set_weights(weights)
    return weights


def index_of(weights, shape):
    """Where in the list the only array of this shape is; None when there is none."""
    found = [i for i, weight in enumerate(weights) if weight.shape == shape]
    return found[0] if len(found) == 1 else None


def table_of(model, weights, rows, dim):
    """Where in the weights the table is, with a row for each id."""
    found = index_of(weights, (rows, dim))
    if found is None:
        for size in tables(model):
            exchanged = ": the two sizes look exchanged" if size == (dim, rows) else ""
            seen = f"The table has {size[0]} rows of {size[1]} numbers{exchanged}; {rows} of {dim} are asked."
            expect.that(False, seen, hint=TABLE_HINT)
        hint = "Which layer of Keras looks up a vector for each id?"
        seen = f"The model has no table with a row of {dim} numbers for each of {rows} ids"
        expect.that(False, seen + ": ids are names, not quantities.", hint=hint)
    return found


@exercise("build_embedding_classifier")
@pytest.mark.parametrize(("rows", "dim"), [(50, 8), (1000, 16)])
def test_is_a_built_model(submission, rows, dim):
    """`build_embedding_classifier(vocab_size, dim)` returns a Keras model that has its weights."""
    built_model(submission.build_embedding_classifier(rows, dim))


@exercise("build_embedding_classifier")
def test_every_id_has_a_row(submission, rng):
    """Every id below `vocab_size` can be looked up, the last one too, in a vector of `dim` numbers."""
    rows = int(rng.integers(40, 60))
    model, ids = small_model(submission, rng, rows=rows)
    ids[:, 1] = rows - 1
    answers(model, ids, rows)
    table_of(model, model.weights(), rows, 8)


@exercise("build_embedding_classifier")
def test_reads_reviews_of_any_length(submission, rng):
    """The model reads reviews of any length: 7 ids or 23, padded or not."""
    model = built_model(submission.build_embedding_classifier(50, 8))
    for width in (7, 23):
        answers(model, rng.integers(1, 49, size=(3, width)).astype("int32"), 50)


@exercise("build_embedding_classifier")
@pytest.mark.parametrize(("rows", "dim"), [(60, 8), (1000, 16)])
def test_has_no_more_parameters_than_asked(submission, rows, dim):
    """A table and one neuron: at most vocab_size · dim + dim + 1 parameters."""
    model = built_model(submission.build_embedding_classifier(rows, dim))
    most = rows * dim + dim + 1
    expect.that(
        model.parameters <= most,
        f"The model has {model.parameters} parameters for {rows} ids and vectors of {dim} numbers: "
        f"{model.parameters - most} more than a table and one neuron have.",
        hint="Look at model.summary(): which layer has parameters that you do not expect?",
    )


@exercise("build_embedding_classifier", weight=2)
def test_pad_vector_has_no_influence(submission, rng):
    """The vector of the pad has no influence: another row 0 of the table, and the answers stay."""
    model, ids = small_model(submission, rng)
    weights = randomised(model, rng)
    place = table_of(model, weights, 50, 8)
    before = answers(model, ids, 50)
    changed = [weight.copy() for weight in weights]
    changed[place][0] += 3 * np.sign(rng.normal(size=8)).astype("float32")
    model.set_weights(changed)
    moved = np.abs(answers(model, ids, 50) - before).max()
    expect.that(
        moved < 1e-5,
        "The padding vector changes the answer: pads are counted as if they were words.",
        hint="Which layer can say that id 0 is no word, and does every layer after it listen?",
    )


@exercise("build_embedding_classifier")
def test_more_pads_change_nothing(submission, rng):
    """A review gives the same answer, however many pads follow."""
    model, ids = small_model(submission, rng)
    randomised(model, rng)
    longer = np.pad(ids, ((0, 0), (0, 13)))
    moved = np.abs(answers(model, longer, 50) - answers(model, ids, 50)).max()
    expect.that(
        moved < 1e-5,
        "The same review gives another answer when more pads follow it: they are counted somewhere, in the "
        "mean or in the number by which it is divided.",
        hint="Predict one review twice, with no pad and with ten of them.",
    )


@exercise("build_embedding_classifier")
def test_order_of_words_changes_nothing(submission, rng):
    """The same words in another order give the same answer: a mean knows no order."""
    model, ids = small_model(submission, rng)
    randomised(model, rng)
    before = answers(model, ids, 50)
    shuffled = ids.copy()
    for row in shuffled:
        count = np.count_nonzero(row)
        row[1:count] = np.roll(row[1:count], 1)[::-1]
    moved = np.abs(answers(model, shuffled, 50) - before).max()
    expect.that(
        moved < 1e-5,
        "The same words in another order give another answer; a word must count the same wherever it stands.",
        hint="Which layer of yours has weights that belong to a place in the review?",
    )


def formula_mistakes(table, kernel, bias, ids):
    """Sentence -> the answers (n,) that the mistake gives."""
    vectors = table[ids]
    words = (ids != 0)[..., np.newaxis]
    total, count = (vectors * words).sum(axis=1), np.maximum(words.sum(axis=1), 1)

    def logit(reading):
        return (reading @ kernel)[:, 0] + bias

    def neuron(reading):
        return 1 / (1 + np.exp(-logit(reading)))

    mean = total / count
    known = words & (ids > 2)[..., np.newaxis]
    return {
        "The mean counts the pads: their vector changes the answer": neuron(vectors.mean(axis=1)),
        "The pads are left out of the sum, and it is divided by the padded length; divide by the number of "
        "words": neuron(total / ids.shape[1]),
        "The vectors are added up and not divided by the number of words": neuron(total),
        "The model takes the largest value of each feature over all places, pads included; the mean over the "
        "words is asked": neuron(vectors.max(axis=1)),
        "The model takes the largest value of each feature; the mean is asked": (
            neuron(np.where(words, vectors, -1e9).max(axis=1))
        ),
        "The model reads the last place alone; the mean over the words is asked": neuron(vectors[:, -1]),
        "The model leaves start and unknown out; only the pad is to be left out": (
            neuron((vectors * known).sum(axis=1) / np.maximum(known.sum(axis=1), 1))
        ),
        "The model gives 1 for every review: softmax over one unit is always 1": np.ones(len(ids)),
        "The model gives logits, not probabilities: a sigmoid is missing. Accuracy would then be computed at "
        "logit 0.5, that is at a probability of 0.62": logit(mean),
        "The model gives the tanh of the sum, between -1 and 1; that is no probability": np.tanh(logit(mean)),
        "The model gives the relu of the sum, which can exceed 1; that is no probability": (
            logit(mean).clip(0)
        ),
    }


def neuron_of(weights, place, width, dim):
    """(kernel (dim, 1), bias): the neuron after the mean."""
    hint = "Look at model.summary(): what comes into the last layer, and of which shape?"
    kernel, bias = index_of(weights, (dim, 1)), index_of(weights, (1,))
    if kernel is None:
        sizes = {weight.shape[0] for weight in weights if weight.ndim == 2 and weight.shape[1] == 1}
        expect.that(
            width * dim not in sizes,
            f"The neuron has {width * dim} weights, {dim} for each of {width} places; a word must count the "
            "same wherever it stands.",
            hint=hint,
        )
        expect.that(
            width not in sizes,
            f"The neuron has {width} weights, one for each place: the mean goes over the features of each "
            "word, and it is to go over the words.",
            hint=hint,
        )
        seen = f"No single neuron of the model reads a mean vector of {dim} numbers."
        expect.that(False, seen, hint=hint)
    used = [i for i in (place, kernel, bias) if i is not None]
    seen = f"The model has {len(weights)} arrays of weights; a table and one neuron have 3."
    expect.that(len(used) == len(weights), seen, hint=hint)
    return weights[kernel].astype("float64"), 0.0 if bias is None else float(weights[bias][0])


@exercise("build_embedding_classifier", weight=2)
def test_is_a_neuron_on_the_mean(submission, rng):
    """Whatever its weights, the model is one neuron with a sigmoid on the mean of the words' vectors."""
    model, ids = small_model(submission, rng)
    weights = randomised(model, rng)
    place = table_of(model, weights, 50, 8)
    got = answers(model, ids, 50)
    kernel, bias = neuron_of(weights, place, ids.shape[1], 8)
    table = weights[place].astype("float64")
    mean = reference.masked_mean(table[ids], ids)
    want = 1 / (1 + np.exp(-((mean @ kernel)[:, 0] + bias)))
    expect.array(
        got,
        want,
        axes="batch",
        atol=1e-4,
        hint="Compute one answer yourself, with embed, masked_mean and the weights of model.get_weights().",
        confusions=formula_mistakes(table, kernel, bias, ids),
    )


@exercise("build_embedding_classifier")
def test_one_number_per_review(submission, rng):
    """For n reviews the model gives shape (n, 1)."""
    model, ids = small_model(submission, rng)
    answers(model, ids, 50)
    got = model.predict(ids)
    expect.that(
        isinstance(got, np.ndarray) and got.shape == (len(ids), 1),
        f"The model gives shape ({len(ids)},) for {len(ids)} reviews; (n, 1) is asked.",
        hint="What does model.output_shape say, and what does a Dense layer give by itself?",
    )


@exercise("build_embedding_classifier")
def test_output_is_a_probability(submission, rng):
    """Whatever its weights, the model gives a probability: between 0 and 1, and not the same for all."""
    model, ids = small_model(submission, rng)
    model.set_weights([2 * weight for weight in randomised(model, rng)])
    got = answers(model, ids, 50)
    hint = "Which activation turns any number into one between 0 and 1? Predict with large weights and look."
    expect.that(not np.isnan(got).any(), "The model gives nan for some reviews.", hint=hint)
    expect.that(
        bool(np.all((got >= 0) & (got <= 1))),
        f"The model gives values from {got.min():.2f} to {got.max():.2f}; a probability lies in 0 to 1.",
        hint=hint,
    )
    same = (
        "1 for every review: softmax over one unit is always 1"
        if got[0] == 1
        else "all reviews the same answer"
    )
    expect.that(np.ptp(got) > 1e-6, f"The model gives {same}.", hint=hint)


@exercise("build_embedding_classifier")
def test_start_alone_gives_a_number(submission, rng):
    """A review of which only the start is left gives a finite probability."""
    model, ids = small_model(submission, rng)
    randomised(model, rng)
    ids[:] = 0
    ids[:, 0] = 1
    expect.that(
        bool(np.isfinite(answers(model, ids, 50)).all()),
        "A review with no known word gives nan; the start id 1 is a word of it, and the mean is its vector.",
        hint="By what do you divide for the review [1, 0, 0]?",
    )


@exercise("build_embedding_classifier")
def test_loss_is_binary_cross_entropy(submission):
    """The model is compiled with binary cross-entropy, the loss for one probability and a label 0 or 1."""
    model = built_model(submission.build_embedding_classifier(50, 8))
    hint = "Which loss goes with one probability and a label of 0 or 1?"
    expect.that(model.loss is not None, "The model is not compiled, or it has no loss.", hint=hint)
    meant = {
        "mean_squared_error": ", which is for regression",
        "sparse_categorical_crossentropy": ", which is for one output per class",
        "categorical_crossentropy": ", which is for one output per class",
    }.get(model.loss.name, "")
    expect.that(
        model.loss.name == "binary_crossentropy", f"The loss is {model.loss.name[:60]}{meant}.", hint=hint
    )


@exercise("build_embedding_classifier")
def test_loss_takes_probabilities(submission):
    """The loss is told what it gets: the output is a probability already, so from_logits stays False."""
    model = built_model(submission.build_embedding_classifier(50, 8))
    hint = "What does from_logits=True tell the loss about the numbers that come in?"
    expect.that(model.loss is not None, "The model is not compiled, or it has no loss.", hint=hint)
    expect.that(
        model.loss.from_logits is not True,
        "The loss has from_logits=True, and the model's output is to be a probability already.",
        hint=hint,
    )


@exercise("build_embedding_classifier")
def test_reports_accuracy(submission):
    """Training reports the accuracy."""
    model = built_model(submission.build_embedding_classifier(50, 8))
    received = ", ".join(name[:40] for name in model.metrics[:5]) or "none"
    expect.that(
        "accuracy" in model.metrics,
        f"The model has no accuracy among its metrics (they are: {received}). Write metrics=[…] in compile: "
        "its third positional argument is loss_weights.",
        hint="Which argument of compile takes the metrics, and by which name did you give it?",
    )


@exercise("build_embedding_classifier")
def test_everything_can_be_trained(submission):
    """All weights are trained, the table among them."""
    model = built_model(submission.build_embedding_classifier(50, 8))
    frozen = model.parameters - model.trainable_parameters
    expect.that(
        frozen == 0,
        f"{frozen} of {model.parameters} parameters are frozen: their values stay as random as they began.",
        hint="Look at the number of non-trainable parameters in model.summary().",
    )


@functools.lru_cache(maxsize=4)
def film_reviews(seed, corpus):
    """What the grader trains and tests with; it stays on this side."""
    train = reviews.for_training(4000, seed, corpus)
    test = reviews.for_testing(2000, seed + 1, corpus)
    length = LENGTH if corpus is None else LENGTH_OF_REAL_REVIEWS
    vocab = earlier.build_vocab(train.tokens, VOCABULARY)
    x_train, x_test = (
        reference.pad_batch(earlier.encode(part.tokens, vocab), length) for part in (train, test)
    )
    direct = None if test.families is None else test.families == "direct"
    return x_train, train.labels.astype("float32"), x_test, test.labels == 1, direct


@exercise("build_embedding_classifier", weight=3)
def test_learns_from_reviews(submission, seeds, corpus):
    """Trained by the grader, the model tells praise from blame in reviews that it has never seen."""

    def run(seed):
        x_train, y_train, x_test, positive, direct = film_reviews(seed, corpus)
        with built_model(submission.build_embedding_classifier.seeded(seed)(VOCABULARY, DIM)) as model:
            answers(model, np.full((4, LENGTH), VOCABULARY - 1, dtype="int32"), VOCABULARY)
            model.fit(x_train, y_train, RECIPE, seed=seed, epochs=EPOCHS)
            correct = (answers(model, x_test, VOCABULARY) >= 0.5) == positive
        scores = {"test_accuracy": float(correct.mean())}
        yield scores if direct is None else scores | {"direct_accuracy": float(correct[direct].mean())}

    reaches(
        seeds,
        run,
        hint="Train it yourself in the notebook: does the accuracy rise, and do all weights change?",
    )
