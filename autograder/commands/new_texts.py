"""The texts of a new assignment: one small exercise, complete with checks and answers; to be written over."""

CHECKS = '''"""Hidden checks of `@NAME@`."""

import pytest

from autograder.checking import exercise, expect
from solutions import @NAME@ as reference


@exercise("majority", weight=2)
@pytest.mark.parametrize("size", [5, 20, 101])
def test_gives_the_most_frequent_label(submission, rng, size):
    """`majority(labels)` is the label that occurs most often, whatever the labels are."""
    labels = [*rng.integers(-4, 5, size=size).tolist(), *[7] * (size + 2), 3]
    expect.equal(
        submission.majority(labels),
        reference.majority(labels),
        confusions={
            "{call} gives how often the label occurs; the label itself is asked.": size + 2,
            "{call} gives the last label of the list: every label counts the same, wherever it stands.": 3,
        },
        hint="Count by hand how often each label of [4, 1, 4] occurs. Which one do you return?",
    )


@exercise("majority")
def test_takes_the_smaller_label_on_a_tie(submission, rng):
    """Where two labels occur equally often, `majority(labels)` is the smaller one."""
    small, large = sorted(rng.choice(50, size=2, replace=False).tolist())
    got = submission.majority([large, small, small, large])
    expect.equal(
        got,
        small,
        confusions={"{call} gives the larger of two labels that occur equally often.": large},
        hint="What does your function keep when a second label reaches the same count?",
    )


@exercise("majority")
def test_refuses_an_empty_list(submission):
    """`majority([])` raises ValueError: without labels there is no majority."""
    expect.raises(
        ValueError,
        submission.majority,
        [],
        otherwise="{call} returned an answer for a list without labels.",
        hint="What should happen before anything is counted?",
    )
'''

SOLUTIONS = '''"""The answers to `@NAME@`: the reference, other right answers, and real mistakes."""

from collections import Counter


def majority(labels):
    """Count each label; the smallest of the most frequent ones."""
    if not labels:
        raise ValueError("labels is empty")
    counts = {label: labels.count(label) for label in labels}
    return min(counts, key=lambda label: (-counts[label], label))


def majority__right_counter(labels):
    """Counts with the standard library."""
    if len(labels) == 0:
        raise ValueError("no labels")
    counts = Counter(labels)
    most = max(counts.values())
    return sorted(label for label, count in counts.items() if count == most)[0]


def majority__right_sorted(labels):
    """Walks once through the sorted labels; `max` takes care of the empty list."""
    return max(sorted(set(labels)), key=labels.count)


def majority__wrong_count(labels):
    """Returns how often the label occurs."""
    if not labels:
        raise ValueError("labels is empty")
    return max(labels.count(label) for label in labels)


def majority__wrong_last(labels):
    """Returns the last label."""
    if not labels:
        raise ValueError("labels is empty")
    return labels[-1]


def majority__wrong_larger_on_a_tie(labels):
    """Takes the larger label where two are equally frequent."""
    if not labels:
        raise ValueError("labels is empty")
    return max(set(labels), key=lambda label: (labels.count(label), label))


def majority__wrong_zero_when_empty(labels):
    """Returns 0 for an empty list."""
    return min(set(labels), key=lambda label: (-labels.count(label), label)) if labels else 0
'''

TITLE = """# @NAME@

*A new exercise · 4 points · write your own over it*

**At the end you can** say which label a classifier should give that has learned nothing at all: the
**majority class** (*classe majoritaire*)."""

EXPLAINED = """## 1 · The most frequent label: `majority` (4 points)

**What.** Give the label that occurs most often.

**Why.** A classifier that always answers with the majority class is right surprisingly often. Every accuracy
(*taux de bonnes réponses*) is to be compared with its accuracy.

Where two labels occur equally often, the smaller one is taken. Without any label, raise `ValueError`.

**Worked example**

```
[4, 1, 4, 2]   →   4 occurs twice, 1 and 2 once   →   4
```

<details><summary>A hint</summary>

Count first, compare afterwards.

</details>"""

ENVIRONMENT = """from environment import check_environment

check_environment()

from visible_checks import gives, refuses, run_checks, say_what_is_missing

say_what_is_missing()"""

ANSWER = '''def majority(labels):
    """Give the label that occurs most often.

    Args:
        labels: a list of int.
    Returns:
        An int: the most frequent label, the smallest one where several are equally frequent.
    Raises:
        ValueError: labels is empty.

    >>> majority([4, 1, 4, 2])
    4
    """
    ### BEGIN SOLUTION
    if not labels:
        raise ValueError("labels is empty")
    return min(set(labels), key=lambda label: (-labels.count(label), label))
    ### END SOLUTION'''

VISIBLE = """run_checks(
    majority,
    gives([4, 1, 4, 2], result=4),
    gives([2, 1], result=1),
    refuses([], error=ValueError),
)"""

LOOK = "print(majority([4, 1, 4, 2]))"

HAND_IN = """## Hand in

Save the notebook, then run the cell below, or `python hand_in.py` in a terminal. It packs the saved notebook
into one file to hand in, and gives you a receipt."""

HAND_IN_CELL = """from hand_in import hand_in

hand_in()"""
