"""What a worker says is told only in words that are known, or that the student wrote."""

import pytest

from autograder.checking import hearsay
from autograder.checking.hearsay import Notebook
from autograder.checking.limits import CallLimits
from autograder.checking.stops import Stopped
from autograder.checking.submission import Submission
from autograder.checking.verdicts import Outcome
from autograder.errors import WorkerLost
from autograder.wire.values import Uncarriable

CELLS = {"f": "import bags\n\ndef f(rows):\n    return 1 / 0  # \u202e\x1b[2J\n"}
NOTEBOOK = Notebook(CELLS)
HONEST = {"type": "KeyError", "ancestors": ["KeyError", "LookupError", "Exception"], "cell": "f", "line": 4}


def test_an_honest_error_is_told_with_the_line_that_the_student_wrote():
    error = hearsay.student_error(HONEST | {"text": "not this"}, NOTEBOOK)
    assert error.sentence().startswith("raised KeyError in cell f, line 4: `return 1 / 0  #")
    assert error.text.isprintable()


@pytest.mark.parametrize("part", ["type", "ancestors", "cell", "line", "text"])
def test_nothing_that_a_worker_invents_is_told(part):
    for lie in ("SECRET", ["SECRET", "ValueError"], 10**9, -1, None, {"a": "SECRET"}, True, b"SECRET"):
        error = hearsay.student_error(HONEST | {part: lie}, NOTEBOOK)
        assert "SECRET" not in error.sentence() + "".join(error.ancestors) + error.type_name + error.cell


def test_a_type_is_named_when_it_is_known_or_stands_in_the_notebook():
    assert [hearsay.type_name(name, NOTEBOOK) for name in ("generator", "bags", "SECRET")] == [
        "generator", "bags", "",
    ]  # fmt: skip


def test_arguments_are_named_by_words_that_somebody_wrote():
    told = ["rows", "rows", "x", "SECRET", 5, "argument 2", *map(str, range(1000))]
    assert hearsay.argument_names(told, NOTEBOOK, frozenset({"x"}))[:5] == (
        "rows", "x", "(unnamed)", "argument 2", "0",
    )  # fmt: skip
    assert hearsay.argument_names("SECRET", NOTEBOOK, frozenset()) == ()


def test_only_the_global_generators_are_named():
    assert hearsay.generators(["SECRET", "random"]) == ("random",)
    assert hearsay.generators({"random": 1}) == ()


class Place:
    """A worker in which ``spoils`` leaves something behind that ends it at the next call."""

    fate = "exit 1"

    def __init__(self):
        self.spoilt = False

    def ask(self, question, serve, seconds):
        if self.spoilt or question["function"] == "dies":
            raise WorkerLost("gone")
        self.spoilt = question["function"] == "spoils"
        return {"outcome": "returned", "value": Uncarriable("SECRET")}

    def close(self):
        pass


def test_what_one_function_leaves_behind_costs_no_other_function():
    submission = Submission(Place, limits=CallLimits())
    assert submission.spoils() == Uncarriable("")
    assert submission.right() == Uncarriable("")
    submission.right()
    for _ in range(2):
        with pytest.raises(Stopped) as stopped:
            submission.dies()
        assert stopped.value.outcome is Outcome.KILLED
    assert submission.right() == Uncarriable("")


def test_a_worker_that_cannot_be_hired_is_no_fault_of_the_student():
    def hire():
        raise WorkerLost("the worker did not begin")

    with pytest.raises(WorkerLost):
        Submission(hire).right()
