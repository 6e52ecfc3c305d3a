"""Hidden checks of `ex6_windows`: where a window ends, what a target is, what train may know, and a rollout.

A check's docstring is the claim that the student reads; a hint says where to look, never the answer.
"""

import numpy as np
import pytest

from autograder.checking import LayerSpec, exercise, expect, given_model, special
from solutions import ex6_windows as reference

WINDOWS = {
    "target_one_late": "The target of {call} is one step too far: series[i + length + horizon] is the point "
    "after the one that is asked.",
    "target_in_window": "The target of {call} is one step too early; with a horizon of 1 it is the window's "
    "own last point, so the answer is inside the question.",
    "horizon_ignored": "The target of {call} is the very next point, whatever the horizon.",
    "last_window_lost": "{call} gives one window too few: the last one is lost.",
    "side_by_side": "{call} moves on by a whole window each time; windows overlap, each starts one step "
    "after the one before.",
    "target_keeps_time": "The targets of {call} keep a time axis of 1; a target is one point, so y has shape "
    "(m, ...).",
    "all_points_to_the_target": "{call} gives all points between the window and its target; the target is "
    "one point.",
    "target_inside": "The windows of {call} hold length + horizon points: the target itself is inside.",
    "window_one_short": "The windows of {call} hold one point too few. A slice [a:b] ends before b.",
    "backwards": "The windows of {call} run backwards in time; the oldest point comes first.",
    "newest_window_first": "{call} gives the last window first; windows come in the order of time.",
    "exchanged": "{call} gives the targets first; x comes first, then y.",
    "windows_only": "{call} gives the windows alone; two arrays are asked, x and y.",
    "time_first": "x of {call} has time before the batch; its axes are (window, time, ...).",
    "flattened": "x of {call} mixes time and features in one axis; the axes after time stay as they are.",
    "first_column_target": "The targets of {call} hold the first column only; a target is a whole point.",
    "round_the_end": "{call} goes on at the beginning when the series is over: late windows hold the first "
    "points, or have them for a target.",
    "filled_with_zeros": "{call} starts windows before the series begins and fills them up with zeros.",
    "default_of_zero": "Without a horizon, {call} takes 0, so the target is the window's own last point; the "
    "default is 1.",
    "shuffled": "{call} shuffles the windows; they come in the order of time.",
}
SPLIT = {
    "exchanged": "{call} gives test first; train comes first, then test.",
    "future_for_train": "{call} takes the end of the series for train and its beginning for test: the model "
    "would learn from the future.",
    "fraction_of_test": "{call} takes train_fraction for the share of test; it is the share of train.",
    "rounded_up": "{call} rounds the cut up; n · train_fraction is rounded down.",
    "rounded": "{call} rounds the cut to the nearest whole number; n · train_fraction is rounded down.",
    "overlap": "{call} has the last point of train in test too: a point is on one side only.",
    "point_lost": "{call} leaves out the point at the cut: it is neither in train nor in test.",
    "last_axis": "{call} cuts between the columns; time is the first axis.",
    "every_nth": "{call} has test points between train points: that is a leak. The split follows time.",
    "train_only": "{call} gives train alone; two arrays are asked, train and test.",
    "three_parts": "{call} gives three parts; two are asked, train and test.",
}
SCALER = {
    "exchanged": "{call} gives std first; mean comes first, then std.",
    "variance": "{call} gives the variance for std; std is its square root.",
    "one_less": "The std of {call} divides by n - 1; here the mean is over n, as np.std has it.",
    "over_everything": "{call} gives one mean and one std over all columns together; each column has its "
    "own.",
    "same_for_all": "{call} gives every column the mean and std of the whole table; each column has its own.",
    "per_row": "{call} goes along the rows: it has a mean for each step in time; one for each column is "
    "asked.",
    "minimum_and_range": "{call} gives minimum and range, which belong to another scaling; mean and std are "
    "asked.",
    "median": "{call} gives the median for mean.",
    "absolute_distance": "{call} gives the mean absolute distance for std; the distances are squared first.",
    "keeps_time": "mean and std of {call} keep a time axis of 1; their shape is (d,).",
    "root_mean_square": "The std of {call} squares the values themselves; the mean is subtracted first.",
    "scales_instead": "{call} gives the scaled series; its mean and its std are asked.",
    "at_least_one": "{call} lifts every std to 1 at least; only the std of a constant column becomes 1.",
}
SCALE = {
    "own_statistics": "{call} measures mean and std on the given series again; it must use the given ones, "
    "which come from train.",
    "own_mean": "{call} subtracts the series' own mean; it must use the given one, which comes from train.",
    "multiplies": "{call} multiplies by std; it divides by it.",
    "backwards": "{call} computes series · std + mean, which is the way back from scaled values.",
    "precedence": "{call} divides the mean alone by std: brackets are missing.",
    "divides_first": "{call} divides first and then subtracts the mean: the mean has to be subtracted first.",
    "sign": "{call} computes mean - series: the sign is turned round.",
    "variance": "{call} divides by std squared, the variance.",
    "root": "{call} takes the square root of std, which is a root already.",
    "center_only": "{call} subtracts the mean and does not divide by std.",
    "std_only": "{call} divides by std and does not subtract the mean.",
    "exchanged": "{call} takes std for mean and mean for std.",
    "clipped": "{call} cuts values that lie far from the mean; the future may leave the range of train.",
    "along_time": "{call} takes the entries of mean and std for time steps; they belong to the columns.",
    "first_column_for_all": "{call} scales every column with the mean and std of the first.",
    "small_number": "{call} divides by more than std: something is added to it.",
    "integers": "{call} gives whole numbers: the result was written into an array of ints, or rounded.",
}
REPEAT = {
    "last_window": "{call} gives the last window; the last point of each window is asked.",
    "last_column": "{call} gives the last column of every point; time is the second axis.",
    "first": "{call} gives the first point of each window, its oldest; the last one is asked.",
    "before_last": "{call} gives the last point but one of each window.",
    "mean": "{call} gives the mean of each window; its last point is asked.",
    "keeps_time": "{call} keeps a time axis of 1; the axis of time goes.",
    "whole_window": "{call} repeats the last point over a whole window; one point per window is asked.",
    "straight_on": "{call} goes on in a straight line; this baseline stays where it is.",
    "flattened": "{call} gives one number per window; a point is everything that stands at one time step.",
    "late_window": "{call} gives each window the last point of the next one, which is not known yet.",
    "largest": "{call} gives the largest value of each window; its last point is asked.",
}
ROLLOUT = {
    "drops_single_axes": "{call} drops axes of length 1; its shape is (n, d), also for one column or step.",
    "window_stays": "{call} gives the same forecast again and again: the window never moves on.",
    "window_grows": "{call} never drops the oldest point: the window grows, and must keep its length.",
    "drops_the_newest": "{call} drops the newest point of the window; its oldest one has to go.",
    "puts_in_front": "{call} puts the forecast in front of the window; the newest point stands at its end.",
    "rolls_the_other_way": "{call} rolls the window the wrong way before the forecast comes in.",
    "oldest_overwritten": "{call} writes the forecast in the place of the oldest point, so the window is out "
    "of order: its points stand in the order of time.",
    "last_point_only": "{call} feeds the last forecast alone; the window keeps its length.",
    "window_of_copies": "{call} fills the window with copies of the last forecast; it takes in one point a "
    "step.",
    "jumps": "{call} drops two points of the window a step; one goes and one comes.",
    "adds_to_the_last": "{call} adds the model's answer to the last point; the answer is the next point "
    "itself.",
    "seed_included": "{call} gives the seed window too; the forecasts alone are asked.",
    "starts_with_the_seed": "{call} begins with the last known point, so everything is one step late: the "
    "first row is the first forecast.",
    "last_window": "{call} gives the window as it is at the end; all n forecasts are asked, and no more.",
    "last_forecast": "{call} gives the last forecast alone; all n are asked.",
    "one_too_many": "{call} gives n + 1 forecasts: the loop takes one step too many.",
    "one_too_few": "{call} gives n - 1 forecasts: the loop ends one step too early.",
    "length_for_n": "{call} gives as many forecasts as the window has points, whatever n is.",
    "keeps_batch": "{call} keeps the batch axis of each answer: (n, 1, d), where (n, d) is asked.",
    "flattened": "{call} joins all numbers into one row; its axes are (step, features).",
    "first_column_only": "{call} gives the first column only; a forecast is a whole point.",
    "newest_first": "{call} gives the last forecast first; the nearest one comes first.",
    "rounds": "{call} rounds the forecasts; a rounded point goes into the next window too.",
}


A_LIST = "An array is read well; what comes in here is a nested list"


def from_lists(function, *given, hint):
    """What the function returns for nested lists; one that reads arrays alone is told so."""
    plain = [np.asarray(value) if isinstance(value, list) else value for value in given]
    return special(function, given, plain=plain, seen=A_LIST, hint=hint)


def no_list(got, seen, hint):
    """Points in a list, where an array is asked."""
    points = isinstance(got, list) and all(isinstance(item, np.ndarray | np.generic) for item in got)
    expect.that(not points, f"{{call}} gives {seen}.", hint=hint)


def mistakes(function, sentences, *arguments):
    """Sentence -> what this known mistake returns; one that cannot be made on these arguments is left out."""
    found = {}
    for name, sentence in sentences.items():
        given = [np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments]
        try:
            found[sentence] = pair(getattr(reference, f"{function}__wrong_{name}")(*given))
        except (ValueError, IndexError):
            continue
    return found


def as_array(value):
    """Numbers, in lists or alone, as an array; anything else as it is."""
    if not isinstance(value, list | tuple | int | float | np.generic):
        return value
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return value
    return array if array.dtype.kind in "biuf" else value


def pair(value):
    """A list or tuple with its items as arrays; an array as it is."""
    return [as_array(item) for item in value] if isinstance(value, list | tuple) else value


def as_parts(wrong):
    """The same mistakes, each as the list of its arrays."""
    return {sentence: list(value) for sentence, value in wrong.items()}


# ------------------------------------------------------------------------------------ make_windows


def axes_of(ndim):
    """The names of the axes of x and y, for a series of ``ndim`` axes."""
    rest = {1: "", 2: " features", 3: " height width"}[ndim]
    return {"x": f"window time{rest}", "y": f"window{rest}"}


def in_order(got, want, hint):
    """Windows that are right, each for itself, but not in the order of time; the first values must grow."""
    if not isinstance(got, list) or len(got) != 2:
        return
    if any(not isinstance(g, np.ndarray) or g.shape != w.shape for g, w in zip(got, want, strict=True)):
        return
    if any(g.dtype.kind not in "iuf" for g in got):
        return
    order = np.argsort([row.reshape(-1)[0] for row in got[0]], kind="stable")
    if np.array_equal(got[0], want[0]) or not np.array_equal(got[0][order], want[0]):
        return
    together = np.array_equal(got[1][order], want[1])
    seen = "shuffles windows and targets separately: x[i] and y[i] no longer belong together."
    expect.that(not together, WINDOWS["shuffled"], hint=hint)
    expect.that(False, f"{{call}} {seen}", hint=hint)


def windows_of(submission, series, arguments, hint):
    """The windows of an array; a function that reads series of other axes alone is told so."""
    rows, columns = np.zeros(len(series)), np.zeros((len(series), 2))
    plain, seen = {
        1: (columns, "A series of points with two columns is read well; this one has plain numbers"),
        2: (rows, "A series of plain numbers is read well; the points of this one have two numbers or more"),
        3: (rows, "A series of plain numbers is read well; the points of this one have axes of their own"),
    }[np.ndim(series)]
    return special(submission.make_windows, arguments, plain=(plain, *arguments[1:]), seen=seen, hint=hint)


def check_windows(submission, series, length, horizon, *, hint, dtype=None):
    """Compare with the reference; ``horizon`` None leaves the argument out."""
    arguments = (series, length) if horizon is None else (series, length, horizon)
    if isinstance(series, list):
        got = pair(from_lists(submission.make_windows, *arguments, hint=hint))
    else:
        got = pair(windows_of(submission, series, arguments, hint))
    want = reference.make_windows(*arguments)
    in_order(got, want, hint)
    expect.arrays(
        got,
        dict(zip("xy", want, strict=True)),
        axes=axes_of(np.ndim(series)),
        hint=hint,
        dtype=dtype,
        atol=1e-6,
        rtol=1e-5,
        confusions=as_parts(mistakes("make_windows", WINDOWS, *arguments)),
    )


@exercise("make_windows", weight=2)
@pytest.mark.parametrize("length", [1, 3, 6])
def test_target_comes_right_after_its_window(submission, rng, length):
    """With a horizon of 1, `y[i]` is the point right after the last one of `x[i]`."""
    start = int(rng.integers(0, 40))
    hint = "On the series 0 1 2 3 ..., compare y with x[:, -1]. How far apart are they?"
    check_windows(submission, np.arange(start, start + 12), length, 1, hint=hint)


@exercise("make_windows")
@pytest.mark.parametrize("horizon", [2, 5])
def test_horizon_counts_from_the_last_point(submission, rng, horizon):
    """`y[i]` lies `horizon` steps after the last point of `x[i]`."""
    start = int(rng.integers(0, 40))
    hint = "On the series 0 1 2 3 ..., y - x[:, -1] must be the horizon everywhere."
    check_windows(submission, np.arange(start, start + 15), 4, horizon, hint=hint)


@exercise("make_windows")
def test_horizon_is_one_unless_told(submission, rng):
    """Without `horizon`, the target is the next point."""
    hint = "Which default value has the parameter horizon in the stub?"
    check_windows(submission, rng.normal(size=9), 3, None, hint=hint)


@exercise("make_windows")
@pytest.mark.parametrize(("n", "length", "horizon"), [(9, 4, 1), (10, 4, 3), (30, 7, 1)])
def test_no_window_is_lost(submission, rng, n, length, horizon):
    """There are n - length - horizon + 1 windows: the last target is the last point of the series."""
    hint = "Where does the last window begin, so that its target is still inside the series?"
    check_windows(submission, np.cumsum(1 + rng.random(n)), length, horizon, hint=hint)


@exercise("make_windows")
@pytest.mark.parametrize("shape", [(), (2,), (3, 2)], ids=["numbers", "points", "images"])
def test_axes_after_time_stay(submission, rng, shape):
    """A series of shape (n, ...) gives x of shape (m, length, ...) and y of shape (m, ...)."""
    hint = "Which axes has one slice of the series? np.stack adds one in front and touches no other."
    check_windows(submission, rng.normal(size=(11, *shape)), 4, 2, hint=hint)


@exercise("make_windows")
def test_windows_stay_in_the_order_of_time(submission, rng):
    """Windows come in the order of time, and each stands beside its own target."""
    series = np.stack([np.arange(40), rng.permutation(40)], axis=1)
    hint = "Look at x[:, 0] for the series 0 1 2 3 ...: does it grow by one each time?"
    check_windows(submission, series, 5, 1, hint=hint)


@exercise("make_windows")
@pytest.mark.parametrize("kind", ["int64", "float64"])
def test_windows_are_float32(submission, rng, kind):
    """x and y are float32, whatever the dtype of the series."""
    series = (10 * rng.normal(size=(9, 2))).astype(kind)
    hint = "Which dtype has np.asarray of the series, and what must be said to get another?"
    check_windows(submission, series, 3, 1, hint=hint, dtype="float32")


@exercise("make_windows")
@pytest.mark.parametrize(("n", "length", "horizon"), [(4, 4, 1), (3, 6, 1), (7, 4, 4)])
def test_too_short_a_series_raises(submission, rng, n, length, horizon):
    """A series that is too short for one window and its target raises ValueError."""
    expect.raises(
        ValueError,
        submission.make_windows,
        rng.normal(size=(n, 2)),
        length,
        horizon,
        hint="How many points do one window and its target need together?",
        otherwise="{call} accepted a series in which no window has its target; a ValueError is asked.",
    )


@exercise("make_windows")
@pytest.mark.parametrize(("length", "horizon"), [(4, 1), (3, 5)])
def test_one_window_is_enough(submission, rng, length, horizon):
    """A series in which exactly one window fits gives that one."""
    hint = "How many points do one window and its target need together? With just as many, m is 1."
    series = rng.normal(size=(length + horizon, 2))
    longer = np.concatenate([series, series[:1]])
    special(
        submission.make_windows,
        (series, length, horizon),
        plain=(longer, length, horizon),
        seen="A series with two windows is read well; exactly one fits into this one",
        hint=hint,
    )
    check_windows(submission, series, length, horizon, hint=hint)


@exercise("make_windows")
def test_windows_from_lists(submission, rng):
    """The series may be a nested list."""
    series = rng.normal(size=(8, 2)).round(3).tolist()
    check_windows(submission, series, 3, 1, hint="What does np.asarray give for a nested list?")


@exercise("make_windows", weight=2)
@pytest.mark.parametrize("case", range(3))
def test_windows_of_any_series(submission, rng, case):
    """`make_windows` is right on any series, length and horizon."""
    length, horizon = int(rng.integers(2, 7)), int(rng.integers(1, 5))
    n = length + horizon + int(rng.integers(8, 20))
    series = rng.normal(size=(n, *((), (3,), (2, 2))[case]))
    hint = "Take the first and the last window, and write the indices of their points by hand."
    check_windows(submission, series, length, horizon, hint=hint)


# -------------------------------------------------------------------------------------- time_split


def numbered(rng, n, shape=()):
    """A series whose points can be told apart: the first value of point i is i."""
    series = rng.normal(size=(n, *shape))
    series.reshape(n, -1)[:, 0] = np.arange(n)
    return series


def follows_time(got, want, hint):
    """A sentence for parts that hold the right points, but not as time has them."""
    if not isinstance(got, list) or len(got) != 2:
        return
    n = len(want[0]) + len(want[1])
    if any(not isinstance(g, np.ndarray) or g.shape[1:] != want[0].shape[1:] for g in got):
        return
    if any(g.ndim == 0 or g.dtype.kind not in "iuf" for g in got):
        return
    train, test = ([float(row.reshape(-1)[0]) for row in part] for part in got)
    if sorted(train + test) != list(range(n)):
        return
    early = set(train) == set(range(len(want[0])))
    mixed = train != sorted(train) or test != sorted(test)
    seen = "has the right points on each side, but not in their order: without it there are no windows."
    expect.that(not (early and mixed), f"{{call}} {seen}", hint=hint)
    seen = "shuffles before the cut: test points lie between train points, which is a leak."
    expect.that(not mixed, f"{{call}} {seen}", hint=hint)
    leak = bool(train and test) and min(test) < max(train) and max(test) > min(train)
    expect.that(not leak, SPLIT["every_nth"], hint=hint)


def check_split(submission, series, fraction, *, hint):
    got = pair(from_lists(submission.time_split, series, fraction, hint=hint))
    want = reference.time_split(series, fraction)
    follows_time(got, want, hint)
    names = {1: "time", 2: "time features", 3: "time height width"}[np.ndim(series)]
    expect.arrays(
        got,
        {"train": want[0], "test": want[1]},
        axes={"train": names, "test": names},
        hint=hint,
        atol=1e-5,
        confusions=as_parts(mistakes("time_split", SPLIT, series, fraction)),
    )


@exercise("time_split", weight=2)
def test_nothing_is_shuffled_across_the_cut(submission, rng):
    """Train is the beginning of the series and test is the rest, both in the order of time."""
    hint = "Print both parts for the series 0 1 2 3 .... Is every point of test later than all of train?"
    check_split(submission, numbered(rng, 40), 0.75, hint=hint)


@exercise("time_split")
@pytest.mark.parametrize(("n", "fraction"), [(23, 0.8), (11, 0.7), (9, 0.5)])
def test_train_has_the_floor(submission, rng, n, fraction):
    """Train has floor(n · train_fraction) points, and no point is lost or doubled."""
    hint = "What is 0.7 · 11, and which whole number is the cut?"
    check_split(submission, numbered(rng, n), fraction, hint=hint)


@exercise("time_split")
@pytest.mark.parametrize("shape", [(4,), (2, 3)], ids=["points", "images"])
def test_time_is_the_first_axis(submission, rng, shape):
    """Only the first axis is cut; points of several numbers stay whole."""
    hint = "Which axis does series[:k] cut, and which one series[..., :k]?"
    check_split(submission, numbered(rng, 12, shape), 0.25, hint=hint)


@exercise("time_split")
def test_splits_lists(submission, rng):
    """The series may be a nested list."""
    series = numbered(rng, 9, (2,)).round(3).tolist()
    check_split(submission, series, 0.6, hint="What does np.asarray give for a nested list?")


@exercise("time_split")
def test_splits_any_series(submission, rng):
    """`time_split` is right on any series and fraction."""
    for fraction in (0.13, 0.62, 0.91):
        n = int(rng.integers(20, 40))
        # away from whole numbers, where floats may fall on either side
        cut = min(max(int(n * fraction), 1), n - 2)
        series = numbered(rng, n, (2,))
        hint = "Take the worked example apart: the product, the whole number, the two slices."
        check_split(submission, series, round((cut + 0.6) / n, 3), hint=hint)


# -------------------------------------------------------------------------------------- fit_scaler

SPREADS = np.array([8.0, 0.05, 2.0])


def some_train(rng, n=17):
    """Three columns of different means and spreads, one of them small."""
    return rng.normal(size=(n, 3)) ** 3 * SPREADS + np.array([20.0, -1.0, 5.0])


def check_scaler(got, train, hint):
    mean, std = reference.fit_scaler(train)
    expect.arrays(
        pair(got),
        {"mean": mean, "std": std},
        axes={"mean": "features", "std": "features"},
        hint=hint,
        rtol=1e-3,
        atol=1e-5,
        confusions=as_parts(mistakes("fit_scaler", SCALER, train)),
    )


@exercise("fit_scaler", weight=2)
@pytest.mark.parametrize("n", [7, 30])
def test_measures_each_column(submission, rng, n):
    """`fit_scaler` gives the mean and the std of each column, two arrays of shape (d,)."""
    train = some_train(rng, n)
    hint = "Compare with a column of three numbers that you work out by hand. Which axis disappears?"
    check_scaler(submission.fit_scaler(train), train, hint)


@exercise("fit_scaler")
@pytest.mark.parametrize("constant", [0.0, 3.0])
def test_constant_column_has_std_one(submission, rng, constant):
    """A constant column has std 1, so that scaling does not divide by zero; the others keep theirs."""
    train = np.insert(some_train(rng), 1, constant, axis=1)
    got = submission.fit_scaler(train)
    hint = "What is the std of a column in which nothing changes, and what happens when you divide by it?"
    parts = pair(got)
    fit = isinstance(parts, list) and len(parts) == 2 and getattr(parts[1], "shape", None) == (4,)
    if fit and parts[1].dtype.kind in "iuf":
        std = float(parts[1][1])
        seen = "0: scaling would divide by zero" if std == 0 else f"{std:.3g}"
        seen = "almost 0: scaled values would be huge" if 0 < abs(std) < 1e-3 else seen
        expect.that(
            abs(std - 1) < 1e-3, f"The std that {{call}} gives a constant column is {seen}.", hint=hint
        )
    check_scaler(got, train, hint)


@exercise("fit_scaler")
@pytest.mark.parametrize("kind", ["float64", "float32"])
def test_measuring_changes_nothing(submission, rng, kind):
    """`fit_scaler` does not change the training series."""
    expect.unchanged(
        submission.fit_scaler.report(some_train(rng).astype(kind)),
        hint="`a -= b` changes the array a itself; a - b makes a new one.",
    )


@exercise("fit_scaler")
def test_measures_lists(submission, rng):
    """The training series may be a nested list."""
    train = some_train(rng).tolist()
    hint = "What does np.asarray give for a nested list?"
    check_scaler(from_lists(submission.fit_scaler, train, hint=hint), train, hint)


# ------------------------------------------------------------------------------------------- scale

MEAN, STD = np.array([20.0, -1.5, 5.0]), np.array([8.0, 0.4, 2.5])


def some_series(rng, n=14):
    """A series of other means and spreads than MEAN and STD, as a test set may be."""
    return rng.normal(size=(n, 3)) * np.array([5.0, 1.0, 3.0]) + np.array([24.0, -1.0, 9.0])


def check_scale(submission, series, mean, std, *, hint):
    expect.array(
        from_lists(submission.scale, series, mean, std, hint=hint),
        reference.scale(series, mean, std),
        axes="time features",
        hint=hint,
        rtol=1e-4,
        atol=1e-4,
        confusions=mistakes("scale", SCALE, np.asarray(series), np.asarray(mean), np.asarray(std)),
    )


@exercise("scale", weight=2)
def test_uses_the_numbers_of_train(submission, rng):
    """`scale` subtracts the given mean and divides by the given std; it measures nothing itself."""
    hint = "Scale a series of one row by hand, with the mean and std that were given."
    check_scale(submission, some_series(rng), MEAN, STD, hint=hint)


@exercise("scale")
def test_each_column_has_its_own_scale(submission, rng):
    """Each column has its own mean and std, also when there are as many rows as columns."""
    hint = "Which axis of the series do the entries of mean belong to?"
    check_scale(submission, some_series(rng, 3), MEAN, STD, hint=hint)


@exercise("scale")
def test_far_values_stay_far(submission, rng):
    """A value far outside of train stays as far outside: nothing is cut off."""
    series = MEAN + STD * rng.choice([-1, 1], size=(6, 3)) * rng.uniform(5, 20, size=(6, 3))
    hint = "Try a value ten stds above the mean."
    check_scale(submission, series, MEAN, STD, hint=hint)


@exercise("scale")
def test_whole_numbers_become_fractions(submission, rng):
    """A series of whole numbers is scaled to fractions."""
    series = rng.integers(-30, 60, size=(8, 3))
    hint = "Which dtype has the array that your result is written into?"
    check_scale(submission, series, MEAN, STD, hint=hint)


@exercise("scale")
@pytest.mark.parametrize("kind", ["float64", "float32"])
def test_scaling_changes_nothing(submission, rng, kind):
    """`scale` does not change the series that comes in."""
    expect.unchanged(
        submission.scale.report(some_series(rng).astype(kind), MEAN, STD),
        hint="`a -= b` changes the array a itself; a - b makes a new one. Run the cell twice and look.",
    )


@exercise("scale")
def test_scales_lists(submission, rng):
    """Series, mean and std may be lists."""
    series = some_series(rng).round(3).tolist()
    hint = "What does np.asarray give for a nested list?"
    check_scale(submission, series, MEAN.tolist(), STD.tolist(), hint=hint)


# ------------------------------------------------------------------------------------- repeat_last


def check_repeat(submission, x, *, hint):
    names = {2: "window", 3: "window features", 4: "window height width"}[np.ndim(x)]
    wrong = {s: v for s, v in mistakes("repeat_last", REPEAT, x).items() if isinstance(v, np.ndarray)}
    got, want = from_lists(submission.repeat_last, x, hint=hint), reference.repeat_last(x)
    no_list(got, "a list with a point for each window; one array of them is asked", hint)
    expect.array(got, want, axes=names, hint=hint, atol=1e-5, confusions=wrong)


@exercise("repeat_last")
@pytest.mark.parametrize("shape", [(5, 4), (6, 3)], ids=["few", "many"])
def test_stays_where_it_is(submission, rng, shape):
    """For windows of numbers, `repeat_last` gives the last number of each."""
    hint = "Which axis is time in x, and which index is its last?"
    check_repeat(submission, rng.normal(size=shape), hint=hint)


@exercise("repeat_last")
@pytest.mark.parametrize("shape", [(5, 4, 3), (4, 3, 2, 5)], ids=["points", "images"])
def test_keeps_whole_points(submission, rng, shape):
    """Windows of shape (m, length, ...) give shape (m, ...): a point keeps all its numbers."""
    hint = "Compare the shape of your result with that of the targets y."
    check_repeat(submission, rng.normal(size=shape), hint=hint)


@exercise("repeat_last")
def test_repeats_from_lists(submission, rng):
    """The windows may be nested lists."""
    hint = "A list takes one index at a time. What does np.asarray give?"
    check_repeat(submission, rng.normal(size=(4, 3, 2)).round(3).tolist(), hint=hint)


# ----------------------------------------------------------------------------------------- rollout


class RecurrentModel:
    """A Keras SimpleRNN in NumPy: (batch, any length, d) -> (batch, d), with weights at random."""

    def __init__(self, rng, d):
        turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
        weights = 0.8 * rng.normal(size=(d, d)), 0.9 * turn, rng.normal(0, 0.4, size=d)
        self.weights = [weight.astype("float32") for weight in weights]

    def __call__(self, x):
        Wx, Wh, b = (weight.astype("float64") for weight in self.weights)
        h = np.zeros((len(x), len(b)))
        for t in range(x.shape[1]):
            h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        return h

    def predict(self, x, verbose=0):
        return self(x)

    def given_to(self, function):
        """The same model in the worker of a student's function."""
        d = len(self.weights[2])
        layer = LayerSpec("SimpleRNN", {"units": d}, (None, None, d), tuple(self.weights))
        return given_model(function, (None, d), [layer])


class DenseModel:
    """All points of a window through one linear layer: (batch, length, d) -> (batch, d)."""

    def __init__(self, rng, length, d):
        self.shape = length, d
        kernel = rng.normal(size=(length * d, d)) / np.sqrt(length * d)
        self.weights = kernel.astype("float32"), rng.normal(0, 0.4, size=d).astype("float32")

    def __call__(self, x):
        if x.shape[1:] != self.shape:
            raise ValueError("the window has another length")
        return x.reshape(len(x), -1) @ self.weights[0].astype("float64") + self.weights[1]

    def predict(self, x, verbose=0):
        return self(x)

    def given_to(self, function):
        length, d = self.shape
        dense = LayerSpec("Dense", {"units": d}, (None, length * d), self.weights)
        return given_model(function, self.shape, [LayerSpec("Flatten"), dense])


def check_rollout(submission, model, window, n, *, hint):
    given = model.given_to(submission.rollout), window, n
    same_rollout(from_lists(submission.rollout, *given, hint=hint), model, window, n, hint=hint)


def same_rollout(got, model, window, n, *, hint):
    no_list(got, "a list with a point for each step; one array of them is asked", hint)
    seed = np.asarray(window, dtype="float32")
    wrong = mistakes("rollout", ROLLOUT, model, seed, n)
    want = reference.rollout(model, seed, n)
    expect.array(
        got,
        want,
        axes="step features",
        hint=hint,
        rtol=1e-3,
        atol=1e-3,
        confusions={s: v for s, v in wrong.items() if isinstance(v, np.ndarray)},
    )


def one_window_as_a_batch(submission, model, window, hint):
    """One forecast; a function that gives the model its window without a batch axis is told so.

    It raises with a model of windows, and not with one that takes each point of a window for an input.
    """
    d = window.shape[1]
    rows = given_model(submission.rollout, (d,), [LayerSpec("Dense", {"units": d}, (None, d))])
    return special(
        submission.rollout,
        (model.given_to(submission.rollout), window, 1),
        plain=(rows, window, 1),
        seen="The model reads a batch of windows, be it of one: the window has no batch axis",
        hint=hint,
    )


def some_window(rng, length, d):
    return rng.uniform(-1, 1, size=(length, d)).astype("float32")


@exercise("rollout")
def test_first_point_is_the_model_s_answer(submission, rng):
    """With n = 1, the result is the model's answer to the seed window, shape (1, d)."""
    hint = "Which shape has model.predict of one window, and which part of it is the point?"
    model, window = RecurrentModel(rng, 3), some_window(rng, 4, 3)
    same_rollout(one_window_as_a_batch(submission, model, window, hint), model, window, 1, hint=hint)


@exercise("rollout", weight=2)
def test_lives_on_its_own_forecasts(submission, rng):
    """Each forecast enters the window at its end, and the oldest point leaves it."""
    hint = "Print the window after each of three steps, with the model that goes straight on."
    check_rollout(submission, RecurrentModel(rng, 2), some_window(rng, 4, 2), 6, hint=hint)


@exercise("rollout")
@pytest.mark.parametrize(("length", "n"), [(5, 3), (2, 7)], ids=["fewer", "more"])
def test_gives_n_points(submission, rng, length, n):
    """There are n forecasts, fewer or more than the window has points, and nothing else."""
    hint = "How many rows has the result, and which point is the first one?"
    check_rollout(submission, DenseModel(rng, length, 2), some_window(rng, length, 2), n, hint=hint)


@exercise("rollout")
def test_one_column_is_a_series_too(submission, rng):
    """A series of one column, windows of shape (length, 1), gives shape (n, 1)."""
    hint = "Does something of yours drop an axis of length 1?"
    check_rollout(submission, DenseModel(rng, 3, 1), some_window(rng, 3, 1), 4, hint=hint)


@exercise("rollout")
def test_seed_window_stays_as_it_is(submission, rng):
    """`rollout` does not change the seed window."""
    model = DenseModel(rng, 4, 2).given_to(submission.rollout)
    expect.unchanged(
        submission.rollout.report(model, some_window(rng, 4, 2), 3),
        hint="Is the window that you move your own, or the caller's? np.array makes a copy.",
    )


@exercise("rollout")
def test_rolls_out_from_lists(submission, rng):
    """The seed window may be a nested list."""
    window = some_window(rng, 3, 2).round(3).tolist()
    hint = "What does np.asarray give for a nested list?"
    check_rollout(submission, DenseModel(rng, 3, 2), window, 4, hint=hint)
