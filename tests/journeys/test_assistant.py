"""The teaching assistant's journey in nbgrader's formgrader: read, override, comment, give feedback."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import handed_in
from tests.journeys.browsing import Browsing
from tests.journeys.courses import SMALL, add_rubric, add_small_assignment, exchange, staff_folder
from tests.journeys.formgrading import Formgrader
from tests.journeys.lab import Lab
from tests.journeys.places import Place
from tests.journeys.serving import jupyterlabs

MISTAKE = "gives the larger of two labels that occur equally often"
SENTENCE = "Say also what a model has to be better than."
REASON = "Your reading of the text was possible: counted."

pytestmark = pytest.mark.whole_journey


def test_from_the_list_of_submissions_to_the_feedback(browser: Browsing, tmp_path: Path) -> None:
    place = Place(staff_folder(tmp_path / "course", exchange(tmp_path / "exchange")), tmp_path / "assistant")
    add_small_assignment(place.root)
    add_rubric(place.root)
    handed_in.hand_in(place.root)
    place.type(f"autograder grade {SMALL}")
    see_which_pages_are_due(place)
    assert handed_in.automatic(place.root) == handed_in.POINTS
    with jupyterlabs(place) as (server,):
        find_the_formgrader(Lab(browser.window(), server).enter())
        assistant = Formgrader(browser.window(), server).enter()
        see_what_waits(assistant)
        read_a_submission(assistant)
        decide(assistant)
        go_to_the_next(assistant)
        place.type(f"autograder grade {SMALL} --fresh")
        see_that_decisions_stay(assistant)
    give_feedback(place)


def see_which_pages_are_due(place: Place) -> None:
    """The first pages are all new; then none is due."""
    lines = place.type(f"autograder feedback {SMALL}").splitlines()
    assert lines[0] == f"{SMALL}: 3 pages new, 0 written again, 0 as before"
    assert lines[1:] == ["Not graded by a person yet:", "  ada  why_answer", "  bob  why_answer"]
    again = place.type(f"autograder feedback {SMALL}").splitlines()
    assert again[0] == f"{SMALL}: 0 pages new, 0 written again, 3 as before"


def find_the_formgrader(lab: Lab) -> None:
    """The menu, as docs/ta.md says; the formgrader opens in a tab."""
    lab.choose("Nbgrader", "Formgrader")
    inside = lab.page.frame_locator("#formgrader-iframe iframe")
    expect(inside.get_by_text(SMALL, exact=True)).to_be_visible()


def see_what_waits(assistant: Formgrader) -> None:
    rows = assistant.manual_list(SMALL)
    expect(rows).to_have_count(3)
    waiting = [row.locator("td.needs-manual-grade .glyphicon-ok").count() for row in rows.all()]
    assert sorted(waiting) == [0, 1, 1]  # nobody has to read an unanswered question


def read_a_submission(assistant: Formgrader) -> None:
    """What was found, code, what the student saved, our verdicts, the rubric; nothing of a student's runs."""
    assistant.find(SMALL, "bob")
    expect(assistant.whole()).to_contain_text("What grading found")
    expect(assistant.whole()).to_contain_text("3 of 4 points by the checks")
    expect(assistant.panel("majority")).to_contain_text("def majority(labels)")
    expect(assistant.whole()).to_contain_text(f"│ {handed_in.SAVED}")
    expect(assistant.whole()).to_contain_text("│ [not shown here: text/html]")
    expect(assistant.whole()).to_contain_text("3 of 4 points: 2 of 3 checks passed")
    expect(assistant.whole()).to_contain_text("✗ FAILED")
    expect(assistant.whole()).to_contain_text(MISTAKE)
    expect(assistant.whole()).to_contain_text("Rubric of why_answer")
    expect(assistant.whole()).to_contain_text("#so-what")
    expect(assistant.panel("why_answer")).to_contain_text("One label is right most often.")
    assert assistant.page.evaluate("() => window.caught") is None


def decide(assistant: Formgrader) -> None:
    """Points and a comment for the question; other points for the function, with the reason."""
    assistant.give_points("why_answer", 0.5)
    assistant.comment("why_answer", "Half of it. #so-what")
    assistant.give_points("majority_checks", 4)
    assistant.comment("majority", REASON)
    assistant.page.reload()
    assistant.wait_until_open()
    expect(assistant.page.locator("#why_answer")).to_have_value("0.5")
    expect(assistant.page.locator("#majority-comment")).to_have_value(REASON)


def go_to_the_next(assistant: Formgrader) -> None:
    """Next and Prev come to each submission once."""
    assistant.open_submission(SMALL, 1)
    seen = [assistant.show_name()]
    for _ in range(2):
        assistant.turn("Next")
        seen.append(assistant.show_name())
    assert sorted(seen) == sorted(handed_in.CLASS)
    assistant.turn("Prev")
    assert assistant.show_name() == seen[1]


def see_that_decisions_stay(assistant: Formgrader) -> None:
    assistant.find(SMALL, "bob")
    expect(assistant.page.locator("#majority_checks")).to_have_value("4")
    expect(assistant.page.locator("#majority-comment")).to_have_value(REASON)
    expect(assistant.page.locator("#why_answer")).to_have_value("0.5")


def give_feedback(place: Place) -> None:
    """Only the page that a person's decisions changed is written again, and it says what was decided."""
    lines = place.type(f"autograder feedback {SMALL}").splitlines()
    assert lines[0] == f"{SMALL}: 0 pages new, 1 written again, 2 as before"
    assert lines[1].startswith("  bob  a person gave 4 for majority; a person commented on majority; ")
    assert lines[2:] == ["Not graded by a person yet:", "  ada  why_answer"]
    page = (place.root / f"feedback/bob/{SMALL}/{SMALL}.html").read_text(encoding="utf-8")
    assert REASON in page
    assert SENTENCE in page
    assert "Rubric" not in page
    assert handed_in.SAVED not in page
    assert "onerror" not in page
