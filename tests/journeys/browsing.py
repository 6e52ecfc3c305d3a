"""Debian's Chromium, driven by Playwright; what it showed is kept when a journey fails.

No address but loopback is reached: names lead nowhere.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PATIENCE = 180_000
"""Milliseconds that a wait may take: on a busy machine a page of JupyterLab takes half a minute."""
MISSING = "no Chromium here: sudo apt-get install chromium, and the journeys can be walked"
DESK, PHONE = (1280, 900), (360, 740)
Scheme = Literal["light", "dark"]
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def chromium() -> str | None:
    """Where the browser is; None without one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class Browsing:
    """One browser, and each person's windows in it."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(self, *, size: tuple[int, int] = DESK, scheme: Scheme = "light") -> Page:
        """A window of a person who has never been here: no cookie, no history."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        return context.new_page()

    def keep_evidence(self, folder: Path) -> list[Path]:
        """A picture and the source of every page that is open, with its frames; gives the files."""
        folder.mkdir(parents=True, exist_ok=True)
        kept = []
        for number, page in enumerate((p for c in self.contexts for p in c.pages), start=1):
            name = re.sub(r"\W+", "-", page.url.partition("?")[0].partition("//")[2])[-60:]
            picture = folder / f"{number}-{name}.png"
            page.screenshot(path=picture, timeout=PATIENCE)
            kept.append(picture)
            for place, frame in enumerate(page.frames):
                source = picture.with_suffix(f".{place}.html")
                source.write_text(frame.content(), encoding="utf-8")
                kept.append(source)
        return kept

    def close_windows(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()


@contextmanager
def browsing() -> Iterator[Browsing]:
    """Start the browser, and end it with everything it started."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--disable-quic", "--disable-gpu", ALONE]
        )
        try:
            yield Browsing(browser)
        finally:
            browser.close()
