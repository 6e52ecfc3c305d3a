"""Golden files hold what students read about wrong answers, and the page counts what is told by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assurance.evidence import gather
from autograder.assurance.messages import (
    LEAST_SHARE,
    differences,
    folder_of,
    told,
    write,
    wrong_answers,
)
from autograder.assurance.messages_page import page, page_path, share, write_page
from autograder.course import assignment_names, find_assignment, find_course
from autograder.errors import CourseError

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
WITH_GOLDEN_FILES = [name for name in assignment_names(COURSE) if (COURSE.messages / name).is_dir()]

each_assignment = pytest.mark.parametrize("name", WITH_GOLDEN_FILES)


def test_what_students_read_is_written_compared_and_counted(toy):
    toy.change(
        toy.checks,
        'submission.double(5), 10, hint="What is five and five?"',
        'submission.double(5), 10, hint="What is five and five?", '
        'confusions={"{call} squares: the double of x is x plus x.": 25}',
    )
    evidence = gather(toy.course, toy.assignment, jobs=1)
    assert differences(toy.course, toy.assignment, evidence) == []  # no golden files, none asked
    folder = folder_of(toy.course, toy.assignment)
    folder.mkdir(parents=True)
    (folder / "double__wrong_gone.txt").write_text("of an answer that is no longer there")
    write(toy.course, toy.assignment, evidence)
    assert sorted(file.stem for file in folder.iterdir()) == [
        "double__wrong_changed_reference",
        "double__wrong_square",
        "triple__wrong_nothing",
        "triple__wrong_power",
    ]
    assert (folder / "double__wrong_square.txt").read_text() == (
        "FAILED: `double(x)` is twice x.\n"
        "  `double(5)` squares: the double of x is x plus x.\n"
        "  Hint: What is five and five?\n"
    )
    named = {answer.symbol: answer.named for answer in told(toy.course, toy.assignment)}
    assert named == {
        "double__wrong_square": True,
        "double__wrong_changed_reference": False,
        "triple__wrong_power": False,
        "triple__wrong_nothing": False,
    }
    write_page(toy.course)
    text = page_path(toy.course).read_text()
    assert "| `toy` | 4 | 1 | 25% |" in text
    assert "| `triple__wrong_power` | `triple(5)` returned 125, which is not right. |" in text

    (folder / "double__wrong_square.txt").write_text("FAILED: something else\n")
    (folder / "triple__wrong_power.txt").unlink()
    seen = [str(offence) for offence in differences(toy.course, toy.assignment, evidence)]
    assert [sentence.partition(":")[0] for sentence in seen] == [
        "double__wrong_square",
        "triple__wrong_power",
    ]
    assert "now FAILED: `double(x)` is twice x." in seen[0]


def test_golden_files_are_not_written_with_the_secret_of_a_course(toy):
    from autograder.commands.proving import prove_assignments

    with pytest.raises(CourseError, match="open secret"):
        prove_assignments(toy.course, ["toy"], jobs=1, write=True, own_secret=True)


@each_assignment
def test_every_wrong_answer_has_its_golden_file_and_no_other_is_there(name):
    assignment = find_assignment(COURSE, name)
    files = {file.stem for file in folder_of(COURSE, assignment).iterdir()}
    assert files == {answer.symbol for answer in wrong_answers(assignment)}


@each_assignment
def test_nine_in_ten_wrong_answers_are_told_by_name(name):
    assert share(told(COURSE, find_assignment(COURSE, name))) >= LEAST_SHARE


@each_assignment
def test_no_golden_file_is_empty_or_broken(name):
    for file in folder_of(COURSE, find_assignment(COURSE, name)).iterdir():
        text = file.read_text(encoding="utf-8")
        assert text.startswith(("FAILED: ", "RAISED: ", "TIMED_OUT: ", "MISSING: ", "KILLED: ")), file.name
        assert "BROKEN" not in text, file.name


def test_the_page_is_made_from_the_golden_files():
    assert WITH_GOLDEN_FILES
    assert page_path(COURSE).read_text(encoding="utf-8") == page(COURSE), "autograder prove --write makes it"
