"""What the page of measurements says of costs, and which wrong answers are measured."""

from pathlib import Path

from autograder.assurance.variants import variants
from autograder.commands.measure import untrainable
from autograder.commands.measured import Costs, Run, page, row
from autograder.course import find_assignment, find_course

ROOT = Path(__file__).parents[2]
CHEAP = Costs("ex1_dev_split", Run(8.04, 6.25, 512.4), first=2.0, other=1.06)


def test_a_row_shows_every_cost():
    assert row(CHEAP) == "| `ex1_dev_split` | 8.0 | 6.2 | 512 | 2.0 | 1.1 |  |"


def test_what_is_beyond_its_limit_is_bold():
    dear = Costs("ex2_one_hot", Run(90.1, 150.0, 1501.0), first=10.1, other=10.0, worst={"frozen": 11.0})
    assert (
        row(dear) == "| `ex2_one_hot` | **90.1** | 150.0 | **1501** | **10.1** | 10.0 | **11.0** (frozen) |"
    )


def test_the_assignment_that_trains_lstms_has_a_limit_of_its_own():
    costs = Costs("ex5_lstm", Run(60, 80, 900), first=29.9, other=30.0, worst={"a, b": 12.0, "c, d": 30.1})
    assert row(costs).endswith("| 29.9 | 30.0 | **30.1** (c, d) |")


def test_the_page_says_what_was_measured_where():
    text = page([CHEAP], cores=2, note="The machine was quiet.")
    assert row(CHEAP) in text
    for part in ("`make measure`", "python 3", "on 2 cores", "90 s and 1500 MB", "The machine was quiet."):
        assert part in text
    assert not [line for line in text.splitlines() if line.endswith(" ")]


def test_every_answer_that_fails_its_trainings_is_measured_once_at_least():
    course = find_course(ROOT)
    assignment = find_assignment(course, "ex5_lstm")
    found = list(untrainable(course, assignment))
    assert {tuple(cells) for _, cells in found} == {("build_lstm_classifier", "build_tagger")}
    measured = {name for names, _ in found for name in names.split(", ")}
    assert measured >= {"first_step", "softmax", "softmax_over_time"}
    assert measured <= {v.name for v in variants(assignment.solution_files) if v.kind == "wrong"}


def test_where_nothing_is_trained_no_answer_is_measured():
    course = find_course(ROOT)
    assert list(untrainable(course, find_assignment(course, "ex4_recurrent_cells"))) == []
