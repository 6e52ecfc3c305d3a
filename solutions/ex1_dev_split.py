"""The reference for `ex1_dev_split`, right variants of other styles, wrong ones that students really write.

`f` is the reference, `f__right_<name>` must get all points, `f__wrong_<name>` must lose some; a wrong
variant's docstring names the misconception.  Only numpy and the standard library are imported.  What
needs a test set (choosing on it, reading it in training) cannot be written here: no function gets one.
"""

import itertools
import math
import random
import re
import string
import unicodedata
from collections import Counter, OrderedDict, defaultdict

import numpy as np

# -------------------------------------------------------------------------------- stratified_split


def stratified_split(y, dev_fraction=0.2, seed=0):
    """Cut the rows into a training and a dev part that have the same share of each class.

    Args:
        y: the labels, n integers, an array or a list; not changed.
        dev_fraction: the share of all rows that goes to dev, a float between 0 and 1, both excluded.
        seed: the seed of the function's own random generator, an int.
    Returns:
        (train_idx, dev_idx): two arrays of int64, in random order, in which each of the row numbers
        0 to n - 1 occurs exactly once. Of a class with c rows, dev holds dev_fraction * c rows, one
        more or one less at most.
    Raises:
        ValueError: dev_fraction is not between 0 and 1.

    >>> train_idx, dev_idx = stratified_split([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 0.2, seed=1)
    >>> len(train_idx), len(dev_idx)
    (8, 2)
    """
    if not 0 < dev_fraction < 1:
        raise ValueError(f"dev_fraction must be between 0 and 1 (got {dev_fraction})")
    y = np.asarray(y)
    rng = np.random.default_rng(seed)
    dev = []
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        dev.append(rows[: round(dev_fraction * len(rows))])
    dev_idx = rng.permutation(np.concatenate(dev))
    train_idx = rng.permutation(np.setdiff1d(np.arange(len(y)), dev_idx))
    return train_idx, dev_idx


def stratified_split__right_plain_loops(y, dev_fraction=0.2, seed=0):
    """Lists and loops with Python's own random.Random; each class rounded down; lists come back."""
    if dev_fraction <= 0 or dev_fraction >= 1:
        raise ValueError("dev_fraction must be between 0 and 1")
    chance = random.Random(seed)
    rows_of = {}
    for row, label in enumerate(y):
        rows_of.setdefault(int(label), []).append(row)
    train, dev = [], []
    for label in sorted(rows_of):
        rows = rows_of[label]
        chance.shuffle(rows)
        cut = int(dev_fraction * len(rows))
        dev += rows[:cut]
        train += rows[cut:]
    chance.shuffle(train)
    chance.shuffle(dev)
    return train, dev


def stratified_split__right_ranks(y, dev_fraction=0.2, seed=0):
    """Without a loop over classes: ranks rows within their class by a random key; rounded up; a mask."""
    if not 0.0 < dev_fraction < 1.0:
        raise ValueError("dev_fraction must lie strictly between 0 and 1")
    rng = np.random.default_rng(seed)
    _, y, counts = np.unique(np.asarray(y), return_inverse=True, return_counts=True)
    order = np.lexsort((rng.random(len(y)), y))
    rank = np.empty(len(y), dtype=np.int64)
    rank[order] = np.arange(len(y)) - np.repeat(np.cumsum(counts) - counts, counts)
    in_dev = rank < np.ceil(dev_fraction * counts)[y]
    shuffled = rng.permutation(len(y))
    return shuffled[~in_dev[shuffled]], shuffled[in_dev[shuffled]]


def stratified_split__right_random_state(y, dev_fraction=0.2, seed=0):
    """Uses a RandomState of its own, and int32 indices."""
    if not (dev_fraction > 0 and dev_fraction < 1):
        raise ValueError("bad fraction")
    labels = np.array(y)
    generator = np.random.RandomState(seed)
    train, dev = np.array([], dtype="int32"), np.array([], dtype="int32")
    for label in set(labels.tolist()):
        (rows,) = np.where(labels == label)
        generator.shuffle(rows)
        k = int(np.floor(len(rows) * dev_fraction))
        dev = np.append(dev, rows[:k].astype("int32"))
        train = np.append(train, rows[k:].astype("int32"))
    generator.shuffle(train)
    generator.shuffle(dev)
    return [train, dev]


def _checked(dev_fraction):
    if not 0 < dev_fraction < 1:
        raise ValueError(f"dev_fraction must be between 0 and 1 (got {dev_fraction})")


def stratified_split__right_own_bit_generator(
    y: list[int] | np.ndarray, dev_fraction: float = 0.2, seed: int = 0
) -> tuple[np.ndarray, ...]:
    """Type hints, a Mersenne Twister of its own, a mask of the dev rows, and unsigned indices."""
    if dev_fraction <= 0.0 or dev_fraction >= 1.0:
        raise ValueError(f"{dev_fraction=}")
    labels = np.asarray(y).ravel()
    chance = np.random.Generator(np.random.MT19937(np.random.SeedSequence(seed)))
    in_dev = np.zeros(labels.size, dtype=bool)
    for label in np.unique(labels):
        rows = chance.permutation(np.where(labels == label)[0])
        in_dev[rows[: round(dev_fraction * rows.size)]] = True
    sides = (np.flatnonzero(~in_dev), np.flatnonzero(in_dev))
    return tuple(chance.permutation(side).astype("uint64") for side in sides)


def stratified_split__wrong_last_rows(y, dev_fraction=0.2, seed=0):
    """Takes the last rows as dev, which holds a single class when the data are sorted."""
    _checked(dev_fraction)
    k = round(dev_fraction * len(y))
    rng = np.random.default_rng(seed)
    rows = np.arange(len(y))
    return rng.permutation(rows[:-k]), rng.permutation(rows[-k:])


def stratified_split__wrong_first_rows(y, dev_fraction=0.2, seed=0):  # noqa: ARG001 -- the mistake
    """Takes the first rows as dev and shuffles nothing."""
    _checked(dev_fraction)
    k = round(dev_fraction * len(y))
    return np.arange(k, len(y)), np.arange(k)


def stratified_split__wrong_plain_shuffle(y, dev_fraction=0.2, seed=0):
    """Shuffles and cuts without looking at the classes."""
    _checked(dev_fraction)
    order = np.random.default_rng(seed).permutation(len(y))
    k = round(dev_fraction * len(y))
    return order[k:], order[:k]


def stratified_split__wrong_two_draws(y, dev_fraction=0.2, seed=0):
    """Draws a new permutation for each side, so many rows are in both."""
    _checked(dev_fraction)
    rng = np.random.default_rng(seed)
    k = round(dev_fraction * len(y))
    return rng.permutation(len(y))[k:], rng.permutation(len(y))[:k]


def stratified_split__wrong_with_replacement(y, dev_fraction=0.2, seed=0):
    """Draws dev rows with replacement, so that some come several times."""
    _checked(dev_fraction)
    rng = np.random.default_rng(seed)
    dev_idx = rng.integers(0, len(y), round(dev_fraction * len(y)))
    return rng.permutation(np.setdiff1d(np.arange(len(y)), dev_idx)), dev_idx


def stratified_split__wrong_swapped(y, dev_fraction=0.2, seed=0):
    """Returns (dev, train)."""
    train_idx, dev_idx = stratified_split(y, dev_fraction, seed)
    return dev_idx, train_idx


def stratified_split__wrong_global_seed(y, dev_fraction=0.2, seed=0):
    """Seeds NumPy's global generator, which changes every draw that comes later."""
    _checked(dev_fraction)
    y = np.asarray(y)
    np.random.seed(seed)
    train, dev = [], []
    for label in np.unique(y):
        rows = np.random.permutation(np.flatnonzero(y == label))
        k = round(dev_fraction * len(rows))
        dev.append(rows[:k])
        train.append(rows[k:])
    return np.random.permutation(np.concatenate(train)), np.random.permutation(np.concatenate(dev))


def stratified_split__wrong_no_seed(y, dev_fraction=0.2, seed=0):  # noqa: ARG001 -- the mistake
    """Makes a generator without the seed, so the split changes at each call."""
    return stratified_split(y, dev_fraction, None)


def stratified_split__wrong_fixed_seed(y, dev_fraction=0.2, seed=0):  # noqa: ARG001 -- the mistake
    """Writes 42 where the seed belongs, so every seed gives the same split."""
    return stratified_split(y, dev_fraction, 42)


def stratified_split__wrong_fraction_of_the_rest(y, dev_fraction=0.2, seed=0):
    """Takes 20 % of the 80 % that are left, as two cuts in a row do."""
    _checked(dev_fraction)
    y = np.asarray(y)
    rng = np.random.default_rng(seed)
    train, dev = [], []
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        rest = len(rows) - round(dev_fraction * len(rows))
        k = round(dev_fraction * rest)
        dev.append(rows[:k])
        train.append(rows[k:])
    return rng.permutation(np.concatenate(train)), rng.permutation(np.concatenate(dev))


def stratified_split__wrong_balanced_dev(y, dev_fraction=0.2, seed=0):
    """Gives dev as many rows of each class, so it no longer resembles the data."""
    _checked(dev_fraction)
    y = np.asarray(y)
    rng = np.random.default_rng(seed)
    classes = np.unique(y)
    k = round(dev_fraction * len(y) / len(classes))
    dev = np.concatenate([rng.permutation(np.flatnonzero(y == label))[:k] for label in classes])
    return rng.permutation(np.setdiff1d(np.arange(len(y)), dev)), rng.permutation(dev)


def stratified_split__wrong_dev_by_class(y, dev_fraction=0.2, seed=0):
    """Leaves the dev rows one class after the other."""
    train_idx, dev_idx = stratified_split(y, dev_fraction, seed)
    return train_idx, dev_idx[np.argsort(np.asarray(y)[dev_idx], kind="stable")]


def stratified_split__wrong_train_in_order(y, dev_fraction=0.2, seed=0):
    """Takes what is left with np.setdiff1d, which sorts it."""
    _, dev_idx = stratified_split(y, dev_fraction, seed)
    return np.setdiff1d(np.arange(len(y)), dev_idx), dev_idx


def stratified_split__wrong_shuffles_y_itself(y, dev_fraction=0.2, seed=0):
    """Shuffles the caller's labels in place, so the texts no longer fit them."""
    np.random.default_rng(seed).shuffle(y)
    return stratified_split(y, dev_fraction, seed)


def stratified_split__wrong_shuffled_copy(y, dev_fraction=0.2, seed=0):
    """Finds the rows in a shuffled copy of y, so the indices do not fit y: x and y were permuted apart."""
    return stratified_split(np.random.default_rng(seed).permutation(y), dev_fraction, seed)


def stratified_split__wrong_other_default(y, dev_fraction=0.5, seed=0):
    """Changes the default of the stub: without dev_fraction, half of the rows go to dev."""
    return stratified_split(y, dev_fraction, seed)


def stratified_split__wrong_any_fraction(y, dev_fraction=0.2, seed=0):
    """Accepts every fraction in silence."""
    return stratified_split(y, min(max(dev_fraction, 1e-9), 1 - 1e-9), seed)


def stratified_split__wrong_bounds_included(y, dev_fraction=0.2, seed=0):
    """Accepts 0 and 1, which leave one side empty."""
    if dev_fraction < 0 or dev_fraction > 1:
        raise ValueError("dev_fraction must be between 0 and 1")
    return stratified_split(y, min(max(dev_fraction, 1e-9), 1 - 1e-9), seed)


def stratified_split__wrong_asserts(y, dev_fraction=0.2, seed=0):
    """Stops a bad fraction with assert: an AssertionError, where a ValueError is asked."""
    assert 0 < dev_fraction < 1
    return stratified_split(y, dev_fraction, seed)


def stratified_split__wrong_labels(y, dev_fraction=0.2, seed=0):
    """Returns the labels of the two sides instead of their row numbers."""
    train_idx, dev_idx = stratified_split(y, dev_fraction, seed)
    return np.asarray(y)[train_idx], np.asarray(y)[dev_idx]


def stratified_split__wrong_masks(y, dev_fraction=0.2, seed=0):
    """Returns two masks of True and False instead of row numbers."""
    _, dev_idx = stratified_split(y, dev_fraction, seed)
    in_dev = np.zeros(len(y), dtype=bool)
    in_dev[dev_idx] = True
    return ~in_dev, in_dev


def stratified_split__wrong_float_indices(y, dev_fraction=0.2, seed=0):
    """Starts from np.array([]), which is float64 and makes all indices floats."""
    train_idx, dev_idx = stratified_split(y, dev_fraction, seed)
    return np.append(np.array([]), train_idx), np.append(np.array([]), dev_idx)


def stratified_split__wrong_one_array(y, dev_fraction=0.2, seed=0):
    """Returns the dev indices alone."""
    return stratified_split(y, dev_fraction, seed)[1]


def stratified_split__wrong_needs_an_array(y, dev_fraction=0.2, seed=0):
    """Compares y with a label without np.asarray: for a list the comparison is a single False."""
    _checked(dev_fraction)
    rng = np.random.default_rng(seed)
    dev = []
    for label in sorted(set(y)):
        rows = rng.permutation(np.flatnonzero(y == label))
        dev.append(rows[: round(dev_fraction * len(rows))])
    dev_idx = rng.permutation(np.concatenate(dev))
    return rng.permutation(np.setdiff1d(np.arange(len(y)), dev_idx)), dev_idx


def stratified_split__wrong_two_classes(y, dev_fraction=0.2, seed=0):
    """Knows the classes 0 and 1 only and loses the rows of all others."""
    _checked(dev_fraction)
    y = np.asarray(y)
    rng = np.random.default_rng(seed)
    train, dev = [], []
    for label in (0, 1):
        rows = rng.permutation(np.flatnonzero(y == label))
        k = round(dev_fraction * len(rows))
        dev.append(rows[:k])
        train.append(rows[k:])
    return rng.permutation(np.concatenate(train)), rng.permutation(np.concatenate(dev))


def stratified_split__wrong_rounds_both_down(y, dev_fraction=0.2, seed=0):
    """Rounds both sides down, so a row of a class can be in neither."""
    _checked(dev_fraction)
    y = np.asarray(y)
    rng = np.random.default_rng(seed)
    train, dev = [], []
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        k, rest = int(dev_fraction * len(rows)), int((1 - dev_fraction) * len(rows))
        dev.append(rows[:k])
        train.append(rows[k : k + rest])
    return rng.permutation(np.concatenate(train)), rng.permutation(np.concatenate(dev))


def stratified_split__wrong_every_fifth(y, dev_fraction=0.2, seed=0):
    """Takes every fifth row of each class, which no seed changes."""
    _checked(dev_fraction)
    y = np.asarray(y)
    step = round(1 / dev_fraction)
    dev = np.concatenate([np.flatnonzero(y == label)[::step] for label in np.unique(y)])
    rng = np.random.default_rng(seed)
    return rng.permutation(np.setdiff1d(np.arange(len(y)), dev)), rng.permutation(dev)


# ------------------------------------------------------------------------------------- group_split


def group_split(y, groups, dev_fraction=0.2, seed=0):
    """Cut the rows into a training and a dev part without cutting any group.

    Args:
        y: n labels, an array or a list; only their number counts.
        groups: the group of each row, n ints or n strings (here: the film); not changed.
        dev_fraction: the share of all rows that should go to dev, between 0 and 1, both excluded.
        seed: the seed of the function's own random generator, an int.
    Returns:
        (train_idx, dev_idx): two arrays of int64, in any order, in which each of the row numbers
        0 to n - 1 occurs exactly once. No group has rows on both sides, neither side is empty, and
        the number of dev rows differs from dev_fraction * n by the size of the largest group at most.
        The seed decides which groups go to dev.
    Raises:
        ValueError: dev_fraction is not between 0 and 1, or there is only one group.

    >>> train_idx, dev_idx = group_split([0, 1, 0, 1], ["b", "a", "b", "a"], 0.5, seed=1)
    >>> sorted(train_idx) in ([0, 2], [1, 3])
    True
    """
    if not 0 < dev_fraction < 1:
        raise ValueError(f"dev_fraction must be between 0 and 1 (got {dev_fraction})")
    names, group_of = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2:
        raise ValueError(f"two groups or more are needed (got {len(names)})")
    rng = np.random.default_rng(seed)
    sizes = np.bincount(group_of)
    chosen, rows = [], 0
    for group in rng.permutation(len(names)):
        if rows >= dev_fraction * len(y) or len(chosen) == len(names) - 1:
            break
        chosen.append(group)
        rows += sizes[group]
    in_dev = np.isin(group_of, chosen)
    return rng.permutation(np.flatnonzero(~in_dev)), rng.permutation(np.flatnonzero(in_dev))


def group_split__right_plain_loops(y, groups, dev_fraction=0.2, seed=0):
    """A dict of lists, random.Random, and lists in the order of the rows."""
    if dev_fraction <= 0 or dev_fraction >= 1:
        raise ValueError("dev_fraction must be between 0 and 1")
    rows_of = {}
    for row, group in enumerate(groups):
        rows_of.setdefault(group, []).append(row)
    if len(rows_of) == 1:
        raise ValueError("one group cannot be cut")
    names = list(rows_of)
    random.Random(seed).shuffle(names)
    last = names.pop()
    train, dev = list(rows_of[last]), []
    for name in names:
        side = dev if len(dev) < dev_fraction * len(y) else train
        side.extend(rows_of[name])
    return sorted(train), sorted(dev)


def group_split__right_cumulated(y, groups, dev_fraction=0.2, seed=0):
    """Cumulates the sizes of shuffled groups and cuts where the sum comes nearest."""
    if not 0 < dev_fraction < 1:
        raise ValueError("dev_fraction must be between 0 and 1")
    names, sizes = np.unique(groups, return_counts=True)
    if names.size < 2:
        raise ValueError("at least two groups")
    order = np.random.default_rng(seed).permutation(names.size)
    after = np.cumsum(sizes[order])[:-1]
    cut = int(np.argmin(np.abs(after - dev_fraction * len(y)))) + 1
    mask = np.isin(groups, names[order[:cut]])
    return np.nonzero(~mask)[0], np.nonzero(mask)[0]


def _rows_of(groups):
    rows = defaultdict(list)
    for row, group in enumerate(groups):
        rows[group].append(row)
    return rows


def _checked_groups(groups, dev_fraction):
    _checked(dev_fraction)
    if len(set(np.asarray(groups).tolist())) < 2:
        raise ValueError("two groups or more are needed")


def group_split__wrong_ignores_groups(y, groups, dev_fraction=0.2, seed=0):
    """Shuffles rows and cuts, so nearly every film is on both sides."""
    _checked_groups(groups, dev_fraction)
    order = np.random.default_rng(seed).permutation(len(y))
    k = round(dev_fraction * len(y))
    return order[k:], order[:k]


def group_split__wrong_cuts_the_last_group(y, groups, dev_fraction=0.2, seed=0):
    """Cuts the last group to reach the exact number of rows."""
    _checked_groups(groups, dev_fraction)
    rows = _rows_of(np.asarray(groups).tolist())
    names = sorted(rows)
    order = [row for g in np.random.default_rng(seed).permutation(len(names)) for row in rows[names[g]]]
    k = round(dev_fraction * len(y))
    return np.array(order[k:]), np.array(order[:k])


def group_split__wrong_share_of_groups(y, groups, dev_fraction=0.2, seed=0):  # noqa: ARG001 -- the mistake
    """Takes 20 % of the groups, which can be far from 20 % of the rows."""
    _checked_groups(groups, dev_fraction)
    groups = np.asarray(groups)
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    k = min(max(round(dev_fraction * len(names)), 1), len(names) - 1)
    mask = np.isin(groups, names[:k])
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def group_split__wrong_swapped(y, groups, dev_fraction=0.2, seed=0):
    """Returns (dev, train)."""
    train_idx, dev_idx = group_split(y, groups, dev_fraction, seed)
    return dev_idx, train_idx


def group_split__wrong_first_groups(y, groups, dev_fraction=0.2, seed=0):  # noqa: ARG001 -- the mistake
    """Takes groups in alphabetical order, which no seed changes."""
    _checked_groups(groups, dev_fraction)
    groups = np.asarray(groups)
    names, sizes = np.unique(groups, return_counts=True)
    cut = min(int(np.searchsorted(np.cumsum(sizes), dev_fraction * len(y))) + 1, len(names) - 1)
    mask = np.isin(groups, names[:cut])
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def group_split__wrong_expects_sorted_groups(y, groups, dev_fraction=0.2, seed=0):
    """Moves the cut to the next row where the group changes: right only when groups stand together."""
    _checked_groups(groups, dev_fraction)
    groups = np.asarray(groups)
    shift = int(np.random.default_rng(seed).integers(len(y)))
    order = np.roll(np.arange(len(y)), shift)
    cut = max(round(dev_fraction * len(y)), 1)
    while cut < len(y) - 1 and groups[order[cut]] == groups[order[cut - 1]]:
        cut += 1
    return order[cut:], order[:cut]


def group_split__wrong_no_seed(y, groups, dev_fraction=0.2, seed=0):  # noqa: ARG001 -- the mistake
    """Makes a generator without the seed, so the split changes at each call."""
    return group_split(y, groups, dev_fraction, None)


def group_split__wrong_global_seed(y, groups, dev_fraction=0.2, seed=0):
    """Seeds NumPy's global generator."""
    np.random.seed(seed)
    return group_split(y, groups, dev_fraction, int(np.random.randint(10**6)))


def group_split__wrong_one_group(y, groups, dev_fraction=0.2, seed=0):
    """Puts a single group into train and leaves dev empty, without an error."""
    if len(set(np.asarray(groups).tolist())) == 1:
        _checked(dev_fraction)
        return np.arange(len(y)), np.arange(0)
    return group_split(y, groups, dev_fraction, seed)


def group_split__wrong_other_default(y, groups, dev_fraction=0.5, seed=0):
    """Changes the default of the stub: without dev_fraction, half of the rows go to dev."""
    return group_split(y, groups, dev_fraction, seed)


def group_split__wrong_counts_from_one(y, groups, dev_fraction=0.2, seed=0):
    """Starts the count of rows at 1, so a small share is reached before any group is taken."""
    _checked_groups(groups, dev_fraction)
    groups = np.asarray(groups)
    names, sizes = np.unique(groups, return_counts=True)
    chosen, rows = [], 1
    for g in np.random.default_rng(seed).permutation(len(names)):
        if rows >= dev_fraction * len(y) or len(chosen) == len(names) - 1:
            break
        chosen.append(names[g])
        rows += sizes[g]
    mask = np.isin(groups, chosen)
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def group_split__wrong_any_fraction(y, groups, dev_fraction=0.2, seed=0):
    """Accepts every fraction in silence."""
    return group_split(y, groups, min(max(dev_fraction, 1e-9), 1 - 1e-9), seed)


def group_split__wrong_numbers_only(y, groups, dev_fraction=0.2, seed=0):
    """Counts groups with np.bincount, which does not know names of films."""
    np.bincount(groups)
    return group_split(y, groups, dev_fraction, seed)


def group_split__wrong_never_beyond(y, groups, dev_fraction=0.2, seed=0):
    """Stops before the share is passed, which leaves dev empty when the first group is large."""
    _checked_groups(groups, dev_fraction)
    groups = np.asarray(groups)
    names, sizes = np.unique(groups, return_counts=True)
    chosen, rows = [], 0
    for g in np.random.default_rng(seed).permutation(len(names)):
        if rows + sizes[g] > dev_fraction * len(y):
            break
        chosen.append(names[g])
        rows += sizes[g]
    mask = np.isin(groups, chosen)
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def group_split__wrong_empties_train(y, groups, dev_fraction=0.2, seed=0):
    """Adds groups until the share is passed, even when no group is left for train."""
    _checked_groups(groups, dev_fraction)
    groups = np.asarray(groups)
    names, sizes = np.unique(groups, return_counts=True)
    chosen, rows = [], 0
    for g in np.random.default_rng(seed).permutation(len(names)):
        if rows >= dev_fraction * len(y):
            break
        chosen.append(names[g])
        rows += sizes[g]
    mask = np.isin(groups, chosen)
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def group_split__wrong_group_names(y, groups, dev_fraction=0.2, seed=0):
    """Returns the names of the groups instead of row numbers."""
    train_idx, dev_idx = group_split(y, groups, dev_fraction, seed)
    return np.unique(np.asarray(groups)[train_idx]), np.unique(np.asarray(groups)[dev_idx])


# -------------------------------------------------------------------------------------- find_leaks


def find_leaks(texts_a, texts_b):
    """Find the texts of one set that stand in the other set too, up to small changes.

    Two texts are the same when they are equal after three steps: write in lower case; replace each run
    of characters that are neither letters nor digits by one space; remove spaces at both ends. Texts
    that are empty then are no leak.

    Args:
        texts_a, texts_b: two lists of str.
    Returns:
        All pairs (i, j) for which texts_a[i] and texts_b[j] are the same: a sorted list of tuples of int.

    >>> find_leaks(["Great film!", "So slow ."], ["so  slow", "great film", "GREAT FILM ..."])
    [(0, 1), (0, 2), (1, 0)]
    """
    places = defaultdict(list)
    for j, text in enumerate(texts_b):
        places[_normal(text)].append(j)
    return [(i, j) for i, text in enumerate(texts_a) if _normal(text) for j in places[_normal(text)]]


def _normal(text):
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def find_leaks__right_character_loop(texts_a, texts_b):
    """Two loops over texts, character by character with isalnum."""

    def simple(text):
        kept = "".join(c if c.isalnum() else " " for c in text.lower())
        return " ".join(kept.split())

    first, second = [simple(text) for text in texts_a], [simple(text) for text in texts_b]
    pairs = []
    for i in range(len(first)):
        for j in range(len(second)):
            if first[i] != "" and first[i] == second[j]:
                pairs.append((i, j))
    return pairs


def find_leaks__right_words(texts_a, texts_b):
    """Compares lists of words; the pairs come as lists."""
    first = [re.findall(r"[^\W_]+", text.lower()) for text in texts_a]
    second = [re.findall(r"[^\W_]+", text.lower()) for text in texts_b]
    return sorted([i, j] for j, b in enumerate(second) for i, a in enumerate(first) if a and a == b)


def _pairs(first, second):
    return [(i, j) for i, a in enumerate(first) for j, b in enumerate(second) if a and a == b]


def find_leaks__right_array(texts_a, texts_b):
    """Regular expressions and all pairs at once; the pairs come as the rows of an array."""

    def clean(text):
        return re.sub(r"[\W_]+", " ", text.lower()).strip()

    first, second = ([clean(text) for text in texts] for texts in (texts_a, texts_b))
    pairs = itertools.product(enumerate(first), enumerate(second))
    return np.array([(i, j) for (i, a), (j, b) in pairs if a == b != ""], dtype=int).reshape(-1, 2)


def find_leaks__wrong_exact(texts_a, texts_b):
    """Compares the texts as they are, so any small change hides a leak."""
    return _pairs(texts_a, texts_b)


def find_leaks__wrong_keeps_case(texts_a, texts_b):
    """Forgets lower case."""
    return _pairs(*[[re.sub(r"[\W_]+", " ", t).strip() for t in texts] for texts in (texts_a, texts_b)])


def find_leaks__wrong_keeps_punctuation(texts_a, texts_b):
    """Collapses spaces only, so an exclamation mark hides a leak."""
    return _pairs(*[[" ".join(t.lower().split()) for t in texts] for texts in (texts_a, texts_b)])


def find_leaks__wrong_no_strip(texts_a, texts_b):
    """Leaves a space where punctuation stood at the end."""
    return _pairs(*[[re.sub(r"[\W_]+", " ", t.lower()) for t in texts] for texts in (texts_a, texts_b)])


def find_leaks__wrong_glues_words(texts_a, texts_b):
    """Removes punctuation and spaces, so "over rated" and "overrated" become the same text."""
    return _pairs(*[[re.sub(r"[\W_]+", "", t.lower()) for t in texts] for texts in (texts_a, texts_b)])


def find_leaks__wrong_removes_punctuation(texts_a, texts_b):
    """Removes punctuation instead of writing a space, so "well-made" becomes one word."""
    gone = str.maketrans("", "", string.punctuation)
    return _pairs(*[[" ".join(t.lower().translate(gone).split()) for t in ts] for ts in (texts_a, texts_b)])


def find_leaks__wrong_ascii(texts_a, texts_b):
    """Takes accented letters for punctuation, which damages French texts."""
    return _pairs(
        *[[re.sub(r"[^a-z0-9]+", " ", t.lower()).strip() for t in texts] for texts in (texts_a, texts_b)]
    )


def find_leaks__wrong_drops_accents(texts_a, texts_b):
    """Takes "salé" and "sale" for the same word."""

    def bare(text):
        parts = unicodedata.normalize("NFD", text.lower())
        return _normal("".join(c for c in parts if not unicodedata.combining(c)))

    return _pairs(*[[bare(text) for text in texts] for texts in (texts_a, texts_b)])


def find_leaks__wrong_underscore(texts_a, texts_b):
    r"""Uses \W+ alone, for which the underscore is a letter."""
    return _pairs(*[[re.sub(r"\W+", " ", t.lower()).strip() for t in texts] for texts in (texts_a, texts_b)])


def find_leaks__wrong_drops_digits(texts_a, texts_b):
    """Drops digits, so part 1 and part 2 become the same text."""
    return _pairs(
        *[[re.sub(r"[\W\d_]+", " ", t.lower()).strip() for t in texts] for texts in (texts_a, texts_b)]
    )


def find_leaks__wrong_first_match(texts_a, texts_b):
    """Stops at the first match of each text, so a second copy is lost."""
    second = [_normal(text) for text in texts_b]
    return [
        (i, second.index(_normal(t))) for i, t in enumerate(texts_a) if _normal(t) in second and _normal(t)
    ]


def find_leaks__wrong_last_match(texts_a, texts_b):
    """Keeps one place per text in a dict, so only the last copy is found."""
    place = {_normal(text): j for j, text in enumerate(texts_b)}
    return [(i, place[_normal(t)]) for i, t in enumerate(texts_a) if _normal(t) in place and _normal(t)]


def find_leaks__wrong_same_position(texts_a, texts_b):
    """Compares row i with row i only."""
    return [
        (i, i)
        for i, (a, b) in enumerate(zip(texts_a, texts_b, strict=False))
        if _normal(a) and _normal(a) == _normal(b)
    ]


def find_leaks__wrong_swapped_pairs(texts_a, texts_b):
    """Writes (j, i)."""
    return sorted((j, i) for i, j in find_leaks(texts_a, texts_b))


def find_leaks__wrong_order_of_b(texts_a, texts_b):
    """Loops over the second set first and forgets to sort."""
    return sorted(find_leaks(texts_a, texts_b), key=lambda pair: (pair[1], pair[0]))


def find_leaks__wrong_empty_texts(texts_a, texts_b):
    """Counts two empty texts as a leak."""
    second = [_normal(text) for text in texts_b]
    return [(i, j) for i, text in enumerate(texts_a) for j, b in enumerate(second) if _normal(text) == b]


def find_leaks__wrong_rows_of_a(texts_a, texts_b):
    """Returns row numbers of the first set and no pairs."""
    return sorted({i for i, _ in find_leaks(texts_a, texts_b)})


def find_leaks__wrong_texts(texts_a, texts_b):
    """Returns the texts instead of their places."""
    return sorted({_normal(texts_a[i]) for i, _ in find_leaks(texts_a, texts_b)})


def find_leaks__wrong_contained(texts_a, texts_b):
    """Takes a text that is contained in another for the same."""
    second = [_normal(text) for text in texts_b]
    first = [_normal(text) for text in texts_a]
    return [(i, j) for i, a in enumerate(first) for j, b in enumerate(second) if a and a in b]


def find_leaks__wrong_bag_of_words(texts_a, texts_b):
    """Compares sets of words, so the order is lost."""
    return _pairs(*[[set(_normal(text).split()) for text in texts] for texts in (texts_a, texts_b)])


# --------------------------------------------------------------------------------------- confusion


def confusion(y_true, y_pred):
    """Count the four cases of truth and prediction.

    Args:
        y_true: the true labels, 0 or 1, shape (n,) or (n, 1), any numbers or booleans, an array or a list.
        y_pred: the predicted labels, in the same way (no probabilities).
    Returns:
        An array of shape (2, 2), int64; row t, column p holds how many rows have truth t and prediction p.
    Raises:
        ValueError: the two have different numbers of rows, or hold another value than 0 and 1.

    >>> confusion([0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1, 1, 1])
    array([[3, 1],
           [0, 4]])
    """
    return _counted(y_true, y_pred)


def _counted(y_true, y_pred):
    # private, as `scores` needs it too: the cell of one exercise must not define another one's function
    y_true, y_pred = np.asarray(y_true).reshape(-1), np.asarray(y_pred).reshape(-1)
    if len(y_true) != len(y_pred):
        raise ValueError(f"both need the same number of rows (got {len(y_true)} and {len(y_pred)})")
    for labels in (y_true, y_pred):
        if not np.isin(labels, (0, 1)).all():
            raise ValueError(f"labels are 0 or 1 (got {np.unique(labels)[:5]})")
    result = np.zeros((2, 2), dtype=np.int64)
    np.add.at(result, (y_true.astype(int), y_pred.astype(int)), 1)
    return result


def confusion__right_plain_loops(y_true, y_pred):
    """Flattens by hand and counts with a dict."""
    truth, guess = np.array(y_true).ravel().tolist(), np.array(y_pred).ravel().tolist()
    if len(truth) != len(guess):
        raise ValueError("different lengths")
    counts = {(0, 0): 0, (0, 1): 0, (1, 0): 0, (1, 1): 0}
    for t, p in zip(truth, guess, strict=True):
        if t not in (0, 1) or p not in (0, 1):
            raise ValueError("labels must be 0 or 1")
        counts[int(t), int(p)] += 1
    return np.array([[counts[0, 0], counts[0, 1]], [counts[1, 0], counts[1, 1]]])


def confusion__right_bincount(y_true, y_pred):
    """np.bincount of 2 t + p, with a minimal length; int32."""
    t, p = np.ravel(np.asarray(y_true, dtype="float64")), np.ravel(np.asarray(y_pred, dtype="float64"))
    if t.shape != p.shape or set(np.concatenate([t, p])) - {0.0, 1.0}:
        raise ValueError("bad labels")
    return np.bincount((2 * t + p).astype(int), minlength=4).reshape(2, 2).astype("int32")


def confusion__right_one_hot_product(y_true, y_pred):
    """The product of two one-hot tables."""
    t, p = np.asarray(y_true).reshape(-1, 1), np.asarray(y_pred).reshape(-1, 1)
    if t.shape != p.shape:
        raise ValueError(f"{t.shape} and {p.shape}")
    a, b = (t == np.array([0, 1])).astype(int), (p == np.array([0, 1])).astype(int)
    if a.sum() != len(t) or b.sum() != len(p):
        raise ValueError("labels are 0 and 1")
    return a.T @ b


def confusion__right_masks(y_true, y_pred):
    """Combines masks with ~ and &, after a test for sets of labels."""
    truth, guess = np.ravel(y_true), np.ravel(y_pred)
    if truth.shape != guess.shape or not set(truth.tolist()) | set(guess.tolist()) <= {0, 1}:
        raise ValueError("labels 0 and 1, as many of each")
    t, p = truth.astype(bool), guess.astype(bool)
    return np.array([[np.sum(~t & ~p), np.sum(~t & p)], [np.sum(t & ~p), np.sum(t & p)]])


def confusion__wrong_transposed(y_true, y_pred):
    """Writes predictions in rows and the truth in columns."""
    return confusion(y_true, y_pred).T


def confusion__wrong_positive_first(y_true, y_pred):
    """Writes class 1 first, as some text books do."""
    return confusion(y_true, y_pred)[::-1, ::-1]


def confusion__wrong_flat(y_true, y_pred):
    """Returns the four counts in one row."""
    return confusion(y_true, y_pred).ravel()


def confusion__wrong_shares(y_true, y_pred):
    """Returns shares instead of counts."""
    return confusion(y_true, y_pred) / max(len(y_true), 1)


def confusion__wrong_float_counts(y_true, y_pred):
    """Starts from np.zeros((2, 2)), so the counts are floats."""
    return confusion(y_true, y_pred).astype(float)


def confusion__wrong_broadcasts(y_true, y_pred):
    """Compares (n,) with (n, 1), which makes an n×n table, and counts in it."""
    t, p = np.asarray(y_true), np.asarray(y_pred)
    if len(t) != len(p) or not (np.isin(t, (0, 1)).all() and np.isin(p, (0, 1)).all()):
        raise ValueError("bad labels")
    return np.array([[int(((t == a) & (p == b)).sum()) for b in (0, 1)] for a in (0, 1)])


def confusion__wrong_argmax(y_true, y_pred):
    """Takes argmax over the single column of (n, 1), which is always 0."""
    p = np.asarray(y_pred)
    return confusion(y_true, p.argmax(axis=-1) if p.ndim == 2 else p)


def confusion__wrong_flat_only(y_true, y_pred):
    """Refuses (n, 1), the shape that a Keras model gives."""
    if np.ndim(y_true) != 1 or np.ndim(y_pred) != 1:
        raise ValueError("labels must have shape (n,)")
    return confusion(y_true, y_pred)


def confusion__wrong_rounds(y_true, y_pred):
    """Rounds probabilities to labels in silence, which hides that a threshold was chosen."""
    return confusion(np.round(np.asarray(y_true, dtype=float)), np.round(np.asarray(y_pred, dtype=float)))


def confusion__wrong_thresholds(y_true, y_pred):
    """Cuts whatever comes at 0.5, so labels like 2 and probabilities pass."""
    return confusion(np.asarray(y_true, dtype=float) >= 0.5, np.asarray(y_pred, dtype=float) >= 0.5)


def confusion__wrong_ignores_other_labels(y_true, y_pred):
    """Leaves rows with another label out of the count."""
    t, p = np.ravel(y_true), np.ravel(y_pred)
    if len(t) != len(p):
        raise ValueError("different lengths")
    return np.array([[int(((t == a) & (p == b)).sum()) for b in (0, 1)] for a in (0, 1)])


def confusion__wrong_zip(y_true, y_pred):
    """Goes on with zip, which stops at the end of the shorter one."""
    t, p = np.ravel(y_true), np.ravel(y_pred)
    n = min(len(t), len(p))
    return confusion(t[:n], p[:n])


def confusion__wrong_fancy_index(y_true, y_pred):
    """Adds with result[t, p] += 1, which adds 1 only once for repeated places."""
    confusion(y_true, y_pred)
    result = np.zeros((2, 2), dtype=int)
    result[np.ravel(y_true).astype(int), np.ravel(y_pred).astype(int)] += 1
    return result


def confusion__wrong_no_minimal_length(y_true, y_pred):
    """np.bincount without minlength: too short when the last case does not occur."""
    confusion(y_true, y_pred)
    return np.bincount((2 * np.ravel(y_true) + np.ravel(y_pred)).astype(int)).reshape(2, 2)


def confusion__wrong_present_classes(y_true, y_pred):
    """Makes rows and columns only for the labels that occur."""
    confusion(y_true, y_pred)
    t, p = np.ravel(y_true), np.ravel(y_pred)
    labels = np.unique(np.concatenate([t, p]))
    return np.array([[int(((t == a) & (p == b)).sum()) for b in labels] for a in labels])


def confusion__wrong_forgets_last_row(y_true, y_pred):
    """Counts one row too few."""
    confusion(y_true, y_pred)
    return confusion(np.ravel(y_true)[:-1], np.ravel(y_pred)[:-1])


def confusion__wrong_no_conversion(y_true, y_pred):
    """Uses array methods on what may be a list."""
    return confusion(y_true.reshape(-1), y_pred.reshape(-1))


def confusion__wrong_subtracts(y_true, y_pred):
    """Finds the errors with y_true - y_pred, which booleans refuse and unsigned integers wrap."""
    confusion(y_true, y_pred)
    t, p = np.asarray(y_true).reshape(-1), np.asarray(y_pred).reshape(-1)
    missed, false = int((t - p == 1).sum()), int((t - p == -1).sum())
    return np.array([[int((t == 0).sum()) - false, false], [missed, int((t == 1).sum()) - missed]])


# ------------------------------------------------------------------------------------------ scores


def scores(y_true, y_pred):
    """Five measures of a classifier.

    Args:
        y_true, y_pred: labels 0 or 1, as in `confusion`.
    Returns:
        A dict with exactly the keys "accuracy", "precision", "recall", "f1" and "balanced_accuracy",
        each a float between 0 and 1. A share of nothing (0/0) counts 0.0; so does the share of a class
        that does not occur in y_true.
    Raises:
        ValueError: as in `confusion`.

    >>> scores([0, 0, 0, 1], [0, 0, 0, 0])
    {'accuracy': 0.75, 'precision': 0.0, 'recall': 0.0, 'f1': 0.0, 'balanced_accuracy': 0.5}
    """
    return _scored(y_true, y_pred)


def _scored(y_true, y_pred):
    (tn, fp), (fn, tp) = _counted(y_true, y_pred).tolist()

    def share(part, whole):
        return part / whole if whole else 0.0

    recall = share(tp, tp + fn)
    return {
        "accuracy": share(tp + tn, tn + fp + fn + tp),
        "precision": share(tp, tp + fp),
        "recall": recall,
        "f1": share(2 * tp, 2 * tp + fp + fn),
        "balanced_accuracy": (recall + share(tn, tn + fp)) / 2,
    }


def scores__right_without_matrix(y_true, y_pred):
    """Sums of masks, F1 as the harmonic mean, np.float64 values."""
    t, p = np.asarray(y_true).ravel(), np.asarray(y_pred).ravel()
    if t.shape != p.shape:
        raise ValueError("different numbers of rows")
    if not (np.isin(t, [0, 1]).all() and np.isin(p, [0, 1]).all()):
        raise ValueError("labels must be 0 or 1")
    t, p = t.astype(bool), p.astype(bool)

    def mean(mask, of):
        return np.mean(mask[of]) if of.any() else 0.0

    precision, recall, negative = mean(t, p), mean(p, t), mean(~p, ~t)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
    return {
        "balanced_accuracy": 0.5 * (recall + negative),
        "f1": f1,
        "recall": recall,
        "precision": precision,
        "accuracy": np.mean(t == p),
    }


def scores__right_loops(y_true, y_pred):
    """One loop with a Counter, and try around each division; a Counter's cousin of a dict comes back."""
    t, p = np.reshape(y_true, (-1,)).tolist(), np.reshape(y_pred, (-1,)).tolist()
    if len(t) != len(p) or any(v not in (0, 1) for v in t + p):
        raise ValueError("bad labels")
    count = Counter((int(a), int(b)) for a, b in zip(t, p, strict=True))

    def ratio(a, b):
        try:
            return a / b
        except ZeroDivisionError:
            return 0.0

    result = defaultdict(float)
    result["accuracy"] = ratio(count[0, 0] + count[1, 1], len(t))
    result["precision"] = ratio(count[1, 1], count[1, 1] + count[0, 1])
    result["recall"] = ratio(count[1, 1], count[1, 1] + count[1, 0])
    result["f1"] = ratio(2 * result["precision"] * result["recall"], result["precision"] + result["recall"])
    result["balanced_accuracy"] = (result["recall"] + ratio(count[0, 0], count[0, 0] + count[0, 1])) / 2
    return result


def scores__right_arrays_without_axes(y_true, y_pred):
    """A lambda with np.divide and its `where`; an OrderedDict of arrays without axes."""
    (tn, fp), (fn, tp) = confusion(y_true, y_pred)
    share = lambda part, whole: np.divide(part, whole, out=np.zeros(()), where=whole != 0)  # noqa: E731
    recall = share(tp, tp + fn)
    return OrderedDict(
        f1=share(2 * tp, 2 * tp + fp + fn),
        recall=recall,
        precision=share(tp, tp + fp),
        balanced_accuracy=(recall + share(tn, tn + fp)) * 0.5,
        accuracy=share(tn + tp, tn + fp + fn + tp),
    )


def scores__wrong_exchanged(y_true, y_pred):
    """Exchanges precision and recall."""
    result = scores(y_true, y_pred)
    return {**result, "precision": result["recall"], "recall": result["precision"]}


def scores__wrong_nan(y_true, y_pred):
    """Divides with NumPy, so 0/0 is nan."""
    matrix = _counted(y_true, y_pred)
    (tn, fp), (fn, tp) = matrix
    with np.errstate(all="ignore"):
        precision, recall = tp / (tp + fp), tp / (tp + fn)
        return {
            "accuracy": (tp + tn) / matrix.sum(),
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / (precision + recall),
            "balanced_accuracy": (recall + tn / (tn + fp)) / 2,
        }


def scores__wrong_zero_division(y_true, y_pred):
    """Divides plain ints and stops with ZeroDivisionError when nothing was predicted positive."""
    (tn, fp), (fn, tp) = _counted(y_true, y_pred).tolist()
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return {
        "accuracy": (tp + tn) / (tn + fp + fn + tp),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
        "balanced_accuracy": (recall + tn / (tn + fp)) / 2,
    }


def scores__wrong_f1_zero_division(y_true, y_pred):
    """Guards precision and recall but not F1 when both are 0."""
    result = scores(y_true, y_pred)
    precision, recall = result["precision"], result["recall"]
    return {**result, "f1": 2 * precision * recall / (precision + recall)}


def scores__wrong_one_for_nothing(y_true, y_pred):
    """Counts 0/0 as 1.0."""
    result = scores(y_true, y_pred)
    (_, fp), (fn, tp) = _counted(y_true, y_pred).tolist()
    return {
        **result,
        "precision": result["precision"] if tp + fp else 1.0,
        "recall": result["recall"] if tp + fn else 1.0,
    }


def scores__wrong_tiny_number(y_true, y_pred):
    """Adds 1e-7 below each fraction to avoid 0/0, which moves every score a little."""
    (tn, fp), (fn, tp) = _counted(y_true, y_pred).tolist()
    precision, recall = tp / (tp + fp + 1e-7), tp / (tp + fn + 1e-7)
    return {
        "accuracy": (tp + tn) / (tn + fp + fn + tp + 1e-7),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall + 1e-7),
        "balanced_accuracy": (recall + tn / (tn + fp + 1e-7)) / 2,
    }


def scores__wrong_balanced_is_accuracy(y_true, y_pred):
    """Gives accuracy under the name of balanced accuracy, so "always negative" looks good."""
    result = scores(y_true, y_pred)
    return {**result, "balanced_accuracy": result["accuracy"]}


def scores__wrong_balanced_over_present_classes(y_true, y_pred):
    """Leaves an absent class out of the mean instead of counting it 0.0."""
    result = scores(y_true, y_pred)
    (tn, fp), (fn, tp) = _counted(y_true, y_pred).tolist()
    parts = [right / rows for right, rows in ((tn, tn + fp), (tp, fn + tp)) if rows]
    return {**result, "balanced_accuracy": sum(parts) / len(parts)}


def scores__wrong_balanced_of_precision(y_true, y_pred):
    """Takes the mean of precision and recall for balanced accuracy."""
    result = scores(y_true, y_pred)
    return {**result, "balanced_accuracy": (result["precision"] + result["recall"]) / 2}


def scores__wrong_arithmetic_f1(y_true, y_pred):
    """Takes the plain mean of precision and recall for F1."""
    result = scores(y_true, y_pred)
    return {**result, "f1": (result["precision"] + result["recall"]) / 2}


def scores__wrong_negative_class(y_true, y_pred):
    """Takes class 0 for the positive one."""
    return scores(1 - np.asarray(y_true, dtype=int), 1 - np.asarray(y_pred, dtype=int))


def scores__wrong_macro(y_true, y_pred):
    """Averages precision, recall and F1 over both classes."""
    one = scores(y_true, y_pred)
    zero = scores(1 - np.asarray(y_true, dtype=int), 1 - np.asarray(y_pred, dtype=int))
    return {**one, **{key: (one[key] + zero[key]) / 2 for key in ("precision", "recall", "f1")}}


def scores__wrong_specificity(y_true, y_pred):
    """Takes the share of negatives that were found for recall."""
    result = scores(y_true, y_pred)
    return {**result, "recall": 2 * result["balanced_accuracy"] - result["recall"]}


def scores__wrong_percent(y_true, y_pred):
    """Gives percentages."""
    return {key: 100 * value for key, value in scores(y_true, y_pred).items()}


def scores__wrong_rounded(y_true, y_pred):
    """Rounds to two decimals before anybody compares."""
    return {key: round(value, 2) for key, value in scores(y_true, y_pred).items()}


def scores__wrong_missing_key(y_true, y_pred):
    """Forgets balanced accuracy."""
    result = scores(y_true, y_pred)
    del result["balanced_accuracy"]
    return result


def scores__wrong_extra_key(y_true, y_pred):
    """Adds keys that were not asked."""
    return {**scores(y_true, y_pred), "support": len(y_true)}


def scores__wrong_tuple(y_true, y_pred):
    """Returns the five numbers without their names."""
    return tuple(scores(y_true, y_pred).values())


def scores__wrong_broadcasts(y_true, y_pred):
    """Compares (n,) with (n, 1) for accuracy, which makes an n×n table."""
    result = scores(y_true, y_pred)
    return {**result, "accuracy": float(np.mean(np.asarray(y_true) == np.asarray(y_pred)))}


def scores__wrong_rounds_probabilities(y_true, y_pred):
    """Rounds probabilities to labels in silence."""
    return scores(y_true, np.round(np.asarray(y_pred, dtype=float)))


def scores__wrong_texts(y_true, y_pred):
    """Returns formatted texts instead of numbers."""
    return {key: f"{value:.3f}" for key, value in scores(y_true, y_pred).items()}


# -------------------------------------------------------------------------------- choose_threshold


def choose_threshold(y_dev, p_dev, metric="f1"):
    """Find the threshold that gives the best score on the dev set.

    Args:
        y_dev: the true labels, n values 0 or 1, an array or a list.
        p_dev: the predicted probabilities, n floats, an array or a list.
        metric: one of the five keys of `scores`.
    Returns:
        The threshold t, a float, one of the values of p_dev: predicting 1 where p >= t gives the best
        score. Scores that differ by less than 1e-12 are equal; among equal ones the smallest t is taken.
    Raises:
        ValueError: metric is not a key of `scores`.

    >>> choose_threshold([0, 1, 0, 1], [0.2, 0.4, 0.6, 0.8])
    0.4
    """
    p_dev = np.asarray(p_dev)
    best, best_score = None, -1.0
    for t in np.unique(p_dev):
        measured = _scored(y_dev, p_dev >= t)
        if metric not in measured:
            raise ValueError(f"metric must be one of {', '.join(measured)} (got {metric!r})")
        if measured[metric] > best_score + 1e-12:
            best, best_score = float(t), measured[metric]
    return best


def choose_threshold__right_cumulated(y_dev, p_dev, metric="f1"):
    """Counts true and false positives for all thresholds at once; returns a NumPy scalar."""
    if metric not in ("accuracy", "precision", "recall", "f1", "balanced_accuracy"):
        raise ValueError(f"unknown metric {metric}")
    y, p = np.asarray(y_dev, dtype=float).ravel(), np.asarray(p_dev).ravel()
    candidates = np.sort(p)
    positive = p[None, :] >= candidates[:, None]
    tp, fp = (positive * y).sum(axis=1), (positive * (1 - y)).sum(axis=1)
    fn, tn = y.sum() - tp, (1 - y).sum() - fp

    def share(a, b):
        return np.where(b > 0, a / np.where(b > 0, b, 1), 0.0)

    values = {
        "accuracy": (tp + tn) / len(y),
        "precision": share(tp, tp + fp),
        "recall": share(tp, tp + fn),
        "f1": share(2 * tp, 2 * tp + fp + fn),
        "balanced_accuracy": (share(tp, tp + fn) + share(tn, tn + fp)) / 2,
    }[metric]
    return candidates[np.flatnonzero(values >= values.max() - 1e-12)[0]]


def choose_threshold__right_two_passes(y_dev, p_dev, metric="f1"):
    """First the best score, then the smallest threshold that reaches it."""
    measured = {}
    for t in p_dev:
        guesses = [1 if p >= t else 0 for p in p_dev]
        measured[float(t)] = _scored(y_dev, guesses).get(metric)
    if None in measured.values():
        raise ValueError("no such metric")
    top = max(measured.values())
    return min(t for t, value in measured.items() if math.isclose(value, top, rel_tol=0, abs_tol=1e-12))


def _measured(y_dev, p_dev, metric, candidates=None):
    p_dev = np.asarray(p_dev)
    if metric not in ("accuracy", "precision", "recall", "f1", "balanced_accuracy"):
        raise ValueError(f"unknown metric {metric}")
    candidates = np.unique(p_dev) if candidates is None else candidates
    return candidates, np.array([round(_scored(y_dev, p_dev >= t)[metric], 12) for t in candidates])


def choose_threshold__right_key(y_dev, p_dev, metric="f1"):
    """max of the sorted values, with rounded scores for its key."""
    p = np.asarray(p_dev, dtype=float).ravel()
    if metric not in scores([0], [0]):
        raise ValueError(metric)
    return max(sorted(set(p.tolist())), key=lambda t: round(scores(y_dev, p >= t)[metric], 12))


def choose_threshold__wrong_strictly_above(y_dev, p_dev, metric="f1"):
    """Predicts 1 where p > t, so the chosen value itself falls on the other side."""
    p_dev = np.asarray(p_dev)
    _measured(y_dev, p_dev, metric)
    values = [_scored(y_dev, p_dev > t)[metric] for t in np.unique(p_dev)]
    return float(np.unique(p_dev)[int(np.argmax(np.round(values, 12)))])


def choose_threshold__wrong_largest(y_dev, p_dev, metric="f1"):
    """Takes the largest of several equally good thresholds."""
    candidates, values = _measured(y_dev, p_dev, metric)
    return float(candidates[values == values.max()][-1])


def choose_threshold__wrong_as_they_come(y_dev, p_dev, metric="f1"):
    """Tries the thresholds in the order of the rows, so a tie goes to whichever comes first."""
    candidates, values = _measured(y_dev, p_dev, metric, np.asarray(p_dev))
    return float(candidates[int(np.argmax(values))])


def choose_threshold__wrong_exact_comparison(y_dev, p_dev, metric="f1"):
    """Compares with > alone, so a rounding error of 1e-16 decides between equal thresholds."""
    _measured(y_dev, p_dev, metric)
    best, best_score = None, -1.0
    for t in np.unique(p_dev):
        measured = _scored(y_dev, np.asarray(p_dev) >= t)
        precision, recall = measured["precision"], measured["recall"]
        measured["f1"] = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        if measured[metric] > best_score:
            best, best_score = float(t), measured[metric]
    return best


def choose_threshold__wrong_score(y_dev, p_dev, metric="f1"):
    """Returns the best score instead of its threshold."""
    return float(_measured(y_dev, p_dev, metric)[1].max())


def choose_threshold__wrong_place(y_dev, p_dev, metric="f1"):
    """Returns the row number of the threshold."""
    _, values = _measured(y_dev, p_dev, metric)
    return int(np.argmax(values))


def choose_threshold__wrong_grid(y_dev, p_dev, metric="f1"):
    """Tries 0.00, 0.01, …, 1.00 instead of the values of p_dev."""
    candidates, values = _measured(y_dev, p_dev, metric, np.linspace(0, 1, 101))
    return float(candidates[int(np.argmax(values))])


def choose_threshold__wrong_between(y_dev, p_dev, metric="f1"):
    """Returns the middle between two values of p_dev."""
    candidates, values = _measured(y_dev, p_dev, metric)
    k = int(np.argmax(values))
    return float((candidates[k] + candidates[max(k - 1, 0)]) / 2)


def choose_threshold__wrong_one_half(y_dev, p_dev, metric="f1"):
    """Takes the value nearest to 0.5 and looks at no score."""
    candidates, _ = _measured(y_dev, p_dev, metric)
    return float(candidates[int(np.argmin(np.abs(candidates - 0.5)))])


def choose_threshold__wrong_always_f1(y_dev, p_dev, metric="f1"):
    """Uses F1 whatever metric is asked."""
    _measured(y_dev, p_dev, metric)
    return choose_threshold(y_dev, p_dev, "f1")


def choose_threshold__wrong_always_accuracy(y_dev, p_dev, metric="f1"):
    """Maximises accuracy whatever metric is asked."""
    _measured(y_dev, p_dev, metric)
    return choose_threshold(y_dev, p_dev, "accuracy")


def choose_threshold__wrong_worst(y_dev, p_dev, metric="f1"):
    """Takes the smallest score."""
    candidates, values = _measured(y_dev, p_dev, metric)
    return float(candidates[int(np.argmin(values))])


def choose_threshold__wrong_key_error(y_dev, p_dev, metric="f1"):
    """Stops with KeyError when the metric is unknown."""
    candidates = np.unique(p_dev)
    values = [round(_scored(y_dev, np.asarray(p_dev) >= t)[metric], 12) for t in candidates]
    return float(candidates[int(np.argmax(values))])


def choose_threshold__wrong_unknown_metric(y_dev, p_dev, metric="f1"):
    """Falls back to F1 when the metric is unknown."""
    known = metric in ("accuracy", "precision", "recall", "f1", "balanced_accuracy")
    return choose_threshold(y_dev, p_dev, metric if known else "f1")


def choose_threshold__wrong_list_comparison(y_dev, p_dev, metric="f1"):
    """Compares a list with a number."""
    candidates, values = sorted(set(p_dev)), []
    for t in candidates:
        values.append(round(_scored(y_dev, p_dev >= t).get(metric, math.nan), 12))
    if math.isnan(values[0]):
        raise ValueError("unknown metric")
    return float(candidates[values.index(max(values))])


# ------------------------------------------------------------------------------------ select_model


def select_model(dev_scores):
    """Name the model with the best score on the dev set.

    Args:
        dev_scores: a dict name (str) -> score (float), the higher the better; not changed.
    Returns:
        The name of the best model; of equally good ones the first in Python's string order (`sorted`).
    Raises:
        ValueError: the dict is empty.

    >>> select_model({"b": 0.75, "c": 0.5, "a": 0.75})
    'a'
    """
    if not dev_scores:
        raise ValueError("there is no model to choose from (got an empty dict)")
    return min(dev_scores, key=lambda name: (-dev_scores[name], name))


def select_model__right_loop(dev_scores):
    """Walks through the names in order and keeps the first best."""
    if len(dev_scores) == 0:
        raise ValueError("empty")
    best = None
    for name in sorted(dev_scores):
        if best is None or dev_scores[name] > dev_scores[best]:
            best = name
    return best


def select_model__right_max_of_sorted(dev_scores):
    """max of the sorted names keeps the first of equals, and raises ValueError itself when there are none."""
    return max(sorted(dev_scores), key=dev_scores.get)


def select_model__right_numpy(dev_scores):
    """argmax over the sorted names gives the first of equals; a NumPy text comes back."""
    if len(dev_scores) == 0:
        raise ValueError("no model")
    names = np.array(sorted(dev_scores))
    return names[np.argmax([dev_scores[name] for name in names])]


def select_model__wrong_first_entered(dev_scores):
    """Takes the first of equals as they stand in the dict."""
    if not dev_scores:
        raise ValueError("empty")
    return max(dev_scores, key=dev_scores.get)


def select_model__wrong_last_of_ties(dev_scores):
    """Sorts pairs (score, name) and takes the last, which is the last of equals."""
    if not dev_scores:
        raise ValueError("empty")
    return sorted((score, name) for name, score in dev_scores.items())[-1][1]


def select_model__wrong_lowest(dev_scores):
    """Takes the lowest score, as if it were a loss."""
    if not dev_scores:
        raise ValueError("empty")
    return min(sorted(dev_scores), key=dev_scores.get)


def select_model__wrong_score(dev_scores):
    """Returns the best score instead of the model's name."""
    return max(dev_scores.values())


def select_model__wrong_pair(dev_scores):
    """Returns name and score together."""
    if not dev_scores:
        raise ValueError("empty")
    return min(dev_scores.items(), key=lambda item: (-item[1], item[0]))


def select_model__wrong_all_ties(dev_scores):
    """Returns a list of all best models."""
    top = max(dev_scores.values())
    return sorted(name for name, score in dev_scores.items() if score == top)


def select_model__wrong_ignores_case(dev_scores):
    """Orders names without regard to capitals, where Python puts "Z" before "a"."""
    if not dev_scores:
        raise ValueError("empty")
    return min(dev_scores, key=lambda name: (-dev_scores[name], name.lower()))


def select_model__wrong_rounds(dev_scores):
    """Rounds to two decimals and so makes ties where there are none."""
    if not dev_scores:
        raise ValueError("empty")
    return min(dev_scores, key=lambda name: (-round(dev_scores[name], 2), name))


def select_model__wrong_none_for_empty(dev_scores):
    """Returns None when there is no model."""
    return min(dev_scores, key=lambda name: (-dev_scores[name], name), default=None)


def select_model__wrong_index_error(dev_scores):
    """Stops with IndexError when there is no model."""
    return sorted(dev_scores, key=lambda name: (-dev_scores[name], name))[0]


def select_model__wrong_starts_at_zero(dev_scores):
    """Starts the search at 0, so scores below 0 (a negative loss) are never taken."""
    if not dev_scores:
        raise ValueError("empty")
    best, best_score = None, 0.0
    for name in sorted(dev_scores):
        if dev_scores[name] > best_score:
            best, best_score = name, dev_scores[name]
    return best


def select_model__wrong_empties_the_dict(dev_scores):
    """Takes models out of the caller's dict while it compares them."""
    if not dev_scores:
        raise ValueError("empty")
    best, best_score = dev_scores.popitem()
    while dev_scores:
        name, score = dev_scores.popitem()
        if (-score, name) < (-best_score, best):
            best, best_score = name, score
    return best
