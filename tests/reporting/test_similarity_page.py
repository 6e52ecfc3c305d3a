"""The page, the JSON and the table of what a class wrote alike."""

from __future__ import annotations

import csv
import io
import json
import random
import re

import pytest

from autograder.reporting.similarity import HINT, histogram, similarity_csv, similarity_json, similarity_page
from autograder.similarity.comparing import Comparison, compare
from autograder.similarity.own import OwnCell
from autograder.similarity.pieces import cut
from tests.reporting.pagecheck import Page, must_stand_alone
from tests.similarity.test_comparing import classroom

COPIED = "</pre><script>alert(1)</script>"


@pytest.fixture(scope="module")
def found() -> Comparison:
    answers = classroom(12)
    answers["=s07"] = {"scale": answers["s03"]["scale"] + f"# {COPIED}\n", "mean": answers["s07"]["mean"]}
    works = {
        student: cut(
            [OwnCell(name, text) for name, text in cells.items()], {"np": "numpy"}, ["scale", "mean"]
        )
        for student, cells in answers.items()
    }
    return compare("toy", works, not_compared={"zoe": "The file is empty."})


def test_the_page_is_one_file_that_says_it_is_a_hint(found):
    page = similarity_page(found, title="Toy")
    assert "A hint, not a verdict" in page
    assert "never a penalty" in page
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", page)
    assert "default-src 'none'" in page


def test_a_pair_that_stands_out_is_shown_side_by_side_with_its_marks(found):
    page = similarity_page(found, title="Toy")
    assert page.count('<section class="pair"') == 1
    marks = re.findall(r'<mark data-block="(\d+)"', page)
    assert marks == ["1", "1"]
    assert page.index("=s07 and s03") < page.index("<mark")


def test_what_students_wrote_is_escaped(found):
    page = similarity_page(found, title="Toy <1>")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "Toy &lt;1&gt;" in page


def test_the_page_is_well_formed_and_its_links_lead_somewhere(found):
    page = similarity_page(found, title="Toy")
    must_stand_alone(Page(page))


def test_who_could_not_be_compared_is_named_with_the_reason(found):
    assert "zoe: The file is empty." in similarity_page(found, title="Toy")


def test_the_json_holds_numbers_and_names_and_no_code(found):
    text = similarity_json(found).decode()
    told = json.loads(text)
    assert told["note"] == HINT
    assert told["pairs"][0]["students"] == ["=s07", "s03"]
    assert told["pairs"][0]["stands_out"] is True
    assert told["not_compared"] == {"zoe": "The file is empty."}
    assert "def scale" not in text


def test_the_table_has_a_line_a_pair_and_no_formula(found):
    rows = list(csv.reader(io.StringIO(similarity_csv(found).decode("utf-8-sig"), newline="")))
    assert len(rows) == len(found.pairs) + 1
    assert rows[1][:3] == ["1", "'=s07", "s03"]
    assert rows[1][4] == "yes"


def test_the_histogram_counts_every_pair_once(found):
    assert sum(one.pairs for one in histogram(found)) == found.possible


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_class_of_hardly_anybody_has_a_page_too(count):
    rng = random.Random(1)
    works = {
        f"s{n}": cut([OwnCell("f", f"def f(a):\n    return a + {rng.random()}")], {}, [])
        for n in range(count)
    }
    page = similarity_page(compare("toy", works), title="Toy")
    assert "None stands out." in page
    assert "No two students share anything" in page
