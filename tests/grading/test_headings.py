"""A notebook's headings, as its feedback page and its pictures name them."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.grading.headings import LONGEST, Heading, headings, section, sections, title


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("## 4 · One vector per word: `one_hot` (4 points)", "Section 4 · One vector per word"),
        (
            "## 10 · What one *direction* cannot know (2 points, read by your teacher)",
            "Section 10 · What one direction cannot know",
        ),
        ("## 5 · How many? `lstm_params` and `gru_params` (0.5 + 0.5 points)", "Section 5 · How many?"),
        ("### 2. Along the series ###", "Section 2 · Along the series"),
        ("# `one_hot`", "one_hot"),
        ("## What the __LSTM__ does", "What the LSTM does"),
    ],
)
def test_a_heading_is_said_without_functions_and_points(source, said):
    (heading,) = headings(f"Some text.\n\n{source}\n\nMore.")
    assert str(heading) == said


@pytest.mark.parametrize(
    "source", ["#no heading", "```\n# a comment\n```", "text # 1", "####### seven", "##"]
)
def test_what_is_no_heading_is_none(source):
    assert list(headings(source)) == []


@pytest.mark.parametrize(
    "text",
    [
        "# x" + " " * 300_000 + "y",
        "#" * 300_000,
        "# " + "`" * 150_000 + "a" * 150_000,
        "# " + "(points " * 40_000,
        "# a `b`, `c`\n" * 30_000,
        "```\n~~~\n" * 50_000,
        "# " + "_ * " * 80_000,
    ],
)
def test_no_text_takes_long_to_read(text):
    """Quadratic work on texts like these would take hours."""
    assert all(len(heading.text) <= LONGEST for heading in headings(text))


def test_the_nearest_heading_with_a_number_counts_and_else_the_nearest():
    one, look = Heading(2, "1", "Tokens"), Heading(3, "", "Look: all texts")
    assert section([Heading(1, "", "Title"), one, look]) == one
    assert section([Heading(1, "", "Title"), look]) == look
    assert section([Heading(1, "", "Title")]) is None


def test_sections_are_found_by_what_a_cell_is_about():
    def marked(name):
        return new_code_cell("# 9 · a comment", metadata={"nbgrader": {"grade_id": name}})

    cells = [
        new_code_cell("# no title"),
        marked("environment"),
        new_markdown_cell("# A title\n\n## First words"),
        marked("before"),
        new_markdown_cell("## 1 · Twice"),
        marked("double"),
        new_markdown_cell("## 2 · Later"),
        marked("double_checks"),
    ]
    assert title(cells) == "A title"
    assert {name: str(found) for name, found in sections(cells).items()} == {
        "before": "First words",
        "double": "Section 1 · Twice",
    }
    assert title([]) == ""
