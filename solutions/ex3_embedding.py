"""The reference for `ex3_embedding`, right variants of other styles, and the wrong ones that students write.

`f` is the reference, `f__right_<name>` must get all points, `f__wrong_<name>` must lose some; a wrong
variant's docstring names the misconception.  Only numpy, the standard library and (inside functions,
so that reading this file stays cheap) keras are imported.
"""

import heapq
import itertools
import math
import operator

import numpy as np

# --------------------------------------------------------------------------------------- pad_batch


def pad_batch(
    sequences: list[list[int]], max_len: int, padding: str = "post", truncating: str = "post"
) -> np.ndarray:
    """Bring reviews of any lengths to one length: cut the long ones, fill the short ones with 0.

    Args:
        sequences: n lists of ids of any lengths (arrays will do); not changed.
        max_len: the length of each row, an int of at least 1.
        padding: where the zeros go, "post" (after the words) or "pre" (before them).
        truncating: where a long review is cut, "post" (its end is lost) or "pre" (its beginning is).
    Returns:
        (n, max_len) int32.
    Raises:
        TypeError: ids are floats.
        ValueError: another word for padding or truncating, an id below 0, or max_len < 1.

    >>> pad_batch([[1, 7, 5], [1, 4, 8, 6, 9]], 4)
    array([[1, 7, 5, 0],
           [1, 4, 8, 6]], dtype=int32)
    """
    for mode in (padding, truncating):
        if mode not in ("pre", "post"):
            raise ValueError(f'padding and truncating are "pre" or "post" (got {mode!r})')
    if max_len < 1:
        raise ValueError(f"max_len must be at least 1 (got {max_len})")
    result = np.zeros((len(sequences), max_len), dtype="int32")
    for row, sequence in zip(result, sequences, strict=True):
        ids = np.asarray(sequence)
        if ids.size == 0:
            continue
        if not np.issubdtype(ids.dtype, np.integer):
            raise TypeError(f"ids must be integers (got {ids.dtype})")
        if ids.min() < 0:
            raise ValueError(f"ids must not be negative (got {ids.min()})")
        kept = ids[:max_len] if truncating == "post" else ids[-max_len:]
        if padding == "post":
            row[: len(kept)] = kept
        else:
            row[max_len - len(kept) :] = kept
    return result


def _checked_lists(sequences, max_len, padding="post", truncating="post"):
    """The reviews as lists of int, once everything about them is right."""
    if padding not in ("pre", "post") or truncating not in ("pre", "post"):
        raise ValueError("unknown mode")
    if max_len < 1:
        raise ValueError("max_len")
    rows = []
    for sequence in sequences:
        row = np.asarray(sequence).tolist()
        if any(isinstance(number, float) for number in row):
            raise TypeError("ids must be integers")
        if any(number < 0 for number in row):
            raise ValueError("negative id")
        rows.append(row)
    return rows


def pad_batch__right_plain_lists(sequences, max_len, padding="post", truncating="post"):
    """Adds and cuts plain lists, and makes one array at the end."""
    rows = []
    for ids in _checked_lists(sequences, max_len, padding, truncating):
        kept = (
            ids[:max_len] if truncating == "post" else ids[len(ids) - max_len if len(ids) > max_len else 0 :]
        )
        zeros = [0] * (max_len - len(kept))
        rows.append(kept + zeros if padding == "post" else zeros + kept)
    return np.array(rows, dtype="int32").reshape(len(rows), max_len)


def pad_batch__right_keras(sequences, max_len, padding="post", truncating="post"):
    """Checks first, then lets pad_sequences do the work, with both modes given by name."""
    from keras.utils import pad_sequences

    rows = _checked_lists(sequences, max_len, padding, truncating)
    if not rows:
        return np.zeros((0, max_len), dtype="int32")
    return pad_sequences(rows, maxlen=max_len, padding=padding, truncating=truncating)


def pad_batch__right_np_pad(sequences, max_len, padding="post", truncating="post"):
    """Uses slices and np.pad for each row; the result is int64."""
    cut = slice(None, max_len) if truncating == "post" else slice(-max_len, None)
    result = np.zeros((len(sequences), max_len), dtype=np.int64)
    for i, ids in enumerate(_checked_lists(sequences, max_len, padding, truncating)):
        missing = max(max_len - len(ids), 0)
        width = (0, missing) if padding == "post" else (missing, 0)
        result[i] = np.pad(np.array(ids, dtype=np.int64)[cut], width)
    return result


def _pad(sequences, max_len, padding="post", truncating="post", fill=0):
    rows = _checked_lists(sequences, max_len, padding, truncating)
    result = np.full((len(rows), max_len), fill, dtype="int32")
    for row, ids in zip(result, rows, strict=True):
        kept = ids[:max_len] if truncating == "post" else ids[-max_len:]
        if kept and padding == "post":
            row[: len(kept)] = kept
        elif kept:
            row[-len(kept) :] = kept
    return result


def pad_batch__right_generators(sequences, max_len, padding="post", truncating="post"):
    """Chains each review with a generator of zeros."""
    if max_len < 1 or {padding, truncating} - {"pre", "post"}:
        raise ValueError("max_len is at least 1, and a mode is pre or post")

    def row(sequence):
        numbers = [operator.index(number) for number in sequence]  # raises TypeError for a float
        if any(number < 0 for number in numbers):
            raise ValueError("a negative id")
        kept = numbers[:max_len] if truncating == "post" else numbers[-max_len:]
        zeros = itertools.repeat(0, max_len - len(kept))
        return itertools.chain(kept, zeros) if padding == "post" else itertools.chain(zeros, kept)

    return np.array([list(row(sequence)) for sequence in sequences], dtype=np.int32).reshape(-1, max_len)


def pad_batch__wrong_keras_defaults(sequences, max_len, padding="post", truncating="post"):
    """Leaves pad_sequences its defaults, which pad and cut at the front: the beginning is lost."""
    from keras.utils import pad_sequences

    rows = _checked_lists(sequences, max_len, padding, truncating)
    if not rows:
        return np.zeros((0, max_len), dtype="int32")
    return pad_sequences(rows, maxlen=max_len)


def pad_batch__wrong_keeps_the_end(sequences, max_len, padding="post", truncating="post"):
    """Reads "post" as "keep what comes last": the end of the review is kept, the beginning lost."""
    other = {"post": "pre", "pre": "post"}.get(truncating, truncating)
    return _pad(sequences, max_len, padding, other)


def pad_batch__wrong_padding_reversed(sequences, max_len, padding="post", truncating="post"):
    """Reads padding="post" as "the words come last": the zeros stand in front."""
    other = {"post": "pre", "pre": "post"}.get(padding, padding)
    return _pad(sequences, max_len, other, truncating)


def pad_batch__wrong_ignores_padding(sequences, max_len, padding="post", truncating="post"):
    """Fills after the words whatever `padding` says."""
    _checked_lists(sequences, max_len, padding, truncating)
    return _pad(sequences, max_len, "post", truncating)


def pad_batch__wrong_ignores_truncating(sequences, max_len, padding="post", truncating="post"):
    """Keeps the beginning whatever `truncating` says."""
    _checked_lists(sequences, max_len, padding, truncating)
    return _pad(sequences, max_len, padding, "post")


def pad_batch__wrong_modes_exchanged(sequences, max_len, padding="post", truncating="post"):
    """Takes `padding` for the cut and `truncating` for the zeros."""
    return _pad(sequences, max_len, truncating, padding)


def pad_batch__wrong_one_mode(sequences, max_len, padding="post", truncating="post"):
    """Cuts on the side that `padding` names, as if there were only one mode."""
    _checked_lists(sequences, max_len, padding, truncating)
    return _pad(sequences, max_len, padding, padding)


def pad_batch__wrong_unknown_mode(sequences, max_len, padding="post", truncating="post"):
    """Takes every other word for "pre", so a slip of the pen goes unnoticed."""
    modes = ["post" if mode == "post" else "pre" for mode in (padding, truncating)]
    return _pad(sequences, max_len, *modes)


def pad_batch__wrong_casts_floats(sequences, max_len, padding="post", truncating="post"):
    """Rounds float ids down, as pad_sequences does: 1.7 becomes 1."""
    return _pad([[int(number) for number in row] for row in sequences], max_len, padding, truncating)


def pad_batch__wrong_negative_accepted(sequences, max_len, padding="post", truncating="post"):
    """Lets negative ids through, as pad_sequences does."""
    result = _pad([[abs(number) for number in row] for row in sequences], max_len, padding, truncating)
    signs = _pad([[int(number < 0) for number in row] for row in sequences], max_len, padding, truncating)
    return result * (1 - 2 * signs)


def pad_batch__wrong_no_length_check(sequences, max_len, padding="post", truncating="post"):
    """Gives rows without columns for a max_len below 1 instead of refusing it."""
    if max_len < 1:
        return np.zeros((len(sequences), 0), dtype="int32")
    return _pad(sequences, max_len, padding, truncating)


def pad_batch__wrong_refuses_one(sequences, max_len, padding="post", truncating="post"):
    """Refuses a max_len of 1 as well: `<= 1` where `< 1` is meant."""
    if max_len <= 1:
        raise ValueError(f"max_len must be larger than 1 (got {max_len})")
    return pad_batch(sequences, max_len, padding, truncating)


def pad_batch__wrong_refuses_pads(sequences, max_len, padding="post", truncating="post"):
    """Takes 0 for an id that nothing has, so a review that holds pads already is refused."""
    if any(number == 0 for sequence in sequences for number in sequence):
        raise ValueError("ids must be positive")
    return pad_batch(sequences, max_len, padding, truncating)


def pad_batch__wrong_longest(sequences, max_len, padding="post", truncating="post"):
    """Fills up to the longest review of the batch, so the width depends on the batch."""
    rows = _checked_lists(sequences, max_len, padding, truncating)
    longest = max(map(len, rows), default=0)
    return _pad(rows, max(longest, 1), padding, truncating)


def pad_batch__wrong_never_cuts(sequences, max_len, padding="post", truncating="post"):
    """Fills short reviews and leaves long ones as they are, so no array comes out."""
    rows = _checked_lists(sequences, max_len, padding, truncating)
    zeros = [[0] * (max_len - len(row)) for row in rows]
    padded = [row + z if padding == "post" else z + row for row, z in zip(rows, zeros, strict=True)]
    return np.array(padded, dtype="int32").reshape(len(rows), max_len)


def pad_batch__wrong_cuts_one_too_many(sequences, max_len, padding="post", truncating="post"):
    """Cuts to max_len - 1, which keeps a zero at the end of every long review."""
    rows = _checked_lists(sequences, max_len, padding, truncating)
    kept = [row[: max_len - 1] if truncating == "post" else row[len(row) - max_len + 1 :] for row in rows]
    return _pad([k if len(r) > max_len else r for k, r in zip(kept, rows, strict=True)], max_len, padding)


def pad_batch__wrong_drops_empty(sequences, max_len, padding="post", truncating="post"):
    """Skips empty reviews, so reviews and labels no longer match."""
    return _pad([row for row in sequences if len(row)], max_len, padding, truncating)


def pad_batch__wrong_fills_with_unknown(sequences, max_len, padding="post", truncating="post"):
    """Fills with 2, the unknown word, instead of the pad 0."""
    return _pad(sequences, max_len, padding, truncating, fill=2)


def pad_batch__wrong_fills_with_minus_one(sequences, max_len, padding="post", truncating="post"):
    """Fills with -1, which is no id."""
    return _pad(sequences, max_len, padding, truncating, fill=-1)


def pad_batch__wrong_time_first(sequences, max_len, padding="post", truncating="post"):
    """Gives (max_len, n): a column per review."""
    return _pad(sequences, max_len, padding, truncating).T


def pad_batch__wrong_floats_out(sequences, max_len, padding="post", truncating="post"):
    """Leaves NumPy's default dtype, so the ids come out as floats."""
    return _pad(sequences, max_len, padding, truncating).astype("float64")


def pad_batch__wrong_list(sequences, max_len, padding="post", truncating="post"):
    """Gives lists, no array."""
    return _pad(sequences, max_len, padding, truncating).tolist()


def pad_batch__wrong_reversed_words(sequences, max_len, padding="post", truncating="post"):
    """Turns a review round in order to fill its front, and forgets to turn it back."""
    rows = _checked_lists(sequences, max_len, padding, truncating)
    if padding == "post":
        return _pad(rows, max_len, padding, truncating)
    result = np.zeros((len(rows), max_len), dtype="int32")
    for row, ids in zip(result, rows, strict=True):
        kept = ids[:max_len] if truncating == "post" else ids[-max_len:]
        row[max_len - len(kept) :] = kept[::-1]
    return result


def pad_batch__wrong_appends_in_place(sequences, max_len, padding="post", truncating="post"):
    """Gives the right answer but appends the zeros to the caller's own lists."""
    result = _pad(sequences, max_len, padding, truncating)
    for sequence in sequences:
        if isinstance(sequence, list):
            sequence.extend([0] * (max_len - len(sequence)))
    return result


# ------------------------------------------------------------------------------------------- embed


def embed(table: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Look up the vector of each id: the same numbers as one_hot(ids, V) @ table.

    Args:
        table: (V, d), any float dtype; row k is the vector of id k; not changed.
        ids: integers of any shape (...), an array or nested lists; not changed.
    Returns:
        (..., d) of the table's dtype.
    Raises:
        TypeError: ids are floats.
        ValueError: an id is below 0 or not below V.

    >>> embed(np.array([[0.0, 0.0], [0.5, 0.1], [0.2, 0.3]]), [2, 1])
    array([[0.2, 0.3],
           [0.5, 0.1]])
    """
    table, ids = np.asarray(table), np.asarray(ids)
    if not np.issubdtype(ids.dtype, np.integer) and ids.size:
        raise TypeError(f"ids must be integers (got {ids.dtype})")
    if ids.size and (ids.min() < 0 or ids.max() >= len(table)):
        raise ValueError(f"ids must lie in 0..{len(table) - 1} (got {ids.min()}..{ids.max()})")
    return table[ids.astype("int64")]


def _checked_ids(table, ids):
    ids = np.asarray(ids)
    if ids.size and ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if ids.size and (ids.min() < 0 or ids.max() >= len(table)):
        raise ValueError("an id has no row")
    return ids.astype("int64")


def embed__right_one_hot_product(table, ids):
    """Multiplies one-hot vectors with the table, as the section explains it."""
    ids = _checked_ids(table, ids)
    one_hot = (ids[..., None] == np.arange(len(table))).astype(table.dtype)
    return one_hot @ table


def embed__right_take(table, ids):
    """Uses np.take along the rows."""
    return np.take(table, _checked_ids(table, ids), axis=0)


def embed__right_plain_loop(table, ids):
    """Copies row by row."""
    ids = _checked_ids(table, ids)
    result = np.empty((*ids.shape, table.shape[1]), dtype=table.dtype)
    for place in np.ndindex(ids.shape):
        result[place] = table[ids[place]]
    return result


def embed__right_keras_take(table, ids):
    """Checks first, then lets keras.ops.take look up; the answer is a tensor."""
    import keras

    return keras.ops.take(table, _checked_ids(table, ids), axis=0)


def embed__right_tensor_lookup(table, ids):
    """Checks first, then looks up with TensorFlow; a tensor comes back."""
    import tensorflow as tf

    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if ids.size and not 0 <= ids.min() <= ids.max() < len(table):
        raise ValueError("an id has no row")
    return tf.nn.embedding_lookup(tf.constant(table), tf.constant(ids, dtype=tf.int64))


def embed__wrong_ids_minus_one(table, ids):
    """Believes that ids count from 1: id k gets row k - 1."""
    return table[_checked_ids(table, ids) - 1]


def embed__wrong_negative_wraps(table, ids):
    """Lets NumPy count from the end: -1 silently becomes the last word."""
    ids = np.asarray(ids)
    if ids.size and ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if ids.size and ids.max() >= len(table):
        raise ValueError("too large")
    return table[ids.astype("int64")]


def embed__wrong_clips(table, ids):
    """Clips ids that have no row, so they become other words."""
    ids = np.asarray(ids)
    if ids.size and ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    return np.take(table, ids.astype("int64"), axis=0, mode="clip")


def embed__wrong_zero_vector(table, ids):
    """Gives a vector of zeros for an id that has no row, as one-hot vectors of the wrong length would."""
    ids = np.asarray(ids)
    if ids.size and ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    return (ids[..., None] == np.arange(len(table))).astype(table.dtype) @ table


def embed__wrong_index_error(table, ids):
    """Leaves the range check to NumPy, which raises IndexError and not ValueError."""
    ids = np.asarray(ids)
    if ids.size and ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if ids.size and ids.min() < 0:
        raise ValueError("negative")
    return table[ids.astype("int64")]


def embed__wrong_casts_floats(table, ids):
    """Rounds float ids down instead of refusing them."""
    return table[_checked_ids(table, np.asarray(ids).astype("int64"))]


def embed__wrong_columns(table, ids):
    """Looks ids up among the columns of the table."""
    ids = _checked_ids(table, ids)
    return np.moveaxis(table[:, ids % table.shape[1]], 0, -1)


def embed__wrong_vector_axis_first(table, ids):
    """Puts the vectors' axis first: (d, ...) instead of (..., d)."""
    return np.moveaxis(table[_checked_ids(table, ids)], -1, 0)


def embed__wrong_take_without_axis(table, ids):
    """Calls np.take without an axis, which counts through the numbers of the table, not its rows."""
    return np.take(table, _checked_ids(table, ids))


def embed__wrong_flattens_batch(table, ids):
    """Loses the batch axis: the vectors of all reviews in one long table."""
    return table[_checked_ids(table, ids).reshape(-1)]


def embed__wrong_mean_already(table, ids):
    """Takes the mean over the words at once, which is the next step."""
    ids = _checked_ids(table, ids)
    return table[ids].mean(axis=-2) if ids.ndim else table[ids]


def embed__wrong_pad_is_zero(table, ids):
    """Gives id 0 a vector of zeros; the lookup gives its row like any other, and the mask comes later."""
    ids = _checked_ids(table, ids)
    return table[ids] * (ids != 0)[..., None].astype(table.dtype)


def embed__wrong_clears_the_table(table, ids):
    """Writes zeros into row 0 of the caller's table before it looks up."""
    table[0] = 0
    return table[_checked_ids(table, ids)]


def embed__wrong_float64(table, ids):
    """Gives float64 whatever the table's dtype, twice the memory."""
    return table[_checked_ids(table, ids)].astype("float64")


def embed__wrong_new_table(table, ids):
    """Makes a Keras layer with weights of its own instead of using the table."""
    import keras

    return keras.layers.Embedding(*table.shape)(_checked_ids(table, ids))


def embed__wrong_scaled_by_id(table, ids):
    """Multiplies by the id, as if an id were a quantity."""
    ids = _checked_ids(table, ids)
    return table[ids] * ids[..., None].astype(table.dtype)


def embed__wrong_arrays_only(table, ids):
    """Asks ids for a dtype that only arrays have, so lists and single numbers fail."""
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    return table[_checked_ids(table, ids)]


def embed__wrong_empty_crashes(table, ids):
    """Asks for the smallest id where there are none."""
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if ids.min() < 0 or ids.max() >= len(table):
        raise ValueError("an id has no row")
    return table[ids]


# ------------------------------------------------------------------------------------- masked_mean


def masked_mean(vectors: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The mean of the words' vectors in each review, pads left out.

    Args:
        vectors: (n, T, d) of any float dtype, the vector of each id, all finite; not changed.
        ids: (n, T) integers, 0 is the pad; not changed.
    Returns:
        (n, d) floats: the mean over the places where ids != 0; zeros for a review of pads alone.

    >>> masked_mean(np.array([[[1.0, 0.0], [3.0, 2.0], [9.0, 9.0]]]), np.array([[1, 5, 0]]))
    array([[2., 1.]])
    """
    mask = (np.asarray(ids) != 0)[..., np.newaxis]
    total = np.where(mask, vectors, 0).sum(axis=1)
    return total / np.maximum(mask.sum(axis=1), 1)


def masked_mean__right_plain_loop(vectors, ids):
    """Picks the words of each review and takes their mean, review by review."""
    result = np.zeros((vectors.shape[0], vectors.shape[2]))
    for i in range(len(vectors)):
        words = vectors[i][np.asarray(ids[i]) != 0]
        if len(words) > 0:
            result[i] = words.mean(axis=0)
    return result


def masked_mean__right_einsum(vectors, ids):
    """Sums with einsum and divides with a guarded count."""
    mask = (np.asarray(ids) != 0).astype(vectors.dtype)
    count = mask.sum(axis=1, keepdims=True)
    count[count == 0] = 1
    return np.einsum("ntd,nt->nd", vectors, mask) / count


def masked_mean__right_masked_array(vectors, ids):
    """Uses np.ma, filled with zeros where nothing is left."""
    hidden = np.broadcast_to((np.asarray(ids) == 0)[..., None], vectors.shape)
    return np.ma.filled(np.ma.array(vectors, mask=hidden).mean(axis=1), 0.0)


def masked_mean__right_nan_to_num(vectors, ids):
    """Divides first and turns the nan of an empty review into zeros."""
    mask = (np.asarray(ids) != 0)[:, :, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num((vectors * mask).sum(axis=1) / mask.sum(axis=1))


def masked_mean__right_keras_layer(vectors, ids):
    """Lets the layer of Keras take the mean, and turns the nan of an empty review into zeros."""
    import keras

    vectors, mask = np.asarray(vectors), np.asarray(ids) != 0
    if not len(vectors):
        return np.zeros((0, vectors.shape[-1]))
    mean = keras.layers.GlobalAveragePooling1D(dtype="float64")(vectors, mask=mask)
    return np.nan_to_num(keras.ops.convert_to_numpy(mean))


def masked_mean__wrong_counts_pads(vectors, ids):  # noqa: ARG001 - that is the mistake
    """Takes the mean over all places, pads included."""
    return vectors.mean(axis=1)


def masked_mean__wrong_divides_by_length(vectors, ids):
    """Leaves pads out of the sum but divides by T, the padded length."""
    return (vectors * (np.asarray(ids) != 0)[..., None]).sum(axis=1) / vectors.shape[1]


def masked_mean__wrong_sum(vectors, ids):
    """Adds up and never divides, so long reviews weigh more."""
    return (vectors * (np.asarray(ids) != 0)[..., None]).sum(axis=1)


def masked_mean__wrong_maximum(vectors, ids):
    """Takes the largest value of each feature instead of the mean."""
    mask = (np.asarray(ids) != 0)[..., None]
    result = np.where(mask, vectors, -np.inf).max(axis=1)
    return np.where(np.isfinite(result), result, 0)


def masked_mean__wrong_features_axis(vectors, ids):
    """Takes the mean over the features of each word, the wrong axis."""
    return vectors.mean(axis=2) * (np.asarray(ids) != 0)


def masked_mean__wrong_batch_axis(vectors, ids):
    """Takes the mean over the reviews of the batch, the wrong axis."""
    mask = (np.asarray(ids) != 0)[..., None]
    return (vectors * mask).sum(axis=0) / np.maximum(mask.sum(axis=0), 1)


def masked_mean__wrong_nan(vectors, ids):
    """Divides by a count of 0, so a review of pads alone gives nan."""
    mask = (np.asarray(ids) != 0)[..., None]
    with np.errstate(invalid="ignore"):
        return (vectors * mask).sum(axis=1) / mask.sum(axis=1)


def masked_mean__wrong_count_plus_one(vectors, ids):
    """Adds 1 to the count in order not to divide by 0, which makes every mean too small."""
    mask = (np.asarray(ids) != 0)[..., None]
    return (vectors * mask).sum(axis=1) / (mask.sum(axis=1) + 1)


def masked_mean__wrong_leaves_start_out(vectors, ids):
    """Leaves the start id out as if it were a pad."""
    mask = (np.asarray(ids) > 1)[..., None]
    return (vectors * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)


def masked_mean__wrong_words_only(vectors, ids):
    """Leaves start and unknown out, although only the pad is to be left out."""
    mask = (np.asarray(ids) > 2)[..., None]
    return (vectors * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)


def masked_mean__wrong_mask_from_vectors(vectors, ids):  # noqa: ARG001 - that is the mistake
    """Takes vectors of zeros for pads and never looks at the ids."""
    mask = (vectors != 0).any(axis=2, keepdims=True)
    return vectors.sum(axis=1) / np.maximum(mask.sum(axis=1), 1)


def masked_mean__wrong_pads_at_the_end(vectors, ids):
    """Takes the first places, as many as there are words, which is wrong where pads come first."""
    result = np.zeros((len(vectors), vectors.shape[2]))
    for i, row in enumerate(np.asarray(ids)):
        count = int((row != 0).sum())
        if count:
            result[i] = vectors[i, :count].mean(axis=0)
    return result


def masked_mean__wrong_mask_turned_round(vectors, ids):
    """Takes the mean of the pads and leaves the words out."""
    mask = (np.asarray(ids) == 0)[..., None]
    return (vectors * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)


def masked_mean__wrong_weighted_by_ids(vectors, ids):
    """Multiplies by the ids instead of by the mask, as if an id were a quantity."""
    ids = np.asarray(ids)
    return (vectors * ids[..., None]).sum(axis=1) / np.maximum((ids != 0).sum(axis=1), 1)[:, None]


def masked_mean__wrong_one_count_for_all(vectors, ids):
    """Divides every review by the longest review's count."""
    mask = (np.asarray(ids) != 0)[..., None]
    return (vectors * mask).sum(axis=1) / max(int(mask.sum(axis=1).max(initial=0)), 1)


def masked_mean__wrong_one_vector(vectors, ids):
    """Gives one mean for all reviews together."""
    words = vectors[np.asarray(ids) != 0]
    return words.mean(axis=0) if len(words) else np.zeros(vectors.shape[2])


def masked_mean__wrong_keeps_axis(vectors, ids):
    """Keeps the time axis with length 1: (n, 1, d)."""
    mask = (np.asarray(ids) != 0)[..., None]
    return (vectors * mask).sum(axis=1, keepdims=True) / np.maximum(mask.sum(axis=1, keepdims=True), 1)


def masked_mean__wrong_drops_empty(vectors, ids):
    """Leaves reviews of pads alone out, so reviews and labels no longer match."""
    mask = (np.asarray(ids) != 0)[..., None]
    kept = mask.any(axis=(1, 2))
    return (vectors * mask).sum(axis=1)[kept] / mask.sum(axis=1)[kept]


def masked_mean__wrong_clears_the_vectors(vectors, ids):
    """Gives the right answer but writes zeros into the caller's vectors on the way."""
    pads = np.asarray(ids) == 0
    vectors[pads] = 0
    return vectors.sum(axis=1) / np.maximum((~pads).sum(axis=1), 1)[:, None]


# ---------------------------------------------------------------------- build_embedding_classifier


def build_embedding_classifier(vocab_size: int, dim: int):
    """A vector per word, the mean over the words of a review, and one neuron.

    Args:
        vocab_size: how many ids there are, pad, start and unknown included; an int.
        dim: the length of a word's vector; an int.
    Returns:
        A compiled keras.Model: (n, T) ids for any T -> (n, 1) probability of a positive review.
        Pads have no influence; loss binary cross-entropy, metric accuracy, at most
        vocab_size * dim + dim + 1 parameters.

    >>> build_embedding_classifier(1000, 16).count_params()
    16017
    """
    import keras

    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(vocab_size, dim, mask_zero=True),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_embedding_classifier__right_functional(vocab_size, dim):
    """The functional way, the loss and the metric as objects, ids of int64."""
    import keras

    ids = keras.Input(shape=(None,), dtype="int64")
    vectors = keras.layers.Embedding(input_dim=vocab_size, output_dim=dim, mask_zero=True)(ids)
    mean = keras.layers.GlobalAveragePooling1D()(vectors)
    probability = keras.layers.Dense(1, activation=keras.activations.sigmoid)(mean)
    model = keras.Model(ids, probability)
    model.compile("rmsprop", loss=keras.losses.BinaryCrossentropy(), metrics=[keras.metrics.BinaryAccuracy()])
    return model


def build_embedding_classifier__right_own_mask(vocab_size, dim):
    """Without mask_zero: the mask is computed from the ids, as masked_mean does."""
    import keras
    from keras import layers, ops

    ids = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(vocab_size, dim)(ids)
    mask = ops.expand_dims(ops.cast(ops.not_equal(ids, 0), "float32"), -1)
    mean = ops.sum(vectors * mask, axis=1) / ops.maximum(ops.sum(mask, axis=1), 1.0)
    model = keras.Model(ids, layers.Dense(1, activation="sigmoid")(mean))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["acc"])
    return model


def build_embedding_classifier__right_tf_keras(vocab_size, dim):
    """Through tensorflow.keras, layer by layer, built without an Input."""
    import tensorflow as tf

    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Embedding(vocab_size, dim, mask_zero=True, embeddings_initializer="normal"))
    model.add(tf.keras.layers.GlobalAveragePooling1D())
    model.add(tf.keras.layers.Dense(1))
    model.add(tf.keras.layers.Activation("sigmoid"))
    model.build((None, None))
    model.compile(optimizer="sgd", loss="bce", metrics=["binary_accuracy"])
    return model


def build_embedding_classifier__right_subclass(vocab_size, dim):
    """A class of its own, which is built by a first call."""
    import keras

    class Reader(keras.Model):
        def __init__(self):
            super().__init__()
            self.table = keras.layers.Embedding(vocab_size, dim, mask_zero=True)
            self.mean = keras.layers.GlobalAveragePooling1D()
            self.neuron = keras.layers.Dense(1, activation="sigmoid")

        def call(self, ids):
            vectors = self.table(ids)
            return self.neuron(self.mean(vectors, mask=self.table.compute_mask(ids)))

    model = Reader()
    model(np.ones((1, 2), dtype="int32"))
    model.compile("adam", loss=keras.losses.binary_crossentropy, metrics=["accuracy"])
    return model


def build_embedding_classifier__right_dropout(vocab_size, dim):
    """With dropout on the mean, which has no parameters."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(vocab_size, dim, mask_zero=True),
            layers.GlobalAveragePooling1D(),
            layers.Dropout(0.1),
            layers.Dense(1, "sigmoid"),
        ]
    )
    model.compile("adam", loss="BinaryCrossentropy", metrics=["BinaryAccuracy"])
    return model


def _sequential(*layers, length=None, dtype="int32"):
    import keras

    return keras.Sequential([keras.Input((length,), dtype=dtype), *layers])


def _compiled(model):
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_embedding_classifier__wrong_largest_id(vocab_size, dim):
    """Gives Embedding the largest id for input_dim, so the last word has no row."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size - 1, dim, mask_zero=True)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_arguments_exchanged(vocab_size, dim):
    """Gives Embedding the two sizes in the wrong order."""
    from keras import layers as kl

    table = kl.Embedding(dim, vocab_size, mask_zero=True)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_one_row_too_many(vocab_size, dim):
    """Adds a row for the pad, which has one already: id 0."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size + 1, dim, mask_zero=True)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_no_mask(vocab_size, dim):
    """Forgets mask_zero, so the padding vector changes the answer."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_mask_lost(vocab_size, dim):
    """Has mask_zero and takes the mean with an operation that does not look at the mask."""
    import keras
    from keras import layers as kl

    ids = keras.Input((None,), dtype="int32")
    vectors = kl.Embedding(vocab_size, dim, mask_zero=True)(ids)
    return _compiled(keras.Model(ids, kl.Dense(1, "sigmoid")(keras.ops.mean(vectors, axis=1))))


def build_embedding_classifier__wrong_flatten(vocab_size, dim):
    """Flattens, so that every place of a review has weights of its own."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim)
    return _compiled(_sequential(table, kl.Flatten(), kl.Dense(1, "sigmoid"), length=40))


def build_embedding_classifier__wrong_maximum(vocab_size, dim):
    """Takes the maximum over the words, which ignores the mask."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _compiled(_sequential(table, kl.GlobalMaxPooling1D(), kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_features_axis(vocab_size, dim):
    """Takes the mean over the numbers of each vector and keeps the places: the wrong axis."""
    import keras
    from keras import layers as kl

    ids = keras.Input((40,), dtype="int32")
    vectors = kl.Embedding(vocab_size, dim)(ids)
    return _compiled(keras.Model(ids, kl.Dense(1, "sigmoid")(keras.ops.mean(vectors, axis=2))))


def build_embedding_classifier__wrong_divides_by_length(vocab_size, dim):
    """Leaves pads out of the sum and divides by the padded length, not by the number of words."""
    import keras
    from keras import layers as kl

    ids = keras.Input((None,), dtype="int32")
    mask = keras.ops.expand_dims(keras.ops.cast(keras.ops.not_equal(ids, 0), "float32"), -1)
    mean = keras.ops.mean(kl.Embedding(vocab_size, dim)(ids) * mask, axis=1)
    return _compiled(keras.Model(ids, kl.Dense(1, "sigmoid")(mean)))


def build_embedding_classifier__wrong_sum(vocab_size, dim):
    """Adds the vectors up and never divides, so long reviews weigh more."""
    import keras
    from keras import layers as kl

    ids = keras.Input((None,), dtype="int32")
    mask = keras.ops.expand_dims(keras.ops.cast(keras.ops.not_equal(ids, 0), "float32"), -1)
    total = keras.ops.sum(kl.Embedding(vocab_size, dim)(ids) * mask, axis=1)
    return _compiled(keras.Model(ids, kl.Dense(1, "sigmoid")(total)))


def build_embedding_classifier__wrong_nan_on_the_start(vocab_size, dim):
    """Leaves start and unknown out as well, so a review without known words is divided by 0: nan."""
    import keras
    from keras import layers as kl

    ids = keras.Input((None,), dtype="int32")
    mask = keras.ops.expand_dims(keras.ops.cast(ids > 2, "float32"), -1)
    total = keras.ops.sum(kl.Embedding(vocab_size, dim)(ids) * mask, axis=1)
    mean = total / keras.ops.sum(mask, axis=1)
    return _compiled(keras.Model(ids, kl.Dense(1, "sigmoid")(mean)))


def build_embedding_classifier__wrong_last_word(vocab_size, dim):
    """Keeps the vector of the last place only."""
    import keras
    from keras import layers as kl

    ids = keras.Input((None,), dtype="int32")
    vectors = kl.Embedding(vocab_size, dim, mask_zero=True)(ids)
    return _compiled(keras.Model(ids, kl.Dense(1, "sigmoid")(vectors[:, -1])))


def build_embedding_classifier__wrong_softmax(vocab_size, dim):
    """Takes softmax over a single unit, which is always 1."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "softmax")))


def build_embedding_classifier__wrong_no_activation(vocab_size, dim):
    """Forgets the sigmoid, so the loss takes logits for probabilities."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1)))


def build_embedding_classifier__wrong_logits(vocab_size, dim):
    """Gives logits and tells the loss so, but accuracy then compares a logit with 0.5."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    model = _sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1))
    model.compile("adam", loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


def build_embedding_classifier__wrong_from_logits(vocab_size, dim):
    """Has a sigmoid and still tells the loss that it gets logits."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    model = _sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid"))
    model.compile("adam", loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


def build_embedding_classifier__wrong_tanh(vocab_size, dim):
    """Takes tanh, whose values between -1 and 1 are no probabilities."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "tanh")))


def build_embedding_classifier__wrong_mse(vocab_size, dim):
    """Takes the squared error, which is for regression."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    model = _sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid"))
    model.compile("adam", loss="mse", metrics=["accuracy"])
    return model


def build_embedding_classifier__wrong_two_units(vocab_size, dim):
    """Has two units and sparse categorical cross-entropy where one probability is asked."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    model = _sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(2, "softmax"))
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_embedding_classifier__wrong_frozen_table(vocab_size, dim):
    """Freezes the table, so the words' vectors stay random."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True, trainable=False)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_ids_into_dense(vocab_size, dim):  # noqa: ARG001 - that is the mistake
    """Feeds the ids to a Dense layer, as if an id were a quantity."""
    from keras import layers as kl

    return _compiled(_sequential(kl.Dense(1, "sigmoid"), length=40, dtype="float32"))


def build_embedding_classifier__wrong_multi_hot_input(vocab_size, dim):
    """Reads multi-hot vectors of length vocab_size, as in the exercise before."""
    from keras import layers as kl

    return _compiled(_sequential(kl.Dense(dim), kl.Dense(1, "sigmoid"), length=vocab_size, dtype="float32"))


def build_embedding_classifier__wrong_fixed_length(vocab_size, dim):
    """Fixes the length of a review at 40."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid"), length=40))


def build_embedding_classifier__wrong_third_argument(vocab_size, dim):
    """Gives the metrics as compile's third positional argument, which is loss_weights."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    model = _sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid"))
    model.compile("adam", "binary_crossentropy", ["accuracy"])
    return model


def build_embedding_classifier__wrong_no_metric(vocab_size, dim):
    """Compiles without a metric, so training shows the loss alone."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    model = _sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid"))
    model.compile("adam", loss="binary_crossentropy")
    return model


def build_embedding_classifier__wrong_not_compiled(vocab_size, dim):
    """Never compiles the model."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid"))


def build_embedding_classifier__wrong_unbuilt(vocab_size, dim):
    """Never says what comes in, so the model has no weights yet."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _compiled(keras.Sequential([table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid")]))


def build_embedding_classifier__wrong_hidden_layer(vocab_size, dim):
    """Adds a hidden layer, which is more than a table and one neuron."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    hidden = kl.Dense(16, activation="relu")
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), hidden, kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_lstm(vocab_size, dim):
    """Reads with an LSTM, which comes later and has more parameters."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _compiled(_sequential(table, kl.LSTM(8), kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_hard_coded(vocab_size, dim):  # noqa: ARG001 - that is the mistake
    """Has a table of 10000 rows and 16 columns whatever is asked."""
    from keras import layers as kl

    table = kl.Embedding(10000, 16, mask_zero=True)
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_missing_axis(vocab_size, dim):
    """Gives the probability without the last axis: (n,) instead of (n, 1)."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    neuron = kl.Dense(1, "sigmoid")
    return _compiled(_sequential(table, kl.GlobalAveragePooling1D(), neuron, kl.Reshape(())))


def build_embedding_classifier__wrong_no_pooling(vocab_size, dim):
    """Forgets the mean, so there is a probability per word."""
    from keras import layers as kl

    return _compiled(_sequential(kl.Embedding(vocab_size, dim, mask_zero=True), kl.Dense(1, "sigmoid")))


def build_embedding_classifier__wrong_only_layer(vocab_size, dim):
    """Gives back the table alone, a layer and no model."""
    from keras import layers as kl

    return kl.Embedding(vocab_size, dim, mask_zero=True)


def build_embedding_classifier__wrong_nothing_returned(vocab_size, dim):
    """Builds and compiles the model but forgets to return it."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    _compiled(_sequential(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid")))


# ----------------------------------------------------------------------------------------- nearest


def nearest(word: str, table: np.ndarray, vocab: dict[str, int], k: int = 5) -> list[str]:
    """The words whose vectors point in the direction most like the word's own.

    Args:
        word: a word of the vocabulary.
        table: (V, d) float; row k is the vector of id k. Not changed.
        vocab: word -> id, ids from 3 on; rows of the table without a word are left out. Not changed.
        k: how many words, an int of at least 1.
    Returns:
        The k most similar words by cosine, the most similar first, without the word itself; all other
        words when the vocabulary has no k.
    Raises:
        ValueError: the word is not in the vocabulary.

    >>> nearest("good", np.eye(3)[[0, 0, 0, 0, 1, 0]], {"good": 3, "bad": 4, "great": 5}, k=1)
    ['great']
    """
    if word not in vocab:
        raise ValueError(f"the word is not in the vocabulary (got {word!r})")
    others = [other for other in vocab if other != word]
    rows = table[[vocab[other] for other in others]].astype("float64")
    wanted = table[vocab[word]].astype("float64")
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(wanted)
    cosine = rows @ wanted / np.maximum(lengths, 1e-300)
    return [others[i] for i in np.argsort(-cosine, kind="stable")[:k]]


def nearest__right_plain_python(word, table, vocab, k=5):
    """Computes each cosine with plain sums and sorts pairs."""
    if word not in vocab:
        raise ValueError("unknown word")

    def cosine(a, b):
        lengths = math.sqrt(sum(x * x for x in a)) * math.sqrt(sum(y * y for y in b))
        return sum(x * y for x, y in zip(a, b, strict=True)) / lengths if lengths else 0.0

    a = [float(x) for x in table[vocab[word]]]
    scored = []
    for other, number in vocab.items():
        if other != word:
            scored.append((cosine(a, [float(y) for y in table[number]]), other))
    scored.sort(key=lambda pair: -pair[0])
    return [other for _, other in scored[:k]]


def nearest__right_distance_of_unit_vectors(word, table, vocab, k=5):
    """Sorts by the Euclidean distance between vectors of length 1, which gives the same order."""
    if word not in vocab:
        raise ValueError("unknown word")
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    unit = table / np.where(lengths == 0, 1, lengths)
    distance = {other: np.linalg.norm(unit[i] - unit[vocab[word]]) for other, i in vocab.items()}
    del distance[word]
    return heapq.nsmallest(k, distance, key=distance.get)


def nearest__right_over_all_rows(word, table, vocab, k=5):
    """Sorts all rows and walks down the list, past the rows that have no word."""
    if word not in vocab:
        raise ValueError("unknown word")
    word_of = {number: other for other, number in vocab.items()}
    lengths = np.sqrt((table**2).sum(axis=1))
    cosine = table @ table[vocab[word]] / np.where(lengths == 0, 1, lengths)
    found = []
    for i in np.argsort(cosine)[::-1]:
        if i < 3 or i == vocab[word] or i not in word_of:
            continue
        found.append(word_of[i])
        if len(found) == k:
            break
    return found


def _cosines(word, table, vocab):
    """Every word of the vocabulary with its cosine to the word, the most similar first."""
    if word not in vocab:
        raise ValueError("unknown word")
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    scored = {other: float(unit[number] @ unit[vocab[word]]) for other, number in vocab.items()}
    return sorted(scored.items(), key=lambda pair: -pair[1])


def nearest__right_heap(word, table, vocab, k=5):
    """Takes the k largest from a generator of words, with a lambda for the cosine."""
    if word not in vocab:
        raise ValueError(f"unknown word {word!r}")
    rows = np.asarray(table, dtype=float)
    unit = lambda other: rows[vocab[other]] / np.sqrt((rows[vocab[other]] ** 2).sum())  # noqa: E731
    others = (other for other in vocab if other != word)
    return tuple(heapq.nlargest(k, others, key=lambda other: float(unit(other) @ unit(word))))


def nearest__wrong_dot_product(word, table, vocab, k=5):
    """Sorts by the dot product, so long vectors win whatever their direction."""
    if word not in vocab:
        raise ValueError("unknown word")
    scored = {other: float(table[number] @ table[vocab[word]]) for other, number in vocab.items()}
    scored.pop(word)
    return sorted(scored, key=scored.get, reverse=True)[:k]


def nearest__wrong_distance(word, table, vocab, k=5):
    """Sorts by the Euclidean distance, which depends on the vectors' lengths."""
    if word not in vocab:
        raise ValueError("unknown word")
    distance = {other: np.linalg.norm(table[number] - table[vocab[word]]) for other, number in vocab.items()}
    return sorted(distance, key=distance.get)[1 : k + 1]


def nearest__wrong_with_itself(word, table, vocab, k=5):
    """Counts the word itself among its neighbours."""
    return [other for other, _ in _cosines(word, table, vocab)[:k]]


def nearest__wrong_one_too_few(word, table, vocab, k=5):
    """Takes k words and then drops the word itself, so one is missing."""
    return [other for other, _ in _cosines(word, table, vocab)[:k] if other != word]


def nearest__wrong_first_dropped_by_place(word, table, vocab, k=5):
    """Sorts by the dot product and drops the first, which need not be the word itself."""
    if word not in vocab:
        raise ValueError("unknown word")
    scored = {other: float(table[number] @ table[vocab[word]]) for other, number in vocab.items()}
    return sorted(scored, key=scored.get, reverse=True)[1 : k + 1]


def nearest__wrong_special_ids(word, table, vocab, k=5):
    """Counts pad, start and unknown among the neighbours."""
    if word not in vocab:
        raise ValueError("unknown word")
    names = {0: "<pad>", 1: "<start>", 2: "<unk>", **{number: other for other, number in vocab.items()}}
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    order = np.argsort(-(unit @ unit[vocab[word]]))
    return [names[i] for i in order if i in names and names[i] != word][:k]


def nearest__wrong_special_rows_crash(word, table, vocab, k=5):
    """Sorts all rows of the table and looks a word up for each, also where the row has none."""
    if word not in vocab:
        raise ValueError("unknown word")
    word_of = {number: other for other, number in vocab.items()}
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    order = np.argsort(-(unit @ unit[vocab[word]]))
    return [word_of[i] for i in order if i != vocab[word]][:k]


def nearest__wrong_least_similar(word, table, vocab, k=5):
    """Sorts upwards, so the least similar words come first."""
    return [other for other, _ in _cosines(word, table, vocab)[::-1] if other != word][:k]


def nearest__wrong_order_lost(word, table, vocab, k=5):
    """Finds the right words and gives them in alphabetical order."""
    return sorted([other for other, _ in _cosines(word, table, vocab) if other != word][:k])


def nearest__wrong_absolute(word, table, vocab, k=5):
    """Takes the absolute cosine, so words of the opposite direction count as near."""
    scored = [(other, abs(value)) for other, value in _cosines(word, table, vocab) if other != word]
    return [other for other, _ in sorted(scored, key=lambda pair: -pair[1])[:k]]


def nearest__wrong_columns_normalised(word, table, vocab, k=5):
    """Divides the columns of the table by their lengths instead of its rows."""
    if word not in vocab:
        raise ValueError("unknown word")
    unit = table / np.linalg.norm(table, axis=0, keepdims=True)
    scored = {other: float(unit[number] @ unit[vocab[word]]) for other, number in vocab.items()}
    scored.pop(word)
    return sorted(scored, key=scored.get, reverse=True)[:k]


def nearest__wrong_correlation(word, table, vocab, k=5):
    """Takes the correlation, which subtracts each vector's mean first."""
    if word not in vocab:
        raise ValueError("unknown word")
    similar = np.corrcoef(table)[vocab[word]]
    others = [other for other in vocab if other != word]
    return sorted(others, key=lambda other: -similar[vocab[other]])[:k]


def nearest__wrong_place_in_vocabulary(word, table, vocab, k=5):
    """Takes a word's place in the dict for its id."""
    if word not in vocab:
        raise ValueError("unknown word")
    return [
        other for other, _ in _cosines(word, table, {w: 3 + i for i, w in enumerate(vocab)}) if other != word
    ][:k]


def nearest__wrong_ids_out(word, table, vocab, k=5):
    """Gives ids instead of words."""
    return [vocab[other] for other, _ in _cosines(word, table, vocab) if other != word][:k]


def nearest__wrong_pairs(word, table, vocab, k=5):
    """Gives pairs of a word and its cosine."""
    return [(other, value) for other, value in _cosines(word, table, vocab) if other != word][:k]


def nearest__wrong_always_five(word, table, vocab, k=5):  # noqa: ARG001 - that is the mistake
    """Gives five words whatever k is."""
    return [other for other, _ in _cosines(word, table, vocab) if other != word][:5]


def nearest__wrong_key_error(word, table, vocab, k=5):
    """Looks an unknown word up and raises KeyError, not ValueError."""
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    wanted = unit[vocab[word]]
    scored = {other: float(unit[number] @ wanted) for other, number in vocab.items() if other != word}
    return sorted(scored, key=scored.get, reverse=True)[:k]


def nearest__wrong_unknown_is_empty(word, table, vocab, k=5):
    """Gives no words for an unknown word, without a sign that something is wrong."""
    if word not in vocab:
        return []
    return [other for other, _ in _cosines(word, table, vocab) if other != word][:k]


def nearest__wrong_unknown_by_id_two(word, table, vocab, k=5):
    """Takes the vector of id 2 for an unknown word."""
    known = {**vocab, word: vocab.get(word, 2)}
    return [other for other, _ in _cosines(word, table, known) if other != word][:k]


def nearest__wrong_normalises_in_place(word, table, vocab, k=5):
    """Gives the right answer but divides the caller's own table by its lengths."""
    found = [other for other, _ in _cosines(word, table, vocab) if other != word][:k]
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    return found


def nearest__wrong_pops_the_word(word, table, vocab, k=5):
    """Gives the right answer but removes the word from the caller's vocabulary."""
    found = [other for other, _ in _cosines(word, table, vocab) if other != word][:k]
    vocab.pop(word)
    return found
