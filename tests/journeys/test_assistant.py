"""The teaching assistant's journey in nbgrader's formgrader: read, override, comment, give feedback."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import handed_in
from tests.journeys.browsing import Browsing
from tests.journeys.courses import SMALL, add_small_assignment, exchange, staff_folder
from tests.journeys.formgrading import Formgrader
from tests.journeys.lab import Lab
from tests.journeys.places import Place
from tests.journeys.serving import jupyterlabs

MISTAKE = "gives the larger of two labels that occur equally often"
REASON = "Your reading of the text was possible: counted."

pytestmark = pytest.mark.whole_journey


def test_from_the_list_of_submissions_to_the_feedback(browser: Browsing, tmp_path: Path) -> None:
    place = Place(staff_folder(tmp_path / "course", exchange(tmp_path / "exchange")), tmp_path / "assistant")
    add_small_assignment(place.root)
    handed_in.hand_in(place.root)
    place.type(f"autograder grade {SMALL}")
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
    """The student's code with our verdicts below it; nothing in the student's text runs."""
    assistant.find(SMALL, "bob")
    expect(assistant.panel("majority")).to_contain_text("def majority(labels)")
    expect(assistant.whole()).to_contain_text(MISTAKE)
    expect(assistant.panel("why_answer")).to_contain_text("One label is right most often.")
    assert assistant.page.evaluate("() => window.caught") is None


def decide(assistant: Formgrader) -> None:
    """Points and a comment for the question; other points for the function, with the reason."""
    assistant.give_points("why_answer", 0.5)
    assistant.comment("why_answer", "Say what learning has to do with it.")
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
    place.type(f"nbgrader generate_feedback {SMALL}")
    page = (place.root / f"feedback/bob/{SMALL}/{SMALL}.html").read_text(encoding="utf-8")
    assert REASON in page
    assert "onerror" not in page
