"""Every page that the kit makes, in light and dark: no serious fault by axe-core, and wide enough a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys import ALL, inspecting
from tests.journeys.browsing import DESK, PHONE, Browsing
from tests.journeys.pages import PAGES

WIDTHS = (DESK, PHONE) if ALL else (PHONE,)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(name: str, browser: Browsing, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGES[name](), encoding="utf-8")
    for scheme in ("light", "dark"):
        page = browser.window(size=DESK, scheme=scheme)
        page.goto(file.as_uri())
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            assert inspecting.faults(page) == [], (scheme, width)
            assert inspecting.sideways(page) == 0, (scheme, width)
