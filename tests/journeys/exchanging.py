"""What a student does in nbgrader's assignment list: fetch, hand in, fetch the feedback and open it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.journeys.browsing import PATIENCE
from tests.journeys.lab import Lab, Notebook


@dataclass(frozen=True)
class AssignmentList:
    """The list, in its tab of JupyterLab."""

    lab: Lab

    def show(self) -> AssignmentList:
        self.lab.choose("Nbgrader", "Assignment List")
        expect(self.lab.page.locator("#nbgrader-assignment-list")).to_be_visible()
        return self

    def listed(self, kind: str, assignment: str) -> Locator:
        """The entry of an assignment among those that are ``released``, ``fetched`` or ``submitted``."""
        entries = self.lab.page.locator(f"#{kind}_assignments_list > .list_item")
        return entries.filter(has=self.lab.page.get_by_text(assignment, exact=True))

    def fetch(self, assignment: str) -> None:
        self.listed("released", assignment).get_by_role("button", name="Fetch").click()
        expect(self.listed("fetched", assignment).get_by_role("button", name="Submit")).to_be_visible()

    def unfolded(self, assignment: str) -> Locator:
        """The notebook below the entry of a fetched assignment, which a click on the name shows."""
        entry = self.listed("fetched", assignment)
        notebook = entry.locator(".nested_list_item")
        if not notebook.is_visible():
            entry.locator("a.assignment-notebooks-link").click()
        return notebook

    def open(self, assignment: str) -> Notebook:
        """Click the notebook's name."""
        self.unfolded(assignment).locator("a").click()
        return self.lab.opened(f"{assignment}/{assignment}.ipynb")

    def validate(self, assignment: str) -> str:
        self.unfolded(assignment).get_by_role("button", name="Validate").click()
        return self.lab.accept_dialog("Validation Results")

    def submit(self, assignment: str) -> str:
        """Hand in; gives the time of it, as the list shows it."""
        times = self.listed("submitted", assignment).locator(".nested_list_item .item_name")
        before = times.count()
        self.listed("fetched", assignment).get_by_role("button", name="Submit").click()
        expect(times).to_have_count(before + 1)
        return times.last.inner_text().strip()

    def wait_for_feedback(self, assignment: str) -> None:
        """Press the refresh button until the newest hand-in has feedback to be fetched."""
        newest = self.listed("submitted", assignment).locator(".nested_list_item").last
        until = time.monotonic() + PATIENCE / 1000
        while "feedback available" not in newest.inner_text():
            assert time.monotonic() < until, "no feedback arrived in the exchange"
            with self.lab.page.expect_response(re.compile("/assignments\\b")):
                self.lab.page.locator("#refresh_assignments_list").click()
            expect(newest).to_be_visible()

    def fetch_feedback(self, assignment: str) -> None:
        entry = self.listed("submitted", assignment)
        entry.get_by_role("button", name="Fetch Feedback").click()
        expect(entry.get_by_text("view feedback").first).to_be_visible()

    def open_feedback(self, assignment: str) -> Locator:
        """Follow "view feedback" into the folder, and open the page there; gives its body."""
        page = self.lab.page
        self.listed("submitted", assignment).get_by_text("view feedback").last.click()
        page.locator(".jp-DirListing-item", has_text=f"{assignment}.html").dblclick()
        return page.frame_locator(".jp-HTMLViewer iframe, iframe.jp-zoom-target").locator("body")
