"""A made-up class for ex2_one_hot: who handed in what, and the points that each design earns.

The points follow from the design (which answers are right, and which checks a mistake contradicts) and
from the weights that stand in the file of checks; they are never taken from a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.assurance import damage
from autograder.assurance.reading import checks_of, parse_checks
from autograder.assurance.variants import Variant, as_cell, notebook_with, variants
from autograder.course import Assignment
from autograder.errors import CourseError

ASSIGNMENT = "ex2_one_hot"
DEADLINE = datetime(2026, 3, 6, 18, 0)
IN_TIME, LATER, TOO_LATE = (
    datetime(2026, 3, 5, 9, 30),
    datetime(2026, 3, 6, 17, 40),
    datetime(2026, 3, 7, 8, 5),
)
EVERYTHING = ("*",)
MEMORY_ANSWER = "25 000 × 10 000 × 4 bytes = 1.0 GB; 25 000 × 235 × 4 bytes = 23.5 MB. Keep the ids."

Finish = Callable[[NotebookNode], bytes]


@dataclass(frozen=True)
class Answer:
    """What stands in a solution cell: an answer of the solutions file by its name, or ``text``.

    ``loses`` names the checks that it contradicts by its design; EVERYTHING for all of its exercise.
    """

    symbol: str = ""
    text: str = ""
    loses: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandedIn:
    """One notebook of a student; exercises that ``answers`` lacks are right, or stubs unless ``rest``."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    rest: bool = True
    finish: Finish = damage.untouched
    time: datetime = IN_TIME
    name: str = f"{ASSIGNMENT}.ipynb"
    readable: bool = True


@dataclass(frozen=True)
class Member:
    """A student of the made-up class; of several hand-ins the one at ``counts`` is to be graded."""

    student: str
    did: str
    handed_in: tuple[HandedIn, ...]
    counts: int = 0


STUB = Answer(loses=EVERYTHING)
FLOAT64 = {
    "one_hot": Answer("one_hot__wrong_float64", loses=("one_hot_is_float32",)),
    "multi_hot": Answer("multi_hot__wrong_float64", loses=("multi_hot_is_float32", "memory_stays_small")),
}
OTHER_STYLES = {
    "tokenize": Answer("tokenize__right_character_loop"),
    "build_vocab": Answer("build_vocab__right_heap"),
    "encode": Answer("encode__right_plain_loops"),
    "one_hot": Answer("one_hot__right_comparison"),
    "multi_hot": Answer("multi_hot__right_sets"),
    "build_onehot_classifier": Answer("build_onehot_classifier__right_functional"),
}
TEXTS = {
    "tokenize": Answer(
        "tokenize__wrong_split_space",
        loses=("cuts_at_any_white_space", "empty_text_has_no_tokens", "tokenizes_any_text"),
    ),
    "encode": Answer("encode__wrong_drops_unknown", loses=("unknown_words_get_two", "encodes_any_reviews")),
}
SMALL_MISTAKES = {
    "build_vocab": Answer(
        "build_vocab__wrong_ties_by_appearance",
        loses=("ties_in_string_order", "order_of_reviews_changes_nothing", "numbers_any_reviews"),
    ),
    "multi_hot": Answer(
        "multi_hot__wrong_counts_pad", loses=("pads_leave_no_trace", "marks_the_words_of_any_review")
    ),
}
SOFTMAX = Answer(
    "build_onehot_classifier__wrong_softmax", loses=("output_is_a_probability", "learns_from_reviews")
)
WRAPS = Answer("one_hot__wrong_negative_wraps", loses=("refuses_negative_ids",))
ENDLESS = """\
def encode(token_lists, vocab):
    result = []
    i = 0
    while i < len(token_lists):
        ids = [1] + [vocab.get(token, 2) for token in token_lists[i]]
    return result
"""
NO_COLON = """\
def build_vocab(token_lists, max_size)
    counts = {}
    return counts
"""
RENAMED = """\
def onehot(ids, depth):
    return np.eye(depth, dtype="float32")[ids]
"""
NOISY = """\
import sys
import warnings

print("loading", file=sys.stderr)


def tokenize(text):
    warnings.warn("this way of cutting is old", FutureWarning, stacklevel=2)
    print(len(text), "characters", file=sys.stderr)
    return text.lower().split()
"""

CLASS = (
    Member("alice", "everything right, a picture saved", (HandedIn(finish=damage.with_picture),)),
    Member("bruno", "everything right, in other styles", (HandedIn(OTHER_STYLES),)),
    Member("chloe", "handed in the notebook untouched", (HandedIn(rest=False),)),
    Member(
        "david",
        "the first half right, the rest untouched",
        (HandedIn(dict.fromkeys(("one_hot", "multi_hot", "build_onehot_classifier"), STUB)),),
    ),
    Member("emma", "float64 in one_hot and multi_hot", (HandedIn(FLOAT64),)),
    Member("farid", 'cuts at " " only, drops unknown words', (HandedIn(TEXTS),)),
    Member("gaelle", "softmax over a single unit", (HandedIn({"build_onehot_classifier": SOFTMAX}),)),
    Member(
        "hugo",
        "deleted the cell of multi_hot and a locked one",
        (HandedIn({"multi_hot": STUB}, finish=damage.without_cells("multi_hot", "environment")),),
    ),
    Member(
        "ines",
        "a syntax error in build_vocab",
        (HandedIn({"build_vocab": Answer(text=NO_COLON, loses=EVERYTHING)}),),
    ),
    Member(
        "jules",
        "an endless loop in encode",
        (HandedIn({"encode": Answer(text=ENDLESS, loses=EVERYTHING)}),),
    ),
    Member("karim", "an empty notebook", (HandedIn(finish=damage.emptied, readable=False),)),
    Member("lea", "a file that breaks off", (HandedIn(finish=damage.cut_off, readable=False),)),
    Member("marc", "right, with warnings on stderr", (HandedIn({"tokenize": Answer(text=NOISY)}),)),
    Member(
        "nora",
        "called the function onehot",
        (HandedIn({"one_hot": Answer(text=RENAMED, loses=EVERYTHING)}),),
    ),
    Member("oscar", "right, the cells' ids lost by an editor", (HandedIn(finish=damage.without_ids),)),
    Member(
        "paula",
        "in time with a mistake, too late without",
        (HandedIn({"one_hot": WRAPS}), HandedIn(time=TOO_LATE)),
    ),
    Member(
        "quentin",
        "twice in time, the second right",
        (HandedIn(rest=False), HandedIn(OTHER_STYLES, time=LATER)),
        counts=1,
    ),
    Member("rosa", "right and late", (HandedIn(time=TOO_LATE),)),
    Member("samir", "right, old format, kernel of R", (HandedIn(finish=damage.old_format),)),
    Member(
        "tess",
        "right, another file name, a cell moved",
        (HandedIn(finish=damage.moved, name="Untitled3.ipynb"),),
    ),
    Member("theo", "ties by appearance, counts the pad", (HandedIn(SMALL_MISTAKES),)),
)


def expected_points(assignment: Assignment, handed_in: HandedIn) -> float:
    """The automatic points that a hand-in earns by its design."""
    if not handed_in.readable:
        return 0.0
    weights: dict[str, dict[str, float]] = {}
    for check in checks_of(parse_checks(assignment)):
        weights.setdefault(check.exercise, {})[check.name] = check.weight
    total = 0.0
    for exercise, most in assignment.points.items():
        loses = _answer(handed_in, exercise).loses
        unknown = set(loses) - set(weights[exercise]) - set(EVERYTHING)
        if unknown:
            raise CourseError(
                f"the made-up class names no check of {exercise} (got {', '.join(sorted(unknown))})"
            )
        kept = [w for name, w in weights[exercise].items() if name not in loses and loses != EVERYTHING]
        total += round(most * sum(kept) / sum(weights[exercise].values()), 2)
    return round(total, 2)


def write_class(assignment: Assignment, inbound: Path, members: Sequence[Member] = CLASS) -> None:
    """Write every hand-in of the class to ``inbound``, in folders named as nbgrader's exchange names them."""
    known = {variant.symbol: variant for variant in variants(assignment.solutions)}
    for member in members:
        for number, handed_in in enumerate(member.handed_in):
            time = f"{handed_in.time:%Y-%m-%d %H:%M:%S.%f} UTC"
            folder = inbound / f"{member.student}+{assignment.name}+{time}+{number:04d}"
            folder.mkdir(parents=True)
            notebook = _notebook(assignment, known, handed_in)
            (folder / handed_in.name).write_bytes(handed_in.finish(notebook))


def _answer(handed_in: HandedIn, exercise: str) -> Answer:
    return handed_in.answers.get(exercise, Answer(exercise) if handed_in.rest else STUB)


def _notebook(assignment: Assignment, known: Mapping[str, Variant], handed_in: HandedIn) -> NotebookNode:
    sources = {"memory_answer": MEMORY_ANSWER} if handed_in.rest else {}
    for exercise in assignment.points:
        answer = _answer(handed_in, exercise)
        if answer.text:
            sources[exercise] = answer.text
        elif answer.symbol:
            if answer.symbol not in known:
                raise CourseError(f"the made-up class needs this answer (got {answer.symbol})")
            sources[exercise] = as_cell(assignment.solutions, known[answer.symbol])
    return notebook_with(assignment, sources)
