"""What a person does in JupyterLab: open, run, type, read, save, validate, and nbgrader's assignment list."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.journeys.serving import Server

INDENT = 4
ANSWERED = re.compile(r"^\[\d+\]:$")
WATCH = """() => {
  window.started = false;
  const look = () => {
    for (const prompt of document.querySelectorAll('.jp-CodeCell .jp-InputPrompt'))
      if (prompt.textContent.startsWith('[*')) window.started = true;
  };
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
LINE = """() => {
  const at = getSelection().anchorNode;
  return (at.closest ? at : at.parentElement).closest('.cm-line').textContent.replaceAll('\\u200b', '');
}"""
DONE = """() => window.started && [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].every(
  cell => !cell.querySelector('.cm-content')?.textContent.trim()
    || /^\\[\\d+\\]:$/.test(cell.querySelector('.jp-InputPrompt').textContent))"""


@dataclass(frozen=True)
class Lab:
    """JupyterLab in one window."""

    page: Page
    server: Server

    def enter(self) -> Lab:
        self.page.goto(self.server.door)
        self.page.get_by_role("menubar").first.wait_for()
        # nbgrader's Validate keeps the server from answering anything else until it has run the notebook;
        # JupyterLab then says that it lost the server, and a person closes that and waits
        lost = self.page.locator(".jp-Dialog", has_text="Server Connection Error")
        self.page.add_locator_handler(lost, lambda: lost.get_by_role("button", name="Close").click())
        return self

    def open(self, path: str) -> Notebook:
        """Open a notebook by its path below the served folder, and wait for its kernel."""
        self.page.goto(f"{self.server.url}/lab/tree/{path}?reset")
        return self.opened(path)

    def opened(self, path: str) -> Notebook:
        """A notebook that has just been opened, once its kernel is ready."""
        expect(self.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text(re.compile(r"\| Idle"))
        return Notebook(self, path)

    def choose(self, menu: str, entry: str | re.Pattern[str]) -> None:
        """Choose an entry of the menu bar by the words that stand there."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=entry, exact=isinstance(entry, str)).click()

    def accept_dialog(self, title: str) -> str:
        """Wait for the dialog of this title, close it by its main button, and give what it said."""
        dialog = self.page.locator(".jp-Dialog", has_text=title)
        expect(dialog).to_be_visible()
        said = dialog.inner_text()
        dialog.locator("button.jp-mod-accept").click()
        expect(dialog).to_have_count(0)
        return said


@dataclass(frozen=True)
class Notebook:
    """A notebook that is open in JupyterLab; its cells are found by their grade_id or id."""

    lab: Lab
    path: str

    @property
    def page(self) -> Page:
        return self.lab.page

    def names(self) -> list[str]:
        """The grade_id, else the id, of every cell as it was saved last."""
        text = (self.lab.server.root / self.path).read_text(encoding="utf-8")
        cells = json.loads(text)["cells"]
        return [cell["metadata"].get("nbgrader", {}).get("grade_id") or cell.get("id", "") for cell in cells]

    def cell(self, name: str) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.names().index(name))

    def output(self, name: str) -> str:
        """What stands below a cell, as it is read on the screen."""
        outputs = self.cell(name).locator(".jp-OutputArea-output")
        return "\n".join(text.rstrip() for text in outputs.all_inner_texts()).strip()

    def run_all(self) -> None:
        self.page.evaluate(WATCH)
        self.lab.choose("Run", "Run All Cells")
        self.wait_until_run()

    def restart_and_run_all(self) -> None:
        self.page.evaluate(WATCH)
        self.lab.choose("Kernel", re.compile("^Restart Kernel and Run All Cells"))
        self.lab.accept_dialog("Restart Kernel?")
        self.wait_until_run()

    def wait_until_run(self) -> None:
        self.page.wait_for_function(DONE)

    def run_cell(self, name: str) -> str:
        """Click into the cell, press Ctrl+Enter, and give what stands below it then."""
        prompt = self.cell(name).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).to_have_text(ANSWERED)
        expect(prompt).not_to_have_text(before)
        return self.output(name)

    def write_answer(self, name: str, body: str) -> None:
        """Type ``body`` over the line that raises NotImplementedError, key by key, as a student does.

        The editor indents by itself; what it indents too far or not far enough is put right.
        """
        self.cell(name).locator(".cm-line", has_text="raise NotImplementedError()").click()
        self.page.keyboard.press("Home")
        self.page.keyboard.press("Shift+End")
        for number, line in enumerate(body.splitlines()):
            if number:
                self.page.keyboard.press("Enter")
                self._indent(len(line) - len(line.lstrip()) + INDENT)
            self.page.keyboard.type(line.strip())

    def _indent(self, wanted: int) -> None:
        """Press Space or Backspace until the new line begins where it should."""
        there = len(self.page.evaluate(LINE))
        while there != wanted:
            self.page.keyboard.press("Backspace" if there > wanted else "Space")
            before, there = there, len(self.page.evaluate(LINE))
            assert there != before, f"the editor does not let the line begin at {wanted} (got {there})"

    def write_over(self, name: str, text: str) -> None:
        """Replace the whole text of a cell, as by pasting."""
        cell = self.cell(name)
        if cell.locator(".cm-content").count() == 0 or not cell.locator(".cm-content").is_visible():
            cell.dblclick()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def save(self) -> None:
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)

    def validate(self) -> str:
        """Press nbgrader's Validate button; gives what its dialog says, and closes it."""
        self.page.locator(".validate-button").get_by_role("button").first.click()
        return self.lab.accept_dialog("Validation Results")
