"""Slow: what a student wrote acts in no page that staff or students open; tried in a real browser.

``make journeys`` runs it.  The same attacks, put past intake, show that the browser would notice.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from autograder.checking.verdicts import Outcome
from autograder.grading.nbgrader_plugin.recording import record
from autograder.reporting.exporters.feedback import write_feedback
from tests.journeys.browsing import MISSING, Browsing, browsing, chromium
from tests.journeys.formgrading import Formgrader
from tests.journeys.places import Place
from tests.journeys.serving import Server, jupyterlabs
from tests.nbgrader import hostile
from tests.nbgrader.hostile import js

pytestmark = [
    pytest.mark.skipif(os.environ.get("JOURNEYS") != "all", reason="takes minutes: make journeys"),
    pytest.mark.skipif(chromium() is None, reason=MISSING),
    pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning"),
]


@pytest.fixture
def course(toy, tmp_path):
    """eve's hand-in, every attack in a cell of its own, graded and with a feedback page."""
    folder = toy.hand_in(
        "eve", {"why_answer": hostile.TEXTS["script"], "double": f"f = '''</script>{js('x')}'''"}
    )
    notebook = nbformat.read(folder / "toy.ipynb", as_version=4)
    marks = {"tags": ["x nbgrader_cell", f'"><script>{js("tag")}</script>']}
    notebook.cells += [new_markdown_cell(text, metadata=marks) for text in hostile.TEXTS.values()]
    notebook.cells.append(new_code_cell("1", outputs=hostile.outputs(), metadata=marks))
    notebook.cells.append(
        new_raw_cell(f"<script>{js('raw')}</script>", metadata={"raw_mimetype": "text/html"})
    )
    notebook.cells.append(new_markdown_cell("![mark](attachment:a.svg)", attachments=hostile.attachments()))
    notebook.metadata["title"] = f"</title><script>{js('notebook title')}</script>"
    (folder / "toy.ipynb").write_text(json.dumps(notebook))
    toy.prepare("eve", Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)
    record(toy.course, "toy")
    toy.give("eve", "why_answer", manual_comment=f"<script>{js('comment')}</script>")
    write_feedback(toy.course, "toy")
    return Place(toy.root, tmp_path / "home")


@pytest.fixture
def browser() -> Iterator[Browsing]:
    with browsing() as open_browser:
        yield open_browser


def trapped(browser: Browsing, server: Server) -> tuple[Formgrader, list[str]]:
    """A window of staff that notes each attack which acts, and each address that an attack asks for."""
    caught: list[str] = []
    page = browser.window()
    page.context.expose_function("caught", lambda name: caught.append(str(name)))
    page.on("dialog", lambda dialog: (caught.append("dialog"), dialog.dismiss()))
    asked = re.compile(rf"^{re.escape(hostile.ELSEWHERE)}|//elsewhere|/logout$")
    page.on("request", lambda request: caught.append(request.url) if asked.search(request.url) else None)
    return Formgrader(page, server).enter(), caught


def touch_everything(staff: Formgrader) -> None:
    """Hover over and click what a student wrote and what can be clicked."""
    for element in staff.page.query_selector_all(".rendered_html a, .rendered_html b, .rendered_html button"):
        if element.is_visible():
            element.hover()
            element.click(no_wait_after=True, modifiers=["Control"])  # a link opens beside, not in place


def test_nothing_that_a_student_wrote_acts(course, browser):
    with jupyterlabs(course) as (server,):
        staff, caught = trapped(browser, server)
        staff.open_submission("toy", 1)
        boxes = staff.page.evaluate(
            "() => formgrader.grade_uis.map(ui => [ui.model.get('name'), ui.$el.find('.score').attr('id')])"
        )
        assert boxes == [[name, name] for name in ("double_checks", "halve_checks", "why_answer")]
        touch_everything(staff)
        for path in ("manage_submissions/toy", "gradebook/toy/toy", "manage_students/eve/toy"):
            staff.go(path)
            staff.page.locator("tbody tr").first.wait_for()
        staff.page.goto((course.root / "feedback/eve/toy/toy.html").as_uri())
        staff.page.goto(f"{server.url}/lab/tree/autograded/eve/toy/toy.ipynb")
        staff.page.locator(".jp-MarkdownOutput").first.wait_for()
        assert caught == []


def test_the_same_without_intake_is_noticed(course, browser):
    """The control: nbgrader alone would show these cells as they are."""
    file: Path = course.root / "autograded/eve/toy/toy.ipynb"
    file.chmod(0o644)
    notebook = nbformat.read(file, as_version=4)
    kept = [name for name in hostile.TEXTS if name not in ("refresh", "base", "missing attachment")]
    notebook.cells[1:1] = [
        *(new_markdown_cell(hostile.TEXTS[name]) for name in kept),
        new_code_cell("1", outputs=hostile.outputs()[:5]),
    ]
    nbformat.write(notebook, file)
    with jupyterlabs(course) as (server,):
        staff, caught = trapped(browser, server)
        staff.manual_list("toy")
        staff.page.get_by_role("link", name="Submission #1", exact=True).click()
        staff.page.wait_for_load_state("networkidle")
        assert {"script", "onerror", "svg", "html"} <= set(caught)
        assert any(address.endswith("/logout") for address in caught)
