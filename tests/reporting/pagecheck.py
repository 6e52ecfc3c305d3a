"""A page taken apart for tests: its tags, attributes and text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input", "wbr"}
UNSEEN = {"style", "title", "script", "text"}


class Page(HTMLParser):
    """Fails where tags do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not UNSEEN & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        # names may break after their underscores, and signs stand beside what they follow
        return re.sub(r"\s+([.,:;])|(?<=_)\s", r"\1", " ".join(" ".join(self.words).split()))

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.tags if name in attributes]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == tag]


def must_stand_alone(page: Page) -> None:
    """One heading, ids that are unique, links within the page or to a report beside it, nothing loaded."""
    assert len(page.all("h1")) == 1
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    links = set(page.attributes("href")) | set(page.attributes("xlink:href"))
    inside = {link.removeprefix("#") for link in links if link.startswith("#")}
    assert inside <= set(ids)
    assert all(re.fullmatch(r"[\w-]+\.html", link) for link in links if not link.startswith("#"))
    assert {label for labels in page.attributes("aria-labelledby") for label in labels.split()} <= set(ids)
    assert page.attributes("src") == []
    assert "@import" not in page.html
    assert "default-src 'none'" in page.html
    assert {url for url in re.findall(r"https?:[^\"' <]+", page.html) if "w3.org" not in url} == set()
