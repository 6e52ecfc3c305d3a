"""Learning goals are read from the notebooks."""

from __future__ import annotations

from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from autograder.course import Assignment, assignment_names, find_assignment, find_course
from autograder.reporting.course_report.goals import Goal, goals_of

ROOT = Path(__file__).parents[2]


def written(folder: Path, name: str, *cells: str) -> Assignment:
    """An assignment whose notebook has these cells: "#" begins a text, the rest are exercises or answers."""
    made, points, manual = [], {}, {}
    for cell in cells:
        if cell.startswith(("#", "*", "`")):
            made.append(new_markdown_cell(cell))
            continue
        grade_id = cell
        (manual if cell.endswith("_answer") else points)[cell] = 1.0
        mark = {"nbgrader": {"grade_id": grade_id, "solution": True}}
        made.append(new_code_cell("", metadata=mark))
        made.append(new_code_cell("", metadata={"nbgrader": {"grade_id": f"{cell}_checks", "grade": True}}))
    release = folder / name
    release.mkdir(parents=True)
    (release / f"{name}.ipynb").write_text(writes(new_notebook(cells=made)))
    return Assignment(name, release, release, release, release, points, manual)


def words(folder, *cells):
    return {part: goal.words for goal in goals_of([written(folder, "a", *cells)]) for _, part in goal.parts}


def test_the_goal_of_an_exercise_is_its_sections_heading(tmp_path):
    assert words(
        tmp_path,
        "# The title",
        "## 1 · From a text to tokens: `tokenize` (3 points)",
        "tokenize",
        "### Look: all at once",
        "## 2 · How many numbers? `a_params` and `b_params` (0.5 + 0.5 points)",
        "a_params",
        "### And for the other: `b_params`",
        "b_params",
        "## 3 · Two **ways** (2 points, read by your teacher)",
        "two_ways_answer",
    ) == {
        "tokenize": "From a text to tokens",
        "a_params": "How many numbers?",
        "b_params": "How many numbers?",
        "two_ways_answer": "Two ways",
    }


def test_without_a_section_the_nearest_heading_counts_and_without_any_the_name(tmp_path):
    assert words(tmp_path, "# Title", "alone_answer", "### Near: `f`", "f") == {
        "alone_answer": "Alone",
        "f": "Near",
    }


def test_a_heading_in_a_code_block_is_none(tmp_path):
    assert words(tmp_path, "## Real\n\n```\n## Not\n```", "f") == {"f": "Real"}


def test_a_declared_goal_counts_instead_and_is_the_same_everywhere(tmp_path):
    one = written(tmp_path, "a", "## First\n\n**Goal.** Know your *shapes*.", "f", "## Same words", "g")
    two = written(tmp_path, "b", "## Second\n\n**Goal:** know your shapes.", "h", "## Same words", "k")
    assert goals_of([one, two]) == (
        Goal("Know your shapes.", (("a", "f"), ("b", "h"))),
        Goal("Same words", (("a", "g"),)),
        Goal("Same words", (("b", "k"),)),
    )


def test_every_exercise_and_question_of_the_course_has_a_goal_in_words():
    course = find_course(ROOT)
    found = [find_assignment(course, name) for name in assignment_names(course)]
    wanted = [(a.name, part) for a in found for part in {**a.points, **a.manual}]
    assert sorted(part for goal in goals_of(found) for part in goal.parts) == sorted(wanted)
    for goal in goals_of(found):
        assert len(goal.words) > 8, goal
        assert "`" not in goal.words
        assert "point" not in goal.words
