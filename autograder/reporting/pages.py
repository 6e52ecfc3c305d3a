"""The pages of the kit: one skeleton and style (light, dark, phone, paper), and the filters that they share.

A page is one self-contained file, and everything that comes from a person is escaped.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

TEMPLATES = Path(__file__).parent / "templates"
_CODE = re.compile(r"`([^`]+)`")


@functools.cache
def template(name: str) -> jinja2.Template:
    """A page of ``templates/``, by the name of its file; it extends page.html."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for use in (number, percent, decimal, prose, topic, breakable, day, fingerprint):
        environment.filters[use.__name__] = use
    return environment.get_template(name)


@dataclass(frozen=True)
class Script:
    """A script for the inside of a page, and what the page's policy calls it: no other one is run."""

    text: Markup
    hash: str


@functools.cache
def script(name: str) -> Script:
    """A script of ``templates/``, by the name of its file."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Script(Markup(text), f"sha256-{digest}")


def number(value: float) -> str:
    """Points as people write them: 3, 3.5, 3.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """A share as people write it: 83 %."""
    return f"{100 * share:.0f} %"


def decimal(value: float, places: int) -> str:
    """A statistic with its places, and a minus that is one."""
    text = f"{value:.{places}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


def prose(text: str) -> Markup:
    """A sentence with its `code` marked as code; everything else is escaped."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def topic(cell: str) -> str:
    """What a question is about, from its cell's name: "Memory" of ``memory_answer``."""
    return cell.removesuffix("_answer").replace("_", " ").capitalize()


def breakable(name: str) -> Markup:
    """A function's name that a narrow screen may break after its underscores."""
    return escape(name).replace("_", Markup("_<wbr>"))


def day(value: date) -> str:
    """A day as people write it: 28 November 2026."""
    return f"{value.day} {value:%B %Y}"


def fingerprint(value: str) -> Markup:
    """A long number such as a sha256, which a narrow screen may break and which is copied in one piece."""
    return Markup("<wbr>").join(value[i : i + 8] for i in range(0, len(value), 8))
