"""The reference for `ex2_one_hot`, right variants of other styles, and the wrong ones students really write.

`f` is the reference, `f__right_<name>` must get all points, `f__wrong_<name>` must lose some; a wrong
variant's docstring names the misconception.  Only numpy, the standard library and (inside functions,
so that reading this file stays cheap) keras are imported.
"""

import heapq
import re
from collections import Counter, defaultdict

import numpy as np

# ---------------------------------------------------------------------------------------- tokenize


def tokenize(text: str) -> list[str]:
    """Cut a review into lower-case tokens.

    Args:
        text: a review (str); the corpus already has spaces around its punctuation.
    Returns:
        The tokens, a list of str: lower case, cut at any white space, punctuation kept.

    >>> tokenize("The plot was GOOD .")
    ['the', 'plot', 'was', 'good', '.']
    """
    return text.lower().split()


def tokenize__right_comprehension(text):
    """Cuts first and lowers each token."""
    return [token.lower() for token in text.split()]


def tokenize__right_regular_expression(text):
    """Finds the runs of characters that are no white space."""
    return re.findall(r"\S+", text.lower())


def tokenize__right_character_loop(text):
    """Walks through the characters and closes a token at each white space."""
    tokens, current = [], ""
    for character in text:
        if character.isspace():
            if current:
                tokens.append(current)
            current = ""
        else:
            current += character
    if current:
        tokens.append(current)
    return [token.lower() for token in tokens]


def tokenize__right_array(text):
    """Gives an array of texts."""
    return np.array(text.lower().split(), dtype=str)


def tokenize__wrong_split_space(text):
    """Cuts at each single space, so a TAB stays inside a token and two spaces give an empty token."""
    return text.lower().split(" ")


def tokenize__wrong_split_space_filtered(text):
    """Cuts at spaces only and drops empty tokens, so tabs and new lines stay inside tokens."""
    return [token for token in text.lower().split(" ") if token]


def tokenize__wrong_keeps_case(text):
    """Forgets to lower: "Good" and "good" become two words."""
    return text.split()


def tokenize__wrong_drops_punctuation(text):
    """Throws punctuation away, although "." and "!" are tokens here."""
    return re.findall(r"\w+", text.lower())


def tokenize__wrong_cuts_inside_words(text):
    """Cuts at every sign that is no letter or digit, so "don't" becomes three tokens."""
    return re.findall(r"\w+|[^\w\s]", text.lower())


def tokenize__wrong_characters(text):
    """Gives characters instead of words."""
    return list(text.lower())


def tokenize__wrong_unique(text):
    """Keeps each word once, so repeated words are lost."""
    return list(dict.fromkeys(text.lower().split()))


def tokenize__wrong_ascii_only(text):
    """Replaces accented letters, so French words are damaged."""
    return re.sub(r"[^\x00-\x7f]", "", text.lower()).split()


def tokenize__wrong_joined(text):
    """Gives one text back instead of a list of tokens."""
    return " ".join(text.lower().split())


# -------------------------------------------------------------------------------------- build_vocab


def build_vocab(token_lists: list[list[str]], max_size: int) -> dict[str, int]:
    """Number the most frequent words of the training reviews.

    Args:
        token_lists: the training reviews, a list of lists of str.
        max_size: how many ids there are in all, with 0 (pad), 1 (start) and 2 (unknown); an int.
    Returns:
        word -> id (int from 3 on), the most frequent word first, equally frequent words in Python's
        string order; min(number of different words, max(max_size - 3, 0)) entries.

    >>> build_vocab([["good", "plot"], ["good", "acting"]], 5)
    {'good': 3, 'acting': 4}
    """
    counts = Counter(token for tokens in token_lists for token in tokens)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: number for number, word in enumerate(ranked[: max(max_size - 3, 0)], start=3)}


def build_vocab__right_plain_loops(token_lists, max_size):
    """Counts with a dict and sorts twice, relying on a stable sort."""
    counts = {}
    for tokens in token_lists:
        for token in tokens:
            counts[token] = counts.get(token, 0) + 1
    words = sorted(counts)
    words.sort(key=counts.get, reverse=True)
    vocab = {}
    for word in words:
        if len(vocab) >= max_size - 3:
            break
        vocab[word] = len(vocab) + 3
    return vocab


def build_vocab__right_heap(token_lists, max_size):
    """Takes the best words from a heap, without sorting them all."""
    counts = defaultdict(int)
    for tokens in token_lists:
        for token in tokens:
            counts[token] += 1
    best = heapq.nsmallest(max(max_size - 3, 0), ((-count, word) for word, count in counts.items()))
    return {word: rank + 3 for rank, (_, word) in enumerate(best)}


def build_vocab__right_numpy(token_lists, max_size):
    """Counts with np.unique, which sorts the words, then sorts stably by frequency; ids are np.int64."""
    words = [token for tokens in token_lists for token in tokens]
    if not words:
        return {}
    unique, counts = np.unique(np.array(words), return_counts=True)
    order = np.argsort(-counts, kind="stable")[: max(max_size - 3, 0)]
    return {str(unique[i]): np.int64(3 + rank) for rank, i in enumerate(order)}


def build_vocab__right_most_common(token_lists, max_size):
    """Feeds the words to a Counter in sorted order, so that equal counts keep that order."""
    counts = Counter(sorted(word for tokens in token_lists for word in tokens))
    return {word: 3 + i for i, (word, _) in enumerate(counts.most_common(max(0, max_size - 3)))}


def _right_vocab(token_lists, max_size):
    counts = Counter(token for tokens in token_lists for token in tokens)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: number for number, word in enumerate(ranked[: max(max_size - 3, 0)], start=3)}


def build_vocab__wrong_from_zero(token_lists, max_size):
    """Numbers words from 0, so the first words take the ids of pad, start and unknown."""
    return {word: number - 3 for word, number in _right_vocab(token_lists, max_size).items()}


def build_vocab__wrong_from_one(token_lists, max_size):
    """Keeps 0 for the pad only and numbers words from 1."""
    return {word: number - 2 for word, number in _right_vocab(token_lists, max_size).items()}


def build_vocab__wrong_keras_offset(token_lists, max_size):
    """Numbers words from 4 as Keras' own IMDB file does; here they start at 3."""
    return {word: number + 1 for word, number in _right_vocab(token_lists, max_size).items()}


def build_vocab__wrong_three_too_many(token_lists, max_size):
    """Takes max_size words and forgets that three ids are taken already."""
    return _right_vocab(token_lists, max_size + 3)


def build_vocab__wrong_one_too_few(token_lists, max_size):
    """Stops one word early."""
    return _right_vocab(token_lists, max_size - 1)


def build_vocab__wrong_negative_slice(token_lists, max_size):
    """Slices with max_size - 3 when that is negative, which drops the last words instead of all."""
    counts = Counter(token for tokens in token_lists for token in tokens)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: number for number, word in enumerate(ranked[: max_size - 3], start=3)}


def build_vocab__wrong_ties_by_appearance(token_lists, max_size):
    """Leaves equally frequent words in the order of appearance, which changes when reviews are permuted."""
    counts = Counter(token for tokens in token_lists for token in tokens)
    common = counts.most_common(max(max_size - 3, 0))
    return {word: number for number, (word, _) in enumerate(common, start=3)}


def build_vocab__wrong_ties_backwards(token_lists, max_size):
    """Sorts (count, word) in reverse, which also reverses the alphabet among equals."""
    counts = Counter(token for tokens in token_lists for token in tokens)
    ranked = sorted(((count, word) for word, count in counts.items()), reverse=True)
    return {word: number for number, (_, word) in enumerate(ranked[: max(max_size - 3, 0)], start=3)}


def build_vocab__wrong_alphabetical(token_lists, max_size):
    """Takes words in alphabetical order and never counts them."""
    words = sorted({token for tokens in token_lists for token in tokens})
    return {word: number for number, word in enumerate(words[: max(max_size - 3, 0)], start=3)}


def build_vocab__wrong_rarest_first(token_lists, max_size):
    """Sorts by growing count, so the rarest words come first."""
    counts = Counter(token for tokens in token_lists for token in tokens)
    ranked = sorted(counts, key=lambda word: (counts[word], word))
    return {word: number for number, word in enumerate(ranked[: max(max_size - 3, 0)], start=3)}


def build_vocab__wrong_counts_reviews(token_lists, max_size):
    """Counts the reviews that hold a word instead of its tokens."""
    counts = Counter(token for tokens in token_lists for token in set(tokens))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: number for number, word in enumerate(ranked[: max(max_size - 3, 0)], start=3)}


def build_vocab__wrong_special_words(token_lists, max_size):
    """Puts "<pad>", "<start>" and "<unk>" into the vocabulary as if they were words."""
    vocab = {"<pad>": 0, "<start>": 1, "<unk>": 2}
    vocab.update(_right_vocab(token_lists, max_size))
    return vocab


def build_vocab__wrong_id_to_word(token_lists, max_size):
    """Gives id -> word instead of word -> id."""
    return {number: word for word, number in _right_vocab(token_lists, max_size).items()}


def build_vocab__wrong_list(token_lists, max_size):
    """Gives the list of words and no ids."""
    return list(_right_vocab(token_lists, max_size))


def build_vocab__wrong_sorts_the_reviews(token_lists, max_size):
    """Gives the right vocabulary but sorts the caller's reviews on the way."""
    for tokens in token_lists:
        tokens.sort()
    return _right_vocab(token_lists, max_size)


_COUNTS: Counter = Counter()


def build_vocab__wrong_remembers_other_reviews(token_lists, max_size):
    """Goes on counting where the last call stopped, so words of other reviews (dev, test) enter."""
    for tokens in token_lists:
        _COUNTS.update(tokens)
    ranked = sorted(_COUNTS, key=lambda word: (-_COUNTS[word], word))
    return {word: number for number, word in enumerate(ranked[: max(max_size - 3, 0)], start=3)}


# ------------------------------------------------------------------------------------------- encode


def encode(token_lists: list[list[str]], vocab: dict[str, int]) -> list[list[int]]:
    """Write each review as a list of word ids.

    Args:
        token_lists: the reviews, a list of lists of str.
        vocab: word -> id, ids from 3 on; it is not changed.
    Returns:
        One list of int per review: the start id 1, then an id per token, 2 for an unknown word.

    >>> encode([["good", "zzz"], []], {"good": 3})
    [[1, 3, 2], [1]]
    """
    return [[1] + [vocab.get(token, 2) for token in tokens] for tokens in token_lists]


def encode__right_plain_loops(token_lists, vocab):
    """Two loops and an if."""
    encoded = []
    for tokens in token_lists:
        ids = [1]
        for token in tokens:
            if token in vocab:
                ids.append(vocab[token])
            else:
                ids.append(2)
        encoded.append(ids)
    return encoded


def encode__right_default_dict(token_lists, vocab):
    """Copies the vocabulary into a defaultdict that answers 2."""
    ids = defaultdict(lambda: 2, vocab)
    return [[1, *(ids[token] for token in tokens)] for tokens in token_lists]


def encode__right_arrays(token_lists, vocab):
    """One int32 array per review."""
    return [np.array([1] + [vocab.get(t, 2) for t in tokens], dtype="int32") for tokens in token_lists]


def encode__right_generators(token_lists, vocab):
    """Generators and starred tuples; a list of tuples comes back."""
    return [(1, *(vocab.get(token, 2) for token in tokens)) for tokens in token_lists]


def encode__wrong_no_start(token_lists, vocab):
    """Forgets the start id 1."""
    return [[vocab.get(token, 2) for token in tokens] for tokens in token_lists]


def encode__wrong_start_zero(token_lists, vocab):
    """Starts a review with 0, which is the pad."""
    return [[0] + [vocab.get(token, 2) for token in tokens] for tokens in token_lists]


def encode__wrong_start_last(token_lists, vocab):
    """Puts the start id at the end."""
    return [[vocab.get(token, 2) for token in tokens] + [1] for tokens in token_lists]


def encode__wrong_drops_unknown(token_lists, vocab):
    """Removes unknown words instead of writing 2."""
    return [[1] + [vocab[token] for token in tokens if token in vocab] for tokens in token_lists]


def encode__wrong_key_error(token_lists, vocab):
    """Looks words up with [] and stops at the first unknown one."""
    return [[1] + [vocab[token] for token in tokens] for tokens in token_lists]


def encode__wrong_unknown_zero(token_lists, vocab):
    """Gives unknown words 0, which is the pad."""
    return [[1] + [vocab.get(token, 0) for token in tokens] for tokens in token_lists]


def encode__wrong_grows_vocabulary(token_lists, vocab):
    """Adds unknown words to the vocabulary, which changes the caller's dict."""
    return [[1] + [vocab.setdefault(token, len(vocab) + 3) for token in tokens] for tokens in token_lists]


def encode__wrong_marks_unknown_in_vocabulary(token_lists, vocab):
    """Gives the right ids but writes each unknown word into the caller's vocabulary."""
    return [[1] + [vocab.setdefault(token, 2) for token in tokens] for tokens in token_lists]


def encode__wrong_drops_empty(token_lists, vocab):
    """Skips empty reviews, so reviews and labels no longer match."""
    return [[1] + [vocab.get(token, 2) for token in tokens] for tokens in token_lists if tokens]


def encode__wrong_empty_stays_empty(token_lists, vocab):
    """Gives an empty review no start id."""
    return [[1] + [vocab.get(token, 2) for token in tokens] if tokens else [] for tokens in token_lists]


def encode__wrong_shifted_again(token_lists, vocab):
    """Adds Keras' offset of 3 to ids that start at 3 already."""
    return [[1] + [vocab[t] + 3 if t in vocab else 2 for t in tokens] for tokens in token_lists]


def encode__wrong_flat(token_lists, vocab):
    """Joins all reviews into one list."""
    return [number for tokens in token_lists for number in [1] + [vocab.get(t, 2) for t in tokens]]


def encode__wrong_padded(token_lists, vocab):
    """Fills short reviews with 0 up to the longest one, although padding is not asked here."""
    encoded = [[1] + [vocab.get(token, 2) for token in tokens] for tokens in token_lists]
    longest = max(map(len, encoded), default=0)
    return [ids + [0] * (longest - len(ids)) for ids in encoded]


# ------------------------------------------------------------------------------------------ one_hot


def one_hot(ids: np.ndarray, depth: int) -> np.ndarray:
    """Write each id as a vector of zeros with a single one, at the place of the id.

    Args:
        ids: integers of any shape (...), an array or nested lists; not changed.
        depth: the length of each vector, an int of at least 1.
    Returns:
        (..., depth) float32.
    Raises:
        TypeError: ids are floats or booleans.
        ValueError: depth < 1, or an id is below 0 or not below depth.

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """
    ids = np.asarray(ids)
    if not np.issubdtype(ids.dtype, np.integer):
        raise TypeError(f"ids must be integers (got {ids.dtype})")
    if depth < 1:
        raise ValueError(f"depth must be at least 1 (got {depth})")
    if ids.size and (ids.min() < 0 or ids.max() >= depth):
        raise ValueError(f"ids must lie in 0..{depth - 1} (got {ids.min()}..{ids.max()})")
    return np.eye(depth, dtype="float32")[ids]


def _checked(ids, depth):
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if depth < 1 or (ids.size > 0 and (ids.min() < 0 or ids.max() >= depth)):
        raise ValueError("an id is outside, or depth is")
    return ids


def one_hot__right_comparison(ids, depth):
    """Compares each id with 0, 1, …, depth - 1."""
    ids = _checked(ids, depth)
    return (ids[..., np.newaxis] == np.arange(depth)).astype("float32")


def one_hot__right_plain_loop(ids, depth):
    """Fills zeros place by place."""
    ids = _checked(ids, depth)
    result = np.zeros((*ids.shape, depth), dtype=np.float32)
    for place, number in np.ndenumerate(ids):
        result[(*place, int(number))] = 1.0
    return result


def one_hot__right_put_along_axis(ids, depth):
    """Puts the ones along the last axis."""
    ids = _checked(ids, depth).astype(np.int64)
    result = np.zeros((*ids.shape, depth), np.float32)
    np.put_along_axis(result, ids[..., None], 1, axis=-1)
    return result


def one_hot__right_keras_ops(ids, depth):
    """Checks first, then lets keras.ops.one_hot do the work; the answer is a tensor."""
    import keras

    return keras.ops.one_hot(_checked(ids, depth).astype("int32"), depth, dtype="float32")


def one_hot__right_to_categorical(ids, depth):
    """Checks first, then uses to_categorical and converts its float64 to float32."""
    from keras.utils import to_categorical

    ids = _checked(ids, depth)
    return to_categorical(ids.reshape(-1), depth).astype("float32").reshape(*ids.shape, depth)


def _right_one_hot(ids, depth):
    return np.eye(depth, dtype="float32")[_checked(ids, depth)]


def one_hot__right_tensor(ids, depth):
    """Checks with NumPy, encodes with TensorFlow, and gives a tensor back."""
    import tensorflow as tf

    ids = np.asarray(ids)
    if not np.issubdtype(ids.dtype, np.integer):
        raise TypeError("ids must be integers")
    if depth < 1 or np.any(ids < 0) or np.any(ids >= depth):
        raise ValueError("an id is outside, or depth is")
    return tf.one_hot(ids, depth)


def one_hot__right_recursive(ids, depth):
    """Goes down through nested lists, to one comparison for each column."""
    array = np.asarray(ids)
    if array.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if depth < 1 or not all(0 <= number < depth for number in array.flat):
        raise ValueError("an id is outside, or depth is")

    def rows(value):
        if isinstance(value, list):
            return [rows(item) for item in value]
        return [float(column == value) for column in range(depth)]

    return np.array(rows(array.tolist()), dtype=np.float32).reshape(*array.shape, depth)


def one_hot__wrong_ids_minus_one(ids, depth):
    """Believes that ids count from 1: column id - 1 lights up."""
    return np.eye(depth, dtype="float32")[_checked(ids, depth) - 1]


def one_hot__wrong_depth_from_batch(ids, depth):
    """Takes the depth from the largest id of the batch and ignores the argument."""
    ids = _checked(ids, depth)
    return np.eye(int(ids.max(initial=0)) + 1, dtype="float32")[ids]


def one_hot__wrong_to_categorical_default(ids, depth):
    """Calls to_categorical(ids) without the depth: width from the batch, float64."""
    from keras.utils import to_categorical

    return to_categorical(_checked(ids, depth))


def one_hot__wrong_depth_plus_one(ids, depth):
    """Adds a column "for the unknown word", which is already there as id 2."""
    return np.eye(depth + 1, dtype="float32")[_checked(ids, depth)]


def one_hot__wrong_float64(ids, depth):
    """Leaves NumPy's default float64, twice the memory."""
    return np.eye(depth)[_checked(ids, depth)]


def one_hot__wrong_int(ids, depth):
    """Gives integers."""
    return np.eye(depth, dtype=int)[_checked(ids, depth)]


def one_hot__wrong_bool(ids, depth):
    """Gives True and False."""
    return _checked(ids, depth)[..., None] == np.arange(depth)


def one_hot__wrong_transposed(ids, depth):
    """Puts the depth first: one row per word instead of one per position."""
    return np.moveaxis(np.eye(depth, dtype="float32")[_checked(ids, depth)], -1, 0)


def one_hot__wrong_time_and_depth_exchanged(ids, depth):
    """Exchanges the last two axes: (batch, depth, time)."""
    encoded = np.eye(depth, dtype="float32")[_checked(ids, depth)]
    return np.swapaxes(encoded, -1, -2) if encoded.ndim > 1 else encoded


def one_hot__wrong_flattens_batch(ids, depth):
    """Loses the batch axis: all ids of all reviews in one long table."""
    return np.eye(depth, dtype="float32")[_checked(ids, depth).reshape(-1)]


def one_hot__wrong_negative_wraps(ids, depth):
    """Lets NumPy count from the end: -1 silently becomes the last word."""
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if depth < 1 or ids.max(initial=0) >= depth:
        raise ValueError("too large")
    return np.eye(depth, dtype="float32")[ids]


def one_hot__wrong_clips(ids, depth):
    """Clips ids that are too large or too small, so they become other words."""
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if depth < 1:
        raise ValueError("depth")
    return np.eye(depth, dtype="float32")[np.clip(ids, 0, depth - 1)]


def one_hot__wrong_zero_row(ids, depth):
    """Gives a row of zeros for an id that does not exist, as keras.ops.one_hot does."""
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if depth < 1:
        raise ValueError("depth")
    return (ids[..., None] == np.arange(depth)).astype("float32")


def one_hot__wrong_index_error(ids, depth):
    """Leaves the range check to NumPy, which raises IndexError and not ValueError."""
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if depth < 1 or ids.min(initial=0) < 0:
        raise ValueError("negative")
    return np.eye(depth, dtype="float32")[ids]


def one_hot__wrong_pad_is_zero(ids, depth):
    """Leaves the row of id 0 empty, as a mask would; one_hot encodes every id, 0 included."""
    ids = _checked(ids, depth)
    return np.eye(depth, dtype="float32")[ids] * (ids != 0)[..., None].astype("float32")


def one_hot__wrong_all_rows(ids, depth):
    """Writes result[..., ids] = 1, which lights the columns of all ids in every row."""
    ids = _checked(ids, depth)
    result = np.zeros((*ids.shape, depth), "float32")
    result[..., ids.reshape(-1)] = 1
    return result


def one_hot__wrong_multi_hot(ids, depth):
    """Gives one vector per review, which is multi-hot."""
    return np.eye(depth, dtype="float32")[_checked(ids, depth)].max(axis=-2, initial=0)


def one_hot__wrong_hard_coded(ids, depth):
    """Has 10000 columns whatever the depth."""
    return np.eye(10000, dtype="float32")[_checked(ids, depth)]


def one_hot__wrong_casts_floats(ids, depth):
    """Rounds float ids down instead of refusing them."""
    return _right_one_hot(np.asarray(ids).astype("int64"), depth)


def one_hot__wrong_accepts_booleans(ids, depth):
    """Takes True and False for the ids 1 and 0."""
    ids = np.asarray(ids)
    return _right_one_hot(ids.astype("int64") if ids.dtype.kind == "b" else ids, depth)


def one_hot__wrong_no_depth_check(ids, depth):
    """Gives an empty result for depth 0 instead of refusing it."""
    ids = np.asarray(ids)
    if depth < 1:
        return np.zeros((*ids.shape, 0), "float32")
    return _right_one_hot(ids, depth)


def one_hot__wrong_refuses_depth_one(ids, depth):
    """Refuses a depth of 1 as well: `<= 1` where `< 1` is meant."""
    if depth <= 1:
        raise ValueError(f"depth must be larger than 1 (got {depth})")
    return _right_one_hot(ids, depth)


def one_hot__wrong_changes_ids(ids, depth):
    """Gives the right answer but overwrites the caller's ids on the way."""
    result = _right_one_hot(ids, depth)
    if isinstance(ids, np.ndarray) and ids.ndim:
        ids[...] = 0
    return result


def one_hot__wrong_arrays_only(ids, depth):
    """Asks ids for a dtype that only arrays have, so lists and single numbers fail."""
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    return _right_one_hot(ids, depth)


def one_hot__wrong_empty_crashes(ids, depth):
    """Asks for the smallest id where there are none."""
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError("ids must be integers")
    if depth < 1 or ids.min() < 0 or ids.max() >= depth:
        raise ValueError("an id is outside, or depth is")
    return np.eye(depth, dtype="float32")[ids]


def one_hot__wrong_swapped_values(ids, depth):
    """Writes zeros into ones: a single zero in each row."""
    return 1 - np.eye(depth, dtype="float32")[_checked(ids, depth)]


# ---------------------------------------------------------------------------------------- multi_hot


def multi_hot(sequences: list[list[int]], depth: int) -> np.ndarray:
    """Write each review as one vector: 1 where a word occurs, 0 where it does not.

    Args:
        sequences: n lists of ids of any lengths, or an (n, T) array padded with 0; not changed.
        depth: the length of each vector, an int.
    Returns:
        (n, depth) float32 of zeros and ones; column 0 (the pad) is always 0.
        It needs at most twice the memory of its result.
    Raises:
        TypeError: ids are floats.
        ValueError: an id is below 0 or not below depth.

    >>> multi_hot([[1, 3, 3], [1]], 4)
    array([[0., 1., 0., 1.],
           [0., 1., 0., 0.]], dtype=float32)
    """
    result = np.zeros((len(sequences), depth), dtype="float32")
    for row, sequence in zip(result, sequences, strict=True):
        row[_checked_sequence(sequence, depth)] = 1.0
    result[:, 0] = 0.0
    return result


def _checked_sequence(sequence, depth):
    ids = np.asarray(sequence)
    if ids.size == 0:
        return ids.astype("int64")
    if ids.dtype.kind not in "iu":
        raise TypeError(f"ids must be integers (got {ids.dtype})")
    if ids.min() < 0 or ids.max() >= depth:
        raise ValueError(f"ids must lie in 0..{depth - 1} (got {ids.min()}..{ids.max()})")
    return ids


def multi_hot__right_sets(sequences, depth):
    """Plain Python: a set of ids per review."""
    rows = []
    for sequence in sequences:
        for number in sequence:
            if isinstance(number, (float, np.floating)):
                raise TypeError("ids must be integers")
            if not 0 <= number < depth:
                raise ValueError("an id is outside")
        rows.append({int(number) for number in sequence} - {0})
    result = np.zeros((len(rows), depth), dtype=np.float32)
    for i, row in enumerate(rows):
        for number in row:
            result[i, number] = 1
    return result


def multi_hot__right_fancy_index(sequences, depth):
    """All rows at once: two long index arrays."""
    ids = [_checked_sequence(sequence, depth) for sequence in sequences]
    result = np.zeros((len(ids), depth), dtype="float32")
    if ids:
        rows = np.repeat(np.arange(len(ids)), [len(row) for row in ids])
        result[rows, np.concatenate(ids)] = 1
    result[:, :1] = 0
    return result


def multi_hot__right_bincount(sequences, depth):
    """Counts each review's ids and keeps whether the count is above 0."""
    result = np.empty((len(sequences), depth), np.float32)
    for i, sequence in enumerate(sequences):
        result[i] = np.bincount(_checked_sequence(sequence, depth), minlength=depth) > 0
    result[:, 0] = 0
    return result


def multi_hot__right_keras_row_by_row(sequences, depth):
    """One row at a time with to_categorical, so the memory stays small."""
    from keras.utils import to_categorical

    result = np.zeros((len(sequences), depth), "float32")
    for i, sequence in enumerate(sequences):
        ids = _checked_sequence(sequence, depth)
        if len(ids):
            result[i] = to_categorical(ids, depth).max(axis=0)
    result[:, 0] = 0
    return result


def _right_multi_hot(sequences, depth):
    result = np.zeros((len(sequences), depth), dtype="float32")
    for row, sequence in zip(result, sequences, strict=True):
        row[_checked_sequence(sequence, depth)] = 1.0
    result[:, :1] = 0.0
    return result


def multi_hot__wrong_counts(sequences, depth):
    """Counts words: a repeated word gives 2."""
    result = np.zeros((len(sequences), depth), "float32")
    for i, sequence in enumerate(sequences):
        np.add.at(result[i], _checked_sequence(sequence, depth), 1)
    result[:, 0] = 0
    return result


def multi_hot__wrong_frequencies(sequences, depth):
    """Divides counts by the length of the review."""
    result = np.zeros((len(sequences), depth), "float32")
    for i, sequence in enumerate(sequences):
        np.add.at(result[i], _checked_sequence(sequence, depth), 1 / max(len(sequence), 1))
    result[:, 0] = 0
    return result


def multi_hot__wrong_counts_pad(sequences, depth):
    """Lights column 0 wherever a review was padded."""
    result = np.zeros((len(sequences), depth), "float32")
    for i, sequence in enumerate(sequences):
        result[i, _checked_sequence(sequence, depth)] = 1
    return result


def multi_hot__wrong_hard_coded(sequences, depth):
    """Has 10000 columns whatever the depth."""
    result = np.zeros((len(sequences), 10000), "float32")
    for i, sequence in enumerate(sequences):
        result[i, _checked_sequence(sequence, depth)] = 1
    result[:, 0] = 0
    return result


def multi_hot__wrong_last_word(sequences, depth):
    """Overwrites the row for each word, so only the last one stays."""
    result = np.zeros((len(sequences), depth), "float32")
    for i, sequence in enumerate(sequences):
        for number in _checked_sequence(sequence, depth):
            result[i] = 0
            result[i, number] = 1
    result[:, 0] = 0
    return result


def multi_hot__wrong_empty_crashes(sequences, depth):
    """Takes the largest id of each review, which fails for an empty one."""
    result = np.zeros((len(sequences), depth), "float32")
    for i, sequence in enumerate(sequences):
        ids = np.asarray(sequence)
        if ids.dtype.kind == "f" and ids.size:
            raise TypeError("ids must be integers")
        if max(sequence) >= depth or min(sequence) < 0:
            raise ValueError("an id is outside")
        result[i, ids] = 1
    result[:, 0] = 0
    return result


def multi_hot__wrong_one_row_for_all(sequences, depth):
    """Collects the words of all reviews in a single row."""
    row = np.zeros((1, depth), "float32")
    for sequence in sequences:
        row[0, _checked_sequence(sequence, depth)] = 1
    row[:, 0] = 0
    return row


def multi_hot__wrong_shared_rows(sequences, depth):
    """Makes [row] * n, which is n times the same row."""
    rows = [np.zeros(depth, "float32")] * len(sequences)
    for row, sequence in zip(rows, sequences, strict=True):
        row[_checked_sequence(sequence, depth)] = 1
        row[0] = 0
    return np.array(rows, "float32").reshape(len(sequences), depth)


def multi_hot__wrong_first_words(sequences, depth):
    """Reads the first 10 ids of each review only."""
    result = np.zeros((len(sequences), depth), "float32")
    for i, sequence in enumerate(sequences):
        result[i, _checked_sequence(sequence, depth)[:10]] = 1
    result[:, 0] = 0
    return result


def multi_hot__wrong_one_hot(sequences, depth):
    """Gives a vector per word (n, T, depth), which is one-hot."""
    ids = [_checked_sequence(sequence, depth) for sequence in sequences]
    longest = max(map(len, ids), default=0)
    result = np.zeros((len(ids), longest, depth), "float32")
    for i, row in enumerate(ids):
        result[i, np.arange(len(row)), row] = 1
    result[..., 0] = 0
    return result


def multi_hot__wrong_transposed(sequences, depth):
    """Gives (depth, n): one row per word."""
    return _right_multi_hot(sequences, depth).T


def multi_hot__wrong_ids_minus_one(sequences, depth):
    """Believes that ids count from 1: column id - 1 lights up."""
    return np.roll(_right_multi_hot(sequences, depth), -1, axis=1)


def multi_hot__wrong_depth_from_batch(sequences, depth):
    """Takes the depth from the largest id of the batch."""
    largest = max((int(number) for sequence in sequences for number in sequence), default=0)
    return _right_multi_hot(sequences, depth)[:, : largest + 1]


def multi_hot__wrong_float64(sequences, depth):
    """Leaves NumPy's default float64, twice the memory."""
    return _right_multi_hot(sequences, depth).astype("float64")


def multi_hot__wrong_negative_wraps(sequences, depth):
    """Lets NumPy count from the end: -1 silently becomes the last word."""
    result = np.zeros((len(sequences), depth), "float32")
    for i, sequence in enumerate(sequences):
        for number in sequence:
            if isinstance(number, (float, np.floating)):
                raise TypeError("ids must be integers")
            if number >= depth:
                raise ValueError("too large")
            result[i, number] = 1
    result[:, 0] = 0
    return result


def multi_hot__wrong_skips_too_large(sequences, depth):
    """Leaves ids that are too large out without a word."""
    return _right_multi_hot([[w for w in s if w < depth] for s in sequences], depth)


def multi_hot__wrong_index_error(sequences, depth):
    """Leaves the range check to NumPy, which raises IndexError and not ValueError."""
    result = np.zeros((len(sequences), depth), "float32")
    for i, sequence in enumerate(sequences):
        for number in sequence:
            if isinstance(number, (float, np.floating)):
                raise TypeError("ids must be integers")
            if number < 0:
                raise ValueError("negative")
            result[i, number] = 1
    result[:, 0] = 0
    return result


def multi_hot__wrong_casts_floats(sequences, depth):
    """Rounds float ids down instead of refusing them."""
    return _right_multi_hot([[int(number) for number in s] for s in sequences], depth)


def multi_hot__wrong_drops_start(sequences, depth):
    """Clears columns 0 to 2, although only the pad is left out."""
    result = _right_multi_hot(sequences, depth)
    result[:, :3] = 0
    return result


def multi_hot__wrong_arrays_only(sequences, depth):
    """Makes one array of all reviews, which fails as soon as their lengths differ."""
    ids = np.array(sequences, dtype="int64")
    result = np.zeros((len(ids), depth), "float32")
    for i, row in enumerate(ids):
        result[i, row] = 1
    result[:, 0] = 0
    return result


def multi_hot__wrong_memory_one_hot_first(sequences, depth):
    """Makes the one-hot vectors of all words and takes their maximum: right values, far more memory."""
    ids = [_checked_sequence(sequence, depth) for sequence in sequences]
    padded = np.zeros((len(ids), max(map(len, ids), default=0)), "int64")
    for i, row in enumerate(ids):
        padded[i, : len(row)] = row
    vectors = np.zeros((*padded.shape, depth), "float32")
    np.put_along_axis(vectors, padded[..., None], 1, axis=-1)
    result = vectors.max(axis=1, initial=0)
    result[:, 0] = 0
    return result


def multi_hot__wrong_memory_float64_first(sequences, depth):
    """Fills a float64 table and converts it at the end: the right values, three times the memory."""
    result = np.zeros((len(sequences), depth))
    for i, sequence in enumerate(sequences):
        result[i, _checked_sequence(sequence, depth)] = 1
    result[:, 0] = 0
    return result.astype("float32")


def multi_hot__wrong_changes_sequences(sequences, depth):
    """Gives the right answer but removes the pads from the caller's lists."""
    result = _right_multi_hot(sequences, depth)
    for sequence in sequences:
        if isinstance(sequence, list):
            while 0 in sequence:
                sequence.remove(0)
    return result


# -------------------------------------------------------------------------- build_onehot_classifier


def build_onehot_classifier(depth: int):
    """A logistic regression on multi-hot reviews: one weight per word and a bias.

    Args:
        depth: the length of a multi-hot vector, an int.
    Returns:
        A compiled keras.Model: (n, depth) float32 -> (n, 1) probability of a positive review; loss
        binary cross-entropy, metric accuracy, depth + 1 parameters.

    >>> build_onehot_classifier(1000).count_params()
    1001
    """
    import keras

    model = keras.Sequential([keras.Input((depth,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__right_functional(depth):
    """The functional way, the loss and the metric as objects."""
    import keras

    reviews = keras.Input(shape=(depth,), dtype="float32")
    probability = keras.layers.Dense(1, activation=keras.activations.sigmoid)(reviews)
    model = keras.Model(reviews, probability)
    model.compile("rmsprop", loss=keras.losses.BinaryCrossentropy(), metrics=[keras.metrics.BinaryAccuracy()])
    return model


def build_onehot_classifier__right_separate_activation(depth):
    """The activation as a layer of its own."""
    from keras import Sequential, layers, losses

    model = Sequential()
    model.add(layers.Input((depth,)))
    model.add(layers.Dense(units=1))
    model.add(layers.Activation("sigmoid"))
    model.compile(optimizer="sgd", loss=losses.binary_crossentropy, metrics=["acc"])
    return model


def build_onehot_classifier__right_build_without_input(depth):
    """Calls build() instead of giving an Input, the loss by its short name."""
    import keras

    model = keras.Sequential([keras.layers.Dense(1, activation=keras.ops.sigmoid)])
    model.build((None, depth))
    model.compile(optimizer=keras.optimizers.Adam(), loss="bce", metrics=["binary_accuracy"])
    return model


def build_onehot_classifier__right_tf_keras(depth):
    """Through tensorflow.keras, with a sigmoid from tf.nn."""
    import tensorflow as tf

    inputs = tf.keras.Input(shape=(depth,))
    model = tf.keras.Model(inputs, tf.keras.layers.Dense(1, activation=tf.nn.sigmoid)(inputs))
    model.compile(optimizer=tf.keras.optimizers.Adam(), loss="BinaryCrossentropy", metrics=["BinaryAccuracy"])
    return model


def build_onehot_classifier__right_dropout(depth):
    """With dropout on the input, which has no parameters."""
    import keras

    layers = [keras.Input((depth,)), keras.layers.Dropout(0.1), keras.layers.Dense(1, "sigmoid")]
    model = keras.Sequential(layers)
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def _sequential(depth, *layers):
    import keras

    return keras.Sequential([keras.Input((depth,)), *layers])


def build_onehot_classifier__wrong_softmax(depth):
    """Takes softmax over a single unit, which is always 1."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="softmax"))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_no_activation(depth):
    """Forgets the sigmoid, so the loss takes logits for probabilities."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_logits(depth):
    """Gives logits and tells the loss so, but accuracy then compares a logit with 0.5."""
    import keras

    model = _sequential(depth, keras.layers.Dense(1))
    model.compile("adam", loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_from_logits(depth):
    """Has a sigmoid and still tells the loss that it gets logits."""
    import keras

    model = _sequential(depth, keras.layers.Dense(1, activation="sigmoid"))
    model.compile("adam", loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_mse(depth):
    """Takes the squared error, which is for regression."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="sigmoid"))
    model.compile("adam", loss="mse", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_two_units(depth):
    """Has two units and sparse categorical cross-entropy where one probability is asked."""
    from keras import layers

    model = _sequential(depth, layers.Dense(2, activation="softmax"))
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_tanh(depth):
    """Takes tanh, whose values between -1 and 1 are no probabilities."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="tanh"))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_relu(depth):
    """Takes relu, which can exceed 1 and dies at 0."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="relu"))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_third_argument(depth):
    """Gives the metrics as compile's third positional argument, which is loss_weights."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", ["accuracy"])
    return model


def build_onehot_classifier__wrong_no_metric(depth):
    """Compiles without a metric, so training shows the loss alone."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="sigmoid"))
    model.compile("adam", loss="binary_crossentropy")
    return model


def build_onehot_classifier__wrong_not_compiled(depth):
    """Never compiles the model."""
    from keras import layers

    return _sequential(depth, layers.Dense(1, activation="sigmoid"))


def build_onehot_classifier__wrong_unbuilt(depth):  # noqa: ARG001 - that is the mistake
    """Never says how long an input is, so the model has no weights yet."""
    import keras

    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_hidden_layer(depth):
    """Adds a hidden layer, so a word has no weight of its own."""
    from keras import layers

    model = _sequential(depth, layers.Dense(16, activation="relu"), layers.Dense(1, activation="sigmoid"))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_no_bias(depth):
    """Leaves the bias out."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="sigmoid", use_bias=False))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_hard_coded(depth):  # noqa: ARG001 - that is the mistake
    """Has 10000 inputs whatever the depth."""
    from keras import layers

    model = _sequential(10000, layers.Dense(1, activation="sigmoid"))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_missing_axis(depth):
    """Gives the probability without the last axis: (n,) instead of (n, 1)."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="sigmoid"), layers.Reshape(()))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_frozen(depth):
    """Freezes the layer, so training changes nothing."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="sigmoid", trainable=False))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_blind(depth):
    """Rescales each review to nothing, so every input looks the same to the model."""
    from keras import layers

    model = _sequential(depth, layers.Rescaling(0.0), layers.Dense(1, activation="sigmoid"))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_onehot_classifier__wrong_only_layer(depth):
    """Gives back a layer, not a model."""
    from keras import layers

    layer = layers.Dense(1, activation="sigmoid")
    layer.build((None, depth))
    return layer


def build_onehot_classifier__wrong_nothing_returned(depth):
    """Builds and compiles the model but forgets to return it."""
    from keras import layers

    model = _sequential(depth, layers.Dense(1, activation="sigmoid"))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
