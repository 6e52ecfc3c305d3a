"""Hidden checks of `ex1_dev_split`: every claim is tried on fresh inputs, and the sentence names the mistake.

A split has many right answers, so its checks ask for the properties of the contract and not for rows.
"""

import contextlib
from collections import Counter

import numpy as np
import pytest

from autograder.checking import comparing, expect
from autograder.checking.exercise import exercise
from autograder.checking.stops import Stopped, failed
from autograder.checking.verdicts import Outcome
from solutions import ex1_dev_split as reference

KEYS = ("accuracy", "precision", "recall", "f1", "balanced_accuracy")

# ---------------------------------------------------------------------- reading what a split returned


def rows_of(value, side, n, hint):
    """One side of a split as an int64 array of row numbers, or the sentence that says why it is none."""
    name = f"{side}_idx"
    if isinstance(value, np.ndarray) and value.dtype.kind == "b":
        raise failure(f"{name} holds True and False, where row numbers are asked.", hint=hint)
    if isinstance(value, np.ndarray) and value.ndim != 1:
        raise failure(f"{name} has {value.ndim} axes, where one axis of row numbers is asked.", hint=hint)
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind not in "iu":
        raise failure(f"{name} has dtype {value.dtype.name}, and a row number is an integer.", hint=hint)
    if not isinstance(value, np.ndarray | list | tuple):
        expect.sequence(value, hint=hint)
    items = value.tolist() if isinstance(value, np.ndarray) else list(value)
    for item in items:
        if isinstance(item, bool) or not isinstance(item, int | np.integer):
            raise failure(
                f"{name} holds something else than integers, where row numbers are asked.", hint=hint
            )
        if not 0 <= item < n:
            raise failure(f"{name} holds {int(item)}, and y has the rows 0 to {n - 1}.", hint=hint)
    return np.array(items, dtype=np.int64)


def two_sides(value, y, groups=(), hint="Look at the example of the docstring: what does it return?"):
    """(train, dev) as arrays of row numbers; stops the check when they are something else."""
    names = set(np.asarray(groups).tolist())
    sides = value if isinstance(value, list | tuple) and len(value) == 2 else ()
    held = [set(side.tolist()) for side in sides if isinstance(side, np.ndarray)]
    if len(held) == 2 and names and held[0] | held[1] == names:
        raise failure("these are the groups of the two sides, where row numbers are asked.", hint=hint)
    if isinstance(value, np.ndarray) and value.ndim == 1:
        raise failure("{call} returned one array, where the pair (train_idx, dev_idx) is asked.", hint=hint)
    pair = expect.sequence(value, hint=hint)
    if len(pair) != 2:
        raise failure(
            f"{{call}} returned {len(pair)} things, where the pair (train_idx, dev_idx) is asked.", hint=hint
        )
    train, dev = (
        rows_of(side, name, len(y), hint) for side, name in zip(pair, ("train", "dev"), strict=True)
    )
    if len(train) + len(dev) == len(y) > len(set(np.asarray(y).tolist())) and set(
        train.tolist() + dev.tolist()
    ) <= set(np.asarray(y).tolist()):
        raise failure("the two arrays hold the labels of the rows, where row numbers are asked.", hint=hint)
    return train, dev


def failure(seen, *, hint):
    """The exception that fails a check with this sentence."""
    return failed(sentence(seen), hint=hint)


@contextlib.contextmanager
def told(what, hint):
    """Where their function raises, say what was special about the input."""
    try:
        yield
    except Stopped as stopped:
        if stopped.outcome is not Outcome.RAISED or stopped.error is None:
            raise
        raise failure(f"{what}, and yours {stopped.error.sentence()}.", hint=hint) from None


def sentence(text):
    """With a capital letter, unless it begins with a name of the course's code."""
    first = text.split(" ")[0]
    return text if "_" in first or first in ("y", *KEYS) else text[:1].upper() + text[1:]


def times(count):
    return {2: "twice", 3: "three times"}.get(count, f"{count} times")


def percent(share):
    """A share as students write it: 20 %, 12.5 %."""
    return f"{round(100 * share, 1):g} %"


def partition_problem(train, dev, y):
    """Why these are not all rows of y, each once; "" when they are."""
    for name, side in (("dev", dev), ("train", train)):
        index, count = max(Counter(side.tolist()).items(), key=lambda item: item[1], default=(0, 0))
        if count > 1:
            return f"{name} contains index {index} {times(count)}: a row was drawn and put back"
    both = len(set(train.tolist()) & set(dev.tolist()))
    if both:
        return f"{both} indices are in train and in dev: both sides must come from one and the same draw"
    lost = np.setdiff1d(np.arange(len(y)), np.concatenate([train, dev]))
    for label in np.unique(np.asarray(y)[lost]):
        if (np.asarray(y)[lost] == label).sum() == (np.asarray(y) == label).sum() > 1:
            return f"all rows of class {label} are lost: labels may be any integers, not only 0 and 1"
    return f"{len(lost)} of {len(y)} rows are neither in train nor in dev" if len(lost) else ""


def size_problem(train, dev, n, share, slack):
    """Why dev does not hold `share` of n rows, within `slack` rows; "" when it does."""
    if abs(len(dev) - share * n) <= slack + 1e-9:
        return ""
    if abs(len(train) - share * n) <= slack + 1e-9:
        return f"train has {percent(share)} of the rows: the order is (train, dev)"
    if abs(len(dev) - share * (1 - share) * n) <= min(slack, 4) + 1e-9:
        rest = f"{percent(share * (1 - share))} = {share:g} × {1 - share:g}"
        return f"you were asked for {percent(share)} and gave {rest}: fractions are of the whole"
    return f"dev has {percent(len(dev) / n)} of the rows, and {percent(share)} is asked"


def told_nothing(problem):
    """The same of a call that left dev_fraction out."""
    return f"dev_fraction was left out here, and {problem}" if problem else ""


def share_problem(y, dev, share, seed):
    """Which class has too many or too few rows in dev, and by which mistake; "" when none has."""
    y = np.asarray(y)
    wrong = [c for c in np.unique(y) if abs((y[dev] == c).sum() - share * (y == c).sum()) > 1 + 1e-9]
    if not wrong:
        return ""
    label = max(wrong, key=lambda c: abs((y[dev] == c).sum() / (y == c).sum() - share))
    inside, whole = np.mean(y[dev] == label) if len(dev) else 0.0, np.mean(y == label)
    holds = f"dev holds {percent(inside)} of class {label} while the data hold {percent(whole)}"
    if set(dev.tolist()) == set(range(len(y) - len(dev), len(y))):
        return f"{holds}: you took the last rows"
    if set(dev.tolist()) == set(range(len(dev))):
        return f"{holds}: you took the first rows"
    counts = [int((y[dev] == c).sum()) for c in np.unique(y)]
    if max(counts) - min(counts) <= 1:
        return f"{holds}: dev must keep the class shares of the data, so do not balance it"
    moved = np.random.default_rng(seed).permutation(y)
    if all(abs((moved[dev] == c).sum() - share * (y == c).sum()) <= 1 + 1e-9 for c in np.unique(y)):
        return "the indices fit a shuffled copy of y and not y itself: x and y were permuted differently"
    expected, got = share * (y == label).sum(), int((y[dev] == label).sum())
    seen = f"class {label}: expected {round(expected, 1):g}±1 in dev, got {got}"
    return f"{seen}: the draw does not look at the classes"


def labels(rng, kind):
    """997 labels: 13 % of class 1, in random order or sorted; or three classes."""
    classes, sizes = ([1, 4, 7], [560, 300, 137]) if kind == "three classes" else ([0, 1], [867, 130])
    y = np.repeat(classes, sizes)
    return y if kind == "sorted" else rng.permutation(y)


KINDS = ["sorted", "13 %", "three classes"]

# -------------------------------------------------------------------------------- stratified_split


@exercise("stratified_split", weight=3)
@pytest.mark.parametrize("kind", KINDS)
def test_each_row_is_on_one_side(submission, rng, kind):
    """`stratified_split` puts every row into train or into dev, never into both, never twice."""
    y = labels(rng, kind)
    train, dev = two_sides(submission.stratified_split(y, 0.2, 7), y)
    problem = partition_problem(train, dev, y)
    expect.that(
        not problem, sentence(problem), hint="Put both arrays together and sort them: what should come out?"
    )


@exercise("stratified_split", weight=2)
@pytest.mark.parametrize("share", [0.2, 0.1, 0.5])
def test_dev_has_its_share_of_the_whole(submission, rng, share):
    """With `dev_fraction=0.2`, dev holds 20 % of all rows, and it is the second thing returned."""
    y = labels(rng, "three classes")
    train, dev = two_sides(submission.stratified_split(y, share, 3), y)
    problem = size_problem(train, dev, len(y), share, slack=3)
    expect.that(not problem, sentence(problem), hint="Compare len(dev_idx) with dev_fraction * len(y).")


@exercise("stratified_split")
def test_dev_is_a_fifth_unless_told(submission, rng):
    """Without `dev_fraction`, dev holds 20 % of the rows."""
    y = labels(rng, "three classes")
    train, dev = two_sides(submission.stratified_split(y), y)
    problem = size_problem(train, dev, len(y), 0.2, slack=3)
    expect.that(not problem, sentence(told_nothing(problem)), hint="Which defaults has the stub?")


@exercise("stratified_split", weight=5)
@pytest.mark.parametrize("kind", KINDS)
def test_dev_keeps_the_class_shares(submission, rng, kind):
    """Dev holds its share of **each** class, whatever the order of the labels, one row more or less."""
    y = labels(rng, kind)
    for seed in (7, 8, 9):
        train, dev = two_sides(submission.stratified_split(y, 0.2, seed), y)
        problem = partition_problem(train, dev, y) or size_problem(train, dev, len(y), 0.2, slack=3)
        problem = problem or share_problem(y, dev, 0.2, seed)
        expect.that(
            not problem, sentence(problem), hint="Cut each class by itself, then put the pieces together."
        )


@exercise("stratified_split", weight=2)
def test_both_sides_are_mixed(submission, rng):
    """The rows of train and of dev come in random order, not class after class nor in rising order."""
    hint = "The pieces of the classes stand one after the other until you shuffle each side."
    for y in (np.repeat([0, 1], [400, 600]), rng.permutation(np.repeat([0, 1], [400, 600]))):
        sides = two_sides(submission.stratified_split(y, 0.5, 5), y)
        for name, side in zip(("train", "dev"), sides, strict=True):
            expect.that(
                len(side) >= 100, f"{name} has {len(side)} of 1000 rows, and half are asked.", hint=hint
            )
            expect.that((np.diff(side) < 0).any(), f"The indices of {name} come in rising order.", hint=hint)
            changes = int((np.diff(y[side]) != 0).sum())
            seen = "".join(str(label) for label in y[side][[0, 1, 2, -3, -2, -1]])
            seen = (
                f"the labels of {name} come as {seen[:3]}…{seen[3:]}: the classes stand one after the other."
            )
            # of 500 mixed labels about 240 differ from the one before, give or take 11
            expect.that(changes > 0.28 * len(side), seen, hint=hint)


@exercise("stratified_split")
def test_same_seed_same_split(submission, rng):
    """Called twice with the same seed, the function gives the same split."""
    y = labels(rng, "13 %")
    first, second = (two_sides(submission.stratified_split(y, 0.2, 7), y) for _ in range(2))
    expect.that(
        all(np.array_equal(a, b) for a, b in zip(first, second, strict=True)),
        "Two calls with seed 7 give different splits: the seed is not used.",
        hint="Every random number must come from a generator that was made with `seed`.",
    )


@exercise("stratified_split")
def test_other_seed_other_split(submission, rng):
    """Another seed gives another split."""
    y = labels(rng, "13 %")
    first, second = (
        set(two_sides(submission.stratified_split(y, 0.2, seed), y)[1].tolist()) for seed in (7, 8)
    )
    expect.that(
        first != second,
        "Seeds 7 and 8 give the same dev set: the seed does not decide which rows are drawn.",
        hint="Is a number written where `seed` belongs, or are rows taken without any draw?",
    )


@exercise("stratified_split")
def test_draws_from_its_own_generator(submission, rng):
    """The global random generator is left alone: whoever draws next gets the same numbers as without you."""
    report = submission.stratified_split.report(labels(rng, "13 %"), 0.2, 7)
    expect.own_generator(report, hint="Make a generator of your own: `rng = np.random.default_rng(seed)`.")


@exercise("stratified_split")
def test_leaves_y_as_it_was(submission, rng):
    """The labels that were handed over are not changed: row i of y still belongs to text i."""
    report = submission.stratified_split.report(labels(rng, "13 %"), 0.2, 7)
    expect.that(
        not report.changed,
        "Your function shuffled the caller's y and not x: x and y were permuted differently.",
        hint="`rng.shuffle(a)` changes `a` itself, `rng.permutation(a)` makes a new array.",
    )


@exercise("stratified_split")
@pytest.mark.parametrize("share", [0, 1, -0.2, 1.5, 0.0, 1.0])
def test_refuses_a_fraction_out_of_range(submission, share):
    """`dev_fraction` must be between 0 and 1, both excluded; anything else raises ValueError."""
    y = np.repeat([0, 1], 20)
    expect.raises(
        ValueError,
        submission.stratified_split,
        y,
        share,
        1,
        hint="Test `dev_fraction` first of all.",
        otherwise=f"dev_fraction = {share} was accepted, where ValueError is asked.",
    )


@exercise("stratified_split")
def test_gives_row_numbers_for_a_plain_list(submission, rng):
    """A plain list of labels is accepted, and what comes back are row numbers (integers)."""
    y = rng.permutation(np.repeat([2, 3, 5], [40, 30, 31])).tolist()
    hint = "What does `y == 2` give for a list, and for np.asarray(y)?"
    with told("y is a plain list here", hint):
        train, dev = two_sides(submission.stratified_split(y, dev_fraction=0.3, seed=2), y)
    problem = (
        "" if len(dev) else "y is a plain list here, and dev is empty: a list is not compared row by row"
    )
    problem = problem or partition_problem(train, dev, y) or size_problem(train, dev, len(y), 0.3, slack=3)
    problem = problem or share_problem(y, dev, 0.3, 2)
    expect.that(not problem, sentence(problem), hint=hint)


@exercise("stratified_split", weight=2)
def test_holds_on_random_cases(submission, rng):
    """On 25 random sets of labels, everything above holds at once."""
    for _ in range(25):
        sizes = rng.integers(1, 90, size=rng.integers(1, 5))
        y = rng.permutation(np.repeat(rng.choice(20, size=len(sizes), replace=False) - 5, sizes))
        share, seed = float(rng.uniform(0.15, 0.6)), int(rng.integers(10**6))
        train, dev = two_sides(submission.stratified_split(y, share, seed), y)
        problem = partition_problem(train, dev, y)
        problem = problem or size_problem(train, dev, len(y), share, slack=len(sizes))
        problem = problem or share_problem(y, dev, share, seed)
        expect.that(
            not problem, sentence(problem), hint="Try y = [3, 3, 8] with 0.5: a class may have one row only."
        )


# ------------------------------------------------------------------------------------- group_split


def films(rng, kind):
    """(y, groups) of about 600 rows: equal films, unequal ones, or strings; no film's rows stand together."""
    equal = rng.integers(5, 21, size=48).tolist()
    sizes = [40] * 8 + [2] * 140 if kind == "unequal" else equal
    groups = rng.permutation(np.repeat(np.arange(len(sizes)) * 3 + 11, sizes))
    if kind == "strings":
        groups = np.array([f"film {number}" for number in groups])
    return rng.integers(0, 2, size=len(groups)), groups


def group_problem(groups, train, dev):
    groups = np.asarray(groups)
    both = sorted(set(groups[train].tolist()) & set(groups[dev].tolist()))
    if not both:
        return ""
    more = f", and so are {len(both) - 1} others" if len(both) > 1 else ""
    return f"group {both[0]} is on both sides{more}"


def group_size_problem(groups, train, dev, share):
    sizes = Counter(np.asarray(groups).tolist())
    problem = size_problem(train, dev, len(groups), share, slack=max(sizes.values()))
    if not problem or "order is" in problem or "whole" in problem:
        return problem
    taken = len(set(np.asarray(groups)[dev].tolist()))
    if abs(taken - share * len(sizes)) <= 1:
        return (
            f"{problem}: {percent(taken / len(sizes))} of the groups are there, but the share is of the rows"
        )
    return problem


@exercise("group_split", weight=5)
@pytest.mark.parametrize("kind", ["equal", "unequal", "strings"])
def test_no_group_is_on_both_sides(submission, rng, kind):
    """No group (film) has rows in train and in dev, also when its rows do not stand together."""
    y, groups = films(rng, kind)
    hint = "Draw groups, not rows; then look which rows belong to them."
    for seed in (1, 2):
        with told("the groups are names here" if kind == "strings" else "the groups are numbers here", hint):
            train, dev = two_sides(submission.group_split(y, groups, 0.2, seed), y, groups)
        problem = group_problem(groups, train, dev)
        expect.that(not problem, sentence(problem), hint=hint)


@exercise("group_split", weight=2)
@pytest.mark.parametrize("kind", ["equal", "strings"])
def test_each_row_of_a_group_is_kept(submission, rng, kind):
    """Every row is in train or in dev, once."""
    y, groups = films(rng, kind)
    train, dev = two_sides(submission.group_split(y, groups, 0.3, 5), y, groups)
    problem = partition_problem(train, dev, y)
    expect.that(not problem, sentence(problem), hint="Return the row numbers of each group, not the groups.")


@exercise("group_split", weight=2)
@pytest.mark.parametrize("share", [0.2, 0.1, 0.5])
def test_dev_has_its_share_of_rows(submission, rng, share):
    """Dev holds `dev_fraction` of the **rows**; it may differ by the size of the largest group at most."""
    for kind, seed in [("equal", 1), *(("unequal", seed) for seed in range(2, 8))]:
        y, groups = films(rng, kind)
        train, dev = two_sides(submission.group_split(y, groups, share, seed), y, groups)
        problem = group_size_problem(groups, train, dev, share)
        expect.that(
            not problem, sentence(problem), hint="Count rows while you add one group after the other."
        )


@exercise("group_split")
def test_groups_in_dev_are_a_fifth_unless_told(submission, rng):
    """Without `dev_fraction`, dev holds 20 % of the rows, give or take the largest group."""
    y, groups = films(rng, "equal")
    train, dev = two_sides(submission.group_split(y, groups), y, groups)
    problem = group_size_problem(groups, train, dev, 0.2)
    expect.that(not problem, sentence(told_nothing(problem)), hint="Which defaults has the stub?")


@exercise("group_split")
@pytest.mark.parametrize("sizes", [(95, 5), (5, 95), (3, 50, 47), (2, 2)])
def test_neither_side_is_empty(submission, rng, sizes):
    """With two groups or more, train and dev both hold rows, however large a group is."""
    groups = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    for share in (0.1, 0.9):
        for seed in range(4):
            train, dev = two_sides(
                submission.group_split(np.zeros(len(groups), int), groups, share, seed), groups
            )
            for name, side in (("train", train), ("dev", dev)):
                seen = f"{name} is empty for {len(sizes)} groups of {', '.join(map(str, sizes))} rows."
                expect.that(
                    len(side) > 0, seen, hint="At least one group for each side, before you count rows."
                )


@exercise("group_split")
def test_refuses_a_single_group(submission, rng):
    """One group alone cannot be cut: ValueError."""
    y = rng.integers(0, 2, size=30)
    hint = "How many different groups are there? Look before you draw."
    for groups in (np.full(30, 4), np.array(["film 4"] * 30)):
        seen = "A single group was cut into two sides, where ValueError is asked."
        expect.raises(ValueError, submission.group_split, y, groups, 0.2, 1, hint=hint, otherwise=seen)


@exercise("group_split")
@pytest.mark.parametrize("share", [0, 1, -0.2, 1.5])
def test_refuses_a_fraction_as_before(submission, rng, share):
    """`dev_fraction` must be between 0 and 1, both excluded; anything else raises ValueError."""
    y, groups = films(rng, "equal")
    seen = f"dev_fraction = {share} was accepted, where ValueError is asked."
    hint = "The first lines of `stratified_split` do it already."
    expect.raises(ValueError, submission.group_split, y, groups, share, 1, hint=hint, otherwise=seen)


@exercise("group_split")
def test_the_seed_chooses_the_groups(submission, rng):
    """The same seed gives the same split, another seed puts other groups into dev."""
    y, groups = films(rng, "strings")
    hint = "Shuffle the groups with np.random.default_rng(seed)."
    one, again, other = (
        set(two_sides(submission.group_split(y, groups, 0.2, seed), y, groups)[1].tolist())
        for seed in (7, 7, 8)
    )
    expect.that(one == again, "Two calls with seed 7 give different splits: the seed is not used.", hint=hint)
    expect.that(one != other, "Seeds 7 and 8 put the same groups into dev.", hint=hint)


@exercise("group_split")
def test_group_split_has_its_own_generator(submission, rng):
    """The global random generator is left alone, and so are y and groups."""
    y, groups = films(rng, "equal")
    report = submission.group_split.report(y, groups, 0.2, 7)
    expect.own_generator(report, hint="Make a generator of your own: `rng = np.random.default_rng(seed)`.")
    expect.unchanged(
        report, hint="`rng.shuffle(a)` changes `a` itself, `rng.permutation(a)` makes a new array."
    )


@exercise("group_split")
def test_takes_lists_of_names(submission, rng):
    """Plain lists are accepted, and groups may be names."""
    y, groups = films(rng, "strings")
    y, groups = y.tolist(), groups.tolist()
    train, dev = two_sides(submission.group_split(y, groups, dev_fraction=0.4, seed=3), y, groups)
    problem = partition_problem(train, dev, y) or group_size_problem(groups, train, dev, 0.4)
    problem = problem or group_problem(groups, train, dev)
    expect.that(
        not problem, sentence(problem), hint="np.asarray(groups) makes an array of a list, also of names."
    )


# -------------------------------------------------------------------------------------- find_leaks

PHRASES = [
    "Great film",
    "So slow",
    "the acting was superb",
    "Un été raté",
    "dull from start to end",
    "Part 2",
]


def leak_mistakes(texts_a, texts_b):
    """Sentence -> what this mistake would return, by the wrong answers of the solutions file."""
    named = {
        "capital letters still make a difference": "keeps_case",
        "punctuation still makes a difference": "keeps_punctuation",
        "a space is left where punctuation stood at the end": "no_strip",
        "words are glued together: where something was removed, a space must stay": "glues_words",
        "punctuation inside a word disappears: a space must stand in its place": "removes_punctuation",
        "letters with an accent are taken for punctuation": "ascii",
        "letters lose their accents, and so different words become equal": "drops_accents",
        "the underscore is taken for a letter": "underscore",
        "digits are lost, and so part 1 equals part 2": "drops_digits",
        "of several copies in texts_b only the first is found": "first_match",
        "of several copies in texts_b only the last is found": "last_match",
        "row i is compared with row i only": "same_position",
        "the pairs come as (j, i): the first number is the row of texts_a": "swapped_pairs",
        "all pairs are there, but they are not sorted": "order_of_b",
        "two texts without any letter or digit are counted as a leak": "empty_texts",
        "these are row numbers, where pairs (i, j) are asked": "rows_of_a",
        "these are texts, where pairs of row numbers are asked": "texts",
        "a text that is only a part of the other one is counted as a leak": "contained",
        "the order of the words is lost in the comparison": "bag_of_words",
        "the texts are compared as they are, so any small change hides a leak": "exact",
    }
    return {
        f"{{call}} is not right: {sentence}.": getattr(reference, f"find_leaks__wrong_{name}")(
            texts_a, texts_b
        )
        for sentence, name in named.items()
    }


def judge_leaks(submission, texts_a, texts_b, hint):
    want = comparing.plain(reference.find_leaks(texts_a, texts_b))
    got = submission.find_leaks(texts_a, texts_b)
    if not comparing.same_plain(comparing.plain(got), want, 0.0):  # the mistakes take time: only when needed
        expect.equal(got, want, hint=hint, confusions=leak_mistakes(texts_a, texts_b))


@exercise("find_leaks", weight=2)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["Great film", "so slow"], ["GREAT FILM", "So Slow", "fast"]),
        (["great film !", "so slow"], ["great film", "so ... slow"]),
        (["great film", "well-made"], [" Great   film?! ", "well made"]),
        (["Un été raté", "un film sale"], ["un ÉTÉ raté .", "un film salé", "un t rat"]),
        (["so _ slow", "so_slow", "bad !"], ["so slow", "soslow", "bad"]),
        (["part 2"], ["part 3", "part", "Part 2"]),
    ],
    ids=["case", "punctuation", "spaces", "accents", "underscore", "digits"],
)
def test_small_changes_do_not_hide_a_leak(submission, first, second):
    """Capital letters, punctuation and spaces make no difference; letters, accents and digits do."""
    judge_leaks(submission, first, second, hint="Write the three steps one by one and print each result.")


@exercise("find_leaks", weight=2)
def test_gives_all_pairs_in_order(submission):
    """All pairs (i, j) are given, also when a text has several copies, sorted by i, then by j."""
    first = ["b c", "x", "Great film", "b c !"]
    second = ["great film", "b c", "y", "Great film .", "z", "B  c"]
    judge_leaks(
        submission, first, second, hint="How many pairs do two copies here and two copies there make?"
    )


@exercise("find_leaks")
def test_other_texts_are_no_leak(submission):
    """Texts with nothing in them, parts of a text, and the same words in another order are no leak."""
    first = ["...", "", "good not bad", "great", "over rated", "yes"]
    second = ["", "!?", "bad not good", "a great film", "overrated", "no"]
    judge_leaks(submission, first, second, hint="Which text remains of '...' after the three steps?")


@exercise("find_leaks")
def test_finds_leaks_in_random_texts(submission, rng):
    """On random texts with light changes, the pairs are the ones of the definition."""
    for _ in range(12):
        sets = []
        for size in rng.integers(0, 9, size=2):
            texts = [str(phrase) for phrase in rng.choice(PHRASES, size=size)]
            edits = [str.upper, str.lower, "  {} ".format, "{} !".format, str.title, "({})".format, str]
            sets.append([edits[rng.integers(len(edits))](text) for text in texts])
        judge_leaks(submission, *sets, hint="Compare each text of the first set with each of the second.")


# --------------------------------------------------------------------------------------- confusion


def two_labellings(rng, n=60, share=0.3):
    """(truth, prediction) of n rows with four different counts, so that no mistake hides in a symmetry."""
    while True:
        truth, guess = (rng.random(n) < share).astype(int), (rng.random(n) < 0.5).astype(int)
        counts = reference.confusion(truth, guess).ravel()
        if len(set(counts.tolist())) == 4 and counts.min() > 0:
            return truth, guess


def matrix_mistakes(truth, guess):
    t, p = np.ravel(truth).astype(int), np.ravel(guess).astype(int)
    matrix = reference.confusion(t, p)
    table = np.array([[((t == a)[:, None] & (p == b)[None, :]).sum() for b in (0, 1)] for a in (0, 1)])
    n = len(t)
    return {
        "Rows are the truth, columns the prediction: yours are exchanged.": matrix.T,
        "Class 0 comes first, in rows and in columns: yours begins with class 1.": matrix[::-1, ::-1],
        "Both are exchanged: rows are the truth, and class 0 comes first.": matrix.T[::-1, ::-1],
        "The four counts stand in one row, where a table of 2 rows and 2 columns is asked.": matrix.ravel(),
        "These are shares, where counts are asked.": matrix / n,
        "y has shape (n,), prediction (n,1): the comparison made an n×n table.": table,
        "Every prediction was counted as 0: argmax over one column is always 0.": reference.confusion(
            t, 0 * p
        ),
        "Each of the four cases was counted once: `m[t, p] += 1` adds 1 only once for equal places.": (
            matrix > 0
        ).astype(int),
        "The last row is not counted.": reference.confusion(t[:-1], p[:-1]),
        "A class that does not occur has no row and no column here.": np.array([[n]]),
    }


def judge_matrix(submission, truth, guess, hint, what=""):
    with told(what, hint) if what else contextlib.nullcontext():
        got = submission.confusion(truth, guess)
    want = reference.confusion(truth, guess)
    right = isinstance(got, np.ndarray) and got.dtype.kind in "iu" and np.array_equal(got, want)
    if not right:  # the mistakes take time: only when needed
        mistakes = matrix_mistakes(truth, guess)
        expect.array(got, want, axes="truth prediction", dtype="integer", hint=hint, confusions=mistakes)


@exercise("confusion", weight=2)
def test_counts_the_four_cases(submission, rng):
    """Row t, column p of `confusion` counts the rows with truth t and prediction p, as integers."""
    judge_matrix(submission, *two_labellings(rng), hint="Count by hand on the eight rows of the example.")


@exercise("confusion")
@pytest.mark.parametrize("shapes", [((-1,), (-1, 1)), ((-1, 1), (-1,)), ((-1, 1), (-1, 1))])
def test_takes_a_column(submission, rng, shapes):
    """Shape (n, 1), as a Keras model gives it, is the same as (n,)."""
    truth, guess = (array.reshape(s) for array, s in zip(two_labellings(rng), shapes, strict=True))
    judge_matrix(
        submission, truth, guess, "Bring both to one axis first: `.reshape(-1)`.", "Shape (n, 1) is asked too"
    )


@exercise("confusion")
@pytest.mark.parametrize("dtype", ["bool", "uint8", "float32", "list", "nested list"])
def test_takes_labels_of_any_kind(submission, rng, dtype):
    """Labels may be booleans, integers or floats, in an array or in a list."""
    truth, guess = two_labellings(rng)
    if dtype == "list":
        truth, guess = truth.tolist(), guess.tolist()
    elif dtype == "nested list":
        truth, guess = truth.reshape(-1, 1).tolist(), guess.tolist()
    else:
        truth, guess = truth.astype(dtype), guess.astype(dtype)
    hint = "np.asarray(…) first, then .astype(int) once they are 0 or 1."
    judge_matrix(submission, truth, guess, hint, f"Labels may come as {dtype} too")


@exercise("confusion")
@pytest.mark.parametrize("case", ["all 0", "all 1", "opposite"])
def test_has_four_cells_always(submission, case):
    """The table has 2 rows and 2 columns also when a class or a prediction does not occur."""
    truth = np.zeros(7, int) if case == "all 0" else np.ones(7, int)
    guess = 1 - truth if case == "opposite" else truth
    hint = "A case that does not occur is counted too: 0 times."
    judge_matrix(submission, truth, guess, hint, "A class or a prediction does not occur here")


@exercise("confusion")
@pytest.mark.parametrize("wrong", [0.5, 0.9, 2, -1])
@pytest.mark.parametrize("where", ["truth", "prediction"])
def test_refuses_other_values(submission, rng, wrong, where):
    """A value other than 0 and 1 raises ValueError: a probability is not yet a prediction."""
    pair = [array.astype(float) for array in two_labellings(rng)]
    pair[where == "prediction"][5] = wrong
    seen = f"{{call}} accepted the value {wrong} in the {where}, where ValueError is asked."
    hint = "Are all values 0 or 1? Ask before you convert them to int."
    expect.raises(ValueError, submission.confusion, *pair, hint=hint, otherwise=seen)


@exercise("confusion")
@pytest.mark.parametrize("rows", [(60, 59), (1, 60), (60, 1)])
def test_refuses_different_numbers_of_rows(submission, rng, rows):
    """Truth and prediction with different numbers of rows raise ValueError."""
    pair = [array[:n] for array, n in zip(two_labellings(rng), rows, strict=True)]
    seen = f"{{call}} accepted {rows[0]} rows and {rows[1]} rows, where ValueError is asked."
    hint = "`zip` stops silently at the shorter one, and NumPy stretches a single row."
    expect.raises(ValueError, submission.confusion, *pair, hint=hint, otherwise=seen)


@exercise("confusion")
def test_obeys_its_symmetries(submission, rng):
    """Exchanging the classes turns the table round, exchanging the arguments transposes it."""
    truth, guess = two_labellings(rng)
    hint = "Count the four cases of a small example by hand, before and after the exchange."
    matrix = reference.confusion(truth, guess)
    for arguments, want, what in [
        ((1 - truth, 1 - guess), matrix[::-1, ::-1], "after exchanging the classes 0 and 1"),
        ((guess, truth), matrix.T, "after exchanging the two arguments"),
        ((np.tile(truth, 2), np.tile(guess, 2)), 2 * matrix, "after doubling all rows"),
        ((truth[::-1], guess[::-1]), matrix, "after reversing the order of the rows"),
    ]:
        got = submission.confusion(*arguments)
        same = isinstance(got, np.ndarray) and got.shape == (2, 2) and np.array_equal(got, want)
        expect.that(same, f"The table does not follow {what}.", hint=hint)


@exercise("confusion", weight=2)
def test_agrees_on_random_cases(submission, rng):
    """On 60 random cases, the table is the one of the definition."""
    for _ in range(60):
        n = int(rng.integers(1, 12))
        truth, guess = rng.integers(0, 2, size=(2, n))
        judge_matrix(
            submission, truth, guess, hint="Short cases miss a class now and then; what comes out then?"
        )


# ------------------------------------------------------------------------------------------ scores


def number(value):
    """A received number as a float; None for anything else."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | int | float):
        return float(value)
    return float(value) if isinstance(value, np.generic) and value.dtype.kind in "biuf" else None


def score_mistakes(truth, guess):
    """Key -> {what this mistake would give: its sentence}."""
    (tn, fp), (fn, tp) = reference.confusion(truth, guess).tolist()
    right, other = (
        reference.scores(truth, guess),
        reference.scores(1 - np.ravel(truth).astype(int), 1 - np.ravel(guess).astype(int)),
    )
    negative = other["recall"]
    exchanged = "precision and recall are exchanged: precision is about what was predicted positive"
    swapped_class = "this is the score of class 0; the positive class is 1"
    macro = "this is the mean over both classes; the score of class 1 is asked"
    n = tn + fp + fn + tp
    broadcast = np.mean(np.ravel(truth)[:, None] == np.ravel(guess)[None, :])
    present = [part for part, rows in ((negative, tn + fp), (right["recall"], fn + tp)) if rows]
    half = present[0] if len(present) == 1 else np.nan
    larger = max(tn + fp, fn + tp) / n
    always = "always negative" if tn + fp >= fn + tp else "always positive"
    majority = f"this is the plain accuracy, and {larger:.2f} is what '{always}' gets"
    mistakes = {
        "accuracy": [(broadcast, "y has shape (n,), prediction (n,1): the comparison made an n×n table")],
        "precision": [(right["recall"], exchanged)],
        "recall": [(right["precision"], exchanged), (negative, "this is the recall of class 0")],
        "f1": [((right["precision"] + right["recall"]) / 2, "this is the plain mean, not the harmonic one")],
        "balanced_accuracy": [
            (half, "an absent class was left out of the mean; its share counts 0.0"),
            (right["accuracy"], majority),
            (
                (right["precision"] + right["recall"]) / 2,
                "this is the mean of precision and recall; take the share of each class that was found",
            ),
        ],
    }
    for key in ("precision", "recall", "f1"):
        mistakes[key] += [(other[key], swapped_class), ((right[key] + other[key]) / 2, macro)]
    for key in KEYS:
        mistakes[key] += [(100 * right[key], "these are percent, where a share between 0 and 1 is asked")]
        mistakes[key] += [(round(right[key], k), "the value was rounded; leave that to the one who prints")
                          for k in (1, 2, 3, 4)]  # fmt: skip
        mistakes[key] += [(right[key], "a small number was added below a fraction: test for 0 instead")]
    return mistakes


def judge_scores(submission, truth, guess, hint):
    got = submission.scores(truth, guess)
    bare = isinstance(got, list | tuple | np.ndarray)
    expect.that(
        not bare,
        "{call} returned the numbers without their names; a dict from name to number is asked.",
        hint=hint,
    )
    expect.mapping(got, hint=hint)
    missing = [key for key in KEYS if key not in got]
    expect.that(not missing, f"The key {', '.join(missing)} is missing.", hint=hint)
    expect.that(len(got) == 5, f"There are {len(got)} keys, where exactly five are asked.", hint=hint)
    want = reference.scores(truth, guess)
    (_, fp), (fn, tp) = reference.confusion(truth, guess).tolist()
    for key in KEYS:
        value = number(got[key])
        expect.that(value is not None, f"{key} is not a number.", hint=hint)
        if abs(value - want[key]) <= 1e-9:
            continue
        empty = {"precision": tp + fp == 0, "recall": tp + fn == 0, "f1": tp + fp + fn == 0}.get(key, False)
        if np.isnan(value) or (value == 1.0 and empty):
            reason = "no positive predicted" if tp + fp == 0 else "no right positive"
            reason = "no positive in the truth" if tp + fn == 0 and key != "precision" else reason
            reason = reason[0].upper() + reason[1:]
            raise failure(f"{key} is {value:g}. {reason}: 0/0 counts 0.0 here.", hint=hint)
        mistakes = score_mistakes(truth, guess)[key]
        near = [what for wrong, what in mistakes if abs(value - wrong) <= (1e-6 if "small" in what else 1e-9)]
        why = f": {near[0]}" if near else ", which is not right"
        raise failure(f"{key} is {value:.4g}{why}.", hint=hint)


@exercise("scores", weight=3)
def test_computes_the_five_measures(submission, rng):
    """`scores` gives accuracy, precision, recall, F1 and balanced accuracy of class 1, as numbers."""
    judge_scores(
        submission, *imbalanced(rng), hint="Write TN, FP, FN, TP of the example, then each fraction."
    )


def imbalanced(rng):
    """(truth, prediction) of 100 rows with 13 positives; no measure equals another one, nor a mean of two."""
    while True:
        truth = rng.permutation(np.repeat([0, 1], [87, 13]))
        guess = np.where(rng.random(100) < 0.75, truth, 1 - truth)
        one, zero = reference.scores(truth, guess), reference.scores(1 - truth, 1 - guess)
        values = [*one.values(), zero["recall"], zero["precision"], (one["precision"] + one["recall"]) / 2]
        if min(values) > 0 and len({round(value, 3) for value in values}) == len(values):
            return truth, guess


@exercise("scores", weight=2)
@pytest.mark.parametrize("case", ["nothing predicted", "no positives", "only positives", "nothing right"])
def test_counts_a_share_of_nothing_as_zero(submission, case):
    """A share of nothing (0/0) counts 0.0 and raises no error; the share of an absent class too."""
    truth, guess = {
        "nothing predicted": ([0] * 87 + [1] * 13, [0] * 100),
        "no positives": ([0] * 20, [0] * 15 + [1] * 5),
        "only positives": ([1] * 20, [0] * 15 + [1] * 5),
        "nothing right": ([0] * 6 + [1] * 4, [1] * 6 + [0] * 4),
    }[case]
    hint = "Three fractions can have 0 below: test for it in one small helper function."
    try:
        judge_scores(submission, np.array(truth), np.array(guess), hint)
    except Stopped as stopped:
        error = stopped.error
        if error is None or error.type_name != "ZeroDivisionError":
            raise
        where = {"nothing predicted": "no positive predicted", "no positives": "no positive in the truth"}
        said = where.get(case, "no right positive")
        raise failure(f"{said[0].upper()}{said[1:]}: the fraction 0/0 counts 0.0 here, and yours "
                     f"{error.sentence()}.", hint=hint) from None  # fmt: skip


@exercise("scores")
def test_sees_through_always_negative(submission, rng):
    """On 13 % positives, "always negative" has accuracy 0.87 and balanced accuracy 0.5."""
    truth = rng.permutation(np.repeat([0, 1], [87, 13]))
    judge_scores(
        submission, truth, np.zeros(100, int), hint="Balanced accuracy: the mean of two shares found."
    )


@exercise("scores")
@pytest.mark.parametrize("shapes", [((-1,), (-1, 1)), ((-1, 1), (-1,))])
def test_scores_take_a_column(submission, rng, shapes):
    """Shape (n, 1) is the same as (n,), and lists are accepted."""
    truth, guess = (array.reshape(s) for array, s in zip(imbalanced(rng), shapes, strict=True))
    hint = "Let `confusion` read the labels, then compute with its four counts only."
    judge_scores(submission, truth, guess, hint)
    judge_scores(submission, truth.tolist(), guess.tolist(), hint)


@exercise("scores")
def test_scores_refuse_what_confusion_refuses(submission, rng):
    """Probabilities, other labels and different numbers of rows raise ValueError."""
    truth, guess = imbalanced(rng)
    hint = "`confusion` refuses them already: hand the labels over as they came."
    for pair in ((truth, guess * 0.8), (truth, guess + 1), (truth, guess[:-1])):
        seen = "{call} accepted what `confusion` must refuse: ValueError is asked."
        expect.raises(ValueError, submission.scores, *pair, hint=hint, otherwise=seen)


@exercise("scores")
def test_scores_obey_their_symmetries(submission, rng):
    """Exchanging the arguments exchanges precision and recall; repeating all rows changes nothing."""
    truth, guess = imbalanced(rng)
    hint = "Which rows does precision look at, and which does recall look at?"
    for pair in ((guess, truth), (np.tile(truth, 3), np.tile(guess, 3)), (truth[::-1], guess[::-1])):
        judge_scores(submission, *pair, hint=hint)


@exercise("scores", weight=2)
def test_scores_agree_on_random_cases(submission, rng):
    """On 200 random cases, the five numbers are the ones of the definition."""
    for _ in range(200):
        n = int(rng.integers(1, 25))
        truth, guess = (rng.random((2, n)) < rng.random()).astype(int)
        judge_scores(submission, truth, guess, hint="Short cases have many 0/0: what do you give then?")


# -------------------------------------------------------------------------------- choose_threshold


def dev_set(rng, n=None):
    """(labels, probabilities) that lean the right way, with two decimals so that some are equal."""
    n = int(rng.integers(6, 30)) if n is None else n
    y = (rng.random(n) < 0.35).astype(int)
    return y, np.round(np.clip(0.3 + 0.25 * y + rng.normal(0, 0.22, n), 0.01, 0.99), 2)


def judge_thresholds(submission, cases, metric, hint):
    """Cases of (labels, probabilities); a mistake is named when it explains the answers to all of them."""
    values = [number(submission.choose_threshold(y, p, metric)) for y, p in cases]
    numbers = all(value is not None and np.isfinite(value) for value in values)
    expect.that(numbers, "What comes back is not always a number.", hint=hint)
    answers = [(value, np.asarray(y), np.asarray(p)) for value, (y, p) in zip(values, cases, strict=True)]
    wrong = [case for case in answers if abs(case[0] - best_threshold(*case[1:], metric)) > 1e-9]
    if not wrong:
        return
    if all(
        score_at(*case, metric) >= score_at(best_threshold(*case[1:], metric), *case[1:], metric) - 1e-12
        for case in wrong
    ):
        raise failure(
            "several thresholds are equally good here (up to 1e-12), and the smallest is asked.", hint=hint
        )
    for seen, mistake in threshold_mistakes(metric).items():
        if all(abs(value - mistake(y, p)) <= 1e-9 for value, y, p in answers):
            raise failure(seen, hint=hint)
    raise failure(threshold_problem(*wrong[0], metric), hint=hint)


def score_at(t, y, p, metric):
    """The score of a value of p as threshold; -1 for any other number."""
    return reference.scores(y, p >= t)[metric] if np.isin(t, p) else -1.0


def best_threshold(y, p, metric):
    return reference.choose_threshold(y, p, metric)


def threshold_mistakes(metric):
    """Sentence -> the function of labels and probabilities that this mistake computes."""

    def first_best(y, p, labels_at, sign=1):
        candidates = np.unique(p)
        values = sign * np.array([reference.scores(y, labels_at(p, t))[metric] for t in candidates])
        return candidates[np.flatnonzero(values >= values.max() - 1e-12)[0]]

    mistakes = {
        f"this is the best threshold for p > t, and p >= t is asked ({metric})": lambda y, p: first_best(
            y, p, np.greater
        ),
        f"this is the threshold with the worst {metric}: the best is asked": lambda y, p: first_best(
            y, p, np.greater_equal, -1
        ),
        f"this is the value nearest to 0.5, whatever its {metric}: the best is asked": lambda y, p: np.unique(
            p
        )[np.argmin(np.abs(np.unique(p) - 0.5))],
    }
    for other in KEYS:
        if other != metric:
            seen = f"{metric} is asked, and these are the best thresholds for {other}"
            mistakes[seen] = lambda y, p, other=other: best_threshold(y, p, other)
    return mistakes


def threshold_problem(value, y, p, metric):
    """Why `value` is not the threshold that was asked, in one sentence."""
    candidates = np.unique(p)
    measured = np.array([reference.scores(y, p >= t)[metric] for t in candidates])
    mine = measured[np.abs(candidates - value) <= 1e-9]
    if not mine.size and abs(value - measured.max()) <= 1e-9:
        return f"{value:.4g} is the best {metric}, where its threshold is asked"
    if not mine.size and value == int(value):
        return f"{value:.4g} is no value of p_dev: it looks like a row number"
    if not mine.size:
        return f"{value:.4g} is no value of p_dev, and only those are asked"
    return f"another value of p_dev gives a better {metric} than {value:.4g}"


@exercise("choose_threshold", weight=4)
@pytest.mark.parametrize("metric", KEYS)
def test_finds_the_best_threshold(submission, rng, metric):
    """`choose_threshold` finds the value of p_dev that is best for the metric, as trying them all does."""
    hint = "Print threshold and score of each candidate, smallest first."
    judge_thresholds(submission, [dev_set(rng) for _ in range(12)], metric, hint)


@exercise("choose_threshold")
def test_takes_the_smallest_of_equals(submission, rng):
    """Among thresholds with equal scores (up to 1e-12) the smallest is taken."""
    hint = "Go through the values in rising order, and ask for more than 1e-12 of improvement."
    judge_thresholds(submission, [tie(rng) for _ in range(4)], "f1", hint)
    for p in ([0.9, 0.8, 0.4, 0.2], [0.2, 0.9, 0.4, 0.8]):
        judge_thresholds(submission, [(np.ones(4, int), np.array(p))], "precision", hint)


def tie(rng):
    """(labels, probabilities): two thresholds have the same F1, but for an error of 1e-16 in one formula.

    Going down from the highest probability, the first threshold comes after `few` positives among `near`
    rows, the second one after all positives among `far` rows.
    """

    def f1(found, predicted, positives):
        precision, recall = found / predicted, found / positives
        return 2 * precision * recall / (precision + recall)

    while True:
        positives = int(rng.integers(4, 14))
        few = int(rng.integers(2, positives))
        near = int(rng.integers(few, few + 8))
        far, rest = divmod(positives * (near + positives), few)
        far -= positives
        if (
            rest == 0
            and far - near >= positives - few
            and f1(few, near, positives) > f1(positives, far, positives)
        ):
            break
    y = (
        [0] * (near - few)
        + [1] * few
        + [0] * (far - near - positives + few)
        + [1] * (positives - few)
        + [0] * 3
    )
    p = np.sort(rng.choice(np.arange(5, 995), size=len(y), replace=False) / 1000)[::-1]
    order = rng.permutation(len(y))
    return np.array(y)[order], p[order]


@exercise("choose_threshold")
def test_takes_plain_lists(submission):
    """Lists are accepted, and F1 is the metric when none is named."""
    hint = "A list cannot be compared with a number; np.asarray(p_dev) can."
    with told("labels and probabilities are plain lists here", hint):
        got = number(submission.choose_threshold([0, 0, 1, 0, 1], [0.1, 0.5, 0.6, 0.7, 0.9]))
    expect.that(got is not None, "{call} did not return a number.", hint=hint)
    expect.that(
        abs(got - 0.6) <= 1e-9, f"{{call}} returned {got:.4g}, which is not the best for F1.", hint=hint
    )


@exercise("choose_threshold")
@pytest.mark.parametrize("metric", ["loss", "F1", ""])
def test_refuses_an_unknown_metric(submission, rng, metric):
    """A metric that is no key of `scores` raises ValueError."""
    y, p = dev_set(rng)
    hint = "A missing key of a dict raises KeyError; look whether the key is there."
    expect.raises(ValueError, submission.choose_threshold, y, p, metric, hint=hint)


# ------------------------------------------------------------------------------------ select_model


def judge_name(submission, dev_scores, hint):
    got = submission.select_model(dev_scores)
    want = reference.select_model(dev_scores)
    if isinstance(got, str) and got == want:
        return
    top = max(dev_scores.values())
    if number(got) is not None:
        seen = "{call} returned a number, where the name of the model is asked."
    elif isinstance(got, list | tuple | np.ndarray):
        seen = "{call} returned several things, where one name is asked."
    elif got is None and top < 0:
        seen = "{call} returned None: where all scores are below 0, the best of them is asked."
    elif not isinstance(got, str) or got not in dev_scores:
        seen = "{call} returned something that is no name of a model."
    elif dev_scores[got] == top and got == min(
        (n for n in dev_scores if dev_scores[n] == top), key=str.lower
    ):
        seen = "{call} went by the alphabet: in Python's string order capitals come before small letters."
    elif dev_scores[got] == top:
        seen = "{call} returned one of several best models: the first in Python's string order is asked."
    elif dev_scores[got] == min(dev_scores.values()):
        seen = "{call} returned the model with the lowest score, and higher is better."
    else:
        seen = "{call} returned a model that is not the best, only close to it: compare without rounding."
    raise failure(seen, hint=hint)


@exercise("select_model", weight=2)
def test_names_the_best_model(submission, rng):
    """`select_model` returns the name of the model with the highest score, also when all are below 0."""
    hint = "The dict's values decide, its keys are what you return."
    for shift in (0.0, -1.0):
        for size in (1, 2, 7, 30):
            names = [f"model {k}" for k in rng.permutation(size)]
            values = (rng.permutation(size) + 1) / (size + 1) + shift
            judge_name(submission, dict(zip(names, values.tolist(), strict=True)), hint)
    judge_name(submission, {"small": 0.7521, "large": 0.8529, "best": 0.8534, "a": 0.8501}, hint)


@exercise("select_model")
@pytest.mark.parametrize("names", ["bca", "acb", ["Zebra", "ape", "Bear"], ["ape", "Zebra"]])
def test_breaks_ties_by_name(submission, names):
    """Of equally good models, the first in Python's string order is taken, wherever it stands in the dict."""
    dev_scores = dict.fromkeys(names, 0.75) | {"0 worse": 0.5}
    judge_name(
        submission, dev_scores, hint="`sorted(names)` is that order: capitals come before small letters."
    )


@exercise("select_model")
def test_refuses_an_empty_dict(submission):
    """Without any model: ValueError."""
    expect.raises(ValueError, submission.select_model, {}, hint="Ask for the empty dict first.")


@exercise("select_model")
def test_leaves_the_scores_alone(submission):
    """The dict of scores is not changed."""
    report = submission.select_model.report({"b": 0.75, "c": 0.5, "a": 0.75})
    expect.unchanged(report, hint="Read the values without taking them out.")
