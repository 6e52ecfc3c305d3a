"""What a person does in nbgrader's formgrader: assignments, submissions, points, comments, feedback."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.journeys.serving import Server


@dataclass(frozen=True)
class Formgrader:
    """The formgrader in a window of its own."""

    page: Page
    server: Server

    def enter(self) -> Formgrader:
        self.page.goto(self.server.door)  # where the token is shown once
        self.go("")
        return self

    def go(self, path: str) -> None:
        self.page.goto(f"{self.server.url}/formgrader/{path}")

    # manage assignments ------------------------------------------------------------------------------

    def row(self, name: str) -> Locator:
        """The row of an assignment or a student in the list that is shown."""
        return self.page.locator("tbody tr", has=self.page.get_by_text(name, exact=True))

    def press(self, row: Locator, what: str) -> str:
        """Press the button in a row's cell of class ``what``; gives what the dialog says, and closes it."""
        row.locator(f".{what} a").click()
        return self.close_dialog()

    def close_dialog(self) -> str:
        dialog = self.page.locator(".modal.in")
        title = dialog.locator(".modal-title")
        expect(title).to_have_text(re.compile("Success|Error|Warning|Failure"))
        said = dialog.inner_text()
        dialog.get_by_role("button", name=re.compile("^(OK|Close)$")).last.click()
        expect(dialog).to_have_count(0)
        return said

    def submissions(self, assignment: str) -> None:
        self.go(f"manage_submissions/{assignment}")
        expect(self.page.locator("tbody tr").first).to_be_visible()

    # manual grading ----------------------------------------------------------------------------------

    def manual_list(self, assignment: str) -> Locator:
        self.go(f"gradebook/{assignment}/{assignment}")
        rows = self.page.locator("tbody tr")
        expect(rows.first.locator("a").first).to_be_visible()
        return rows

    def open_submission(self, assignment: str, number: int) -> None:
        """Open the submission by its number in the list; nbgrader hides the names."""
        self.manual_list(assignment)
        self.page.get_by_role("link", name=f"Submission #{number}", exact=True).click()
        self.wait_until_open()

    def find(self, assignment: str, student: str) -> None:
        """Open the student's submission: nbgrader hides the names, so look at one after the other."""
        for number in range(1, self.manual_list(assignment).count() + 1):
            self.open_submission(assignment, number)
            if self.show_name() == student:
                return
        raise AssertionError(f"nobody of this name handed in {assignment} (got {student})")

    def wait_until_open(self) -> None:
        expect(self.page.locator(".nbgrader_cell").first).to_be_visible()
        self.page.wait_for_function(
            "() => window.formgrader && formgrader.grades?.loaded && formgrader.comments?.loaded"
        )

    def show_name(self) -> str:
        """Whose submission is open, as the bar on top says once the eye is clicked."""
        self.page.locator(".glyphicon-eye-open").first.click()
        return self.page.locator("a.name-shown").inner_text()

    def whole(self) -> Locator:
        """All that is shown of the submission that is open."""
        return self.page.locator("#notebook-container").first

    def panel(self, cell: str) -> Locator:
        """The panel of a graded cell or of an answer, by its grade_id."""
        inside = self.page.locator(f"[id='{cell}'], [id='{cell}-comment']").first
        return self.page.locator(".nbgrader_cell", has=inside)

    def give_points(self, cell: str, points: float) -> None:
        with self.page.expect_response(re.compile("/formgrader/api/grade/")):
            score = self.page.locator(f"[id='{cell}']")
            score.fill(f"{points:g}")
            score.blur()

    def comment(self, cell: str, text: str) -> None:
        with self.page.expect_response(re.compile("/formgrader/api/comment/")):
            box = self.page.locator(f"[id='{cell}-comment']")
            box.fill(text)
            box.blur()

    def turn(self, where: str) -> None:
        """Next or Prev, by its link."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=re.compile(where)).click()
        self.wait_until_open()
