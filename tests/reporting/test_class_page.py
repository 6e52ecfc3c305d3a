"""The class report's page, table and JSON, made from simulated classes."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from dataclasses import asdict, replace

import pytest

from autograder.checking.verdicts import Outcome, Verdict
from autograder.grading.report import Repair
from autograder.reporting.anonymous import names_of
from autograder.reporting.class_report.page import class_page
from autograder.reporting.class_report.report import class_report
from autograder.reporting.class_report.table import COLUMNS, class_table
from autograder.reporting.tables import csv_of_named, json_of
from tests.reporting import simulated
from tests.reporting.pagecheck import Page, must_stand_alone
from tests.reporting.simulated import EXERCISES, abilities, assignment, report_of, simulated_class, standing

P, F = Outcome.PASSED, Outcome.FAILED
CELL = "def one_hot(ids, depth):\n    return np.eye(depth)[ids] < 1"


def reported(standings, **changes):
    report = class_report(
        assignment(),
        standings,
        title="One-hot & more",
        names=names_of([], handed_out=""),
        cell_of=lambda student, exercise: CELL,
    )
    return replace(report, **changes)


@pytest.fixture(scope="module")
def report():
    return reported(simulated_class(abilities(120, 5), seed=5))


@pytest.fixture(scope="module")
def page(report):
    return Page(class_page(report))


def alike():
    return [standing(report_of(f"s{n}", {e: [P, P] for e in EXERCISES})) for n in range(12)]


@pytest.mark.parametrize(
    "standings",
    [
        [],
        simulated_class([0.3], seed=2),
        alike(),
        [standing(report_of("s", {"one_hot": [F]}))],
        [standing(report_of("s", {}))],
        [replace(alike()[0], report=None, decided=())],
        [replace(alike()[0], report=None, decided=(), score=None, key="")],
    ],
    ids=["nobody", "one", "alike", "one check", "only questions", "forgotten", "no grade"],
)
def test_every_class_has_a_page_that_stands_alone_and_no_nan(standings):
    report = reported(standings)
    page = Page(class_page(report))
    must_stand_alone(page)
    for text in (page.html, class_table(report).decode(), json_of(asdict(report)).decode()):
        assert not re.search(r"\bnan\b|\binf\b", text, re.IGNORECASE)


def test_the_page_of_a_large_class_stands_alone(page):
    must_stand_alone(page)
    assert "for staff only" in page.text
    assert "This report is for staff. It names nobody" in page.text


def test_the_same_class_gives_the_same_page_byte_for_byte(report, page):
    assert class_page(report) == page.html


def test_only_the_pages_own_script_may_run(page):
    script = re.search(r"<script>(.*?)</script>", page.html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = [tag["content"] for tag in page.all("meta") if tag.get("http-equiv")]
    assert policy.endswith(f"script-src 'sha256-{digest}'")
    assert len(page.all("script")) == 1
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_what_was_planted_is_told_in_words(page):
    text = page.text
    exercise, check = simulated.INVERTED
    assert f"Good students fail · {exercise}, check {check}. Students who are good in the rest fail" in text
    assert f"Nobody passes · {simulated.IMPOSSIBLE[0]}, check {simulated.IMPOSSIBLE[1]}." in text
    assert f"Out of line · {simulated.LUCK}. Who does well here is hardly who does well elsewhere" in text
    assert "All who answered passed one check: it is a first step that everybody takes" in text
    assert "time and depth look exchanged." in text


def test_no_student_is_named(page):
    assert "student0" not in page.html


def test_figures_say_in_words_what_is_seen(page):
    figures = page.all("svg")
    assert len(figures) == 3
    assert {figure["role"] for figure in figures} == {"img"}
    titles = re.findall(r'<title id="[\w-]+-says">(.*?)</title>', page.html)
    assert len(titles) == 3
    assert re.match(r"Points of 120 students, from [\d.]+ to [\d.]+ of 20; mean [\d.]+, ", titles[0])
    assert re.match(r"A bar for each of 6 exercises. Most have all the points in \w+ \(\d+ %\)", titles[1])
    assert re.match(r"\d+ checks, from hard \(left\) to easy \(right\)", titles[2])


def test_figures_take_the_pages_colours_so_that_they_are_seen_in_the_dark(page):
    drawn = "".join(re.findall(r"<svg.*?</svg>", page.html, re.DOTALL))
    assert set(re.findall(r"#[0-9a-f]{6}\b", drawn)) == set()
    assert "var(--figure-full)" in drawn
    assert re.search(r"prefers-color-scheme: dark\) \{\s*:root \{ --figure-full", page.html)


def test_tables_sort_by_numbers_and_are_whole_without_the_script(page):
    tables = page.all("table")
    assert len(tables) == 1 + len(EXERCISES)
    assert all("sortable" in table["class"] for table in tables)
    assert len(page.all("th")) == sum("scope" in tag for tag in page.all("th"))
    # buttons are made by the script; without it there is nothing that does nothing
    assert page.all("button") == []
    values = [value for value in page.attributes("data-sort") if value]
    assert values
    assert all(re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", value) for value in values)


def test_what_is_not_defined_is_a_dash_with_its_reason():
    text = Page(class_page(reported(alike()))).text
    assert "– not defined: everybody has the same result here" in text
    assert "– stands where everybody has the same result here." in text
    assert "Alpha cannot be worked out: everybody has the same points." in text


def test_an_example_cell_is_shown_and_escaped(page):
    assert "One answer, without names and comments" in page.text
    assert "return np.eye(depth)[ids] &lt; 1" in page.html


def test_what_a_student_wrote_is_shown_and_never_run():
    hostile = '<script>alert(1)</script>"onload="x'
    made = report_of("s", {"one_hot": [F]})
    item = replace(made.exercises["one_hot"], verdicts=(Verdict("c", hostile, F, f"`{hostile}`", hostile),))
    made = replace(made, exercises={"one_hot": item}, repairs=(Repair(hostile, hostile),))
    page = Page(class_page(reported([standing(made)], title=hostile, notes=(hostile,))))
    assert len(page.all("script")) == 1
    assert not any("onload" in name for _, attributes in page.tags for name in attributes)


def test_the_table_holds_what_the_page_says(report):
    rows = list(csv.DictReader(io.StringIO(class_table(report).decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    kinds = [row["kind"] for row in rows]
    assert kinds.count("exercise") == len(EXERCISES)
    assert kinds.count("check") == len(EXERCISES) * simulated.CHECKS
    assert kinds.count("misconception") == len(report.misconceptions)
    assert sum(kind.startswith("flag: ") for kind in kinds) == len(report.flags)
    (easy,) = [r for r in rows if (r["kind"], r["exercise"], r["check"]) == ("check", *simulated.EASY)]
    assert (easy["students"], easy["of"], easy["success"], easy["discrimination"]) == (
        "120",
        "120",
        "1.0",
        "",
    )
    assert float(next(r for r in rows if r["kind"] == "agreement")["alpha"]) == report.consistency.alpha.value


def test_the_json_holds_what_the_page_says(report):
    found = json.loads(json_of(asdict(report)))
    assert found["schema"] == 1
    assert found["exercises"][0]["checks"][0]["item"]["discrimination"] == {
        "value": None,
        "why": "everybody has the same result here",
    }
    assert [flag["kind"] for flag in found["flags"]] == [flag.kind for flag in report.flags]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "a,b", 'say "so"', "é\nü", "ok"])
def test_a_text_in_a_table_comes_back_and_is_no_formula(text):
    (row,) = csv.DictReader(io.StringIO(csv_of_named(["a"], [{"a": text}]).decode("utf-8-sig"), newline=""))
    assert row["a"].removeprefix("'") == text
    assert not row["a"].startswith(("=", "+", "-", "@", "\t"))


def test_a_negative_number_in_a_table_stays_a_number():
    assert b"-0.5" in csv_of_named(["a"], [{"a": -0.5}])
