"""What the pages name is there: the options of commands, nbgrader's commands, and the places of links."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp
from typer.main import get_command

from autograder.commands.main import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
OPTION = re.compile(r"(?<![\w-])--([A-Za-z][\w.-]*)")
LINK = re.compile(r"\]\((?!https?:)([^)\s]*)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMANDS: Any = get_command(app)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def lines(page: Path, program: str) -> Iterator[str]:
    """What the page says that can be typed and begins with ``program``: in blocks or in a sentence."""
    text = page.read_text(encoding="utf-8")
    said = [line for _, block in FENCE.findall(text) for line in block.splitlines()]
    outside = FENCE.sub("", text)
    said += [line.strip() for line in outside.splitlines() if line.startswith("    ")]
    said += SPAN.findall(outside)
    yield from (line.partition(" #")[0] for line in said if line.startswith(f"{program} "))


def unknown(line: str, options: Collection[str]) -> list[str]:
    return [f"{line}: --{name}" for name in OPTION.findall(line) if name not in options]


def of_autograder(line: str) -> set[str]:
    """The options of the command that the line begins with."""
    command = COMMANDS.commands.get(line.split()[1])
    assert command is not None, f"autograder has no such command (got {line})"
    return {"help", *(flag.lstrip("-") for param in command.params for flag in param.opts)}


def of_nbgrader(line: str) -> set[str]:
    """The same, for nbgrader's commands, which may be nested; ``Class.trait`` is always taken."""
    command: Any = NbGraderApp()
    for word in line.split()[1:]:
        if word not in command.subcommands:
            break
        command = command.subcommands[word][0]()
    assert not isinstance(command, NbGraderApp), f"nbgrader has no such command (got {line})"
    names = flat([*command.aliases, *command.flags])
    return {"help", *names, *(name for name in OPTION.findall(line) if "." in name)}


def flat(names: Iterable[str | tuple[str, ...]]) -> set[str]:
    return {each for name in names for each in ([name] if isinstance(name, str) else name)}


@each_page
def test_every_option_on_a_page_is_one_of_its_command(page: Path) -> None:
    wrong = [w for line in lines(page, "autograder") for w in unknown(line, of_autograder(line))]
    wrong += [w for line in lines(page, "nbgrader") for w in unknown(line, of_nbgrader(line))]
    assert wrong == []


@each_page
def test_every_link_leads_to_a_heading(page: Path) -> None:
    missing = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        name, _, place = link.partition("#")
        file = page.parent / name if name else page
        if place and file.suffix == ".md" and place not in anchors(file):
            missing.append(link)
    assert missing == []


def anchors(file: Path) -> set[str]:
    """What GitHub calls the headings of a page: small letters and hyphens, a number where one comes again."""
    seen: dict[str, int] = {}
    for heading in HEADING.findall(FENCE.sub("", file.read_text(encoding="utf-8"))):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
        seen[slug] = seen.get(slug, -1) + 1
        if seen[slug]:
            seen[f"{slug}-{seen[slug]}"] = 0
    return set(seen)


def test_a_name_that_is_not_there_is_told_of() -> None:
    line = "autograder grade ex2_one_hot --difference"
    assert unknown(line, of_autograder(line)) == [f"{line}: --difference"]
    line = "nbgrader db student import students.csv --force"
    assert unknown(line, of_nbgrader(line)) == [f"{line}: --force"]
    with pytest.raises(AssertionError, match="no such command"):
        of_nbgrader("nbgrader grade ex2_one_hot")
    assert "what-a-students-code-can-and-cannot-do" in anchors(ROOT / "docs/security.md")
