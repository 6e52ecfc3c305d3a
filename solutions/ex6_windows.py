"""The reference for `ex6_windows`, right variants of other styles, and the wrong ones students really write.

`f` is the reference, `f__right_<name>` must get all points, `f__wrong_<name>` must lose some; a wrong
variant's docstring names the misconception.  Only numpy, the standard library and (inside functions,
so that reading this file stays cheap) keras are imported.
"""

import math
from collections import deque

import numpy as np

# ------------------------------------------------------------------------------------ make_windows


def make_windows(series, length, horizon=1):
    """Cut a time series into windows, each with the point that is to be forecast from it.

    Args:
        series: (n, ...) array or nested list of numbers, time first.
        length: how many points a window holds, an int of at least 1.
        horizon: how many steps after the window's last point the target lies, an int of at least 1.
    Returns:
        x of shape (m, length, ...) and y of shape (m, ...), both float32, m = n - length - horizon + 1:
        x[i] = series[i], ..., series[i + length - 1] and y[i] = series[i + length + horizon - 1].
    Raises:
        ValueError: the series is too short for a single window and its target.

    >>> x, y = make_windows([0, 1, 2, 3, 4], 3)
    >>> x.tolist(), y.tolist()
    ([[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]], [3.0, 4.0])
    """
    series = np.asarray(series, dtype="float32")
    m = len(series) - length - horizon + 1
    if m < 1:
        needed = length + horizon
        raise ValueError(f"the series must have at least {needed} points (got {len(series)})")
    x = np.stack([series[i : i + length] for i in range(m)])
    return x, series[length + horizon - 1 :]


def make_windows__right_index_table(series, length, horizon=1):
    """Makes all indices at once: a column of starts plus a row of steps."""
    series = np.array(series, dtype=np.float32)
    starts = np.arange(series.shape[0] - length - horizon + 1)
    if starts.size == 0:
        raise ValueError("too short")
    return series[starts[:, None] + np.arange(length)], series[starts + length + horizon - 1]


def make_windows__right_sliding_view(series, length, horizon=1):
    """Uses NumPy's sliding windows, and moves the window's axis to its place."""
    series = np.asarray(series)
    if len(series) < length + horizon:
        raise ValueError(f"at least {length + horizon} points are needed (got {len(series)})")
    views = np.lib.stride_tricks.sliding_window_view(series, length, axis=0)
    x = np.moveaxis(views, -1, 1)[: len(series) - length - horizon + 1]
    return x.astype("float32"), series[length + horizon - 1 :].astype("float32")


def make_windows__right_lists(series, length, horizon=1):
    """Appends to two lists in a loop and returns a list of two arrays."""
    x, y = [], []
    for start in range(len(series)):
        target = start + length + horizon - 1
        if target < len(series):
            x.append([series[start + step] for step in range(length)])
            y.append(series[target])
    if not x:
        raise ValueError("no window fits into the series")
    return [np.array(x, dtype="float32"), np.array(y, dtype="float32")]


def make_windows__right_filled(series, length, horizon=1):
    """Fills an empty array, one step of all windows at a time."""
    series = np.asarray(series)
    count = series.shape[0] - (length - 1) - horizon
    if count <= 0:
        raise ValueError(f"too few points: {series.shape[0]}")
    x = np.empty((count, length, *series.shape[1:]), np.float32)
    for step in range(length):
        x[:, step] = series[step : step + count]
    return x, np.float32(series[-count:])


def make_windows__right_tensors(series, length, horizon=1):
    """Stacks slices of a tensor, and gives tensors back."""
    import tensorflow as tf

    series = tf.constant(np.asarray(series), dtype=tf.float32)
    m = series.shape[0] - length - horizon + 1
    if m < 1:
        raise ValueError("too short")
    return tf.stack([series[step : step + m] for step in range(length)], axis=1), series[
        length + horizon - 1 :
    ]


def _windows(series, length, count, offset, dtype="float32"):
    """``count`` windows, and for each the point ``offset`` steps after its first one."""
    series = np.asarray(series, dtype=dtype)
    if len(series) - length < 1 or count < 1:
        raise ValueError("too short")
    return np.stack([series[i : i + length] for i in range(count)]), series[offset : offset + count]


def make_windows__wrong_target_one_late(series, length, horizon=1):
    """Takes series[i + length + horizon] as the target: it is one step too far ahead."""
    count = len(series) - length - horizon
    return _windows(series, length, count, length + horizon)


def make_windows__wrong_target_in_window(series, length, horizon=1):
    """Takes the target one step early: with horizon 1 it is the window's own last point."""
    return _windows(series, length, len(series) - length - horizon + 1, length + horizon - 2)


def make_windows__wrong_horizon_ignored(series, length, horizon=1):
    """Always takes the very next point, whatever the horizon."""
    return _windows(series, length, len(series) - length - horizon + 1, length)


def make_windows__wrong_horizon_as_gap(series, length, horizon=1):
    """Leaves `horizon` points between window and target, instead of going `horizon` steps ahead."""
    return _windows(series, length, len(series) - length - horizon, length + horizon)


def make_windows__wrong_last_window_lost(series, length, horizon=1):
    """Counts n - length - horizon windows: the last one is lost."""
    count = len(series) - length - horizon
    return _windows(series, length, count, length + horizon - 1)


def make_windows__wrong_side_by_side(series, length, horizon=1):
    """Moves on by a whole window each time, so windows do not overlap."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    return x[::length], y[::length]


def make_windows__wrong_all_points_to_the_target(series, length, horizon=1):
    """Gives all points after the window as the target, where one point is asked."""
    series = np.asarray(series, dtype="float32")
    count = len(series) - length - horizon + 1
    if count < 1:
        raise ValueError("too short")
    x = np.stack([series[i : i + length] for i in range(count)])
    return x, np.stack([series[i + length : i + length + horizon] for i in range(count)])


def make_windows__wrong_target_inside(series, length, horizon=1):
    """Makes windows of length + horizon points, so the target is inside the window."""
    count = len(series) - length - horizon + 1
    return _windows(series, length + horizon, count, length + horizon - 1)


def make_windows__wrong_window_one_short(series, length, horizon=1):
    """Slices one point too few into each window."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    return x[:, :-1], y


def make_windows__wrong_backwards(series, length, horizon=1):
    """Puts the newest point of each window first."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    return x[:, ::-1], y


def make_windows__wrong_newest_window_first(series, length, horizon=1):
    """Gives the last window first."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    return x[::-1], y[::-1]


def make_windows__wrong_exchanged(series, length, horizon=1):
    """Gives the targets first and the windows second."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    return y, x


def make_windows__wrong_windows_only(series, length, horizon=1):
    """Gives the windows and forgets the targets."""
    return _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)[0]


def make_windows__wrong_time_first(series, length, horizon=1):
    """Puts time before the batch: (length, m, ...)."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    return np.swapaxes(x, 0, 1), y


def make_windows__wrong_flattened(series, length, horizon=1):
    """Flattens each window into one long row, so time and features are mixed."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    return x.reshape(len(x), -1), y


def make_windows__wrong_first_column_target(series, length, horizon=1):
    """Forecasts the first column only."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    return x, (y[:, 0] if y.ndim > 1 else y)


def make_windows__wrong_target_keeps_time(series, length, horizon=1):
    """Keeps a time axis of 1 in the targets: (m, 1, ...)."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    return x, y[:, np.newaxis]


def make_windows__wrong_one_axis_only(series, length, horizon=1):
    """Fills a table of two axes, so it works for a series of plain numbers only."""
    m = len(series) - length - horizon + 1
    if m < 1:
        raise ValueError("too short")
    x, y = np.zeros((m, length), "float32"), np.zeros(m, "float32")
    for i in range(m):
        x[i] = series[i : i + length]
        y[i] = series[i + length + horizon - 1]
    return x, y


def make_windows__wrong_two_axes_only(series, length, horizon=1):
    """Takes for granted that the series has exactly two axes."""
    series = np.asarray(series, dtype="float32")
    n, _ = series.shape
    return _windows(series, length, n - length - horizon + 1, length + horizon - 1)


def make_windows__wrong_round_the_end(series, length, horizon=1):
    """Goes on at the beginning when the series is over, so late windows hold the first points."""
    series = np.asarray(series, dtype="float32")
    n = len(series)
    if n < length + horizon:
        raise ValueError("too short")
    x = np.stack([np.roll(series, -i, axis=0)[:length] for i in range(n)])
    return x, np.roll(series, -(length + horizon - 1), axis=0)


def make_windows__wrong_filled_with_zeros(series, length, horizon=1):
    """Also starts windows before the series begins and fills them up with zeros."""
    series = np.asarray(series, dtype="float32")
    if len(series) < length + horizon:
        raise ValueError("too short")
    before = np.zeros((length - 1, *series.shape[1:]), "float32")
    longer = np.concatenate([before, series])
    return _windows(longer, length, len(longer) - length - horizon + 1, length + horizon - 1)


def make_windows__wrong_shuffled(series, length, horizon=1):
    """Shuffles the windows, so their order in time is lost."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    order = np.random.default_rng(0).permutation(len(x))
    return x[order], y[order]


def make_windows__wrong_shuffled_apart(series, length, horizon=1):
    """Shuffles windows and targets separately, so they no longer belong together."""
    x, y = _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)
    rng = np.random.default_rng(1)
    return rng.permutation(x), rng.permutation(y)


def make_windows__wrong_float64(series, length, horizon=1):
    """Leaves the arrays in float64."""
    count = len(series) - length - horizon + 1
    return _windows(series, length, count, length + horizon - 1, dtype="float64")


def make_windows__wrong_keeps_dtype(series, length, horizon=1):
    """Keeps the dtype of the series, so a series of whole numbers gives integers."""
    count = len(series) - length - horizon + 1
    return _windows(series, length, count, length + horizon - 1, dtype=None)


def make_windows__wrong_empty_when_short(series, length, horizon=1):
    """Returns no windows for a series that is too short, instead of raising ValueError."""
    series = np.asarray(series, dtype="float32")
    m = max(len(series) - length - horizon + 1, 0)
    x = np.array([series[i : i + length] for i in range(m)], "float32").reshape(m, length, *series.shape[1:])
    return x, series[length + horizon - 1 :]


def make_windows__wrong_refuses_one_window(series, length, horizon=1):
    """Raises ValueError although exactly one window fits."""
    m = len(series) - length - horizon + 1
    if m <= 1:
        raise ValueError("too short")
    return _windows(series, length, m, length + horizon - 1)


def make_windows__wrong_forgets_horizon_in_the_test(series, length, horizon=1):
    """Tests only that a window fits, not that its target does."""
    series = np.asarray(series, dtype="float32")
    if len(series) <= length:
        raise ValueError("too short")
    m = max(len(series) - length - horizon + 1, 0)
    x = np.array([series[i : i + length] for i in range(m)], "float32").reshape(m, length, *series.shape[1:])
    return x, series[length + horizon - 1 :]


def make_windows__wrong_arrays_only(series, length, horizon=1):
    """Asks the series for its shape, which a list does not have."""
    count = series.shape[0] - length - horizon + 1
    return _windows(series, length, count, length + horizon - 1)


def make_windows__wrong_default_of_zero(series, length, horizon=0):
    """Gives horizon a default of 0, so that the target is the window's own last point."""
    return _windows(series, length, len(series) - length - horizon + 1, length + horizon - 1)


# -------------------------------------------------------------------------------------- time_split


def time_split(series, train_fraction):
    """Cut a time series once: the past to learn from, the future to test on.

    Args:
        series: (n, ...) array or nested list, time first.
        train_fraction: the share of the points that come into train, a float between 0 and 1.
    Returns:
        train, the first floor(n * train_fraction) points, and test, all the others, in their order.

    >>> train, test = time_split(np.arange(10), 0.75)
    >>> train.tolist(), test.tolist()
    ([0, 1, 2, 3, 4, 5, 6], [7, 8, 9])
    """
    series = np.asarray(series)
    cut = int(len(series) * train_fraction)
    return series[:cut], series[cut:]


def time_split__right_floor(series, train_fraction):
    """Uses math.floor and np.split, which gives a list of two arrays."""
    return np.split(np.asarray(series), [math.floor(train_fraction * len(series))])


def time_split__right_loop(series, train_fraction):
    """Deals the points out one by one into two lists."""
    train, test = [], []
    for number, point in enumerate(series):
        (train if number + 1 <= len(series) * train_fraction else test).append(point)
    return np.array(train), np.array(test)


def time_split__right_mask(series, train_fraction):
    """Compares the points' numbers with the cut."""
    series = np.array(series)
    early = np.arange(len(series)) < np.floor(len(series) * train_fraction)
    return series[early], series[~early]


def time_split__wrong_shuffled(series, train_fraction):
    """Shuffles before the cut, so the model has seen points on both sides of each test point."""
    series = np.asarray(series)
    order = np.random.default_rng(0).permutation(len(series))
    cut = int(len(series) * train_fraction)
    return series[order[:cut]], series[order[cut:]]


def time_split__wrong_shuffled_then_sorted(series, train_fraction):
    """Draws the test points at random and keeps their order: test points lie between train points."""
    series = np.asarray(series)
    order = np.random.default_rng(0).permutation(len(series))
    cut = int(len(series) * train_fraction)
    return series[np.sort(order[:cut])], series[np.sort(order[cut:])]


def time_split__wrong_train_shuffled(series, train_fraction):
    """Cuts in time and then shuffles train, so no window can be made from it."""
    series = np.asarray(series)
    cut = int(len(series) * train_fraction)
    return np.random.default_rng(0).permutation(series[:cut]), series[cut:]


def time_split__wrong_future_for_train(series, train_fraction):
    """Learns from the end of the series and tests on its beginning."""
    series = np.asarray(series)
    cut = len(series) - int(len(series) * train_fraction)
    return series[cut:], series[:cut]


def time_split__wrong_exchanged(series, train_fraction):
    """Returns (test, train)."""
    series = np.asarray(series)
    cut = int(len(series) * train_fraction)
    return series[cut:], series[:cut]


def time_split__wrong_fraction_of_test(series, train_fraction):
    """Takes the fraction for the share of the test set."""
    series = np.asarray(series)
    cut = len(series) - int(len(series) * train_fraction)
    return series[:cut], series[cut:]


def time_split__wrong_rounded_up(series, train_fraction):
    """Rounds the cut up."""
    series = np.asarray(series)
    cut = math.ceil(len(series) * train_fraction)
    return series[:cut], series[cut:]


def time_split__wrong_rounded(series, train_fraction):
    """Rounds the cut to the nearest whole number."""
    series = np.asarray(series)
    cut = round(len(series) * train_fraction)
    return series[:cut], series[cut:]


def time_split__wrong_overlap(series, train_fraction):
    """Lets test start with the last point of train."""
    series = np.asarray(series)
    cut = int(len(series) * train_fraction)
    return series[:cut], series[max(cut - 1, 0) :]


def time_split__wrong_point_lost(series, train_fraction):
    """Skips the point at the cut: it is in neither part."""
    series = np.asarray(series)
    cut = int(len(series) * train_fraction)
    return series[:cut], series[cut + 1 :]


def time_split__wrong_every_nth(series, train_fraction):
    """Takes every n-th point for the test set, so test points lie between train points."""
    series = np.asarray(series)
    held = np.zeros(len(series), dtype=bool)
    held[:: max(round(1 / (1 - train_fraction)), 1)] = True
    return series[~held], series[held]


def time_split__wrong_last_axis(series, train_fraction):
    """Cuts along the last axis, between the columns, instead of along time."""
    series = np.asarray(series)
    cut = int(series.shape[-1] * train_fraction)
    return series[..., :cut], series[..., cut:]


def time_split__wrong_three_parts(series, train_fraction):
    """Adds a dev set that was not asked."""
    series = np.asarray(series)
    cut = int(len(series) * train_fraction)
    middle = (cut + len(series)) // 2
    return series[:cut], series[cut:middle], series[middle:]


def time_split__wrong_train_only(series, train_fraction):
    """Returns the training part alone."""
    return np.asarray(series)[: int(len(series) * train_fraction)]


def time_split__wrong_arrays_only(series, train_fraction):
    """Asks the series for its shape, which a list does not have."""
    cut = int(series.shape[0] * train_fraction)
    return series[:cut], series[cut:]


# -------------------------------------------------------------------------------------- fit_scaler


def fit_scaler(train):
    """Measure each column of the training series: its mean and its standard deviation.

    Args:
        train: (n, d) array or nested list of numbers, one column per feature.
    Returns:
        mean and std, two arrays of shape (d,), float; std is the root of the mean squared distance
        from the mean (what np.std gives), and 1 for a column that is constant.

    >>> mean, std = fit_scaler([[0.0, 5.0], [2.0, 5.0]])
    >>> mean.tolist(), std.tolist()
    ([1.0, 5.0], [1.0, 1.0])
    """
    train = np.asarray(train, dtype="float64")
    # rounding may leave a constant column a std that is tiny and not 0
    constant = train.max(axis=0) == train.min(axis=0)
    return train.mean(axis=0), np.where(constant, 1.0, train.std(axis=0))


def fit_scaler__right_where_zero(train):
    """Computes in float32 and replaces the zeros afterwards."""
    train = np.asarray(train, dtype=np.float32)
    std = np.std(train, axis=0)
    std[std == 0] = 1
    return [np.mean(train, axis=0), std]


def fit_scaler__right_plain_loops(train):
    """Goes through the columns with sums and a square root, and returns two lists."""
    mean, std = [], []
    for column in zip(*train, strict=True):
        center = sum(column) / len(column)
        spread = math.sqrt(sum((value - center) ** 2 for value in column) / len(column))
        mean.append(center)
        std.append(spread or 1.0)
    return mean, std


def fit_scaler__right_formula(train):
    """Uses the mean of the squares, in two lines of NumPy."""
    train = np.array(train, dtype=float)
    mean = train.sum(axis=0) / train.shape[0]
    variance = ((train - mean) ** 2).mean(axis=0)
    return mean, np.sqrt(np.where(variance > 0, variance, 1))


def fit_scaler__right_lists(train):
    """Column by column, into two lists of numbers."""
    columns = np.asarray(train, dtype="float32").T
    return [column.mean() for column in columns], [
        column.std() if column.max() > column.min() else 1.0 for column in columns
    ]


def fit_scaler__wrong_zero_std(train):
    """Leaves the std of a constant column at 0, so that scaling divides by zero."""
    train = np.asarray(train, dtype="float64")
    return train.mean(axis=0), train.std(axis=0)


def fit_scaler__wrong_small_number(train):
    """Adds a tiny number to every std, so that a constant column has almost 0."""
    train = np.asarray(train, dtype="float64")
    return train.mean(axis=0), train.std(axis=0) + 1e-8


def fit_scaler__wrong_at_least_one(train):
    """Lifts every std to at least 1, so that small columns are not scaled."""
    train = np.asarray(train, dtype="float64")
    return train.mean(axis=0), np.maximum(train.std(axis=0), 1.0)


def _std(train, **how):
    std = np.asarray(train, dtype="float64").std(axis=0, **how)
    return np.where(std == 0, 1.0, std)


def fit_scaler__wrong_over_everything(train):
    """Takes one mean and one std over all columns together."""
    train = np.asarray(train, dtype="float64")
    return train.mean(), train.std()


def fit_scaler__wrong_same_for_all(train):
    """Gives every column the mean and the std of the whole table."""
    train = np.asarray(train, dtype="float64")
    d = train.shape[1]
    return np.full(d, train.mean()), np.full(d, train.std() or 1.0)


def fit_scaler__wrong_per_row(train):
    """Goes along the rows: a mean for each point in time instead of each column."""
    train = np.asarray(train, dtype="float64")
    std = train.std(axis=1)
    return train.mean(axis=1), np.where(std == 0, 1.0, std)


def fit_scaler__wrong_exchanged(train):
    """Returns (std, mean)."""
    return _std(train), np.mean(train, axis=0)


def fit_scaler__wrong_variance(train):
    """Returns the variance instead of its square root."""
    return np.mean(train, axis=0), _std(train) ** 2


def fit_scaler__wrong_one_less(train):
    """Divides by n - 1 in the std."""
    return np.mean(train, axis=0), _std(train, ddof=1)


def fit_scaler__wrong_minimum_and_range(train):
    """Returns minimum and range, which belong to another scaling."""
    train = np.asarray(train, dtype="float64")
    spread = train.max(axis=0) - train.min(axis=0)
    return train.min(axis=0), np.where(spread == 0, 1.0, spread)


def fit_scaler__wrong_median(train):
    """Takes the median for the mean."""
    return np.median(train, axis=0), _std(train)


def fit_scaler__wrong_absolute_distance(train):
    """Takes the mean absolute distance for the std."""
    train = np.asarray(train, dtype="float64")
    spread = np.abs(train - train.mean(axis=0)).mean(axis=0)
    return train.mean(axis=0), np.where(spread == 0, 1.0, spread)


def fit_scaler__wrong_keeps_time(train):
    """Keeps a time axis of 1: shape (1, d)."""
    train = np.asarray(train, dtype="float64")
    return train.mean(axis=0, keepdims=True), _std(train)[np.newaxis]


def fit_scaler__wrong_root_mean_square(train):
    """Forgets to subtract the mean before squaring."""
    train = np.asarray(train, dtype="float64")
    root = np.sqrt((train**2).mean(axis=0))
    return train.mean(axis=0), np.where(root == 0, 1.0, root)


def fit_scaler__wrong_scales_instead(train):
    """Returns the scaled series instead of the two numbers per column."""
    train = np.asarray(train, dtype="float64")
    return (train - train.mean(axis=0)) / _std(train)


def fit_scaler__wrong_centers_in_place(train):
    """Gives the right numbers but subtracts the mean from the caller's series on the way."""
    mean = np.mean(train, axis=0)
    std = _std(train)
    if isinstance(train, np.ndarray) and train.dtype.kind == "f":
        train -= mean.astype(train.dtype)
    return mean, std


def fit_scaler__wrong_arrays_only(train):
    """Calls methods of the series that a list does not have."""
    std = train.std(axis=0)
    return train.mean(axis=0), np.where(std == 0, 1.0, std)


# ------------------------------------------------------------------------------------------- scale


def scale(series, mean, std):
    """Bring each column of a series to the scale of the training series.

    Args:
        series: (n, d) array or nested list of numbers; it is not changed.
        mean, std: (d,) arrays, as `fit_scaler` measured them on train.
    Returns:
        (n, d) array of float: how many stds each value lies above its column's mean.

    >>> scale([[3.0, 5.0], [1.0, 7.0]], [1.0, 5.0], [2.0, 1.0]).tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """
    return (np.asarray(series) - np.asarray(mean)) / np.asarray(std)


def scale__right_float32(series, mean, std):
    """Computes in float32, in steps, on a copy."""
    result = np.array(series, dtype="float32")
    result -= np.asarray(mean, dtype="float32")
    result /= np.asarray(std, dtype="float32")
    return result


def scale__right_column_by_column(series, mean, std):
    """Scales one column after the other and puts them side by side."""
    series = np.asarray(series, dtype=float)
    columns = [(series[:, j] - mean[j]) / std[j] for j in range(series.shape[1])]
    return np.stack(columns, axis=1)


def scale__right_nested_loops(series, mean, std):
    """Two loops over plain numbers."""
    rows = [[(value - m) / s for value, m, s in zip(row, mean, std, strict=True)] for row in series]
    return np.array(rows)


def scale__right_ufuncs(series, mean, std):
    """Leaves the conversion of lists to np.subtract and np.divide."""
    return np.divide(np.subtract(series, mean), std)


def _table(series):
    return np.asarray(series, dtype="float64")


def scale__wrong_own_statistics(series, mean, std):  # noqa: ARG001 -- that is the mistake
    """Measures mean and std on the given series again, so train and test have two scales."""
    series = _table(series)
    spread = series.std(axis=0)
    return (series - series.mean(axis=0)) / np.where(spread == 0, 1.0, spread)


def scale__wrong_own_mean(series, mean, std):  # noqa: ARG001 -- that is the mistake
    """Subtracts the series' own mean and divides by the given std."""
    series = _table(series)
    return (series - series.mean(axis=0)) / std


def scale__wrong_multiplies(series, mean, std):
    """Multiplies by std instead of dividing."""
    return (_table(series) - mean) * std


def scale__wrong_backwards(series, mean, std):
    """Computes series * std + mean, which undoes the scaling."""
    return _table(series) * std + np.asarray(mean)


def scale__wrong_precedence(series, mean, std):
    """Forgets the brackets: only the mean is divided."""
    return _table(series) - np.asarray(mean) / np.asarray(std)


def scale__wrong_divides_first(series, mean, std):
    """Divides first and subtracts the unscaled mean."""
    return _table(series) / std - np.asarray(mean)


def scale__wrong_sign(series, mean, std):
    """Computes mean - series, so the picture is turned over."""
    return (np.asarray(mean) - _table(series)) / std


def scale__wrong_variance(series, mean, std):
    """Divides by the variance."""
    return (_table(series) - mean) / np.asarray(std) ** 2


def scale__wrong_root(series, mean, std):
    """Takes the root of a std that is a root already."""
    return (_table(series) - mean) / np.sqrt(std)


def scale__wrong_center_only(series, mean, std):  # noqa: ARG001 -- that is the mistake
    """Subtracts the mean and never divides."""
    return _table(series) - mean


def scale__wrong_std_only(series, mean, std):  # noqa: ARG001 -- that is the mistake
    """Divides by std and never subtracts the mean."""
    return _table(series) / std


def scale__wrong_exchanged(series, mean, std):
    """Takes mean for std and std for mean."""
    return (_table(series) - np.asarray(std)) / np.asarray(mean)


def scale__wrong_clipped(series, mean, std):
    """Cuts what lies beyond three stds, so the future can no longer leave the range of train."""
    return np.clip((_table(series) - mean) / std, -3, 3)


def scale__wrong_first_column_for_all(series, mean, std):
    """Scales every column with the numbers of the first."""
    return (_table(series) - mean[0]) / std[0]


def scale__wrong_small_number(series, mean, std):
    """Adds a tenth to std against a division by zero that cannot happen."""
    return (_table(series) - mean) / (np.asarray(std) + 0.1)


def scale__wrong_integers(series, mean, std):
    """Writes the result back into an array of the series' dtype, so a series of ints stays whole."""
    series = np.asarray(series)
    result = np.zeros_like(series)
    result[:] = (series - mean) / std
    return result


def scale__wrong_in_place(series, mean, std):
    """Scales the caller's own array; when the cell is run again it is scaled twice."""
    if isinstance(series, np.ndarray) and series.dtype.kind == "f":
        series -= np.asarray(mean, dtype=series.dtype)
        series /= np.asarray(std, dtype=series.dtype)
        return series
    return (_table(series) - mean) / std


def scale__wrong_arrays_only(series, mean, std):
    """Subtracts lists, which Python cannot do."""
    return (series - mean) / std


def scale__wrong_along_time(series, mean, std):
    """Takes the entries of mean and std for time steps instead of columns."""
    return ((_table(series).T - np.asarray(mean)) / np.asarray(std)).T


# ------------------------------------------------------------------------------------- repeat_last


def repeat_last(x):
    """The baseline: forecast that nothing changes.

    Args:
        x: (m, length, ...) windows, an array or a nested list.
    Returns:
        (m, ...) array: the last point of each window.

    >>> repeat_last([[0, 1, 2], [1, 2, 3]]).tolist()
    [2, 3]
    """
    return np.asarray(x)[:, -1]


def repeat_last__right_take(x):
    """Uses np.take along the axis of time."""
    x = np.asarray(x)
    return np.take(x, x.shape[1] - 1, axis=1)


def repeat_last__right_comprehension(x):
    """Takes the last point of one window after the other."""
    return np.array([window[-1] for window in x])


def repeat_last__right_moved_axis(x):
    """Moves time to the front first."""
    return np.moveaxis(np.array(x, dtype="float32"), 1, 0)[-1]


def repeat_last__right_split(x):
    """Splits before the last step and takes the axis of time away."""
    x = np.asarray(x)
    return np.split(x, [x.shape[1] - 1], axis=1)[1].squeeze(axis=1)


def repeat_last__wrong_last_window(x):
    """Gives the last window instead of the last point of each."""
    return np.asarray(x)[-1]


def repeat_last__wrong_last_column(x):
    """Gives the last column of every point: the last axis instead of time."""
    return np.asarray(x)[..., -1]


def repeat_last__wrong_first(x):
    """Gives the first point of each window, its oldest."""
    return np.asarray(x)[:, 0]


def repeat_last__wrong_before_last(x):
    """Gives the last point but one."""
    return np.asarray(x)[:, -2]


def repeat_last__wrong_mean(x):
    """Gives the mean of each window."""
    return np.mean(x, axis=1)


def repeat_last__wrong_keeps_time(x):
    """Keeps a time axis of 1."""
    return np.asarray(x)[:, -1:]


def repeat_last__wrong_whole_window(x):
    """Repeats the last point over a whole window."""
    x = np.asarray(x)
    return np.repeat(x[:, -1:], x.shape[1], axis=1)


def repeat_last__wrong_straight_on(x):
    """Goes on in a straight line, which is another baseline."""
    x = np.asarray(x)
    return 2 * x[:, -1] - x[:, -2]


def repeat_last__wrong_flattened(x):
    """Gives the last number of each window, so the point's other numbers are lost."""
    x = np.asarray(x)
    return x.reshape(len(x), -1)[:, -1]


def repeat_last__wrong_late_window(x):
    """Gives the last points one window late, as if the target were known."""
    return np.roll(np.asarray(x)[:, -1], -1, axis=0)


def repeat_last__wrong_largest(x):
    """Gives the largest value of each window."""
    return np.max(x, axis=1)


def repeat_last__wrong_list(x):
    """Gives a list of points instead of an array."""
    return [window[-1] for window in x]


def repeat_last__wrong_arrays_only(x):
    """Uses two indices at once, which a list does not take."""
    return x[:, -1]


# ----------------------------------------------------------------------------------------- rollout


def rollout(model, seed_window, n):
    """Forecast n points, each from a window that holds the forecasts made before it.

    Args:
        model: a keras.Model, (batch, length, d) -> (batch, d): the point after each window.
        seed_window: (length, d) array or nested list, the last points that are known; it is not changed.
        n: how many points to forecast, an int of at least 1.
    Returns:
        (n, d) array of float, the forecasts alone.
    """
    window = np.asarray(seed_window, dtype="float32")
    points = []
    for _ in range(n):
        point = model.predict(window[np.newaxis], verbose=0)[0]
        points.append(point)
        window = np.concatenate([window[1:], point[np.newaxis]])
    return np.stack(points)


def rollout__right_called(model, seed_window, n):
    """Calls the model like a function, and fills an array of zeros."""
    window = np.array(seed_window, dtype="float32")
    result = np.zeros((n, window.shape[1]))
    for step in range(n):
        result[step] = np.asarray(model(window[None]))[0]
        window = np.vstack([window[1:], result[step]])
    return result


def rollout__right_rolled(model, seed_window, n):
    """Rolls a copy of the window and overwrites its last row."""
    window = np.array(seed_window, dtype=float)
    forecast = []
    for _ in range(n):
        window = np.roll(window, -1, axis=0)
        window[-1] = model.predict_on_batch(np.expand_dims(np.roll(window, 1, axis=0), 0))[0]
        forecast.append(window[-1].copy())
    return np.array(forecast)


def rollout__right_deque(model, seed_window, n):
    """Keeps the window in a deque that drops its oldest point by itself."""
    window = deque([np.asarray(point, dtype="float32") for point in seed_window], maxlen=len(seed_window))
    points = []
    while len(points) < n:
        answer = model.predict(np.array([window]), verbose=0)
        points.append(answer.reshape(-1))
        window.append(points[-1])
    return np.array(points)


def rollout__right_one_long_series(model, seed_window, n):
    """Appends to one series and always looks at its last `length` points."""
    series = np.asarray(seed_window, dtype="float32")
    length = len(series)
    for _ in range(n):
        series = np.concatenate([series, model.predict(series[None, -length:], verbose=0)], axis=0)
    return series[length:]


def rollout__right_tensors(model, seed_window, n):
    """Keeps window and forecasts as tensors, with the axis of the batch in place."""
    import tensorflow as tf

    window = tf.constant(np.asarray(seed_window, dtype="float32"))[tf.newaxis]
    points = []
    for _ in range(n):
        points.append(model(window))
        window = tf.concat([window[:, 1:], points[-1][:, tf.newaxis]], axis=1)
    return tf.concat(points, axis=0)


def _roll(model, window, n, slide):
    """The loop that every variant shares: ``slide`` makes the next window of a window and a point."""
    window = np.array(window, dtype="float32")
    points = []
    for _ in range(n):
        points.append(np.asarray(model(window[None]))[0])
        window = slide(window, points[-1])
    return np.stack(points)


def _push(window, point):
    return np.concatenate([window[1:], point[None]])


def rollout__wrong_window_stays(model, seed_window, n):
    """Never moves the window, so the same point is forecast n times."""
    return _roll(model, seed_window, n, lambda window, point: window)


def rollout__wrong_window_grows(model, seed_window, n):
    """Never drops the oldest point, so the window grows."""
    return _roll(model, seed_window, n, lambda window, point: np.concatenate([window, point[None]]))


def rollout__wrong_drops_the_newest(model, seed_window, n):
    """Drops the newest known point instead of the oldest."""
    return _roll(model, seed_window, n, lambda window, point: np.concatenate([window[:-1], point[None]]))


def rollout__wrong_puts_in_front(model, seed_window, n):
    """Puts the forecast in front of the window, where its oldest point stands."""
    return _roll(model, seed_window, n, lambda window, point: np.concatenate([point[None], window[:-1]]))


def rollout__wrong_rolls_the_other_way(model, seed_window, n):
    """Rolls the window the wrong way before it overwrites the last row."""

    def slide(window, point):
        window = np.roll(window, 1, axis=0)
        window[-1] = point
        return window

    return _roll(model, seed_window, n, slide)


def rollout__wrong_oldest_overwritten(model, seed_window, n):
    """Overwrites the oldest point in its place, so the window is out of order."""

    def slide(window, point):
        window = window.copy()
        window[0] = point
        return window

    return _roll(model, seed_window, n, slide)


def rollout__wrong_last_point_only(model, seed_window, n):
    """Feeds the last forecast alone, without the points before it."""
    return _roll(model, seed_window, n, lambda window, point: point[None])


def rollout__wrong_window_of_copies(model, seed_window, n):
    """Fills the whole window with copies of the last forecast."""
    return _roll(model, seed_window, n, lambda window, point: np.tile(point, (len(window), 1)))


def rollout__wrong_jumps(model, seed_window, n):
    """Drops two points at each step and holds the forecast twice."""
    return _roll(
        model, seed_window, n, lambda window, point: np.concatenate([window[2:], point[None], point[None]])
    )


def rollout__wrong_adds_to_the_last(model, seed_window, n):
    """Adds the answer to the last point, although the model gives the next point itself."""
    window = np.array(seed_window, dtype="float32")
    points = []
    for _ in range(n):
        points.append(window[-1] + np.asarray(model(window[None]))[0])
        window = _push(window, points[-1])
    return np.stack(points)


def rollout__wrong_seed_included(model, seed_window, n):
    """Returns the seed window too, in front of the forecasts."""
    return np.concatenate([np.asarray(seed_window, dtype="float32"), _roll(model, seed_window, n, _push)])


def rollout__wrong_starts_with_the_seed(model, seed_window, n):
    """Begins with the last known point, so everything is one step late."""
    points = _roll(model, seed_window, n, _push)
    return np.concatenate([np.asarray(seed_window, dtype="float32")[-1:], points[: n - 1]])


def rollout__wrong_last_window(model, seed_window, n):
    """Returns the window as it is at the end, whatever n is."""
    window = np.array(seed_window, dtype="float32")
    for _ in range(n):
        window = _push(window, np.asarray(model(window[None]))[0])
    return window


def rollout__wrong_last_forecast(model, seed_window, n):
    """Returns the n-th forecast alone."""
    return _roll(model, seed_window, n, _push)[-1]


def rollout__wrong_one_too_many(model, seed_window, n):
    """Makes n + 1 forecasts."""
    return _roll(model, seed_window, n + 1, _push)


def rollout__wrong_one_too_few(model, seed_window, n):
    """Makes n - 1 forecasts."""
    points = _roll(model, seed_window, n, _push)
    return points[: n - 1]


def rollout__wrong_keeps_batch(model, seed_window, n):
    """Keeps the batch axis of each answer: shape (n, 1, d)."""
    return _roll(model, seed_window, n, _push)[:, np.newaxis]


def rollout__wrong_flattened(model, seed_window, n):
    """Joins all numbers into one long row."""
    return _roll(model, seed_window, n, _push).reshape(-1)


def rollout__wrong_first_column_only(model, seed_window, n):
    """Returns the first column of the forecasts only."""
    return _roll(model, seed_window, n, _push)[:, 0]


def rollout__wrong_length_for_n(model, seed_window, n):  # noqa: ARG001 -- that is the mistake
    """Makes as many forecasts as the window has points, whatever n is."""
    return _roll(model, seed_window, len(seed_window), _push)


def rollout__wrong_newest_first(model, seed_window, n):
    """Returns the last forecast first."""
    return _roll(model, seed_window, n, _push)[::-1]


def rollout__wrong_rounds(model, seed_window, n):
    """Rounds each forecast before it goes on."""
    window = np.array(seed_window, dtype="float32")
    points = []
    for _ in range(n):
        points.append(np.round(np.asarray(model(window[None]))[0], 1))
        window = _push(window, points[-1])
    return np.stack(points)


def rollout__wrong_list(model, seed_window, n):
    """Returns a list of points instead of an array."""
    return list(_roll(model, seed_window, n, _push))


def rollout__wrong_no_batch_axis(model, seed_window, n):
    """Gives the model a window without a batch axis."""
    window = np.array(seed_window, dtype="float32")
    points = []
    for _ in range(n):
        points.append(np.asarray(model(window))[0])
        window = _push(window, points[-1])
    return np.stack(points)


def rollout__wrong_writes_into_the_seed(model, seed_window, n):
    """Moves the points inside the caller's own window."""
    points = []
    for _ in range(n):
        point = np.asarray(model(np.array(seed_window, dtype="float32")[None]))[0]
        points.append(point)
        seed_window[:-1] = seed_window[1:].copy() if hasattr(seed_window, "copy") else seed_window[1:]
        seed_window[-1] = point
    return np.stack(points)


def rollout__wrong_arrays_only(model, seed_window, n):
    """Gives the window an axis by an index that a list does not take."""
    points = []
    for _ in range(n):
        points.append(np.asarray(model(seed_window[None, :]))[0])
        seed_window = _push(seed_window, points[-1])
    return np.stack(points)


def rollout__wrong_drops_single_axes(model, seed_window, n):
    """Squeezes all axes of 1 away, the one of a single column or a single step too."""
    return _roll(model, seed_window, n, _push).squeeze()
