"""What every journey needs: a browser, or the sentence that says what to install; evidence of a failure."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import ALL
from tests.journeys.browsing import MISSING, Browsing, browsing, chromium

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journeys that take minutes are walked by ``make journeys``; none without a browser."""
    for item in items:
        if not item.path.is_relative_to(HERE):
            continue
        if item.get_closest_marker("whole_journey") and not ALL:
            item.add_marker(pytest.mark.skip(reason="takes minutes: make journeys"))
        elif "browser" in getattr(item, "fixturenames", ()) and chromium() is None:
            item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="module")
def chromium_running() -> Iterator[Browsing]:
    with browsing() as open_browser:
        yield open_browser


@pytest.fixture
def browser(chromium_running: Browsing) -> Iterator[Browsing]:
    """The browser, with no window open yet; its windows are closed after the test."""
    yield chromium_running
    chromium_running.close_windows()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Where a journey fails, keep what its windows showed, and say where that is."""
    report = yield
    seen = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and isinstance(seen, Browsing):
        # not pytest's own folder: later runs remove it
        folder = Path(tempfile.mkdtemp(prefix=f"{re.sub(r'[^a-z]+', '-', item.name)[:40]}-"))
        kept = seen.keep_evidence(folder)
        report.sections.append(("What the browser showed", f"{len(kept)} files in {folder}"))
    return report
