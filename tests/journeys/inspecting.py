"""How a page stands up to axe-core and to a narrow screen."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical on a page, a line for each place."""
    found = Axe().run(page).response
    return [
        f"{rule['id']}: {' '.join(node['target'])}: {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels a page is wider than its window; a reader then has to scroll sideways."""
    width: int = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return max(0, width)
